"""Sets the words of a PDF's pages in lines of text again, as a typewriter would have typed them."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from screenplay.bidi import read_order
from screenplay.emphasis import Run
from screenplay.page import COLUMNS
from screenplay.readers.pdf_words import PLAIN, Sheet, Word, is_leftward
from screenplay.wrapping import cells

_SAME_LINE = 0.35
"""Words whose baselines differ by less, in parts of the font's size, stand on one line."""
_STANDARD_CELL = 7.2
_FIXED_SPREAD = 0.03
_LEAST_LETTERS = 4
_OWN_LEADING = 12.0
_DIGITS = re.compile(r"\d+")
_SCENE_NUMBER = re.compile(r"[A-Z]{0,3}-?\d{1,4}(?:-?[A-Z]{1,3})?\W{0,2}")
_SPACE = 0.3
"""More of a letter's size than this between two letters is a space."""
_GLUED = 0.25
"""Less of a cell than this between two words is nothing."""
_SUPERSCRIPT = 0.8
_WIDE = 1.5
"""More cells than this between two words are more than a space."""
_SENTENCE_END = re.compile(r"[.!?:…][\"'”’)\]]{0,3}$")
_MORE = re.compile(r"\W{0,3}MORE\W{0,3}")
_GOES_ON = re.compile(r"\(CONT(?:['’]?D|INUED|INUING|\.)\.?\)$", re.IGNORECASE)
_MOST_TITLE_ROWS = 40
_TITLE_POINTS = 140.0
"""A title stands lower on its page than a script begins."""
_HEADING = re.compile(r"\W{0,3}(?:\d{1,4}[A-Z]?\W{0,3})?(?:INT|EXT|FADE IN)\b", re.IGNORECASE)
_BY = re.compile(r"(?:(?:screenplay|teleplay|written|play|script|story)\s)?by:?", re.IGNORECASE)
_MOST_MARGIN_CELLS = 14
_MOST_BLANK = 9


@dataclass(slots=True)
class Row:
    """The words on one line of a page, from left to right."""

    base: float
    words: list[Word] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words, a space between them."""
        return "".join(("" if word.is_glued else " ") + word.text for word in self.words).strip()


@dataclass(frozen=True, slots=True)
class Typed:
    """One line of text."""

    text: str
    """With its indentation, without style."""
    runs: tuple[Run, ...] = ()
    """The same, with style."""
    is_ended: bool = False
    """A space stands after the last word."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Where columns are on the pages of one document."""

    cell: float
    left: float
    is_fixed: bool
    margin_cells: int
    """How far left of the text the first column is, for scene numbers."""

    def column(self, x: float) -> int:
        """The column of a place, counted from 0."""
        return max(0, round((x - self.left) / self.cell) + self.margin_cells)


def rows_of(sheet: Sheet) -> list[Row]:
    """The lines of a page, from top to bottom."""
    rows: list[Row] = []
    for word in sorted(sheet.words, key=lambda word: -word.base):
        if not rows or rows[-1].base - word.base > _SAME_LINE * word.size:
            rows.append(Row(word.base))
        rows[-1].words.append(word)
    for row in rows:
        row.words.sort(key=lambda word: word.left)
        if any(is_leftward(word.text) for word in row.words):
            row.words = list(_as_read(row.words))
    return rows


def _as_read(words: Sequence[Word]) -> Iterator[Word]:
    """The words of a line with letters written from right to left, which come one by one, as they are read."""
    seen: list[Word | None] = []
    for before, word in pairwise([words[0], *words]):
        if word.left - before.right > _SPACE * word.size:
            seen.append(None)
        seen.append(word)
    items, letters = read_order(seen, [" " if word is None else word.text for word in seen])
    held: list[Word] = []
    is_glued = False
    for item, letter in zip(items, letters, strict=True):
        if item is None or (held and not same_style(held[0].style, item.style)):
            yield from _merged(held, is_glued=is_glued)
            is_glued, held = item is not None, []
        if item is not None:
            held.append(replace(item, text=letter))
    yield from _merged(held, is_glued=is_glued)


def _merged(letters: Sequence[Word], *, is_glued: bool) -> Iterator[Word]:
    if letters:
        left, right = min(letter.left for letter in letters), max(letter.right for letter in letters)
        text = "".join(letter.text for letter in letters)
        yield replace(letters[0], text=text, left=left, right=right, is_glued=is_glued, place=letters[-1].place)


