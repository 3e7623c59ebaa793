"""Join features into the ones that the weights belong to; the second pass adds what the first one found out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from screenplay.readers.layout_features import DELTA_KINDS, Columns, Facts, bucket, cross, delta, shifted
from screenplay.readers.layout_lines import Ints
from screenplay.readers.layout_states import (
    ACTION,
    CHARACTER,
    CUE_AND_SPEECH,
    DIALOGUE,
    FURNITURE,
    FURNITURE_IN_SPEECH,
    STATES,
    TITLE_PAGE,
)

STEP_KINDS = DELTA_KINDS * 3 * 2
_NEAR_LINES = 80
"""How far the second pass looks around for what a column is used for: about two pages' worth of lines with text."""
_ENOUGH = 8
_PRONOUNS = {"HE", "SHE", "IT", "THEY", "WE"}
_CROSSED: tuple[tuple[str, ...], ...] = (
    ("case", "last", "words"),
    ("case", "shape"),
    ("shape", "gap", "offset"),
    ("case", "first", "last"),
    ("case", "offset", "delta"),
    ("case", "rank", "mains"),
    ("case", "caps here", "share"),
    ("case", "bracket"),
    ("bracket", "offset"),
    ("bracket", "brackets here"),
    ("case", "gaps here", "long here"),
    ("small here", "caps here", "gaps here", "case"),
    ("case", "length", "last"),
    ("length", "offset", "case"),
    ("case", "repeat", "words"),
    ("case", "repeat", "offset"),
    ("headers", "shape"),
    ("headers", "right", "case"),
    ("headers", "counted", "words"),
    ("headers", "counted", "gap", "gap+1"),
    ("page", "shape", "case"),
    ("page", "headers", "right"),
    ("page+1", "shape", "headers"),
    ("person", "case", "gap"),
    ("person", "offset", "length"),
    ("person", "person-1", "gap", "last-1"),
    ("person", "opening", "last-1", "gap"),
    ("person", "opening", "delta", "full"),
    ("person+1", "gap+1", "person", "opener"),
    ("play cue", "case"),
    ("play cue", "manner", "delta"),
    ("case", "right", "offset"),
    ("case", "gap", "gap+1"),
    ("case", "delta", "gap"),
    ("case", "delta+1", "gap+1"),
    ("case", "delta", "delta+1"),
    ("case", "case+1", "gap+1", "gap"),
    ("case", "case-1", "gap", "delta"),
    ("case-1", "case", "case+1"),
    ("case", "repeat", "gap+1", "delta+1"),
    ("shape", "shape-1"),
    ("shape", "shape+1"),
    ("shape", "case+1", "gap+1"),
    ("shape-1", "gap", "case"),
    ("last-1", "case", "gap"),
    ("case-2", "gap-1", "case"),
    ("case+2", "gap+2", "case", "gap+1"),
    ("repeat-1", "gap", "case", "delta"),
    ("repeat-2", "gap-1", "gap", "case"),
    ("repeat+1", "gap+1", "case"),
    ("play cue-1", "play cue", "gap"),
    ("play cue+1", "case"),
    ("full", "gap", "case", "case-1"),
    ("full+1", "gap+1", "case"),
    ("place", "opener", "manner", "case"),
    ("place", "opener", "size"),
    ("place", "opener", "length"),
    ("length", "length-1", "manner"),
    ("length", "length+1", "gap+1"),
    ("opening", "offset"),
    ("opening", "place", "opener"),
    ("opening", "manner", "length"),
    ("opening+1", "case", "gap+1"),
    ("opening-1", "gap", "length"),
    ("bracket-1", "gap", "case"),
    ("bracket+1", "gap+1", "case"),
    ("start", "case"),
    ("start", "shape"),
    ("start", "offset", "gap"),
    ("manner", "mains", "case"),
)
_CROSSED_AGAIN: tuple[tuple[str, ...], ...] = (
    ("was", "was-1", "was+1"),
    ("was", "was-2", "was-1"),
    ("was", "was+2", "was+1"),
    ("was", "case"),
    ("was", "column is", "column sure"),
    ("column is", "column sure", "case"),
    ("near is", "near sure", "case"),
    ("near is", "near sure", "was"),
    ("near is", "gap", "full"),
    ("near is", "bracket"),
    ("near is", "shape"),
    ("known name", "case", "gap+1"),
    ("known name", "near is"),
    ("known name", "words", "last"),
    ("known name+1", "was", "gap+1"),
    ("known name-1", "was", "gap"),
    ("known name", "play cue", "was"),
    ("story delta", "was", "gap"),
    ("story before", "case", "story delta"),
    ("story before", "was", "opening"),
    ("after furniture", "story before", "case"),
    ("last of story", "after furniture", "case"),
    ("near is", "near is+1", "gap+1"),
    ("near is", "near is-1", "gap"),
    ("has speech", "was", "manner"),
    ("over speech", "was", "gap"),
    ("over speech", "near is", "person"),
    ("over speech", "over action", "near is"),
    ("fits speech", "was", "was-1", "gap"),
    ("fits speech", "last-1", "person", "was-1"),
    ("fits speech", "opening", "gap", "was-1"),
    ("fits speech+1", "gap+1", "was", "was+1"),
    ("over speech+1", "was", "was+1"),
    ("does", "was", "gap"),
    ("does", "last-1", "was-1", "gap"),
    ("does", "near is", "fits speech"),
    ("does", "near is", "near sure"),
    ("was", "near is", "near sure", "column sure"),
    ("near page", "shape", "case"),
    ("near page", "headers", "was"),
    ("near page", "near is", "gap", "gap+1"),
)


