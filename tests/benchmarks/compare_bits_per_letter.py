"""Which learns a screenplay better in the same time: a plain character RNN on its text, or this program on its stream?

    python tests/benchmarks/compare_bits_per_letter.py SCRIPT [--minutes 5] [--threads 2] [--seed 0] [--json FILE]

Both hold out the same last tenth of the scenes, and both are measured in bits per letter: all bits
spent on the held-out scenes ÷ non-space characters of their text, as the annotated stream has it. So
the plain one pays for indents, line ends and page furniture, and this one for format tokens and cast
headers. What the raw text has beyond the stream (page numbers, brackets of parentheticals) is
said, so that one can see how much of the difference that could explain.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path, PurePath

import torch
from plain_char_rnn import nats_of_text, train_plain

from model.corpus import Corpus
from model.events import Done, Evaluated
from model.network import NetworkShape
from model.schedule import SCRATCH_DROPOUT, TrainingConfig
from model.training import fastest_precision, train
from screenplay.errors import ReadWarning
from screenplay.files import lines_of
from screenplay.formats import open_source


def raw_parts(text: str, first_held_out_line: int) -> tuple[str, str]:
    """Raw text before the first held-out scene's heading, and from it on."""
    lines = lines_of(text)
    cut = first_held_out_line - 1
    return "".join(line + "\n" for line in lines[:cut]), "".join(line + "\n" for line in lines[cut:])


def letters_of(text: str) -> int:
    """Non-space characters."""
    return sum(not character.isspace() for character in text)


def compare(path: str, *, minutes: float, seed: int) -> dict[str, object]:
    """Train and measure both; tell how it goes."""
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
    plain = train_plain(training_text, minutes=minutes, seed=seed, precision=precision)
    plain_nats = nats_of_text(plain, held_out_text)
    plain_bits = plain_nats / (math.log(2) * record.held_out_letters)
    print(
        f"plain character RNN: {plain_bits:.4f} bits per letter "
        f"({plain_nats / (math.log(2) * raw_letters):.4f} by its own letters; {plain.steps:,} steps in "
        f"{plain.elapsed_s:.0f} s, {plain.symbols_per_s:,.0f} symbols/s)",
        flush=True,
    )

    # One screenplay, read some seventy times from scratch: see model/EXPERIMENTS.md.
    config = TrainingConfig(minutes=minutes, seed=seed, precision=precision, dropout=SCRATCH_DROPOUT)
    done: Done | None = None
    with tempfile.TemporaryDirectory() as folder:
        for event in train(corpus, config, folder, shape=NetworkShape()):
            if isinstance(event, Evaluated):
                print(f"  {event.elapsed_s:4.0f} s: {event.figures.bits_per_letter:.4f}", flush=True)
            if isinstance(event, Done):
                done = event
    assert done is not None
    bits = done.best.bits_per_letter
    print(
        f"annotated stream:    {bits:.4f} bits per letter (best at step {done.best_step:,} of {done.step:,}, "
        f"{done.elapsed_s:.0f} s): {100 * (1 - bits / plain_bits):.1f} % fewer"
    )
    for kind, spent in done.best.by_element.items():
        print(f"  {kind:14} {spent.count:5} × {spent.bits_each or 0:7.2f} bits each", end="")
        print(f", {spent.bits_per_letter:.3f} per letter" if spent.bits_per_letter else "")
    return {
        "script": name,
        "sha256": record.sha256,
        "minutes": minutes,
        "threads": torch.get_num_threads(),
        "precision": precision,
        "seed": seed,
        "held_out_scenes": record.held_out_scenes,
        "letters": record.held_out_letters,
        "raw_letters": raw_letters,
        "plain": {"bits_per_letter": plain_bits, "steps": plain.steps, "elapsed_s": plain.elapsed_s},
        "ours": {
            "bits_per_letter": bits,
            "steps": done.step,
            "best_step": done.best_step,
            "elapsed_s": done.elapsed_s,
            "figures": done.best.model_dump(),
        },
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("script", help="a screenplay as indented plain text")
    parser.add_argument("--minutes", type=float, default=5.0, help="of training, for each of the two")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, help="where to put the figures")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    figures = compare(chosen.script, minutes=chosen.minutes, seed=chosen.seed)
    if chosen.json is not None:
        chosen.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
