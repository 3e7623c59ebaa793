import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))

import bench_all
from bench_all import PartError, Row
from bench_parse import Beside
from bench_parse import Figure as Reading
from bench_scale import Figure as Scaled

ROWS = [
    Row("parse", "fountain, 200 kB", 8.0, "MB/s", "str.splitlines", 640.0),
    Row("start", "--help", 0.15, "s", "bar", 0.3),
]
MACHINE = {"processor": "Some processor", "cores": 2, "python": "3.11", "numpy": "2.4", "torch": "2.13"}


def scaled(part: str, size_mb: float, *, wall_s: float, cpu_s: float, peak_mb: float) -> Scaled:
    return Scaled(part, size_mb, wall_s, cpu_s, size_mb / wall_s, peak_mb, base_mb=50.0, bytes_s=0.001 * size_mb)


def test_each_row_holds_a_figure_against_its_peer() -> None:
    assert [row.ratio for row in ROWS] == [0.0125, 0.5]


def test_a_format_has_a_row_for_each_that_reads_it_too() -> None:
    ours = Reading("fountain", size_kb=10_003, seconds=2.0, mb_per_s=5.0)
    rows = bench_all.parse_rows([Beside(ours, "str.splitlines", 500.0), Beside(ours, "screenplain", 2.5)])
    assert [(row.what, row.peer, row.ratio) for row in rows] == [
        ("fountain, 10 MB", "str.splitlines", 0.01),
        ("fountain, 10 MB", "screenplain", 2.0),
    ]


def test_training_is_held_against_the_peak_and_products_of_its_shape() -> None:
    found = {
        "width": 512,
        "batch": 64,
        "symbols_per_s": 30_000.0,
        "gflops": 150.0,
        "peak_gflops": 200.0,
        "such_products_gflops": 160.0,
    }
    rows = bench_all.train_rows(found, None)
    assert [(row.unit, row.peer_figure) for row in rows] == [
        ("symbols/s", 40_000.0),
        ("GFLOP/s", 200.0),
        ("GFLOP/s", 160.0),
    ]
    assert [row.ratio for row in rows] == [0.75, 0.75, 0.9375]
    learned = bench_all.train_rows(found, {"seconds": 140.2, "nats": 1.886, "nats_alone": 3.772}, text="plays.txt")[3:]
    assert [(row.what, row.ratio) for row in learned] == [
        ("plays.txt after 140 s, with recall", 1.0),
        ("plays.txt after 140 s, network alone", 2.0),
    ]


def test_writing_is_held_against_writing_freely_and_reading_the_weights() -> None:
    found = {
        "pretrained": {
            "characters_per_s": 4000,
            "without_constraints": 5000,
            "limit_per_s": 10_000,
            "of_takes_in_one_process_per_s": 6000,
            "of_takes_in_all_processes_per_s": 12_000,
        },
        "start": {"first_words_s": 0.7},
    }
    rows = bench_all.write_rows(found)
    assert [(row.what, row.unit, row.ratio) for row in rows] == [
        ("pretrained", "characters/s", 0.8),
        ("pretrained, a character", "µs", 2.5),
        ("pretrained, 32 takes", "characters/s", 2.0),
        ("pretrained, 32 takes", "characters/s", 3.0),
    ]


def test_help_is_held_against_its_bar_and_bare_python() -> None:
    found = {"first_words_s": 0.75, "help_s": 0.12, "pass_s": 0.02, "typer_s": 0.1, "load_s": 0.05, "bytes_s": 0.01}
    rows = bench_all.start_rows(found)
    assert [(row.what, round(row.ratio, 6)) for row in rows] == [
        ("first words of write", 0.5),
        ("--help", 0.4),
        ("--help", 6.0),
        ("--help", 1.2),
        ("loading the bundled model", 5.0),
    ]


