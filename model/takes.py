"""Several takes of the same scenes, and what speaks for each. Needs no torch."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from model.abreast import write_abreast
from model.checkpoint import Checkpoint
from model.copying import CopyIndex, plain
from model.generation import Report, Request, style_of
from model.reading import Reader
from model.texts import looped, real_words
from screenplay.elements import Screenplay
from screenplay.stream import SCENE, encode, letters

_FAULT_BITS = 10.0
"""What a share of faults weighs against bits per letter: one word in ten that is none, as much as a whole bit."""


@dataclass(frozen=True, slots=True)
class Merit:
    """What speaks for a take and against it."""

    bits_per_letter: float
    """What the model spends on it after what stands before."""
    bits_without_context: float
    """The same after nothing."""
    typical_bits: float | None
    """What the model spends on held-out scenes, where that is known."""
    real_words: float
    """Share of its words that its sources or an English list have."""
    loops: float
    """Share of its characters in a run of 30 that the same scene already had."""
    recited: float
    """Share of its longer runs, one for each of its words, that a source has."""

    @property
    def score(self) -> float:
        """How good the take is, in bits per letter; more is better.

        What the context saves, because a scene that belongs here is easier to foretell here than anywhere; less
        how far it is from typical, because dull text costs too little and nonsense too much; less ten times the
        shares of words that are none, of loops and of what is recited.

        Source: Li et al. 2016, arXiv:1510.03055 (likelihood with and without a context); Meister et al. 2023,
        arXiv:2202.00666 (people's text is about as surprising as the model expects).
        """
        gain = self.bits_without_context - self.bits_per_letter
        strangeness = abs(self.bits_per_letter - self.typical_bits) if self.typical_bits else self.bits_per_letter
        return gain - strangeness - _FAULT_BITS * (1 - self.real_words + self.loops + self.recited)


@dataclass(frozen=True, slots=True)
class Take:
    """Scenes as they were written with one seed."""

    seed: int
    stream: str
    report: Report
    merit: Merit


def write_takes(
    checkpoint: Checkpoint,
    request: Request,
    draft: Screenplay | None = None,
    *,
    seeds: Sequence[int],
    on_progress: Callable[[int, int], None] = lambda ended, symbols: None,
) -> list[Take]:
    """Write a request with each of these seeds, and judge what comes of it.

    Args:
        checkpoint: The model.
        request: What is written; its own seed does not count.
        draft: What stands before.
        seeds: At least one.
        on_progress: As for `write_abreast`.

    Raises:
        RequestError: The request can't be written.
    """
    written = write_abreast(checkpoint, request, draft, seeds=seeds, on_progress=on_progress)
    merits = judge(checkpoint, [each.stream for each in written], draft, style=request.style)
    return [Take(e.seed, e.stream, e.report, merit) for e, merit in zip(written, merits, strict=True)]


def best_first(takes: Iterable[Take]) -> list[Take]:
    """In the order of their scores."""
    return sorted(takes, key=lambda take: -take.merit.score)


def judge(
    checkpoint: Checkpoint,
    streams: Sequence[str],
    draft: Screenplay | None = None,
    *,
    style: Sequence[tuple[str, float]] = (),
) -> list[Merit]:
    """The merits of each stream, written in a style, after a draft. The draft is read once."""
    vector, _ = style_of(checkpoint, style)
    context = encode(draft)[:-1] if draft is not None else ""
    alone = Reader(checkpoint, style=vector).nats(streams)
    within = Reader(checkpoint, context, vector).nats(streams) if context else alone
    figures, known = checkpoint.config.figures, set(checkpoint.sources.lexicon.words)
    found = []
    for stream, nats_within, nats_alone in zip(streams, within, alone, strict=True):
        text, each_letter = plain(stream), math.log(2) * max(1, letters(stream))
        real, words = real_words(text, known)
        scenes = [plain(scene) for scene in stream.split(SCENE)]
        found.append(
            Merit(
                bits_per_letter=float(nats_within.sum()) / each_letter,
                bits_without_context=float(nats_alone.sum()) / each_letter,
                typical_bits=figures.bits_per_letter if figures is not None else None,
                real_words=real / words if words else 1.0,
                loops=sum(map(looped, scenes)) / max(1, sum(map(len, scenes))),
                recited=_recited(text, checkpoint.sources.copies),
            )
        )
    return found


def _recited(text: str, sources: CopyIndex) -> float:
    runs = CopyIndex.of([text]).hashes
    return len(np.intersect1d(runs, sources.hashes, assume_unique=True)) / max(1, len(runs))
