"""Who knows a screenplay best after the same time: a plain character RNN, this program from scratch, or from its base?

    python tests/benchmarks/compare_bits_per_letter.py SCRIPT [--minutes 5] [--threads 2] [--seed 0] [--json FILE]
        [--only plain scratch same adapted zpaq]

From scratch: what `train --from scratch` makes of it (`scratch`), and the base's own network without what the base
knows (`same`). `alone` is the network without recall (`model/recall.py`).

All hold out the same last tenth of the scenes, and all are measured in bits per letter: all bits
spent on the held-out scenes ÷ non-space characters of their text, as the annotated stream has it. So
the plain one pays for indents, line ends and page furniture, and this one for format tokens and cast
headers. What the raw text has beyond the stream (page numbers, brackets of parentheticals) is
said, so that one can see how much of the difference that could explain.

`zpaq -m5` (a context-mixing compressor, no network; Debian has it), where it is installed, is charged what the held-out
part adds to its file when it follows the training part, in raw text.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Collection, Sequence
from pathlib import Path, PurePath

import torch
from plain_char_rnn import nats_of_text, train_plain

from model.checkpoint import Checkpoint, load
from model.corpus import Corpus
from model.evaluation import evaluate
from model.events import Done, Evaluated
from model.precision import fastest_precision
from model.schedule import ADAPTING, FROM_SCRATCH, TrainingConfig
from model.shape import NetworkShape
from model.shipping import SHIPPED
from model.training import train
from screenplay.errors import ReadWarning
from screenplay.files import lines_of
from screenplay.formats import open_source

KINDS = ("plain", "scratch", "same", "adapted", "zpaq")


def raw_parts(text: str, first_held_out_line: int) -> tuple[str, str]:
    """Raw text before the first held-out scene's heading, and from it on."""
    lines = lines_of(text)
    cut = first_held_out_line - 1
    return "".join(line + "\n" for line in lines[:cut]), "".join(line + "\n" for line in lines[cut:])


def letters_of(text: str) -> int:
    """Non-space characters."""
    return sum(not character.isspace() for character in text)


def compare(path: str, *, minutes: float, seed: int, only: Collection[str] = KINDS) -> dict[str, object]:
    """Train and measure them; tell how it goes."""
    source = open_source(path)
    if not isinstance(source.data, str):
        raise SystemExit(f"{path}: a {source.format.name} file has no raw text to learn")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReadWarning)
        screenplay = source.scan().screenplay
    name = PurePath(source.name).name
    corpus = Corpus.from_screenplays([(name, screenplay)])
    record = corpus.records[0]
    heading = screenplay.scenes[-record.held_out_scenes].heading
    assert heading.line is not None
    training_text, held_out_text = raw_parts(source.data, heading.line)
    raw_letters = letters_of(held_out_text)
    print(
        f"{name}: {record.scenes} scenes, the last {record.held_out_scenes} held out, from line {heading.line}: "
        f"{record.held_out_letters:,} letters in the stream, {raw_letters:,} in the raw text",
        flush=True,
    )

    precision = fastest_precision()
    letters = record.held_out_letters
    found: dict[str, dict[str, object]] = {}

    def tell(name: str, bits: float, **more: object) -> None:
        found[name] = {"bits_per_letter": bits, **more}
        print(f"{name:8} {bits:.4f} bits per letter; {', '.join(f'{k} {v}' for k, v in more.items())}", flush=True)

    if "plain" in only:
        plain = train_plain(training_text, minutes=minutes, seed=seed, precision=precision)
        bits = nats_of_text(plain, held_out_text) / (math.log(2) * letters)
        tell("plain", bits, steps=plain.steps, symbols_per_s=round(plain.symbols_per_s))
    config = TrainingConfig(minutes=minutes, seed=seed, precision=precision)
    shipped = load(SHIPPED)
    network = shipped.config.network
    shapes = {"scratch": NetworkShape(), "same": NetworkShape(embedding=network.embedding, width=network.width)}
    for kind, shape in shapes.items():
        if kind in only:
            # One screenplay, read some seventy times from scratch: see model/EXPERIMENTS.md.
            done, alone = _trained(corpus, config.model_copy(update=FROM_SCRATCH), shape)
            tell(kind, done.best.bits_per_letter, alone=alone, best_step=done.best_step, steps=done.step)
    if "adapted" in only:
        done, alone = _trained(corpus, config.model_copy(update=ADAPTING), shipped)
        tell("adapted", done.best.bits_per_letter, alone=alone, best_step=done.best_step, steps=done.step)
        for kind, spent in done.best.by_element.items():
            print(f"  {kind:14} {spent.count:5} × {spent.bits_each or 0:7.2f} bits each", end="")
            print(f", {spent.bits_per_letter:.3f} per letter" if spent.bits_per_letter else "")
    if "zpaq" in only and shutil.which("zpaq"):
        added = _zpaq(training_text + held_out_text) - _zpaq(training_text)
        tell("zpaq", 8 * added / letters, bytes=added)
    if "adapted" in found:
        ours = found["adapted"]["bits_per_letter"]
        for name, other in found.items():
            if name != "adapted":
                assert isinstance(ours, float)
                assert isinstance(other["bits_per_letter"], float)
                print(f"adapted spends {100 * (1 - ours / other['bits_per_letter']):.1f} % less than {name}")
    return {
        "script": name,
        "sha256": record.sha256,
        "minutes": minutes,
        "threads": torch.get_num_threads(),
        "precision": precision,
        "seed": seed,
        "held_out_scenes": record.held_out_scenes,
        "letters": letters,
        "raw_letters": raw_letters,
        **found,
    }


def _trained(corpus: Corpus, config: TrainingConfig, begun: Checkpoint | NetworkShape) -> tuple[Done, float]:
    """The run's end; and bits per letter of its best network by itself, without recall."""
    start = begun if isinstance(begun, Checkpoint) else None
    shape = begun if isinstance(begun, NetworkShape) else None
    done: Done | None = None
    with tempfile.TemporaryDirectory() as folder:
        for event in train(corpus, config, folder, start=start, shape=shape):
            if isinstance(event, Evaluated):
                print(f"  {event.elapsed_s:4.0f} s: {event.figures.bits_per_letter:.4f}", flush=True)
            if isinstance(event, Done):
                done = event
        best = load(folder)
    assert done is not None
    alone = evaluate(best.network, best.vocabulary, corpus.held_out_streams, best.sources.pointer)
    return done, alone.bits_per_letter


def _zpaq(text: str) -> int:
    """Bytes of an archive with just this text."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "text").write_text(text, encoding="utf-8")
        subprocess.run(["zpaq", "add", "archive.zpaq", "text", "-m5"], cwd=folder, check=True, capture_output=True)
        return (Path(folder) / "archive.zpaq").stat().st_size


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("script", help="a screenplay as indented plain text")
    parser.add_argument("--minutes", type=float, default=5.0, help="of training, for each of them")
    parser.add_argument("--only", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, help="where to put the figures")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    figures = compare(chosen.script, minutes=chosen.minutes, seed=chosen.seed, only=chosen.only)
    if chosen.json is not None:
        chosen.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
