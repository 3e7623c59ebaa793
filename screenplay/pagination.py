"""Lays a screenplay out on pages: which line stands where, what stays together, what goes on overleaf.

No page ends on a heading, a shot or a cue; a transition stays with what it ends; two lines of a paragraph or speech
stay on either side of a break, which follows a sentence's end where there is one; a speech that breaks off ends in
`(MORE)` and goes on under its cue with `(CONT'D)`.

Source: the page of the American industry as handbooks of screenplay form describe it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from screenplay.dual import SideBySide, grouped
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
from screenplay.emphasis import Run, plain
from screenplay.page import COLUMNS, DUAL_COLUMNS, LINES_PER_PAGE, TEXT_WIDTH_CHARS, Column
from screenplay.page_breaks import LEAST, Block, Row, Text, breaks_of, parted
from screenplay.wrapping import Line, cells, wrap

MORE = "(MORE)"
CONTINUED = "CONT'D"
_HUGE = 10 * LINES_PER_PAGE
"""No one writes a paragraph of so many lines."""
_CONTINUED = re.compile(r"\bCONT(?:'|’|INU)?E?D?\b", re.IGNORECASE)


@dataclass(slots=True)
class Page:
    """The rows of one page, from the top margin down."""

    rows: list[Row] = field(default_factory=list)


def paginate(screenplay: Screenplay, *, scene_numbers: bool = True, continueds: bool = True) -> list[Page]:
    """The script's pages, without the title page; linear in the length of the script.

    Args:
        screenplay: What to lay out; what no page shows is left out.
        scene_numbers: Show the numbers that headings have.
        continueds: Add `(CONT'D)` where someone speaks on after action, unless the writer has done so anywhere.
    """
    printed: list[Element] = [element for element in screenplay.elements if not isinstance(element, UNPRINTED)]
    if continueds and not has_continueds(screenplay):
        printed = list(_continued(printed))
    blocks = list(_blocks(printed, scene_numbers=scene_numbers))
    return _Pages().fill(blocks)


def has_continueds(screenplay: Screenplay) -> bool:
    """Whether the writer wrote any `(CONT'D)`; then none are added."""
    return any(
        isinstance(element, Character) and element.extension is not None and _CONTINUED.search(element.extension)
        for element in screenplay.elements
    )


def _continued(elements: Sequence[Element]) -> Iterator[Element]:
    """Mark the cues of those who go on speaking within a scene."""
    last: str | None = None
    for element in elements:
        if isinstance(element, SceneHeading):
            last = None
        if isinstance(element, Character):
            name = plain(element.name).casefold()
            if name == last and not element.dual:
                element = continued(element)
            last = None if element.dual else name
        yield element


def continued(cue: Character) -> Character:
    """The cue with `(CONT'D)`, once."""
    if cue.extension is None:
        return cue.model_copy(update={"extension": CONTINUED})
    if _CONTINUED.search(cue.extension):
        return cue
    return cue.model_copy(update={"extension": f"{cue.extension}) ({CONTINUED}"})


# --- From elements to blocks


def _blocks(elements: Sequence[Element], *, scene_numbers: bool) -> Iterator[Block]:
    """Blocks in order. A transition goes with the block before it, a page break with the one after."""
    held: Block | None = None
    starts_page = False
    for unit in _speeches(elements):
        if isinstance(unit, PageBreak):
            starts_page = True
            continue
        block = _block(unit, scene_numbers=scene_numbers)
        if (
            isinstance(unit, Transition)
            and held is not None
            and not starts_page
            and not held.keeps_next
            and not held.tail
        ):
            held.tail = [Row()] * block.blank_before + block.rows
            continue
        if held is not None:
            yield held
        block.starts_page, starts_page = starts_page, False
        held = block
    if held is not None:
        yield held


def _speeches(elements: Sequence[Element]) -> Iterator[Element | SideBySide | tuple[Element, ...]]:
    """Cues with what is said under them; everything else alone."""
    speech: list[Element] = []
    for unit in grouped(elements):
        if isinstance(unit, Parenthetical | Dialogue | Lyric):
            speech.append(unit)
            continue
        if speech:
            yield tuple(speech)
            speech = []
        if isinstance(unit, Character):
            speech = [unit]
        else:
            yield unit
    if speech:
        yield tuple(speech)


def _block(unit: Element | SideBySide | tuple[Element, ...], *, scene_numbers: bool) -> Block:
    if isinstance(unit, tuple):
        return _speech(unit)
    if isinstance(unit, SideBySide):
        return _side_by_side(unit)
    if isinstance(unit, Action) and not unit.text:
        return Block([Row()], blank_before=0)
    column = COLUMNS["centered" if isinstance(unit, Action) and unit.centered else unit.kind]
    if isinstance(unit, Transition) and unit.text.upper().startswith("FADE IN"):
        column = COLUMNS["action"]
    rows = [Row((text,)) if text.runs else Row() for text in _texts(unit, column)]
    if isinstance(unit, SceneHeading) and scene_numbers and unit.number:
        rows[0] = replace(rows[0], number=unit.number)
    breaks = breaks_of(rows, first=LEAST) if isinstance(unit, Action) else []
    return Block(rows, column.blank_lines_before, breaks, keeps_next=isinstance(unit, SceneHeading | Shot))


def _texts(element: Element, column: Column) -> list[Text]:
    """An element's lines in their places."""
    if isinstance(element, Character):
        extension = f" ({element.extension})" if element.extension is not None else ""
        # Alone on its rows, a long cue stands farther left.
        width = TEXT_WIDTH_CHARS if column is COLUMNS["character"] else column.width_chars
        lines = wrap(element.name + extension, width)
    elif isinstance(element, Parenthetical):
        lines = wrap(f"({element.text})", column.width_chars)
    else:
        assert not isinstance(element, PageBreak)
        lines = wrap(element.text, column.width_chars)
    if isinstance(element, Lyric):
        lines = [Line(tuple(replace(run, italic=True) for run in line.runs), line.is_ended) for line in lines]
        lines[-1] = replace(lines[-1], is_ended=True)
    hanging = int(isinstance(element, Parenthetical))
    return [
        Text(_start(line, column) + (hanging if index else 0), line.runs, element.kind, line.closes, line.is_ended)
        for index, line in enumerate(lines)
    ]


