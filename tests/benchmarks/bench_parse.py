"""How fast each format is read, in megabytes a second, and how that holds from 100 kB to 10 MB.

    python tests/benchmarks/bench_parse.py [--json] [FORMAT ...] [--sizes 100 200 1000 10000]

The text is the project's own screenplays, repeated to the size asked for and written in each format that can
be read and written. Seconds are of processor time, the best of several runs: the others only say what
else the machine did.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from screenplay.elements import Screenplay
from screenplay.formats import TABLE
from screenplay.readers import fountain

CORPORA = Path(__file__).parent.parent.parent / "corpora"


FORMATS = {row.name: row for row in TABLE if row.scan is not None and row.render is not None}


@dataclass(frozen=True)
class Figure:
    """One measurement."""

    format: str
    size_kb: int
    seconds: float
    mb_per_s: float


def base() -> Screenplay:
    """All our screenplays as one."""
    films = [fountain.read(path.read_text(encoding="utf-8")) for path in sorted(CORPORA.glob("*.fountain"))]
    return Screenplay(title_page=films[0].title_page, elements=tuple(e for film in films for e in film.elements))


def sized(screenplay: Screenplay, size_kb: int, name: str) -> Screenplay:
    """This screenplay cut short, or repeated, so that its file has about this size."""
    render = FORMATS[name].render
    assert render is not None
    elements = screenplay.elements
    count = max(1, round(len(elements) * size_kb * 1000 / _size(render(screenplay))))
    repeated = elements * (count // len(elements)) + elements[: count % len(elements)]
    return Screenplay.model_construct(title_page=screenplay.title_page, elements=repeated)


def file_of(screenplay: Screenplay, name: str) -> str | bytes:
    """This screenplay as a file, as its reader takes it."""
    render = FORMATS[name].render
    assert render is not None
    written = render(screenplay)
    # What has a signature is read from bytes, everything else from text.
    return written.encode() if isinstance(written, str) and FORMATS[name].signature else written


def measure(name: str, data: str | bytes, *, runs: int = 5) -> Figure:
    """The best of several readings of one file."""
    scan = FORMATS[name].scan
    assert scan is not None
    best = float("inf")
    for _ in range(runs):
        start = time.process_time()
        scan(data)
        best = min(best, time.process_time() - start)
    return Figure(name, round(_size(data) / 1000), round(best, 4), round(_size(data) / 1e6 / best, 2))


def _size(data: str | bytes) -> int:
    return len(data.encode() if isinstance(data, str) else data)


def figures(names: list[str], sizes_kb: list[int]) -> list[Figure]:
    """All measurements, smallest size first."""
    screenplay = base()
    return [
        measure(name, file_of(sized(screenplay, size, name), name), runs=7 if size <= 1000 else 2)
        for name in names
        for size in sorted(sizes_kb)
    ]


def main() -> None:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help=f"of {', '.join(FORMATS)}; default: all")
    parser.add_argument("--sizes", nargs="+", type=int, default=[100, 200, 1000, 10000], metavar="KB")
    parser.add_argument("--json", action="store_true", help="print a JSON list instead of a table")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.formats) - set(FORMATS))
    if unknown:
        parser.error(f"no such format: {', '.join(unknown)}")
    found = figures(arguments.formats or list(FORMATS), arguments.sizes)
    if arguments.json:
        print(json.dumps([asdict(figure) for figure in found], indent=2))
        return
    print(f"{'format':<10}{'kB':>8}{'s':>10}{'MB/s':>8}")
    for figure in found:
        print(f"{figure.format:<10}{figure.size_kb:>8}{figure.seconds:>10.4f}{figure.mb_per_s:>8.2f}")


if __name__ == "__main__":
    main()
