"""The whole table of speed: each figure beside its peer or its limit, measured in the same run.

    python tests/benchmarks/bench_all.py [--json FILE] [--quick] [--parts parse train write start scale]
        [--text FILE] [--sizes 1 10 100]

    parse   megabytes a second of each format, beside the least that must be done to read it, and other programs
    train   symbols and operations a second at width 512, beside products of matrices; with --text, also what a
            character of that text's last tenth costs after 140 s: 1.886 nats is known of tinyshakespeare alone
    write   characters a second, beside writing without constraints and beside reading the weights
    start   seconds to the first words and to the end of `--help`, beside bars and bare Python; to load the model
    scale   processor time and memory of thousands of screenplays, beside the size before

The ratio is the figure over that of its peer or limit, in the same unit: of rates more is better, of times, nats and
memory less. Where scale's peer is the size before, 1 is a straight line. Each part is a process of its own, one after
the other. A part that fails says so, the others still run, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Nothing of weight is imported at the top: a process counts its parent's peak memory as its own.
if TYPE_CHECKING:
    from bench_parse import Beside
    from bench_scale import Figure

ROOT = Path(__file__).parent.parent.parent
QUIET_LOAD = 0.3
"""Of each core; above it, figures say more about what else the machine does."""
FIRST_WORDS_BAR_S, HELP_BAR_S = 1.5, 0.3
KNOWN_NATS = 1.886
_TEXT_S = 123.0
"""Of learning a text; with what comes before and after, it then takes as long as its peer's 142 s."""
_CLOCKED = ("read-all",)
"""Parts of scale that several processes share: what counts is the clock."""


@dataclass(frozen=True)
class Row:
    """One figure, and what it is to be held against."""

    part: str
    what: str
    figure: float
    unit: str
    peer: str
    """Of the same unit, or a limit."""
    peer_figure: float

    @property
    def ratio(self) -> float:
        """The figure over its peer's."""
        return self.figure / self.peer_figure


@dataclass(frozen=True)
class Options:
    """What the command line asks of all parts."""

    quick: bool = False
    text: Path | None = None
    sizes_mb: tuple[float, ...] = (1.0, 10.0)


class PartError(Exception):
    """A part gave no figures; it says why."""


def parse_rows(found: Iterable[Beside]) -> list[Row]:
    """Of files of each format."""
    rows = []
    for one in found:
        what = f"{one.ours.format}, {_size(one.ours.size_kb / 1000)}"
        rows.append(Row("parse", what, one.ours.mb_per_s, "MB/s", one.other, one.other_mb_per_s))
    return rows


def train_rows(found: Mapping[str, Any], learned: Mapping[str, float] | None, *, text: str = "") -> list[Row]:
    """Of the share of the peak, and of a text's nats a character if it was learned."""
    what, gflops = f"width {found['width']}, batch {found['batch']}", found["gflops"]
    peak_symbols = found["symbols_per_s"] * found["peak_gflops"] / gflops
    rows = [
        Row("train", what, found["symbols_per_s"], "symbols/s", "the matrix peak", peak_symbols),
        Row("train", what, gflops, "GFLOP/s", "the matrix peak", found["peak_gflops"]),
        Row("train", what, gflops, "GFLOP/s", "products of its shape", found["such_products_gflops"]),
    ]
    if learned is not None:
        for key, how in (("nats", "with recall"), ("nats_alone", "network alone")):
            what = f"{text} after {learned['seconds']:.0f} s, {how}"
            rows.append(Row("train", what, learned[key], "nats/character", "small GPT, CPU, 142 s", KNOWN_NATS))
    return rows


def write_rows(found: Mapping[str, Mapping[str, float]]) -> list[Row]:
    """Of each model's scenes, one after the other and side by side."""
    rows = []
    for name, figures in found.items():
        if "characters_per_s" not in figures:
            continue  # the start has a part of its own
        rate, limit = figures["characters_per_s"], figures["limit_per_s"]
        one, all_ = figures["of_takes_in_one_process_per_s"], figures["of_takes_in_all_processes_per_s"]
        rows += [
            Row("write", name, rate, "characters/s", "without constraints", figures["without_constraints"]),
            Row("write", f"{name}, a character", 1e6 / rate, "µs", "reading the weights", 1e6 / limit),
            Row("write", f"{name}, 32 takes", all_, "characters/s", "in one process", one),
            Row("write", f"{name}, 32 takes", all_, "characters/s", "one take", rate),
        ]
    return rows


