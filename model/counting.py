"""What followed runs of symbols, found and counted: the inner loops of `model.runs` and `model.drafts`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.compiling import compiled

Floats = NDArray[np.float64]
Small = NDArray[np.uint8] | NDArray[np.uint16]
Places = NDArray[np.int32]
SHORTEST, LONGEST = 3, 16
"""Of the runs of a text that is being read; of known texts, all up to the longest."""
DISCOUNT_SHORT, DISCOUNT = 0.6, 0.7
"""Of what followed runs of up to `SHORTEST` symbols, and of more."""
RUNS, SPEECH, LENGTH, KEPT = range(4)
"""Numbers of a draft: of the runs of known texts that it ends with, from none on; whether it is in speech; of its
symbols; and of its places that can be found."""
BOUNDS, OWN = 4, 4 + 2 * (LONGEST + 1)
"""Of a draft, where the bounds of those runs begin behind these numbers, and where what is its own does."""
TOKEN, OPENER = 1, 2
"""Kinds of symbols that are no text; the latter opens speech."""


@compiled
def counted_before(following: Small, size: int, block: int) -> Places:
    """How many places are followed by less than an id, or by the same and stand before a block, (blocks, size).

    Args:
        following: What follows each place: 0, or an id and one, (places,).
        size: Ids are below it.
        block: Places of a block.

    Raises:
        ValueError: There is an id that is not.
    """
    counts = np.zeros(size + 1, np.int32)
    for symbol in following:
        if symbol > size:
            raise ValueError("what follows a place is no id")
        counts[symbol] += 1
    before = np.int32(0)
    for symbol in range(size + 1):
        number = counts[symbol]
        counts[symbol] = before
        before += number
    found = np.empty((len(following) // block + 1, size), np.int32)
    for place in range(len(following)):
        if place % block == 0:
            found[place // block] = counts[1:]
        counts[following[place]] += 1
    if len(following) % block == 0:
        found[-1] = counts[1:]
    return found


@compiled
def longer(following: Small, before: Places, block: int, bounds: Places, runs: int, symbol: int) -> int:
    """Find the runs that go on with a symbol, from none on, as far as there are any.

    Args:
        following: What follows each place.
        before: As `counted_before` gives it.
        block: Places of a block there.
        bounds: First places and ends of runs of none, one, two … symbols, (2, `LONGEST` + 1); changed.
        runs: How many of them there are.
        symbol: An id.

    Returns:
        How many there are then.
    """
    known_first, known_end = -block, -block
    first, end, top, last, found = bounds[0, 0], bounds[1, 0], 0, 0, 1
    for run in range(min(runs, LONGEST)):
        # Each run stands within the one before: where they are near each other, what is between is all there is to see.
        if first - known_first >= block:
            known_first = first - first % block
            top = before[known_first // block, symbol]
        for place in range(known_first, first):
            top += following[place] == symbol + 1
        known_first = first
        if known_end - end >= block or known_end < end:
            known_end = end - end % block
            last = before[known_end // block, symbol]
            for place in range(known_end, end):
                last += following[place] == symbol + 1
        else:
            for place in range(end, known_end):
                last -= following[place] == symbol + 1
        known_end = end
        if top == last:
            break
        first, end = bounds[0, found], bounds[1, found]
        bounds[0, found], bounds[1, found] = top, last
        found += 1
    return found


@compiled
def common(bounds: Places, runs: int, many: int) -> int:
    """Length of the longest run that stands in more places than `many`, or is shorter than `SHORTEST`."""
    length = 0
    while length < runs - 1 and (length < SHORTEST - 1 or bounds[1, length + 1] - bounds[0, length + 1] > many):
        length += 1
    return length


@compiled
def keep(ids: Places, before: Places, heads: Places, first: int, end: int) -> None:
    """Let places of a text be found by what stands before them: see `same_runs`; those before `SHORTEST` can't be."""
    for place in range(max(first, SHORTEST), end):
        head = _head(ids, place, len(heads))
        before[place], heads[head] = heads[head], place


@compiled
def _head(ids: Places, end: int, heads: int) -> int:
    """Which of the chains, a power of two of them, has the places that stand after the same as one does."""
    key = np.int64(0)
    for place in range(end - SHORTEST, end):
        key = (key * 251 + ids[place]) & 0xFFFFFFFF
    return ((key * 2654435761) >> 16) & (heads - 1)


