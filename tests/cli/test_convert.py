from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import get_args

import pytest
from running import Run

import screenplay
from cli import console
from cli.choices import Readable, Writable, Written
from screenplay import formats
from screenplay.errors import WriteError

FOUNTAIN = "INT. FERRY - NIGHT\n\nA bell.\n\nVERA\nHello.\n"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.fountain"
    path.write_text(FOUNTAIN, encoding="utf-8")
    return path


def test_help_names_every_format_there_is() -> None:
    assert set(get_args(Readable)) == set(formats.readable())
    assert set(get_args(Writable)) == set(formats.writable())
    assert set(get_args(Written)) == {"page", *formats.writable()}


@pytest.mark.parametrize("suffix", [".fountain", ".txt", ".json"])
def test_suffixes_decide(run: Run, film: Path, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"out{suffix}"
    done = run("convert", film, out)
    assert (done.code, done.out, done.err) == (0, "", "")
    assert screenplay.read(out) == screenplay.read(film)
    assert formats.open_source(out).format.suffixes[0] == suffix


def test_formats_named_win(run: Run, film: Path, tmp_path: Path) -> None:
    assert run("convert", film, tmp_path / "out.txt", "--to", "json").code == 0
    assert (tmp_path / "out.txt").read_text(encoding="utf-8").startswith("{")
    assert run("convert", tmp_path / "out.txt", tmp_path / "back.fountain", "--from", "json").code == 0
    assert (tmp_path / "back.fountain").read_text(encoding="utf-8") == FOUNTAIN


def test_standard_input_and_output(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FOUNTAIN.encode())))
    done = run("convert", "-", "-", "--from", "fountain", "--to", "text")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[4:] == ["                    VERA", "          Hello."]


def test_standard_output_needs_a_format(run: Run, film: Path) -> None:
    done = run("convert", film, "-")
    assert (done.code, done.out) == (2, "")
    assert "--to" in done.err


@pytest.mark.parametrize(
    ("out", "found"),
    [
        ("out.docx", "the suffix .docx names no format to write"),
        ("out", "there is no suffix that names a format"),
        ("nowhere/out.json", "its folder does not exist. Make it first: mkdir -p"),
        (".", "there is no suffix"),
    ],
)
def test_what_can_not_be_written(run: Run, film: Path, tmp_path: Path, out: str, found: str) -> None:
    done = run("convert", film, tmp_path / out)
    assert (done.code, done.out) == (1, "")
    assert found in done.err
    assert done.err.count("\n") == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["film.fountain"]


def test_an_unreadable_source_leaves_the_target_alone(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.fountain"
    out.write_text("old", encoding="utf-8")
    assert run("convert", tmp_path / "nowhere.fountain", out).code == 3
    assert out.read_text(encoding="utf-8") == "old"


def test_a_file_may_be_converted_onto_itself(run: Run, film: Path) -> None:
    assert run("convert", film, film).code == 0
    assert film.read_text(encoding="utf-8") == FOUNTAIN


def test_bytes_are_kept_from_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "shows_pages", lambda: True)
    with pytest.raises(WriteError, match=r"no text for a terminal\. Name a file"):
        console.deliver(b"%PDF-1.7")


@pytest.mark.parametrize("suffix", [".fdx", ".html", ".pdf"])
def test_files_with_a_signature_are_known_whatever_they_are_called(
    run: Run, film: Path, tmp_path: Path, suffix: str
) -> None:
    assert run("convert", film, tmp_path / f"out{suffix}").code == 0
    misnamed = tmp_path / "out.txt"
    (tmp_path / f"out{suffix}").rename(misnamed)
    assert screenplay.read(misnamed) == screenplay.read(film)


def test_scene_numbers_and_continueds_can_be_left_out(run: Run, tmp_path: Path) -> None:
    film = tmp_path / "film.fountain"
    film.write_text("INT. FERRY - NIGHT #7A#\n\nVERA\nHello.\n\nA bell.\n\nVERA\nYes.\n", encoding="utf-8")
    plain, fdx = tmp_path / "plain.pdf", tmp_path / "film.fdx"
    assert run("convert", film, plain, "--no-scene-numbers", "--no-continueds").code == 0
    assert run("convert", film, fdx, "--no-scene-numbers").code == 0
    assert '"7A"' not in fdx.read_text(encoding="utf-8")
    assert screenplay.read(plain).scenes[0].heading.number is None
    assert run("convert", film, tmp_path / "numbered.pdf").code == 0
    assert screenplay.read(tmp_path / "numbered.pdf").scenes[0].heading.number == "7A"


def test_an_option_that_a_format_lacks_is_refused(run: Run, film: Path, tmp_path: Path) -> None:
    done = run("convert", film, tmp_path / "out.html", "--font", "a.ttf")
    assert done.code == 1
    assert "html has no option 'font'; expected pdf" in done.err
    assert not (tmp_path / "out.html").exists()
