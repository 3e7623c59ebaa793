"""What a text has said before, beside what a network knows: a mixture with the n-grams of the sources and of the draft.

A network needs many steps to take in a turn of phrase, and forgets it as fast; counting does it at once. So every
symbol's chance is a product of three: the network's, that of the sources and the draft together, and that of the draft
alone, each to a power (Hinton 2002, a product of experts). The last two go by what followed the longest run of up to
`_LONGEST` symbols that stands there as it stands here, smoothed towards ever shorter runs by a constant discount (Ney,
Essen and Kneser 1994). The draft's own, read as it is written, is a cache (Kuhn and De Mori 1990).
"""

from __future__ import annotations

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
        self._counts = np.zeros(len(self._ids))
        self._counts[: self._learned] = recall.weights(shares or {})
        self._end = self._learned
        self._draft: dict[int, list[int]] = {}
        self._opener = opener
        self._waiting: list[tuple[int, int]] = []
        self._short: dict[tuple[int, ...], Floats] = {}
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
        self._bounds = np.append(firsts, len(keys))
        self._row = {key: row for row, key in enumerate(self._keys.tolist())}

    def read(self, symbol: int) -> None:
        """Go on with one id."""
        if self._end == len(self._ids):
            self._ids = np.concatenate([self._ids, np.zeros_like(self._ids)])
            self._counts = np.concatenate([self._counts, np.zeros_like(self._counts)])
        self._ids[self._end], self._counts[self._end] = symbol, 1.0
        if self._end - self._learned >= _SHORTEST:
            self._waiting.append((self._key(), self._end))
        self._end += 1
        if self._opener is None or symbol == self._opener:
            self._count()

    def _count(self) -> None:
        for key, place in self._waiting:
            self._draft.setdefault(key, []).append(place)
        self._waiting.clear()

    def hint(self) -> Floats:
        """What to add to the network's logits for the next symbol, (vocabulary,)."""
        start = max(self._learned, self._end - _SHORTEST + 1)
        shorter = self._after_short(tuple(self._ids[start : self._end].tolist()))
        if self._end - self._learned < _SHORTEST:
            return (_ALL + _DRAFT) * np.log(shorter + _LEAST)
        places, drafted = self._matches()
        if not len(places):
            return (_ALL + _DRAFT) * np.log(shorter + _LEAST)
        lengths = self._lengths(places)
        everything = self._smoothed(places, lengths, shorter)
        cached = self._smoothed(places[-drafted:], lengths[-drafted:], shorter) if drafted else shorter
        return _ALL * np.log(everything + _LEAST) + _DRAFT * np.log(cached + _LEAST)

    def _key(self) -> int:
        key = 0
        for symbol in self._ids[self._end - _SHORTEST : self._end][::-1].tolist():
            key = key * self._size + symbol
        return key

    def _matches(self) -> tuple[Ids, int]:
        """Places where the last `_SHORTEST` symbols were before, the draft's last, and how many are the draft's."""
        key = self._key()
        row = self._row.get(key)
        learned = self._places[self._bounds[row] : self._bounds[row + 1]] if row is not None else self._places[:0]
        draft = self._draft.get(key, [])
        return (np.concatenate([learned, np.array(draft)]) if draft else learned), len(draft)

    def _lengths(self, places: Ids) -> Ids:
        """By how many symbols more than the shortest run what is before each place is the same as here."""
        found = np.zeros(len(places), np.int64)
        alive = np.arange(len(places))
        for back in range(_SHORTEST + 1, min(_LONGEST, self._end - self._learned) + 1):
            # What would stand before the first text counts from its end, and is a run of no text; that is rare.
            alive = alive[self._ids[places[alive] - back] == self._ids[self._end - back]]
            if not len(alive):
                break
            found[alive] = back - _SHORTEST
        return found

    def _smoothed(self, places: Ids, lengths: Ids, shorter: Floats) -> Floats:
        """Chances, (vocabulary,), of what followed runs of every length, from those of shorter runs."""
        size, rows = self._size, int(lengths.max()) + 1
        flat = np.bincount(lengths * size + self._ids[places], self._counts[places], rows * size)
        # What followed a long run followed its end, too.
        counts = flat.reshape(rows, size)[::-1].cumsum(axis=0)[::-1]
        sums = counts.sum(axis=1, keepdims=True)
        # A screenplay without a share counts nothing; no length counts more than a shorter one.
        known = int(np.count_nonzero(sums))
        kept = np.maximum(counts[:known] - _DISCOUNTS[:known], 0.0) / sums[:known]
        left = 1.0 - kept.sum(axis=1)
        # Each length has what all longer ones left.
        shares = np.ones(len(left) + 1)
        shares[:-1] = np.cumprod(left[::-1])[::-1]
        found: Floats = shares[1:] @ kept + shares[0] * shorter
        return found

    def _after_short(self, last: tuple[int, ...]) -> Floats:
        """Chances after fewer symbols than the shortest run, in the sources alone; kept once they are known."""
        found = self._short.get(last)
        if found is None:
            shorter = self._after_short(last[1:]) if last else np.full(self._size, 1.0 / self._size)
            places = self._places[self._span(last)]
            counts = np.bincount(self._ids[places], self._counts[places], self._size)
            total = counts.sum()
            kept = np.maximum(counts - _DISCOUNT, 0.0) / total if total else counts
            found = self._short[last] = kept + (1.0 - kept.sum()) * shorter
        return found

    def _span(self, last: tuple[int, ...]) -> slice:
        """Which of the sorted places follow these symbols."""
        low, unit = 0, self._size**_SHORTEST
        for symbol in reversed(last):
            unit //= self._size
            low += symbol * unit
        rows = np.searchsorted(self._keys, [low, low + unit])
        return slice(*self._bounds[rows].tolist())
