"""Make elements of lines whose kind is known."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
from screenplay.readers import layout_words as words
from screenplay.readers.layout_features import Facts
from screenplay.readers.layout_lines import RIGHT, Ints
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
    TITLE_PAGE,
    TRANSITION,
)
from screenplay.readers.layout_title import title_page
from screenplay.readers.layout_wraps import Wraps, fold

_CONTINUED = re.compile(r"\(?\s?(?:cont(?:inued|inuing|['’`]?d|\.)?\.?)\s?\)?", re.IGNORECASE)
_ORDINAL = re.compile(r"\d+(?:ST|ND|RD|TH|AM|PM|S)$")
_DIRECTION = re.compile(r"\[([^\[\]]{1,2000})\]|\(([A-Z][^()]{2,2000})\)")
_TERMINAL = ".!?:\"')]”’—…-"
_LYRIC = "♪"


@dataclass(slots=True)
class _Block:
    """One element in the making."""

    state: int
    first: int
    """Index of its first line."""
    text: str


def build(facts: Facts, states: Ints, *, source: str) -> Screenplay:
    """Join the lines and make the elements."""
    return _Builder(facts, states).screenplay()


class _Builder:
    def __init__(self, facts: Facts, states: Ints) -> None:
        self.facts = facts
        self.lines = facts.lines
        self.states = states.tolist()
        self.gaps = facts.gap.tolist()
        self.wraps = Wraps(facts, states)
        self.numbered = self._is_numbered()
        self.is_play = CUE_AND_SPEECH in self.states
        self.spaced = facts.columns["manner"][1][0] != 2 if len(states) else True
        """Whether blank lines part the paragraphs of this text."""
        self.elements: list[Element] = []

    def _is_numbered(self) -> bool:
        """Whether most headings that can't be mistaken carry a scene number."""
        with_number = plain = 0
        for text, state in zip(self.lines.text, self.states, strict=True):
            if state == HEADING and words.is_heading_opening(words.without_numbers(text)[0]):
                if words.LEADING_NUMBER.match(text):
                    with_number += 1
                else:
                    plain += 1
        return with_number > plain

    def screenplay(self) -> Screenplay:
        title: list[tuple[str, int]] = []
        for block in self._blocks():
            if block.state == TITLE_PAGE:
                title.append((fold(block.text), int(self.lines.gap[block.first])))
            else:
                self._add(block)
        return Screenplay(title_page=title_page(title), elements=tuple(self.elements))

    def _blocks(self) -> list[_Block]:
        blocks: list[_Block] = []
        current: _Block | None = None
        broken = False
        """Whether furniture stands between the current block and this line."""
        speaker = ""
        for index, (state, text) in enumerate(zip(self.states, self.lines.text, strict=True)):
            if state in (FURNITURE, FURNITURE_IN_SPEECH):
                broken = True
                continue
            if state == CHARACTER:
                name = _name_and_extension(text)[0]
                if (
                    broken
                    and name == speaker
                    and current is not None
                    and current.state != CHARACTER
                    and self._is_repeat(index)
                ):
                    continue
                speaker = name
            elif state not in (DIALOGUE, PARENTHETICAL):
                speaker = ""
            opened = (
                current.text.rfind("(") if current is not None and current.state in (DIALOGUE, CUE_AND_SPEECH) else -1
            )
            if (
                current is not None
                and state == PARENTHETICAL
                and _is_open(current.text, opened)
                and text[0] not in "(["
            ):
                # A direction that began within a line of the speech: it gets an element of its own.
                direction = self.wraps.joined(current.text[opened:], text)
                current.text = current.text[:opened].rstrip()
                current = _Block(state, index, direction)
                blocks.append(current)
            elif (
                current is not None
                and state == DIALOGUE
                and current.state == PARENTHETICAL
                and self._closes(current, text)
            ):
                end = text.index(")") + 1
                current.text = self.wraps.joined(current.text, text[:end])
                current = _Block(state, index, text[end:].lstrip())
                blocks.append(current)
            elif current is not None and self._goes_on(current, index, broken=broken):
                current.text = self._more(current, index, broken=broken)
            else:
                current = _Block(state, index, text)
                blocks.append(current)
            broken = False
        return blocks

    @staticmethod
    def _closes(block: _Block, text: str) -> bool:
        """Whether a line of speech begins with the end of the direction above it."""
        return _is_open(block.text, block.text.rfind("(")) and 0 <= text.find(")") < (text.find("(") % (len(text) + 1))

    def _is_repeat(self, index: int) -> bool:
        """Whether the cue only says that the speech goes on over the page."""
        if _CONTINUED.search(self.lines.text[index].partition("(")[2]):
            return True
        before = self.lines.text[max(0, index - 4) : index]
        return any("MORE" in text.upper() and len(text) < 9 for text in before)

    def _goes_on(self, block: _Block, index: int, *, broken: bool) -> bool:
        state = self.states[index]
        if state != block.state and not (state == DIALOGUE and block.state == CUE_AND_SPEECH):
            return False
        text = self.lines.text[index]
        gap = self.gaps[index] if not broken else 0
        if state == PARENTHETICAL:
            return block.text.count("(") > block.text.count(")") or (text[0] not in "([" and block.text[-1] not in ")]")
        if state == DIALOGUE:
            return True
        if state == ACTION:
            if broken:
                return text[0].islower() or block.text[-1].isalpha() or block.text[-1] == ","
            if gap:
                return False
            return self.spaced or not self.wraps.is_break(index)
        if state == HEADING:
            return not gap and not broken and self._is_heading_rest(block, index)
        if state in (SHOT, TRANSITION):
            return (
                not gap
                and not broken
                and len(block.text) > 45
                and self.lines.indent[index] == self.lines.indent[index - 1]
            )
        return False

    def _is_heading_rest(self, block: _Block, index: int) -> bool:
        """Whether a heading's line is the rest of the one above."""
        text = self.lines.text[index]
        if not any(letter.isalpha() for letter in block.text):
            return True
        if words.is_heading_opening(words.without_numbers(text)[0]) or words.LEADING_NUMBER.match(text):
            return False
        return block.text[-1] in "-–—,/&" or len(block.text) > 40

    def _more(self, block: _Block, index: int, *, broken: bool) -> str:
        text = self.lines.text[index]
        if block.state in (ACTION, DIALOGUE, CUE_AND_SPEECH):
            if not broken and self.gaps[index]:
                return f"{block.text}\n\n{text}" if block.text[-1] in _TERMINAL else f"{block.text} {text}"
            if not broken and self.wraps.is_break(index):
                return f"{block.text}\n{text}"
        return self.wraps.joined(block.text, text)

    def _add(self, block: _Block) -> None:
        if not block.text:
            return
        line = int(self.lines.number[block.first]) + 1
        text = "\n".join(fold(part) for part in block.text.split("\n"))
        match block.state:
            case _ if not any(letter.isalnum() for letter in text) and block.state != DIALOGUE:
                self.elements.append(Action(text=text, line=line))
            case s if s == HEADING:
                self._add_heading(block.text, line)
            case s if s == CHARACTER:
                name, extension = _name_and_extension(text)
                if self.is_colon_cue(text):
                    name = name.rstrip(":").rstrip()
                dual = bool(self.lines.column[block.first] == RIGHT)
                self.elements.append(Character(name=name, extension=extension or None, dual=dual, line=line))
            case s if s == PARENTHETICAL:
                bare = _bare(text)
                self.elements.append(Parenthetical(text=bare, line=line) if bare else Action(text=text, line=line))
            case s if s == DIALOGUE:
                self._add_speech(text, line)
            case s if s == CUE_AND_SPEECH:
                self._add_cue_and_speech(text, line)
            case s if s == TRANSITION:
                self.elements.append(Transition(text=text, line=line))
            case s if s == SHOT:
                self.elements.append(Shot(text=text, line=line))
            case _:
                self._add_action(text, line)

    @staticmethod
    def is_colon_cue(text: str) -> bool:
        """Whether a cue ends as those of plays and transcripts do."""
        return len(text) > 1 and text.endswith(":")

    def _add_heading(self, text: str, line: int) -> None:
        bare, number = words.without_numbers(text)
        opened = words.is_heading_opening(bare) or bare.startswith("OMIT")
        if number is not None and (_ORDINAL.match(number) or not (opened or self.numbered or text.endswith(number))):
            bare, number = text, None
        self.elements.append(SceneHeading(text=bare, number=number, line=line))

    def _add_action(self, text: str, line: int) -> None:
        if self.is_play and text[0] == "[" and text[-1] == "]" and "[" not in text[1:] and len(text) > 2:
            text = text[1:-1].strip() or text
        self.elements.append(Action(text=text, line=line))

    def _add_cue_and_speech(self, text: str, line: int) -> None:
        cue = words.play_cue(text)
        if cue is None:
            self._add_action(text, line)
            return
        name, extension = _name_and_extension(cue["name"])
        self.elements.append(Character(name=name, extension=extension or None, line=line))
        rest = text[cue.end() :].lstrip(" —-\n") if cue["mark"] == "." else text[cue.end() :].strip()
        if rest:
            self._add_speech(rest, line)

    def _add_speech(self, text: str, line: int) -> None:
        """Dialogue, with lyrics, and in plays with directions in brackets, told apart."""
        if _LYRIC in text:
            self._add_sung(text, line)
            return
        if not self.is_play or ("[" not in text and "(" not in text):
            self.elements.append(Dialogue(text=text, line=line))
            return
        at = 0
        for found in _DIRECTION.finditer(text):
            self._add_said(text[at : found.start()], line)
            self.elements.append(Parenthetical(text=" ".join((found[1] or found[2]).split()), line=line))
            at = found.end()
        self._add_said(text[at:], line)

    def _add_said(self, text: str, line: int) -> None:
        text = text.strip()
        if text:
            self.elements.append(Dialogue(text=text, line=line))

    def _add_sung(self, text: str, line: int) -> None:
        said: list[str] = []
        for part in text.split("\n"):
            if part.startswith(_LYRIC) and part.strip(f"{_LYRIC} "):
                self._add_said("\n".join(said), line)
                said = []
                self.elements.append(Lyric(text=part.strip(f"{_LYRIC} "), line=line))
            else:
                said.append(part)
        self._add_said("\n".join(said), line)


def _is_open(text: str, at: int) -> bool:
    """Whether the bracket that stands there is not closed."""
    return at >= 0 and ")" not in text[at:]


def _bare(text: str) -> str:
    """A direction without its brackets, even where one of them was lost."""
    if text[0] in "([" and text[-1] in ")]":
        return text[1:-1].strip()
    if text[0] in "([" and not any(mark in text for mark in ")]"):
        return text[1:].strip()
    if text[-1] in ")]" and not any(mark in text for mark in "(["):
        return text[:-1].strip()
    return text


def _name_and_extension(text: str) -> tuple[str, str]:
    """`NAME (V.O.) (CONT'D)` as `NAME` and `V.O.) (CONT'D`."""
    name, bracket, rest = text.partition("(")
    name = name.strip()
    if not bracket or not name:
        return text.strip(), ""
    rest = rest.strip().rstrip(":").rstrip()
    extension = rest.removesuffix(")").strip()
    return name, extension
