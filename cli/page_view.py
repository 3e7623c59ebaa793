"""A screenplay's page, shown while it is being written: each word goes out once, where it belongs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from cli import console
from screenplay.page import COLUMNS, TEXT_WIDTH_CHARS, Column
from screenplay.stream import CENTERED, END, EXTENSION, element_of, is_token

_STYLE_OF = {
    "scene_heading": "heading",
    "shot": "heading",
    "character": "cue",
    "parenthetical": "parenthetical",
    "lyric": "lyric",
    "transition": "transition",
}
_HANGING = {"parenthetical": 1, "lyric": 2}
"""How much further in an element's second line stands than its first."""
_MARK = "reverse"
_CUT = re.compile(r"[^\W\d_]-")
"""End of a word that a line must not end with: whoever reads the page would join it to the next."""
_LARGEST_MARGIN_CHARS = 10
_NARROWEST_CHARS = 16
"""Below this a page is no page any more, and the terminal breaks the lines."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """Where a terminal of some width puts the elements."""

    margin_chars: int
    text_chars: int

    @classmethod
    def fitted(cls, columns: int) -> Geometry:
        """A whole page, near the middle, where there is room for one; else one drawn together."""
        # What stands in a terminal's last column may or may not break the line, so nothing does.
        text = max(_NARROWEST_CHARS, min(TEXT_WIDTH_CHARS, columns - 1))
        return cls(max(0, min(_LARGEST_MARGIN_CHARS, (columns - text) // 2)), text)

    def column(self, kind: str) -> Column:
        """The page's own column; on a narrow terminal its indent shrinks, and text keeps what room there is."""
        whole = COLUMNS[kind]
        indent = whole.indent_chars * self.text_chars // TEXT_WIDTH_CHARS
        room = self.text_chars - indent
        # A cue is never wrapped on paper.
        width = room if kind == "character" else min(whole.width_chars, room)
        return Column(indent, width, whole.blank_lines_before, whole.align)


class PageView:
    """Takes the symbols of an annotated stream one by one, and lays them out as `screenplay.writers.layout` does.

    A word is held back until it ends, because only then is it known on which line it stands; a line
    at the right or in the middle is held back whole. Nothing is ever taken back, so speeches spoken at
    the same time stand one below the other.
    """

    def __init__(self, put: Callable[[str, str | None], None], geometry: Geometry) -> None:
        self._put = put
        self._geometry = geometry
        self._kind: str | None = None
        self._column = COLUMNS["action"]
        self._style: str | None = None
        self._blank_lines_after: int | None = None
        """How many must stand below the last element; None before the first."""
        self._line = ""
        """What stands on the current line, indent not counted."""
        self._shift = 0
        """How much further in than the element the current line stands."""
        self._word = ""
        self._closing = ""
        self._is_marking = self._is_word_marked = self._is_line_marked = False

    def feed(self, symbol: str, *, is_marked: bool = False) -> None:
        """Show what can be shown after this symbol; a word with a marked one in it stands out."""
        self._is_marking = is_marked
        if not is_token(symbol):
            if self._kind is not None:
                self._character(symbol)
        elif symbol == EXTENSION:
            self._text(" (")
            self._closing = ")"
        else:
            self._end_element()
            if symbol != END and element_of(symbol) != "cast":
                self._open("centered" if symbol == CENTERED else element_of(symbol))

    def close(self) -> None:
        """Finish the line that the writing broke off in."""
        self._end_element()

    def _open(self, kind: str) -> None:
        self._kind = kind
        self._column = self._geometry.column(kind)
        self._style = _STYLE_OF.get(kind)
        if self._blank_lines_after is not None:
            self._put("\n" * max(self._column.blank_lines_before, self._blank_lines_after), None)
        self._shift = 0
        if kind == "parenthetical":
            self._text("(")
            self._closing = ")"
        elif kind == "lyric":
            self._text("♪ ")

    def _end_element(self) -> None:
        if self._kind is None:
            return
        self._text(self._closing)
        self._end_word()
        self._break_line()
        self._blank_lines_after = 1 if self._kind == "scene_heading" else 0
        self._kind, self._closing = None, ""

    def _text(self, text: str) -> None:
        for character in text:
            self._character(character)

    def _character(self, character: str) -> None:
        if character == "\n":
            self._end_word()
            self._break_line()
        elif character != " ":
            self._word += character
            self._is_word_marked |= self._is_marking
        elif _CUT.fullmatch(self._word[-2:]):
            self._word += " "
        else:
            self._end_word()

    def _end_word(self) -> None:
        word, self._word = self._word.rstrip(), ""
        if not word:
            return
        if self._line and console.cells(self._line) + 1 + console.cells(word) > min(
            self._column.width_chars, self._edge()
        ):
            self._break_line()
        edge = self._edge()
        while console.cells(word) > edge:  # an address, or a long scream
            piece, word = console.split(word, edge)
            self._place(piece)
            self._break_line()
        self._place(word)
        self._is_word_marked = False

    def _edge(self) -> int:
        """Columns from where the line begins to where the page ends."""
        return self._geometry.text_chars - self._column.indent_chars - self._shift

    def _place(self, text: str) -> None:
        if self._column.align == "left":
            before = " " if self._line else self._indent()
            if self._is_word_marked and not self._line:
                self._put(before, None)  # the margin is not part of what is marked
                before = ""
            self._put(before + text, self._styled(self._is_word_marked))
        self._is_line_marked |= self._is_word_marked
        self._line += f" {text}" if self._line else text

    def _break_line(self) -> None:
        if self._line and self._column.align != "left":
            free = max(0, self._column.width_chars - console.cells(self._line))
            if self._line.upper().startswith("FADE IN"):
                free = 0
            self._put(self._indent() + " " * (free if self._column.align == "right" else free // 2), None)
            self._put(self._line, self._styled(self._is_line_marked))
        self._put("\n", None)
        self._line, self._is_line_marked = "", False
        self._shift = _HANGING.get(self._kind or "", 0)

    def _styled(self, is_marked: bool) -> str | None:
        """The element's style, or that turned inside out."""
        return f"{console.STYLES.get(self._style or '', '')} {_MARK}".strip() if is_marked else self._style

    def _indent(self) -> str:
        return " " * (self._geometry.margin_chars + self._column.indent_chars + self._shift)
