"""Passages of texts, by the words in them: which are like a scene is found by looking up its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.compiling import compiled
from model.finding import Near, Places, Small, wide
from model.sentences import Marks
from screenplay.stream import ACTION, AND, CAST, CENTERED, CUES, DIALOGUE, END, LYRIC, SCENE, SHOT, TRANSITION, is_token

PASSAGE = 400
"""Symbols of a passage, but for a scene's last one; it goes on to the next paragraph."""
LETTERS = 3
"""Of a word that counts, at least."""
BITS = 18
"""Of the number that stands for a word. Two in so many may have the same, which costs nothing but a worse choice."""
OPENS_SCENE, LISTS, OPENS, ENDS, OTHER = 1, 2, 3, 4, 5
"""What a token does; the last kind goes on with what another opens."""


class Symbols(NamedTuple):
    """What a vocabulary's symbols are, each (vocabulary,) but for `marks`."""

    letters: NDArray[np.int64]
    """Of a letter the code point of its small one, else 0."""
    kinds: NDArray[np.uint8]
    """Of a token what it does, as named above; else 0."""
    speech: NDArray[np.bool_]
    """Whether somebody speaks after this token."""
    marks: Marks

    @classmethod
    def of(cls, characters: Sequence[str]) -> Symbols:
        """Those of a vocabulary."""
        kinds = {SCENE: OPENS_SCENE, CAST: LISTS, AND: LISTS, END: ENDS}
        kinds |= dict.fromkeys((ACTION, CENTERED, SHOT, TRANSITION, *CUES), OPENS)
        return cls(
            np.array([ord(each.lower()[0]) if each.isalpha() else 0 for each in characters], np.int64),
            np.array([kinds.get(each, OTHER) if is_token(each) else 0 for each in characters], np.uint8),
            np.isin(list(characters), (DIALOGUE, LYRIC)),
            Marks.of(characters),
        )


class Index(NamedTuple):
    """Passages by their words."""

    ids: Small
    """Of all texts."""
    bounds: NDArray[np.int64]
    """Where each passage begins and ends, (passages, 2)."""
    shares: NDArray[np.float32]
    """What one weighs beside others, (passages,)."""
    firsts: NDArray[np.int64]
    """Where the passages of each word begin, (words + 1,), in"""
    places: Places
    """those of all words."""
    marked: Places
    """Ids and what goes with them, as `finding` has it, of passages that somebody was reminded of, (symbols,)."""
    found: Near
    """Of those, from where each begins, which symbols are to be found, and their chains, (symbols, 2)."""
    sentences: NDArray[np.int64]
    """And from half of there on, where sentences begin that are not long, and their numbers, (symbols // 2 + 1, 2)."""
    numbers: Places
    """How many symbols each passage has that are written down, how many of those are found, and sentences; -1: nobody
    was reminded of it, (passages, 3)."""


@compiled
def parted(ids: Small, texts: NDArray[np.int64], symbols: Symbols) -> tuple[NDArray[np.int64], Places, Places]:
    """Part texts into passages: where each begins and ends; and words with the passages that they stand in, by passage.

    The words of a scene's heading stand in all of its passages. A word may come twice.
    """
    most, rows = 1, 1
    for start, end in texts:
        most += (end - start) // 2
        rows += (end - start) // PASSAGE + 1
        for at in range(start, end):
            rows += symbols.kinds[ids[at]] == OPENS_SCENE
    bounds, words, passages = np.empty((rows, 2), np.int64), np.empty(most, np.int32), np.empty(most, np.int32)
    heading, in_heading = np.empty(PASSAGE // 8, np.int32), 0
    parts, filled = 0, 0
    for start, end in texts:
        is_heading, is_open, key, length = False, False, wide(0), 0
        for at in range(start, end + 1):
            letter = symbols.letters[ids[at]] if at < end else 0
            if letter:
                key, length = (key * 1000003 + letter) & 0xFFFFFFFFFFFF, length + 1
                continue
            if length >= LETTERS and is_open:
                word = np.int32(word_of(key))
                words[filled], passages[filled] = word, parts - 1
                filled += 1
                if is_heading and in_heading < len(heading):
                    heading[in_heading] = word
                    in_heading += 1
            key, length = wide(0), 0
            kind = symbols.kinds[ids[at]] if at < end else ENDS
            if not kind:
                continue
            if is_open and (kind in (OPENS_SCENE, ENDS) or (kind == OPENS and at - bounds[parts - 1, 0] >= PASSAGE)):
                bounds[parts - 1, 1], is_open = at, False
            is_heading = kind == OPENS_SCENE
            if not is_open and kind in (OPENS_SCENE, OPENS):
                bounds[parts, 0], is_open = at, True
                parts += 1
                if is_heading:
                    in_heading = 0
                for each in range(in_heading):
                    words[filled], passages[filled] = heading[each], parts - 1
                    filled += 1
    return bounds[:parts].copy(), words[:filled], passages[:filled]


@compiled
def by_word(words: Places, passages: Places) -> tuple[NDArray[np.int64], Places]:
    """Where the passages of each word begin, and those of all words, each once a word."""
    size = 1 << BITS
    latest, firsts = np.full(size, -1, np.int32), np.zeros(size + 1, np.int64)
    for at in range(len(words)):
        word = words[at]
        if latest[word] != passages[at]:
            latest[word] = passages[at]
            firsts[word + 1] += 1
    for word in range(size):
        firsts[word + 1] += firsts[word]
        latest[word] = -1
    found, filled = np.empty(firsts[size], np.int32), firsts.copy()
    for at in range(len(words)):
        word = words[at]
        if latest[word] != passages[at]:
            latest[word] = passages[at]
            found[filled[word]] = passages[at]
            filled[word] += 1
    return firsts, found


@compiled
def word_of(key: int) -> int:
    """The number of a word with this key."""
    return (key ^ (key >> BITS)) & ((1 << BITS) - 1)
