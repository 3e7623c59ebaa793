"""Cuts text into lines of a fixed width, with its styles, as a typist would."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from screenplay.emphasis import Run, parse

_WORD = re.compile(r"\S+")
_CUT = re.compile(r"[^\W\d_]-$")
"""A line that ends so would pass for a word that was cut; the next word stays on it."""

_ALWAYS_CAPITAL = re.compile(r"I(?![^\W\d_])")
"""`I`, `I'm`: a capital that does not say that a line begins."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page, without its place."""

    runs: tuple[Run, ...]
    is_ended: bool = False
    """The writer ended the line, but it reads as if it had been wrapped."""
    closes: bool = True
    """The writer ended the line."""

    @property
    def text(self) -> str:
        """Its text, without styles."""
        return "".join(run.text for run in self.runs)


def cells(text: str) -> int:
    """How many places of a fixed-pitch line a text fills: ideographs two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(map(cell_width, text))


@lru_cache(maxsize=4096)
def cell_width(character: str) -> int:
    """0, 1 or 2 places."""
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def wrap(text: str, width: int) -> list[Line]:
    """The lines of a text with emphasis marks. Words are cut only where one is wider than the line."""
    return wrap_runs(parse(text), width)


def wrap_runs(runs: Sequence[Run], width: int) -> list[Line]:
    """The lines of styled text."""
    parts = "".join(run.text for run in runs).split("\n")
    spans: list[tuple[int, int]] = []
    ended: list[bool] = []
    closes: list[bool] = []
    offset = 0
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        found = list(_spans(part, width))
        spans += ((offset + start, offset + end) for start, end in found)
        ended += [False] * len(found)
        ended[-1] = _seems_wrapped(part[found[-1][0] : found[-1][1]], following, width)
        closes += [False] * (len(found) - 1) + [True]
        offset += len(part) + 1
    cut = _cut_all(runs, spans)
    return [Line(tuple(line), is_ended, close) for line, is_ended, close in zip(cut, ended, closes, strict=True)]


def _seems_wrapped(line: str, following: str, width: int) -> bool:
    word = next(_units(following, width), None)
    if word is None or not line.strip():
        return False
    first = following[word[0] : word[1]]
    if first[0].islower() or (_ALWAYS_CAPITAL.match(first) and line.rstrip()[-1].isalpha()):
        return True
    return cells(line.strip()) + 1 + cells(first) > width


def _spans(line: str, width: int) -> Iterator[tuple[int, int]]:
    """Where each piece of a line begins and ends that fits; spaces before the first word are kept."""
    lead = min(len(line) - len(line.lstrip()), width // 2)
    begin, end, filled = 0, 0, 0
    for start, stop in _units(line, width):
        if end and filled + cells(line[end:stop]) > width:
            yield begin, end
            begin, end, filled = start, start, 0
        elif not end:
            begin = start - min(lead, start)
            end = begin
        filled += cells(line[end:stop])
        end = stop
        while filled > width:  # one word, wider than the line
            fits = _fitting(line, begin, width)
            yield begin, fits
            filled -= cells(line[begin:fits])
            begin = fits
    yield begin, end


def _fitting(line: str, begin: int, width: int) -> int:
    at, filled = begin, 0
    while at < len(line) and filled + cell_width(line[at]) <= width:
        filled += cell_width(line[at])
        at += 1
    return max(at, begin + 1)


def _units(line: str, width: int) -> Iterator[tuple[int, int]]:
    """Where words begin and end that may stand at a line's end."""
    held: list[tuple[int, int]] = []
    for word in _WORD.finditer(line):
        held.append(word.span())
        if _CUT.search(word[0][-2:]):
            continue
        if len(held) == 1 or word.end() - held[0][0] <= width:
            yield held[0][0], word.end()
        else:
            yield from held
        held = []
    yield from held


def _cut_all(runs: Sequence[Run], spans: Iterable[tuple[int, int]]) -> Iterator[list[Run]]:
    """The runs of each part of the text; the parts are in order and don't overlap, so this is linear."""
    at, offset = 0, 0
    for start, end in spans:
        found: list[Run] = []
        while at < len(runs):
            run = runs[at]
            text = run.text[max(0, start - offset) : max(0, end - offset)]
            if text:
                found.append(replace(run, text=text))
            if offset + len(run.text) > end:
                break
            offset += len(run.text)
            at += 1
        yield found
