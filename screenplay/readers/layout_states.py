"""What a line of a laid-out script can be, and what may follow what."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

STATES: Final = (
    "scene_heading", "action", "character", "parenthetical", "dialogue", "transition", "shot", "title_page",
    "furniture", "furniture_in_speech", "cue_and_speech",
)  # fmt: skip
"""Two kinds of furniture, so that a speech goes on after a page number; `cue_and_speech` is `NAME. Speech`."""
(
    HEADING, ACTION, CHARACTER, PARENTHETICAL, DIALOGUE, TRANSITION, SHOT, TITLE_PAGE, FURNITURE, FURNITURE_IN_SPEECH,
    CUE_AND_SPEECH,
) = range(len(STATES))  # fmt: skip
TAGS: Final = (*STATES[:9], "furniture", "character")
"""What each state is called outside."""

_IN_SPEECH = {PARENTHETICAL, DIALOGUE, FURNITURE_IN_SPEECH}
_SPEECH = {CHARACTER, PARENTHETICAL, DIALOGUE, FURNITURE_IN_SPEECH, CUE_AND_SPEECH}


def _legal() -> npt.NDArray[np.bool_]:
    table = np.ones((len(STATES), len(STATES)), np.bool_)
    for before in range(len(STATES)):
        for after in range(len(STATES)):
            if after in _IN_SPEECH and before not in _SPEECH:
                # A speech needs a cue; a bracketed line without one is action.
                table[before, after] = False
            if after == TITLE_PAGE and before not in (TITLE_PAGE, FURNITURE):
                table[before, after] = False
            if before == CHARACTER and after not in _IN_SPEECH:
                table[before, after] = False
    return table


LEGAL: Final = _legal()
"""(before, after): the grammar of lines. A text may begin in any state, for it may be a page torn out of a script."""
