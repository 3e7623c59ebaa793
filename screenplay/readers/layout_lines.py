"""Split a text into lines and measure each: where it stands, how long it is, what letters it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from screenplay.readers.layout_states import CUE_AND_SPEECH, FURNITURE

Ints = npt.NDArray[np.int32]

TAB_CHARS = 8
"""What a tab is worth; only differences between lines matter later, so a wrong guess shifts and does no harm."""
_SPACE_LIKE = dict.fromkeys([0x0B, 0x1C, 0x1D, 0x1E, 0x1F, 0x85, 0xA0, 0x2007, 0x2028, 0x2029, 0x202F, 0x3000], " ")
_DROPPED: dict[int, str] = dict.fromkeys([*range(9), *range(14, 28), *range(0x7F, 0x85), *range(0x86, 0xA0)], "")
_TABLE = _SPACE_LIKE | _DROPPED | {0xFEFF: "", 0x200B: "", 0x0C: "\f"}
_UNUSUAL = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\xa0\u2007\u200b\u2028\u2029\u202f\u3000\ufeff\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MARKUP = re.compile(r"</?(?:b|i|u|pre|center|font|p|br|strong|em)\s{0,3}/?>", re.IGNORECASE)
_SITE = re.compile(r"(?:Writers|Genres) : |(?:User Comments|Back to [A-Z]\w{2,12}|Read the script|View comments)$")
"""What script sites print under a text."""
_EMPHASIS = re.compile(r"(?<!\w)[*_]{1,3}(?=[^\s*_])|(?<=[^\s*_])[*_]{1,3}(?!\w)")
_ASCII_MARKS = dict(zip(map(ord, "（）［］【】：。？！，；．、"), "()[][]:.?!,;.,", strict=True))
_LEADING_STAR = re.compile(r"\*{1,2}[ ]{2,}(?=\S)")
"""The mark of a revised line, in the left margin."""
_CORNERED = re.compile(r"[^\s「」。、]{1,12}「[^「」]*」?$")
"""Japanese cues stand before the speech, which corner brackets enclose."""
_COMMENT_LINES = 30
_VIEW_CHARS = 1000
_COUNTED_LINES = 20_000
_TABLED = 0x3000
_UPPER, _LOWER, _DIGIT, _SPACE = 1, 2, 3, 4
LEFT, RIGHT = 1, 2


@dataclass(slots=True)
class Row:
    """One filled line, or a half of one."""

    number: int
    """0-based line of the text."""
    text: str
    indent: int
    gap: int
    new_page: bool
    trailing: int
    given: int = -1
    """The state that it has for certain, or -1."""
    column: int = 0
    """0 where a line has the page for itself, else LEFT or RIGHT."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one text that have words on them, as columns of numbers."""

    number: Ints
    """0-based line in the text."""
    text: list[str]
    """Without outer spaces and revision stars."""
    view: list[str]
    """The same for looking at: no emphasis marks, ASCII's punctuation for the wide one, no middle of endless lines."""
    indent: Ints
    edge: Ints
    """Column after the last character."""
    words: Ints
    upper: Ints
    lower: Ints
    digits: Ints
    gap: Ints
    """Blank lines before; 9 at most."""
    new_page: npt.NDArray[np.bool_]
    """A form feed stands at or before the line."""
    ended: npt.NDArray[np.bool_]
    """Two spaces after the line say that its end is meant."""
    given: Ints
    """The state that a line has for certain, or -1."""
    column: Ints
    """0 where a line has the page for itself, else LEFT or RIGHT."""

    def __len__(self) -> int:
        return len(self.text)


@cache
def _classes() -> npt.NDArray[np.uint8]:
    table = np.zeros(_TABLED + 1, np.uint8)
    for code in range(_TABLED):
        letter = chr(code)
        if letter.isupper():
            table[code] = _UPPER
        elif letter.islower():
            table[code] = _LOWER
        elif letter.isdigit():
            table[code] = _DIGIT
        elif letter.isspace():
            table[code] = _SPACE
    return table


