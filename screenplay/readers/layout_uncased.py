"""What tells lines apart in scripts that have no capitals: brackets, colons, and short lines that come back."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from screenplay.readers.layout_brackets import OUTSIDE
from screenplay.readers.layout_features import UNCASED, Facts
from screenplay.readers.layout_states import CHARACTER, CUE_AND_SPEECH, PARENTHETICAL

_NAME_CHARS = 12
_SENTENCE_ENDS = (1, 2, 3, 4, 5)
"""As `last_kind` numbers stop, question, exclamation, colon and comma."""
_OFTEN = (5, 6)
"""As the feature `play cue` numbers `Name:` that comes back."""


def leanings(facts: Facts) -> Iterator[tuple[npt.NDArray[np.bool_], int, float]]:
    """Lines, a state, and how far they lean to it; few such pages were learned from, so the weights don't say it."""
    here = facts.case == UNCASED
    if not here.any():
        return
    columns = facts.columns
    yield here & (columns["bracket"][1] == OUTSIDE), PARENTHETICAL, -2.0
    spoken = here & np.isin(columns["play cue"][1], _OFTEN)
    yield spoken, CUE_AND_SPEECH, 2.0
    ahead = np.append(facts.gap[1:] == 0, False)
    opens = (facts.gap > 0) | (np.arange(len(here)) == 0)
    short = np.fromiter((0 < len(name) <= _NAME_CHARS for name in facts.name), np.bool_, len(here))
    returns = columns["repeat"][1] > 1
    ended = np.isin(columns["last"][1], _SENTENCE_ENDS)
    yield here & opens & ahead & short & returns & ~ended & ~spoken, CHARACTER, 1.5
