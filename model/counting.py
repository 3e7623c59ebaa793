"""What followed runs of symbols, found and counted: the inner loops of `model.runs` and `model.recall`."""

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


@compiled
def by_follower(following: Small, size: int) -> tuple[NDArray[np.int64], Places]:
    """Places in the order of what follows them, and in their own where the same does, in linear time.

    Args:
        following: What follows each place: 0, or an id and one, (places,).
        size: Ids are below it.

    Returns:
        Where the places of each begin in that order, and where the last one's end, (size + 2,); and that order.

    Raises:
        ValueError: There is an id that is not.
    """
    tops = np.zeros(size + 2, np.int64)
    for symbol in following:
        if symbol > size:
            raise ValueError("what follows a place is no id")
        tops[np.int64(symbol) + 1] += 1
    for symbol in range(size + 1):
        tops[symbol + 1] += tops[symbol]
    order, filled = np.empty(len(following), np.int32), tops.copy()
    for place in range(len(following)):
        symbol = following[place]
        order[filled[symbol]] = place
        filled[symbol] += 1
    return tops, order


@compiled
def longer(order: Places, tops: NDArray[np.int64], bounds: Places, symbol: int, many: int) -> tuple[Places, int, int]:
    """Bounds of the runs that go on with a symbol: see `model.runs.Runs.after`; and which of them to count once.

    Args:
        order: Places by what follows them, and in order where the same does, (places,).
        tops: Of each id and one, where its places begin in `order`, and where the last one's end.
        bounds: First places and ends of runs of none, one, two … symbols, (2, runs).
        symbol: An id.
        many: Places.

    Returns:
        The bounds; and of the longest run that stands in more places than `many`, or is shorter than `SHORTEST`,
        its length and its first place.
    """
    top, end = tops[symbol + 1], tops[symbol + 2]
    found = np.empty((2, LONGEST + 1), np.int32)
    found[0, 0], found[1, 0], runs = bounds[0, 0], bounds[1, 0], 1
    # Each run stands within the one before, so it is looked for there.
    for run in range(min(bounds.shape[1], LONGEST)):
        top = _first_from(order, top, end, bounds[0, run])
        end = _first_from(order, top, end, bounds[1, run])
        if top == end:
            break
        found[0, runs], found[1, runs] = top, end
        runs += 1
    length = 0
    while length < runs - 1 and (length < SHORTEST - 1 or found[1, length + 1] - found[0, length + 1] > many):
        length += 1
    return found[:, :runs].copy(), length, found[0, length]


@compiled
def _first_from(order: Places, first: int, end: int, least: int) -> int:
    """The first of the places from `first` to `end` that is no less, by halving; `end` if there is none."""
    while first < end:
        middle = (first + end) // 2
        if order[middle] < least:
            first = middle + 1
        else:
            end = middle
    return first


@compiled
def same_runs(ids: NDArray[np.uint16], size: int, before: Places, place: int) -> tuple[Places, Places]:
    """Places of a text where a run stands as it does at the text's end, and how long each run is.

    Args:
        ids: Of the text, as many as there is room for.
        size: How many of them are read.
        before: Of each place, the last one before it where the same `SHORTEST` symbols end; -1: none.
        place: The last such place for the end; -1: none.
    """
    number, at = 0, place
    while at >= 0:
        number, at = number + 1, before[at]
    places, lengths = np.empty(number, np.int32), np.empty(number, np.int32)
    at = place
    for index in range(number - 1, -1, -1):
        length = SHORTEST
        while length < LONGEST and length < at and ids[at - length - 1] == ids[size - length - 1]:
            length += 1
        places[index], lengths[index], at = at, length, before[at]
    return places, lengths


@compiled
def raised(
    known: Floats,
    symbols: Small,
    bounds: Places,
    length: int,
    ids: NDArray[np.uint16],
    size: int,
    before: Places,
    place: int,
    shortest: Floats,
    chances: Floats,
    draft_power: float,
    power: float,
    least: float,
    rests: NDArray[np.uint8],
    most: int,
) -> Floats:
    """A hint, (vocabulary,), with what followed longer runs than it knows of: logarithms of chances, times their power.

    Args:
        known: The hint of a run, (vocabulary + 1,).
        symbols: What follows each place of the sources: an id and one, or 0 for a text's end.
        bounds: Of the sources' runs, (2, runs).
        length: Of the run that `known` is of.
        ids: Of the draft, as
        size: all four have
        before: it
        place: for `same_runs`.
        shortest: Chances after the longest run that is too short for a draft, (vocabulary + 1,).
        chances: After the run that `known` is of, (vocabulary + 1,).
        draft_power: Of the chances in the draft alone.
        power: Of those in draft and sources.
        least: Added to what the shorter runs say of each symbol.
        rests: Of what follows each place of the sources, how far its sentence's end is.
        most: Symbols of a run with the rest of its sentence, which otherwise says nothing. Of runs that stand in many
            places, which `known` is of, it is not asked: they are short.
    """
    hint = known.copy()
    places, lengths = same_runs(ids, size, before, place)
    low, longest = max(length, SHORTEST - 1), bounds.shape[1] - 1
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
                following[number] = symbols[at] if run + rests[at] <= most else 0
                number += 1
            for at in range(inner_end, outer_end):
                following[number] = symbols[at] if run + rests[at] <= most else 0
                number += 1
            inner, inner_end = outer, outer_end
        ends[run] = number
    if number:
        _raise(hint, following, ends, low, chances, power, least)
    return hint[1:]


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
