"""Where a page may end: after which rows of a paragraph or a speech, at a sentence's end rather than elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from screenplay.elements import Character
from screenplay.emphasis import Run
from screenplay.page import COLUMNS
from screenplay.runs import cut
from screenplay.wrapping import wrap_runs

_SENTENCE_END = re.compile(r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)[.!?…][\"'”’)\]]{0,3}(?=\s|$)|--$|—$")
LEAST = 2
"""Lines of a paragraph or a speech that stay on either side of a break."""
_LOOK_BACK = 4
"""So many rows may stay blank for the sake of a sentence's end."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text in its place on a row."""

    column: int
    """Characters from the action's left edge."""
    runs: tuple[Run, ...]
    kind: str
    """The element's kind, or `more`."""
    closes: bool = True
    """The writer ended the line here."""
    is_ended: bool = False
    """The line's end needs a sign: it was meant, but looks like a wrap; a lyric ends; a paragraph goes on overleaf."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a page: one text, or two side by side; none where the page is blank."""

    texts: tuple[Text, ...] = ()
    number: str | None = None
    """Scene number, to stand in the margins."""


@dataclass(slots=True)
class Block:
    """Rows that belong together, and where they may be parted."""

    rows: list[Row]
    blank_before: int = 1
    breaks: list[int] = field(default_factory=list)
    """How many of the rows may stand before a break."""
    keeps_next: bool = False
    tail: list[Row] = field(default_factory=list)
    """Rows that follow without fail on the same page: a transition."""
    cue: Character | None = None
    """Who speaks, where the block is a speech."""
    starts_page: bool = False


def breaks_of(rows: Sequence[Row], *, first: int) -> list[int]:
    """After how many rows a page may end: not after a parenthetical, nor within one."""
    found = []
    for count in range(first, len(rows) - LEAST + 1):
        above = rows[count - 1].texts
        if above and above[0].kind == "parenthetical":
            continue
        found.append(count)
    return found


def parted(block: Block, room: int) -> tuple[list[Row], Block] | None:
    """The rows to leave on this page, and the rest; None where the block may not be parted so that some fit.

    As many rows stay as fit; but a page ends after a sentence where one ends on the last of them.
    """
    fitting = [count for count in block.breaks if count + (block.cue is not None) <= room]
    for count in reversed(fitting[-_LOOK_BACK:]):
        found = _after_sentence(block, count)
        if found is not None:
            return found
    if not fitting:
        return None
    count = fitting[-1]
    rest = replace(block, rows=block.rows[count:], breaks=[place - count for place in block.breaks])
    return [*block.rows[: count - 1], _last_of(block, count)], rest


def _after_sentence(block: Block, count: int) -> tuple[list[Row], Block] | None:
    """Part a block after the last sentence that ends on its row `count`; what follows it there is wrapped anew."""
    row = block.rows[count - 1]
    if not row.texts:
        return block.rows[:count], replace(block, rows=block.rows[count:], breaks=[b - count for b in block.breaks])
    text = row.texts[0]
    plain_row = "".join(run.text for run in text.runs)
    ends = [found.end() for found in _SENTENCE_END.finditer(plain_row)]
    if not ends:
        return None
    if not plain_row[ends[-1] :].strip():
        rest = replace(block, rows=block.rows[count:], breaks=[place - count for place in block.breaks])
        return [*block.rows[: count - 1], _last_of(block, count)], rest
    # The rest of the writer's line, up to where he ended it.
    end = count
    while not block.rows[end - 1].texts[0].closes:
        end += 1
    tail = cut(text.runs, ends[-1], len(plain_row))
    for below in block.rows[count:end]:
        tail += [Run(" "), *below.texts[0].runs]
    column = COLUMNS[text.kind]
    lines = wrap_runs(_stripped(tail), column.width_chars)
    again = [Row((replace(text, runs=line.runs, closes=line.closes, is_ended=False),)) for line in lines]
    last = block.rows[end - 1].texts[0]
    again[-1] = Row((replace(again[-1].texts[0], is_ended=last.is_ended),))
    rows = [*again, *block.rows[end:]]
    kept = Row((replace(text, runs=tuple(cut(text.runs, 0, ends[-1])), closes=False, is_ended=block.cue is None),))
    if len(rows) < LEAST:
        return None
    return [*block.rows[: count - 1], kept], replace(block, rows=rows, breaks=breaks_of(rows, first=LEAST))


def _last_of(block: Block, count: int) -> Row:
    """The last row on a page of what goes on overleaf, with a sign at its end.

    A paragraph's sign is that it goes on; a speech's, that the writer ended this line.
    """
    row = block.rows[count - 1]
    signs = (replace(text, is_ended=block.cue is None or text.closes) for text in row.texts)
    return replace(row, texts=tuple(signs))


def _stripped(runs: Sequence[Run]) -> list[Run]:
    """Without spaces before the first letter."""
    text = "".join(run.text for run in runs)
    return cut(runs, len(text) - len(text.lstrip()), len(text))
