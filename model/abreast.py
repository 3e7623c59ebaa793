"""Writes a request with several seeds abreast: weights are read once for a symbol of each.

Needs no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pydantic import BaseModel, ConfigDict

from model.checkpoint import Checkpoint
from model.generation import Report, Request, Writing
from model.turns import by_turns
from screenplay.elements import Screenplay
from screenplay.page import LINES_PER_PAGE

_SEEDS = 1 << 63
_SYMBOLS_PER_LINE = 20
_TOLD = 500
"""Symbols after which progress is told again."""


class Written(BaseModel):
    """Scenes as they were written with one seed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int
    stream: str
    report: Report
    """The time is its own and, as it fell, what it took to read weights for all."""


def seeds_of(request: Request, takes: int) -> list[int]:
    """A request's own seed and those that follow it."""
    return [(request.seed + number) % _SEEDS for number in range(takes)]


def symbols_expected(checkpoint: Checkpoint, request: Request, draft: Screenplay | None, takes: int) -> int:
    """About how many symbols it takes to write so many takes, those of scenes before the first included."""
    shapes = checkpoint.sources.shapes
    lines = float(LINES_PER_PAGE)
    if request.length is not None:
        lines *= request.length
    elif shapes:
        lines = sum(shape.lines for shape in shapes) / len(shapes)
    scenes = request.last_scene - (len(draft.scenes) if draft is not None else 0)
    return round(takes * scenes * lines * _SYMBOLS_PER_LINE)


def write_abreast(
    checkpoint: Checkpoint,
    request: Request,
    draft: Screenplay | None = None,
    *,
    seeds: Sequence[int],
    on_progress: Callable[[int, int], None] = lambda ended, symbols: None,
) -> list[Written]:
    """Write a request with each of these seeds; each gives what it gives alone.

    Args:
        checkpoint: The model.
        request: What is written; its own seed does not count.
        draft: What stands before.
        seeds: At least one.
        on_progress: Told how many have been written to their end, and how many symbols of all.

    Raises:
        RequestError: The request can't be written.
    """
    first = Writing(checkpoint, request.model_copy(update={"seed": seeds[0]}), draft)
    writings = [first, *(first.beside(seed) for seed in seeds[1:])]
    streams: list[list[str]] = [[] for _ in seeds]
    ended = symbols = told = 0
    for number, piece in by_turns(writings):
        if piece is None:
            ended += 1
            on_progress(ended, symbols)
            continue
        streams[number].append(piece)
        symbols += len(piece)
        if symbols - told >= _TOLD:
            told = symbols
            on_progress(ended, symbols)
    found = zip(seeds, streams, writings, strict=True)
    return [Written(seed=seed, stream="".join(stream), report=writing.report) for seed, stream, writing in found]
