"""Writes many scenes with a model and checks each: grammar, round trip, and a parser that is not ours.

python tests/benchmarks/written_scenes.py [MODEL] --scenes 300
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from other_parser import said_by_screenplain, said_by_us

from model import checkpoint, generation
from screenplay.elements import Screenplay
from screenplay.errors import LebowskiGenError
from screenplay.grammar import check
from screenplay.readers import fountain
from screenplay.stream import decode, letters
from screenplay.writers import fountain as fountain_writer

BUNDLED = Path(checkpoint.__file__).parent / "pretrained"


def faults(stream: str) -> list[str]:
    """What is wrong with a written stream; empty if nothing is."""
    try:
        check(stream)
        screenplay: Screenplay = decode(stream)
    except LebowskiGenError as error:
        return [f"does not decode: {error}"]
    found = []
    text = fountain_writer.render(screenplay)
    if fountain.read(text) != screenplay:
        found.append("reads back as something else")
    if said_by_screenplain(text) != said_by_us(screenplay):
        found.append("screenplain reads something else")
    if not all(scene.body for scene in screenplay.scenes):
        found.append("a scene is empty")
    return found


def main() -> None:
    """Print one line for each faulty scene, and a summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", nargs="?", default=BUNDLED, type=Path)
    parser.add_argument("--scenes", type=int, default=300)
    options = parser.parse_args()
    model = checkpoint.load(options.model)
    found: Counter[str] = Counter()
    overruled: Counter[str] = Counter()
    symbols, text_letters, started = 0, 0, time.perf_counter()
    for seed in range(options.scenes):
        writing = generation.Writing(model, generation.Request(seed=seed))
        stream = "".join(writing)
        report = writing.report
        symbols += report.symbols
        text_letters += letters(stream)
        overruled.update(report.overruled)
        for fault in faults(stream):
            found[fault] += 1
            print(f"seed {seed}: {fault}")
    elapsed_s = time.perf_counter() - started
    print(f"{options.scenes} scenes, {text_letters} letters, {sum(found.values())} faults {dict(found)}")
    per_1000 = {name: round(1000 * count / symbols, 2) for name, count in overruled.items()}
    print(f"overruled per 1,000 symbols: {per_1000}; {symbols / elapsed_s:,.0f} symbols a second")


if __name__ == "__main__":
    main()
