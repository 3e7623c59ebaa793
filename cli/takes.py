"""What `write` does beyond writing once: several takes, and a look for what is recited."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cli import console

if TYPE_CHECKING:
    from model.recitals import Original, Recital
    from model.takes import Take
    from screenplay.elements import Screenplay

_SHOWN_CHARS = 60


def write_best(
    folder: Path, wanted: Mapping[str, object], draft: Screenplay | None, *, takes: int, every: bool, model: str
) -> str:
    """Write several takes, tell how good each is, and give the best one's stream, or all of them, the best first.

    Raises:
        CheckpointError: The folder's model can't be used.
        RequestError: What is wanted can't be written.
    """
    with console.waiting(f"opening {model} …"):
        from cli import writers
        from cli.writing import Job
        from model import abreast
        from model.checkpoint import load
        from model.generation import Request, Writing
        from model.takes import best_first, write_takes

        checkpoint, request = load(folder), Request.model_validate(wanted)
        Writing(checkpoint, request, draft)  # what can't be written is found out before processes are started
    seeds = abreast.seeds_of(request, takes)
    processes = writers.writers_for(takes, abreast.symbols_expected(checkpoint, request, draft, takes))
    with console.Bar() if console.watched() else contextlib.nullcontext() as bar:

        def show(ended: int, symbols: int) -> None:
            if bar is not None:
                bar.show(ended / takes, f"{ended} of {takes} takes, {symbols:,} characters")

        if processes == 1:
            written = write_takes(checkpoint, request, draft, seeds=seeds, on_progress=show)
        else:
            job = Job(folder=str(folder), request=request, draft=draft, seeds=tuple(seeds))
            written = writers.write_side_by_side(job, processes=processes, on_progress=show)
    found = best_first(written)
    for rank, take in enumerate(found, start=1):
        console.say(told(take, rank=rank, model=model), wrapped=True)
    kept = found if every else found[:1]
    return "".join(take.stream[:-1] for take in kept) + found[0].stream[-1]


def told(take: Take, *, rank: int, model: str) -> str:
    """A take's merits, on one line."""
    merit = take.merit
    return (
        f"{rank}. seed {take.seed}, model {model}: score {merit.score:+.2f}; {merit.bits_per_letter:.2f} bits per "
        f"letter, {merit.bits_without_context:.2f} without what stands before; {100 * merit.real_words:.1f} % real "
        f"words, {100 * merit.loops:.1f} % loops, {100 * merit.recited:.1f} % recited"
    )


def originals(screenplays: Sequence[tuple[str, Screenplay]]) -> list[Original]:
    """Texts to look for runs in."""
    from model.recitals import Original

    return [Original.of(name, screenplay) for name, screenplay in screenplays]


def find_recitals(stream: str, texts: Sequence[Original]) -> list[Recital]:
    """Runs of what was written that stand in one of the texts."""
    from model.recitals import recitals

    return recitals(stream, texts)


def tell_recitals(found: Sequence[Recital], texts: Sequence[Original]) -> None:
    """Name each run's text and line, or say that there is none."""
    if not found:
        from model.copying import WINDOW

        names = ", ".join(text.name for text in texts)
        console.say(f"no run of {WINDOW} characters or more stands in {names}", wrapped=True)
    for recital in found:
        place = recital.name if recital.line is None else f"{recital.name}:{recital.line}"
        run = console.cut(recital.text, _SHOWN_CHARS)
        console.say(f"{place}: {len(recital.text)} characters stand here too: {run}", wrapped=True)


def show_whole(stream: str, recited: Sequence[Recital]) -> None:
    """Show pages that are written already, with recited words marked."""
    from cli.page_view import Geometry, PageView

    view = PageView(console.put, Geometry.fitted(console.width()))
    for symbol, is_marked in zip(stream, _marks(len(stream), recited), strict=True):
        view.feed(symbol, is_marked=is_marked)
    view.close()
    console.put("\n")


def _marks(length: int, recited: Sequence[Recital]) -> Iterator[bool]:
    """For each symbol of a stream, whether it stands in a run. Runs come in order of their beginnings."""
    coming, stop = 0, 0
    for place in range(length):
        while coming < len(recited) and recited[coming].start <= place:
            stop = max(stop, recited[coming].stop)
            coming += 1
        yield place < stop
