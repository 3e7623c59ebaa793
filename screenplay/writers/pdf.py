"""Writes PDF: Courier on US Letter, with a title page, page numbers, and scene numbers in the margins."""

from __future__ import annotations

import io
import json
import os
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from screenplay.bidi import is_mixed, levels, mirrored, visual
from screenplay.elements import Screenplay
from screenplay.emphasis import Run, plain
from screenplay.errors import WriteError, WriteWarning
from screenplay.page import (
    CHARACTERS_PER_INCH,
    LEFT_MARGIN_IN,
    LINES_PER_INCH,
    LINES_PER_PAGE,
    PAPER_HEIGHT_IN,
    PAPER_WIDTH_IN,
    TEXT_WIDTH_CHARS,
    TOP_MARGIN_IN,
)
from screenplay.page_breaks import Row, Text
from screenplay.pagination import Page, has_continueds, paginate
from screenplay.wrapping import Line, cell_width, cells, wrap
from screenplay.writers.pdf_fonts import COURIER_WIDTH, Choice, Fonts, courier, describe, in_courier, normalized

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

GENERATOR = "lebowski-gen"
AUTOMATIC_CONTINUEDS = "automatic continueds"
"""Stands among the keywords where `(CONT'D)` was added to cues; the reader takes it off again."""
TITLE_PAGE = "title page"
"""Stands among the keywords before the title page's keys, each with the number of its lines."""
_POINTS = 72
_CELL = _POINTS / CHARACTERS_PER_INCH
_LEADING = _POINTS / LINES_PER_INCH
_SIZE = _LEADING
_LEFT = LEFT_MARGIN_IN * _POINTS
_BASELINE = 0.75
"""How far below a row's top its baseline is, as a part of the row's height."""
_HEADER_IN = 0.5
_NUMBER_GAP_CHARS = 2
_LINE_DEPTH, _LINE_WIDTH = 1.6, 0.6
"""Of an underline, in points below the baseline."""
_FITS_PERCENT = 1.5
_TITLE_ROW = 18
_MIDDLE_KEYS = ("title", "credit", "author", "authors", "source")
_BARE_KEYS = ("contact", "draft date", "date", "copyright", "notes", "revision")
"""What is known for what it is without its key."""


def render(
    screenplay: Screenplay,
    *,
    scene_numbers: bool = True,
    continueds: bool = True,
    font: str | os.PathLike[str] | None = None,
) -> bytes:
    """The file's bytes; the same ones for the same screenplay on the same machine.

    Args:
        screenplay: What to print.
        scene_numbers: Print the numbers that headings have.
        continueds: Add `(CONT'D)` where someone speaks on after action, unless the writer has done so anywhere.
        font: A TrueType file for the characters that Courier lacks; without it, a font of this machine.

    Raises:
        WriteError: reportlab is not installed, or the font can't be used.
    """
    try:
        # 0.3 s, and an extra: only who writes PDF pays for it.
        from reportlab.pdfgen.canvas import Canvas
    except ImportError as error:
        todo = "Install it: pip install 'lebowski-gen[pdf]'"
        raise WriteError("writing PDF needs reportlab", todo=todo) from error
    data = io.BytesIO()
    size = (PAPER_WIDTH_IN * _POINTS, PAPER_HEIGHT_IN * _POINTS)
    canvas = Canvas(data, pagesize=size, invariant=1, pageCompression=1, initialFontName="Courier")
    canvas.setCreator(GENERATOR)
    canvas.setTitle(" ".join(map(plain, screenplay.title_page.get("Title", ()))) or "Screenplay")
    authors = screenplay.title_page.get("Author") or screenplay.title_page.get("Authors") or ()
    canvas.setAuthor(", ".join(map(plain, authors)) or "anonymous")
    canvas.setKeywords("; ".join(_keywords(screenplay, continueds=continueds)))
    fonts = Fonts(font)
    sheet = _Sheet(canvas, fonts)
    pages = paginate(screenplay, scene_numbers=scene_numbers, continueds=continueds)
    if screenplay.title_page or not pages:
        sheet.title_page(screenplay.title_page)
    for number, page in enumerate(pages, start=1):
        sheet.page(page, number)
    canvas.save()
    if fonts.missing:
        names = ", ".join(map(describe, list(fonts.missing)[:20]))
        message = f"no font of this machine has {names}; printed as ?. Name a font that has, or spell it otherwise"
        warnings.warn(WriteWarning(message), stacklevel=2)
    return data.getvalue()


