"""The lines of a Fountain text, without the notes and boneyards that stood in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from screenplay.elements import Boneyard, Element, Note, clean
from screenplay.fountain_syntax import NOTE_END, OPENER

_CUT = "\x00"
"""Stands where a note or boneyard was taken out; `clean` leaves no such character."""
_OTHER_BREAKS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_PHYSICAL_BREAK = re.compile("\r\n|\r|\n")


@dataclass(slots=True)
class Extras:
    """Notes and boneyards that stood on one line, in order."""

    before: list[Element] = field(default_factory=list)
    """Those before the line's first word."""
    after: list[Element] = field(default_factory=list)
    end_the_line: bool = False
    """The last of them is the last thing on the line."""


class Lines:
    """A text's lines, numbered as its source's are."""

    def __init__(self, text: str) -> None:
        cleaned = clean(text)
        self.numbers: list[int]
        """1-based number of each line in the source."""
        self.extras: dict[int, Extras] = {}
        """What was taken out of a line, by its index."""
        self.tags: list[str]
        """One a source line, all of them `blank` but for notes and boneyards."""
        self.unclosed: list[tuple[str, int]] = []
        """`note` or `boneyard`, and the line of the first one that never ends and so is text."""
        owners = _owners(text) if _OTHER_BREAKS.search(text) else list(range(1, cleaned.count("\n") + 2))
        self.tags = ["blank"] * (owners[-1] - (not text or text[-1] in "\r\n"))
        if "[[" in cleaned or "/*" in cleaned:
            self._part(cleaned, owners)
        else:
            self.texts, self.numbers = cleaned.split("\n"), owners
        self.stripped = [line.strip() for line in self.texts]
        """Each line without outer spaces."""

    def tag(self, index: int, kind: str) -> None:
        """Say what a line was taken for."""
        self.tags[self.numbers[index] - 1] = kind

    def is_blank(self, index: int) -> bool:
        """Whether a line is empty, or the text at an end, once lines that vanished are passed over."""
        while index < len(self.stripped):
            if self.stripped[index]:
                return False
            if index not in self.extras:
                return True
            index += 1
        return True

    def _part(self, cleaned: str, owners: list[int]) -> None:
        kept, found, unclosed = _take_out(cleaned)
        self.unclosed = [(kind, owners[cleaned.count("\n", 0, place)]) for kind, place in unclosed.items()]
        taken = iter(found)
        self.texts, self.numbers = [], []
        at = 0
        for index, line in enumerate(kept.split("\n")):
            if _CUT not in line:
                self.texts.append(line)
                self.numbers.append(owners[at])
                at += 1
                continue
            extras = self.extras[index] = Extras()
            text, home = "", None
            for place, segment in enumerate(line.split(_CUT)):
                if place:
                    kind, content = next(taken)
                    (extras.before if home is None else extras.after).extend(_element(kind, content, owners[at]))
                    last = at + content.count("\n")
                    for owner in owners[at : last + 1]:
                        if owner <= len(self.tags):
                            self.tags[owner - 1] = kind
                    at = last
                if segment.strip():
                    home = owners[at] if home is None else home
                    text = _joined(text, segment)
                    extras.end_the_line = False
                else:
                    text = text or segment
                    extras.end_the_line = bool(place)
            self.texts.append(text.rstrip() if home is not None else "")
            self.numbers.append(owners[at] if home is None else home)
            at += 1


class Cursor:
    """A place among lines, and the elements read up to there."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.at = 0
        """Index of the next line to read."""
        self.elements: list[Element] = []

    @property
    def at_end(self) -> bool:
        """Whether all lines are read."""
        return self.at >= len(self.lines.stripped)

    @property
    def line(self) -> str:
        """The line to read, without outer spaces."""
        return self.lines.stripped[self.at]

    @property
    def number(self) -> int:
        """The line's number in the source."""
        return self.lines.numbers[self.at]

    def put(self, element: Element) -> None:
        """Append the element that one line makes, with what was noted there, and go on to the next line."""
        extras = self.lines.extras.get(self.at) if self.lines.extras else None
        self.lines.tag(self.at, element.kind)
        if extras is None:
            self.elements.append(element)
        else:
            self.elements += (*extras.before, element, *extras.after)
        self.at += 1

    def put_remarks(self, index: int) -> None:
        """Append what was noted on a line, if something was."""
        extras = self.lines.extras.get(index)
        if extras is not None:
            self.elements += extras.before + extras.after


def _owners(text: str) -> list[int]:
    return [
        number
        for number, line in enumerate(_PHYSICAL_BREAK.split(text), 1)
        for _ in range(1 + len(_OTHER_BREAKS.findall(line)))
    ]


def _take_out(text: str) -> tuple[str, list[tuple[str, str]], dict[str, int]]:
    """Put a mark in the place of each note and boneyard, and list them; what never ends stays text."""
    kept: list[str] = []
    found: list[tuple[str, str]] = []
    unclosed: dict[str, int] = {}
    done = 0
    note_end = boneyard_end = empty_line = -1
    for opener in OPENER.finditer(text):
        start, inside = opener.span(2)
        if start < done:
            continue
        if opener[1]:
            kept.append(text[done : opener.start()])
            done = opener.start() + 1
            continue
        if opener[2] == "/*":
            boneyard_end = end = _find(text, "*/", inside, boneyard_end)
            kind = "boneyard"
        else:
            note_end = end = _find(text, "]]", inside, note_end)
            if empty_line < inside:
                gap = NOTE_END.search(text, inside)
                empty_line = gap.start() if gap else len(text)
            end = end if end < empty_line else len(text)
            kind = "note"
        if end < len(text):
            kept += (text[done:start], _CUT)
            found.append((kind, text[inside:end]))
            done = end + 2
        else:
            unclosed.setdefault(kind, start)
    kept.append(text[done:])
    return "".join(kept), found, unclosed


def _find(text: str, what: str, start: int, known: int) -> int:
    """Where something comes next, `len(text)` for nowhere; what an earlier search found is not searched for again."""
    if known >= start:
        return known
    found = text.find(what, start)
    return len(text) if found < 0 else found


def _element(kind: str, content: str, line: int) -> list[Element]:
    if not content.strip():
        return []
    if kind == "note":
        return [Note(text=content, line=line)]
    return [Boneyard(text=content.removeprefix(" "), line=line)]


def _joined(left: str, right: str) -> str:
    """Close the gap that a note left: one space where there were two, one between words where there was none."""
    if not left.strip():
        return left + right.lstrip()
    if left[-1].isspace():
        return left + right.lstrip()
    return f"{left} {right}" if left[-1].isalnum() and right[0].isalnum() else left + right
