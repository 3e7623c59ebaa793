"""Reads what stands under a cue: dialogue, parentheticals, lyrics, and remarks between them."""

from __future__ import annotations

from screenplay import fountain_syntax as syntax
from screenplay.elements import Dialogue, Element, Lyric, Parenthetical
from screenplay.readers.fountain_lines import Cursor

_MAX_PARENTHETICAL_LINES = 4


def take_speech(cursor: Cursor) -> None:
    """Read on to the blank line or page break that ends a speech."""
    run = _Run(cursor)
    while not cursor.at_end:
        line = cursor.line
        if not line:
            if cursor.at in cursor.lines.extras:
                run.end()
                cursor.put_remarks(cursor.at)
            elif cursor.lines.texts[cursor.at] == syntax.KEPT_OPEN:
                run.add("")
            else:
                break
            cursor.at += 1
            continue
        mark = line[0]
        if mark in "(*_~=" and syntax.is_special_in_speech(line):
            if mark == "=":
                break
            if mark == "~":
                run.end()
                cursor.put(Lyric(text=line[1:], line=cursor.number))
                continue
            if _take_parenthetical(cursor, run):
                continue
        elif mark == "\\":
            line = syntax.unescape_dialogue(line)
        run.add(line)
        cursor.lines.tag(cursor.at, "dialogue")
        cursor.at += 1
    run.end()


def _take_parenthetical(cursor: Cursor, run: _Run) -> bool:
    """Read a parenthetical, of several lines too; False where its bracket never closes."""
    start, lines = cursor.at, cursor.lines
    joined = ""
    for index in range(start, min(start + _MAX_PARENTHETICAL_LINES, len(lines.stripped))):
        line = lines.stripped[index]
        if not line or (index > start and index in lines.extras):
            return False
        joined = f"{joined} {line}" if joined else line
        state = syntax.bracketing(joined)
        if state == syntax.CLOSED:
            run.end()
            for taken in range(start, index):
                lines.tag(taken, "parenthetical")
            text, number = syntax.split_parenthetical(joined), cursor.number
            remarks = lines.extras.get(start)
            if index > start and remarks is not None:
                cursor.put_remarks(start)
            cursor.at = index
            cursor.put(Parenthetical(text=text, line=number))
            return True
        if state is None:
            return False
    return False


class _Run:
    """Lines of dialogue that make one element, and the remarks that stood in them."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._lines: list[str] = []
        self._start = 0
        self._remarks: list[Element] = []

    def add(self, line: str) -> None:
        """The line at the cursor; blank ones before the first are dropped."""
        cursor = self._cursor
        extras = cursor.lines.extras.get(cursor.at)
        if not self._lines:
            if not line:
                return
            self._start = cursor.number
            if extras is not None:
                cursor.elements += extras.before
        elif extras is not None:
            self._remarks += extras.before
        self._lines.append(line)
        if extras is not None:
            self._remarks += extras.after

    def end(self) -> None:
        """Put down what there is, if there is something."""
        if self._lines:
            self._cursor.elements.append(Dialogue(text="\n".join(self._lines), line=self._start))
            self._cursor.elements += self._remarks
            self._lines, self._remarks = [], []
