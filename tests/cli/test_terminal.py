"""What a person sees: the command runs on a terminal of its own."""

from __future__ import annotations

import fcntl
import os
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from rich.cells import cell_len
from running import save_untrained

from cli import console
from screenplay.errors import ReadError

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
FOUNTAIN = "INT. FERRY - NIGHT\n\nA bell, and then for a very long time nothing but water.\n\nVERA\n[[no]] Hello.\n"


def on_terminal(arguments: list[str | Path], columns: int, **environment: str) -> tuple[int, str]:
    """Exit code, and all that reached the terminal."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    inherited = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "LINES", "FORCE_COLOR")}
    with subprocess.Popen(
        [sys.executable, "-m", "cli.app", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=inherited | {"TERM": "xterm-256color"} | environment,
    ) as process:
        os.close(theirs)
        seen = b""
        try:
            while part := os.read(ours, 65536):
                seen += part
        except OSError:  # how Linux says that the other side has closed
            pass
        finally:
            os.close(ours)
        return process.wait(), seen.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("columns", [50, 80])
def test_the_table_fits_the_terminal_and_is_counted(tmp_path: Path, columns: int) -> None:
    path = tmp_path / "film.fountain"
    path.write_text(FOUNTAIN, encoding="utf-8")
    code, seen = on_terminal(["parse", path], columns)
    lines = ESCAPE.sub("", seen).splitlines()
    assert code == 0
    assert max(map(cell_len, lines)) <= columns
    assert lines[-1] == "5 elements, 1 scene, 1 voice"
    assert "\x1b[1;36mVERA" in seen
    assert any("[[no]]" in line or "no" in line.split() for line in lines)


def test_no_color_leaves_weight_alone(tmp_path: Path) -> None:
    path = tmp_path / "film.fountain"
    path.write_text(FOUNTAIN, encoding="utf-8")
    _, seen = on_terminal(["parse", path], 80, NO_COLOR="1")
    assert "\x1b[1mVERA" in seen
    assert "36m" not in seen


def test_a_dumb_terminal_gets_no_escapes(tmp_path: Path) -> None:
    code, seen = on_terminal(["parse", tmp_path / "nowhere.txt"], 80, TERM="dumb")
    assert code == 3
    assert "\x1b" not in seen


@pytest.mark.slow
def test_a_scene_is_shown_as_a_page_and_told_about(tmp_path: Path, home: Path) -> None:
    columns, out = 50, tmp_path / "scene.txt"
    save_untrained(home / "models" / "tiny")
    code, seen = on_terminal(["write", "--model", "tiny", "--seed", "1", "-o", out], columns)
    page = ESCAPE.sub("", seen[seen.rindex("…") + 1 :])
    assert code == 0
    assert "seed 1, model tiny" in page
    assert max(cell_len(line.split("\r")[-1]) for line in page.splitlines()) <= columns
    words = out.read_text(encoding="utf-8").split()
    shown = page[: page.index("seed 1")].split()
    assert "".join(shown[-5:]) == "".join(words)[-len("".join(shown[-5:])) :]


def test_cutting_and_splitting_count_columns_not_characters() -> None:
    assert console.cells("日本") == 4
    assert console.cut("日本語テキスト", 7) == "日本語…"
    assert console.cut("short", 7) == "short"
    assert console.split("日本語", 4) == ("日本", "語")
    assert console.split("日", 1) == ("日", "")


def test_who_closed_standard_error_is_not_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with (tmp_path / "closed").open("w", encoding="utf-8") as closed:
        pass
    monkeypatch.setattr(sys, "stderr", closed)
    monkeypatch.setattr(console, "watched", lambda: False)
    console.fail(str(ReadError("x")))
    assert (tmp_path / "closed").read_text(encoding="utf-8") == ""
