"""Streams as ids, and the batches of truncated BPTT that are cut from them."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.vocabulary import Vocabulary
from screenplay.stream import END

_DRAWN = 4096
"""Symbols of a piece of other texts at most: a few scenes."""
IGNORED = -100
"""Target of a position that predicts nothing (what `torch.nn.functional.cross_entropy` leaves out)."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Streams as ids, one after the other in one array; it may lie on disk."""

    ids: NDArray[np.uint16]
    bounds: NDArray[np.int64]
    """Where each stream begins, and the end of the last: one more than there are streams."""

    @classmethod
    def from_streams(cls, streams: Iterable[str], vocabulary: Vocabulary) -> Tokens:
        """Put the start symbol, `END`, before each stream. A stream that `encode` made also ends with it."""
        return cls.of([vocabulary.encode(END + stream) for stream in streams])

    @classmethod
    def of(cls, parts: Sequence[NDArray[np.integer]]) -> Tokens:
        """Put streams of ids, each from its start symbol on, one after the other."""
        ids = np.concatenate(parts).astype(np.uint16) if parts else np.zeros(0, np.uint16)
        return cls(ids, _bounds(map(len, parts)))

    @classmethod
    def mapped(cls, streams: Iterable[str], vocabulary: Vocabulary, file: Path) -> Tokens:
        """The same, with the ids in a file that is mapped into memory: what is not being read costs none.

        The file is replaced at one moment, once all ids are in it. Raises OSError.
        """
        file.parent.mkdir(parents=True, exist_ok=True)
        begun = file.with_name(f".{file.name}.begun")
        lengths: list[int] = []
        with begun.open("wb") as whole:
            for stream in streams:
                ids = vocabulary.encode(END + stream)
                lengths.append(len(ids))
                whole.write(ids.astype("<u2").data)
        begun.replace(file)
        # An empty file can't be mapped. Slices of a plain view come faster than those of a memmap.
        ids = np.memmap(file, "<u2", "r").view(np.ndarray) if any(lengths) else np.zeros(0, np.uint16)
        return cls(ids, _bounds(lengths))

    @property
    def predicted(self) -> int:
        """How many symbols there are to predict: all but the start symbols."""
        return len(self.ids) - (len(self.bounds) - 1)

    @property
    def pieces(self) -> list[tuple[int, int]]:
        """Of each stream, in order, the range [start, stop) of the positions that something follows."""
        return [
            (start, end - 1) for start, end in zip(self.bounds[:-1].tolist(), self.bounds[1:].tolist(), strict=True)
        ]

    def drawn(self, symbols: int, generator: torch.Generator) -> list[tuple[int, int]]:
        """Some such ranges, in all so many symbols or what there is, from streams and places that chance chooses."""
        found = []
        wanted = min(symbols, self.predicted)
        while wanted > 0:
            place = int(torch.randint(len(self.ids), (1,), generator=generator))
            stream = int(np.searchsorted(self.bounds, place, side="right")) - 1
            stop = min(place + min(wanted, _DRAWN), int(self.bounds[stream + 1]) - 1)
            if place < stop:
                found.append((place, stop))
                wanted -= stop - place
        return found