@compiled
def same_runs(ids: Places, size: int, before: Places, heads: Places) -> tuple[Places, Places]:
    """Places of a text where a run stands as it does at the text's end, and how long each run is.

    Args:
        ids: Of the text, as many as there is room for.
        size: How many of them are read.
        before: Of each place, the last one before it in its chain; -1: none.
        heads: Of each chain, its last place; -1: none.
    """
    place = heads[_head(ids, size, len(heads))] if size >= SHORTEST else -1
    number, at = 0, place
    while at >= 0:
        number, at = number + (_common(ids, size, at, SHORTEST) == SHORTEST), before[at]
    places, lengths = np.empty(number, np.int32), np.empty(number, np.int32)
    at = place
    while number:
        length = _common(ids, size, at, LONGEST)
        if length >= SHORTEST:
            number -= 1
            places[number], lengths[number] = at, length
        at = before[at]
    return places, lengths


@compiled
def _common(ids: Places, size: int, at: int, most: int) -> int:
    """How long a run is the same before a place as before the end, up to so many symbols."""
    length = 0
    while length < most and length < at and ids[at - length - 1] == ids[size - length - 1]:
        length += 1
    return length


@compiled
def read_all(
    reads: NDArray[np.int64],
    start: int,
    is_read: bool,
    drafts: Places,
    room: int,
    kinds: NDArray[np.uint8],
    opener: int,
    following: Small,
    counts: Places,
    block: int,
    rests: NDArray[np.uint8],
    table: NDArray[np.int64],
    told: Floats,
    many: int,
    draft_power: float,
    power: float,
    least: float,
    most: int,
    hints: Floats,
) -> int:
    """Read symbols of several drafts, and say what comes next.

    Args:
        reads: Of each symbol, the number of its draft, its id, and whether what comes next is asked for, (reads, 3).
        start: Which of them comes first.
        is_read: Whether that one has been read, and there is only to say what comes next.
        drafts: Of each draft its numbers, bounds, and what `same_runs` needs: heads, places before, ids, (drafts, …).
        room: Symbols of a draft that there is room for.
        kinds: Of each id: text, `TOKEN` or `OPENER`.
        opener: As for `drafts.Drafts`; -1: none.
        following: What follows each place of the sources: 0, or one more than twice the id, or two more in speech.
        counts: As `counted_before` gives it of that, and
        block: how many places a block of it has.
        rests: Of what follows each place of the sources, how far its sentence's end is.
        table: Of runs that are counted once: see `slot_of`.
        told: Of each of them, as for `raised`, (runs, 3, vocabulary + 1).
        many: As for `common`.
        draft_power: As for `raised`, as
        power: all
        least: four
        most: are.
        hints: What comes next is written to, (reads, vocabulary + 1).

    Returns:
        How many have been done. After the next one that has been read, too, comes a run that is not in the table.
    """
    for read in range(start, len(reads)):
        draft, symbol, is_asked = reads[read]
        own = drafts[draft]
        bounds = own[BOUNDS:OWN].reshape(2, LONGEST + 1)
        heads, before, ids = own[OWN : OWN + room], own[OWN + room : OWN + 2 * room], own[OWN + 2 * room :]
        if read > start or not is_read:
            kind = kinds[symbol]
            if kind:
                own[SPEECH] = kind == OPENER
            voiced = 2 * symbol + (own[SPEECH] if not kind else 0)
            own[RUNS] = longer(following, counts, block, bounds, own[RUNS], voiced)
            ids[own[LENGTH]] = symbol
            own[LENGTH] += 1
            if opener < 0 or symbol == opener:
                keep(ids, before, heads, own[KEPT], own[LENGTH])
                own[KEPT] = own[LENGTH]
        if not is_asked:
            continue
        length = common(bounds, own[RUNS], many)
        slot = slot_of(table, length, bounds[0, length])
        if slot < 0:
            return read
        known = told[slot]
        hints[read] = known[0]
        raised(
            hints[read], following, bounds, own[RUNS], length, ids, own[LENGTH], before, heads, known[1], known[2],
            draft_power, power, least, rests, most,
        )  # fmt: skip
    return len(reads)


@compiled
def slot_of(table: NDArray[np.int64], length: int, first: int) -> int:
    """Where a run is in a table, as each of its keys stands there; -1: nowhere.

    Args:
        table: Keys, each in the first free place from its own on, and what they stand for, (a power of two, 2). Half of
            it at least is free, which is a key of -1.
        length: Of the run.
        first: Its first place.
    """
    key = np.int64(first) * (LONGEST + 1) + length
    place = ((key * 2654435761) >> 20) & (len(table) - 1)
    while table[place, 0] != key:
        if table[place, 0] < 0:
            return -1
        place = (place + 1) & (len(table) - 1)
    return table[place, 1]