def grid_of(pages: Iterable[Sequence[Row]]) -> Grid:
    """Where the columns of a document are: told from the width of its letters and from where its lines begin."""
    rows = [row for page in pages for row in page]
    widths = [
        (word.right - word.left) / cells(word.text)
        for row in rows
        for word in row.words
        if cells(word.text) >= _LEAST_LETTERS
    ]
    cell = statistics.median(widths) if widths else _STANDARD_CELL
    cell = cell if cell > 0 else _STANDARD_CELL
    near = sum(abs(width - cell) <= _FIXED_SPREAD * cell for width in widths)
    starts = Counter(round(_after_number(row.words, cell).left) for row in rows)
    left = float(min((x for x, count in starts.items() if count * 100 >= len(rows)), default=0))
    least = min((row.words[0].left for row in rows), default=left)
    margin = min(_MOST_MARGIN_CELLS, max(0, round((left - least) / cell)))
    return Grid(cell, left, is_fixed=near * 10 >= 9 * len(widths), margin_cells=margin)


def typed(pages: Sequence[Sequence[Row]], grid: Grid, *, is_own: bool) -> list[Typed]:
    """All lines of a document, blank ones between them; the first of each page but the first has a form feed.

    A speech that a page break parts, with `(MORE)` above it and its cue again below, is put together. On pages of this
    program's own (`is_own`) a paragraph ends with its page, unless the last line says that it goes on.
    """
    lines: list[Typed] = []
    joins = goes_on = False
    joined: Typed | None = None
    """The lower half of a line that a page break had parted, while the next line is not known."""
    leading = _leading(pages)
    for number, rows in enumerate(pages):
        above: float | None = None
        mark = "\f" if number and not joins else ""
        rows = rows[1:] if joins else rows
        following = pages[number + 1] if number + 1 < len(pages) else ()
        joins = _parts_speech(rows, following)
        for row in rows[:-1] if joins else rows:
            if above is not None:
                blank = round((above - row.base) / leading) - 1
                lines += [Typed("")] * min(max(blank, 0), _MOST_BLANK)
            line = _line(row, grid)
            if joined is not None and lines[-1].text and _seems_ended(joined, line, grid):
                lines[-1] = replace(lines[-1], runs=(*lines[-1].runs, Run("  ")), is_ended=False)
            joined = None
            if goes_on and lines[-1].text and _seems_ended(lines[-1], line, grid):
                # The page ended after a sentence's end within a line, which looks like the end of the writer's line.
                joined, lines[-1] = line, _one_line(lines[-1], line)
            else:
                lines.append(replace(line, text=mark + line.text, runs=(Run(mark), *line.runs)) if mark else line)
            above, mark, goes_on = row.base, "", False
        if not lines:
            continue
        is_marked = is_own and lines[-1].is_ended
        goes_on = not is_marked if joins else is_marked
        if is_own and not joins:
            lines[-1] = replace(lines[-1], is_ended=False)
            lines += [] if goes_on else [Typed("")]
        elif not joins and following and _ends_paragraph(lines[-1], _line(following[0], grid), grid):
            lines.append(Typed(""))
    return lines


def _ends_paragraph(above: Typed, below: Typed, grid: Grid) -> bool:
    """Whether action seems to end with its page: after a sentence, with another one at the same margin overleaf."""
    margin = grid.margin_cells + COLUMNS["dialogue"].indent_chars // 2
    if any(len(line.text) - len(line.text.lstrip()) > margin for line in (above, below)):
        return False
    return _SENTENCE_END.search(above.text) is not None and not below.text.lstrip()[:1].islower()