def _bounds(lengths: Iterable[int]) -> NDArray[np.int64]:
    return np.cumsum([0, *lengths], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Batch:
    """One step of truncated BPTT. A row never holds symbols of two screenplays."""

    inputs: Tensor
    """(batch, time) of int64."""
    targets: Tensor
    """(batch, time) of int64: the symbol after each input, `IGNORED` where the row has run out."""
    opens: Tensor
    """(batch,) of bool: rows that begin anew, so that the hidden state of the step before means nothing to them."""
    streams: Tensor
    """(batch,) of int64: which of the streams each row reads."""

    def part(self, rows: slice) -> Batch:
        """Some of its rows."""
        return Batch(*(values[rows] for values in (self.inputs, self.targets, self.opens, self.streams)))

    def to(self, device: torch.device) -> Batch:
        """The same batch on another device."""
        return Batch(*(values.to(device) for values in (self.inputs, self.targets, self.opens, self.streams)))


class Epoch:
    """One pass over all tokens, cut into equal rows; any step can be had at any time.

    A share of it, `mixed`, is of other texts, some pieces of which are drawn anew for each epoch; their streams are
    counted after those of the tokens.

    Screenplays come in random order, and the whole, thought of as a ring, is cut open at a random
    place, so that no two epochs cut at the same symbols. Where a screenplay ends the row's chunk
    is cut short, and the next chunk opens the next one. The plan grows with the screenplays, not with their length.
    """

    def __init__(
        self,
        tokens: Tokens,
        *,
        batch: int,
        chunk: int,
        generator: torch.Generator,
        others: Tokens | None = None,
        mixed: float = 0.0,
    ) -> None:
        self._tokens, self._others = tokens, others
        self._chunk = chunk
        pieces = tokens.pieces
        if others is not None:
            length = len(tokens.ids)
            drawn = others.drawn(round(mixed / (1 - mixed) * tokens.predicted), generator)
            pieces += [(length + start, length + stop) for start, stop in drawn]
        rows = max(1, min(batch, sum(stop - start for start, stop in pieces) // chunk))
        self._plan = [_Row.of(parts, chunk) for parts in self._rows(pieces, rows, generator)]
        self._steps = max(row.steps for row in self._plan)

    def _rows(
        self, pieces: list[tuple[int, int]], rows: int, generator: torch.Generator
    ) -> list[list[tuple[int, int]]]:
        """Ranges [start, stop) of input positions, in reading order, for each row."""
        total = sum(stop - start for start, stop in pieces)
        offset = int(torch.randint(total, (1,), generator=generator))
        order = torch.randperm(len(pieces), generator=generator).tolist()
        pieces = [pieces[i] for i in order if pieces[i][0] < pieces[i][1]]
        ring: list[tuple[int, int]] = []
        head: list[tuple[int, int]] = []
        for start, stop in pieces:
            cut = min(stop, start + max(0, offset))
            head.append((start, cut))
            ring.append((cut, stop))
            offset -= stop - start
        size = -(-total // rows)
        found: list[list[tuple[int, int]]] = [[]]
        room = size
        for start, stop in (piece for piece in ring + head if piece[0] < piece[1]):
            while start < stop:
                if room == 0:
                    found.append([])
                    room = size
                take = min(room, stop - start)
                found[-1].append((start, start + take))
                start, room = start + take, room - take
        return found

    @property
    def rows(self) -> int:
        """Rows of every batch; fewer than asked for where the text is short."""
        return len(self._plan)

    def __len__(self) -> int:
        return self._steps

    def __getitem__(self, step: int) -> Batch:
        if not 0 <= step < self._steps:
            raise IndexError(step)
        inputs = np.zeros((self.rows, self._chunk), np.int64)
        targets = np.full((self.rows, self._chunk), IGNORED, np.int64)
        starts = np.zeros(self.rows, np.int64)
        opens = np.zeros(self.rows, np.bool_)
        for number, row in enumerate(self._plan):
            if step < row.steps:
                start, stop, opens[number] = row.chunk(step, self._chunk)
                starts[number], length = start, stop - start
                ids = self._ids(start, stop + 1)
                inputs[number, :length], targets[number, :length] = ids[:-1], ids[1:]
        bounds = self._tokens.bounds
        if self._others is not None:
            bounds = np.concatenate([bounds, len(self._tokens.ids) + self._others.bounds[1:]])
        streams = np.searchsorted(bounds, starts, side="right") - 1
        return Batch(*map(torch.from_numpy, (inputs, targets, opens, streams)))

    def _ids(self, start: int, stop: int) -> NDArray[np.uint16]:
        """Those of the texts that are learned, or of the others, which are counted after them."""
        length = len(self._tokens.ids)
        if self._others is None or start < length:
            return self._tokens.ids[start:stop]
        return self._others.ids[start - length : stop - length]


@dataclass(frozen=True, slots=True)
class _Row:
    """Pieces of streams that a row reads, one after the other."""

    pieces: list[tuple[int, int]]
    """Each [start, stop) of input positions."""
    firsts: list[int]
    """Number of the first chunk of each."""
    steps: int
    """Chunks in all."""

    @classmethod
    def of(cls, pieces: list[tuple[int, int]], chunk: int) -> _Row:
        """Count chunks; the last of each piece may be shorter."""
        *firsts, steps = itertools.accumulate((-(-(stop - start) // chunk) for start, stop in pieces), initial=0)
        return cls(pieces, firsts, steps)

    def chunk(self, step: int, size: int) -> tuple[int, int, bool]:
        """[start, stop) of a chunk, and whether it opens a piece."""
        piece = bisect_right(self.firsts, step) - 1
        start, stop = self.pieces[piece]
        start += (step - self.firsts[piece]) * size
        return start, min(start + size, stop), step == self.firsts[piece]


@dataclass(frozen=True, slots=True)
class Batches:
    """Epochs without end, each the same for the same seed and number whatever was read before."""

    tokens: Tokens
    batch: int
    chunk: int
    seed: int
    others: Tokens | None = None
    mixed: float = 0.0
    """As `Epoch` takes them."""

    def epoch(self, number: int) -> Epoch:
        """The plan of one epoch, counted from 0."""
        # Its own generator for each epoch: a resumed run needs only the number, not the past.
        words = np.random.SeedSequence([self.seed, number]).generate_state(1, np.uint64)
        generator = torch.Generator().manual_seed(int(words[0]) >> 1)
        return Epoch(
            self.tokens,
            batch=self.batch,
            chunk=self.chunk,
            generator=generator,
            others=self.others,
            mixed=self.mixed,
        )
