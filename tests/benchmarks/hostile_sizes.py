"""Whether hostile input of real size costs linear time and bounded memory: every kind, at a size and at four times it.

    python tests/benchmarks/hostile_sizes.py [--size 250] [--json] [--all] [READER ...]

Sizes are in kB (of the smaller one). Each reading has a process of its own, with a limit of 60 s of processor time
and 4 GB of memory. Printed is what breaks a rule, and for each reader the worst of what doesn't; `--all` prints all.
Rules: no crash, no error but one that names the file; four times the size costs at most 7 times the time
(where that is more than 0.4 s); at most `_MOST_S_PER_MB` seconds and `_MOST_MB_PER_MB` megabytes a megabyte. A PDF
can unpack to a thousand times its size, so what holds for PDF is a bound whatever the size: `_PDF_S` and `_PDF_MB`.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from hostile_kinds import KINDS
from hostile_reading import Outcome, read_apart

_LIMIT_S = 60.0
_MOST_RATIO = 7.0
_LEAST_S = 0.4
_MOST_S_PER_MB = 20.0
_MOST_MB_PER_MB = 500.0
_BASE_MB = 60.0
"""What a reader loads when it is first used: tables, PDFium."""
_PDF_S, _PDF_MB = 20.0, 1500.0


@dataclass(frozen=True)
class Figure:
    """One kind of input read at two sizes."""

    reader: str
    kind: str
    small: Outcome
    large: Outcome

    @property
    def ratio(self) -> float:
        """How much longer the larger one took, for four times the size; 0 where both are too short to tell."""
        return self.large.cpu_s / max(self.small.cpu_s, 0.01) if self.large.cpu_s >= _LEAST_S else 0.0

    @property
    def faults(self) -> list[str]:
        """The rules that this breaks."""
        found = [outcome.what for outcome in (self.small, self.large) if not outcome.is_sound]
        if self.reader == "pdf":
            if self.large.cpu_s > _PDF_S or self.large.peak_mb > _PDF_MB:
                found.append("beyond all bounds")
            return found
        megabytes = max(self.large.size / 1e6, 0.1)
        if self.ratio > _MOST_RATIO:
            found.append(f"{self.ratio:.1f} times the time")
        if self.large.cpu_s / megabytes > _MOST_S_PER_MB:
            found.append(f"{self.large.cpu_s / megabytes:.1f} s/MB")
        if (self.large.peak_mb - _BASE_MB) / megabytes > _MOST_MB_PER_MB:
            found.append(f"{self.large.peak_mb / megabytes:.0f} MB/MB")
        return found

    def __str__(self) -> str:
        return (
            f"{self.reader:<9}{self.kind[:48]!r:<50}{self.large.what[:8]:<9}{self.large.size / 1e6:>6.2f} MB"
            f"{self.small.cpu_s:>8.2f} s{self.large.cpu_s:>8.2f} s{self.large.peak_mb:>8.1f} MB"
        )


def main() -> None:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("readers", nargs="*", metavar="READER", help=f"of {', '.join(KINDS)}; default: all")
    parser.add_argument("--size", type=int, default=250, metavar="KB")
    parser.add_argument("--kind", default="", metavar="TEXT", help="only kinds whose name has this in it")
    parser.add_argument("--all", action="store_true", help="print every kind")
    parser.add_argument("--json", action="store_true", help="print a JSON list instead of a table")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.readers) - set(KINDS))
    if unknown:
        parser.error(f"no such reader: {', '.join(unknown)}")
    found: list[Figure] = []
    for reader in arguments.readers or list(KINDS):
        figures = []
        for kind, make in KINDS[reader].items():
            if arguments.kind not in kind:
                continue
            small, large = (
                read_apart(reader, make, size, limit_s=_LIMIT_S)
                for size in (arguments.size * 1000, arguments.size * 4000)
            )
            figures.append(Figure(reader, kind, small, large))
            if not arguments.json and (arguments.all or figures[-1].faults):
                print(figures[-1], *figures[-1].faults, sep="  ", flush=True)
        if figures and not arguments.json:
            slow = max(figures, key=lambda figure: figure.large.cpu_s / max(figure.large.size, 100_000))
            wide = max(figures, key=lambda figure: figure.large.peak_mb / max(figure.large.size, 100_000))
            faults = sum(bool(figure.faults) for figure in figures)
            print(f"{reader}: {len(figures)} kinds, {faults} with faults; the slowest and the widest:")
            print(f"  {slow}\n  {wide}", flush=True)
        found += figures
    if arguments.json:
        print(json.dumps([{**asdict(figure), "faults": figure.faults} for figure in found], indent=2))
    sys.exit(any(figure.faults for figure in found))


if __name__ == "__main__":
    main()
