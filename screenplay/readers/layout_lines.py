"""Split a text into lines and measure each: where it stands, how long it is, what letters it is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]

TAB_CHARS = 8
"""What a tab is worth; only differences between lines matter later, so a wrong guess shifts and does no harm."""
_SPACE_LIKE = dict.fromkeys([0x0B, 0x1C, 0x1D, 0x1E, 0x1F, 0x85, 0xA0, 0x2007, 0x2028, 0x2029, 0x202F, 0x3000], " ")
_DROPPED: dict[int, str] = dict.fromkeys([*range(9), *range(14, 28), *range(0x7F, 0x85), *range(0x86, 0xA0)], "")
_TABLE = _SPACE_LIKE | _DROPPED | {0xFEFF: "", 0x200B: "", 0x0C: "\f"}
_UNUSUAL = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\xa0\u2007\u200b\u2028\u2029\u202f\u3000\ufeff\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_STAR = re.compile(r"\s{2,}\*{1,3}$")
_MARKUP = re.compile(r"</?(?:b|i|u|pre|center|font|p|br|strong|em)\s{0,3}/?>", re.IGNORECASE)
_TABLED = 0x3000
_UPPER, _LOWER, _DIGIT, _SPACE = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one text that have words on them, as columns of numbers."""

    total: int
    """How many lines the text has, blank ones included."""
    number: Ints
    """0-based line in the text."""
    text: list[str]
    """Without outer spaces and revision stars."""
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


def measure(text: str) -> Lines:
    r"""Measure all lines of a text; linear in its length.

    Lines end at `\n`, `\r\n` and `\r` alone, so that every tool counts the same ones; a last empty one is none.
    """
    closed = not text or text[-1] in "\n\r"
    if _UNUSUAL.search(text):
        text = _SURROGATE.sub("\ufffd", text).translate(_TABLE)
    if "<" in text and _MARKUP.search(text):
        text = _MARKUP.sub("", text)
    raw = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if closed:
        raw.pop()
    number: list[int] = []
    kept: list[str] = []
    indents: list[int] = []
    gaps: list[int] = []
    pages: list[bool] = []
    ends: list[int] = []
    gap, page = 0, False
    for index, line in enumerate(raw):
        if "\f" in line:
            page, line = True, line.replace("\f", " ")
        if "\t" in line:
            line = line.expandtabs(TAB_CHARS)
        bare = line.rstrip()
        trailing, line = len(line) - len(bare), bare
        if not line:
            gap += 1
            continue
        if line[-1] == "*":
            line = _STAR.sub("", line) or line
        bare = line.lstrip()
        number.append(index)
        kept.append(bare)
        indents.append(len(line) - len(bare))
        gaps.append(gap if gap < 9 else 9)
        pages.append(page)
        ends.append(trailing)
        gap, page = 0, False
    # Many texts have stray spaces at their line ends: only where all are twos do they mean something.
    ended = [end == 2 for end in ends] if all(end in (0, 2) for end in ends) else [False] * len(ends)
    return _with_counts(len(raw), number, kept, indents, gaps, pages, ended)


def _with_counts(
    total: int,
    number: list[int],
    kept: list[str],
    indents: list[int],
    gaps: list[int],
    pages: list[bool],
    ended: list[bool],
) -> Lines:
    joined = "\n".join(kept)
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), np.uint32)
    kinds = _classes()[np.minimum(codes, _TABLED)]
    lengths = np.fromiter(map(len, kept), np.int64, len(kept))
    starts = np.cumsum(lengths + 1) - lengths - 1
    solid = kinds != _SPACE
    begins = solid.copy()
    begins[1:] &= ~solid[:-1]

    def count(which: npt.NDArray[np.bool_]) -> Ints:
        if not len(kept):
            return np.zeros(0, np.int32)
        return np.add.reduceat(which, starts, dtype=np.int32)

    indent = np.array(indents, np.int32)
    return Lines(
        total=total,
        number=np.array(number, np.int32),
        text=kept,
        indent=indent,
        edge=indent + lengths.astype(np.int32),
        words=count(begins),
        upper=count(kinds == _UPPER),
        lower=count(kinds == _LOWER),
        digits=count(kinds == _DIGIT),
        gap=np.array(gaps, np.int32),
        new_page=np.array(pages, np.bool_),
        ended=np.array(ended, np.bool_),
    )
