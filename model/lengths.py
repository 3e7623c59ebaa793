"""How long scenes are on the page, in lines."""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from model.stage import parts
from screenplay.page import COLUMNS, LINES_PER_PAGE
from screenplay.stream import (
    ACTION,
    AND,
    CAST,
    CENTERED,
    CHARACTER,
    DIALOGUE,
    DUAL,
    END,
    EXTENSION,
    LYRIC,
    PARENTHETICAL,
    SCENE,
    SHOT,
    TRANSITION,
    is_token,
)

_COLUMN = {
    SCENE: COLUMNS["scene_heading"],
    ACTION: COLUMNS["action"],
    CENTERED: COLUMNS["centered"],
    CHARACTER: COLUMNS["character"],
    DUAL: COLUMNS["character"],
    PARENTHETICAL: COLUMNS["parenthetical"],
    DIALOGUE: COLUMNS["dialogue"],
    LYRIC: COLUMNS["lyric"],
    TRANSITION: COLUMNS["transition"],
    SHOT: COLUMNS["shot"],
}
_UNSEEN = (CAST, AND, END)
_BRACKETS = {PARENTHETICAL: 2, EXTENSION: 3}
"""Characters that the page adds to a text."""
_SHAPES = 65
_NEAREST = 9
_FEWEST_LINES = 12
"""A scene of fewer, as there are in every film, is hardly one by itself."""
_MOST_LINES = 4 * LINES_PER_PAGE
"""A longer scene of a source counts as one of four pages."""


class LineCount(NamedTuple):
    """Lines of a page that a stream has filled so far; a value. Styles are counted as if they were printed."""

    whole: int = 0
    """Lines that are full, blank ones included."""
    used: int = 0
    """Characters of the whole words in the line under way."""
    word: int = 0
    """Characters of the word under way."""
    width: int = 0
    """Of the lines; 0 where nothing is printed."""

    @property
    def lines(self) -> int:
        """All lines, the one under way included."""
        return self.whole + (self.width > 0)

    def advance(self, symbol: str) -> LineCount:
        """After one more symbol."""
        if is_token(symbol):
            return self._opened(symbol)
        whole, used, word, width = self
        if not width:
            return self
        if symbol == "\n":
            return LineCount(whole + 1, 0, 0, width)
        if symbol == " ":
            return LineCount(whole, self._reach(), 0, width) if word else self
        if used and self._reach() + 1 > width:
            return LineCount(whole + 1, 0, word + 1, width)
        if word + 1 > width:
            return LineCount(whole + 1, 0, 1, width)
        return LineCount(whole, used, word + 1, width)

    def _reach(self) -> int:
        """Characters of the line under way, its last word included."""
        return self.used + (self.used > 0) + self.word

    def _opened(self, token: str) -> LineCount:
        if token == EXTENSION:
            # On the cue's own line, in brackets and after a space.
            return LineCount(self.whole, self._reach(), _BRACKETS[token] - 1, self.width)
        whole = self.lines
        if token in _UNSEEN:
            return LineCount(whole)
        column = _COLUMN[token]
        return LineCount(whole + column.blank_lines_before, 0, _BRACKETS.get(token, 0), column.width_chars)

    def follow(self, text: str) -> LineCount:
        """After several letters and spaces."""
        whole, used, word, width = self
        if not width:
            return self
        for symbol in text:
            reach = used + (used > 0) + word
            if symbol == " ":
                used, word = (reach, 0) if word else (used, word)
            elif used and reach + 1 > width:
                whole, used, word = whole + 1, 0, word + 1
            elif word + 1 > width:
                whole, used, word = whole + 1, 0, 1
            else:
                word += 1
        return LineCount(whole, used, word, width)

    def read(self, text: str) -> LineCount:
        """After several symbols."""
        count = self
        for symbol in text:
            count = count.advance(symbol)
        return count


@dataclass(frozen=True, slots=True, order=True)
class SceneShape:
    """What a scene is like from afar."""

    lines: int
    speakers: int
    script: int = 0
    """Number of the screenplay that has it."""


def scene_shapes(stream: str) -> list[SceneShape]:
    """Of each scene of a stream: its lines, from its heading on, and how many speak in it."""
    lines: list[int] = []
    speakers: list[int] = []
    for _, token, text in parts(stream):
        if token == SCENE:
            lines.append(0)
            speakers.append(0)
        if lines and token in (CAST, AND):
            speakers[-1] += 1
        elif lines and token != END:
            lines[-1] += _lines_of(token, text)
    return [SceneShape(*shape) for shape in zip(lines, speakers, strict=True)]


def _lines_of(token: str, text: str) -> int:
    """Lines that one element adds. An extension stands on its cue's."""
    if token == EXTENSION:
        return 0
    column = _COLUMN[token]
    lines = column.blank_lines_before
    for line in text.split("\n"):
        lines, used = lines + 1, 0
        for word in line.split():
            length = len(word)
            if used and used + 1 + length > column.width_chars:
                lines, used = lines + 1, 0
            cut = (length - 1) // column.width_chars
            lines, used = lines + cut, used + (used > 0) + length - cut * column.width_chars
    return lines


def usual_shapes(streams: Iterable[tuple[int, str]]) -> tuple[SceneShape, ...]:
    """Shapes of scenes of each stream, at equal distances from its shortest to its longest, at most 65 of each.

    Streams come with the numbers of their screenplays. One without headings has no scenes. The cost grows with them.
    """
    found: list[SceneShape] = []
    for script, stream in streams:
        shapes = sorted(scene_shapes(stream))
        if len(shapes) > _SHAPES:
            shapes = [shapes[round(share * (len(shapes) - 1) / (_SHAPES - 1))] for share in range(_SHAPES)]
        found += (replace(shape, lines=min(shape.lines, _MOST_LINES), script=script) for shape in shapes)
    return tuple(found)


def fitting(
    shapes: Sequence[SceneShape], *, pages: float | None = None, scripts: Collection[int] = ()
) -> Sequence[SceneShape]:
    """Those of some scripts, where any are named; of these the nearest in length, where one is asked for."""
    shapes = [shape for shape in shapes if shape.script in scripts] or shapes
    if pages is None:
        return shapes
    return heapq.nsmallest(_NEAREST, shapes, key=lambda shape: abs(shape.lines - pages * LINES_PER_PAGE))


def shape_of(shapes: Sequence[SceneShape], uniform: float) -> SceneShape | None:
    """The one that a number in [0, 1) falls on."""
    return shapes[math.floor(uniform * len(shapes))] if shapes else None


@dataclass(frozen=True, slots=True)
class Span:
    """Lines of a scene."""

    shortest: int = 20
    """Before which it does not end."""
    longest: int = 60
    """From which on it begins no element and no sentence."""
    hard: int = 75
    """From which on it begins no word."""

    @classmethod
    def asked(cls, pages: float) -> Span:
        """Within a tenth of so many pages."""
        lines = pages * LINES_PER_PAGE
        return cls(math.floor(0.92 * lines), round(0.97 * lines), round(1.04 * lines))

    @classmethod
    def about(cls, lines: int) -> Span:
        """More or less so many lines, and room for something to happen in them."""
        lines = max(lines, _FEWEST_LINES)
        return cls(math.floor(0.75 * lines), lines, round(1.25 * lines) + 2)
