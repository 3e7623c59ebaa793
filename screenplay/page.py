"""Industry page geometry, in one place for every reader and writer that needs it.

US Letter, Courier 12 point: 10 characters an inch, 6 lines an inch. Columns count from the
action's left edge, which stands 1.5 inches from the paper's.
"""

from __future__ import annotations

from dataclasses import dataclass

CHARACTERS_PER_INCH = 10
LINES_PER_INCH = 6
PAPER_WIDTH_IN = 8.5
PAPER_HEIGHT_IN = 11.0
LEFT_MARGIN_IN = 1.5
RIGHT_MARGIN_IN = 1.0
TOP_MARGIN_IN = 1.0
LINES_PER_PAGE = 54
TEXT_WIDTH_CHARS = 60
"""Width of the printed area: 8.5 inches less both margins."""


@dataclass(frozen=True, slots=True)
class Column:
    """Where one kind of element stands on the page."""

    indent_chars: int
    """From the action's left edge."""
    width_chars: int
    blank_lines_before: int = 1
    align: str = "left"
    """`left`, `right` (to the end of the text width) or `center`."""


COLUMNS: dict[str, Column] = {
    "scene_heading": Column(0, 60, blank_lines_before=2),
    "action": Column(0, 60),
    "centered": Column(0, 60, align="center"),
    "character": Column(20, 38),
    "parenthetical": Column(15, 26, blank_lines_before=0),
    "dialogue": Column(10, 35, blank_lines_before=0),
    "lyric": Column(10, 35, blank_lines_before=0),
    "transition": Column(0, 60, align="right"),
    "shot": Column(0, 60),
}

DUAL_COLUMNS: tuple[dict[str, Column], dict[str, Column]] = (
    {
        "character": Column(8, 20),
        "parenthetical": Column(3, 22, blank_lines_before=0),
        "dialogue": Column(0, 28, blank_lines_before=0),
        "lyric": Column(0, 28, blank_lines_before=0),
    },
    {
        "character": Column(40, 20),
        "parenthetical": Column(35, 22, blank_lines_before=0),
        "dialogue": Column(32, 28, blank_lines_before=0),
        "lyric": Column(32, 28, blank_lines_before=0),
    },
)
"""Where two speeches stand that are spoken at the same time: the left one, the right one."""
