"""Make elements of blocks of text whose kind is known."""

from __future__ import annotations

import re

from screenplay.elements import (
    Action,
    Character,
    Dialogue,
    Element,
    Lyric,
    Parenthetical,
    SceneHeading,
    Screenplay,
    Shot,
    Transition,
)
from screenplay.page import TEXT_WIDTH_CHARS
from screenplay.readers import layout_plays as plays
from screenplay.readers import layout_words as words
from screenplay.readers.layout_blocks import CLOSING, LYRIC, OPENING, Block, Joiner, name_and_extension
from screenplay.readers.layout_features import Facts
from screenplay.readers.layout_lines import RIGHT, Ints
from screenplay.readers.layout_states import (
    CHARACTER,
    CUE_AND_SPEECH,
    DIALOGUE,
    HEADING,
    PARENTHETICAL,
    SHOT,
    TITLE_PAGE,
    TRANSITION,
)
from screenplay.readers.layout_title import title_page

_ORDINAL = re.compile(r"\d+(?:ST|ND|RD|TH|AM|PM|S)$")
_SOLID = re.compile(r"[^\W_]")
_SPACES = re.compile(r"[^\S\n]+")
_HEARD = re.compile(
    r"[(\[](?P<how>v\.? ?o\.?|o\.? ?[sc]\.?|cont['’]?d\.?|continued|voice[- ]over|off[- ]screen)[)\]]\s*", re.IGNORECASE
)
"""An extension below the name that it belongs to, or before the speech."""
_INDENTED_CHARS = 8
"""A centred line stands at least so far in."""


def build(facts: Facts, states: Ints) -> Screenplay:
    """Join the lines and make the elements."""
    return _Builder(facts, states).screenplay()