def start_rows(found: Mapping[str, float]) -> list[Row]:
    """Of the seconds that a start takes."""
    help_s = found["help_s"]
    return [
        Row("start", "first words of write", found["first_words_s"], "s", "bar", FIRST_WORDS_BAR_S),
        Row("start", "--help", help_s, "s", "bar", HELP_BAR_S),
        Row("start", "--help", help_s, "s", "python -c pass", found["pass_s"]),
        Row("start", "--help", help_s, "s", 'python -c "import typer"', found["typer_s"]),
        Row("start", "loading the bundled model", found["load_s"], "s", "reading its bytes", found["bytes_s"]),
    ]


def scale_rows(found: Iterable[Figure]) -> list[Row]:
    """Of each part at each size; figures of a part come smallest size first.

    The smallest is held against reading the files' bytes, and its memory against what is loaded before any work.
    """
    rows, before = [], dict[str, "Figure"]()
    for one in found:
        clocked, last = one.part in _CLOCKED, before.get(one.part)
        what, unit = f"{one.part}, {_size(one.size_mb)}", "s/MB" if clocked else "CPU s/MB"

        def cost(figure: Figure, *, clocked: bool = clocked) -> float:
            return (figure.wall_s if clocked else figure.cpu_s) / figure.size_mb

        if last is None:
            pairs = (("reading the bytes", one.bytes_s / one.size_mb), ("before any work", one.base_mb))
        else:
            pairs = ((_size(last.size_mb), cost(last)), (_size(last.size_mb), last.peak_mb))
        rows.append(Row("scale", what, cost(one), unit, *pairs[0]))
        rows.append(Row("scale", f"{what}, peak", one.peak_mb, "MB held", *pairs[1]))
        before[one.part] = one
    return rows


def _size(mb: float) -> str:
    return f"{mb:.4g} MB" if mb >= 1 else f"{1000 * mb:.3g} kB"


def parse(options: Options) -> list[Row]:
    """Measure reading."""
    from bench_parse import FORMATS, measured

    sizes_kb, runs = ([10], 2) if options.quick else ([200, 10_000], 7)
    return parse_rows(measured(list(FORMATS), sizes_kb, runs=runs))


def train(options: Options) -> list[Row]:
    """Measure learning."""
    import torch
    from bench_train import configured, learn, share

    from cli.processes import cores
    from model.shape import NetworkShape

    # First, since it may be no text at all.
    text = options.text.read_text(encoding="utf-8") if options.text is not None else None
    torch.set_num_threads(cores())
    shape = NetworkShape(width=64 if options.quick else 512, embedding=64)
    minutes, large = (2 if options.quick else 60) / 60, 256 if options.quick else 2048
    few, found = (share(shape, configured(minutes, batch=batch), large=large) for batch in (64, 128))
    rows = train_rows(few, None)
    if options.text is None or text is None:
        return [*rows, *train_rows(found, None)]
    seconds = 2.0 if options.quick else _TEXT_S
    # What was best for a text that is read twice: `model/EXPERIMENTS.md`.
    learned = learn(text, shape, configured(seconds / 60, batch=32, dropout=0.0, optimizer="muon"))
    return [*rows, *train_rows(found, learned, text=options.text.name)]


def write(options: Options) -> list[Row]:
    """Measure writing."""
    from bench_write import measured

    from model.shipping import SHIPPED

    return write_rows(measured(SHIPPED, 1 if options.quick else 6))


def start(options: Options) -> list[Row]:
    """Measure starting."""
    from bench_start import measured

    return start_rows(measured(1 if options.quick else 5))


def scale(options: Options) -> list[Row]:
    """Measure what many screenplays cost."""
    from bench_scale import SHOWN, figures

    from cli.processes import cores

    if options.quick:
        return scale_rows(figures([0.02, 0.04], ["read", "train"], cores(), seed=0))
    return scale_rows(figures(options.sizes_mb, SHOWN, cores(), seed=0))


PARTS: dict[str, Callable[[Options], list[Row]]] = {
    "parse": parse,
    "train": train,
    "write": write,
    "start": start,
    "scale": scale,
}