def _resolve(name: str, known: Columns, made: Columns) -> tuple[int, Ints]:
    if name in known:
        return known[name]
    if name not in made:
        base, sign = name[:-2], name[-2:]
        size, values = known[base]
        made[name] = (size + 1, shifted(values, -int(sign), size))
    return made[name]


def columns(facts: Facts, before: Ints | None) -> Iterator[tuple[str, int, Ints]]:
    """Make the features of one pass, one after the other: name, size, values.

    Args:
        facts: What is known of the lines.
        before: What the pass before took each line for.
    """
    known = dict(facts.columns)
    known["start"] = (4, _start(facts))
    crossed = _CROSSED
    if before is not None:
        known |= _second(facts, before)
        crossed = _CROSSED + _CROSSED_AGAIN
    made: Columns = {}
    for names in crossed:
        size, values = cross(*(_resolve(name, known, made) for name in names))
        yield "*".join(names), size, values


def step_kinds(facts: Facts, before: Ints | None) -> Ints:
    """Which table of step weights leads to each line: by how far it stands from the line before, and how near."""
    if before is None:
        return _steps(facts.columns["delta"][1], facts)
    _, step = _story_delta(facts, before)
    return _steps(step, facts)


def _steps(step: Ints, facts: Facts) -> Ints:
    return (step * 3 + facts.gap) * 2 + facts.columns["full"][1]


def _start(facts: Facts) -> Ints:
    """0 near the top, before the first heading or opening transition; 1 far before it; 2 soon after; 3 later."""
    shape = facts.shape
    opening = np.flatnonzero((shape == 1) | (shape == 3) | (shape == 4))
    first = int(opening[0]) if len(opening) else 0
    n = len(shape)
    place = np.arange(n)
    return np.where(place < first, np.where(place < 60, 0, 1), np.where(place < first + 6, 2, 3)).astype(np.int32)


def _story_delta(facts: Facts, before: Ints) -> tuple[npt.NDArray[np.int_], Ints]:
    """The last line before each that is no furniture, and how far the line stands from it."""
    n = len(before)
    furniture = (before == FURNITURE) | (before == FURNITURE_IN_SPEECH)
    places = np.where(furniture, -1, np.arange(n))
    latest = np.maximum.accumulate(places)
    previous = np.concatenate(([-1], latest[:-1]))
    indent = facts.lines.indent
    pairs = np.stack((indent[np.maximum(previous, 0)], indent))
    step = np.zeros(n, np.int32)
    flat = delta(pairs.T.reshape(-1).astype(np.int32))
    step[:] = flat[1::2]
    return previous, step


def _second(facts: Facts, before: Ints) -> Columns:
    n = len(before)
    states = len(STATES)
    previous, step = _story_delta(facts, before)
    story = np.where(previous < 0, states, before[np.maximum(previous, 0)]).astype(np.int32)
    last = facts.columns["last"]
    around = _around(facts, before)
    is_cue = (before == CHARACTER) | (before == CUE_AND_SPEECH)
    who = [
        speaker if state == CUE_AND_SPEECH or (speaker and not name) else name
        for name, speaker, state in zip(facts.name, facts.speaker, before.tolist(), strict=True)
    ]
    names = Counter(who[index] for index in np.flatnonzero(is_cue).tolist())
    known = np.fromiter((names[name] if name else 0 for name in who), np.int32, n)
    known -= is_cue
    speech = float(np.mean(is_cue))
    return (
        around
        | _widths(facts, before)
        | {
            "was": (states, before),
            "known name": (5, bucket(np.maximum(known, 0), np.array([0, 1, 3, 9]))),
            "story delta": (DELTA_KINDS, step),
            "story before": (states + 1, story),
            "after furniture": (2, (previous < np.arange(n) - 1).astype(np.int32)),
            "last of story": (last[0], last[1][np.maximum(previous, 0)]),
            "does": (4, _does(facts, names)),
            "near page": (4, _near_page(facts, before)),
            "has speech": (3, np.full(n, 0 if speech < 0.02 else 1 if speech < 0.08 else 2, np.int32)),
        }
    )


