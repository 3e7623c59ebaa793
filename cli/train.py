"""`train`: learns from screenplays, tells how it goes, and can be stopped and gone on with."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import shlex
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from cli import console, models
from screenplay.errors import LebowskiGenError

if TYPE_CHECKING:
    from model.checkpoint import Checkpoint
    from model.corpus import Corpus

DeviceChoice: TypeAlias = Literal["auto", "cpu", "cuda", "mps"]
"""As `model.devices` has it, which needs torch."""
SCRATCH = "scratch"
"""What `--from` calls no model at all."""
_MINUTES = 10.0
_RESERVED = (models.BUNDLED, SCRATCH)


def _named(value: str | None) -> str | None:
    if value is None:
        return None
    if value in _RESERVED:
        raise typer.BadParameter(f"{value} is taken; choose another")
    if not models.is_name(value):
        raise typer.BadParameter(f"{value!r} is no name: letters, digits, spaces and any of . _ + - make one")
    return value


def train(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE...]", help="The screenplays to learn from.")
    ] = None,
    collection: Annotated[
        str | None,
        typer.Option(
            "--collection", metavar="NAME", help="Learn from a collection of lebowski-gen corpus, and from any FILE."
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            "--name", metavar="NAME", callback=_named, help="What to call the model; otherwise as the first file."
        ),
    ] = None,
    minutes: Annotated[
        float | None,
        typer.Option("--minutes", metavar="M", help=f"How long to learn, at most.  [default: {_MINUTES:g}]"),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="MODEL|scratch",
            help=f"The model to start from, or {SCRATCH}: from nothing. Otherwise the one that ships.",
        ),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with training that was stopped.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a model of this name.")] = False,
    device: Annotated[
        DeviceChoice, typer.Option("--device", help="Where to learn; auto takes a GPU where there is one.")
    ] = "auto",
) -> None:
    """Learn from screenplays, and keep what was learned as a model."""
    if minutes is not None and not 0 < minutes < 1e6:
        raise typer.BadParameter(f"{minutes:g} is no length of time", param_hint="'--minutes'")
    if resume and (start is not None or force or minutes is not None):
        other = "--from" if start is not None else "--force" if force else "--minutes"
        raise typer.BadParameter(f"what is resumed has begun already; leave {other} out", param_hint="'--resume'")
    files = files or []
    given = [*files, *(("--collection", collection) if collection is not None else ())]
    if not given:
        raise typer.BadParameter("learn from what?", param_hint="'FILE...' or '--collection'")
    name = name or (_name_of(collection, collection) if collection is not None else name_after(files[0]))
    folder = models.named(name)
    # Under torchrun one process leads and the others follow it without a word; started again, they all go on.
    leads = os.environ.get("RANK", "0") == "0"
    resume = resume or (os.environ.get("TORCHELASTIC_RESTART_COUNT", "0") != "0" and models.is_begun(folder))
    if leads and not resume and not force:
        _check_free(given, name)
    origin = None if resume else _origin(start)

    with console.waiting("reading …"):
        from cli.collection import find_collection
        from cli.run_view import RunView
        from model.devices import device_for
        from model.gathering import gathered
        from model.precision import fastest_precision
        from model.schedule import ADAPTING, FROM_SCRATCH, TrainingConfig
        from model.training import train as learn
        from screenplay import formats

        place = device_for(device)
        sources = map(formats.open_source, files)
        collected = find_collection(collection).screenplays() if collection is not None else ()
        read = ((PurePath(s.name).name, s.scan().screenplay) for s in sources)
        checkpoint = _load(origin) if origin is not None else None
        with gathered(itertools.chain(collected, read), folder) as (corpus, is_large):
            config = None  # a run that is resumed has its own
            if not resume:
                begun = ADAPTING if checkpoint is not None else FROM_SCRATCH
                config = TrainingConfig(minutes=minutes or _MINUTES, precision=fastest_precision(place))
                # Of several, each has a voice that can be asked for.
                config = config.model_copy(update={**begun, "styles": len(corpus.scripts) > 1})
            events = learn(corpus, config, folder, start=checkpoint, resume=resume, on_disk=is_large, device=place)
    if not leads:
        for _ in events:
            pass
        return
    console.say(_learning(corpus, origin=checkpoint, name=name), wrapped=True)
    try:
        with contextlib.closing(events):
            RunView(folder).follow(events)
    except KeyboardInterrupt:
        kept = (
            f"stopped; {name} is as it was at its best" if models.is_model(folder) else "stopped before a first model"
        )
        console.say(kept)
        console.say(f"go on with it: {_command(given, name, '--resume')}", "good")
        raise typer.Exit(130) from None
    console.say(f"write with it: {shlex.join(['lebowski-gen', 'write', '--model', name])}", "good")


def name_after(file: str) -> str:
    """What a model is called that learns from this file.

    Raises:
        typer.BadParameter: It gives no name.
    """
    return _name_of(PurePath(file).stem if file != "-" else "", file)


def _name_of(text: str, given: str) -> str:
    name = re.sub(r"[^\w.+-]+", "-", text).strip("-.+")
    if not models.is_name(name) or name in _RESERVED:
        raise typer.BadParameter(f"{given!r} gives no name; choose one", param_hint="'--name'")
    return name


def _command(given: Sequence[str], name: str, option: str) -> str:
    return shlex.join(["lebowski-gen", "train", *given, "--name", name, option])


def _check_free(given: Sequence[str], name: str) -> None:
    """Refuse to train over what took time to make."""
    folder = models.named(name)
    replace = f"replace it: {_command(given, name, '--force')}"
    if models.is_begun(folder):
        resume = f"Go on with it: {_command(given, name, '--resume')}"
        raise LebowskiGenError(f"training of {name} was stopped, and is not over", todo=f"{resume}; or {replace}")
    if models.is_model(folder):
        raise LebowskiGenError(f"there is a model {name} already", todo=f"Choose another --name, or {replace}")


def _origin(start: str | None) -> Path | None:
    if start == SCRATCH:
        return None
    if start is None:
        return models.bundled() if models.is_model(models.bundled()) else None
    return models.find(start)


def _load(folder: Path) -> Checkpoint:
    from model.checkpoint import load

    return load(folder)


def _learning(corpus: Corpus, *, origin: Checkpoint | None, name: str) -> str:
    records = corpus.records
    scenes, letters = sum(r.scenes for r in records), sum(r.letters for r in records)
    held_out = sum(r.held_out_scenes for r in records)
    what = records[0].name if len(records) == 1 else f"{len(records)} screenplays"
    start = f"from {origin.name}" if origin is not None else "from scratch"
    return (
        f"{name} learns from {what}, {start}: {scenes:,} scenes, {letters:,} letters; {held_out:,} scenes are held out"
    )
