"""Trains the base: gathers a weighted corpus as a manifest says, and learns it for as long as it is told.

python -m model.pretraining MANIFEST --root FOLDER --minutes M --to FOLDER [--from MODEL | --resume] [--device auto]

A manifest (JSON or TOML) names sets of texts: where they lie, how they are read, how often an epoch reads them,
what is held out. Neither the texts nor their ids are held in memory; what went in ends in the model's config.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import tempfile
import tomllib
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import torch
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from model.checkpoint import Checkpoint, load
from model.corpus import Corpus, Script, StoredScript
from model.devices import CHOICES, device_for
from model.errors import CorpusError
from model.events import Done, Evaluated, Event, Progress
from model.parallel import is_restarted, rank
from model.precision import fastest_precision
from model.run import RECORD
from model.schedule import TrainingConfig
from model.shape import NetworkShape
from model.storage import exists
from model.training import train
from model.widening import widened
from screenplay import files, formats
from screenplay.elements import Screenplay
from screenplay.errors import LebowskiGenError, ReadWarning
from screenplay.readers import prose

PROSE, PARTED_PROSE = "prose", "parted prose"
"""The readers of books; every other reader is a format that `screenplay.formats` can read."""
_BOOKS = {PROSE: False, PARTED_PROSE: True}
"""Whether what is quoted becomes dialogue."""
_STREAMS = "streams"
_PROGRESS_S = 30.0
_FAILED, _INTERRUPTED = 1, 130
Tell = Callable[[str], None]


def _inside(pattern: str) -> str:
    path = Path(pattern)
    if not path.parts or path.is_absolute() or ".." in path.parts:
        raise ValueError("a pattern must stay inside its folder: no leading /, no ..")
    return pattern


Pattern = Annotated[str, AfterValidator(_inside)]
"""A path, or `*`, `?`, `[…]` and `**` for several."""


class TextSet(BaseModel):
    """Texts that are read in one way."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    about: str = ""
    """Where they come from and under which licence."""
    within: Literal["root", "manifest"] = "root"
    """The folder that patterns start from: the one that the command line names, or the manifest's own."""
    paths: tuple[Pattern, ...] = Field(min_length=1)
    without: tuple[Pattern, ...] = ()
    """Of those, which not to take."""
    reader: str = "fountain"
    repeats: int = Field(default=1, ge=1)
    """How often each epoch reads them."""
    held_out: float = Field(default=0.0, ge=0.0, le=1.0)
    """Share of each one's scenes, its last ones, that is never learned."""
    guarded: bool = True
    """Whether what is written later must not recite them; costs 5 bytes a word in every model made from this one."""

    @field_validator("reader")
    @classmethod
    def _known(cls, reader: str) -> str:
        known = (*_BOOKS, *formats.readable())
        if reader not in known:
            raise ValueError(f"there is no such reader; there are {', '.join(known)}")
        return reader

    def files(self, folder: Path) -> list[Path]:
        """Those that are there, sorted.

        Raises:
            CorpusError: A pattern finds none: what was meant to be learned would be missing unseen.
        """
        found: set[Path] = set()
        for pattern in self.paths:
            matches = {path for path in folder.glob(pattern) if path.is_file()}
            if not matches:
                raise CorpusError(f'set "{self.name}" finds no file {pattern}', source=str(folder))
            found |= matches
        return sorted(found - {path for pattern in self.without for path in folder.glob(pattern)})


