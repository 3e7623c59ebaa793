"""What follows runs that stand in many places of known texts: counted once, and kept."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.counting import DISCOUNT, DISCOUNT_SHORT, Floats, put_slot
from model.finding import LONGEST, SHORTEST, Small, tally
from model.runs import Bounds

LEAST = 1e-5
"""Of what hardly ever follows, the sources know too little to call it less likely."""
_ROOM = 64
"""Runs that there is room for at first: a power of two."""


class Powers(NamedTuple):
    """What each of three chances is raised to in their product."""

    network: float
    sources: float
    """With the draft's own."""
    draft: float


class Counted:
    """What drafts are told of such runs, with some powers."""

    def __init__(self, following: Small, size: int, powers: Powers) -> None:
        """Nothing is counted yet; `following` as for `counting.raised`, of ids below `size`."""
        self._following, self._size, self.powers = following, size, powers
        self._chances: dict[tuple[int, int], Floats] = {}
        """Of runs of so many symbols, from this first place on."""
        self._known = 0
        self.table = np.full((2 * _ROOM, 2), -1, np.int64)
        """Which run is which: see `counting.slot_of`."""
        self.told = np.empty((_ROOM, 3, size + 1))
        """Of each run: the hint where there is nothing else to say; the chances after its end, where that is too short
        for a draft; and those after all of it."""

    def count(self, length: int, bounds: Bounds) -> None:
        """Take in the run of so many symbols that stands there, (2, `LONGEST` + 1)."""
        if self._known == len(self.told):
            self._grow()
        shortest, chances = (self._chances_after(bounds, each) for each in (min(length, SHORTEST - 1), length))
        hint = self.powers.sources * np.log(chances + LEAST) + self.powers.draft * np.log(shortest + LEAST)
        self.told[self._known] = hint, shortest, chances
        put_slot(self.table, length, int(bounds[0, length]), self._known)
        self._known += 1

    def _grow(self) -> None:
        """Make twice the room."""
        self.told = np.concatenate([self.told, np.empty_like(self.told)])
        known = self.table[self.table[:, 0] >= 0]
        self.table = np.full((2 * len(self.told), 2), -1, np.int64)
        for key, slot in known.tolist():
            first, length = divmod(key, LONGEST + 1)
            put_slot(self.table, length, first, slot)

    def _chances_after(self, bounds: Bounds, length: int) -> Floats:
        """Of each symbol, (vocabulary + 1,): an end of a text comes first."""
        first, end = bounds[:, length].tolist()
        found = self._chances.get((length, first))
        if found is None:
            shorter = self._chances_after(bounds, length - 1) if length else np.full(self._size + 1, 1 / self._size)
            voiced = tally(self._following, first, end, 2 * self._size + 1)
            counts = np.append(voiced[0], voiced[1::2] + voiced[2::2])
            # An end says nothing.
            total = end - first - int(counts[0])
            if not total:
                return shorter
            counts[0] = 0
            kept = np.maximum(counts - (DISCOUNT_SHORT if length <= SHORTEST else DISCOUNT), 0.0)
            kept *= 1.0 / total
            kept += (1.0 - float(kept.sum())) * shorter
            found = self._chances[length, first] = kept
        return found