class _Builder:
    def __init__(self, facts: Facts, states: Ints) -> None:
        self.lines = facts.lines
        self.left = facts.left
        self.joiner = Joiner(facts, states)
        self.habits = plays.habits(facts, states)
        self.numbered = self._is_numbered()
        self.elements: list[Element] = []

    def _is_numbered(self) -> bool:
        """Whether most headings that can't be mistaken carry a scene number."""
        balance = 0
        for text, state in zip(self.lines.text, self.joiner.states, strict=True):
            if state == HEADING and words.is_heading_opening(words.without_numbers(text)[0]):
                balance += 1 if words.LEADING_NUMBER.match(text) else -1
        return balance > 0

    def screenplay(self) -> Screenplay:
        """All elements, and the title page."""
        title: list[tuple[str, int]] = []
        indents: list[int] = []
        for block in self.joiner.join():
            if block.state == TITLE_PAGE:
                title.append((_fold(block.text), int(self.lines.gap[block.rows[0]])))
                indents.append(int(self.lines.indent[block.rows[0]]))
            else:
                self._add(block)
        return Screenplay(title_page=title_page(title, indents), elements=tuple(self.elements))

    def _add(self, block: Block) -> None:
        text = block.text
        if not text:
            return
        line = int(self.lines.number[block.rows[0]]) + 1
        if block.state == HEADING and _SOLID.search(text):
            self._add_heading(text, line)
            return
        text = _fold(text)
        if block.state in (DIALOGUE, PARENTHETICAL):
            text = self._take_extension(text)
            if not text:
                return
        if block.state == DIALOGUE:
            self._add_speech(text, line)
        elif block.state == CUE_AND_SPEECH:
            self._add_cue_and_speech(text, line)
        elif not _SOLID.search(text):
            self.elements.append(Action(text=text, line=line))
        elif block.state == CHARACTER:
            text = text.rstrip(":：")
            name, extension = name_and_extension(text.removesuffix(".") if self.habits.dotted else text)
            dual = bool(self.lines.column[block.rows[0]] == RIGHT)
            self.elements.append(Character(name=name, extension=extension or None, dual=dual, line=line))
        elif block.state == PARENTHETICAL:
            self._add_direction(text, line)
        elif block.state in (TRANSITION, SHOT):
            make = Transition if block.state == TRANSITION else Shot
            self.elements.append(make(text=text, line=line))
        else:
            self._add_action(text, line, centered=self._is_centered(block))

    def _take_extension(self, text: str) -> str:
        """Give the cue above its extension; the rest of the text."""
        if text[0] not in OPENING:
            return text
        cue = self.elements[-1] if self.elements else None
        heard = _HEARD.match(text)
        if heard is None or not isinstance(cue, Character) or cue.extension:
            return text
        self.elements[-1] = Character(name=cue.name, extension=heard["how"], dual=cue.dual, line=cue.line)
        return text[heard.end() :]

    def _add_heading(self, text: str, line: int) -> None:
        bare, number = words.omitted(text) or words.without_numbers(text)
        sure = "OMIT" in bare or words.is_heading_opening(bare) or self.numbered
        if number is not None and (_ORDINAL.match(number) or not (sure or text.endswith(number))):
            bare, number = text, None
        self.elements.append(SceneHeading(text=bare, number=number, line=line))

    def _is_centered(self, block: Block) -> bool:
        """Whether every line of a paragraph stands in the middle of the page."""
        for row in block.rows:
            indent = int(self.lines.indent[row]) - self.left
            margins = TEXT_WIDTH_CHARS - 2 * indent - len(self.lines.text[row])
            if indent < _INDENTED_CHARS or not -2 <= margins <= 2:
                return False
        return True

    def _add_action(self, text: str, line: int, *, centered: bool = False) -> None:
        if self.habits.is_play:
            text = text[1:-1].strip() if plays.is_bracketed(text) and _SOLID.search(text) else text
            text = plays.without_slant(text)
        self.elements.append(Action(text=text, centered=centered, line=line))

    def _add_cue_and_speech(self, text: str, line: int) -> None:
        parts = plays.cue_and_speech(text)
        if parts is None:
            self._add_action(text, line)
            return
        name, extension, direction, speech = parts
        self.elements.append(Character(name=name, extension=extension or None, line=line))
        if direction:
            self.elements.append(Parenthetical(text=direction, line=line))
        self._add_speech(speech, line)

    def _add_speech(self, text: str, line: int) -> None:
        """Dialogue, with lyrics, and in plays with directions in brackets, told apart."""
        if LYRIC in text:
            self._add_sung(text, line)
            return
        if not self.habits.is_play:
            self._add_said(text, line)
            return
        for part, is_direction in plays.directions(text):
            if is_direction:
                self.elements.append(Parenthetical(text=part, line=line))
            else:
                self._add_said(part, line)

    def _add_direction(self, text: str, line: int) -> None:
        """One parenthetical; speech too, where it follows a bracket that closes."""
        end = _closing(text) if text[0] in OPENING else len(text)
        if not 0 < end < len(text) - 1 or not _SOLID.search(text, end):
            self.elements.append(Parenthetical(text=_bare(text), line=line))
            return
        for part, is_direction in plays.directions(text):
            if is_direction:
                self.elements.append(Parenthetical(text=part, line=line))
            else:
                self._add_said(part, line)

    def _add_said(self, text: str, line: int) -> None:
        text = text.strip()
        if text:
            self.elements.append(Dialogue(text=text, line=line))

    def _add_sung(self, text: str, line: int) -> None:
        said: list[str] = []
        for part in text.split("\n"):
            sung = part.strip(f"{LYRIC} ")
            if part.startswith(LYRIC) and sung:
                self._add_said("\n".join(said), line)
                said = []
                self.elements.append(Lyric(text=sung, line=line))
            else:
                said.append(part)
        self._add_said("\n".join(said), line)


def _fold(text: str) -> str:
    """One space for any run of them; line breaks stay."""
    return _SPACES.sub(" ", text) if "  " in text or "\t" in text else text


def _bare(text: str) -> str:
    """A direction without its brackets, even where one of them was lost."""
    if text[0] in OPENING and _closing(text) == len(text) - 1:
        return text[1:-1].strip()
    if text[0] in OPENING and _closing(text) < 0:
        return text[1:].strip()
    if text[-1] in CLOSING and not any(mark in text for mark in OPENING):
        return text[:-1].strip()
    return text


def _closing(text: str) -> int:
    """Where the bracket closes that a text begins with; -1 for nowhere."""
    depth = 0
    for index, letter in enumerate(text):
        depth += (letter in OPENING) - (letter in CLOSING)
        if not depth:
            return index
    return -1
