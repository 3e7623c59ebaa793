"""Constraints on punctuation: what marks stand together, and dashes that make no headings of what is told."""

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
_PAUSES = ".,!?"
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
        """There is no mark in it."""
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