@compiled
def put_slot(table: NDArray[np.int64], length: int, first: int, slot: int) -> None:
    """Let a run that is nowhere in a table stand for a number."""
    key = np.int64(first) * (LONGEST + 1) + length
    place = ((key * 2654435761) >> 20) & (len(table) - 1)
    while table[place, 0] >= 0:
        place = (place + 1) & (len(table) - 1)
    table[place, 0], table[place, 1] = key, slot


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
    shortest: Floats,
    chances: Floats,
    draft_power: float,
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
        shortest: Chances after the longest run that is too short for a draft, (vocabulary + 1,).
        chances: After the run that the hint is of, (vocabulary + 1,).
        draft_power: Of the chances in the draft alone.
        power: Of those in draft and sources.
        least: Added to what the shorter runs say of each symbol.
        rests: Of what follows each place of the sources, how far its sentence's end is.
        most: Symbols of a run with the rest of its sentence, which otherwise says nothing. Of runs that stand in many
            places, as the hint's, it is not asked: they are short.
    """
    places, lengths = same_runs(ids, size, before, heads)
    low, longest = max(length, SHORTEST - 1), runs - 1
    first, end = (bounds[0, low + 1], bounds[1, low + 1]) if low < longest else (0, 0)
    # What followed, the longest runs first; and for each length, how many that and longer ones are.
    following = np.empty(len(places) + end - first, np.int64)
    ends = np.zeros(LONGEST + 2, np.int64)
    for each in lengths:
        ends[each] += 1
    for run in range(LONGEST, SHORTEST - 1, -1):
        ends[run] += ends[run + 1]
    filled = ends[1:].copy()
    for at in range(len(places)):
        following[filled[lengths[at]]] = ids[places[at]] + 1
        filled[lengths[at]] += 1
    if len(places):
        _raise(hint, following, ends, SHORTEST - 1, shortest, draft_power, least)
    own, own_ends, number = following[: len(places)].copy(), ends.copy(), 0
    inner, inner_end = end, end
    for run in range(LONGEST, low, -1):
        for at in range(own_ends[run + 1], own_ends[run]):
            following[number] = own[at]
            number += 1
        if run <= longest:
            outer, outer_end = bounds[0, run], bounds[1, run]
            if run == longest:
                inner, inner_end = outer_end, outer_end
            for at in range(outer, inner):
                following[number] = (sources[at] + 1) >> 1 if run + rests[at] <= most else 0
                number += 1
            for at in range(inner_end, outer_end):
                following[number] = (sources[at] + 1) >> 1 if run + rests[at] <= most else 0
                number += 1
            inner, inner_end = outer, outer_end
        ends[run] = number
    if number:
        _raise(hint, following, ends, low, chances, power, least)


@compiled
def _raise(
    hint: Floats,
    following: NDArray[np.int64],
    ends: NDArray[np.int64],
    low: int,
    shorter: Floats,
    power: float,
    least: float,
) -> None:
    """Add to a hint what followed runs that are longer than `low`.

    Args:
        hint: (vocabulary + 1,), changed.
        following: What followed, the longest runs first.
        ends: Of each length, where what followed such runs ends.
        low: Length of the run that `shorter` is of.
        shorter: Chances after that, (vocabulary + 1,).
        power: Of the chances.
        least: Added to `shorter`.
    """
    counts, chances = np.zeros(len(hint), np.int64), np.zeros(len(hint))
    seen = np.empty(len(hint), np.int64)
    kinds, total, left, start = 0, 0, 1.0, 0
    # Each length adds to what longer ones gave, and shares out what they left.
    for run in range(LONGEST, low, -1):
        for symbol in following[start : ends[run]]:
            # An end says nothing.
            if symbol:
                if not counts[symbol]:
                    seen[kinds] = symbol
                    kinds += 1
                counts[symbol] += 1
                total += 1
        start = ends[run]
        if not total:
            continue
        discount = DISCOUNT if run > SHORTEST else DISCOUNT_SHORT
        kept = 0.0
        for symbol in seen[:kinds]:
            # Of nothing that followed there is less than once.
            chances[symbol] += left * (counts[symbol] - discount) / total
            kept += counts[symbol] - discount
        left *= 1.0 - kept / total
    for symbol in seen[:kinds]:
        hint[symbol] += power * np.log1p(chances[symbol] / (left * (shorter[symbol] + least)))
