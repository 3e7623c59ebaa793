"""Take apart two speeches that stand side by side, so that they can be read one after the other."""

from __future__ import annotations

import re

from screenplay.readers.layout_lines import LEFT, RIGHT, Row
from screenplay.readers.layout_states import CHARACTER, DIALOGUE, PARENTHETICAL
from screenplay.readers.layout_words import is_heading_opening, without_numbers

_GUTTER_CHARS = 2
_MOST_LINES = 60
_PIECE = r"\S(?:\S| (?! ))*"
_TWO_CUES = re.compile(rf"(?P<left>{_PIECE}) {{5,}}(?P<right>{_PIECE})")
_PIECES = re.compile(_PIECE)
_NO_CUE = re.compile(r"\d[/.-]\d|^(?:CUT|FADE|DISSOLVE|TO|REV\w*)\b|\b(?:DRAFT|REVISIONS?|REVISED|CONTINUED)\b|:$")


def part(rows: list[Row]) -> list[Row]:
    """Replace each pair of columns by the left speech and then the right one; linear in the number of lines."""
    out: list[Row] = []
    index = 0
    while index < len(rows):
        row = rows[index]
        cues = _two_cues(row.text)
        if cues is None:
            out.append(row)
            index += 1
            continue
        end = index + 1
        # A line left of both speeches is no part of them.
        left = min((speech.indent for speech in rows[index + 1 : index + 3] if "   " in speech.text), default=0)
        while end < len(rows) and end - index < _MOST_LINES and not rows[end].gap and rows[end].indent >= left:
            end += 1
        block = rows[index:end]
        gutter = _gutter(block, row.indent + cues.end("left"), row.indent + cues.start("right"))
        out += (_columns(block, gutter) if _may_speak(block) else None) or block
        index = end
    return out


def _two_cues(text: str) -> re.Match[str] | None:
    found = _TWO_CUES.fullmatch(text) if "   " in text else None
    is_pair = found is not None and _is_cue(found["left"]) and _is_cue(found["right"])
    return found if is_pair and not is_heading_opening(text) else None


def _is_cue(text: str) -> bool:
    name = text.partition("(")[0]
    return len(text) <= 40 and text[0].isalpha() and name.isupper() and not _NO_CUE.search(text)


def _may_speak(block: list[Row]) -> bool:
    """Whether the line under two cues can be speech: not more names, as in a table, and no heading."""
    if len(block) < 2:
        return False
    text = without_numbers(block[1].text)[0]
    return _two_cues(text) is None and not is_heading_opening(text)


def _gutter(block: list[Row], low: int, high: int) -> int:
    """Where the right column begins: after the widest space from `low` to `high` that no line crosses; -1 for none."""
    taken = bytearray(high + 1)
    for row in block:
        for piece in _PIECES.finditer(row.text):
            begin, end = row.indent + piece.start(), min(row.indent + piece.end(), high)
            if begin < end:
                taken[begin:end] = b"\1" * (end - begin)
    taken[high] = 1
    best, at, run = _GUTTER_CHARS - 1, -1, 0
    for column in range(low, high + 1):
        if not taken[column]:
            run += 1
            continue
        if run > best:
            best, at = run, column
        run = 0
    return at


def _columns(block: list[Row], gutter: int) -> list[Row]:
    """The lines of the left column, then those of the right; none where one of them has no speech."""
    if gutter < 0:
        return []
    left: list[Row] = []
    right: list[Row] = []
    for row in block:
        at = max(0, gutter - row.indent)
        first, second = row.text[:at].rstrip(), row.text[at:].lstrip()
        if first:
            left.append(Row(row.number, first, row.indent, row.gap, row.new_page, 0))
        if second:
            right.append(Row(row.number, second, row.indent + len(row.text) - len(second), 0, False, row.trailing))
    if any(len(column) < 2 or column[1].number > block[0].number + 2 for column in (left, right)):
        return []
    right[0].gap = 1
    for column in (left, right):
        in_direction = False
        for row in column:
            row.column = RIGHT if column is right else LEFT
            in_direction = in_direction or row.text[0] == "("
            row.given = PARENTHETICAL if in_direction else DIALOGUE
            in_direction = in_direction and ")" not in row.text
        column[0].given = CHARACTER
    return left + right