@dataclass(frozen=True, slots=True)
class _Glyph:
    """A letter with its marks, in its style."""

    cluster: str
    run: Run
    width: int
    """Cells that it fills."""
    word: str = ""
    """What it is a part of, so that a word is not set in two fonts."""


class _Sheet:
    """Draws rows of fixed-pitch text on a canvas."""

    def __init__(self, canvas: Canvas, fonts: Fonts) -> None:
        self._canvas = canvas
        self._fonts = fonts
        self._bookmarks = 0

    def title_page(self, page: dict[str, tuple[str, ...]]) -> None:
        """Title and authors in the middle, the rest at the foot."""
        row = _TITLE_ROW
        foot: list[str] = []
        for key, values in page.items():
            if key.lower() in _MIDDLE_KEYS:
                for line in (line for value in values for line in _ended(wrap(value, TEXT_WIDTH_CHARS))):
                    self._text(row, (TEXT_WIDTH_CHARS - cells(line.text)) // 2, _closed(line.runs, line.is_ended))
                    row += 1
                row += 1 + (key.lower() == "title")
            else:
                label = "" if key.lower() in _BARE_KEYS else f"{key}: "
                foot += [
                    f"{label if not index else ' ' * len(label)}{value}" for index, value in enumerate(values or ("",))
                ]
        lines = [line for text in foot for line in _ended(wrap(text, TEXT_WIDTH_CHARS))]
        row = max(row + 2, LINES_PER_PAGE - len(lines))
        for line in lines:
            if row >= LINES_PER_PAGE:
                self._canvas.showPage()
                row = 0
            self._text(row, 0, _closed(line.runs, line.is_ended))
            row += 1
        self._canvas.showPage()

    def page(self, page: Page, number: int) -> None:
        """One page of the script; the first has no number."""
        if number > 1:
            label = f"{number}."
            header_row = (_HEADER_IN - TOP_MARGIN_IN) * LINES_PER_INCH
            self._text(header_row, TEXT_WIDTH_CHARS - len(label), [Run(label)])
        above = ""
        for index, row in enumerate(page.rows):
            kind = row.texts[0].kind if row.texts else ""
            self._row(index, row, opens=kind != above)
            above = kind
        self._canvas.showPage()

    def _row(self, index: int, row: Row, *, opens: bool) -> None:
        if row.number is not None:
            self._text(index, -_NUMBER_GAP_CHARS - cells(row.number), [Run(row.number)])
            self._text(index, TEXT_WIDTH_CHARS + _NUMBER_GAP_CHARS, [Run(row.number)])
        for text in row.texts:
            is_ended = text.is_ended and (text.kind == "lyric" or not text.runs or not text.runs[-1].italic)
            self._text(index, text.column, _closed(text.runs, is_ended))
            if text.kind == "scene_heading" and opens:
                self._bookmark(index, text, row.number)

    def _bookmark(self, index: int, heading: Text, number: str | None) -> None:
        self._bookmarks += 1
        key = f"scene-{self._bookmarks}"
        self._canvas.bookmarkHorizontalAbsolute(key, _top(index))
        name = "".join(run.text for run in heading.runs)
        self._canvas.addOutlineEntry(f"{number}  {name}" if number else name, key, level=0)

    def _text(self, row: float, column: float, runs: Sequence[Run]) -> None:
        """Draw text with its first letter in a column of a row, both counted from the printed area's corner."""
        x, y = _LEFT + column * _CELL, _top(row) - _BASELINE * _LEADING
        whole = "".join(run.text for run in runs)
        if in_courier(whole):
            seen = len(whole.rstrip())  # the unseen space at the end has no line under it
            for run in runs:
                self._draw(x, y, run.text, Choice(courier(bold=run.bold, italic=run.italic), COURIER_WIDTH))
                self._underline(x, y, min(len(run.text), seen), run)
                seen -= len(run.text)
                x += len(run.text) * _CELL
            return
        edge = x + cells(whole.rstrip()) * _CELL
        for glyph in _in_order(list(_glyphs(runs))):
            choice = self._fonts.find(glyph.cluster, bold=glyph.run.bold, italic=glyph.run.italic, beside=glyph.word)
            if choice is None:
                self._draw(x, y, "?", Choice(courier(bold=glyph.run.bold, italic=glyph.run.italic), COURIER_WIDTH))
            else:
                self._draw(x, y, glyph.cluster, choice, width=max(glyph.width, 1) * _CELL)
            self._underline(x, y, glyph.width if glyph.cluster.strip() or x < edge else 0, glyph.run)
            x += glyph.width * _CELL

    def _draw(self, x: float, y: float, text: str, choice: Choice, *, width: float = _CELL) -> None:
        """Draw text; a letter that is wider or narrower than its cell is fitted into it."""
        scale = 100 * width / (choice.width * _SIZE)
        drawn = self._canvas.beginText(x, y)
        drawn.setFont(choice.name, _SIZE, _LEADING)
        fitted = abs(scale - 100) > _FITS_PERCENT
        if fitted:
            drawn.setHorizScale(scale)
        drawn.textOut(text)
        if fitted:
            drawn.setHorizScale(100)  # it would last beyond this text
        self._canvas.drawText(drawn)

    def _underline(self, x: float, y: float, width: int, run: Run) -> None:
        if run.underline and width > 0:
            self._canvas.setLineWidth(_LINE_WIDTH)
            self._canvas.line(x, y - _LINE_DEPTH, x + width * _CELL, y - _LINE_DEPTH)


def _keywords(screenplay: Screenplay, *, continueds: bool) -> Iterator[str]:
    """What the reader has to know of a page that the page does not show."""
    if continueds and not has_continueds(screenplay):
        yield AUTOMATIC_CONTINUEDS
    if screenplay.title_page:
        yield f"{TITLE_PAGE} {json.dumps([(key, len(values)) for key, values in screenplay.title_page.items()])}"


def _ended(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines of one text, the last of them with a sign of its end."""
    yield from (replace(line, is_ended=number == len(lines)) for number, line in enumerate(lines, start=1))


def _closed(runs: Sequence[Run], is_ended: bool) -> Sequence[Run]:
    """The runs, with an unseen space after a line that reads as if it had been wrapped, and after a lyric.

    The reader looks for it; so no other line in italics has one.
    """
    if not is_ended or not runs:
        return runs
    *others, last = runs
    return [*others, replace(last, text=f"{last.text} ")]


def _top(row: float) -> float:
    """How far a row's top is above the paper's lower edge."""
    return (PAPER_HEIGHT_IN - TOP_MARGIN_IN) * _POINTS - row * _LEADING


def _glyphs(runs: Iterable[Run]) -> Iterator[_Glyph]:
    """Letters, each with the marks that belong to it."""
    for run in runs:
        for word in re.split(r"(\s+)", normalized(run.text)):
            cluster = ""
            for character in word:
                if cluster and not cell_width(character):
                    cluster += character
                    continue
                if cluster:
                    yield _Glyph(cluster, run, cells(cluster), word)
                cluster = character
            if cluster:
                yield _Glyph(cluster, run, cells(cluster), word)


def _in_order(glyphs: list[_Glyph]) -> list[_Glyph]:
    """From left to right."""
    clusters = [glyph.cluster for glyph in glyphs]
    if not is_mixed("".join(clusters)):
        return glyphs
    level_of = levels(clusters)
    turned = [
        replace(glyph, cluster=mirrored(glyph.cluster)) if level == 1 else glyph
        for glyph, level in zip(glyphs, level_of, strict=True)
    ]
    return visual(turned, level_of)
