from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import Run, save_untrained

from cli import models, writers
from cli.writers import write_side_by_side, writers_for
from cli.writing import Job
from model.checkpoint import load
from model.generation import Request
from model.takes import write_takes
from screenplay.elements import Action, Character, Dialogue, SceneHeading, Screenplay
from screenplay.errors import LebowskiGenError

DRAFT = Screenplay(
    elements=(
        SceneHeading(text="INT. LANES"),
        Action(text="Rain."),
        Character(name="GUS"),
        Dialogue(text="Again?"),
    )
)
LONG = Request(last_scene=500, length=50)
"""Nobody waits until this is written."""


@pytest.fixture(scope="session")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_untrained(tmp_path_factory.mktemp("models") / "untrained")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The processes that were started; none of them outlives a test."""
    found: list[subprocess.Popen[bytes]] = []
    usual = subprocess.Popen

    def start(*arguments: object, **named: object) -> subprocess.Popen[bytes]:
        found.append(usual(*arguments, **named))  # type: ignore[call-overload]
        return found[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    yield found
    assert [process.returncode is not None for process in found] == [True] * len(found)


def job(folder: Path, request: Request, seeds: tuple[int, ...], draft: Screenplay | None = None) -> Job:
    return Job(folder=str(folder), request=request, draft=draft, seeds=seeds)


def test_processes_write_what_one_writes(untrained: Path, started: list[subprocess.Popen[bytes]]) -> None:
    request = Request(first_scene=2, last_scene=3, length=0.5, seed=9)
    told: list[tuple[int, int]] = []
    wanted = job(untrained, request, (4, 8, 5), DRAFT)
    found = write_side_by_side(wanted, processes=2, on_progress=lambda *done: told.append(done))
    alone = write_takes(load(untrained), request, DRAFT, seeds=wanted.seeds)
    assert [(e.seed, e.stream, e.merit) for e in found] == [(e.seed, e.stream, e.merit) for e in alone]
    assert told == sorted(told)
    assert told[-1] == (3, sum(len(each.stream) for each in found))
    assert len(started) == 2


def test_a_process_that_dies_is_an_error_and_ends_the_others(
    untrained: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    with pytest.raises(LebowskiGenError, match=r"a process that writes takes crashed \(SIGKILL: maybe memory ran out"):
        write_side_by_side(job(untrained, LONG, (1, 2)), processes=2, on_progress=lambda *_: started[1].kill())


def test_why_a_process_failed_is_told(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    with pytest.raises(LebowskiGenError, match=r"crashed \(exit code 1: .*CheckpointError: .*nowhere"):
        write_side_by_side(job(tmp_path / "nowhere", LONG, (1, 2)), processes=2, on_progress=lambda *_: None)


def test_who_interrupts_waits_for_nothing(untrained: Path, started: list[subprocess.Popen[bytes]]) -> None:
    def interrupt(ended: int, symbols: int) -> None:
        raise KeyboardInterrupt

    threads = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        write_side_by_side(job(untrained, LONG, (1, 2)), processes=2, on_progress=interrupt)
    assert len(started) == 2
    assert threading.active_count() == threads


COMMAND = """
import signal, subprocess, sys
from cli import writers

usual = subprocess.Popen
def start(*arguments, **named):
    process = usual(*arguments, **named)
    print(process.pid, flush=True)
    return process

signal.signal(signal.SIGINT, signal.default_int_handler)
subprocess.Popen, writers.cores = start, lambda: 2
from cli.app import main
sys.exit(main(sys.argv[1:]))
"""


def is_over(pid: int) -> bool:
    """Whether a process has ended, though maybe nobody has asked of what."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.stdout.strip() in ("", "Z")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize(("signal_", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_when_it_ends_so_do_all(untrained: Path, tmp_path: Path, signal_: signal.Signals, code: int) -> None:
    wanted = ["write", "--takes", "64", "--scene", "1-500", "--model", str(untrained), "-o", str(tmp_path / "x.txt")]
    command = [sys.executable, "-c", COMMAND, *wanted]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        pids = [int(process.stdout.readline()) for _ in range(2)]
        assert not any(map(is_over, pids))
        process.send_signal(signal_)
        assert process.wait(timeout=60) == code
        assert process.stderr.read().count("\n") == (2 if code == 130 else 0)
    for _ in range(100):
        if all(map(is_over, pids)):
            return
        time.sleep(0.3)
    pytest.fail("a process goes on")


def test_takes_of_several_processes_are_those_of_one(
    run: Run, untrained: Path, monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]]
) -> None:
    monkeypatch.setattr(models, "bundled", lambda: untrained)
    monkeypatch.setattr(writers, "_WORTH", 100)
    wanted = ["write", "--takes", "3", "--seed", "5", "--length", "0.2", "--all-takes", "--format", "fountain"]
    monkeypatch.setattr(writers, "cores", lambda: 1)
    alone = run(*wanted)
    assert not started
    monkeypatch.setattr(writers, "cores", lambda: 2)
    assert run(*wanted) == alone
    assert len(started) == 2
    assert alone.code == 0


def test_what_cannot_be_written_starts_no_process(
    run: Run, untrained: Path, monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]]
) -> None:
    monkeypatch.setattr(writers, "cores", lambda: 2)
    done = run("write", "--takes", "99", "--length", "99", "--model", untrained, "--style", "noir")
    assert done.code == 2
    assert 'has no style "noir"' in done.err
    assert not started


@pytest.mark.parametrize(
    ("takes", "symbols", "expected"), [(8, 3_000, 1), (8, 9_000, 2), (8, 900_000, 4), (3, 900_000, 3), (1, 900_000, 1)]
)
def test_processes_are_as_many_as_cores_takes_and_work(
    monkeypatch: pytest.MonkeyPatch, takes: int, symbols: int, expected: int
) -> None:
    monkeypatch.setattr(writers, "cores", lambda: 4)
    assert writers_for(takes, symbols) == expected


def test_a_process_that_writes_loads_neither_torch_nor_a_terminal() -> None:
    code = "import sys, cli.writing; assert not {'torch', 'typer', 'rich'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
