"""Reads PDF: sets its words in lines again, drops page furniture, and lets the reader of laid-out text do the rest.

Bold, italics and underlines become emphasis, but not where whole headings and cues are so, which is how a page looks.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import dropwhile, groupby

from screenplay.elements import Action, Character, Element, SceneHeading, Screenplay, Shot, Transition
from screenplay.emphasis import Run, compose
from screenplay.errors import ReadError, ReadWarning
from screenplay.page import TEXT_WIDTH_CHARS
from screenplay.readers import Reading, layout
from screenplay.readers.pdf_furniture import with_quotes, without_furniture, without_stamps
from screenplay.readers.pdf_rows import Typed, grid_of, joined, rows_of, same_style, title_rows, typed, whole_style
from screenplay.readers.pdf_title import has_kept_title, read_title
from screenplay.readers.pdf_words import PLAIN, Sheet, open_pdf, sheets

_GENERATOR = "lebowski-gen"
_AUTOMATIC_CONTINUEDS = "automatic continueds"
_CONTINUED = re.compile(r"(?:^|\) \()CONT'D$")
_FEW_WORDS = 5
"""Pages with pictures and fewer words than this are scans."""
_MANY_WORDS = 200
"""A warning says where one word in so many can't be read."""
_OPEN, _CLOSE, _CLOSE_HYPHEN = 0xFDD0, 0xFDD8, 0xFDE0
"""Marks of a style within a line, as characters that no text has: after its first letter, before its last, or before
its last but one, where a hyphen follows."""
_MARK = re.compile("[\ufdd0-\ufde7]")
_LYRIC = "♪ "
_CENTERED_CHARS = 8
"""What is centred begins at least so far in."""
_FEW_LONG_LINES = 50
"""One line in so many may run over the margin."""
_WIDTH_SPREAD = 5
"""A page's text is at most so much wider or narrower than is usual, in characters."""


def scan(data: bytes, *, source: str = "<data>") -> Reading:
    """Read a PDF; its lines are not tagged.

    Raises:
        ReadError: pypdfium2 is not installed; or the file is damaged or locked, or shows nothing but pictures.
    """
    return Reading(read(data, source=source), ())


def read(data: bytes, *, source: str = "<data>") -> Screenplay:
    """`scan` without the tags."""
    document = open_pdf(data, source=source)
    try:
        about = document.get_metadata_dict()
        found = list(sheets(document))
    finally:
        document.close()
    _complain(found, source)
    whole = list(dropwhile(lambda sheet: not sheet.words, (sheet for sheet in found if sheet is not None)))
    cleaned = with_quotes(without_stamps(whole))
    pages = without_furniture([rows_of(sheet) for sheet in cleaned], [sheet.height for sheet in whole])
    is_own = about.get("Creator") == _GENERATOR
    grid = grid_of(pages)
    keywords = about.get("Keywords", "") if is_own else ""
    titled = has_kept_title(keywords) or (len(pages) > 1 and title_rows(pages[0], whole[0].height))
    page = read_title(typed(pages[:1], grid, is_own=False), keywords) if titled else {}
    lines = typed(pages[titled:], grid, is_own=is_own)
    if is_own:
        lines = list(_with_lyrics(lines))
    reading = layout.scan("\n".join(map(_marked, lines)), source=source)
    found_page = {
        _unmarked(key): tuple(map(_unmarked, values)) for key, values in reading.screenplay.title_page.items()
    }
    # What stands alone between the title page and the script is a motto.
    motto = [Action(text="\n".join(lines)) for lines in found_page.values() if lines and titled]
    elements = _Styles(lines, reading.tags, grid.margin_cells, is_own=is_own).applied(reading.screenplay.elements)
    if _AUTOMATIC_CONTINUEDS in keywords:
        elements = map(_without_continued, elements)
    return Screenplay(title_page=page if titled else found_page, elements=(*motto, *elements))


