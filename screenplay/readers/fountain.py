"""Reads Fountain 1.1, and what people write instead of it.

Rules where the published syntax leaves a choice:

- A note or boneyard on lines of its own becomes an element where it stands, in a speech, too. One
  inside a line comes after that line's element, or before it where it stands before its first word.
- Blank lines beyond the first between two actions are empty actions; elsewhere they say nothing.
- A heading in capitals needs no blank line after it, nor before it where one follows; `.` forces one without any.
- `FADE IN:`, `FADE OUT.` and their like are transitions; `CLOSE ON …`, `… POV` and their like are shots.
- A lone `@` opens a speech without a cue; a lone `!` is an empty line of action.

Source: https://fountain.io/syntax, version 1.1.
"""

from __future__ import annotations

import re
import warnings

from screenplay import fountain_syntax as syntax
from screenplay.elements import (
    Action,
    Character,
    Dialogue,
    Element,
    Lyric,
    Note,
    PageBreak,
    Parenthetical,
    SceneHeading,
    Screenplay,
    Section,
    Shot,
    Synopsis,
    Transition,
)
from screenplay.errors import ReadWarning
from screenplay.readers import Reading
from screenplay.readers.fountain_lines import Lines

_ESCAPED_LESS = re.compile(r"(?<!\\)\\(\\*+<)\Z")
_ESCAPED_INDENT = re.compile(r"\A\\(\\*+\s)")
_WHERE_ENDS = {"note": " in its paragraph", "boneyard": ""}
_MAX_PARENTHETICAL_LINES = 4


def read(text: str, *, source: str = "<text>") -> Screenplay:
    """The screenplay in a Fountain text. Any text is one."""
    return scan(text, source=source).screenplay


def scan(text: str, *, source: str = "<text>") -> Reading:
    """The screenplay in a Fountain text, and what each of its lines was taken for.

    A note or boneyard that never ends is text; a ReadWarning names its line.
    """
    lines = Lines(text.removeprefix("\ufeff"))
    for kind, line in lines.unclosed:
        message = f"a {kind} opens here and never ends{_WHERE_ENDS[kind]}; it is read as text"
        warnings.warn(ReadWarning(message, source=source, line=line), stacklevel=2)
    body = _Body(lines)
    title_page = body.take_title_page()
    body.take_blocks()
    return Reading(Screenplay(title_page=title_page, elements=tuple(body.elements)), tuple(lines.tags))


