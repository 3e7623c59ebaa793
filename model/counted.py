"""What follows runs that stand in many places of known texts: counted once, and kept."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.compiling import compiled
from model.finding import LONGEST, SHORTEST, Places, Small, wide

Floats = NDArray[np.float64]
DISCOUNT_SHORT, DISCOUNT = 0.6, 0.7
"""Of what followed runs of up to `SHORTEST` symbols, and of more."""
HINT, SHORT, ALL = range(3)
"""What is told of a run: the hint where there is nothing else to say; the chances after its end, where that is too
short for a draft; and those after all of it."""
_ROOM = 1 << 10
"""Runs that there is room for at first: a power of two."""


class Powers(NamedTuple):
    """What each of four chances is raised to in their product."""

    network: float
    sources: float
    """With the draft's own."""
    draft: float
    reminded: float = 0.0
    """Of what a draft is reminded of."""


class Table(NamedTuple):
    """What is told of runs."""

    keys: NDArray[np.int64]
    """Of each run a number of its own, in the first free place from where that points to, and its slot: (twice the
    slots, 2). Free is -1."""
    told: Floats
    """(slots, 3, 1 + vocabulary): as named above; an end of a text comes first."""
    filled: NDArray[np.int64]
    """How many slots are, (1,)."""

    @classmethod
    def of(cls, slots: int, size: int) -> Table:
        """With room for so many, a power of two, and nothing in it."""
        keys = np.full((2 * slots, 2), -1, np.int64)
        return cls(keys, np.empty((slots, 3, size + 1)), np.zeros(1, np.int64))


class Counted:
    """What drafts are told of such runs, with some powers."""

    def __init__(self, size: int, powers: Powers) -> None:
        """Nothing is counted yet, of ids below `size`."""
        self.powers, self.table = powers, Table.of(_ROOM, size)

    def grow(self) -> None:
        """Make twice the room."""
        old = self.table
        self.table = Table.of(2 * len(old.told), old.told.shape[2] - 1)
        self.table.told[: len(old.told)] = old.told
        self.table.filled[:] = old.filled
        for key, slot in old.keys[old.keys[:, 0] >= 0].tolist():
            first, length = divmod(key, LONGEST + 1)
            _put(self.table.keys, length, first, slot)


@compiled
def slot_for(
    table: Table,
    following: Small,
    bounds: Places,
    length: int,
    power: float,
    short_power: float,
    least: float,
) -> int:
    """Where it stands what follows a run, which is counted where it has not been; -1: there is no room.

    Args:
        table: What is known; changed.
        following: What follows each place of the sources: 0, or one more than twice the id, or two more in speech.
        bounds: Of the runs that it ends with, (2, `LONGEST` + 1).
        length: Of the run.
        power: Of the chances after all of it, for the hint.
        short_power: Of those after its end.
        least: Added to chances of which the hint is the logarithm.
    """
    found = _slot_of(table.keys, length, wide(bounds[0, length]))
    if found >= 0:
        return found
    if table.filled[0] + length + 1 > len(table.told):
        return -1
    # Shorter ones come first: what one leaves is theirs.
    shorter = wide(-1)
    for each in range(length + 1):
        first = wide(bounds[0, each])
        found = _slot_of(table.keys, wide(each), first)
        if found < 0:
            found = wide(table.filled[0])
            _count(table.told, found, shorter, following, first, wide(bounds[1, each]), wide(each))
            own = table.told[found]
            for symbol in range(own.shape[1]):
                all_, short = own[ALL, symbol], own[SHORT, symbol]
                own[HINT, symbol] = power * np.log(all_ + least) + short_power * np.log(short + least)
            _put(table.keys, wide(each), first, found)
            table.filled[0] += 1
        shorter = found
    return found


@compiled
def _count(told: Floats, slot: int, shorter: int, following: Small, first: int, end: int, length: int) -> None:
    """Write the chances after a run, from what stands there, and from the slot of the run that is a symbol shorter."""
    own, size = told[slot], told.shape[2]
    counts, total, kept = np.zeros(size), wide(0), 0.0
    for place in range(first, end):
        # An end says nothing.
        if following[place]:
            counts[(following[place] + 1) >> 1] += 1.0
            total += 1
    discount = DISCOUNT_SHORT if length <= SHORTEST else DISCOUNT
    for symbol in range(size):
        counts[symbol] = max(counts[symbol] - discount, 0.0) / max(total, 1)
        kept += counts[symbol]
    for symbol in range(size):
        before = told[shorter, ALL, symbol] if length else 1.0 / (size - 1)
        own[ALL, symbol] = counts[symbol] + (1.0 - kept) * before
        own[SHORT, symbol] = own[ALL, symbol] if length < SHORTEST else told[shorter, SHORT, symbol]


@compiled
def _slot_of(keys: NDArray[np.int64], length: int, first: int) -> int:
    """Where a run with this first place is; -1: nowhere."""
    key = np.int64(first) * (LONGEST + 1) + length
    place = ((key * 2654435761) >> 20) & (len(keys) - 1)
    while keys[place, 0] != key:
        if keys[place, 0] < 0:
            return -1
        place = (place + 1) & (len(keys) - 1)
    return int(keys[place, 1])


@compiled
def _put(keys: NDArray[np.int64], length: int, first: int, slot: int) -> None:
    """Let a run that is nowhere stand for a slot."""
    key = np.int64(first) * (LONGEST + 1) + length
    place = ((key * 2654435761) >> 20) & (len(keys) - 1)
    while keys[place, 0] >= 0:
        place = (place + 1) & (len(keys) - 1)
    keys[place, 0], keys[place, 1] = key, slot
