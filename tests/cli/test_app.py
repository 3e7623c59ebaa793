from __future__ import annotations

import os
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from running import Run
from typer.testing import CliRunner

from cli.app import app, exit_code
from model.errors import CheckpointError, CorpusError, RequestError
from screenplay.errors import LebowskiGenError, ReadError, WriteError

COMMAND = [sys.executable, "-m", "cli.app"]
FOUNTAIN = "INT. FERRY - NIGHT\n\nA bell.\n\nVERA\nHello.\n\n"


@pytest.mark.parametrize("command", ["write", "train", "parse", "convert"])
def test_each_command_explains_itself(command: str) -> None:
    assert command in CliRunner().invoke(app, ["--help"]).output
    done = CliRunner().invoke(app, [command, "--help"])
    assert done.exit_code == 0
    assert done.output.startswith("Usage: ")


def test_version(run: Run) -> None:
    done = run("--version")
    assert (done.code, done.out, done.err) == (0, f"lebowski-gen {version('lebowski-gen')}\n", "")


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["prase"], "No such command 'prase'. Did you mean 'parse'? Try: lebowski-gen --help"),
        (["parse"], "Missing argument 'FILE'. Try: lebowski-gen parse --help"),
        (["parse", "x", "--format", "xml"], "'xml' is not one of 'table', 'json', 'lines', 'stream'."),
        (["parse", "x", "--fromat", "json"], "No such option"),
        (["convert", "a", "b", "c"], "unexpected extra argument"),
        (["write", "--scene", "0"], "'--scene': scenes are counted from 1."),
        (["write", "--scene", "3-1"], "the last scene, 1, stands before the first, 3."),
        (["write", "--scene", "three"], "'three' is no scene; give one, as 3, or several, as 3-5."),
        (["write", "--scene=-1"], "'-1' is no scene"),
        (["write", "--cast", ""], "'--cast': it is empty"),
        (["write", "--cast", "VERA", "--cast", " "], "'--cast': it is empty"),
        (["write", "--prompt", "\n"], "'--prompt': it is empty"),
        (["write", "--heading", ""], "'--heading': it is empty"),
        (["write", "--model", ""], "'--model': it is empty"),
        (["write", "--seed", "-1"], "'--seed': "),
        (["write", "--seed", str(1 << 63)], "'--seed': "),
        (["write", "--temperature", "-0.1"], "'--temperature': "),
        (["write", "--temperature", "nan"], "'--temperature': "),
        (["write", "--min-p", "1.5"], "'--min-p': "),
        (["write", "--format", "docx"], "'docx' is not one of"),
    ],
)
def test_wrong_usage_is_one_line_and_code_2(run: Run, arguments: list[str], found: str) -> None:
    done = run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert found in done.err
    assert done.err.startswith("error: ")
    assert done.err.count("\n") == 1


def test_exit_codes_tell_kinds_of_failure_apart() -> None:
    codes = [
        exit_code(e("x")) for e in (LebowskiGenError, WriteError, CorpusError, RequestError, ReadError, CheckpointError)
    ]
    assert codes == [1, 1, 1, 2, 3, 4]


def test_control_characters_in_a_name_reach_no_terminal(run: Run, tmp_path: Path) -> None:
    done = run("parse", tmp_path / "a\nb\x1b[31m.txt")
    assert done.err.count("\n") == 1
    assert "a\\nb\\x1b[31m.txt: there is no such file" in done.err


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.fountain"
    path.write_text(FOUNTAIN * 3000, encoding="utf-8")
    return path


def test_a_reader_that_has_enough_ends_it_without_a_word(film: Path) -> None:
    with subprocess.Popen([*COMMAND, "parse", film], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["parse"], ["parse", "--format", "json"]])
def test_a_full_disk_under_standard_output_is_said(film: Path, arguments: list[str]) -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        done = subprocess.run([*COMMAND, *arguments, film], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "error: <stdout>: this can't be written (No space left on device). Make room and try again\n"


def test_closed_streams_are_no_reason_to_crash(film: Path) -> None:
    def shell(command: str) -> subprocess.CompletedProcess[str]:
        script = f"'{sys.executable}' -m cli.app {command}"
        return subprocess.run(["sh", "-c", script], stderr=subprocess.PIPE, text=True, check=False)

    assert "Traceback" not in shell(f"parse '{film}' --format lines >&-").stderr
    assert shell("parse nowhere.txt 2>&-").returncode == 3
    assert shell("parse - <&-").stderr == "error: <stdin>: standard input is closed\n"


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_ctrl_c_ends_with_130() -> None:
    with subprocess.Popen(
        [*COMMAND, "parse", "-"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A test run in a shell's background inherits Ctrl-C ignored; a person at a terminal does not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(b"A bell.\n" * 100_000)  # more than a pipe holds: once it is through, the command reads
        process.send_signal(signal.SIGINT)
        process.stdin.close()  # a signal between two reads is seen only after the second
        assert process.stderr.read() == b"interrupted\n"
        assert process.wait() == 130


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_whatever_the_terminal_speaks_files_are_utf_8(film: Path, encoding: str) -> None:
    film.write_text("INT. CAFÉ\n\n日本 – “bell”.\n", encoding="utf-8")
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    done = subprocess.run([*COMMAND, "parse", film], stdout=subprocess.PIPE, env=environment, check=True)
    assert "日本 – “bell”." in done.stdout.decode()
