"""Keeps what is written to words that exist: those of the sources and of what the model learned before them."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import regex

from model.constraints import Alphabet, mask_of
from model.sampling import Mask
from screenplay.stream import AND, CAST, CHARACTER, DUAL, EXTENSION, is_token

_WORD = regex.compile(r"\p{L}[\p{L}\p{M}]*(?:['’]\p{L}[\p{L}\p{M}]*)*")
"""Letters, with apostrophes between them; a hyphen or a digit parts words."""
_NAMING = (CAST, AND, CHARACTER, DUAL, EXTENSION)
RAREST = 1_000_000
"""A word that stands less than once in so many is as likely a slip of a scanner as a word."""


@dataclass(frozen=True)
class Lexicon:
    """Words in lower case, sorted, each once. Empty: any spelling is a word."""

    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, texts: Iterable[str]) -> Lexicon:
        """Collect the words of texts; of long ones, those that are not rarer than `RAREST` says."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(_folded(text[m.start() : m.end()]) for m in _WORD.finditer(text))
        minimum = max(1, counts.total() // RAREST)
        return cls(tuple(sorted(word for word, count in counts.items() if count >= minimum)))

    def merged(self, other: Lexicon) -> Lexicon:
        """The words of both."""
        return Lexicon(tuple(sorted({*self.words, *other.words})))

    @cached_property
    def _following(self) -> dict[str, tuple[frozenset[str], bool]]:
        return {}

    def following(self, prefix: str) -> tuple[frozenset[str], bool]:
        """What letters may come after the beginning of a word, in lower case, and whether it is a word already.

        Found by halving, and kept: writing uses few beginnings again and again.
        """
        found = self._following.get(prefix)
        if found is None:
            low = bisect_left(self.words, prefix)
            is_word = low < len(self.words) and self.words[low] == prefix
            letters = set()
            low += is_word
            while low < len(self.words) and self.words[low].startswith(prefix):
                letter = self.words[low][len(prefix)]
                letters.add(letter)
                # On to the first word that goes on with another letter.
                low = bisect_left(self.words, prefix + chr(ord(letter) + 1), low)
            found = self._following[prefix] = frozenset(letters), is_word
        return found


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, in order."""
    return [_folded(match[0]) for match in _WORD.finditer(text)]


def _folded(word: str) -> str:
    return word.lower().replace("’", "'")


@dataclass(frozen=True, slots=True)
class LexiconConstraint:
    """A word under way must be able to become one of the lexicon, and ends only where it is one; not in names."""

    alphabet: Alphabet
    lexicon: Lexicon
    word: str = ""
    """What stands of it, in lower case."""
    naming: bool = False
    name: str = "lexicon"
    yields: bool = True
    _masks: dict[tuple[frozenset[str], bool], Mask] = field(default_factory=dict, repr=False, compare=False)

    def mask(self) -> Mask | None:
        """Forbid letters that lead to no word, and endings inside one."""
        if self.naming or not self.lexicon.words:
            return None
        # What stands before a closing apostrophe may have been a word by itself.
        bare = self.word.removesuffix("'")
        letters, is_word = self.lexicon.following(self.word)
        is_word = is_word or not self.word or (bare != self.word and self.lexicon.following(bare)[1])
        key = (letters, is_word)
        found = self._masks.get(key)
        if found is None:
            allowed = {s for s in self.alphabet if (s.lower() in letters if _is_letter(s) else is_word)}
            allowed |= {s for s in "'’" if "'" in letters}
            found = self._masks[key] = mask_of(self.alphabet, allowed)
        # A beginning that no word has (dictated, or a draft's) is left to run out.
        return found if bool(np.any(found)) else None

    def advance(self, symbol: str) -> LexiconConstraint:
        """Follow the word under way."""
        if is_token(symbol):
            return replace(self, word="", naming=symbol in _NAMING)
        if _is_letter(symbol):
            word = self.word + symbol.lower()
            # Once a symbol: `replace` takes four times as long.
            return LexiconConstraint(
                self.alphabet, self.lexicon, word, self.naming, self.name, self.yields, self._masks
            )
        if symbol in "'’" and self.word and not self.word.endswith("'"):
            return replace(self, word=self.word + "'")
        return replace(self, word="") if self.word else self


def _is_letter(symbol: str) -> bool:
    return symbol.isalpha()