class _Body:
    """Turns lines into elements, block by block."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._texts = lines.texts
        self._stripped = lines.stripped
        self._extras = lines.extras
        self._at = 0
        self.elements: list[Element] = []

    # --- Title page

    def take_title_page(self) -> dict[str, tuple[str, ...]]:
        """Read past the title page, if there is one."""
        start = 0
        while start < len(self._texts) and not self._stripped[start]:
            start += 1
        end = start
        while end < len(self._texts) and self._stripped[end]:
            end += 1
        # A heading ends a title page that nobody ended with a blank line.
        block = self._texts[start:end]
        for offset, line in enumerate(block):
            if syntax.HEADING.match(line):
                del block[offset:]
                break
        if not syntax.is_title_page(block):
            return {}
        page: dict[str, list[str]] = {}
        key = ""
        for offset, line in enumerate(block):
            found = syntax.title_key(line)
            if found is not None:
                key, line = found
            page.setdefault(key, [])
            if line.strip():
                page[key].append(line)
            self._lines.tag(start + offset, "title_page")
        for index in range(start + len(block)):
            self._emit_extras(index)
        self._at = start + len(block)
        return {key: tuple(values) for key, values in page.items()}

    # --- Blocks

    def take_blocks(self) -> None:
        """Read all that is left."""
        blanks = 0
        while self._at < len(self._texts):
            line = self._stripped[self._at]
            if line:
                self._take_block(line, blanks)
                blanks = 0
                continue
            if self._at in self._extras:
                self._emit_extras(self._at)
            else:
                blanks += 1
            self._at += 1

    def _take_block(self, line: str, blanks: int) -> None:
        look = syntax.opening(line)
        if look in (syntax.ACTION, syntax.FORCED_ACTION):
            self._take_action(blanks)
        elif look == syntax.CUE:
            if self._lines.is_blank(self._at + 1):
                self._take_action(blanks)
            else:
                self._take_cue(line)
        elif look == syntax.FORCED_CUE:
            self._take_cue(line[1:].lstrip())
        elif look == syntax.CENTERED:
            self._take_centered(blanks)
        elif look in (syntax.TRANSITION, syntax.SHOT, syntax.HEADING_LINE):
            self._take_unforced(line, look, blanks)
        else:
            self._take_marked(line, look)

    def _take_unforced(self, line: str, look: str, blanks: int) -> None:
        """What only its surroundings make a heading, transition or shot."""
        alone = self._lines.is_blank(self._at + 1)
        number = self._number
        if look == syntax.HEADING_LINE:
            if alone or syntax.is_capital_heading(line):
                self._take_heading(line)
            else:
                self._take_action(blanks)
        elif look == syntax.TRANSITION and self._ends_in_space:
            self._take_action(blanks)
        elif alone or (look == syntax.TRANSITION and syntax.HEADING.match(self._stripped[self._at + 1])):
            if look == syntax.TRANSITION:
                self._put(Transition(text=line, line=number), "transition")
            else:
                self._put(Shot(text=line, line=number), "shot")
        else:
            self._take_cue(line)

    def _take_marked(self, line: str, look: str) -> None:
        number = self._number
        if look == syntax.FORCED_HEADING:
            self._take_heading(syntax.unforce_heading(line))
        elif look == syntax.FORCED_TRANSITION:
            self._put(Transition(text=_ESCAPED_LESS.sub(r"\1", line[1:]), line=number), "transition")
        elif look == syntax.LYRIC:
            self._put(Lyric(text=line[1:], line=number), "lyric")
        elif look == syntax.SECTION:
            text = line.lstrip("#")
            self._put(Section(text=text, level=len(line) - len(text), line=number), "section")
        elif look == syntax.SYNOPSIS:
            self._put(Synopsis(text=line[1:], line=number), "synopsis")
        else:
            self._put(PageBreak(line=number), "page_break")

    def _take_heading(self, line: str) -> None:
        text, number = syntax.split_heading(line)
        self._put(SceneHeading(text=text, number=number, line=self._number), "scene_heading")

    # --- Action

    def _take_action(self, blanks: int) -> None:
        start = index = self._at
        kept: list[str] = []
        while index < len(self._texts):
            line = self._stripped[index]
            if not line:
                if index not in self._extras:
                    break
            elif index > start and self._ends_action(index):
                break
            else:
                kept.append(_unforced(self._texts[index], line))
                self._lines.tag(index, "action")
            index += 1
        if index == start + 1 and self._is_marked_shot(start):
            self._lines.tag(start, "shot")
            self.elements.append(Shot(text=kept[0], line=self._lines.numbers[start]))
            self._at = index
            return
        self._put_action(Action(text="\n".join(kept), line=self._lines.numbers[start]), blanks, index)

    def _ends_action(self, index: int) -> bool:
        line = self._stripped[index]
        if line[0] in "#=>":
            return syntax.ends_action(line)
        return syntax.is_capital_heading(line) and self._lines.is_blank(index + 1)

    def _is_marked_shot(self, index: int) -> bool:
        extras = self._extras.get(index)
        return (
            extras is not None
            and extras.end_the_line
            and not extras.before
            and len(extras.after) == 1
            and isinstance(note := extras.after[0], Note)
            and note.text == syntax.SHOT_NOTE
            and self._stripped[index].startswith("!")
            and len(self._stripped[index]) > 1
        )

    def _take_centered(self, blanks: int) -> None:
        start = index = self._at
        kept: list[str] = []
        while index < len(self._texts):
            line = self._stripped[index]
            if line:
                if not syntax.is_centered(line):
                    break
                kept.append(_ESCAPED_INDENT.sub(r"\1", line[1:-1].strip()))
                self._lines.tag(index, "action")
            elif index not in self._extras:
                break
            index += 1
        self._put_action(Action(text="\n".join(kept), centered=True, line=self._lines.numbers[start]), blanks, index)

    def _put_action(self, action: Action, blanks: int, end: int) -> None:
        """Append an action with what was noted in its lines, and the extra blank lines before it."""
        start = self._at
        extras = self._extras.get(start)
        if extras is not None:
            self.elements += extras.before
        elif self.elements and isinstance(self.elements[-1], Action):
            numbers = self._lines.numbers
            self.elements += (Action(text="", line=numbers[index]) for index in range(start - blanks + 1, start))
        self.elements.append(action)
        if self._extras:
            for index in range(start, end):
                extras = self._extras.get(index)
                if extras is not None:
                    self.elements += extras.after if index == start else extras.before + extras.after
        self._at = end

    # --- Speeches

    def _take_cue(self, line: str) -> None:
        if line:
            name, extension, dual = syntax.split_cue(line)
            self._put(Character(name=name, extension=extension, dual=dual, line=self._number), "character")
        else:
            self._lines.tag(self._at, "character")
            self._emit_extras(self._at)
            self._at += 1
        self._take_speech()

    def _take_speech(self) -> None:
        run = _Run(self)
        count = len(self._texts)
        while self._at < count:
            index, line = self._at, self._stripped[self._at]
            if not line:
                if index in self._extras:
                    run.end()
                    self._emit_extras(index)
                elif self._texts[index] == syntax.KEPT_OPEN:
                    run.add("", index)
                else:
                    break
                self._at += 1
                continue
            mark = line[0]
            if mark in "(*_~=" and syntax.is_special_in_speech(line):
                if mark == "=":
                    break
                if mark == "~":
                    run.end()
                    self._put(Lyric(text=line[1:], line=self._number), "lyric")
                    continue
                if self._take_parenthetical(run):
                    continue
            elif mark == "\\":
                line = syntax.unescape_dialogue(line)
            run.add(line, index)
            self._lines.tag(index, "dialogue")
            self._at += 1
        run.end()

    def _take_parenthetical(self, run: _Run) -> bool:
        """Read a parenthetical, of several lines too; False where its bracket never closes."""
        start = self._at
        joined = ""
        for index in range(start, min(start + _MAX_PARENTHETICAL_LINES, len(self._texts))):
            line = self._stripped[index]
            if not line or (index > start and index in self._extras):
                return False
            joined = f"{joined} {line}" if joined else line
            state = syntax.bracketing(joined)
            if state == syntax.CLOSED:
                run.end()
                text = syntax.split_parenthetical(joined)
                number = self._number
                for taken in range(start, index):
                    self._lines.tag(taken, "parenthetical")
                self._at = index
                self._put(Parenthetical(text=text, line=number), "parenthetical")
                return True
            if state is None:
                return False
        return False

    # --- What all blocks need

    @property
    def _number(self) -> int:
        return self._lines.numbers[self._at]

    @property
    def _ends_in_space(self) -> bool:
        return self._texts[self._at][-1].isspace()

    def _put(self, element: Element, kind: str) -> None:
        """Append the element of one line, with what was noted on it, and go on to the next."""
        extras = self._extras.get(self._at) if self._extras else None
        self._lines.tag(self._at, kind)
        if extras is None:
            self.elements.append(element)
        else:
            self.elements += (*extras.before, element, *extras.after)
        self._at += 1

    def _emit_extras(self, index: int) -> None:
        extras = self._extras.get(index)
        if extras is not None:
            self.elements += extras.before + extras.after


class _Run:
    """Lines of dialogue that make one element."""

    def __init__(self, body: _Body) -> None:
        self._body = body
        self._lines: list[str] = []
        self._start = 0
        self._notes: list[Element] = []

    def add(self, line: str, index: int) -> None:
        """One more line; blank ones before the first are dropped."""
        body = self._body
        extras = body._extras.get(index)
        if not self._lines:
            if not line:
                return
            self._start = body._lines.numbers[index]
            if extras is not None:
                body.elements += extras.before
        elif extras is not None:
            self._notes += extras.before
        self._lines.append(line)
        if extras is not None:
            self._notes += extras.after

    def end(self) -> None:
        """Put down what there is, if there is something."""
        if self._lines:
            self._body.elements.append(Dialogue(text="\n".join(self._lines), line=self._start))
            self._body.elements += self._notes
            self._lines, self._notes = [], []


def _unforced(text: str, line: str) -> str:
    """An action's line without its force mark; its indent stays."""
    return text.replace("!", "", 1) if line[0] == "!" else text
