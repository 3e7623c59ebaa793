"""Writes laid-out plain text: the page as it is typed, in the columns of `screenplay.page`, without page numbers.

The title page stands at the top. Emphasis marks are kept as they are, lyrics open with a note sign, and
unprinted elements (sections, synopses, notes, boneyard) are left out. A line that the writer ended although its
next word would not have fitted anyway ends in two spaces, so that the reader can tell it from a wrapped one.
Speeches spoken at the same time stand side by side, where their words are short enough for half a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from screenplay.elements import (
    UNPRINTED,
    Action,
    Character,
    Dialogue,
    Element,
    Lyric,
    PageBreak,
    Parenthetical,
    SceneHeading,
    Screenplay,
    Shot,
    Transition,
)
from screenplay.page import COLUMNS, DUAL_COLUMNS, TEXT_WIDTH_CHARS, Column

_CUT = re.compile(r"[^\W\d_]-$")
_ALWAYS_CAPITAL = re.compile(r"I(?![^\W\d_])")
"""`I`, `I'm`: a capital that does not say that a line begins."""
_NUMBER_ROOM_CHARS = 7
"""Left margin of a screenplay with scene numbers."""
_HARD_BREAK = "  "


def render(screenplay: Screenplay) -> str:
    """The pages as text, ending in a line break; empty for a screenplay with nothing to print."""
    numbered = any(isinstance(element, SceneHeading) and element.number for element in screenplay.elements)
    page = _Page(_NUMBER_ROOM_CHARS if numbered else 0)
    page.title(screenplay.title_page)
    printed: list[Element] = [element for element in screenplay.elements if not isinstance(element, UNPRINTED)]
    at = 0
    while at < len(printed):
        middle, end = _pair(printed, at)
        if middle and page.add_pair(printed[at:middle], printed[middle:end]):
            at = end
        else:
            page.add(printed[at])
            at += 1
    return page.text()


def _pair(elements: list[Element], at: int) -> tuple[int, int]:
    """Where the speech that begins here gives way to one spoken at the same time, and where that one ends; else 0."""
    if not isinstance(elements[at], Character):
        return 0, 0
    middle = _speech_end(elements, at)
    cue = elements[middle] if middle < len(elements) else None
    if middle == at + 1 or not isinstance(cue, Character) or not cue.dual:
        return 0, 0
    end = _speech_end(elements, middle)
    return (middle, end) if end > middle + 1 else (0, 0)


def _speech_end(elements: list[Element], at: int) -> int:
    end = at + 1
    while end < len(elements) and isinstance(elements[end], Parenthetical | Dialogue | Lyric):
        end += 1
    return end


def wrap(text: str, width: int) -> list[str]:
    """Cut one paragraph into lines; words are never cut, and none that ends in a hyphen ends a line."""
    lines: list[str] = []
    line = ""
    for word in _units(text):
        if not line:
            line = word
        elif len(line) + 1 + len(word) <= width:
            line = f"{line} {word}"
        else:
            lines.append(line)
            line = word
    lines.append(line)
    return lines


def _units(text: str) -> Iterator[str]:
    held: list[str] = []
    for word in text.split():
        held.append(word)
        if not _CUT.search(word):
            yield " ".join(held)
            held = []
    if held:
        yield " ".join(held)


def _in_the_middle(key: str, page: dict[str, tuple[str, ...]]) -> bool:
    """Whether a reader knows what this is without its key: authors stand under a credit, one or several."""
    if not page.get(key):
        return False
    if key == "Title":
        return True
    authors = "Author" if "Author" in page else "Authors"
    fits = bool(page.get(authors)) and (authors == "Authors") == (len(page[authors]) > 1)
    return fits and len(page.get("Credit", ())) == 1 and "Title" in page and key in ("Credit", authors)


class _Page:
    def __init__(self, margin: int) -> None:
        self.margin = margin
        self.lines: list[str] = []

    def text(self) -> str:
        while self.lines and not self.lines[-1]:
            self.lines.pop()
        return "\n".join(self.lines) + "\n" if self.lines else ""

    def title(self, page: dict[str, tuple[str, ...]]) -> None:
        """Title, credit and author in the middle, the rest under its own key."""
        if not page:
            return
        middle = [key for key in ("Title", "Credit", "Author", "Authors") if _in_the_middle(key, page)]
        for key in middle:
            self._blank(1)
            for value in page[key]:
                indent = max(0, TEXT_WIDTH_CHARS - len(value)) // 2
                self.lines.append(" " * (self.margin + indent) + value)
        self._blank(2)
        for key, values in page.items():
            if key not in middle:
                for index, value in enumerate(values or ("",)):
                    label = f"{key}: " if not index else " " * (len(key) + 2)
                    self.lines.append((" " * self.margin + label + value).rstrip())
        self._blank(4)

    def add(self, element: Element) -> None:
        """Put one element below the others."""
        match element:
            case SceneHeading():
                self._heading(element)
            case Action():
                column = COLUMNS["centered"] if element.centered else COLUMNS["action"]
                self._blank(column.blank_lines_before)
                self._block(element.text, column)
            case Character():
                self._blank(COLUMNS["character"].blank_lines_before)
                self._spoken(element, COLUMNS)
            case Parenthetical() | Dialogue() | Lyric():
                self._spoken(element, COLUMNS)
            case Transition() | Shot():
                column = COLUMNS[element.kind]
                self._blank(column.blank_lines_before)
                if element.text.upper().startswith("FADE IN"):
                    column = COLUMNS["action"]
                self._put(element.text, column)
            case PageBreak():
                self._blank(1)
            case _:
                pass

    def add_pair(self, left: list[Element], right: list[Element]) -> bool:
        """Put two speeches side by side; False where one has a word too long for half a page."""
        pages: list[list[str]] = []
        for speech, columns in zip((left, right), DUAL_COLUMNS, strict=True):
            page = _Page(0)
            for element in speech:
                page._spoken(element, columns)
            limit = columns["dialogue"].indent_chars + columns["dialogue"].width_chars
            if any(len(line.rstrip()) > limit for line in page.lines) or not all(page.lines):
                return False
            pages.append(page.lines)
        self._blank(1)
        start = DUAL_COLUMNS[1]["dialogue"].indent_chars
        for first, second in zip_longest(*pages, fillvalue=""):
            line = first.rstrip().ljust(start) + second[start:] if second else first.rstrip()
            self.lines.append(" " * self.margin + line)
        return True

    def _spoken(self, element: Element, columns: dict[str, Column]) -> None:
        match element:
            case Character():
                extension = f" ({element.extension})" if element.extension else ""
                self.lines.append(" " * (self.margin + columns["character"].indent_chars) + element.name + extension)
            case Parenthetical():
                column = columns["parenthetical"]
                first, *rest = wrap(f"({element.text})", column.width_chars)
                indent = " " * (self.margin + column.indent_chars)
                self.lines.append(indent + first)
                self.lines += [f"{indent} {line}" for line in rest]
            case Dialogue():
                self._block(element.text, columns["dialogue"])
            case Lyric():
                column = columns["lyric"]
                first, *rest = wrap(f"♪ {element.text}", column.width_chars)
                indent = " " * (self.margin + column.indent_chars)
                self.lines.append(indent + first)
                self.lines += [f"{indent}  {line}" for line in rest]
            case _:
                pass

    def _blank(self, count: int) -> None:
        """See to it that this many blank lines end the page so far."""
        if not self.lines:
            return
        have = 0
        while have < count and have < len(self.lines) and not self.lines[-1 - have]:
            have += 1
        self.lines += [""] * (count - have)

    def _put(self, text: str, column: Column) -> None:
        for line in wrap(text, column.width_chars):
            free = TEXT_WIDTH_CHARS - len(line)
            indent = {"left": column.indent_chars, "right": free, "center": free // 2}[column.align]
            self.lines.append((" " * (self.margin + max(0, indent)) + line).rstrip())

    def _heading(self, heading: SceneHeading) -> None:
        column = COLUMNS["scene_heading"]
        self._blank(column.blank_lines_before)
        first, *rest = wrap(heading.text, column.width_chars)
        if heading.number:
            first = heading.number.ljust(self.margin - 1) + " " + first
            self.lines.append(f"{first.ljust(self.margin + TEXT_WIDTH_CHARS)}  {heading.number}")
        else:
            self.lines.append(" " * self.margin + first)
        self.lines += [" " * self.margin + line for line in rest]
        self._blank(1)

    def _block(self, text: str, column: Column) -> None:
        """Wrap each of the writer's own lines; mark the ends that would pass for wraps."""
        parts = text.split("\n")
        for part, following in zip(parts, [*parts[1:], ""], strict=True):
            self._put(part, column)
            word = next(_units(following), "")
            last = self.lines[-1].strip()
            full = len(last) + 1 + len(word) > column.width_chars
            goes_on = not word[:1].isupper() or (_ALWAYS_CAPITAL.match(word) and last[-1:].isalpha())
            if word and last and (full or goes_on):
                self.lines[-1] += _HARD_BREAK
