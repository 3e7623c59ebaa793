"""Where sentences end, how far it is to there, and which are short enough to be written again as they are."""

from __future__ import annotations

import numpy as np
import regex
from numpy.typing import NDArray

from model.stage import parts
from screenplay.stream import ACTION, DIALOGUE, LYRIC

TITLES = ("Mr", "Mrs", "Ms", "Dr", "St")
"""A full stop after these ends no sentence."""
SENTENCE_END = regex.compile(rf"(?<!\b(?:{'|'.join(TITLES)}|(?!I)\p{{Lu}}))[.!?…]+[\"'”’]*(?= |$)")
"""Nor does one after an initial."""
FAR = 255
"""A sentence's end that is so far away, or further, or in a sentence that is long."""
_LONGEST = {DIALOGUE: 30, LYRIC: 30, ACTION: 34}
"""Characters of a sentence that is not long, by what opens its element. What is told in fewer is monotonous."""


def rests(stream: str) -> NDArray[np.uint8]:
    """Of each symbol of what is said or told, those from it to its sentence's end, itself included, (symbols,).

    `FAR` for all of a long sentence; 0 for what stands in none: tokens, names, spaces between two.
    """
    found = np.zeros(len(stream), np.uint8)
    for start, token, text in parts(stream):
        longest = _LONGEST.get(token)
        if longest is None:
            continue
        first = 0
        for end in [*(match.end() for match in SENTENCE_END.finditer(text)), len(text)]:
            while first < end and text[first].isspace():
                first += 1
            is_long = end - first > longest
            found[start + 1 + first : start + 1 + end] = FAR if is_long else np.arange(end - first, 0, -1)
            first = end
    return found
