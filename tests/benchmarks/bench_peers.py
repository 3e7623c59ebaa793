"""How fast our readers are beside the Python peers on PyPI, on the same files in one run, and what memory they take.

    python tests/benchmarks/bench_peers.py [--json] [--sizes 100 1000 10000] [--rounds 3] [FORMAT ...]

Files are the project's own screenplays, repeated to the size asked for and written in each format. Fountain is also
read by screenplain and jouvence, into their own elements; the text of PDF is also extracted, no more, by
pdfminer.six (up to 1 MB: it is slow). A process of its own measures each program and file; rounds of all
programs alternate, and the best reading counts. `cpu` is processor time, `wall` time on the clock. `peak` is the
most memory that the process ever held, less what it held before it read: modules and file loaded.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# Nothing of weight is imported at the top: a process counts its parent's peak memory as its own.

FORMATS = ("fountain", "text", "json", "fdx", "html", "pdf")
PEERS = {"fountain": ("screenplain", "jouvence"), "pdf": ("pdfminer.six",)}
_TEXT = ("fountain", "text", "json")
_MOST_KB = {"pdfminer.six": 1000}
_SHORT_S = 1.0
"""What is read faster than this is read several times in each process."""


@dataclass(frozen=True)
class Figure:
    """The best of one program's readings of one file."""

    format: str
    program: str
    size_kb: int
    pages: int
    cpu_s: float
    wall_s: float
    mb_per_s: float
    """By processor time; so is the next."""
    pages_per_s: float
    peak_mb: float


def reader(program: str, format: str) -> Callable[[Any], object]:
    """What reads a whole file, its modules loaded."""
    import io

    if program == "screenplain":
        from screenplain.parsers import fountain as screenplain

        return lambda text: screenplain.parse(io.StringIO(text))
    if program == "jouvence":
        from jouvence.parser import JouvenceParser

        return lambda text: JouvenceParser().parseString(text)
    if program == "pdfminer.six":
        from pdfminer.high_level import extract_text

        return lambda data: extract_text(io.BytesIO(data))
    from screenplay.formats import TABLE

    if format == "pdf":
        import pypdfium2  # noqa: F401 - the reader loads it on demand; peers load theirs at once
    scan = next(row.scan for row in TABLE if row.name == format)
    assert scan is not None
    return scan


def work(program: str, format: str, path: str) -> dict[str, float]:
    """Measure one program on one file, in this process."""
    import resource
    import time
    import warnings

    warnings.simplefilter("ignore")
    data = Path(path).read_bytes()
    given = data.decode() if format in _TEXT else data
    read = reader(program, format)
    held_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cpu_s = wall_s = float("inf")
    spent_s = 0.0
    peak_mb = 0.0
    while spent_s < _SHORT_S:
        wall, cpu = time.perf_counter(), time.process_time()
        found = read(given)
        cpu_s = min(cpu_s, time.process_time() - cpu)
        took_s = time.perf_counter() - wall
        wall_s = min(wall_s, took_s)
        spent_s += took_s
        del found
        # The first reading shows the peak; garbage that later ones leave behind would add to it.
        peak_mb = peak_mb or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - held_mb
    return {"cpu_s": cpu_s, "wall_s": wall_s, "peak_mb": peak_mb}


def make(format: str, size_kb: int, path: str) -> int:
    """Write a file of this format and size, and count its pages."""
    import bench_parse

    from screenplay.pagination import paginate

    screenplay = bench_parse.sized(bench_parse.base(), size_kb, format)
    written = bench_parse.file_of(screenplay, format)
    Path(path).write_bytes(written.encode() if isinstance(written, str) else written)
    return len(paginate(screenplay))


def _apart(*arguments: str) -> Any:
    """What this module prints when it is run in a process of its own."""
    command = [sys.executable, str(Path(__file__)), *arguments]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def figures(formats: list[str], sizes_kb: list[int], rounds: int) -> list[Figure]:
    """All measurements, smallest size first."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for format in formats:
            for size_kb in sorted(sizes_kb):
                path = str(Path(folder, f"film.{format}"))
                pages = _apart("--make", format, str(size_kb), path)
                size = Path(path).stat().st_size
                programs = [
                    program
                    for program in ("lebowski-gen", *PEERS.get(format, ()))
                    if size_kb <= _MOST_KB.get(program, size_kb)
                ]
                runs: dict[str, list[dict[str, float]]] = {program: [] for program in programs}
                for _ in range(rounds):
                    for program in programs:
                        runs[program].append(_apart("--work", program, format, path))
                for program, measured in runs.items():
                    cpu_s = min(run["cpu_s"] for run in measured)
                    found.append(
                        Figure(
                            format,
                            program,
                            round(size / 1000),
                            pages,
                            round(cpu_s, 4),
                            round(min(run["wall_s"] for run in measured), 4),
                            round(size / 1e6 / cpu_s, 2),
                            round(pages / cpu_s),
                            round(min(run["peak_mb"] for run in measured), 1),
                        )
                    )
    return found


def main() -> None:
    """Print a table, or JSON."""
    if sys.argv[1:2] == ["--make"]:
        print(make(sys.argv[2], int(sys.argv[3]), sys.argv[4]))
        return
    if sys.argv[1:2] == ["--work"]:
        print(json.dumps(work(*sys.argv[2:])))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help=f"of {', '.join(FORMATS)}; default: all")
    parser.add_argument("--sizes", nargs="+", type=int, default=[100, 1000, 10000], metavar="KB")
    parser.add_argument("--rounds", type=int, default=3, help="processes for each program and file")
    parser.add_argument("--json", action="store_true", help="print a JSON list instead of a table")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.formats) - set(FORMATS))
    if unknown:
        parser.error(f"no such format: {', '.join(unknown)}")
    found = figures(arguments.formats or list(FORMATS), arguments.sizes, arguments.rounds)
    if arguments.json:
        print(json.dumps([asdict(figure) for figure in found], indent=2))
        return
    print(
        f"{'format':<10}{'program':<14}{'kB':>7}{'pages':>7}"
        f"{'cpu s':>9}{'wall s':>9}{'MB/s':>8}{'pages/s':>9}{'peak MB':>9}"
    )
    for figure in found:
        print(
            f"{figure.format:<10}{figure.program:<14}{figure.size_kb:>7}{figure.pages:>7}{figure.cpu_s:>9.4f}"
            f"{figure.wall_s:>9.4f}{figure.mb_per_s:>8.2f}{figure.pages_per_s:>9}{figure.peak_mb:>9.1f}"
        )


if __name__ == "__main__":
    main()
