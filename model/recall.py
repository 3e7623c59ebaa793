"""What a text has said before, beside what a network knows: a mixture with the n-grams of the sources and of the draft.

A network needs many steps to take in a turn of phrase, and forgets it as fast; counting does it at once. So every
symbol's chance is a product of three: the network's, that of the sources and the draft together, and that of the draft
alone, each to a power (Hinton 2002, a product of experts). The last two go by what followed the longest run of up to
`_LONGEST` symbols that stands there as it stands here, smoothed towards ever shorter runs by a constant discount (Ney,
Essen and Kneser 1994). The draft's own, read as it is written, is a cache (Kuhn and De Mori 1990).
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from model.vocabulary import Vocabulary
from screenplay.stream import END

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
MOST = 1_000_000
"""Symbols of sources that a model keeps to recall at most: with more, steps would take longer, and gain less."""
_MOST_KEPT = 64_000_000
"""Numbers of 4 bytes that are kept at most for streams that are read repeatedly."""
NETWORK = 0.65
"""The power of the network's chances."""
_ALL, _DRAFT = 0.10, 0.12
"""The powers of the others. Fitted to held-out scenes of film scripts, five minutes after the bundled model."""
_SHORTEST, _LONGEST = 3, 16
_DISCOUNTS = np.array([0.6 if length < 4 else 0.7 for length in range(_SHORTEST, _LONGEST + 1)])[:, None]
_EACH_DISCOUNT: list[float] = _DISCOUNTS.ravel().tolist()
_DISCOUNT = 0.6
"""Of runs shorter than those."""
_LEAST = 1e-9


class Recall:
    """Texts that a model learned from, by the runs of symbols in them. A value."""

    def __init__(self, ids: NDArray[np.integer], starts: Sequence[int], numbers: Sequence[int]) -> None:
        """Keep texts.

        Args:
            ids: Of all their symbols, one text after the other, (symbols,).
            starts: Where each text begins.
            numbers: Of which screenplay each is.
        """
        self.ids: Ids = np.asarray(ids, np.int64)
        self.starts, self.numbers = tuple(starts), tuple(numbers)

    @classmethod
    def of(cls, streams: Iterable[tuple[int, str]], vocabulary: Vocabulary) -> Recall | None:
        """Take in numbered streams; None if they have none, or more than `MOST` symbols."""
        pieces: list[NDArray[np.integer]] = []
        starts, numbers, length = [], [], 0
        for number, stream in streams:
            pieces.append(vocabulary.encode(END + stream))
            starts.append(length)
            numbers.append(number)
            length += len(pieces[-1])
            if length > MOST:
                return None
        return cls(np.concatenate(pieces), starts, numbers) if pieces else None

    def weights(self, shares: Mapping[int, float]) -> Floats:
        """What each symbol counts, (symbols,), where screenplays have shares, the largest of which counts 1.

        Without shares all count 1.
        """
        if not shares:
            return np.ones(len(self.ids))
        most = max(shares.values())
        each = [shares.get(number, 0.0) / most for number in self.numbers]
        return np.repeat(each, np.diff([*self.starts, len(self.ids)]))

    def hints(self, streams: Sequence[str], vocabulary: Vocabulary, *, kept: bool = False) -> Hints:
        """What these texts say of some streams, each a draft of its own; `kept` for those that are read repeatedly."""
        kept = kept and sum(map(len, streams)) * len(vocabulary) <= _MOST_KEPT
        return Hints(self, len(vocabulary), kept=kept)


class Hints:
    """What texts say of streams that are read piece by piece, and, as no network matters to it, maybe once for all."""

    def __init__(self, recall: Recall, size: int, *, kept: bool) -> None:
        self._recall, self._size, self._is_kept = recall, size, kept
        self._open: dict[int, Recollection] = {}
        self._pieces: dict[tuple[int, int], NDArray[np.float32]] = {}

    def piece(self, stream: int, start: int, ids: Sequence[int]) -> NDArray[np.float32]:
        """What to add to a network's logits for each of these ids, (ids, vocabulary).

        The pieces of a stream come in order, and always the same; from its start on it begins anew.
        """
        found = self._pieces.get((stream, start))
        if found is not None:
            return found
        if start == 0:
            self._open[stream] = Recollection(self._recall, self._size)
        recollection = self._open[stream]
        found = np.zeros((len(ids), self._size), np.float32)
        for place, symbol in enumerate(ids):
            found[place] = recollection.hint()
            recollection.read(symbol)
        if self._is_kept:
            self._pieces[stream, start] = found
        return found


