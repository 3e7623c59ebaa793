"""What followed runs of symbols, counted: the inner loops of `model.drafts`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.compiling import compiled
from model.counted import ALL, DISCOUNT, DISCOUNT_SHORT, HINT, SHORT, Floats, Table, slot_for
from model.finding import (
    LONGEST,
    REMINDING,
    SHORTEST,
    Near,
    Places,
    Small,
    common,
    keep,
    longer,
    reminders,
    same_runs,
    wide,
)

RUNS, SPEECH, LENGTH, KEPT, REMINDED = range(5)
"""Numbers of a draft: of the runs of known texts that it ends with, from none on; whether it is in speech; of its
symbols; of its places that can be found; and of its symbols when it was last reminded."""
BOUNDS, OWN = 5, 5 + 2 * (LONGEST + 1)
"""Of a draft, where the bounds of those runs begin behind these numbers, and where what is its own does."""
_CHAINS = 1 << 13
"""Of places in passages: a power of two."""
TOKEN, OPENER = 1, 2
"""Kinds of symbols that are no text; the latter opens speech."""


class Reminded(NamedTuple):
    """What each draft is reminded of, as `finding.reminders` needs it."""

    firsts: Near
    """(drafts, chains + 1)"""
    places: Near
    """(drafts, symbols)"""
    passages: Places
    """(drafts, symbols)"""

    @classmethod
    def nothing(cls, drafts: int, symbols: int) -> Reminded:
        """With room for so much."""
        chains = min(_CHAINS, symbols)
        firsts, places = (np.zeros((drafts, width), np.uint16) for width in (chains + (chains > 0), symbols))
        return cls(firsts, places, np.zeros((drafts, symbols), np.int32))


class Known(NamedTuple):
    """What drafts are read against, and what they are."""

    drafts: Places
    """Of each its numbers, bounds, and what `same_runs` needs: heads, places before, ids, (drafts, …)."""
    room: int
    """Symbols of a draft that there is room for."""
    reminded: Reminded
    kinds: NDArray[np.uint8]
    """Of each id: text, `TOKEN` or `OPENER`."""
    opener: int
    """As for `drafts.Drafts`; -1: none."""
    following: Small
    """What follows each place of the sources: 0, or one more than twice the id, or two more in speech."""
    counts: Places
    """As `counted_before` gives it of that."""
    block: int
    """How many places a block of it has."""
    rests: NDArray[np.uint8]
    """Of what follows each place of the sources, how far its sentence's end is."""
    table: Table
    """Of runs that are counted once."""
    many: int
    """As for `common`."""
    draft_power: float
    """As for `raised`, like those after it."""
    reminded_power: float
    power: float
    least: float
    most: int


NOTHING = Known(
    np.zeros((0, OWN), np.int32), 0, Reminded.nothing(0, 0), np.zeros(0, np.uint8), -1, np.zeros(0, np.uint8),
    np.zeros((0, 0), np.int32), 1, np.zeros(0, np.uint8), Table.of(0, 0), 0, 0.0, 0.0, 0.0, 0.0, 0,
)  # fmt: skip
"""No drafts, against nothing."""


