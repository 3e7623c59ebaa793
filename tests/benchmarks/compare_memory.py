"""What memory of people and places is worth, at equal training time, on held-out scenes.

    python tests/benchmarks/compare_memory.py SCRIPT... [--minutes 5] [--threads 2] [--seed 0] [--from FOLDER|scratch]
        [--only none header]

Two networks learn the scripts for as long as each other: one from streams without cast headers, one from streams with
them. The second is measured alone and with the pointer, whose slots are the members of the cast and the earlier
headings. The last tenth of each script's scenes is held out.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from model.checkpoint import Checkpoint, load
from model.corpus import Corpus, Script
from model.cues import cue_accuracy
from model.evaluation import evaluate
from model.figures import Figures
from model.precision import fastest_precision
from model.schedule import ADAPTING, FROM_SCRATCH, TrainingConfig
from model.shape import NetworkShape
from model.shipping import SHIPPED
from model.training import train
from screenplay.errors import ReadWarning
from screenplay.formats import open_source
from screenplay.stream import AND, CAST, TOKENS

_HEADER = re.compile(f"{CAST}(?:[^{''.join(TOKENS.values())}]|{AND})*")


def corpus_of(paths: Sequence[str], *, headers: bool) -> Corpus:
    """Scripts, with the cast of each scene in its stream or without."""
    scripts = []
    for path in paths:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReadWarning)
            screenplay = open_source(path).scan().screenplay
        script = Script.part(Path(path).name, screenplay, held_out=0.1)
        if not headers:
            script = replace(
                script, training=_HEADER.sub("", script.training), held_out=_HEADER.sub("", script.held_out)
            )
        scripts.append(script)
    return Corpus.from_scripts(scripts)


def learn(corpus: Corpus, start: Checkpoint | None, *, minutes: float, seed: int) -> Checkpoint:
    """Train for so long, and give the best model."""
    begun = ADAPTING if start is not None else FROM_SCRATCH
    config = TrainingConfig(minutes=minutes, seed=seed, precision=fastest_precision()).model_copy(update=begun)
    with tempfile.TemporaryDirectory() as folder:
        for event in train(corpus, config, folder, start=start, shape=None if start else NetworkShape()):
            last = event
        print(f"  trained for {last.elapsed_s:.0f} s, {last.step:,} steps", flush=True)
        return load(folder)


def row(name: str, figures: Figures, accuracy: float | None) -> str:
    """One line of the table."""
    spent = figures.by_element
    each = [spent[kind].bits_each for kind in ("character", "scene_heading")]
    guessed = f"{accuracy:6.1%}" if accuracy is not None else "     -"
    return (
        f"{name:28} {figures.bits_per_letter:6.3f} {each[0]:9.2f} {each[1]:12.2f} "
        f"{spent['dialogue'].bits_per_letter:9.3f} {guessed}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scripts", nargs="+")
    parser.add_argument("--minutes", type=float, default=5.0, help="of training, for each of the two networks")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="+", choices=("none", "header"), default=("none", "header"))
    parser.add_argument("--from", dest="start", default=str(SHIPPED), help="the model to start from, or scratch")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    start = load(chosen.start) if chosen.start != "scratch" else None
    rows = []
    for headers in [kind == "header" for kind in chosen.only]:
        corpus = corpus_of(chosen.scripts, headers=headers)
        model = learn(corpus, start, minutes=chosen.minutes, seed=chosen.seed)
        streams = corpus.held_out_streams
        known = model.network, model.vocabulary
        pointers = {"header alone": None, "header and pointer": model.sources.pointer} if headers else {"none": None}
        for name, pointer in pointers.items():
            guesses = cue_accuracy(*known, streams, pointer)
            accuracy = guesses.by_model / guesses.cues if guesses.cues else None
            rows.append(row(name, evaluate(*known, streams, pointer), accuracy))
        if headers:
            print(f"  the rule guesses {guesses.by_rule / guesses.cues:.1%} of {guesses.cues} cues", flush=True)
    print(f"{'memory':28} bits/letter bits/cue bits/heading dialogue next speaker")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