def apart(part: str, command: Sequence[str], answer: Path) -> list[Row]:
    """The rows that a process of its own leaves in a file.

    Raises:
        PartError: It ended otherwise, or left none.
    """
    # What the command does too, before it loads torch.
    environment = {"GOMP_SPINCOUNT": "1000", **os.environ, "PYTHONPATH": str(ROOT)}
    # Its own words are no part of the table.
    done = subprocess.run(command, stdout=sys.stderr, stderr=subprocess.PIPE, env=environment, encoding="utf-8")
    sys.stderr.write(done.stderr)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise PartError(f"{part} gave no figures, exit code {done.returncode}: {last}")
    rows = [Row(**row) for row in json.loads(answer.read_text(encoding="utf-8"))]
    if not rows:
        raise PartError(f"{part} gave no figures, and no reason")
    return rows


def collect(parts: Iterable[str], measure: Callable[[str], list[Row]]) -> tuple[list[Row], list[str]]:
    """Rows of all parts, one part after the other, and what is to be said of those that failed."""
    rows, failures = [], []
    for part in parts:
        try:
            rows += measure(part)
        except PartError as error:
            failures.append(str(error))
    return rows, failures


def table(rows: Iterable[Row]) -> str:
    """All rows, in columns as wide as what stands in them."""
    lines = [("part", "what", "figure", "unit", "peer or limit", "", "ratio")]
    for row in rows:
        numbers = _number(row.figure), _number(row.peer_figure), _number(row.ratio)
        lines.append((row.part, row.what, numbers[0], row.unit, row.peer, numbers[1], numbers[2]))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    to_right = {2, 5, 6}
    return "".join(
        "  ".join(
            cell.rjust(width) if place in to_right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        + "\n"
        for line in lines
    )


def _number(value: float) -> str:
    """With three digits that count, or all before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def document(rows: Iterable[Row], failures: Sequence[str], machine: Mapping[str, object], *, date: str) -> str:
    """All of it as JSON."""
    found = [{**asdict(row), "ratio": row.ratio} for row in rows]
    return json.dumps({"machine": machine, "date": date, "rows": found, "failures": failures}, indent=2) + "\n"


def machine() -> dict[str, Any]:
    """What the figures are figures of."""
    from cli.processes import cores

    return {
        "processor": processor(Path("/proc/cpuinfo")),
        "cores": cores(),
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "torch": version("torch"),
        "load_per_core": round(os.getloadavg()[0] / cores(), 2),
    }


def processor(listing: Path) -> str:
    """The processor's model, as the system's list says or else Python."""
    if listing.exists():
        for line in listing.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def headline(machine: Mapping[str, object]) -> str:
    """The machine on one line."""
    cores = f"{machine['cores']} core{'s' if machine['cores'] != 1 else ''}"
    versions = f"Python {machine['python']}, NumPy {machine['numpy']}, torch {machine['torch']}"
    return f"{machine['processor']}, {cores}, {versions}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and give the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures down")
    parser.add_argument("--quick", action="store_true", help="only see that it works: tiny sizes, 2 s of training")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--text", type=Path, metavar="FILE", help="a plain text for train to learn too")
    parser.add_argument("--sizes", nargs="+", type=float, default=[1.0, 10.0], metavar="MB", help="of scale")
    parser.add_argument("--run", choices=PARTS, help=argparse.SUPPRESS)
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.text is not None and not chosen.text.is_file():
        parser.error(f"no such file: {chosen.text}")
    if chosen.run is not None:
        rows = PARTS[chosen.run](Options(chosen.quick, chosen.text, tuple(chosen.sizes)))
        chosen.into.write_text(json.dumps([asdict(row) for row in rows]), encoding="utf-8")
        return 0
    sys.path.insert(0, str(ROOT))
    found = machine()
    print(headline(found), flush=True)
    if found["load_per_core"] > QUIET_LOAD:
        print(f"not quiet: each core has a load of {found['load_per_core']} before anything begins", file=sys.stderr)
    date = datetime.now(UTC).isoformat(timespec="seconds")
    given = list(sys.argv[1:] if arguments is None else arguments)

    def measure(part: str) -> list[Row]:
        with tempfile.TemporaryDirectory(prefix="bench-all-") as folder:
            answer = Path(folder, "rows.json")
            return apart(part, [sys.executable, __file__, *given, "--run", part, "--into", str(answer)], answer)

    rows, failures = collect([part for part in PARTS if part in chosen.parts], measure)
    print(table(rows), end="")
    for failure in failures:
        print(failure, file=sys.stderr)
    if chosen.json is not None:
        chosen.json.write_text(document(rows, failures, found, date=date), encoding="utf-8")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