def test_a_part_that_grows_in_a_straight_line_has_a_ratio_of_one() -> None:
    rows = bench_all.scale_rows(
        [
            scaled("read", 1.0, wall_s=0.3, cpu_s=0.25, peak_mb=100.0),
            scaled("read-all", 1.0, wall_s=0.5, cpu_s=9.0, peak_mb=100.0),
            scaled("read", 10.0, wall_s=9.0, cpu_s=2.5, peak_mb=150.0),
            scaled("read-all", 10.0, wall_s=10.0, cpu_s=9.0, peak_mb=100.0),
        ]
    )
    assert [(row.what, row.unit, row.peer, round(row.ratio, 6)) for row in rows] == [
        ("read, 1 MB", "CPU s/MB", "reading the bytes", 250.0),
        ("read, 1 MB, peak", "MB held", "before any work", 2.0),
        ("read-all, 1 MB", "s/MB", "reading the bytes", 500.0),
        ("read-all, 1 MB, peak", "MB held", "before any work", 2.0),
        ("read, 10 MB", "CPU s/MB", "1 MB", 1.0),
        ("read, 10 MB, peak", "MB held", "1 MB", 1.5),
        ("read-all, 10 MB", "s/MB", "1 MB", 2.0),
        ("read-all, 10 MB, peak", "MB held", "1 MB", 1.0),
    ]


def test_columns_of_the_table_are_as_wide_as_what_stands_in_them() -> None:
    assert bench_all.table(ROWS) == (
        "part   what              figure  unit  peer or limit         ratio\n"
        "parse  fountain, 200 kB       8  MB/s  str.splitlines  640  0.0125\n"
        "start  --help              0.15  s     bar             0.3     0.5\n"
    )


def test_json_has_the_machine_the_date_and_all_rows() -> None:
    found = json.loads(bench_all.document(ROWS, ["train failed"], MACHINE, date="2026-11-30T00:00:00+00:00"))
    assert found["machine"] == MACHINE
    assert found["date"] == "2026-11-30T00:00:00+00:00"
    assert found["failures"] == ["train failed"]
    assert found["rows"][1] == {
        "part": "start",
        "what": "--help",
        "figure": 0.15,
        "unit": "s",
        "peer": "bar",
        "peer_figure": 0.3,
        "ratio": 0.5,
    }


def test_the_machine_stands_on_one_line() -> None:
    assert bench_all.headline(MACHINE) == "Some processor, 2 cores, Python 3.11, NumPy 2.4, torch 2.13"
    assert "1 core," in bench_all.headline({**MACHINE, "cores": 1})


def test_the_processor_is_what_the_system_calls_it(tmp_path: Path) -> None:
    listing = tmp_path / "cpuinfo"
    listing.write_text("processor\t: 0\nmodel\t\t: 207\nmodel name\t: Some: processor\n", encoding="utf-8")
    assert bench_all.processor(listing) == "Some: processor"
    assert bench_all.processor(tmp_path / "none") not in ("", "Some: processor")


def test_a_part_that_fails_leaves_the_others_theirs() -> None:
    def measure(part: str) -> list[Row]:
        if part == "train":
            raise PartError("train gave no figures")
        return [row for row in ROWS if row.part == part]

    assert bench_all.collect(["parse", "train", "start"], measure) == (ROWS, ["train gave no figures"])


def test_a_process_that_ends_badly_is_told_by_its_last_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code = "import sys; print('before'); sys.stderr.write('long story\\n'); sys.exit('no such thing')"
    with pytest.raises(PartError, match=r"^parse gave no figures, exit code 1: no such thing$"):
        bench_all.apart("parse", [sys.executable, "-c", code], tmp_path / "rows.json")
    assert capfd.readouterr().err == "before\nlong story\nno such thing\n"


def test_rows_come_back_from_a_process_as_they_were(tmp_path: Path) -> None:
    answer = tmp_path / "rows.json"
    code = (
        "import dataclasses, json, pathlib, sys; sys.path.insert(0, sys.argv[1]); import bench_all;"
        "row = bench_all.Row('start', '--help', .15, 's', 'bar', .3);"
        "pathlib.Path(sys.argv[2]).write_text(json.dumps([dataclasses.asdict(row)]))"
    )
    folder = str(Path(bench_all.__file__).parent)
    assert bench_all.apart("start", [sys.executable, "-c", code, folder, str(answer)], answer) == [ROWS[1]]