def _seems_ended(above: Typed, below: Typed, grid: Grid) -> bool:
    """Whether the first word of a line would have had room on the line above, and looks like a line's first."""
    indent = len(below.text) - len(below.text.lstrip()) - grid.margin_cells
    width = COLUMNS["dialogue" if indent >= COLUMNS["dialogue"].indent_chars // 2 else "action"].width_chars
    word = below.text.split()[0]
    return cells(above.text.strip()) + 1 + cells(word) <= width and not word[0].islower()


def _one_line(above: Typed, below: Typed) -> Typed:
    runs = [run for run in below.runs if run.text.strip() or run is not below.runs[0]]
    return Typed(f"{above.text} {below.text.strip()}", (*above.runs, Run(" "), *runs), below.is_ended)


def _parts_speech(rows: Sequence[Row], following: Sequence[Row]) -> bool:
    """Whether a speech goes on on the next page."""
    if not rows or len(following) < 2 or not _GOES_ON.search(following[0].text):
        return False
    return _MORE.fullmatch(rows[-1].text) is not None and len(rows) > 1


def _leading(pages: Sequence[Sequence[Row]]) -> float:
    """The usual distance of two lines that follow each other: the least one that is not rare."""
    steps = Counter(round(above.base - below.base) for rows in pages for above, below in pairwise(rows))
    total = sum(steps.values())
    sizes = [row.words[0].size for rows in pages for row in rows]
    size = statistics.median(sizes) if sizes else _OWN_LEADING
    size = size if size > 0 else _OWN_LEADING
    # Where lines stand far apart throughout, blank ones are between them.
    return float(next((s for s in sorted(steps) if s > size / 3 and steps[s] * 20 >= total and s < 1.6 * size), size))


def _line(row: Row, grid: Grid) -> Typed:
    runs: list[Run] = []
    filled = 0
    before: Word | None = None
    if any(is_leftward(word.text) for word in row.words):  # its order is not that of its places
        runs = [Run(" " * grid.column(min(word.left for word in row.words)))]
        for index, word in enumerate(row.words):
            runs += [Run(" ")] if index and not word.is_glued else []
            runs.append(replace(word.style, text=word.text))
        return Typed("".join(run.text for run in runs), tuple(runs), row.words[-1].place.is_ended)
    for word in _without_second_number(row.words, grid.cell):
        column = grid.column(word.left)
        if before is not None and (word.is_glued or _touches(before, word, grid.cell)):
            column = filled
        elif before is not None and not grid.is_fixed and word.left - before.right < 2 * grid.cell:
            column = filled + 1
        elif before is not None:
            column = max(column, filled + 1)
        if column > filled:
            runs.append(Run(" " * (column - filled)))
        style = word.style
        runs.append(Run(word.text, style.bold, style.italic, style.underline))
        filled = column + cells(word.text)
        before = word
    return Typed("".join(run.text for run in runs), tuple(runs), row.words[-1].place.is_ended)


def _touches(before: Word, word: Word, cell: float) -> bool:
    """Whether two words on a line are parts of one: nothing is between them, nor does the file say so."""
    if word.left - before.right >= _GLUED * cell:
        return False
    if word.size < _SUPERSCRIPT * before.size and word.base > before.base:
        return True
    # Of recognised text, words overlap, for its letters are wider than those of the picture.
    return not (word.place.is_spaced and word.place.order == before.place.order + 1)


def _after_number(words: Sequence[Word], cell: float) -> Word:
    """A line's first word but for a scene number in the margin."""
    is_number = len(words) > 1 and _DIGITS.search(words[0].text) and words[1].left - words[0].right > _WIDE * cell
    return words[1] if is_number else words[0]


def _without_second_number(words: Sequence[Word], cell: float) -> Sequence[Word]:
    """A heading's words without the scene number in the right margin, if the left one has the same."""
    if len(words) < 3 or words[0].text != words[-1].text or not _DIGITS.search(words[0].text):
        return words
    gaps = words[1].left - words[0].right, words[-1].left - words[-2].right
    return words[:-1] if min(gaps) > _WIDE * cell else words


def whole_style(line: Typed) -> Run:
    """The style of a line that has only one, but for scene numbers in its margins; else none."""
    runs = [run for run in line.runs if run.text.strip()]
    while len(runs) > 1 and not any(map(str.isalnum, runs[-1].text)):
        runs.pop()  # a full stop that a line under the words leaves out
    if len(runs) > 1 and _SCENE_NUMBER.fullmatch(runs[0].text):
        runs = runs[1:-1] if len(runs) > 2 and runs[-1].text == runs[0].text else runs[1:]
    if not runs or not all(same_style(run, runs[0]) for run in runs):
        return PLAIN
    return Run("", runs[0].bold, runs[0].italic, runs[0].underline)


def joined(runs: Sequence[Run]) -> Iterator[Run]:
    """Runs of one style as one, the spaces between them included."""
    held: list[Run] = []
    for run in runs:
        if held and run.text.strip() and same_style(run, held[0]):
            held = [replace(run, text="".join(part.text for part in held) + run.text)]
            continue
        if held and not run.text.strip() and len(held) == 1:
            held.append(run)
            continue
        yield from held
        held = [run]
    yield from held


def same_style(one: Run, other: Run) -> bool:
    """Whether two runs look the same."""
    return one.bold == other.bold and one.italic == other.italic and one.underline == other.underline


def title_rows(rows: Sequence[Row], height: float) -> bool:
    """Whether the first of several pages is a title page: few lines, low on the page, none of them a scene heading."""
    if not rows or len(rows) > _MOST_TITLE_ROWS or any(_HEADING.match(row.text) for row in rows):
        return False
    return rows[0].base < height - _TITLE_POINTS or any(_BY.fullmatch(row.text) for row in rows[:8])