@compiled
def read_all(reads: NDArray[np.int64], start: int, is_read: bool, number: int, known: Known, hints: Floats) -> int:
    """Read symbols of several drafts, and say what comes next.

    Args:
        reads: Of each symbol, the number of its draft, its id, and whether what comes next is asked for, (reads, 3).
        start: Which of them comes first.
        is_read: Whether that one has been read, and there is only to say what comes next.
        number: How many there are, with those before.
        known: What they are read against.
        hints: What comes next is written to, (reads, vocabulary + 1).

    Returns:
        How many have been done. After the next one, which has been read, too, there was no room in the table.
    """
    room = known.room
    for read in range(start, number):
        draft, symbol, is_asked = reads[read]
        own = known.drafts[draft]
        bounds = own[BOUNDS:OWN].reshape(2, LONGEST + 1)
        heads, before, ids = own[OWN : OWN + room], own[OWN + room : OWN + 2 * room], own[OWN + 2 * room :]
        if read > start or not is_read:
            kind = known.kinds[symbol]
            if kind:
                own[SPEECH] = kind == OPENER
            voiced = 2 * symbol + (own[SPEECH] if not kind else 0)
            own[RUNS] = longer(known.following, known.counts, known.block, bounds, wide(own[RUNS]), voiced)
            ids[own[LENGTH]] = symbol
            own[LENGTH] += 1
            if known.opener < 0 or symbol == known.opener:
                keep(ids, before, heads, wide(own[KEPT]), wide(own[LENGTH]))
                own[KEPT] = own[LENGTH]
        if not is_asked:
            continue
        runs = wide(own[RUNS])
        length = common(bounds, runs, known.many)
        slot = slot_for(
            known.table, known.following, bounds, length, known.power, known.draft_power + known.reminded_power,
            known.least,
        )  # fmt: skip
        if slot < 0:
            return read
        told = known.table.told[slot]
        for symbol in range(told.shape[1]):
            hints[read, symbol] = told[HINT, symbol]
        size = wide(own[LENGTH])
        said, lengths = reminders(
            ids, size, known.reminded.passages[draft], known.reminded.places[draft], known.reminded.firsts[draft],
            own[SPEECH] > 0, known.most,
        )  # fmt: skip
        raised(
            hints[read], known.following, bounds, runs, length, ids, size, before, heads, said, lengths,
            told[SHORT], told[ALL], known.draft_power, known.reminded_power, known.power, known.least,
            known.rests, known.most,
        )  # fmt: skip
    return number


@compiled
def raised(
    hint: Floats,
    sources: Small,
    bounds: Places,
    runs: int,
    length: int,
    ids: Places,
    size: int,
    before: Places,
    heads: Places,
    said: Places,
    lengths: Places,
    shortest: Floats,
    chances: Floats,
    draft_power: float,
    reminded_power: float,
    power: float,
    least: float,
    rests: NDArray[np.uint8],
    most: int,
) -> None:
    """Add to a hint what followed longer runs than it knows of: logarithms of chances, times their power.

    Args:
        hint: Of a run that is counted once, (vocabulary + 1,): an end of a text comes first.
        sources: What follows each place of theirs: 0, or one more than twice the id, or two more in speech.
        bounds: Of the sources' runs, (2, `LONGEST` + 1).
        runs: How many there are.
        length: Of the run that the hint is of.
        ids: Of the draft, as
        size: all four have
        before: it
        heads: for `same_runs`.
        said: What it is reminded of, as
        lengths: `finding.reminders` gives it.
        shortest: Chances after the longest run that is too short for a draft, (vocabulary + 1,).
        chances: After the run that the hint is of, (vocabulary + 1,).
        draft_power: Of the chances in the draft alone.
        reminded_power: Of those in what it is reminded of.
        power: Of those in draft and sources.
        least: Added to what the shorter runs say of each symbol.
        rests: Of what follows each place of the sources, how far its sentence's end is.
        most: Symbols of a run with the rest of its sentence, which otherwise says nothing. Of runs that stand in many
            places, as the hint's, it is not asked: they are short.
    """
    nothing = wide(0)
    if len(said):
        _raise(
            hint, *_by_length(said, lengths), sources, rests, bounds, nothing, nothing + REMINDING - 1, most, shortest,
            reminded_power, least,
        )  # fmt: skip
    elif reminded_power > 0.0:
        # Where it is reminded of nothing, what the sources say is more than what follows two symbols.
        power += reminded_power
        for symbol in range(len(hint)):
            hint[symbol] += reminded_power * np.log((chances[symbol] + least) / (shortest[symbol] + least))
    places, lengths = same_runs(ids, size, before, heads)
    for at in range(len(places)):
        places[at] = ids[places[at]] + 1
    own, ends = _by_length(places, lengths)
    low = max(length, SHORTEST - 1)
    if len(own):
        # With no runs of the sources.
        _raise(
            hint, own, ends, sources, rests, bounds, nothing, nothing + SHORTEST - 1, most, shortest, draft_power, least
        )
    _raise(hint, own, ends, sources, rests, bounds, runs, low, most, chances, power, least)


