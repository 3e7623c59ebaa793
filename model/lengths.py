"""How long things are on the page, in lines, and the constraint that keeps scenes and elements to it."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from model.constraints import STANDING, Alphabet, Standing, mask_of, tokens_of
from model.sampling import Mask
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
_MARKS = ".!?…"
_AFTER_MARKS = "\"'”’)]*_"
_APOSTROPHES = "'’"
_LONGEST_WORD = 40
_YOUNG = 15
"""Symbols of a text that has hardly begun."""
_SHAPES = 65
_NEAREST = 9
_MOST_LINES = 4 * LINES_PER_PAGE
"""A longer scene of a source counts as one of four pages."""
LONGEST_TEXTS: dict[str, int] = {
    "heading": 80,
    "extension": 30,
    "direction": 60,
    "aside": 60,
    "words": 900,
    "song": 120,
    "action": 900,
    "line": 80,
}
"""Symbols of one element's text, by its place in the grammar, after which no word of it is begun."""
_SENTENCES = ("words", "action")
"""Places whose texts end at a sentence's end, from half their longest on."""
_PHRASES = ("direction", "aside")
"""Places whose texts end at the first sentence's end. Of 2,920 in our screenplays 2 go on after it (to Mr. Abell)."""
_LONGEST_TITLE = 4
"""Characters of a word that a full stop makes short: Mrs."""


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


def shape_of(
    shapes: Sequence[SceneShape], uniform: float, *, pages: float | None = None, scripts: Collection[int] = ()
) -> SceneShape | None:
    """The one that a number in [0, 1) falls on; of those nearest in length, where a length is asked for.

    Where scripts are named, it is one of theirs.
    """
    shapes = [shape for shape in shapes if shape.script in scripts] or shapes
    if pages is not None:
        shapes = sorted(shapes, key=lambda shape: abs(shape.lines - pages * LINES_PER_PAGE))[:_NEAREST]
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
        """More or less so many lines."""
        return cls(math.floor(0.75 * lines), lines, round(1.25 * lines) + 2)


class _Stage(IntEnum):
    """How far something is over."""

    RUNNING = 0
    SENTENCE = 1
    """Where a sentence ends, it ends."""
    WORD = 2
    """Where a word ends, it ends, with a full stop."""
    NOW = 3


class LengthGuard(NamedTuple):
    """A scene is neither over before it has begun nor without end, and so is each element; no word is cut.

    What must end does so after a sentence; what has none for long, after a word, which gets a full stop.
    """

    alphabet: Alphabet
    span: Span = Span()
    filled: LineCount = LineCount()
    text_length: int = 0
    """Symbols of the element under way."""
    standing: Standing = STANDING
    last: str = SCENE
    is_ended: bool = False
    """Whether the last symbols of the text end a sentence."""
    name: str = "length"
    yields: bool = False

    def allows(self, symbol: str) -> bool:
        """Forbid endings early; late, forbid beginnings wherever element or scene may be over."""
        lines, limit = self.filled.lines, LONGEST_TEXTS.get(self.standing.state.place)
        if lines < self.span.longest and (limit is None or 2 * self.text_length < limit) and not self._is_phrase_over:
            # Neither scene nor text is near its end.
            return lines >= self.span.shortest or symbol not in (SCENE, END)
        no_end, over, stage = self._ends()
        if not (over or stage):
            return not (no_end and symbol in (SCENE, END))
        return bool(self._mask(no_end, over, stage)[self.alphabet.index(symbol)])

    def mask(self) -> Mask | None:
        """The same for all symbols."""
        no_end, over, stage = self._ends()
        if not (no_end or over or stage):
            return None
        return self._mask(no_end, over, stage)

    def _mask(self, no_end: bool, over: bool, stage: _Stage) -> Mask:
        return _length_mask(self.alphabet, no_end, over, stage, self._is_sentence, self._is_in_word)

    def instead(self, symbol: str) -> str:
        """A full stop, where a word was over and its text has to end; else nothing."""
        _, _, stage = self._ends()
        return "." if stage >= _Stage.WORD and self._is_sentence and self._is_in_word and not symbol.isalnum() else ""

    @property
    def _is_in_word(self) -> bool:
        """An apostrophe after a letter may stand inside of one."""
        return self.last.isalnum() or (self.last in _APOSTROPHES and self.filled.word > 1)

    @property
    def _is_sentence(self) -> bool:
        return self.standing.state.place in _SENTENCES

    @property
    def _is_phrase_over(self) -> bool:
        return (
            self.is_ended
            and self.standing.state.place in _PHRASES
            and min(self.text_length, self.filled.word) > _LONGEST_TITLE
        )

    def _ends(self) -> tuple[bool, bool, _Stage]:
        """Whether it is too early for the scene's end, whether it is time for it, and how far the text is over."""
        lines, span = self.filled.lines, self.span
        over, stage = False, self._text_stage()
        if lines >= span.longest and self.standing.may_end:
            over, late = True, self._scene_stage(lines)
            # What has just begun may become a sentence, however late it is.
            is_young = self._is_sentence and self.text_length < _YOUNG
            stage = max(stage, min(late, _Stage.SENTENCE) if is_young else late)
        if self._is_phrase_over:
            stage = max(stage, _Stage.SENTENCE)
        elif stage is _Stage.SENTENCE and not (self.is_ended and self._is_sentence):
            stage = _Stage.RUNNING
        return lines < span.shortest, over, stage

    def _text_stage(self) -> _Stage:
        limit = LONGEST_TEXTS.get(self.standing.state.place)
        if limit is None or 2 * self.text_length < limit or not self.standing.may_close:
            return _Stage.RUNNING
        if self.text_length < limit:
            return _Stage.SENTENCE
        return _Stage.WORD if self.text_length < limit + _LONGEST_WORD else _Stage.NOW

    def _scene_stage(self, lines: int) -> _Stage:
        if lines < self.span.hard:
            return _Stage.SENTENCE
        return _Stage.WORD if lines < self.span.hard + 2 else _Stage.NOW

    def advance(self, symbol: str) -> LengthGuard:
        """Count from each scene's start, and from each element's."""
        alphabet, span, filled, length, standing, _, is_ended, _, _ = self
        if is_token(symbol):
            length, is_ended = 0, False
            filled = (LineCount() if symbol == SCENE else filled).advance(symbol)
        else:
            length, filled = length + 1, filled.advance(symbol)
            is_ended = symbol in _MARKS or (is_ended and symbol in _AFTER_MARKS)
        return LengthGuard(alphabet, span, filled, length, standing.advance(symbol), symbol, is_ended)


@lru_cache(1 << 8)
def _length_mask(alphabet: Alphabet, no_end: bool, over: bool, stage: _Stage, is_sentence: bool, in_word: bool) -> Mask:
    tokens = tokens_of(alphabet)
    marks = {symbol for symbol in alphabet if symbol in _MARKS} if is_sentence else set()
    texts = set(alphabet) - tokens
    forbidden: set[str] = set()
    if no_end:
        forbidden |= {SCENE, END}
    if over:
        forbidden |= tokens - {SCENE, END}
    if stage is _Stage.SENTENCE:
        forbidden |= {symbol for symbol in texts if symbol not in _MARKS + _AFTER_MARKS}
    elif stage is _Stage.WORD and in_word:
        # A sentence gets its full stop, wherever it is broken off.
        forbidden |= {symbol for symbol in texts if not symbol.isalnum()} - marks
        forbidden |= tokens if marks else set()
    elif stage:
        forbidden |= texts
    return ~mask_of(alphabet, forbidden)
