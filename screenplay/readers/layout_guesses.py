"""Say what was guessed where a text does not tell: the reader may be wrong there, and its user should look."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from screenplay.errors import ReadWarning
from screenplay.readers.layout_features import Facts
from screenplay.readers.layout_lines import Ints
from screenplay.readers.layout_states import ACTION, CHARACTER, CUE_AND_SPEECH, DIALOGUE, HEADING

_LEAST_LINES = 20
_LEAST_CUES = 3
_LEVEL = 0.98
_MARKS = ":."


def guesses(facts: Facts, first: Ints, states: Ints, *, source: str) -> Iterator[ReadWarning]:
    """Name each kind of guess once, with the first line that it was made for.

    Args:
        facts: What is known of the lines.
        first: What the lines were taken for at first.
        states: The same, after places became scenes.
        source: The file's name.
    """
    lines = facts.lines
    if len(lines) < _LEAST_LINES:
        return
    places = np.flatnonzero((first != states) & (states == HEADING))
    if len(places):
        index = int(places[0])
        message = (
            "few scenes open with INT. or EXT.: places in capitals are read as scenes too "
            f"({len(places)} lines, the first {lines.view[index][:40]!r})"
        )
        yield ReadWarning(message, source=source, line=int(lines.number[index]) + 1)
    cues = np.flatnonzero(states == CHARACTER)
    if len(cues) < _LEAST_CUES or np.any(states == CUE_AND_SPEECH):
        return
    told = (states == ACTION) | (states == DIALOGUE) | (states == CHARACTER)
    common = int(np.bincount(lines.indent[told]).max())
    marked = sum(lines.view[index][-1] in _MARKS for index in cues.tolist())
    if common > _LEVEL * int(told.sum()) and 2 * marked < len(cues):
        lost = "indentation and blank lines" if facts.columns["manner"][1][0] == 2 else "indentation"
        message = f"the lines have no {lost}; speech is told from action by its words and the names above it"
        yield ReadWarning(message, source=source, line=int(lines.number[cues[0]]) + 1)
