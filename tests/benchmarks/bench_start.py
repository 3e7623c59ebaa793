"""How long it takes to start: to the end of `--help`, to the first words of `write`, and to load the bundled model.

    python tests/benchmarks/bench_start.py [--tries 5] [--json]

Seconds by the clock, the best of several tries. Beside them, in turn: Python that does nothing, Python that imports
typer, without which there is no command line, and reading the bytes of the model's files.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

COMMANDS = {
    "help_s": [str(Path(sys.executable).with_name("lebowski-gen")), "--help"],
    "pass_s": [sys.executable, "-c", "pass"],
    "typer_s": [sys.executable, "-c", "import typer"],
}


def seconds(work: Callable[[], object]) -> float:
    """By the clock."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def commands_s(tries: int) -> dict[str, float]:
    """Seconds of each command, the best of some tries, in turn."""
    best = dict.fromkeys(COMMANDS, float("inf"))
    for _ in range(tries):
        for name, command in COMMANDS.items():
            took_s = seconds(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))  # noqa: B023
            best[name] = min(best[name], took_s)
    return best


def loading_s(tries: int) -> dict[str, float]:
    """Seconds to load the bundled model, and to read its files, the best of some tries."""
    from model.checkpoint import load
    from model.shipping import SHIPPED

    def read() -> None:
        for path in SHIPPED.iterdir():
            path.read_bytes()

    return {
        "load_s": min(seconds(lambda: load(SHIPPED)) for _ in range(tries)),
        "bytes_s": min(seconds(read) for _ in range(tries)),
    }


def measured(tries: int) -> dict[str, float]:
    """All figures. Of first words, tries are counted in threes."""
    found = {**commands_s(tries), **loading_s(tries)}
    from bench_write import first_words_s  # it loads torch, which the others do without

    return {"first_words_s": min(first_words_s() for _ in range(-(-tries // 3))), **found}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tries", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    found = measured(chosen.tries)
    if chosen.json:
        print(json.dumps(found, indent=2))
        return
    for name, value in found.items():
        print(f"{name:16}{value:8.3f}")


if __name__ == "__main__":
    main()