class Manifest(BaseModel):
    """What a base learns from, and how."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    about: str = ""
    network: NetworkShape | None = None
    """Of a network from nothing; one that is started from and narrower is widened to it."""
    training: dict[str, Any] = Field(default_factory=dict)
    """Any fields of `TrainingConfig` but its length, and the precision, which is the fastest that the machine has."""
    sets: tuple[TextSet, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _can_train(self) -> Self:
        given = {"minutes", "steps", "precision"} & self.training.keys()
        if given:
            raise ValueError(f"training.{min(given)} is not for a manifest to say")
        TrainingConfig(steps=1, **self.training)
        return self

    @classmethod
    def load(cls, path: Path) -> Manifest:
        """Read a manifest.

        Raises:
            ReadError: The file can't be read.
            CorpusError: It is no manifest.
        """
        text = files.decode(files.read_bytes(path), source=str(path))
        try:
            return cls.model_validate(tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            found = f"{place}: {first['msg']}" if place else first["msg"]
            raise CorpusError(found, source=str(path), expected="a manifest, such as corpora/base.json") from error
        except ValueError as error:
            raise CorpusError(f"this is no JSON or TOML: {error}", source=str(path)) from error


def gather(manifest: Manifest, root: Path, beside: Path, store: Path, tell: Tell = print) -> Corpus:
    """Read all texts of a manifest, one after the other, none of them kept in memory.

    Args:
        manifest: Says which.
        root: Where the patterns of most sets start.
        beside: The manifest's own folder, where those of the others start.
        store: A file that takes the streams; the corpus reads them from there.
        tell: Takes a line for each set, and one for each text in which a reader had to guess.

    Raises:
        ReadError: A text can't be read.
        CorpusError: A set is empty, a text stands in two, or there is nothing to learn or to hold out.
    """
    return Corpus.from_scripts(_scripts(manifest, root, beside, store, tell))


def _scripts(manifest: Manifest, root: Path, beside: Path, store: Path, tell: Tell) -> Iterator[StoredScript]:
    seen: dict[Path, str] = {}
    for texts in manifest.sets:
        folder = root if texts.within == "root" else beside
        letters = held_out = number = 0
        for path in texts.files(folder):
            other = seen.setdefault(path.resolve(), texts.name)
            if other != texts.name:
                raise CorpusError(f'this stands in "{other}" and in "{texts.name}"', source=str(path))
            script = Script.part(
                path.relative_to(folder).as_posix(),
                _read(path, texts.reader, tell),
                held_out=texts.held_out,
                repeats=texts.repeats,
                guarded=texts.guarded,
            ).stored(store)
            number += 1
            letters += script.facts.letters - script.facts.held_out_letters
            held_out += script.facts.held_out_letters
            yield script
        times = f", read {texts.repeats} times an epoch" if texts.repeats > 1 else ""
        tell(f"{texts.name}: {number:,} texts, {letters:,} letters{times}; {held_out:,} held out")


def _read(path: Path, reader: str, tell: Tell) -> Screenplay:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ReadWarning)
        if reader in _BOOKS:
            screenplay = prose.read(files.decode(files.read_bytes(path), source=str(path)), parted=_BOOKS[reader])
        else:
            screenplay = formats.open_source(path, reader).scan().screenplay
    if caught:
        more = f" (and {len(caught) - 1} more)" if len(caught) > 1 else ""
        tell(f"warning: {caught[0].message}{more}")
    return screenplay


def pretrain(
    manifest: Path,
    to: Path,
    *,
    root: Path,
    minutes: float | None,
    start: Path | None = None,
    resume: bool = False,
    device: torch.device | str = "cpu",
    tell: Tell = print,
) -> Generator[Event, None, None]:
    """Train a network as a manifest says; the run goes on as far as its events are asked for.

    Args:
        manifest: A file that `Manifest.load` reads.
        to: The model's folder.
        root: The folder that the manifest's texts lie in.
        minutes: Length of the run; when one is resumed, None or the same as at its start.
        start: Folder of a model to start from, whose network the run has then, as wide at least as the manifest says;
            None: the manifest's network, from nothing.
        resume: Whether to go on with the run that was under way in `to`.
        device: Where to compute.
        tell: Takes lines about what is read.

    Raises:
        LebowskiGenError: As `Manifest.load`, `gather` and `model.training.train` raise it.
    """
    plan = Manifest.load(manifest)
    config = None
    if minutes is not None:
        config = TrainingConfig(minutes=minutes, precision=fastest_precision(device), **plan.training)
    elif not resume:
        raise ValueError("a new run needs its length")
    origin = _origin(start, plan) if start is not None else None
    try:
        to.mkdir(parents=True, exist_ok=True)
        # Beside the model, as a system's own folder for such files is often in memory.
        with tempfile.TemporaryDirectory(prefix=f".{_STREAMS}-", dir=to) as folder:
            corpus = gather(plan, root, manifest.parent, Path(folder) / _STREAMS, tell)
            shape = None if resume or origin is not None else plan.network or NetworkShape()
            return train(corpus, config, to, start=origin, shape=shape, resume=resume, on_disk=True, device=device)
    except OSError as error:
        raise CorpusError(f"what was read can't be kept ({error.strerror or error})", source=str(to)) from error


def _origin(start: Path, plan: Manifest) -> Checkpoint:
    """The model to start from, its network as wide as the manifest's at least."""
    origin = load(start)
    if plan.network is None or plan.network.width <= origin.config.network.width:
        return origin
    generator = torch.Generator().manual_seed(plan.training.get("seed", 0))
    network = widened(origin.network, plan.network.width, generator=generator)
    config = origin.config.model_copy(update={"network": network.config})
    return Checkpoint.of(origin.name, config, origin.vocabulary, network, origin.sources)


