"""Keeps what is written to words that exist: those of the sources and of what the model learned before them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import regex

from model.constraints import NAMING, Alphabet
from model.sampling import Mask
from model.trie import NOWHERE, Trie
from screenplay.stream import is_token

_WORD = regex.compile(r"\p{L}[\p{L}\p{M}]*(?:['’]\p{L}[\p{L}\p{M}]*)*")
"""Letters, with apostrophes between them; a hyphen or a digit parts words."""
_NAMES_BEGIN = frozenset(("mc", "mac", "de", "di", "du", "la", "le"))
"""After these a name may have a capital inside of it."""
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
            counts.update(folded(text[m.start() : m.end()]) for m in _WORD.finditer(text))
        minimum = max(1, counts.total() // RAREST)
        return cls(tuple(sorted(word for word, count in counts.items() if count >= minimum)))

    def merged(self, other: Lexicon) -> Lexicon:
        """The words of both."""
        return Lexicon(tuple(sorted({*self.words, *other.words})))

    @cached_property
    def trie(self) -> Trie:
        """The words by their letters."""
        return Trie.of(self.words)

    @cached_property
    def _nodes(self) -> dict[str, int]:
        return {"": 0}

    @cached_property
    def _following(self) -> dict[str, tuple[frozenset[str], bool]]:
        return {}

    def node(self, prefix: str) -> int:
        """Where the trie has a word's beginning, in lower case; else `NOWHERE`. Kept: writing asks for few, often."""
        found = self._nodes.get(prefix)
        if found is None:
            before = self.node(prefix[:-1])
            found = self._nodes[prefix] = self.trie.after(before, prefix[-1]) if before >= 0 else NOWHERE
        return found

    def following(self, prefix: str) -> tuple[frozenset[str], bool]:
        """What letters may come after the beginning of a word, in lower case, and whether it is a word already."""
        found = self._following.get(prefix)
        if found is None:
            node = self.node(prefix)
            letters = self.trie.following(node) if node >= 0 else ""
            kept = frozenset(letter for letter in letters if letter.isalpha() or letter == "'")
            found = self._following[prefix] = kept, node >= 0 and bool(self.trie.is_word[node])
        return found


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, in order."""
    return [folded(match[0]) for match in _WORD.finditer(text)]


def folded(word: str) -> str:
    """As a lexicon has it: in lower case, with straight apostrophes."""
    return word.lower().replace("’", "'")


class LexiconConstraint(NamedTuple):
    """A word under way must be able to become one of the lexicon, and ends only where it is one; not in names.

    No capital follows a small letter.
    """

    alphabet: Alphabet
    lexicon: Lexicon
    word: str = ""
    """What stands of it, in lower case."""
    naming: bool = False
    quoting: bool = False
    """Whether the element has an apostrophe at a word's beginning, which may open a quotation."""
    is_small: bool = False
    """Whether the word's last letter is small, and what stands of it is not what names begin with, as in McCoy."""
    name: str = "lexicon"
    yields: bool = True

    @property
    def is_idle(self) -> bool:
        """In names."""
        return self.naming

    def allows(self, symbol: str) -> bool:
        """Forbid letters that lead to no word, and endings inside one."""
        if self.naming or not self.lexicon.words:
            return True
        letters, is_word = self._following()
        return _is_allowed(symbol, letters, is_word, self.is_small) or self.mask() is None

    def mask(self) -> Mask | None:
        """The same for all symbols; what no symbol goes on with, any does."""
        if self.naming or not self.lexicon.words:
            return None
        return _word_mask(self.alphabet, *self._following(), self.is_small)

    def _following(self) -> tuple[frozenset[str], bool]:
        """What letters the word under way may go on with, and whether it may end."""
        if not self.word:
            return self.lexicon.following("")[0], True
        letters, is_word = self.lexicon.following(self.word)
        if self.word[-1] == "'":
            # The ladies' and goin', but not can'; and what closes a quotation was a word by itself.
            stem = self.word[:-1]
            is_word = (self.quoting or stem[-1] == "s" or not letters) and self.lexicon.following(stem)[1]
        return letters, is_word

    def advance(self, symbol: str) -> LexiconConstraint:
        """Follow the word under way."""
        alphabet, lexicon, word, naming, quoting, is_small, _, _ = self
        if is_token(symbol):
            return LexiconConstraint(alphabet, lexicon, "", symbol in NAMING)
        if naming:
            return self
        if symbol.isalpha():
            word += symbol.lower()
            is_small = symbol.islower() and word not in _NAMES_BEGIN
            return LexiconConstraint(alphabet, lexicon, word, naming, quoting, is_small)
        if symbol in "'’" and (not word or word[-1] != "'"):
            return LexiconConstraint(alphabet, lexicon, word and word + "'", naming, quoting or not word, is_small)
        return LexiconConstraint(alphabet, lexicon, "", naming, quoting) if word else self

    def follow(self, text: str) -> LexiconConstraint:
        """Follow words, the last one maybe for a while."""
        alphabet, lexicon, word, naming, quoting, _, _, _ = self
        if naming:
            return self
        if not (text[-1].isalpha() or text[-1] in "'’"):
            return LexiconConstraint(alphabet, lexicon, "", naming, quoting) if word or len(text) > 1 else self
        _, space, text = text.rpartition(" ")
        word = folded(text) if space else word + folded(text)
        letters = text.rstrip("'’")
        is_small = letters[-1].islower() and word.rstrip("'") not in _NAMES_BEGIN if letters else self.is_small
        return LexiconConstraint(alphabet, lexicon, word, naming, quoting, is_small)


def _is_allowed(symbol: str, letters: frozenset[str], is_word: bool, is_small: bool) -> bool:
    """Whether a word may go on with a symbol, from what letters it may go on with, whether it may end, and its case."""
    if symbol.isalpha():
        return symbol.lower() in letters and not (is_small and symbol.isupper())
    return is_word or (symbol in "'’" and "'" in letters)


@lru_cache(1 << 12)
def _word_mask(alphabet: Alphabet, letters: frozenset[str], is_word: bool, is_small: bool) -> Mask | None:
    found = np.array([_is_allowed(symbol, letters, is_word, is_small) for symbol in alphabet])
    # A beginning that no word has (dictated, or a draft's) is left to run out.
    return found if found.any() else None
