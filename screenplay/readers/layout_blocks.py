"""Join lines whose kind is known into blocks, each the text of one element or two."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from screenplay.readers import layout_words as words
from screenplay.readers.layout_features import Facts
from screenplay.readers.layout_lines import Ints
from screenplay.readers.layout_states import (
    ACTION,
    CHARACTER,
    CUE_AND_SPEECH,
    DIALOGUE,
    FURNITURE,
    FURNITURE_IN_SPEECH,
    HEADING,
    PARENTHETICAL,
    SHOT,
    TRANSITION,
)
from screenplay.readers.layout_wraps import Wraps

_CONTINUED = re.compile(r"cont(?:inued|inuing|['’`]?d|\.)?\.?\s?(?:\)|$)", re.IGNORECASE)
_TERMINAL = ".!?:\"')]”’—…-"
LYRIC = "♪"
OPENING, CLOSING = "([（", ")]）"
_BRACKET = re.compile(r"[()\[\]（）]")
_LONG_LINE = 40
"""A heading, shot or transition that is shorter was not wrapped."""
_SPEECH = (DIALOGUE, CUE_AND_SPEECH)


@dataclass(slots=True)
class Block:
    """Lines that belong together."""

    state: int
    rows: list[int]
    """Their indices among the filled lines."""
    parts: list[str] = field(default_factory=list)
    """Pieces of the text; together they are all of it."""
    depth: int = 0
    """How many brackets are open at its end."""
    opened: tuple[int, int] | None = None
    """Part and place of the last bracket, if it is still open."""

    @property
    def text(self) -> str:
        """The whole text; line breaks are the writer's."""
        return "".join(self.parts)

    @property
    def last(self) -> str:
        """The last character."""
        return self.parts[-1][-1:] if self.parts else ""

    def add(self, text: str, glue: str = "") -> None:
        """Put a piece at the end."""
        self.parts.append(glue + text)
        if not _BRACKET.search(text):
            return
        self.depth = max(0, self.depth + sum(map(text.count, OPENING)) - sum(map(text.count, CLOSING)))
        opening, closing = max(map(text.rfind, OPENING)), max(map(text.rfind, CLOSING))
        self.opened = (len(self.parts) - 1, len(glue) + opening) if opening > closing else None

    def take_open_bracket(self) -> str:
        """Take off and return what follows the last open bracket, and the bracket."""
        assert self.opened is not None
        part, place = self.opened
        taken = "".join([self.parts[part][place:], *self.parts[part + 1 :]])
        self.parts[part:] = [self.parts[part][:place].rstrip()]
        self.opened = None
        return taken


def name_and_extension(text: str) -> tuple[str, str]:
    """`NAME (V.O.) (CONT'D)` as `NAME` and `V.O.) (CONT'D`."""
    name, bracket, rest = text.partition("（" if "（" in text else "(")
    name = name.strip()
    if not bracket or not name:
        return text.strip(), ""
    return name, rest.strip().rstrip(":").rstrip().removesuffix(")").removesuffix("）").strip()


