r"""Fountain's emphasis: text with marks in it as runs of one style, and back.

`*italics*`, `**bold**`, `***both***`, `_underline_`; `\*`, `\_` and `\\` are the plain characters.
A mark opens before a non-space and closes after one, on the same line; `_` does neither inside a word,
and `__` or `****` are no marks. A mark without its partner is text.

Source: https://fountain.io/syntax, "Emphasis"; what may open or close is CommonMark's rule, simplified.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

_SPECIAL = re.compile(r"[*_\\]")
_TOKEN = re.compile(r"\\[*_\\]|\*+|_+")
_LITERAL = re.compile(r"\*+|_+|\\")


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one style."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False


_STYLES = ("bold", "italic", "underline")
_MARKS: dict[str, dict[int, tuple[str, ...]]] = {
    "*": {1: ("italic",), 2: ("bold",), 3: ("bold", "italic")},
    "_": {1: ("underline",)},
}
_WIDTH = {"bold": 2, "italic": 1, "underline": 1}


def parse(text: str) -> tuple[Run, ...]:
    """Runs of a text with marks. Neighbours differ in style; line breaks are kept."""
    if not _SPECIAL.search(text):
        return (Run(text),) if text else ()
    runs: list[Run] = []
    for line in text.splitlines(keepends=True):
        runs.extend(_parse_line(line))
    return tuple(_merged(runs))


def plain(text: str) -> str:
    """A text without its marks, as a page shows it."""
    return "".join(run.text for run in parse(text)) if _SPECIAL.search(text) else text


def compose(runs: Iterable[Run]) -> str:
    r"""A text with marks that `parse` takes apart into these runs again.

    Every character is kept. Not kept is what marks can't say: the style of spaces at a styled run's ends and
    of line breaks, and underlining of a part of a word in no other style.
    """
    merged = list(_merged(runs))
    text = "".join(run.text for run in merged)
    if not any(run.bold or run.italic or run.underline for run in merged):
        return _escaped(text, {}) if _SPECIAL.search(text) else text
    return _escaped(text, _toggles(text, _intervals(text, merged)))


def _merged(runs: Iterable[Run]) -> Iterator[Run]:
    held: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        if held and any(getattr(run, style) != getattr(held[0], style) for style in _STYLES):
            yield _one(held)
            held = []
        held.append(run)
    if held:
        yield _one(held)


def _one(runs: list[Run]) -> Run:
    first = runs[0]
    if len(runs) == 1:
        return first
    return Run("".join(run.text for run in runs), first.bold, first.italic, first.underline)


# --- From marks to runs


@dataclass(slots=True)
class _Mark:
    """A row of stars or one underscore, and what of it turns a style on or off."""

    start: int
    end: int
    toggles: tuple[str, ...] = ()


def _parse_line(line: str) -> Iterator[Run]:
    marks: list[_Mark] = []
    opened: dict[str, _Mark] = {}
    escapes: set[int] = set()
    for token in _TOKEN.finditer(line):
        start, end = token.span()
        if line[start] == "\\":
            escapes.add(start)
            continue
        styles = _MARKS[line[start]].get(end - start)
        if styles is None:
            continue
        before, after = line[start - 1 : start], line[end : end + 1]
        opens, closes = bool(after.strip()), bool(before.strip())
        if line[start] == "_":
            opens, closes = opens and not before.isalnum(), closes and not after.isalnum()
        mark = _Mark(start, end)
        marks.append(mark)
        for style in styles:
            if closes and style in opened:
                opened.pop(style).toggles += (style,)
                mark.toggles += (style,)
            elif opens:
                opened[style] = mark
    on = dict.fromkeys(_STYLES, False)
    done = 0
    for mark in marks:
        yield Run(_unescaped(line, done, mark.start, escapes), **on)
        # Stars without a partner are text outside the style that their neighbours turn on or off.
        partners = sum(_WIDTH[style] for style in mark.toggles)
        literal = line[mark.start : mark.end - partners]
        opening = any(not on[style] for style in mark.toggles)
        if opening:
            yield Run(literal, **on)
        for style in mark.toggles:
            on[style] = not on[style]
        if not opening:
            yield Run(literal, **on)
        done = mark.end
    yield Run(_unescaped(line, done, len(line), escapes), **on)


def _unescaped(line: str, start: int, end: int, escapes: set[int]) -> str:
    if not escapes or "\\" not in line[start:end]:
        return line[start:end]
    return "".join(line[at] for at in range(start, end) if at not in escapes)


# --- From runs to marks


def _intervals(text: str, runs: list[Run]) -> Iterator[tuple[str, int, int]]:
    """Where each style is on, line by line, without the spaces at both ends."""
    ends = list(accumulate(len(run.text) for run in runs))
    for style in _STYLES:
        start = 0
        joined: list[list[int]] = []
        for run, end in zip(runs, ends, strict=True):
            if getattr(run, style):
                if joined and joined[-1][1] == start:
                    joined[-1][1] = end
                else:
                    joined.append([start, end])
            start = end
        for start, end in joined:
            for line in text[start:end].splitlines(keepends=True):
                inner = line.strip()
                if inner:
                    lead = start + len(line) - len(line.lstrip())
                    yield style, lead, lead + len(inner)
                start += len(line)


def _toggles(text: str, intervals: Iterable[tuple[str, int, int]]) -> dict[int, str]:
    """The marks to put before each place in the text."""
    stars: dict[int, int] = {}
    lines: list[tuple[int, int]] = []
    for style, start, end in intervals:
        if style == "underline":
            lines.append((start, end))
        else:
            for place in (start, end):
                stars[place] = stars.get(place, 0) + _WIDTH[style]
    marks = {place: "*" * count for place, count in stars.items()}
    for start, end in lines:
        inside_word = (start not in stars and text[start - 1 : start].isalnum()) or (
            end not in stars and text[end : end + 1].isalnum()
        )
        if inside_word:
            continue
        before, after = marks.get(start, ""), marks.get(end, "")
        if before and after and not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
            marks[start], marks[end] = f"_{before}", f"{after}_"  # as writers put it: _**THE END**_
        else:
            marks[start], marks[end] = f"{before}_", f"_{after}"
    return marks


def _escaped(text: str, marks: dict[int, str]) -> str:
    """The text with marks put in, and with backslashes before what would pass for a mark."""
    inserts = dict(marks)
    for literal in _LITERAL.finditer(text):
        start, end = literal.span()
        before, after = text[start - 1 : start], text[end : end + 1]
        marked = any(place in marks for place in range(start, end + 1))
        if text[start] == "\\":
            harmless = end not in marks and after not in ("*", "_", "\\")
        elif not before.strip() and not after.strip():
            harmless = not marked
        else:
            inside_word = end - start > 1 or (before.isalnum() and after.isalnum())
            harmless = not marked and text[start] == "_" and inside_word
        if not harmless:
            for place in range(start, end):
                inserts[place] = inserts.get(place, "") + "\\"
    parts: list[str] = []
    done = 0
    for place in sorted(inserts):
        parts += (text[done:place], inserts[place])
        done = place
    return "".join((*parts, text[done:]))
