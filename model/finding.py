"""Where runs of symbols stand in texts, known ones and drafts: the inner loops of `model.runs` and `model.drafts`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.compiling import compiled

Small = NDArray[np.uint8] | NDArray[np.uint16]
Places = NDArray[np.int32]
Near = NDArray[np.uint16]
"""Places in passages."""
SHORTEST, LONGEST = 3, 16
"""Of the runs of a text that is being read; of known texts, all up to the longest."""
REMINDING = 4
"""The shortest run of a passage that a text is reminded of: see `model.reminding`."""
ID, REST, SPEECH, WEIGHT = 0, 16, 24, 25
"""In a symbol of such a passage, the first bit of its id; of how far its sentence's end is, as `sentences.rests` has
it; of whether somebody speaks there; and of how often it counts."""
_FEW = 1 << 8
"""Places for which there is room at first."""
ID_MASK, REST_MASK = (1 << REST) - 1, 0xFF


@compiled
def wide(number: int) -> int:
    """The same in 64 bits: what is called with numbers of several types is compiled for each."""
    return np.int64(number)  # type: ignore[return-value]


@compiled
def tally(values: Small, first: int, end: int, size: int) -> NDArray[np.int64]:
    """How often each number below `size` stands from one place to another, (size,). Raises ValueError for others."""
    counts = np.zeros(size, np.int64)
    for place in range(first, end):
        if values[place] >= size:
            raise ValueError("there is a number beyond those that are counted")
        counts[values[place]] += 1
    return counts


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
    for row in range(len(found)):
        # Not as a slice, which takes seconds to compile.
        for symbol in range(size):
            found[row, symbol] = counts[symbol + 1]
        for place in range(row * block, min((row + 1) * block, len(following))):
            counts[following[place]] += 1
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
    for _ in range(min(runs, LONGEST)):
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
        head = head_of(ids, place, SHORTEST, len(heads))
        before[place], heads[head] = heads[head], place


@compiled
def head_of(ids: Places, end: int, length: int, heads: int) -> int:
    """Which of the chains, a power of two of them, has the places that stand after the same run as one does."""
    key = np.int64(0)
    for place in range(end - length, end):
        key = (key * 251 + (ids[place] & ID_MASK)) & 0xFFFFFFFF
    return int(((key * 2654435761) >> 16) & (heads - 1))


@compiled
def same_runs(ids: Places, size: int, before: Places, heads: Places) -> tuple[Places, Places]:
    """Places of a text where a run stands as it does at the text's end, and how long each run is.

    Args:
        ids: Of the text, as many as there is room for.
        size: How many of them are read.
        before: Of each place, the last one before it in its chain; -1: none.
        heads: Of each chain, its last place; -1: none.
    """
    place = heads[head_of(ids, size, SHORTEST, len(heads))] if size >= SHORTEST else -1
    number, at = 0, place
    while at >= 0:
        number, at = number + (_common(ids, size, ids, at, SHORTEST) == SHORTEST), before[at]
    places, lengths = np.empty(number, np.int32), np.empty(number, np.int32)
    at = place
    while number:
        length = _common(ids, size, ids, at, LONGEST)
        if length >= SHORTEST:
            number -= 1
            places[number], lengths[number] = at, length
        at = before[at]
    return places, lengths


@compiled
def reminders(
    ids: Places, size: int, passages: Places, places: Near, firsts: Near, is_speech: bool, most: int
) -> tuple[Places, Places]:
    """What stands in passages after runs as at a text's end, ids and one; and how long each run is.

    As often as it counts, where somebody speaks in both or in neither, and the sentence ends in time.

    Args:
        ids: Of the text, as many as there is room for.
        size: How many of them are read.
        passages: One after the other, as named above.
        places: In them, those of one chain after those of the other.
        firsts: Where each chain begins there, and where the last one ends; nothing where there are no passages.
        is_speech: Whether somebody speaks at the text's end.
        most: Symbols of a run and of the rest of its sentence together.
    """
    said, lengths, number = np.empty(_FEW, np.int32), np.empty(_FEW, np.int32), 0
    if size < REMINDING or not len(firsts):
        return said[:0], lengths[:0]
    chain = head_of(ids, size, REMINDING, len(firsts) - 1)
    for each in range(firsts[chain], firsts[chain + 1]):
        at = wide(places[each])
        symbol = passages[at]
        rest = (symbol >> REST) & REST_MASK
        if ((symbol >> SPEECH) & 1) == is_speech and rest + REMINDING <= most:
            length = _common(ids, size, passages, at, LONGEST)
            if length >= REMINDING and rest + length <= most:
                if number + (symbol >> WEIGHT) > len(said):
                    said, lengths = np.append(said, said), np.append(lengths, lengths)
                for _ in range(symbol >> WEIGHT):
                    said[number], lengths[number] = (symbol & ID_MASK) + 1, length
                    number += 1
    return said[:number], lengths[:number]


@compiled
def _common(ids: Places, size: int, others: Places, at: int, most: int) -> int:
    """How long a run is the same before a place of a text as before the end of one, up to so many symbols."""
    length, most = 0, min(most, at, size)
    while length < most and not (others[at - length - 1] ^ ids[size - length - 1]) & ID_MASK:
        length += 1
    return length
