"""Constraints on how things are written: what marks stand together, and no headings and no spliced signs in action."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from model.constraints import Alphabet, mask_of
from model.sampling import Mask
from screenplay.stream import ACTION, SCENE, is_token

_OPENS, _CLOSES = '"“', '"”'
_DASHES = "-–—"
_APOSTROPHES = "'’"
_NO_APOSTROPHES = str.maketrans("", "", _APOSTROPHES)
_PAUSES = ".,!?"
_SHOUTED = 4
_NEVER = {",": ",.!?;:", ";": ",.!?;:", ":": ",.!?;:", "!": ",;:", "?": ",;:"}
"""What does not follow a mark."""
_PARTING = ",;!?"
"""After these no letter stands without a space."""
_BEFORE_QUOTE = " ([-—"
"""What may stand before the first word of a quotation, besides the beginning of an element."""


class PunctuationConstraint(NamedTuple):
    """What is quoted is closed in the element where it was opened, and nothing is closed that was not.

    An apostrophe right after a full stop or a comma closes something, too: no letter follows. And of the marks that
    part sentences, no two stand together that never do in print.
    """

    alphabet: Alphabet
    opened: str = ""
    """The mark that is still to be closed; empty: none."""
    last: str = SCENE
    """The last symbol."""
    is_shut: bool = False
    """Whether it is an apostrophe that closes something."""
    name: str = "punctuation"
    yields: bool = True

    @property
    def is_idle(self) -> bool:
        """Never."""
        return False

    def allows(self, symbol: str) -> bool:
        """Forbid ends of elements inside of quotations, and marks that are on the wrong side of a word."""
        if is_token(symbol):
            return not self.opened
        if symbol in _NEVER.get(self.last, "") or (symbol.isalpha() and (self.is_shut or self.last in _PARTING)):
            return False
        if self.opened:
            return symbol != "“" and not (symbol in _CLOSES and self._is_begun)
        return symbol != "”" and not (symbol in _OPENS and self.last not in _BEFORE_QUOTE and not is_token(self.last))

    def mask(self) -> Mask | None:
        """The same for all symbols."""
        return _mark_mask(self)

    def instead(self, symbol: str) -> str:
        """The mark that closes a quotation, where an end was chosen inside of it; nothing where none can stand."""
        if not is_token(symbol) or not self.opened or self._is_begun:
            return ""
        return "”" if self.opened == "“" else '"'

    @property
    def _is_begun(self) -> bool:
        """Whether a word of the quotation is yet to come."""
        return self.last in _OPENS or self.last in _BEFORE_QUOTE

    def advance(self, symbol: str) -> PunctuationConstraint:
        """Follow the marks."""
        opened = self.opened
        if is_token(symbol):
            opened = ""
        elif symbol in _OPENS or symbol in _CLOSES:
            is_open = not opened if symbol == '"' else symbol in _OPENS
            opened = symbol if is_open else ""
        return PunctuationConstraint(self.alphabet, opened, symbol, symbol in _APOSTROPHES and self.last in _PAUSES)

    def follow(self, text: str) -> PunctuationConstraint:
        """No mark in it stands next to another, or closes anything."""
        return PunctuationConstraint(self.alphabet, self.opened, text[-1])


@lru_cache(1 << 10)
def _mark_mask(constraint: PunctuationConstraint) -> Mask:
    return np.array([constraint.allows(symbol) for symbol in constraint.alphabet])


class DashConstraint(NamedTuple):
    """No heading begins inside of a paragraph of action: no ` - ` stands after capitals, but where all is capitals.

    In our screenplays a dash stands there in 67 of 27,765 paragraphs, all of them like `MONTAGE - THE TOWN READS`.
    """

    alphabet: Alphabet
    in_action: bool = False
    has_small: bool = False
    """Whether the paragraph has a small letter."""
    last: str = ""
    """Its last symbols, three at most."""
    name: str = "dash"
    yields: bool = True

    @property
    def is_idle(self) -> bool:
        """Outside of action."""
        return not self.in_action

    def allows(self, symbol: str) -> bool:
        """Forbid a dash after a word in capitals and a space."""
        return symbol not in _DASHES or not self._is_caps()

    def mask(self) -> Mask | None:
        """The same for all symbols."""
        return ~mask_of(self.alphabet, _DASHES) if self._is_caps() else None

    def _is_caps(self) -> bool:
        last = self.last
        return self.has_small and len(last) == 3 and last[2] == " " and last[0].isupper() and last[1].isupper()

    def advance(self, symbol: str) -> DashConstraint:
        """Follow paragraphs of action."""
        if is_token(symbol):
            return DashConstraint(self.alphabet, symbol == ACTION)
        if not self.in_action:
            return self
        return DashConstraint(self.alphabet, True, self.has_small or symbol.islower(), self.last[-2:] + symbol)

    def follow(self, text: str) -> DashConstraint:
        """Follow a word of action."""
        if not self.in_action:
            return self
        has_small = self.has_small or any(map(str.islower, text))
        return DashConstraint(self.alphabet, True, has_small, (self.last + text)[-3:])


class CapitalsConstraint(NamedTuple):
    """No more than `_SHOUTED` words in a row are in capitals where something is told: a sign, and not several.

    In our screenplays more stand in 8 of 1,000 paragraphs, in what a model wrote, spliced, in 15.
    """

    alphabet: Alphabet
    in_action: bool = False
    shouted: int = 0
    """Words in capitals just before the one under way."""
    word: str = ""
    """Letters of that one."""
    name: str = "capitals"
    yields: bool = True

    @property
    def is_idle(self) -> bool:
        """Outside of action."""
        return not self.in_action

    def allows(self, symbol: str) -> bool:
        """Forbid the second capital of a word after so many; with one it may yet be a name."""
        return not (symbol.isupper() and self._is_enough())

    def mask(self) -> Mask | None:
        """The same for all symbols."""
        return ~mask_of(self.alphabet, [*filter(str.isupper, self.alphabet)]) if self._is_enough() else None

    def _is_enough(self) -> bool:
        return self.shouted >= _SHOUTED and len(self.word) == 1 and self.word.isupper()

    def advance(self, symbol: str) -> CapitalsConstraint:
        """Follow the words of a paragraph of action."""
        if is_token(symbol):
            return CapitalsConstraint(self.alphabet, symbol == ACTION)
        if not self.in_action or symbol in _APOSTROPHES:
            return self
        if symbol.isalpha():
            return CapitalsConstraint(self.alphabet, True, self.shouted, self.word + symbol)
        return self._after_word() if self.word else self

    def _after_word(self) -> CapitalsConstraint:
        # An article or an I is no shout by itself.
        is_shouted = self.word.isupper() and (len(self.word) > 1 or self.shouted > 0)
        return CapitalsConstraint(self.alphabet, True, self.shouted + 1 if is_shouted else 0)

    def follow(self, text: str) -> CapitalsConstraint:
        """Follow words of action, and marks."""
        if not self.in_action:
            return self
        if self.shouted or sum(map(str.isupper, self.word + text)) > 1:
            found = self
            for symbol in text:
                found = found.advance(symbol)
            return found
        # No word of more than a letter is in capitals.
        start = len(text)
        while start and (text[start - 1].isalpha() or text[start - 1] in _APOSTROPHES):
            start -= 1
        letters = text[start:].translate(_NO_APOSTROPHES)
        return CapitalsConstraint(self.alphabet, True, 0, letters if start else self.word + letters)