def _complain(found: Sequence[Sheet | None], source: str) -> None:
    """Refuse scans and empty files, and name damaged pages."""
    for number, sheet in enumerate(found, start=1):
        if sheet is None:
            warnings.warn(ReadWarning(f"page {number} is damaged and left out", source=source), stacklevel=3)
    whole = [sheet for sheet in found if sheet is not None]
    words = sum(len(sheet.words) for sheet in whole)
    if words < _FEW_WORDS * sum(sheet.has_pictures for sheet in whole):
        raise ReadError(
            "the pages of this PDF are pictures: it was scanned",
            source=source,
            expected="text",
            todo="Recognise its text first: ocrmypdf IN.pdf OUT.pdf",
        )
    if not words:
        raise ReadError("this PDF holds no text", source=source, expected="a screenplay")
    unreadable = sum(sheet.unreadable for sheet in whole)
    if unreadable * 2 > words:
        raise ReadError(
            "the fonts of this PDF do not say which letters they show",
            source=source,
            expected="text that can be copied",
            todo="Export it again from another program, or recognise its text: ocrmypdf --force-ocr IN.pdf OUT.pdf",
        )
    if unreadable * _MANY_WORDS > words:
        message = f"the fonts of this PDF do not say which letters they show in {unreadable} of {words} words"
        warnings.warn(ReadWarning(message, source=source), stacklevel=3)


def _with_lyrics(lines: Sequence[Typed]) -> Iterator[Typed]:
    """Lines of this program's own pages: a space after italics ends a lyric, else a line that was meant to end."""
    held: list[Typed] = []
    for line in lines:
        held.append(line)
        if line.text.strip() and all(run.italic for run in line.runs if run.text.strip()):
            if line.is_ended:
                yield from map(_as_lyric, held, [True] + [False] * len(held))
                held = []
            continue
        yield from map(_ended, held)
        held = []
    yield from held


def _ended(line: Typed) -> Typed:
    return replace(line, runs=(*line.runs, Run("  "))) if line.is_ended else line


def _as_lyric(line: Typed, is_first: bool) -> Typed:
    """A line as the reader of laid-out text knows a lyric: with a note before it, or hanging under one."""
    runs = [replace(run, italic=False) for run in line.runs]
    at = next(index for index, run in enumerate(runs) if run.text.strip())
    runs.insert(at, Run(_LYRIC if is_first else " " * len(_LYRIC)))
    return Typed("".join(run.text for run in runs), tuple(runs))


def _marked(line: Typed) -> str:
    """A line for the reader of laid-out text, its styles as marks inside of words, where that reader looks least."""
    if _is_loud(line) or not any(run.bold or run.italic or run.underline for run in line.runs):
        return "".join(run.text for run in line.runs)
    return "".join(_inside(run) for run in joined(line.runs))


def _is_loud(line: Typed) -> bool:
    """Whether a line is in capitals and one style, as headings and cues are on many pages."""
    return line.text.isupper() and whole_style(line) != PLAIN


def _inside(run: Run) -> str:
    style = run.bold + 2 * run.italic + 4 * run.underline
    if not style or not run.text:
        return run.text
    if len(run.text) == 1:
        return run.text + chr(_CLOSE + style)
    tail = 2 if run.text[-1] == "-" and len(run.text) > 2 else 1
    close = chr((_CLOSE if tail == 1 else _CLOSE_HYPHEN) + style)
    return f"{run.text[0]}{chr(_OPEN + style)}{run.text[1:-tail]}{close}{run.text[-tail:]}"