class Recollection:
    """A draft that is read symbol by symbol, and what the sources and its own past say comes next.

    Opening it takes time that grows with the sources' length as sorting does; a step looks at every place where the
    last `_SHORTEST` symbols stood before.
    """

    def __init__(
        self, recall: Recall, size: int, shares: Mapping[int, float] | None = None, *, opener: int | None = None
    ) -> None:
        """Begin an empty draft over a vocabulary of `size` ids.

        Args:
            recall: The sources.
            size: Of the vocabulary.
            shares: Of screenplays, as for `Recall.weights`.
            opener: Id that opens a part of the draft which counts only once the next part is opened. For what is being
                written: a phrase that makes itself likelier comes again and again. None: all counts at once.
        """
        self._size = size
        self._learned = len(recall.ids)
        self._ids = np.zeros(self._learned + 4096, np.int64)
        self._ids[: self._learned] = recall.ids
        self._counts: Floats | None = None
        """What each symbol counts; None: all the same."""
        if shares:
            self._counts = np.ones(len(self._ids))
            self._counts[: self._learned] = recall.weights(shares)
        self._end = self._learned
        self._last: tuple[int, ...] = ()
        """The draft's last symbols, one fewer than the shortest run."""
        self._keys_here: deque[int] = deque(maxlen=_LONGEST - _SHORTEST + 1)
        """Of the runs that ended at the last symbols of the draft."""
        self._behind = 0
        """How many of those `_follow` has not gone along with."""
        self._matches, self._lengths = np.zeros(0, np.int64), np.zeros(0, np.int64)
        """Places where the last `_SHORTEST` symbols were before, the draft's last; and how long the run before each is.

        Lengths count from 1, which is the shortest.
        """
        self._reach = np.zeros(len(self._ids), np.int64)
        """The same lengths at their places, and 0 elsewhere."""
        self._draft: dict[int, array[int]] = {}
        self._opener = opener
        self._waiting: list[tuple[int, int]] = []
        self._short: dict[tuple[int, ...], tuple[Floats, Floats]] = {}
        self._sort()
        # A draft begins as a text of the sources does.
        self.read(int(recall.ids[0]))

    def _sort(self) -> None:
        """Sort the places of the sources by the symbols before them, the last one first."""
        places = np.arange(_SHORTEST, max(_SHORTEST, self._learned))
        keys = np.zeros(len(places), np.int64)
        for back in range(1, _SHORTEST + 1):
            keys = keys * self._size + self._ids[places - back]
        order = np.argsort(keys, kind="stable")
        self._places, keys = places[order], keys[order]
        self._keys, firsts = np.unique(keys, return_index=True)
        bounds = np.append(firsts, len(keys))
        self._bounds: list[int] = bounds.tolist()
        self._row = {key: row for row, key in enumerate(self._keys.tolist())}

    def read(self, symbol: int) -> None:
        """Go on with one id."""
        if self._end == len(self._ids):
            self._ids = np.concatenate([self._ids, np.zeros_like(self._ids)])
            self._reach = np.concatenate([self._reach, np.zeros_like(self._reach)])
            if self._counts is not None:
                self._counts = np.concatenate([self._counts, np.ones_like(self._counts)])
        self._ids[self._end] = symbol
        if self._keys_here:
            self._waiting.append((self._keys_here[-1], self._end))
        self._end += 1
        run = (*self._last, symbol)
        if len(run) == _SHORTEST:
            key = 0
            for before in reversed(run):
                key = key * self._size + before
            self._keys_here.append(key)
            self._behind += 1
        self._last = run[1 - _SHORTEST :]
        if self._opener is None:
            self._count()
        elif symbol == self._opener:
            self._count()
            # Runs before what counts from now on were not gone along with.
            self._behind = _LONGEST

    def _count(self) -> None:
        for key, place in self._waiting:
            self._draft.setdefault(key, array("q")).append(place)
        self._waiting.clear()

    def hint(self) -> Floats:
        """What to add to the network's logits for the next symbol, (vocabulary,)."""
        shorter, logs = self._after_short(self._last)
        if not self._keys_here:
            return (_ALL + _DRAFT) * logs
        self._follow()
        places = self._matches
        if not len(places):
            return (_ALL + _DRAFT) * logs
        rows = self._lengths * self._size
        rows += self._ids[places]
        counts = None if self._counts is None else self._counts[places]
        hint = self._logs(self._smoothed(rows, counts, shorter), _ALL)
        drafted = len(self._draft.get(self._keys_here[-1], ()))
        if drafted:
            logs = self._logs(self._smoothed(rows[-drafted:], None, shorter), 1.0)
        hint += _DRAFT * logs
        return hint

    def _follow(self) -> None:
        """Find the runs that end here, from those that ended one symbol before.

        After more than one symbol, or where more places count than before, all runs are found anew, each from its
        shortest beginning on.
        """
        if not self._behind:
            return
        keys = list(self._keys_here)
        if self._behind == 1:
            keys = keys[-1:]
        else:
            self._reach[self._matches] = 0
            self._matches = self._matches[:0]
        for key in keys:
            places = self._places_of(key)
            # Where no run ended one symbol before, the shortest does here.
            lengths = np.minimum(self._reach[places - 1], _LONGEST - _SHORTEST)
            lengths += 1
            self._reach[self._matches] = 0
            self._reach[places] = lengths
            self._matches, self._lengths = places, lengths
        self._behind = 0

    def _places_of(self, key: int) -> Ids:
        row = self._row.get(key)
        learned = self._places[self._bounds[row] : self._bounds[row + 1]] if row is not None else self._places[:0]
        draft = self._draft.get(key)
        return learned if draft is None else np.concatenate([learned, np.frombuffer(draft, np.int64)])

    def _smoothed(self, rows: Ids, counts: Floats | None, shorter: Floats) -> Floats:
        """Chances, (vocabulary,), of what followed runs of every length, from those of shorter runs.

        Args:
            rows: The length of each run, from 1, the shortest, times the vocabulary's size, plus what follows.
            counts: What each of them counts; None: all the same.
            shorter: The chances after shorter runs, (vocabulary,).
        """
        flat = np.bincount(rows, counts)
        found = flat.nonzero()[0]
        waiting = list(zip(found.tolist(), flat[found].tolist(), strict=True))
        # Few symbols follow a run. Longest runs first, each length adds to those, and shares out what they left.
        chances: dict[int, float] = {}
        followed: dict[int, float] = {}
        left, total = 1.0, 0.0
        for length in range(waiting[-1][0] // self._size if waiting else 0, 0, -1):
            first, discount = length * self._size, _EACH_DISCOUNT[length - 1]
            # What followed a long run followed its end, too.
            while waiting and waiting[-1][0] >= first:
                row, count = waiting.pop()
                followed[row - first] = followed.get(row - first, 0.0) + count
                total += count
            kept = 0.0
            for symbol, count in followed.items():
                if count > discount:
                    share = (count - discount) / total
                    kept += share
                    chances[symbol] = chances.get(symbol, 0.0) + left * share
            left *= 1.0 - kept
        mixed: Floats = left * shorter
        for symbol, chance in chances.items():
            mixed[symbol] += chance
        return mixed

    def _logs(self, chances: Floats, power: float) -> Floats:
        """Logarithms of chances to a power, in their place."""
        chances += _LEAST
        np.log(chances, out=chances)
        chances *= power
        return chances

    def _after_short(self, last: tuple[int, ...]) -> tuple[Floats, Floats]:
        """Chances after fewer symbols than the shortest run, in the sources alone, and their logarithms.

        Kept once they are known.
        """
        found = self._short.get(last)
        if found is None:
            shorter = self._after_short(last[1:])[0] if last else np.full(self._size, 1.0 / self._size)
            places = self._places[self._span(last)]
            weights = None if self._counts is None else self._counts[places]
            counts = np.bincount(self._ids[places], weights, self._size)
            total = counts.sum()
            kept = np.maximum(counts - _DISCOUNT, 0.0) / total if total else counts
            chances = kept + (1.0 - kept.sum()) * shorter
            found = self._short[last] = chances, np.log(chances + _LEAST)
        return found

    def _span(self, last: tuple[int, ...]) -> slice:
        """Which of the sorted places follow these symbols."""
        low, unit = 0, self._size**_SHORTEST
        for symbol in reversed(last):
            unit //= self._size
            low += symbol * unit
        first, end = np.searchsorted(self._keys, [low, low + unit]).tolist()
        return slice(self._bounds[first], self._bounds[end])
