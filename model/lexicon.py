"""Keeps what is written to words that exist: those of the sources and of what the model learned before them."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import regex

from model.constraints import NAMING, Alphabet
from model.sampling import Mask
from screenplay.stream import is_token

_WORD = regex.compile(r"\p{L}[\p{L}\p{M}]*(?:['’]\p{L}[\p{L}\p{M}]*)*")
"""Letters, with apostrophes between them; a hyphen or a digit parts words."""
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


class LexiconConstraint(NamedTuple):
    """A word under way must be able to become one of the lexicon, and ends only where it is one; not in names."""

    alphabet: Alphabet
    lexicon: Lexicon
    word: str = ""
    """What stands of it, in lower case."""
    naming: bool = False
    name: str = "lexicon"
    yields: bool = True

    def allows(self, symbol: str) -> bool:
        """Forbid letters that lead to no word, and endings inside one."""
        if self.naming or not self.lexicon.words:
            return True
        letters, is_word = self._following()
        return _is_allowed(symbol, letters, is_word) or self.mask() is None

    def mask(self) -> Mask | None:
        """The same for all symbols; what no symbol goes on with, any does."""
        if self.naming or not self.lexicon.words:
            return None
        return _word_mask(self.alphabet, *self._following())

    def _following(self) -> tuple[frozenset[str], bool]:
        """What letters the word under way may go on with, and whether it may end."""
        if not self.word:
            return self.lexicon.following("")[0], True
        letters, is_word = self.lexicon.following(self.word)
        # What stands before a closing apostrophe may have been a word by itself.
        return letters, is_word or (self.word[-1] == "'" and self.lexicon.following(self.word[:-1])[1])

    def advance(self, symbol: str) -> LexiconConstraint:
        """Follow the word under way."""
        alphabet, lexicon, word, naming, _, _ = self
        if is_token(symbol):
            return LexiconConstraint(alphabet, lexicon, "", symbol in NAMING)
        if symbol.isalpha():
            return LexiconConstraint(alphabet, lexicon, word + symbol.lower(), naming)
        if symbol in "'’" and word and word[-1] != "'":
            return LexiconConstraint(alphabet, lexicon, word + "'", naming)
        return LexiconConstraint(alphabet, lexicon, "", naming) if word else self


def _is_allowed(symbol: str, letters: frozenset[str], is_word: bool) -> bool:
    """Whether a word may go on with a symbol, from what letters it may go on with and whether it may end."""
    if symbol.isalpha():
        return symbol.lower() in letters
    return is_word or (symbol in "'’" and "'" in letters)


@lru_cache(1 << 12)
def _word_mask(alphabet: Alphabet, letters: frozenset[str], is_word: bool) -> Mask | None:
    found = np.array([_is_allowed(symbol, letters, is_word) for symbol in alphabet])
    # A beginning that no word has (dictated, or a draft's) is left to run out.
    return found if found.any() else None