class Joiner:
    """Goes through the lines of one text once."""

    def __init__(self, facts: Facts, states: Ints) -> None:
        self.texts = facts.lines.text
        self.indents = facts.lines.indent.tolist()
        self.states: list[int] = states.tolist()
        self.gaps: list[int] = facts.gap.tolist()
        self.wraps = Wraps(facts, states)
        self.spaced = bool(facts.columns["manner"][1][0] != 2)
        """Whether blank lines part the paragraphs of this text."""
        self.blocks: list[Block] = []
        self.broken = False
        """Whether furniture stands between the last block and this line."""
        self.speaker = ""

    def join(self) -> list[Block]:
        """All blocks, in order; furniture is left out."""
        for index, state in enumerate(self.states):
            if state in (FURNITURE, FURNITURE_IN_SPEECH):
                self.broken = True
                continue
            if state == CHARACTER and self._is_repeat(index):
                continue
            self._place(index, state)
            self.broken = False
        return self.blocks

    def _is_repeat(self, index: int) -> bool:
        """Whether a cue only says that the speech goes on over the page; remembers who speaks."""
        name = name_and_extension(self.texts[index])[0]
        same, self.speaker = name == self.speaker, name
        if not (self.broken and same) or not self.blocks or self.blocks[-1].state == CHARACTER:
            return False
        if _CONTINUED.search(self.texts[index].partition("(")[2]):
            return True
        before = self.texts[max(0, index - 4) : index]
        return any("MORE" in text.upper() and len(text) < 9 for text in before)

    def _place(self, index: int, state: int) -> None:
        text = self.texts[index]
        if state not in (CHARACTER, DIALOGUE, PARENTHETICAL):
            self.speaker = ""
        block = self.blocks[-1] if self.blocks else None
        if state == PARENTHETICAL and _ends_with_direction(text) and not (block and block.depth):
            state = DIALOGUE
        if block is None:
            self._begin(state, index, text)
        elif state == PARENTHETICAL and block.state in _SPEECH and block.opened and text[0] not in OPENING:
            # A direction that began within a line of the speech gets an element of its own.
            direction = Block(state, [index])
            direction.add(block.take_open_bracket())
            self.blocks.append(direction)
            self._glue(direction, text)
        elif state == DIALOGUE and block.state == PARENTHETICAL and block.opened and _closes(text):
            end = _first(text, CLOSING) + 1
            self._glue(block, text[:end])
            self._begin(state, index, text[end:].lstrip())
        elif self._goes_on(block, index, state):
            self._continue(block, index)
        else:
            self._begin(state, index, text)

    def _begin(self, state: int, index: int, text: str) -> None:
        if text:
            block = Block(state, [index])
            block.add(text)
            self.blocks.append(block)

    def _glue(self, block: Block, text: str) -> None:
        glue = self.wraps.glue(block.parts[-1], text)
        if glue is None:
            block.parts[-1] = block.parts[-1][:-1]
        block.add(text, glue or "")

    def _goes_on(self, block: Block, index: int, state: int) -> bool:
        if state != block.state and not (state == DIALOGUE and block.state == CUE_AND_SPEECH):
            return False
        text = self.texts[index]
        level = not self.gaps[index] and not self.broken
        if state == PARENTHETICAL:
            return block.depth > 0 or (text[0] not in OPENING and block.last not in CLOSING)
        if state == DIALOGUE:
            return True
        if state == ACTION:
            if self.broken:
                return text[0].islower() or block.last.isalpha() or block.last == ","
            return level and (self.spaced or not self.wraps.is_break(index))
        if state == HEADING:
            return level and self._is_heading_rest(block, index)
        if state == TRANSITION and level and words.TO.match(text) and block.last != ":":
            return True
        if state in (SHOT, TRANSITION):
            return level and len(block.parts[-1]) > _LONG_LINE and self.indents[index] == self.indents[index - 1]
        return False

    def _is_heading_rest(self, block: Block, index: int) -> bool:
        """Whether a heading's line is the rest of the one above."""
        text = self.texts[index]
        if len(block.parts) == 1 and not any(letter.isalpha() for letter in block.parts[0]):
            return True
        if words.is_heading_opening(words.without_numbers(text)[0]) or words.LEADING_NUMBER.match(text):
            return False
        return block.last in "-–—,/&" or len(block.parts[-1]) > _LONG_LINE

    def _continue(self, block: Block, index: int) -> None:
        text = self.texts[index]
        before = block.rows[-1]
        block.rows.append(index)
        if text.startswith(LYRIC) or (
            self.texts[before].startswith(LYRIC) and self.indents[index] <= self.indents[before]
        ):
            # A sung line ends where the next one begins, and goes on farther in.
            block.add(text, "\n")
            return
        if block.state in (ACTION, DIALOGUE, CUE_AND_SPEECH) and not self.broken:
            if self.gaps[index]:
                block.add(text, "\n\n" if block.last in _TERMINAL else " ")
                return
            if self.wraps.is_break(index):
                block.add(text, "\n")
                return
        self._glue(block, text)


def _first(text: str, marks: str) -> int:
    """Where the first of some marks stands; the end of the text where none does."""
    return min((at for at in map(text.find, marks) if at >= 0), default=len(text))


def _closes(text: str) -> bool:
    """Whether a line ends a bracket before it opens one."""
    return _first(text, CLOSING) < _first(text, OPENING)


def _ends_with_direction(text: str) -> bool:
    """Whether words and then a bracket of their own fill a line: speech, whatever its end looks like."""
    return 0 < _first(text, OPENING) < _first(text, CLOSING) < len(text)
