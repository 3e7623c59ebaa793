"""Screenplays to learn from: what is trained on, what is held out, and in which pieces it is read."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from torch import Tensor

from model.errors import CorpusError
from model.vocabulary import Vocabulary
from screenplay.elements import Screenplay
from screenplay.stream import CHARACTER, DUAL, END, SCENE, TOKENS, encode, letters

RAREST = 200_000
"""A character seen less than once in so many symbols teaches a network nothing but noise."""
IGNORED = -100
"""Target of a position that predicts nothing (what `torch.nn.functional.cross_entropy` leaves out)."""
_CUE = re.compile(f"[{CHARACTER}{DUAL}]([^{''.join(TOKENS.values())}]+)")


class ScriptRecord(BaseModel):
    """What a checkpoint remembers of a screenplay: facts and names, none of its text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    sha256: str
    """Of the whole annotated stream, in UTF-8."""
    scenes: int
    letters: int
    held_out_scenes: int
    held_out_letters: int
    cast: tuple[str, ...] = ()
    """Who speaks in the training part, by number of speeches, most first."""
    repeats: int = 1
    """How often each epoch reads it."""
    rights: str | None = None
    """The title page's `Copyright`, where it has one."""


@dataclass(frozen=True, slots=True)
class Script:
    """One screenplay's stream, parted into what is learned and what is held out. Either may be empty."""

    name: str
    training: str
    """The first scenes and what stands before them, closed by `END`."""
    held_out: str
    """The last scenes, closed by `END`."""
    sha256: str
    repeats: int = 1
    """How often each epoch reads the training part."""
    rights: str | None = None
    guarded: bool = True
    """Whether what is written later must not recite it."""

    @classmethod
    def part(
        cls, name: str, screenplay: Screenplay, *, held_out: float, repeats: int = 1, guarded: bool = True
    ) -> Script:
        """Hold out the last scenes: `held_out` of them, rounded, at least one; none where there is but one."""
        stream = encode(screenplay)
        cuts = [position for position, symbol in enumerate(stream) if symbol == SCENE]
        training, rest = stream, ""
        if held_out >= 1.0:
            training, rest = "", stream
        elif held_out > 0.0 and len(cuts) > 1:
            cut = cuts[-min(len(cuts) - 1, max(1, round(held_out * len(cuts))))]
            training, rest = stream[:cut] + END, stream[cut:]
        rights = next((" ".join(v) for k, v in screenplay.title_page.items() if k.casefold() == "copyright"), None)
        sha256 = hashlib.sha256(stream.encode()).hexdigest()
        return cls(name, training, rest, sha256, repeats, rights, guarded)

    def record(self) -> ScriptRecord:
        """The facts that travel in a checkpoint."""
        scenes, held_out_scenes = self.training.count(SCENE), self.held_out.count(SCENE)
        held_out_letters = letters(self.held_out)
        return ScriptRecord(
            name=self.name,
            sha256=self.sha256,
            scenes=scenes + held_out_scenes,
            letters=letters(self.training) + held_out_letters,
            held_out_scenes=held_out_scenes,
            held_out_letters=held_out_letters,
            cast=tuple(name for name, _ in Counter(_CUE.findall(self.training)).most_common()),
            repeats=self.repeats,
            rights=self.rights,
        )

    def stored(self, file: Path) -> StoredScript:
        """Put the training part at the end of a file, so that it need not stay in memory. Raises OSError."""
        data = self.training.encode()
        with file.open("ab") as end:
            start = end.tell()
            end.write(data)
        return StoredScript(self.record(), file, start, len(data), self.held_out, self.guarded)


@dataclass(frozen=True, slots=True)
class StoredScript:
    """A script whose training part lies in a file, and is read anew each time that it is asked for."""

    facts: ScriptRecord
    file: Path
    start: int
    """Where it begins in the file, in bytes."""
    length: int
    """In bytes of UTF-8."""
    held_out: str
    guarded: bool

    @property
    def name(self) -> str:
        """As the script's."""
        return self.facts.name

    @property
    def repeats(self) -> int:
        """As the script's."""
        return self.facts.repeats

    @property
    def training(self) -> str:
        """The first scenes and what stands before them, closed by `END`. Raises OSError."""
        with self.file.open("rb") as file:
            file.seek(self.start)
            return file.read(self.length).decode()

    def record(self) -> ScriptRecord:
        """The facts that travel in a checkpoint."""
        return self.facts


