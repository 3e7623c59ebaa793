"""Many files are read side by side: what comes of it is the same, and what spoils one spoils no other."""

from __future__ import annotations

import os
import random
import shlex
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from running import Run, save_untrained

from cli import adding, collecting, collection, console, models, processes, reading_view
from cli.adding import Outcome, Step
from cli.collecting import add
from cli.processes import Processes
from cli.reading import Answer, Task, read
from cli.reading_view import figures
from screenplay import formats
from screenplay.errors import WriteError

_SCENE = "INT. LANE {0} - NIGHT\n\nRain falls.\n\nGUS\nNo, not lane {0}.\n\nARLENE\nYes.\n\n"
_SPOILERS = """
import os, signal, time
from screenplay import formats

def spoiled(path, read=formats.open_source):
    if "crash" in path:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "leave" in path:
        print("something is loose", file=__import__("sys").stderr)
        os._exit(3)
    while "hang" in path:
        pass
    if "talk" in path:
        print("not an answer")
    return read(path)

formats.open_source = spoiled
"""
"""What Python runs first in every process that reads: files of these names do what a broken reader would."""


def film(*lanes: int) -> str:
    return "".join(_SCENE.format(lane) for lane in lanes)


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    folder = tmp_path / "scripts"
    folder.mkdir()
    return folder


