"""How fast each format is read, in megabytes a second, and how that holds from 100 kB to 10 MB.

    python tests/benchmarks/bench_parse.py [--json] [FORMAT ...] [--sizes 100 200 1000 10000]

The text is the project's own screenplays, repeated to the size asked for and written in each format that can
be read and written. Seconds are of processor time, that of processes waited for included, the best of several runs: the
others only say what else the machine did.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from bench_peers import PEERS, reader

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


@dataclass(frozen=True)
class Beside:
    """A measurement of ours, and one of what else reads the same file in the same run."""

    ours: Figure
    other: str
    other_mb_per_s: float


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
    best = seconds(scan, data, runs=runs)
    return Figure(name, round(_size(data) / 1000), round(best, 4), round(_size(data) / 1e6 / best, 2))


def seconds(read: Callable[[Any], object], data: str | bytes, *, runs: int) -> float:
    """Processor time of the best of several readings."""
    best = float("inf")
    for _ in range(runs):
        start = _spent_s()
        read(data)
        best = min(best, _spent_s() - start)
    return best


def _spent_s() -> float:
    # A PDF is tried out in a process of its own first.
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + others.ru_utime + others.ru_stime


def _elements(data: bytes) -> None:
    ElementTree.fromstring(data)


def _tags(data: bytes) -> None:
    parser = HTMLParser()
    parser.feed(data.decode())
    parser.close()


def _pdf_text(data: bytes) -> None:
    import pypdfium2  # an extra

    document = pypdfium2.PdfDocument(data)
    for page in document:
        text = page.get_textpage()
        text.get_text_bounded()
        text.close()
        page.close()
    document.close()


LIMITS: dict[str, tuple[str, Callable[[Any], object]]] = {
    "fountain": ("str.splitlines", str.splitlines),
    "text": ("str.splitlines", str.splitlines),
    "json": ("json.loads", json.loads),
    "fdx": ("ElementTree", _elements),
    "html": ("HTMLParser, deaf", _tags),
    "pdf": ("text by pypdfium2", _pdf_text),
}
"""The least that must be done to read a format in Python: its lines, or what its bare parser takes apart."""


def measured(names: list[str], sizes_kb: list[int], *, runs: int = 7) -> list[Beside]:
    """Each format at each size beside its limit, and at the smallest size beside its peers too.

    Args:
        names: Of formats.
        sizes_kb: About how large the files are.
        runs: Of which the best counts; of files above 1 MB, no more than two.
    """
    screenplay, found = base(), []
    for name in names:
        for size_kb in sorted(sizes_kb):
            data = file_of(sized(screenplay, size_kb, name), name)
            tries = runs if size_kb <= 1000 else min(runs, 2)
            ours = measure(name, data, runs=tries)
            others = [LIMITS[name]]
            if size_kb == min(sizes_kb):  # they are slow
                others += [(peer, reader(peer, name)) for peer in PEERS.get(name, ())]
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of theirs, about their own code
                for other, read in others:
                    found.append(Beside(ours, other, _size(data) / 1e6 / seconds(read, data, runs=tries)))
    return found


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