@compiled
def _by_length(said: Places, lengths: Places) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """What followed runs of a text, the longest first; and of each length, where such end."""
    ends = np.zeros(LONGEST + 2, np.int64)
    for each in lengths:
        ends[each] += 1
    for run in range(LONGEST, SHORTEST - 1, -1):
        ends[run] += ends[run + 1]
    found, filled = np.empty(len(said), np.int64), ends[1:].copy()
    for at in range(len(said)):
        found[filled[lengths[at]]] = said[at]
        filled[lengths[at]] += 1
    return found, ends


@compiled
def _raise(
    hint: Floats,
    own: NDArray[np.int64],
    ends: NDArray[np.int64],
    sources: Small,
    rests: NDArray[np.uint8],
    bounds: Places,
    runs: int,
    low: int,
    most: int,
    shorter: Floats,
    power: float,
    least: float,
) -> None:
    """Add to a hint what followed runs that are longer than `low`.

    Args:
        hint: (vocabulary + 1,), changed.
        own: What followed in the draft, or in what it is reminded of, as
        ends: `_by_length` has it.
        sources: As for `raised`, as
        rests: all four
        bounds: of these
        runs: are.
        low: Length of the run that `shorter` is of.
        most: As for `raised`.
        shorter: Chances after that run, (vocabulary + 1,).
        power: Of the chances.
        least: Added to `shorter`.
    """
    counts, chances, seen = np.zeros(len(hint), np.int64), np.zeros(len(hint)), np.empty(len(hint), np.int64)
    kinds, total, left, repeats, discount = 0, 0, 1.0, 0, DISCOUNT
    first, end = 0, 0
    # Each length adds to what longer ones gave, and shares out what they left. Where several have the same places, what
    # they give is a geometric series.
    for run in range(LONGEST, low, -1):
        outer, outer_end = (bounds[0, run], bounds[1, run]) if run < runs else (0, 0)
        if run == runs - 1:
            first, end = outer_end, outer_end
        number = ends[run] - ends[run + 1] + outer_end - end + first - outer
        if repeats and (number or run == SHORTEST):
            left = _shared(chances, counts, seen[:kinds], total, discount, left, repeats)
            repeats = 0
        if run == SHORTEST:
            discount = DISCOUNT_SHORT
        for at in range(number):
            if at < ends[run] - ends[run + 1]:
                symbol = own[ends[run + 1] + at]
            else:
                place = outer + at - (ends[run] - ends[run + 1])
                if place >= first:
                    place += end - first
                symbol = (sources[place] + 1) >> 1 if run + rests[place] <= most else 0
            # An end says nothing.
            if symbol:
                if not counts[symbol]:
                    seen[kinds] = symbol
                    kinds += 1
                counts[symbol] += 1
                total += 1
        first, end = outer, outer_end
        repeats += total > 0
    if repeats:
        left = _shared(chances, counts, seen[:kinds], total, discount, left, repeats)
    for symbol in seen[:kinds]:
        hint[symbol] += power * np.log1p(chances[symbol] / (left * (shorter[symbol] + least)))


@compiled
def _shared(
    chances: Floats,
    counts: NDArray[np.int64],
    seen: NDArray[np.int64],
    total: int,
    discount: float,
    left: float,
    repeats: int,
) -> float:
    """Share out what longer runs left among what followed these, for so many lengths in turn; and say what is left."""
    # Of nothing that followed there is less than once.
    rest, share = len(seen) * discount / total, 0.0
    for _ in range(repeats):
        share += left / total
        left *= rest
    for symbol in seen:
        chances[symbol] += share * (counts[symbol] - discount)
    return left