@pytest.fixture
def spoilers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text(_SPOILERS, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


def task(path: Path, **changes: object) -> Task:
    facts = {"number": 0, "path": str(path), "size_bytes": 1, "mtime_ns": 1, "sha256": "x", "reader": "1"}
    return Task.model_validate(facts | {"target": str(path.with_suffix(".kept")), "patience_s": 60.0} | changes)


def told(outcome: Outcome) -> tuple[list[str], list[str], list[tuple[str, str]], int]:
    """What an outcome says, by file names."""
    return (
        [Path(entry.path).name for entry in outcome.read],
        [Path(entry.path).name for entry in outcome.unchanged],
        [(Path(one.path).name, one.reason) for one in outcome.skipped],
        outcome.copies,
    )


class Shuffled:
    """Reads in this process, several tasks at a time, and is done with them in any order."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._pending: list[Task] = []

    def __enter__(self) -> Shuffled:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    @property
    def has_room(self) -> bool:
        return len(self._pending) < 4

    @property
    def is_busy(self) -> bool:
        return bool(self._pending)

    def start(self, task: Task) -> None:
        self._pending.append(task)

    def answers(self) -> list[Answer]:
        return [read(self._pending.pop(self._chance.randrange(len(self._pending))))]


def change(folder: Path, chance: random.Random) -> None:
    """Write, move, copy, swap and spoil some files."""
    for _ in range(8):
        path, other = (folder / f"{chance.choice('abcdefgh')}{chance.choice(('.fountain', '.txt'))}" for _ in range(2))
        match chance.randrange(5):
            case 0 | 1:
                path.write_text(film(*range(chance.randrange(4))) or "milk\n", encoding="utf-8")
            case 2 if path.exists():
                path.replace(other)
            case 3 if path.exists():
                other.write_bytes(path.read_bytes())
            case 4 if path.exists() and other.exists():
                first, second = path.read_bytes(), other.read_bytes()
                path.write_bytes(second)
                other.write_bytes(first)
            case _:
                path.write_bytes(bytes(range(256)) * 9)


@pytest.mark.parametrize("seed", range(12))
def test_it_comes_to_the_same_in_whatever_order_files_are_done(
    scripts: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(collecting, "Processes", lambda count: Shuffled(seed))
    for stamp in range(4):
        change(scripts, chance)
        for path in scripts.iterdir():
            os.utime(path, ns=(stamp, zlib.crc32(path.read_bytes())))
        given = [str(path) for path in scripts.iterdir()]
        chance.shuffle(given)
        one, many = add("one", given), add("many", given, processes=4)
        assert told(many) == told(one)
        assert many.collection.entries == one.collection.entries
        assert many.collection.skipped == one.collection.skipped
        assert list(many.collection.screenplays()) == list(one.collection.screenplays())
        if many.read or many.unchanged or many.copies:
            assert collection.find("many") == many.collection


def test_files_keep_the_order_in_which_they_were_given(scripts: Path, spoilers: None) -> None:
    sizes = {"long.fountain": 400, "talk.fountain": 1, "short.txt": 2, "middle.fountain": 40}
    for name, size in sizes.items():
        (scripts / name).write_text(film(*range(size)), encoding="utf-8")
    given = [str(scripts / name) for name in sizes]
    many = add("many", given, processes=3)
    assert [Path(entry.path).name for entry in many.read] == list(sizes)
    one = add("one", given)
    assert many.collection.entries == one.collection.entries
    assert list(many.collection.screenplays()) == list(one.collection.screenplays())
    kept = {entry.sha256 for entry in many.collection.entries}
    assert {path.stem for path in collection.folder("many").iterdir()} == {"collection", *kept}


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_file_that_takes_its_process_down_is_skipped_alone(
    scripts: Path, spoilers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("a.fountain", "b-crash.fountain", "c-leave.fountain", "d.fountain", "e-hang.fountain", "f.fountain")
    for number, name in enumerate(names):
        (scripts / name).write_text(film(*range(number + 1)), encoding="utf-8")
    hanging = (scripts / names[4]).stat().st_size
    monkeypatch.setattr(adding, "_patience_s", lambda size_bytes: 1.0 if size_bytes == hanging else 60.0)
    outcome = add("many", [str(scripts)], processes=2)
    assert told(outcome) == (
        ["a.fountain", "d.fountain", "f.fountain"],
        [],
        [
            ("b-crash.fountain", "its reader crashed (SIGSEGV)"),
            ("c-leave.fountain", "its reader crashed (exit code 3: something is loose)"),
            ("e-hang.fountain", "reading it took longer than 1 s, and was given up"),
        ],
        0,
    )
    assert collection.find("many") == outcome.collection


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_who_is_interrupted_waits_for_no_reader(scripts: Path, spoilers: None) -> None:
    (scripts / "hang.fountain").write_text(film(1), encoding="utf-8")
    began_s = time.monotonic()
    with Processes(1) as pool:
        pool.start(task(scripts / "hang.fountain", patience_s=600.0))
        time.sleep(0.2)
    assert time.monotonic() - began_s < 300


def test_what_can_not_be_kept_stops_all(scripts: Path) -> None:
    (scripts / "a.fountain").write_text(film(1), encoding="utf-8")
    with Processes(1) as pool:
        pool.start(task(scripts / "a.fountain", target=str(scripts)))
        with pytest.raises(WriteError, match="this is a folder"):
            pool.answers()


def test_a_killed_run_is_gone_on_with(scripts: Path) -> None:
    for number in range(8):
        (scripts / f"{number}.fountain").write_text(film(number), encoding="utf-8")
    script = (
        "import os, sys; from cli import collecting; collecting._SAVE_S = 0.0; collecting._SAVE_SHARE = 1e9;"
        "collecting.add('many', sys.argv[1:], on_step=lambda step: step.files == 5 and os._exit(9))"
    )
    assert subprocess.run([sys.executable, "-c", script, scripts], check=False).returncode == 9
    kept = collection.find_collection("many")
    assert [Path(entry.path).name for entry in kept.entries] == [f"{number}.fountain" for number in range(4)]
    assert len(list(kept.screenplays())) == 4
    outcome = add("many", [str(scripts)])
    assert (len(outcome.read), len(outcome.unchanged)) == (4, 4)
    assert outcome.collection.entries == add("fresh", [str(scripts)]).collection.entries


def test_a_fault_of_this_program_stops_at_its_file(scripts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = formats.Source.scan

    def fail(source: formats.Source) -> object:
        if source.name.endswith("b.fountain"):
            raise RecursionError("too deep")
        return scan(source)

    monkeypatch.setattr(formats.Source, "scan", fail)
    for number, name in enumerate("abc"):
        (scripts / f"{name}.fountain").write_text(film(number), encoding="utf-8")
    outcome = add("many", [str(scripts)])
    reason = "this program has a fault, and failed on it (RecursionError: too deep)"
    assert told(outcome) == (["a.fountain", "c.fountain"], [], [("b.fountain", reason)], 0)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_a_pipe_is_refused_and_not_waited_for(scripts: Path) -> None:
    os.mkfifo(scripts / "pipe.txt")
    assert told(add("many", [str(scripts)]))[2] == [
        ("pipe.txt", "this is no plain file. Save what comes from there, and name that file")
    ]


def test_processes_that_read_load_nothing_heavy(scripts: Path) -> None:
    (scripts / "a.fountain").write_text(film(1), encoding="utf-8")
    script = (
        "import sys; from cli.reading import Task, read; assert read(Task.model_validate_json(sys.argv[1])).entry;"
        "print(*(name for name in ('torch', 'rich', 'typer', 'safetensors') if name in sys.modules))"
    )
    given = task(scripts / "a.fountain").model_dump_json()
    done = subprocess.run([sys.executable, "-c", script, given], check=True, capture_output=True, text=True)
    assert done.stdout == "\n"


@pytest.fixture
def in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "cores", lambda: 1)


def test_ctrl_c_says_how_to_go_on(run: Run, scripts: Path, in_one: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(view: object, step: Step) -> None:
        if step.files == 2:
            raise KeyboardInterrupt

    for name in "abc":
        (scripts / f"{name}.fountain").write_text(film(ord(name)), encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(reading_view.ReadingView, "show", stop)
        done = run("corpus", "many", scripts)
    assert (done.code, done.out) == (130, "")
    *_, said, command = done.err.splitlines()
    assert said == "stopped; 2 screenplays in many so far"
    assert run(*shlex.split(command.split(": lebowski-gen ")[1])).code == 0
    assert len(collection.find_collection("many").entries) == 3


def test_a_large_collection_is_learned_from_disk(
    run: Run, scripts: Path, home: Path, tmp_path: Path, in_one: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cli.run_view import RunView
    from model import gathering

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    bundled = save_untrained(tmp_path / "tiny")
    monkeypatch.setattr(models, "bundled", lambda: bundled)
    monkeypatch.setattr(gathering, "LARGE", 1000)
    for number in range(6):
        (scripts / f"{number}.fountain").write_text(film(*range(number + 9)), encoding="utf-8")
    assert run("corpus", "many", scripts).code == 0
    with monkeypatch.context() as patch:
        patch.setattr(RunView, "_tell", stop)
        assert run("train", "--collection", "many", "--minutes", "0.01").code == 130
    folder = home / "models" / "many"
    assert {path.name for path in folder.iterdir()} == {"training"}
    assert (folder / "training" / "tokens-0.bin").stat().st_size > 2000
    done = run("train", "--collection", "many", "--resume")
    assert done.code == 0
    assert done.err.startswith("many learns from 6 screenplays")
    assert not (folder / "training").exists()


def test_the_number_of_processes_is_the_users_to_say(run: Run, scripts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def watched(name: str, given: list[str], *, processes: int, on_step: Callable[[Step], None]) -> Outcome:
        asked.append(processes)
        return add(name, given)

    monkeypatch.setattr(collecting, "add", watched)
    monkeypatch.setattr(processes, "cores", lambda: 7)
    (scripts / "a.fountain").write_text(film(1), encoding="utf-8")
    assert run("corpus", "many", scripts).code == 0
    assert run("corpus", "many", scripts, "--processes", "3").code == 0
    assert asked == [7, 3]
    assert run("corpus", "many", scripts, "--processes", "0").code == 2


def test_without_a_bar_there_is_a_line_now_and_then(
    run: Run, scripts: Path, in_one: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_view, "_LINE_S", 0.0)
    for name in "abc":
        (scripts / f"{name}.fountain").write_text(film(ord(name)), encoding="utf-8")
    lines = run("corpus", "many", scripts).err.splitlines()
    assert [line[:12] for line in lines[:3]] == ["1 of 3 files", "2 of 3 files", "3 screenplay"]


def test_a_bar_comes_to_its_end(run: Run, scripts: Path, in_one: None, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[float, str]] = []

    class Bar(console.Bar):
        def show(self, fraction: float, figures: str) -> None:
            shown.append((fraction, figures))

    monkeypatch.setattr(console, "Bar", Bar)
    monkeypatch.setattr(console, "watched", lambda: True)
    monkeypatch.setattr(console, "shows_pages", lambda: True)
    for name in "abc":
        (scripts / f"{name}.fountain").write_text(film(ord(name)), encoding="utf-8")
    assert run("corpus", "many", scripts).code == 0
    assert shown[-1][0] == 1.0
    assert shown[-1][1].startswith("3 of 3 files")


def test_figures_tell_what_is_left() -> None:
    step = Step(files=1500, all_files=6000, size_bytes=30_000_000, read_bytes=20_000_000, all_bytes=120_000_000)
    assert figures(step, 10.0, is_short=False) == "1,500 of 6,000 files  2.0 MB/s  0:45 left"
    assert figures(step, 10.0, is_short=True) == "1,500 of 6,000 files  0:45 left"
    assert figures(Step(0, 2, 0, 0, 10), 0.0, is_short=False) == "0 of 2 files"
