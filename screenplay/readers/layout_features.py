"""Say about each line, in small whole numbers, what tells its kind: the letters, the place, the neighbours.

A feature is a column of category numbers below its `size`; the model owns one row of weights for each category.
All columns are made for the whole text at once, so a text costs time linear in its length.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from screenplay.readers import layout_words as words
from screenplay.readers.layout_brackets import BRACKET_KINDS, WHOLE, brackets
from screenplay.readers.layout_lines import Ints, Lines

Columns = dict[str, tuple[int, Ints]]
"""Name of a feature to its size and its values."""

_CASES = 8
_NONE, _CAPITALS, _CAPITALS_OUTSIDE, _MOSTLY, _SMALL, _TITLE_CASE, _SENTENCE, _UNCASED = range(_CASES)
_DELTAS = np.array([-24, -15, -8, -3, -1, 0, 2, 7, 14, 23])
DELTA_KINDS = 11
_OFFSETS = np.array([-1, 0, 1, 3, 6, 10, 14, 19, 25, 35, 49])
_EDGES = np.array([8, 16, 24, 31, 38, 46, 54, 62, 72])
_COUNTS = np.array([1, 2, 4, 9])
_WORDS = np.array([1, 2, 3, 4, 6, 9, 13])
MAIN_SHARE = 0.04
"""Share of the lines that makes a column one of the text's main columns."""
_DIGITS = re.compile(r"\d{1,6}")
_LAST_NUMBER = re.compile(r"(?:^|\D)(\d{1,4})[A-Z]?\W{0,3}$")
_GOES_ON_SHARE = 0.06
"""So many lines begin with a small letter where paragraphs are wrapped."""
_NAME_CHARS = 50
_UNCASED_NAME_CHARS = 20


@dataclass(frozen=True, slots=True)
class Facts:
    """What both passes start from."""

    lines: Lines
    case: Ints
    shape: Ints
    name: list[str]
    """The words that would be the name if the line were a cue: no extension, capitals."""
    speaker: list[str]
    """The name before the full stop or colon that a speech may follow, in capitals; empty where there is none."""
    subject: list[tuple[str, bool]]
    """The capitalised words that each line begins with, and whether they do something."""
    gap: Ints
    """0 for a line that follows at once, 1 after a usual paragraph space, 2 after more."""
    cluster: Ints
    """Which column of the text the line stands in."""
    left: int
    """Leftmost main column."""
    returns: Ints
    """How often each line stands in the text, other digits aside."""
    columns: Columns


def bucket(values: npt.NDArray[np.int_] | Ints, edges: npt.NDArray[np.int_]) -> Ints:
    """Sort numbers into len(edges) + 1 ranges; an edge belongs to the range below it."""
    return np.searchsorted(edges, values, side="left").astype(np.int32)


def shifted(values: Ints, by: int, fill: int) -> Ints:
    """Each line's neighbour's value: `by` 1 is the line before, -1 the line after."""
    out = np.full_like(values, fill)
    if by > 0:
        out[by:] = values[:-by]
    else:
        out[:by] = values[-by:]
    return out


def cross(*parts: tuple[int, Ints]) -> tuple[int, Ints]:
    """One feature for each combination of several."""
    size, values = 1, np.zeros_like(parts[0][1])
    for part_size, part in parts:
        values = values * part_size + part
        size *= part_size
    return size, values


def delta(indent: Ints) -> Ints:
    """How far each line stands from the one before, in 11 ranges."""
    step = np.zeros_like(indent)
    step[1:] = indent[1:] - indent[:-1]
    return bucket(step, _DELTAS)


def _case(lines: Lines) -> Ints:
    letters = lines.upper + lines.lower
    case = np.full(len(lines), _SENTENCE, np.int32)
    case[lines.upper >= np.maximum(lines.words - 1, 1)] = _TITLE_CASE
    case[lines.upper > lines.lower] = _MOSTLY
    case[(lines.lower == 0) & (lines.upper > 0)] = _CAPITALS
    case[letters == 0] = _NONE
    return case


def _uncased(lines: Lines) -> Ints:
    """How many letters of each line are of a script that has no capitals."""
    out = np.zeros(len(lines), np.int32)
    for index, line in enumerate(lines.view):
        if not line.isascii() and words.UNCASED.search(line):
            out[index] = len(words.UNCASED.findall(line))
    return out


