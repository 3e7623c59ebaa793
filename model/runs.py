"""Where runs of symbols stand in texts, and what follows them: in known texts, and in one that is being read."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Bounds = tuple[list[int], list[int]]
"""First place and end of runs, of none, one, two … symbols: each stands within the one before."""
Small = NDArray[np.uint8] | NDArray[np.uint16]
SHORTEST, LONGEST = 3, 16
"""Of the runs of a text that is being read; of known texts, all up to the longest."""
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
        counts = np.bincount(following, minlength=size + 1)
        ends = counts.cumsum()
        # As many places have no symbol before them as have none that follows.
        self._firsts: list[int] = (ends - counts).tolist()
        order = following.argsort(kind="stable").astype(np.int32)
        self._places = np.split(order, ends[:-1])
        self.chances: dict[tuple[int, int], NDArray[np.float64]] = {}
        self.hints: dict[tuple[object, int, int], NDArray[np.float64]] = {}
        """What somebody wants to keep of a run of so many symbols, from this first place on."""

    def anywhere(self) -> Bounds:
        """Where the run of no symbols stands."""
        return [0], [len(self.following)]

    def after(self, bounds: Bounds, symbol: int) -> Bounds:
        """Where runs stand that go on with this id, from none on, as far as there are any, and up to `LONGEST`."""
        firsts, ends = bounds
        # In order, so that each is looked for from the last one on.
        asked = np.array([*firsts, *reversed(ends)], np.int32)
        found = self._places[symbol + 1].searchsorted(asked).tolist()
        above, longer = self._firsts[symbol + 1], self.anywhere()
        for first, end in zip(found[: len(firsts)], reversed(found), strict=False):
            if first == end or len(longer[0]) > LONGEST:
                break
            longer[0].append(above + first)
            longer[1].append(above + end)
        return longer


def sorted_by_context(ids: Small, starts: Sequence[int]) -> Small:
    """What follows each run of texts, (places,): 0 where a text ends, else an id plus one.

    Time grows with the texts' length as sorting does: two seconds for four million symbols; memory is about 60
    bytes for each.

    Args:
        ids: Of all their symbols, one text after the other, (symbols,).
        starts: Where each text begins.
    """
    if not starts:
        return np.zeros(0, np.uint8)
    size = int(ids.max(initial=0)) + 1
    ends = [*starts[1:], len(ids)]
    # Before each text stands nothing, LONGEST times: no run reaches into another text.
    room = len(ids) + LONGEST * len(starts) + 1
    padded: Small = np.zeros(room, np.uint8) if size < 1 << 8 else np.zeros(room, np.uint16)
    places = []
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        at = start + LONGEST * (number + 1)
        padded[at : at + end - start] = ids[start:end].astype(np.int64) + 1
        places.append(np.arange(at, at + end - start + 1))
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
    return padded[place[order]]


class DraftRuns:
    """One text that is being read, and where its last symbols stood in it before."""

    def __init__(self, size: int, opener: int | None) -> None:
        """Begin with nothing; `opener` as for `Recollection`."""
        self._size, self._opener = size, opener
        self._ids: list[int] = []
        self._last: tuple[int, ...] = ()
        """The last symbols, one fewer than the shortest run."""
        self._keys_here: deque[int] = deque(maxlen=LONGEST - SHORTEST + 1)
        """Of the runs that ended at the last symbols."""
        self._behind = 0
        """How many of those `followers` has not gone along with."""
        self._reach: dict[int, int] = {}
        """Places that follow such a run, in order, and how long it is."""
        self._known: dict[int, list[int]] = {}
        self._waiting: list[tuple[int, int]] = []

    def read(self, symbol: int) -> None:
        """Go on with one id."""
        if self._keys_here:
            self._waiting.append((self._keys_here[-1], len(self._ids)))
        self._ids.append(symbol)
        run = (*self._last, symbol)
        if len(run) == SHORTEST:
            key = 0
            for before in reversed(run):
                key = key * self._size + before
            self._keys_here.append(key)
            self._behind += 1
        self._last = run[1 - SHORTEST :]
        if self._opener is None:
            self._count()
        elif symbol == self._opener:
            self._count()
            # Runs before what counts from now on were not gone along with.
            self._behind = LONGEST

    def _count(self) -> None:
        for key, place in self._waiting:
            self._known.setdefault(key, []).append(place)
        self._waiting.clear()

    def followers(self) -> dict[int, list[int]]:
        """By length of run, from `SHORTEST` on, what followed where the run before was just so long as it is here.

        Each is an id and one. After more than one symbol, or where more places count than before, all runs are found
        anew, each from its shortest beginning on.
        """
        keys = [] if not self._behind else list(self._keys_here)
        if self._behind == 1:
            keys = keys[-1:]
        elif self._behind:
            self._reach.clear()
        for key in keys:
            reach = self._reach
            # Where no run ended one symbol before, the shortest does here.
            self._reach = {
                place: min(reach.get(place - 1, SHORTEST - 1) + 1, LONGEST) for place in self._known.get(key, ())
            }
        self._behind = 0
        found: dict[int, list[int]] = {}
        for place, length in self._reach.items():
            found.setdefault(length, []).append(self._ids[place] + 1)
        return found