@dataclass(frozen=True, slots=True)
class Corpus:
    """Screenplays, each with its held-out part."""

    scripts: tuple[Script | StoredScript, ...]

    @classmethod
    def from_screenplays(
        cls,
        screenplays: Iterable[tuple[str, Screenplay]],
        *,
        held_out: float = 0.1,
        held_out_scripts: Collection[str] = (),
    ) -> Corpus:
        """Part each screenplay by scene, or hold it out whole.

        Args:
            screenplays: Names and screenplays; read once.
            held_out: Share of each one's scenes, its last ones, in [0, 1).
            held_out_scripts: Names of those of which nothing is trained on.

        Raises:
            CorpusError: Nothing is left to train on or to hold out.
        """
        return cls.from_scripts(
            Script.part(name, screenplay, held_out=1.0 if name in held_out_scripts else held_out)
            for name, screenplay in screenplays
        )

    @classmethod
    def from_scripts(cls, parted: Iterable[Script | StoredScript]) -> Corpus:
        """Take scripts that are already parted; stored ones cost no memory but for what is held out.

        Raises:
            CorpusError: Nothing is left to train on or to hold out.
        """
        scripts = tuple(parted)
        names = ", ".join(script.name for script in scripts) or "no screenplay at all"
        if not any(letters(script.training) for script in scripts):
            raise CorpusError("there is nothing to train on", source=names, expected="a screenplay with some text")
        if not any(letters(script.held_out) for script in scripts):
            raise CorpusError(
                "no scene can be held out to see how well the model learns",
                source=names,
                expected="at least two scene headings such as INT. BOWLING ALLEY - NIGHT",
                todo="See what was recognised: lebowski-gen parse FILE",
            )
        return cls(scripts)

    @property
    def training_streams(self) -> Iterator[str]:
        """What is learned, one stream for each time that an epoch reads a screenplay."""
        for script in self.scripts:
            if training := script.training:
                yield from itertools.repeat(training, script.repeats)

    @property
    def training_numbers(self) -> tuple[int, ...]:
        """Of which script, counted from 0, each of the training streams is."""
        parts = ((n, script.repeats) for n, script in enumerate(self.scripts) if script.training)
        return tuple(number for number, repeats in parts for _ in range(repeats))

    @property
    def learned_streams(self) -> Iterator[str]:
        """What is learned, each screenplay once."""
        return (training for script in self.scripts if (training := script.training))

    @property
    def held_out_streams(self) -> tuple[str, ...]:
        """What is never learned, one stream a screenplay."""
        return tuple(script.held_out for script in self.scripts if script.held_out)

    @property
    def held_out_numbers(self) -> tuple[int | None, ...]:
        """Of which script each of those is; None where nothing of it is learned."""
        return tuple(n if s.training else None for n, s in enumerate(self.scripts) if s.held_out)

    def streams(self, *, guarded: bool) -> Iterator[str]:
        """All that was read, once: of the scripts that must not be recited, or of those that may be."""
        for script in self.scripts:
            if script.guarded == guarded:
                yield from (script.training, script.held_out)

    @property
    def records(self) -> tuple[ScriptRecord, ...]:
        """The facts that travel in a checkpoint, and by which a resumed run knows its data again."""
        return tuple(script.record() for script in self.scripts)

    def vocabulary(self) -> Vocabulary:
        """Every format token, and the characters that the training part has more than once, and once in 200,000."""
        minimum = max(2, sum(map(len, self.training_streams)) // RAREST)
        return Vocabulary.from_streams(self.training_streams, always=TOKENS.values(), minimum_count=minimum)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Streams as ids, one after the other in one array; it may lie on disk."""

    ids: NDArray[np.uint16]
    bounds: NDArray[np.int64]
    """Where each stream begins, and the end of the last: one more than there are streams."""

    @classmethod
    def from_streams(cls, streams: Iterable[str], vocabulary: Vocabulary) -> Tokens:
        """Put the start symbol, `END`, before each stream. A stream that `encode` made also ends with it."""
        parts = [vocabulary.encode(END + stream) for stream in streams]
        return cls(np.concatenate(parts) if parts else np.zeros(0, np.uint16), _bounds(map(len, parts)))

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

    def to(self, device: torch.device) -> Batch:
        """The same batch on another device."""
        return Batch(*(values.to(device) for values in (self.inputs, self.targets, self.opens, self.streams)))


class Epoch:
    """One pass over all tokens, cut into equal rows; any step can be had at any time.

    Screenplays come in random order, and the whole, thought of as a ring, is cut open at a random
    place, so that no two epochs cut at the same symbols. Where a screenplay ends the row's chunk
    is cut short, and the next chunk opens the next one. The plan costs 13 bytes a chunk.
    """

    def __init__(self, tokens: Tokens, *, batch: int, chunk: int, generator: torch.Generator) -> None:
        self._tokens = tokens
        self._chunk = chunk
        rows = max(1, min(batch, tokens.predicted // chunk))
        plans = [self._chunks(row) for row in self._rows(rows, generator)]
        self._steps = max(len(starts) for starts, _, _ in plans)
        self._starts = np.zeros((rows, self._steps), np.int64)
        self._lengths = np.zeros((rows, self._steps), np.int32)
        self._opens = np.zeros((rows, self._steps), np.bool_)
        for row, (starts, lengths, opens) in enumerate(plans):
            self._starts[row, : len(starts)] = starts
            self._lengths[row, : len(starts)] = lengths
            self._opens[row, : len(starts)] = opens

    def _rows(self, rows: int, generator: torch.Generator) -> list[list[tuple[int, int]]]:
        """Ranges [start, stop) of input positions, in reading order, for each row."""
        bounds, total = self._tokens.bounds, self._tokens.predicted
        offset = int(torch.randint(total, (1,), generator=generator))
        order = torch.randperm(len(bounds) - 1, generator=generator).tolist()
        pieces = [(int(bounds[i]), int(bounds[i + 1]) - 1) for i in order if bounds[i + 1] - bounds[i] > 1]
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

    def _chunks(self, row: list[tuple[int, int]]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
        starts = [np.arange(start, stop, self._chunk, dtype=np.int64) for start, stop in row]
        lengths = [np.minimum(self._chunk, stop - s) for s, (_, stop) in zip(starts, row, strict=True)]
        opens = [np.arange(len(s)) == 0 for s in starts]
        return np.concatenate(starts), np.concatenate(lengths), np.concatenate(opens)

    @property
    def rows(self) -> int:
        """Rows of every batch; fewer than asked for where the text is short."""
        return len(self._starts)

    def __len__(self) -> int:
        return self._steps

    def __getitem__(self, step: int) -> Batch:
        if not 0 <= step < self._steps:
            raise IndexError(step)
        inputs = np.zeros((self.rows, self._chunk), np.int64)
        targets = np.full((self.rows, self._chunk), IGNORED, np.int64)
        for row in range(self.rows):
            start, length = int(self._starts[row, step]), int(self._lengths[row, step])
            inputs[row, :length] = self._tokens.ids[start : start + length]
            targets[row, :length] = self._tokens.ids[start + 1 : start + length + 1]
        opens = torch.from_numpy(self._opens[:, step].copy())
        streams = np.searchsorted(self._tokens.bounds, self._starts[:, step], side="right") - 1
        return Batch(torch.from_numpy(inputs), torch.from_numpy(targets), opens, torch.from_numpy(streams))


@dataclass(frozen=True, slots=True)
class Batches:
    """Epochs without end, each the same for the same seed and number whatever was read before."""

    tokens: Tokens
    batch: int
    chunk: int
    seed: int

    def epoch(self, number: int) -> Epoch:
        """The plan of one epoch, counted from 0."""
        # Its own generator for each epoch: a resumed run needs only the number, not the past.
        words = np.random.SeedSequence([self.seed, number]).generate_state(1, np.uint64)
        generator = torch.Generator().manual_seed(int(words[0]) >> 1)
        return Epoch(self.tokens, batch=self.batch, chunk=self.chunk, generator=generator)
