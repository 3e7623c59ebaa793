"""How fast PDFs are read, in pages a second, beside pdfminer.six, which only extracts their text.

    python tests/benchmarks/bench_pdf.py [FILE.pdf ...]

Without a file, one of the project's own screenplays is printed first. Seconds are of processor time, the best of
three runs: the others only say what else the machine did. The process in which a PDF is tried out first is counted.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import warnings
from collections.abc import Callable
from pathlib import Path

from pdfminer.high_level import extract_text

from screenplay.readers import fountain, pdf
from screenplay.readers.pdf_words import open_pdf
from screenplay.writers.pdf import render

FILM = Path(__file__).parent.parent.parent / "corpora" / "hollenbeck-overtime.fountain"


def seconds(work: Callable[[], object]) -> float:
    """The best of three runs."""
    best = float("inf")
    for _ in range(3):
        started = sum(os.times()[:4])
        work()
        best = min(best, sum(os.times()[:4]) - started)
    return best


def main() -> None:
    """Print a line for each file."""
    parser = argparse.ArgumentParser(description="Time the reading of PDFs.")
    parser.add_argument("files", nargs="*", type=Path)
    files = {str(path): path.read_bytes() for path in parser.parse_args().files}
    if not files:
        screenplay = fountain.read(FILM.read_text(encoding="utf-8"))
        files = {FILM.name: render(screenplay)}
        print(f"printing {FILM.name}: {seconds(lambda: render(screenplay)):.2f} s")
    warnings.simplefilter("ignore")
    for name, data in files.items():
        document = open_pdf(data, source=name)
        pages = len(document)
        document.close()
        ours = seconds(lambda data=data: pdf.read(data))  # type: ignore[misc]
        theirs = seconds(lambda data=data: extract_text(io.BytesIO(data)))  # type: ignore[misc]
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{name}: {pages} pages, {len(data) / 1e6:.2f} MB")
        print(f"  read as a screenplay: {ours:.2f} s, {pages / ours:.0f} pages/s")
        print(f"  text by pdfminer.six: {theirs:.2f} s, {pages / theirs:.0f} pages/s")
        print(f"  peak memory of both: {peak_mb:.0f} MB")


if __name__ == "__main__":
    main()