def _runs(text: str) -> list[Run]:
    """What `_inside` marked, as runs again."""
    if not _MARK.search(text):
        return [Run(text)]
    letters: list[str] = []
    styles: list[int] = []
    style = closing = 0
    for letter in text:
        code = ord(letter)
        if not _OPEN <= code < _CLOSE_HYPHEN + 8:
            letters.append(letter)
            styles.append(style)
            closing -= 1
            style = 0 if closing == 0 else style
        elif code < _CLOSE:
            style = code - _OPEN
            if styles:
                styles[-1] = style
        elif style:
            closing = 1 if code < _CLOSE_HYPHEN else 2
        elif styles:
            styles[-1] = (code - _CLOSE) % 8
    after = 0
    for index in range(len(letters) - 1, -1, -1):
        # Spaces and line ends come without a style: they have what the words beside them share.
        if letters[index].isspace():
            styles[index] = after
        else:
            after = styles[index]
    before = 0
    for index, letter in enumerate(letters):
        before = before if letter.isspace() else styles[index]
        styles[index] &= before
    return [
        Run("".join(letter for letter, _ in group), bool(code & 1), bool(code & 2), bool(code & 4))
        for code, group in groupby(zip(letters, styles, strict=True), key=lambda pair: pair[1])
    ]


def _unmarked(text: str) -> str:
    """The text with Fountain's marks."""
    return compose(_runs(text))


class _Styles:
    """Gives elements what their text alone does not show: emphasis, and that they stand in the middle."""

    def __init__(self, lines: Sequence[Typed], tags: Sequence[str], margin: int, *, is_own: bool) -> None:
        self._lines = lines
        self._tags = tags
        self._margin = margin
        self._is_own = is_own
        self._widths = {TEXT_WIDTH_CHARS} if is_own else {TEXT_WIDTH_CHARS, _text_width(lines, margin)}

    def applied(self, elements: Sequence[Element]) -> Iterator[Element]:
        """The elements, without line numbers: a PDF has none."""
        ends = [*(element.line for element in elements), len(self._tags) + 1][1:]
        for element, end in zip(elements, ends, strict=True):
            start = (element.line or 1) - 1
            rows = [
                self._lines[row]
                for row in range(start, max((end or 1) - 1, start + 1))
                if self._tags[row] not in ("blank", "furniture")
            ]
            style = self._style(element, rows)
            changed: dict[str, object] = {"line": None}
            for name in ("text", "name", "extension"):
                value = getattr(element, name, None)
                if value:
                    runs = _runs(value)
                    changed[name] = compose(runs if style is None else [replace(style, text=run.text) for run in runs])
            if isinstance(element, Action):
                changed["centered"] = bool(rows) and all(map(self._is_centered, rows))
            yield element.model_copy(update=changed)

    def _style(self, element: Element, rows: Sequence[Typed]) -> Run | None:
        """The style that all lines of an element are in; that of headings and cues is the page's, not the writer's."""
        if isinstance(element, SceneHeading | Character | Transition | Shot) and not self._is_own:
            return None
        if not rows or not all(map(_is_loud, rows)):
            return None
        first = whole_style(rows[0])
        return first if all(same_style(whole_style(row), first) for row in rows) else None

    def _is_centered(self, line: Typed) -> bool:
        indent = len(line.text) - len(line.text.lstrip()) - self._margin
        used = 2 * indent + len(line.text.strip())
        return indent >= _CENTERED_CHARS and any(abs(width - used) <= 1 for width in self._widths)


def _text_width(lines: Sequence[Typed], margin: int) -> int:
    """How many characters go on a line of action: as many as on the longest ones, but for a few that stand out."""
    found = sorted(len(line.text) - margin for line in lines if line.text[margin : margin + 1].strip())
    width = found[-1 - len(found) // _FEW_LONG_LINES] if found else TEXT_WIDTH_CHARS
    return width if abs(width - TEXT_WIDTH_CHARS) <= _WIDTH_SPREAD else TEXT_WIDTH_CHARS


def _without_continued(element: Element) -> Element:
    if isinstance(element, Character) and element.extension is not None:
        return element.model_copy(update={"extension": _CONTINUED.sub("", element.extension) or None})
    return element
