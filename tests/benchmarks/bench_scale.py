"""Whether thousands of screenplays cost as much each as a few do: time and memory, from reading them to the first step.

    python tests/benchmarks/bench_scale.py [--sizes 1 10 100 1000] [--parts read …] [--processes N] [--seed 0]
        [--json FILE]

Sizes are megabytes. The screenplays are made up: words of the project's own, drawn by how often they stand there, in
files as long as a film's, in a folder that is removed; the same for the same seed, as long as those stay the same. Each
part is a process of its own:

    read       into a collection, in one process
    read-all   the same, in as many as there are processor cores
    tokens     from that collection to ids: streams, vocabulary, ids in a file
    sources    index against copies and lexicon, of those streams
    train      all of `train --collection` up to its first step, by a network that costs nothing

A part grows in a straight line where its seconds of processor time grow as its megabytes (the row's `×`, against the
size before); memory is flat where its `×` is 1. Seconds of processor time are those of all processes together; peak
memory is that of the largest one. `base` is what is loaded before there is any work.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

CORPORA = Path(__file__).parent.parent.parent / "corpora"
FILE_CHARS = 200_000
_CAST, _PLACES, _WORDS = 24, 40, 60_000
_NAME = "bench"
_KB = 1024 if sys.platform != "darwin" else 1


@dataclass(frozen=True)
class Figure:
    """One part at one size."""

    part: str
    size_mb: float
    wall_s: float
    cpu_s: float
    mb_per_s: float
    """By the clock."""
    peak_mb: float
    base_mb: float
    bytes_s: float
    """By the clock: reading the files, and no more."""


class Writer:
    """Makes up screenplays from a seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        text = "".join(path.read_text(encoding="utf-8") for path in sorted(CORPORA.glob("*.fountain")))
        counts = Counter(re.findall(r"[a-z][a-z']+", text))
        self._words = sorted(counts)
        shares = np.array([counts[word] for word in self._words], np.float64)
        self._sums = np.cumsum(shares / shares.sum())
        self._names = [word.upper() for word in self._words if word.isalpha() and len(word) > 3]

    def screenplay(self, number: int) -> str:
        """One that is like no other, about as long as a film's."""
        chance = np.random.default_rng([self._seed, number])
        drawn = np.searchsorted(self._sums, chance.random(_WORDS)).clip(max=len(self._words) - 1)
        words = iter([self._words[index] for index in drawn.tolist()])
        names = [self._names[index] for index in chance.integers(len(self._names), size=_CAST + _PLACES).tolist()]
        cast, places = names[:_CAST], names[_CAST:]
        numbers = iter(chance.integers(1 << 20, size=_WORDS).tolist())
        pieces = [f"Title: {' '.join(names[:2])} {number}\n\n"]
        length, limit = 0, FILE_CHARS // 2 + int(chance.integers(FILE_CHARS))
        while length < limit:
            piece = "".join(self._scene(places, cast, words, numbers))
            pieces.append(piece)
            length += len(piece)
        return "".join(pieces)

    def _scene(
        self, places: Sequence[str], cast: Sequence[str], words: Iterator[str], numbers: Iterator[int]
    ) -> Iterator[str]:
        def sentence(most: int) -> str:
            return " ".join(next(words) for _ in range(3 + next(numbers) % most)).capitalize() + "."

        yield f"INT. {places[next(numbers) % len(places)]} - {('DAY', 'NIGHT')[next(numbers) % 2]}\n\n"
        here = [cast[next(numbers) % len(cast)] for _ in range(2 + next(numbers) % 3)]
        for _ in range(3 + next(numbers) % 12):
            yield f"{sentence(24)} {sentence(12)}\n\n"
            yield f"{here[next(numbers) % len(here)]}\n{sentence(18)}\n\n"


def make(folder: Path, size_mb: float, seed: int) -> None:
    """Fill a folder with screenplays, in folders of a thousand."""
    writer, written, number = Writer(seed), 0, 0
    while written < size_mb * 1e6:
        # The last one is cut: half a file is a lot of a megabyte.
        data = writer.screenplay(number).encode()[: max(1000, round(size_mb * 1e6) - written)]
        path = folder / f"{number // 1000:03}" / f"{number:06}.fountain"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        written, number = written + len(data), number + 1


def read(folder: Path, processes: int) -> None:
    """Read a folder into a collection."""
    from cli.collecting import add

    name = _NAME if processes == 1 else f"{_NAME}-all"
    outcome = add(name, [str(folder / "scripts")], processes=processes)
    assert not outcome.skipped, outcome.skipped[:3]


def tokens(folder: Path, processes: int) -> None:
    """Make what a network is trained on."""
    from cli.collection import find_collection
    from model.batches import Tokens
    from model.gathering import gathered

    with gathered(find_collection(_NAME).screenplays(), folder / "model") as (corpus, _):
        Tokens.mapped(corpus.training_streams, corpus.vocabulary(), folder / "tokens.bin")


def sources(folder: Path, processes: int) -> None:
    """Make what a model keeps of its sources, from streams that have been made before the clock starts."""
    from model.sources import Sources

    streams = folder / "streams"
    texts = (path.read_text(encoding="utf-8") for path in sorted(streams.iterdir()))
    Sources.of(texts)


def lay_out_streams(folder: Path, processes: int) -> None:
    """Write down the streams of a collection."""
    from cli.collection import find_collection
    from screenplay.stream import encode

    (folder / "streams").mkdir()
    for number, (_, screenplay) in enumerate(find_collection(_NAME).screenplays()):
        (folder / "streams" / f"{number:06}").write_text(encode(screenplay), encoding="utf-8", newline="")


