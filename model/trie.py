"""Words as a tree of their letters, in arrays that compiled loops walk through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.compiling import compiled

NOWHERE, ANYWHERE, BETWEEN = -2, -1, -3
"""In the place of a node: no word may run on; any may; and after a space, a word may begin."""


class Trie(NamedTuple):
    """Beginnings of words, each a node: the first is that of nothing; those a letter longer stand side by side."""

    letters: NDArray[np.uint32]
    """Code point of the last letter of each, (nodes,); of the first, 0."""
    firsts: NDArray[np.int32]
    """Where those that are longer by a letter begin, (nodes + 1,): they end where the next node's do."""
    is_word: NDArray[np.bool_]
    """Whether each is a word, (nodes,)."""

    @classmethod
    def of(cls, words: Sequence[str]) -> Trie:
        """Of words that are sorted, each once. Time and memory grow with their letters."""
        codes = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), "<u4")
        return cls(*_built(codes, np.cumsum([0, *map(len, words)])))

    def after(self, node: int, letter: str) -> int:
        """The node that is a letter longer; `NOWHERE`: there is none."""
        return node_after(self.letters, self.firsts, node, ord(letter))

    def following(self, node: int) -> str:
        """The letters that others are longer by, sorted."""
        return "".join(map(chr, self.letters[self.firsts[node] : self.firsts[node + 1]].tolist()))


@compiled
def _built(
    codes: NDArray[np.uint32], starts: NDArray[np.int64]
) -> tuple[NDArray[np.uint32], NDArray[np.int32], NDArray[np.bool_]]:
    most = len(codes) + 1
    letters, firsts, is_word = np.zeros(most, np.uint32), np.zeros(most + 1, np.int32), np.zeros(most, np.bool_)
    # The words that begin as a node does stand side by side.
    words, ends, lengths = np.zeros(most, np.int32), np.zeros(most, np.int32), np.zeros(most, np.int32)
    ends[0], nodes, node = len(starts) - 1, 1, 0
    while node < nodes:
        word, length = words[node], lengths[node]
        if word < ends[node] and starts[word] + length == starts[word + 1]:
            is_word[node] = True
            word += 1
        firsts[node] = nodes
        while word < ends[node]:
            letter, first = codes[starts[word] + length], word
            while word < ends[node] and codes[starts[word] + length] == letter:
                word += 1
            letters[nodes], words[nodes], ends[nodes], lengths[nodes] = letter, first, word, length + 1
            nodes += 1
        node += 1
    firsts[nodes] = nodes
    return letters[:nodes].copy(), firsts[: nodes + 1].copy(), is_word[:nodes].copy()


@compiled
def node_after(letters: NDArray[np.uint32], firsts: NDArray[np.int32], node: int, letter: int) -> int:
    """The node that is longer by a letter, a code point; `NOWHERE`: there is none; `ANYWHERE`: it is all the same."""
    if node == ANYWHERE:
        return ANYWHERE
    for each in range(firsts[node], firsts[node + 1]):
        if letters[each] == letter:
            return each
    return NOWHERE