def _gaps(lines: Lines) -> tuple[Ints, int]:
    """Blank lines before each line as 0, 1 or 2, whatever the spacing of the text; and the manner of the text."""
    gap = lines.gap.copy()
    rest = gap[1:]
    if not len(rest):
        return np.minimum(gap, 2), 0
    tight = float(np.mean(rest == 0))
    if tight < 0.1:
        # Every line is followed by blank ones: the smallest usual gap stands for none.
        counts = np.bincount(np.minimum(rest, 9), minlength=10)
        usual = next((size for size in range(1, 10) if counts[size] > 0.2 * len(rest)), 1)
        goes_on = np.fromiter((text[0].islower() for text in lines.view[1:]), np.bool_, len(rest))
        if not goes_on[rest == usual].mean() > _GOES_ON_SHARE:
            # Every paragraph fits on one line.
            return np.minimum(gap, 2), 0
        gap = np.maximum(gap - usual, 0)
        manner = 1 if np.mean(gap[1:] > 0) > 0.1 else 2
    else:
        manner = 2 if tight > 0.93 else 0
    return np.minimum(gap, 2), manner


def _clusters(indent: Ints) -> tuple[Ints, npt.NDArray[np.int_]]:
    """Give each line the main column that it belongs to: its own, or a far more common one beside it."""
    top = 160
    column = np.minimum(indent, top)
    counts = np.bincount(column, minlength=top + 1)
    target = np.arange(top + 1)
    for here in np.flatnonzero(counts).tolist():
        low, high = max(0, here - 2), min(top, here + 2)
        best = low + int(np.argmax(counts[low : high + 1]))
        if counts[best] >= 6 * counts[here]:
            target[here] = best
    return target[column].astype(np.int32), counts


def _share(flags: npt.NDArray[np.bool_], cluster: Ints, totals: npt.NDArray[np.float64], steps: int) -> Ints:
    """Share of a cluster's lines with the flag, in steps, as a column over lines."""
    hits = np.bincount(cluster, weights=flags, minlength=len(totals))
    share = hits / totals
    return np.minimum((share * steps).astype(np.int32), steps - 1)[cluster]


def in_brackets(facts: Facts) -> npt.NDArray[np.bool_]:
    """Which lines are all of one bracket."""
    whole: npt.NDArray[np.bool_] = facts.columns["bracket"][1] == WHOLE
    return whole


def _names(lines: Lines, case: Ints) -> list[str]:
    names = []
    for text, kind in zip(lines.view, case.tolist(), strict=True):
        if kind in (_SENTENCE, _SMALL) or len(text) > (_UNCASED_NAME_CHARS if kind == _UNCASED else _NAME_CHARS):
            names.append("")
            continue
        name = text.partition("(")[0].strip() if "(" in text else text
        names.append(name.rstrip(":. ").upper())
    return names


def _play_cues(lines: Lines) -> tuple[Ints, list[str]]:
    """Say how sure each line opens with a play's cue, and name who would speak.

    0 no; 1, 2, 3 `Name.` seen once, twice, often; 4, 5, 6 `Name:` likewise; 7, 8, 9 the same alone on its line.
    """
    found: list[tuple[int, str, int]] = []
    speakers = [""] * len(lines)
    for index, text in enumerate(lines.view):
        mark = words.PLAY_MARK.search(text, 1, 42)
        if mark is None or text[0].islower() or not words.is_name(text[: mark.start()]):
            continue
        match = words.play_cue(text)
        if match is None or not words.is_name(match["name"]):
            continue
        alone = match.end() == len(text)
        kind = 6 if alone and match["mark"] == ":" else 3 if match["mark"] != "." else 0
        if not alone or kind == 6:
            name = match["name"].partition("(")[0].partition("[")[0].rstrip().upper()
            found.append((index, f"{name}{match['mark']}{alone}", kind))
            speakers[index] = name
    counts = Counter(name for _, name, _ in found)
    out = np.zeros(len(lines), np.int32)
    for index, name, kind in found:
        often = counts[name]
        out[index] = kind + (1 if often == 1 else 2 if often < 4 else 3)
    return out, speakers