def train(folder: Path, processes: int) -> None:
    """Begin to train, as `train --collection` does, up to the first step."""
    from cli.collection import find_collection
    from model.events import Progress
    from model.gathering import gathered
    from model.schedule import TrainingConfig
    from model.shape import NetworkShape
    from model.training import train as learn

    config = TrainingConfig(steps=1, evaluations=1, styles=True)
    to = folder / "model"
    with gathered(find_collection(_NAME).screenplays(), to) as (corpus, is_large):
        events = learn(corpus, config, to, shape=NetworkShape(embedding=2, width=2), on_disk=is_large)
    for event in events:
        if isinstance(event, Progress):
            break
    events.close()


PARTS: dict[str, Callable[[Path, int], None]] = {
    "read": read,
    "read-all": read,
    "lay-out-streams": lay_out_streams,
    "tokens": tokens,
    "sources": sources,
    "train": train,
}
SHOWN = [part for part in PARTS if part != "lay-out-streams"]


def run(part: str, folder: Path, processes: int) -> None:
    """Do one part in this process, and print what it cost as JSON."""
    if part in ("tokens", "sources", "train"):
        import model.training  # noqa: F401
    else:
        import cli.collecting  # noqa: F401
    base_mb, began_s, began_cpu_s = _peak_mb(), time.perf_counter(), _cpu_s()
    PARTS[part](folder, processes)
    wall_s, cpu_s = time.perf_counter() - began_s, _cpu_s() - began_cpu_s
    print(json.dumps({"wall_s": wall_s, "cpu_s": cpu_s, "peak_mb": _peak_mb(), "base_mb": base_mb}))


def _cpu_s() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak_mb() -> float:
    """Of the largest of this process and those it waited for."""
    others = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * _KB
    status = Path("/proc/self/status")
    if not status.exists():
        return max(others, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KB) / 1e6
    # `getrusage` also counts what the process was before it became this one.
    found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="ascii"))
    assert found is not None
    return max(others, int(found[1]) * 1024) / 1e6


def reading_s(folder: Path) -> float:
    """Seconds to read a folder's files as bytes, the best of three."""
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        for path in sorted(folder.rglob("*.fountain")):
            path.read_bytes()
        best = min(best, time.perf_counter() - began)
    return best


def measure(part: str, folder: Path, size_mb: float, processes: int, *, bytes_s: float) -> Figure:
    """Do one part in a process of its own."""
    command = [sys.executable, __file__, "--run", part, "--within", str(folder), "--processes", str(processes)]
    root = Path(__file__).parent.parent.parent
    environment = os.environ | {"LEBOWSKI_GEN_HOME": str(folder / "home"), "PYTHONPATH": str(root)}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment, encoding="utf-8")
    cost = {name: round(value, 3) for name, value in json.loads(done.stdout.splitlines()[-1]).items()}
    rate = round(size_mb / cost["wall_s"], 2)
    return Figure(part=part, size_mb=size_mb, mb_per_s=rate, bytes_s=bytes_s, **cost)


def figures(sizes_mb: Sequence[float], parts: Sequence[str], processes: int, seed: int) -> Iterator[Figure]:
    """All measurements, size by size, as they come."""
    for size_mb in sorted(sizes_mb):
        with tempfile.TemporaryDirectory(prefix="bench-scale-") as name:
            folder = Path(name)
            make(folder / "scripts", size_mb, seed)
            bytes_s = reading_s(folder / "scripts")
            if "read" not in parts and set(parts) - {"read-all"}:
                measure("read", folder, size_mb, 1, bytes_s=bytes_s)
            if "sources" in parts:
                wanted = [*parts[: parts.index("sources")], "lay-out-streams", *parts[parts.index("sources") :]]
            else:
                wanted = list(parts)
            for part in wanted:
                found = measure(part, folder, size_mb, processes if part == "read-all" else 1, bytes_s=bytes_s)
                if part in parts:
                    yield found


def row(figure: Figure, before: Figure | None) -> str:
    """One line of the table."""
    times = ["", ""]
    if before is not None:
        times = [f"{figure.cpu_s / before.cpu_s:.1f}", f"{figure.peak_mb / before.peak_mb:.2f}"]
    return (
        f"{figure.part:<9}{figure.size_mb:>7g}{figure.wall_s:>9.1f}{figure.mb_per_s:>8.2f}"
        f"{figure.cpu_s:>9.1f}{times[0]:>7}{figure.peak_mb:>9.0f}{times[1]:>7}{figure.base_mb:>8.0f}"
    )


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", type=float, default=[1.0, 10.0], metavar="MB")
    parser.add_argument("--parts", nargs="+", choices=SHOWN, default=SHOWN)
    parser.add_argument("--processes", type=int, default=None, help="of read-all; default: as many as cores")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures down")
    parser.add_argument("--run", choices=PARTS, help=argparse.SUPPRESS)
    parser.add_argument("--within", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.run is not None:
        run(chosen.run, chosen.within, chosen.processes)
        return
    from cli.processes import cores

    print(f"{'part':<9}{'MB':>7}{'wall s':>9}{'MB/s':>8}{'cpu s':>9}{'×':>7}{'peak MB':>9}{'×':>7}{'base':>8}")
    found: list[Figure] = []
    # In the order in which each needs what the one before made.
    for figure in figures(
        chosen.sizes, [p for p in SHOWN if p in chosen.parts], chosen.processes or cores(), chosen.seed
    ):
        before = next((one for one in reversed(found) if one.part == figure.part), None)
        print(row(figure, before), flush=True)
        found.append(figure)
    if chosen.json is not None:
        chosen.json.write_text(json.dumps([asdict(figure) for figure in found], indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
