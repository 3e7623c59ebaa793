"""Where sentences end, how far it is to there, and which are short enough to be written again as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from model.compiling import compiled
from model.finding import Small
from screenplay.stream import ACTION, DIALOGUE, LYRIC, is_token

TITLES = ("Mr", "Mrs", "Ms", "Dr", "St")
"""A full stop after these ends no sentence."""
SENTENCE_END = regex.compile(rf"(?<!\b(?:{'|'.join(TITLES)}|(?!I)\p{{Lu}}))[.!?…]+[\"'”’]*(?= |$)")
"""Nor does one after an initial."""
FAR = 255
"""A sentence's end that is so far away, or further, or in a sentence that is long."""
_LONGEST = {DIALOGUE: 30, LYRIC: 30, ACTION: 34}
"""Characters of a sentence that is not long, by what opens its element. What is told in fewer is monotonous."""
_TOKEN, _WORD, _INITIAL, _SPACE, _BLANK, _STOP, _QUOTE = (1 << bit for bit in range(7))


class Marks(NamedTuple):
    """What the symbols of a vocabulary are to sentences, each (vocabulary,) but for `titles`."""

    kinds: NDArray[np.uint8]
    """Bits as named above."""
    longest: NDArray[np.int64]
    """Of a token that opens what is said or told, characters of a sentence in it that is not long; else 0."""
    titles: NDArray[np.int64]
    """Ids of each title's letters, -1 where it has no more, (titles, letters)."""

    @classmethod
    def of(cls, characters: Sequence[str]) -> Marks:
        """Those of a vocabulary."""
        ids = {character: id_ for id_, character in enumerate(characters)}
        titles = np.full((len(TITLES), max(map(len, TITLES))), -1, np.int64)
        for row, title in enumerate(TITLES):
            if ids.keys() >= {*title}:
                titles[row, : len(title)] = [ids[letter] for letter in title]
        longest = [_LONGEST.get(character, 0) for character in characters]
        return cls(np.array([*map(_kind, characters)], np.uint8), np.array(longest, np.int64), titles)


def _kind(character: str) -> int:
    if is_token(character):
        return _TOKEN
    kind = _WORD if regex.fullmatch(r"\w", character) else 0
    kind |= _INITIAL if regex.fullmatch(r"(?!I)\p{Lu}", character) else 0
    kind |= _SPACE if character.isspace() else 0
    kind |= _BLANK if character == " " else 0
    return kind | (_STOP if character in ".!?…" else 0) | (_QUOTE if character in "\"'”’" else 0)


@compiled
def rests(ids: Small, marks: Marks) -> NDArray[np.uint8]:
    """Of each symbol of what is said or told, those from it to its sentence's end, itself included, (symbols,).

    `FAR` for all of a long sentence; 0 for what stands in none: tokens, names, spaces between two. Sentences end as
    `SENTENCE_END` has it.

    Args:
        ids: Of a stream.
        marks: Of the vocabulary.
    """
    kinds, found, size = marks.kinds, np.zeros(len(ids), np.uint8), len(ids)
    longest, at = 0, 0
    while at < size:
        if kinds[ids[at]] & _TOKEN:
            longest = marks.longest[ids[at]]
            at += 1
            continue
        if not longest or kinds[ids[at]] & _SPACE:
            at += 1
            continue
        end = _end_of_sentence(ids, at, marks)
        is_long = end - at > longest
        for place in range(at, end):
            found[place] = FAR if is_long else end - place
        at = end
    return found


@compiled
def _end_of_sentence(ids: Small, start: int, marks: Marks) -> int:
    """Where a sentence is over that begins at a place."""
    kinds, at, size = marks.kinds, start, len(ids)
    word = start
    while at < size and not kinds[ids[at]] & _TOKEN:
        if not kinds[ids[at]] & _STOP:
            if not kinds[ids[at]] & _WORD:
                word = at + 1
            at += 1
            continue
        first = at
        while at < size and kinds[ids[at]] & _STOP:
            at += 1
        ends = at - first > 1 or not _is_abbreviated(ids, word, first, marks)
        while ends and at < size and kinds[ids[at]] & _QUOTE:
            at += 1
        if ends and (at == size or kinds[ids[at]] & (_BLANK | _TOKEN)):
            return at
        word = at
    return at


@compiled
def _is_abbreviated(ids: Small, first: int, end: int, marks: Marks) -> bool:
    """Whether a word is a title or an initial."""
    if end - first == 1 and marks.kinds[ids[first]] & _INITIAL:
        return True
    for title in marks.titles:
        length = 0
        while length < len(title) and title[length] >= 0:
            length += 1
        is_same = length == end - first and length > 0
        for at in range(length):
            is_same = is_same and title[at] == ids[first + at]
        if is_same:
            return True
    return False