def _openings(lines: Lines) -> Ints:
    """0 neither; 1 opens as people talk; 2 opens as action does."""
    talk, tell = words.YOU_AND_I, words.HE_AND_SHE
    out = []
    for text in lines.view:
        first = text[:14].partition(" ")[0].strip("\"'.,!?(-").lower()
        out.append(1 if first in talk else 2 if first in tell else 0)
    return np.array(out, np.int32)


def facts(lines: Lines) -> Facts:
    """Measure everything that needs no guess at any line's kind."""
    n = len(lines)
    text = lines.view
    uncased = _uncased(lines)
    letters = lines.upper + lines.lower + uncased
    case = _case(lines)
    case[uncased > lines.upper + lines.lower] = _UNCASED
    for index in np.flatnonzero((lines.lower > 0) & (lines.upper > 0)).tolist():
        line = text[index]
        if "(" in line and line[0] != "(":
            outside = line[: line.index("(")]
            if outside.isupper() and line[-1] in ")]:":
                case[index] = _CAPITALS_OUTSIDE
    first = np.fromiter((words.first_kind(line[0]) for line in text), np.int32, n)
    last = np.fromiter((words.last_kind(line) for line in text), np.int32, n)
    case[(first == 7) & ((case == _TITLE_CASE) | (case == _SENTENCE))] = _SMALL
    capitals = np.isin(case, (_CAPITALS, _CAPITALS_OUTSIDE))
    shape = np.fromiter(
        (
            words.shape(line, capitals=bool(caps), letters=count, digits=digits)
            for line, caps, count, digits in zip(text, capitals, letters.tolist(), lines.digits.tolist(), strict=True)
        ),
        np.int32,
        n,
    )
    gap, manner = _gaps(lines)
    cluster, counts = _clusters(lines.indent)
    name = _names(lines, case)
    subjects = list(map(words.subject, text))
    play_cue, speaker = _play_cues(lines)
    columns = _text_columns(lines, case, shape, first, last, name, subjects)
    columns["play cue"] = (10, play_cue)
    totals = np.maximum(np.bincount(cluster, minlength=len(counts)), 1).astype(np.float64)
    share = totals / max(n, 1)
    main = np.flatnonzero((share >= MAIN_SHARE) & (np.bincount(cluster, minlength=len(counts)) > 0))
    left = _left(cluster, shape, main)
    rank = np.searchsorted(main, np.arange(len(counts)), side="right").astype(np.int32)
    right = int(np.percentile(lines.edge, 98)) if n else 0
    columns |= {
        "gap": (3, gap),
        "manner": (3, np.full(n, manner, np.int32)),
        "delta": (DELTA_KINDS, delta(lines.indent)),
        "offset": (len(_OFFSETS) + 1, bucket(lines.indent - left, _OFFSETS)),
        "rank": (7, np.minimum(rank[cluster], 6)),
        "mains": (6, np.full(n, min(len(main), 5), np.int32)),
        "share": (5, np.searchsorted([0.01, 0.04, 0.12, 0.3], share).astype(np.int32)[cluster]),
        "caps here": (5, _share(capitals, cluster, totals, 5)),
        "brackets here": (4, _share(first == 1, cluster, totals, 4)),
        "gaps here": (4, _share(gap > 0, cluster, totals, 4)),
        "long here": (4, _share(lines.edge - lines.indent > 42, cluster, totals, 4)),
        "small here": (4, _share(case == _SMALL, cluster, totals, 4)),
        "right": (4, bucket(right - lines.edge, np.array([-3, 3, 10]))),
        "full": (2, _full(lines, cluster, len(counts))),
    }
    returns, returning = _returning(lines)
    columns |= returning
    columns |= _blocks(gap, case, last)
    return Facts(lines, case, shape, name, speaker, subjects, gap, cluster, left, returns, columns)


def _left(cluster: Ints, shape: Ints, main: npt.NDArray[np.int_]) -> int:
    """The leftmost main column, of those that hold more than scene numbers."""
    headings = words.in_shapes(shape, ("heading", "numbered", "omitted"))
    for column in main.tolist():
        if 2 * int(np.sum(headings[cluster == column])) < int(np.sum(cluster == column)):
            return int(column)
    return int(main[0]) if len(main) else 0