def lines(events: Iterable[Event], *, interval_s: float = _PROGRESS_S) -> Iterator[str]:
    """Tell of a run in plain lines: every half a minute, and whenever held-out scenes are read."""
    told_s = -interval_s
    for event in events:
        minutes = event.elapsed_s / 60
        match event:
            case Progress() if event.elapsed_s - told_s >= interval_s:
                told_s = event.elapsed_s
                speed = f"{event.symbols_per_s:,.0f} symbols/s, rate {event.learning_rate:.2g}"
                yield f"{minutes:.1f} min, step {event.step:,}: loss {event.loss_nats:.3f}, {speed}"
            case Evaluated():
                best = ", the best so far" if event.is_best else ""
                by_element = event.figures.by_element.items()
                parts = ", ".join(f"{kind} {spent.bits_per_letter:.2f}" for kind, spent in by_element if spent.letters)
                bits = event.figures.bits_per_letter
                yield f"{minutes:.1f} min, step {event.step:,}: {bits:.4f} bits per letter{best} ({parts})"
            case Done():
                yield (
                    f"{minutes:.1f} min: over after {event.step:,} steps; best was step {event.best_step:,}, "
                    f"{event.best.bits_per_letter:.4f} bits per letter"
                )
            case _:
                pass


def main(arguments: Sequence[str] | None = None) -> int:
    """Train as the command line says, and give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m model.pretraining", description="Train the base.")
    parser.add_argument("manifest", type=Path, metavar="MANIFEST", help="what to learn from, and how")
    parser.add_argument("--root", type=Path, required=True, metavar="FOLDER", help="where the manifest's texts lie")
    parser.add_argument("--minutes", type=float, metavar="M", help="how long")
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="where the model goes")
    begin = parser.add_mutually_exclusive_group()
    begin.add_argument("--from", dest="start", type=Path, metavar="MODEL", help="the model that a new run starts from")
    begin.add_argument("--resume", action="store_true", help="go on with the run that was stopped there")
    parser.add_argument(
        "--device", choices=CHOICES, default="auto", help="auto (the default) takes a GPU if there is one"
    )
    options = parser.parse_args(arguments)
    if options.minutes is None and not options.resume:
        parser.error("--minutes is needed, but for a run that is resumed")
    if options.minutes is not None and not 0 < options.minutes < 1e6:
        parser.error(f"--minutes {options.minutes:g} is no length of time")

    def tell(line: str) -> None:
        # Of several processes under torchrun, the leading one speaks.
        if rank() == 0:
            print(line, flush=True)

    # Started again after one of them died, they go on.
    resume = options.resume or (is_restarted() and exists(options.to, RECORD))
    try:
        events = pretrain(
            options.manifest,
            options.to,
            root=options.root,
            minutes=options.minutes,
            start=options.start if not resume else None,
            resume=resume,
            device=device_for(options.device),
            tell=tell,
        )
        with contextlib.closing(events):  # so that Ctrl-C saves the run
            for line in lines(events):
                tell(line)
    except KeyboardInterrupt:
        is_begun = exists(options.to, RECORD)
        tell("stopped; the same with --resume goes on" if is_begun else "stopped before it began")
        return _INTERRUPTED
    except LebowskiGenError as error:
        print(f"error: {error}", file=sys.stderr)
        return _FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())
