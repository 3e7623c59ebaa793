"""The longest runs of written scenes that a screenplay of ours has, and how often each constraint overruled.

    python tests/benchmarks/written_copies.py [--model FOLDER] [--scenes 100] [--seed 0]

Scripts of five scenes each, at the default settings. Runs are of characters as a page shows them, white space folded,
as `evaluate` counts them.
"""

from __future__ import annotations

import argparse
import warnings
from collections import Counter
from pathlib import Path

from model.checkpoint import load
from model.copying import longest_shared, plain
from model.generation import Request, Writing
from model.shipping import SHIPPED
from model.texts import real_words
from screenplay.errors import ReadWarning
from screenplay.formats import open_source
from screenplay.stream import encode

_CORPORA = Path(__file__).parents[2] / "corpora"
_SCENES = 5
_SHOWN, _LEAST, _COPY = 12, 24, 40


def main() -> None:
    """Read the command line, write, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=SHIPPED)
    parser.add_argument("--scenes", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    model = load(chosen.model)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReadWarning)
        read = (open_source(path).scan().screenplay for path in sorted(_CORPORA.glob("*.fountain")))
        sources = [plain(encode(screenplay)) for screenplay in read]
    overruled: Counter[str] = Counter()
    runs: list[str] = []
    symbols = characters = real = words = 0
    for number in range(-(-chosen.scenes // _SCENES)):
        writing = Writing(model, Request(seed=chosen.seed + number, last_scene=_SCENES))
        text = plain("".join(writing))
        overruled.update(writing.report.overruled)
        symbols, characters = symbols + writing.report.symbols, characters + len(text)
        runs += [text[start:end] for start, end in longest_shared(text, sources, at_least=_LEAST)]
        found, all_words = real_words(text, set(model.sources.lexicon.words))
        real, words = real + found, words + all_words
    runs.sort(key=len, reverse=True)
    for run in runs[:_SHOWN]:
        print(f"{len(run):3} {run!r}")
    copied = sum(len(run) for run in runs if len(run) >= _COPY)
    print(f"copied {100 * copied / characters:.2f} %, real words {100 * real / words:.2f} %, {symbols:,} symbols")
    print("overruled in 1,000:", ", ".join(f"{k} {1000 * v / symbols:.2f}" for k, v in overruled.most_common()))


if __name__ == "__main__":
    main()
