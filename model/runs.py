"""Where runs of symbols stand in texts, and what follows them: in known texts, and in one that is being read."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

from model.counting import LONGEST, SHORTEST, Places, Small, by_follower, longer

Bounds = Places
"""First places and ends of runs of none, one, two … symbols, (2, runs): each stands within the one before."""
Mark = tuple[int, tuple[int, ...], int]
"""Where the reading of a draft stands."""
_ROOM = 1 << 10
"""Symbols of a draft that there is room for at first."""
_PACKED = 8
"""Symbols whose ids make one number of 64 bits together."""


class Runs:
    """Known texts, sorted by what stands before each symbol, the nearest first: the places of a run stand side by side.

    A run that grows by one symbol is found again by counting how often that symbol follows above its places: the
    FM-index of texts read backwards. Source: Ferragina and Manzini 2000. A step's time does not grow with the texts but
    for a logarithm; memory is 5 bytes a symbol, 6 with more than 254 kinds of symbols.
    """

    def __init__(self, following: Small, size: int) -> None:
        """Index what `sorted_by_context` gave, where ids are below `size`."""
        self.following = following
        # As many places have no symbol before them as have none that follows.
        self._tops, self._order = by_follower(following, size)

    def anywhere(self) -> Bounds:
        """Where the run of no symbols stands."""
        return np.array([[0], [len(self.following)]], np.int32)

    def after(self, bounds: Bounds, symbol: int, many: int = 0) -> tuple[Bounds, int, int]:
        """Where runs stand that go on with this id, from none on, as far as there are any, and up to `LONGEST`.

        And of the longest of them that stands in more places than `many`, or is short: its length, and its first place.
        """
        return longer(self._order, self._tops, bounds, symbol, many)


def sorted_by_context(ids: Small, starts: Sequence[int]) -> tuple[Small, NDArray[np.int64]]:
    """What follows each run of texts, (places,): 0 where a text ends, else an id plus one; and which of the ids it is.

    Where a text ends, it is none: as many as there are.

    Time grows with the texts' length as sorting does: two seconds for four million symbols; memory is about 60
    bytes for each.

    Args:
        ids: Of all their symbols, one text after the other, (symbols,).
        starts: Where each text begins.
    """
    if not starts:
        return np.zeros(0, np.uint8), np.zeros(0, np.int64)
    size = int(ids.max(initial=0)) + 1
    ends = [*starts[1:], len(ids)]
    # Before each text stands nothing, LONGEST times: no run reaches into another text.
    room = len(ids) + LONGEST * len(starts) + 1
    padded: Small = np.zeros(room, np.uint8) if size < 1 << 8 else np.zeros(room, np.uint16)
    places, origins = [], []
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        at = start + LONGEST * (number + 1)
        padded[at : at + end - start] = ids[start:end].astype(np.int64) + 1
        places.append(np.arange(at, at + end - start + 1))
        origins.append(np.append(np.arange(start, end), len(ids)))
    place = np.concatenate(places)
    bits = size.bit_length()
    per_key = min(_PACKED, 63 // bits)
    order = np.arange(len(place))
    for oldest in range(LONGEST, 0, -per_key):
        key = np.zeros(len(place), np.int64)
        for back in range(max(1, oldest - per_key + 1), oldest + 1):
            key <<= bits
            key |= padded[place - back].astype(np.int64)
        order = order[key[order].argsort(kind="stable")]
    return padded[place[order]], np.concatenate(origins)[order]


class DraftRuns:
    """One text that is being read, and where its last symbols stood in it before.

    A step's time grows with the places where its last `SHORTEST` symbols stood.
    """

    def __init__(self, opener: int | None) -> None:
        """Begin with nothing; `opener` as for `Recollection`."""
        self._opener, self._length = opener, 0
        self._ids, self._before = np.zeros(_ROOM, np.uint16), np.zeros(_ROOM, np.int32)
        """What was read; and of each place, the last one before it where the same `SHORTEST` symbols end; -1: none."""
        self._recent: tuple[int, ...] = ()
        """The last symbols, as many."""
        self._last: dict[tuple[int, ...], int] = {}
        """Of so many symbols, the last of the places that count."""
        self._waiting: list[tuple[tuple[int, ...], int]] = []
        """Places that do not count yet, and what stands before them."""

    def read(self, symbol: int) -> None:
        """Go on with one id."""
        if len(self._recent) == SHORTEST:
            self._waiting.append((self._recent, self._length))
        if self._length == len(self._ids):
            self._ids, self._before = (np.concatenate([each, each]) for each in (self._ids, self._before))
        self._ids[self._length] = symbol
        self._length += 1
        self._recent = (*self._recent[1 - SHORTEST :], symbol)
        if self._opener is None or symbol == self._opener:
            for run, place in self._waiting:
                self._before[place] = self._last.get(run, -1)
                self._last[run] = place
            self._waiting.clear()

    def beside(self) -> DraftRuns:
        """Another text that begins with all that was read."""
        found = copy(self)
        found._ids, found._before = self._ids.copy(), self._before.copy()
        found._last, found._waiting = {**self._last}, [*self._waiting]
        return found

    def mark(self) -> Mark:
        """Where reading stands, to come `back` to while the part under way is not over."""
        return self._length, self._recent, len(self._waiting)

    def back(self, mark: Mark) -> None:
        """As if nothing had been read since."""
        self._length, self._recent, waiting = mark
        del self._waiting[waiting:]

    def recent(self) -> tuple[NDArray[np.uint16], int, Places, int]:
        """What `counting.same_runs` needs to know, to find where runs stood as they stand here."""
        return self._ids, self._length, self._before, self._last.get(self._recent, -1)