def _widths(facts: Facts, before: Ints) -> Columns:
    """How a line's length compares with the width of speeches and of action, and whether its first word had no room."""
    lines = facts.lines
    length = lines.edge - lines.indent
    usual = {
        state: int(np.percentile(length[before == state], 95)) if np.sum(before == state) >= _ENOUGH else default
        for state, default in ((DIALOGUE, 36), (ACTION, 60))
    }
    word = np.fromiter((len(text[:40].partition(" ")[0]) for text in lines.view), np.int32, len(lines))
    needed = np.zeros(len(lines), np.int32)
    needed[1:] = length[:-1] + 1 + word[1:]
    return {
        "over speech": (6, bucket(length - usual[DIALOGUE], np.array([-14, -4, 0, 3, 12]))),
        "over action": (4, bucket(length - usual[ACTION], np.array([-14, -4, 0]))),
        "fits speech": (5, bucket(needed - usual[DIALOGUE], np.array([-10, -3, 0, 6]))),
    }


def _does(facts: Facts, names: Counter[str]) -> Ints:
    """Whom a line begins with: 0 nobody known; 1 a speaker; 2 a speaker who does something; 3 a pronoun that does."""
    out = np.zeros(len(facts.lines), np.int32)
    parts = {part for name in names for part in (name, *name.split())}
    for index, (who, does) in enumerate(facts.subject):
        if who and (who in parts or who.partition(" ")[0].removesuffix("'S").removesuffix("’S") in parts):
            out[index] = 2 if does else 1
        elif does and who in _PRONOUNS:
            out[index] = 3
    return out


def _near_page(facts: Facts, before: Ints) -> Ints:
    """How near the next page number or running head is, in lines of the text: 0 two lines, 1 four, 2 ten, 3 farther."""
    number = facts.lines.number
    furniture = np.flatnonzero((before == FURNITURE) | (before == FURNITURE_IN_SPEECH))
    if not len(furniture):
        return np.full(len(number), 3, np.int32)
    marks = number[furniture]
    after = np.searchsorted(marks, number, side="right")
    ahead = np.where(after < len(marks), marks[np.minimum(after, len(marks) - 1)] - number, 99)
    behind_at = np.searchsorted(marks, number, side="left") - 1
    behind = np.where(behind_at >= 0, number - marks[np.maximum(behind_at, 0)], 99)
    return bucket(np.minimum(ahead, behind), np.array([2, 4, 10]))


def _around(facts: Facts, before: Ints) -> Columns:
    """What each line's column is used for in the whole text, and within a page or two of the line."""
    n = len(before)
    states = len(STATES)
    column_is, column_sure = np.zeros(n, np.int32), np.zeros(n, np.int32)
    near_is, near_sure = np.zeros(n, np.int32), np.zeros(n, np.int32)
    # Furniture and title page stand anywhere: they don't tell what a column is for.
    told = (before != FURNITURE) & (before != FURNITURE_IN_SPEECH) & (before != TITLE_PAGE)
    order = np.argsort(facts.cluster, kind="stable")
    bounds = np.flatnonzero(np.diff(facts.cluster[order])) + 1
    for rows in np.split(order, bounds):
        one_hot = np.zeros((len(rows) + 1, states), np.int32)
        one_hot[np.arange(len(rows)) + 1, before[rows]] = told[rows]
        total = np.cumsum(one_hot, axis=0, dtype=np.int32)
        own = one_hot[1:]
        whole = total[-1] - own
        column_is[rows], column_sure[rows] = _leader(whole)
        low = np.searchsorted(rows, rows - _NEAR_LINES, side="left")
        high = np.searchsorted(rows, rows + _NEAR_LINES, side="right")
        near_is[rows], near_sure[rows] = _leader(total[high] - total[low] - own)
    return {
        "column is": (states + 1, column_is),
        "column sure": (4, column_sure),
        "near is": (states + 1, near_is),
        "near sure": (4, near_sure),
    }


def _leader(counts: npt.NDArray[np.int32]) -> tuple[Ints, Ints]:
    """The state most often counted, or one past the last where there is none; and how surely, in four steps."""
    total = counts.sum(axis=1)
    best = counts.argmax(axis=1)
    top = counts[np.arange(len(counts)), best]
    share = top / np.maximum(total, 1)
    sure = np.where(total < 3, 0, 1 + np.searchsorted([0.75, 0.95], share)).astype(np.int32)
    return np.where(total == 0, counts.shape[1], best).astype(np.int32), sure
