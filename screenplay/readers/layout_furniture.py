"""Tell which lines have nothing of page furniture about them: to drop words is the worst fault."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from screenplay.readers import layout_words as words
from screenplay.readers.layout_features import Facts
from screenplay.readers.layout_lines import Ints

Flags = npt.NDArray[np.bool_]

_NEAR_LINES = 3
"""A running head without a number stands so near to the page number, in lines of the text."""
_PAGE_LINES = 60
_LEAST = 3
_SHARE_OF_PAGES = 0.1
"""A running head stands on so many of the pages, though it may change with the colour of the draft."""
_STORY = (
    "heading", "omitted", "numbered", "transition", "transition end", "time of day", "shot", "extension", "place",
)  # fmt: skip
_FURNITURE = ("more", "continued", "page number", "revision", "no letters")


def unlike_furniture(facts: Facts) -> Flags:
    """Which lines neither look like furniture nor come back as running heads do."""
    shape, lines = facts.shape, facts.lines
    pages = max(int(np.sum(lines.new_page)), int(lines.number[-1]) // _PAGE_LINES) if len(lines) else 0
    often = facts.returns >= max(_LEAST, _SHARE_OF_PAGES * pages)
    counted = facts.columns["counted"][1] > 0
    with_digits = lines.digits > 0
    alike = words.in_shapes(shape, _FURNITURE) | _dated_revisions(facts)
    marks = lines.new_page | counted | words.in_shapes(shape, ("page number",))
    returning = often & ~words.in_shapes(shape, _STORY) & (with_digits | _near(lines.number, marks))
    return ~(alike | counted | returning)


def _dated_revisions(facts: Facts) -> Flags:
    """A date is furniture where a draft or its colour is named beside it; else it may be a title on the screen."""
    found = words.in_shapes(facts.shape, ("date",))
    for index in np.flatnonzero(found).tolist():
        found[index] = words.names_revision(facts.lines.view[index])
    return found


def _near(number: Ints, marks: Flags) -> Flags:
    """Which lines stand within a few lines of a marked one."""
    at = number[marks]
    if not len(at):
        return np.zeros(len(number), np.bool_)
    after = np.searchsorted(at, number)
    ahead = at[np.minimum(after, len(at) - 1)] - number
    behind = number - at[np.maximum(after - 1, 0)]
    near: Flags = np.minimum(np.abs(ahead), np.abs(behind)) <= _NEAR_LINES
    return near
