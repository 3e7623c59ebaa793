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
    Element,
    Lyric,
    Note,
    PageBreak,
    SceneHeading,
    Screenplay,
    Section,
    Shot,
    Synopsis,
    Transition,
)
from screenplay.errors import ReadWarning
from screenplay.readers import Reading
from screenplay.readers.fountain_lines import Cursor, Lines
from screenplay.readers.fountain_speech import take_speech

_ESCAPED_LESS = re.compile(r"(?<!\\)\\(\\*+<)\Z")
_ESCAPED_INDENT = re.compile(r"\A\\(\\*+\s)")
_NUMBERED_BLANKS = 100
"""Blank lines beyond so many in a row are one element many times: else a file of them would cost 500 bytes for each."""
_WHERE_ENDS = {"note": " in its paragraph", "boneyard": ""}


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
    cursor = Cursor(lines)
    title_page = _take_title_page(cursor)
    _take_blocks(cursor)
    tags = lines.tags or ["blank"] * bool(text)  # a byte order mark alone is a line, too
    return Reading(Screenplay(title_page=title_page, elements=tuple(cursor.elements)), tuple(tags))


def _take_title_page(cursor: Cursor) -> dict[str, tuple[str, ...]]:
    """Read past the title page, if there is one."""
    lines = cursor.lines
    start = 0
    while start < len(lines.texts) and not lines.stripped[start]:
        start += 1
    end = start
    # A heading ends a title page, too, that nobody ended with a blank line.
    while end < len(lines.texts) and lines.stripped[end] and not syntax.HEADING.match(lines.texts[end]):
        end += 1
    if not syntax.is_title_page(lines.texts[start:end]):
        return {}
    page: dict[str, list[str]] = {}
    key = ""
    for index in range(start, end):
        value = lines.texts[index]
        found = syntax.title_key(value)
        if found is not None:
            key, value = found
        page.setdefault(key, [])
        if value.strip():
            page[key].append(value)
        lines.tag(index, "title_page")
    for index in range(end):
        cursor.put_remarks(index)
    cursor.at = end
    return {key: tuple(values) for key, values in page.items()}


def _take_blocks(cursor: Cursor) -> None:
    """Read all that is left."""
    blanks = 0
    while not cursor.at_end:
        if cursor.line:
            _take_block(cursor, cursor.line, blanks)
            blanks = 0
            continue
        if cursor.at in cursor.lines.extras:
            cursor.put_remarks(cursor.at)
        else:
            blanks += 1
        cursor.at += 1


def _take_block(cursor: Cursor, line: str, blanks: int) -> None:
    look = syntax.opening(line)
    if look in (syntax.ACTION, syntax.FORCED_ACTION):
        _take_action(cursor, blanks)
    elif look == syntax.CUE:
        if cursor.lines.is_blank(cursor.at + 1):
            _take_action(cursor, blanks)
        else:
            _take_cue(cursor, line)
    elif look == syntax.FORCED_CUE:
        _take_cue(cursor, line[1:].lstrip())
    elif look == syntax.CENTERED:
        _take_centered(cursor, blanks)
    elif look in (syntax.TRANSITION, syntax.SHOT, syntax.HEADING_LINE):
        _take_unforced(cursor, line, look, blanks)
    else:
        cursor.put(_marked(line, look, cursor.number))


def _take_unforced(cursor: Cursor, line: str, look: str, blanks: int) -> None:
    """What only its surroundings make a heading, transition or shot."""
    below = cursor.at + 1
    alone = cursor.lines.is_blank(below)
    if look == syntax.HEADING_LINE:
        if alone or syntax.is_capital_heading(line):
            cursor.put(_heading(line, cursor.number))
        else:
            _take_action(cursor, blanks)
    elif look == syntax.TRANSITION and cursor.lines.texts[cursor.at][-1].isspace():
        _take_action(cursor, blanks)
    elif look == syntax.TRANSITION and (alone or syntax.HEADING.match(cursor.lines.stripped[below])):
        cursor.put(Transition(text=line, line=cursor.number))
    elif look == syntax.SHOT and alone:
        cursor.put(Shot(text=line, line=cursor.number))
    else:
        _take_cue(cursor, line)


