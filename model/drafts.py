"""Texts that are being read side by side: where their last symbols stand in known texts, and stood before in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.counted import Counted, Floats
from model.counting import BOUNDS, KEPT, LENGTH, OWN, REMINDED, RUNS, Known, Reminded, read_all
from model.finding import SHORTEST, Places, keep
from model.recall import VoicedRuns
from model.reminding import ROOM, Passages

_ROOM = 1 << 10
"""Symbols of a draft that there is room for at first: a power of two."""
_MANY = 256
"""Places of a run that are too many to be looked at for each symbol: what follows is then counted once, and kept."""
_NEWS, _BRIEF = 140, 100
"""Symbols after which a draft is reminded anew; while the part under way has no more than so many, it always is."""
LEAST = 1e-5
"""Of what hardly ever follows, the sources know too little to call it less likely."""
Mark = Places
"""Where the reading of a draft stands."""


class Drafts:
    """Drafts that are read symbol by symbol, any of them at any time, and what comes next in them.

    All that are open take as much room as the longest. A step's time hardly grows with what has been read: a draft's
    places stand in chains, by a hash of the `SHORTEST` symbols before them, with as many chains as there is room for
    places. Source: Deutsch 1996, RFC 1951, for such chains.
    """

    def __init__(
        self,
        runs: VoicedRuns,
        counted: Counted,
        kinds: NDArray[np.uint8],
        *,
        opener: int | None,
        most: int,
        passages: Passages | None = None,
    ) -> None:
        """None is open yet.

        Args:
            runs: Of known texts.
            counted: What follows those that stand in many places.
            kinds: Of each id: text, `counting.TOKEN` or `counting.OPENER`.
            opener: Id that opens a part of a draft, which can be found once the next is opened. None: all can at once.
            most: As for `counting.raised`.
            passages: Of which a draft can be reminded.
        """
        self._runs, self._counted, self._kinds, self._most = runs, counted, kinds, most
        self._opener = -1 if opener is None else opener
        self._room = _ROOM
        self._left = 0
        """Symbols that there is room for in the longest, at least, and in all others."""
        self._drafts: Places = np.zeros((0, OWN + 3 * _ROOM), np.int32)
        """Of each its numbers, the bounds of its runs, and what is its own: heads of chains, places before, ids."""
        self._passages = passages
        self._reminded = Reminded.nothing(0, ROOM if passages is not None else 0)
        self._closed: list[int] = []

    def open(self) -> int:
        """An empty draft: its number."""
        if not self._closed:
            known = len(self._drafts)
            more = max(1, known)
            self._closed = [*range(known, known + more)]
            self._drafts = np.concatenate([self._drafts, np.zeros((more, self._drafts.shape[1]), np.int32)])
            nothing = Reminded.nothing(more, self._reminded.passages.shape[1])
            self._reminded = Reminded(
                np.concatenate([self._reminded.firsts, nothing.firsts]),
                np.concatenate([self._reminded.places, nothing.places]),
                np.concatenate([self._reminded.passages, nothing.passages]),
            )
        draft = self._closed.pop()
        own = self._drafts[draft]
        own[:BOUNDS], own[RUNS] = 0, 1
        own[BOUNDS:OWN] = self._runs.anywhere().reshape(-1)
        own[OWN : OWN + self._room] = -1
        self._reminded.firsts[draft] = 0
        return draft

    def beside(self, draft: int) -> int:
        """Another that begins with all that one has read."""
        found = self.open()
        self._drafts[found] = self._drafts[draft]
        for part in self._reminded:
            part[found] = part[draft]
        return found

    def close(self, draft: int) -> None:
        """Its number is another's."""
        self._closed.append(draft)

    def read(self, reads: Sequence[tuple[int, int, bool]] | NDArray[np.int64]) -> Floats:
        """Go on: of each symbol, which draft it is of, its id, and whether what comes next is asked for.

        Gives that as `Recollection.hint` does, from the second column on, (reads, 1 + vocabulary).
        """
        self.make_room(len(reads))
        rows, found = np.asarray(reads, np.int64), np.empty((len(reads), len(self._kinds) + 1))
        done, is_read = 0, False
        while done < len(reads):
            done = read_all(rows, done, is_read, len(reads), self.known, found)
            if done < len(reads):
                self.count_more()
                is_read = True
        return found

    @property
    def known(self) -> Known:
        """What they are and are read against, up to the next change."""
        runs, counted, powers = self._runs, self._counted, self._counted.powers
        return Known(
            self._drafts, self._room, self._reminded, self._kinds, self._opener, runs.following, runs.counts,
            runs.block, runs.rests, counted.table, _MANY, powers.draft, powers.reminded, powers.sources, LEAST,
            self._most,
        )  # fmt: skip

    def make_room(self, symbols: int) -> None:
        """For so many more of each."""
        self._left -= symbols
        # How much is left is at least that: who asks for room may need less.
        while self._left < 0:
            self._left = self._room - int(self._drafts[:, LENGTH].max()) - symbols
            if self._left < 0:
                self._grow()

    def count_more(self) -> None:
        """Make room for more runs that are counted once."""
        self._counted.grow()

    def mark(self, draft: int) -> Mark:
        """Where it stands, to come `back` to while the part under way is not over."""
        return self._drafts[draft, :OWN].copy()

    def back(self, draft: int, mark: Mark) -> None:
        """As if nothing had been read since."""
        self._drafts[draft, :OWN] = mark

    def remind(self, draft: int) -> None:
        """Remind a draft of the passages that its part under way is most like, instead of those of before."""
        if self._passages is None:
            return
        kept, last, end = self._drafts[draft, [KEPT, REMINDED, LENGTH]].tolist()
        if last >= kept and end - last < _NEWS and end - kept > _BRIEF:
            return
        self._drafts[draft, REMINDED] = end
        ids = self._drafts[draft, OWN + 2 * self._room :]
        self._passages.remind(ids[max(0, kept - 1) : end], Reminded(*(part[draft] for part in self._reminded)))

    def _grow(self) -> None:
        """Make twice the room."""
        room, numbers = self._room, self._drafts[:, :OWN]
        before, ids = self._drafts[:, OWN + room : OWN + 2 * room], self._drafts[:, OWN + 2 * room :]
        heads = np.full((len(numbers), 2 * room), -1, np.int32)
        self._drafts = np.concatenate([numbers, heads, before, before, ids, ids], axis=1)
        self._room = room = 2 * room
        for own in self._drafts:
            heads, before, ids = own[OWN : OWN + room], own[OWN + room : OWN + 2 * room], own[OWN + 2 * room :]
            keep(ids, before, heads, SHORTEST, int(own[KEPT]))