def cut(text: str) -> tuple[Iterator[Row], int]:
    r"""Find the filled lines of a text, and how many lines it has; linear in its length.

    Lines end at `\n`, `\r\n` and `\r` alone, so that every tool counts the same ones; a last empty one is none.
    """
    closed = not text or text[-1] in "\n\r"
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _UNUSUAL.search(text):
        text = _SURROGATE.sub("\ufffd", text).translate(_TABLE)
    if "<" in text and _MARKUP.search(text):
        text = _MARKUP.sub("", text)
    raw = text.split("\n")
    if closed:
        raw.pop()
    return _rows(raw), len(raw)


def _rows(raw: list[str]) -> Iterator[Row]:
    gap, page, comment_end = 0, False, -1
    for index, line in enumerate(raw):
        if "\f" in line:
            page, line = True, line.replace("\f", " ")
        if "\t" in line:
            line = line.expandtabs(TAB_CHARS)
        solid = line.rstrip()
        if not solid:
            gap += 1
            continue
        trailing = len(line) - len(solid)
        if solid[-1] == "*":
            solid = _without_star(solid)
        bare = solid.lstrip()
        if bare[0] == "*":
            bare = _LEADING_STAR.sub("", bare)
        if bare.startswith("<!--"):
            comment_end = _comment_end(raw, index)
        from_site = index <= comment_end or (bare[0] in "WGUBRV" and _SITE.match(bare))
        given = FURNITURE if from_site else -1
        if "「" in bare and _CORNERED.match(bare):
            given = CUE_AND_SPEECH
        yield Row(index, bare, len(solid) - len(bare), min(gap, 9), page, trailing, given)
        gap, page = 0, False


def _comment_end(raw: list[str], start: int) -> int:
    """Index of the line that ends the comment of a web page; -1 if that is no comment."""
    for index in range(start, min(start + _COMMENT_LINES, len(raw))):
        if "-->" in raw[index]:
            return index if raw[index].rstrip().endswith("-->") else -1
    return -1


def _without_star(line: str) -> str:
    """Take off the mark that a revised line has in the margin."""
    rest = line.rstrip("*")
    return rest.rstrip() if len(line) - len(rest) <= 3 and rest.endswith("  ") and rest.strip() else line


def measure(rows: list[Row]) -> Lines:
    """Measure filled lines."""
    text = [row.text for row in rows]
    view = list(map(_view, text))
    counts = np.concatenate(
        [_counts(view[at : at + _COUNTED_LINES]) for at in range(0, len(view), _COUNTED_LINES)]
        or [np.zeros((4, 0), np.int32)],
        axis=1,
    )
    indent = np.array([row.indent for row in rows], np.int32)
    # Many texts have stray spaces at their line ends: only where all are twos do they mean something.
    meant = all(row.trailing in (0, 2) for row in rows)
    return Lines(
        number=np.array([row.number for row in rows], np.int32),
        text=text,
        view=view,
        indent=indent,
        edge=indent + np.fromiter(map(len, text), np.int32, len(text)),
        words=counts[0],
        upper=counts[1],
        lower=counts[2],
        digits=counts[3],
        gap=np.array([row.gap for row in rows], np.int32),
        new_page=np.array([row.new_page for row in rows], np.bool_),
        ended=np.array([meant and row.trailing == 2 for row in rows], np.bool_),
        given=np.array([row.given for row in rows], np.int32),
        column=np.array([row.column for row in rows], np.int32),
    )


def _view(text: str) -> str:
    if len(text) > _VIEW_CHARS:
        text = text[: _VIEW_CHARS // 2] + text[-_VIEW_CHARS // 2 :]
    if not text.isascii():
        text = text.translate(_ASCII_MARKS)
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub("", text) or text
    return text


def _counts(lines: list[str]) -> Ints:
    """Words, capitals, small letters and digits of each line: (4, lines)."""
    codes = np.frombuffer("\n".join(lines).encode("utf-32-le", "replace"), np.uint32)
    kinds = _classes()[np.minimum(codes, _TABLED)]
    lengths = np.fromiter(map(len, lines), np.int64, len(lines))
    starts = np.cumsum(lengths + 1) - lengths - 1
    solid = kinds != _SPACE
    begins = solid.copy()
    begins[1:] &= ~solid[:-1]
    flags = (begins, kinds == _UPPER, kinds == _LOWER, kinds == _DIGIT)
    return np.stack([np.add.reduceat(flag, starts, dtype=np.int32) for flag in flags])