def _marked(line: str, look: str, number: int) -> Element:
    """The element of a line that begins with a mark of its own."""
    if look == syntax.FORCED_HEADING:
        return _heading(syntax.unforce_heading(line), number)
    if look == syntax.FORCED_TRANSITION:
        return Transition(text=_ESCAPED_LESS.sub(r"\1", line[1:]), line=number)
    if look == syntax.LYRIC:
        return Lyric(text=line[1:], line=number)
    if look == syntax.SECTION:
        text = line.lstrip("#")
        return Section(text=text, level=len(line) - len(text), line=number)
    if look == syntax.SYNOPSIS:
        return Synopsis(text=line[1:], line=number)
    return PageBreak(line=number)


def _heading(line: str, number: int) -> SceneHeading:
    text, scene_number = syntax.split_heading(line)
    return SceneHeading(text=text, number=scene_number, line=number)


def _take_cue(cursor: Cursor, line: str) -> None:
    if line:
        name, extension, dual = syntax.split_cue(line)
        cursor.put(Character(name=name, extension=extension, dual=dual, line=cursor.number))
    else:
        cursor.lines.tag(cursor.at, "character")
        cursor.put_remarks(cursor.at)
        cursor.at += 1
    take_speech(cursor)


def _take_action(cursor: Cursor, blanks: int) -> None:
    lines, start = cursor.lines, cursor.at
    kept: list[str] = []
    end = start
    while end < len(lines.texts):
        line = lines.stripped[end]
        if not line:
            if end not in lines.extras:
                break
        elif end > start and _ends_action(lines, end):
            break
        else:
            text = lines.texts[end]
            kept.append(text.replace("!", "", 1) if line[0] == "!" else text)
            lines.tag(end, "action")
        end += 1
    if end == start + 1 and _is_marked_shot(lines, start):
        lines.tag(start, "shot")
        cursor.elements.append(Shot(text=kept[0], line=cursor.number))
        cursor.at = end
        return
    _put_action(cursor, Action(text="\n".join(kept), line=cursor.number), blanks, end)


def _ends_action(lines: Lines, index: int) -> bool:
    line = lines.stripped[index]
    if line[0] in "#=>":
        return syntax.ends_action(line)
    return syntax.is_capital_heading(line) and lines.is_blank(index + 1)


def _is_marked_shot(lines: Lines, index: int) -> bool:
    extras, line = lines.extras.get(index), lines.stripped[index]
    if extras is None or extras.before or len(extras.after) != 1 or not extras.end_the_line:
        return False
    note = extras.after[0]
    return isinstance(note, Note) and note.text == syntax.SHOT_NOTE and line[0] == "!" and len(line) > 1


def _take_centered(cursor: Cursor, blanks: int) -> None:
    lines, end = cursor.lines, cursor.at
    kept: list[str] = []
    while end < len(lines.texts):
        line = lines.stripped[end]
        if line:
            if not syntax.is_centered(line):
                break
            kept.append(_ESCAPED_INDENT.sub(r"\1", line[1:-1].strip()))
            lines.tag(end, "action")
        elif end not in lines.extras:
            break
        end += 1
    _put_action(cursor, Action(text="\n".join(kept), centered=True, line=cursor.number), blanks, end)


def _put_action(cursor: Cursor, action: Action, blanks: int, end: int) -> None:
    """Append an action with what was noted in its lines, and the extra blank lines before it."""
    elements, extras, numbers, start = cursor.elements, cursor.lines.extras, cursor.lines.numbers, cursor.at
    first = extras.get(start)
    if first is not None:
        elements += first.before
    elif elements and isinstance(elements[-1], Action):
        extra = range(start - blanks + 1, start)
        empty = [Action(text="", line=numbers[index]) for index in extra[:_NUMBERED_BLANKS]]
        elements += empty + empty[-1:] * (len(extra) - len(empty))
    elements.append(action)
    if first is not None:
        elements += first.after
    if extras:
        for index in range(start + 1, end):
            cursor.put_remarks(index)
    cursor.at = end