def _start(line: Line, column: Column) -> int:
    free = max(0, TEXT_WIDTH_CHARS - cells(line.text))
    return {"left": min(column.indent_chars, free), "right": free, "center": free // 2}[column.align]


def _speech(unit: tuple[Element, ...]) -> Block:
    rows: list[Row] = []
    cue_rows = 0
    for element in unit:
        rows += (Row((text,)) if text.runs else Row() for text in _texts(element, COLUMNS[element.kind]))
        if isinstance(element, Character):
            cue_rows = len(rows)
    first = unit[0]
    cue = first if isinstance(first, Character) else None
    blank = COLUMNS["character"].blank_lines_before
    return Block(rows, blank, breaks_of(rows, first=cue_rows + LEAST), keeps_next=len(rows) == cue_rows, cue=cue)


def _side_by_side(unit: SideBySide) -> Block:
    sides = [
        [text for element in side for text in _texts(element, columns[element.kind])]
        for side, columns in zip((unit.left, unit.right), DUAL_COLUMNS, strict=True)
    ]
    height = max(map(len, sides))
    rows = [
        Row(tuple(side[index] for side in sides if index < len(side) and side[index].runs)) for index in range(height)
    ]
    return Block(rows, COLUMNS["character"].blank_lines_before)


# --- From blocks to pages


class _Pages:
    def __init__(self) -> None:
        self.pages = [Page()]

    def fill(self, blocks: Sequence[Block]) -> list[Page]:
        """Put all blocks on pages."""
        needed = _needed(blocks)
        for block, need in zip(blocks, needed, strict=True):
            if block.starts_page:
                self._next_page()
            self._place(block, need)
        if not self.pages[-1].rows:
            self.pages.pop()
        return self.pages

    @property
    def _rows(self) -> list[Row]:
        return self.pages[-1].rows

    def _next_page(self) -> None:
        if self._rows:
            self.pages.append(Page())

    def _place(self, block: Block, need: int) -> None:
        """Put a block on this page, the next, or both; `need` rows have to fit for it to begin here."""
        rest: Block | None = self._without_whole_pages(block)
        while rest is not None:
            blank = rest.blank_before if self._rows else 0
            room = LINES_PER_PAGE - len(self._rows) - blank
            if rest.keeps_next and need > room and self._rows:
                self._next_page()
                continue
            if len(rest.rows) + len(rest.tail) <= room:
                self._put(rest.rows + rest.tail, blank)
                return
            found = parted(rest, room)
            if found is None and self._rows:
                self._next_page()
                continue
            rest = self._put_part(*found, blank) if found else self._force(rest, room, blank)

    def _without_whole_pages(self, block: Block) -> Block:
        """Put the most of a block that is many pages high, without looking for good places; give its last pages.

        Else each page would cost as much as the whole block.
        """
        at = 0
        while len(block.rows) - at > _HUGE:
            room = LINES_PER_PAGE - len(self._rows) - (block.cue is not None)
            if room < LEAST + LEAST:
                self._next_page()
                continue
            rest = replace(block, rows=[], breaks=[])
            again = self._put_part(block.rows[at : at + room], rest, 0).rows
            self._put(again, 0)
            at += room
        if not at:
            return block
        rows = block.rows[at:]
        return replace(block, rows=rows, breaks=breaks_of(rows, first=LEAST), blank_before=0)

    def _put(self, rows: Sequence[Row], blank: int) -> None:
        """Put rows below a few blank ones; a page never begins with a blank one."""
        for row in [Row()] * blank + list(rows):
            if self._rows or row.texts:
                self._rows.append(row)

    def _put_part(self, above: list[Row], rest: Block, blank: int) -> Block:
        """Put the first rows of a block, end the page, and give what is left, under its cue again."""
        self._put(above, blank)
        again: list[Row] = []
        if rest.cue is not None:
            column = COLUMNS["character"].indent_chars
            self._put([Row((Text(column, (Run(MORE),), "more"),))], 0)
            again = [Row((text,)) for text in _texts(continued(rest.cue), COLUMNS["character"])[:LEAST]]
        self._next_page()
        breaks = [count + len(again) for count in rest.breaks if count >= LEAST]
        return replace(rest, rows=again + rest.rows, breaks=breaks)

    def _force(self, block: Block, room: int, blank: int) -> Block:
        """Part a block on an empty page where it may not be parted."""
        if len(block.rows) <= room:  # all but the tail
            self._put(block.rows, blank)
            self._next_page()
            return Block(block.tail)
        count = room - (block.cue is not None)
        rest = replace(block, rows=block.rows[count:], breaks=[place - count for place in block.breaks])
        return self._put_part(block.rows[:count], rest, blank)


def _needed(blocks: Sequence[Block]) -> list[int]:
    """How many rows have to fit for each block to begin on a page, those that it keeps with it included."""
    found = [0] * len(blocks)
    below = 0
    for index in range(len(blocks) - 1, -1, -1):
        block = blocks[index]
        if block.keeps_next:
            found[index] = len(block.rows) + below
        elif block.breaks:
            found[index] = block.breaks[0] + (block.cue is not None)
        else:
            found[index] = len(block.rows) + len(block.tail)
        found[index] = min(found[index], LINES_PER_PAGE)
        below = 0 if block.starts_page else block.blank_before + found[index]
    return found