def _person(lines: Lines, subjects: list[tuple[str, bool]]) -> Ints:
    """0 nobody; 1 somebody speaks of himself or to another; 2 somebody does something; 3 both."""
    talks = np.fromiter(map(words.talks, lines.view), np.int32, len(lines))
    return talks + 2 * np.fromiter((does for _, does in subjects), np.int32, len(lines))


def _text_columns(
    lines: Lines,
    case: Ints,
    shape: Ints,
    first: Ints,
    last: Ints,
    name: list[str],
    subjects: list[tuple[str, bool]],
) -> Columns:
    length = lines.edge - lines.indent
    often = Counter(name)
    repeat = np.fromiter((often[key] if key else 0 for key in name), np.int32, len(name))
    return {
        "case": (_CASES, case),
        "first": (words.FIRSTS, first),
        "last": (words.LASTS, last),
        "shape": (len(words.SHAPES), shape),
        "words": (len(_WORDS) + 1, bucket(lines.words, _WORDS)),
        "length": (len(_EDGES) + 1, bucket(length, _EDGES)),
        "bracket": (BRACKET_KINDS, brackets(lines, first)),
        "repeat": (6, np.where(repeat == 0, 0, 1 + bucket(repeat, _COUNTS)).astype(np.int32)),
        "opening": (3, _openings(lines)),
        "person": (4, _person(lines, subjects)),
    }


def _returning(lines: Lines) -> tuple[Ints, Columns]:
    """Lines that come back, with other digits or without any, as running heads do; and whether they count up."""
    n = len(lines)
    keys: list[str] = []
    counted = np.zeros(n, np.int32)
    latest: dict[str, tuple[int, int]] = {}
    for index, (text, digits) in enumerate(zip(lines.view, lines.digits.tolist(), strict=True)):
        if digits and len(text) < 160:
            key = " ".join(_DIGITS.sub("#", text).split())
            last = _LAST_NUMBER.search(text)
            if last is not None:
                number = int(last[1])
                before = latest.get(key)
                if before is not None and number - before[1] in (1, 2):
                    counted[index] = counted[before[0]] = 1
                latest[key] = index, number
        else:
            key = " ".join(text.split()) if "  " in text else text
        keys.append(key)
    counts = Counter(keys)
    returns = np.fromiter((counts[key] for key in keys), np.int32, n)
    often = bucket(returns, np.array([1, 2, 5]))
    return returns, {
        "headers": (8, np.where(lines.digits > 0, often + 4, often).astype(np.int32)),
        "counted": (2, counted),
        "page": (2, lines.new_page.astype(np.int32)),
    }


def _full(lines: Lines, cluster: Ints, columns: int) -> Ints:
    """Whether this line's first word would not have fitted on the line before: then it may be its wrapped rest."""
    widest = np.zeros(columns, np.int32)
    for column in np.flatnonzero(np.bincount(cluster, minlength=columns)).tolist():
        widest[column] = np.percentile(lines.edge[cluster == column], 95)
    word = np.fromiter((len(text[:40].partition(" ")[0]) for text in lines.view), np.int32, len(lines))
    out = np.zeros(len(lines), np.int32)
    out[1:] = lines.edge[:-1] + 1 + word[1:] > widest[cluster[:-1]]
    return out


def _blocks(gap: Ints, case: Ints, last: Ints) -> Columns:
    """Where a line stands among those that no blank line parts, and how that block begins."""
    n = len(gap)
    starts = np.flatnonzero(gap > 0)
    if n and (not len(starts) or starts[0] != 0):
        starts = np.concatenate(([0], starts))
    sizes = np.diff(np.append(starts, n))
    place = np.arange(n) - np.repeat(starts, sizes)
    size = np.repeat(sizes, sizes)
    opener = np.repeat(case[starts], sizes)
    opened = np.repeat(last[starts], sizes)
    capital = np.isin(opener, (_CAPITALS, _CAPITALS_OUTSIDE)) & (opened != 1)
    return {
        "place": (4, np.minimum(place, 3).astype(np.int32)),
        "size": (5, bucket(size, np.array([1, 2, 3, 6]))),
        "opener": (2, capital.astype(np.int32)),
    }
