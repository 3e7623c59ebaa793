from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import Run

FOUNTAIN = """Title: NIGHT FERRY

INT. FERRY - NIGHT #12A#

A bell.
Twice.

> AND SO <

ÉLODIE (V.O.)
(softly)
Who's there?

MAX ^
~La la la

CUT TO:
"""
PAGE = """\
                                                       1.
INT. KITCHEN - NIGHT

The kettle screams. Nobody moves.

                         MARTA
               Turn it off.
"""


@pytest.fixture
def fountain(tmp_path: Path) -> Path:
    path = tmp_path / "film.fountain"
    path.write_text(FOUNTAIN, encoding="utf-8")
    return path


def test_table_has_a_row_for_each_element(run: Run, fountain: Path) -> None:
    done = run("parse", fountain)
    assert (done.code, done.err) == (0, "")
    assert [tuple(line.split(maxsplit=2)) for line in done.out.splitlines()][1:] == [
        ("3", "scene_heading", "INT. FERRY - NIGHT #12A#"),
        ("5", "action", "A bell. ⏎ Twice."),
        ("8", "action", "> AND SO <"),
        ("10", "character", "ÉLODIE (V.O.)"),
        ("11", "parenthetical", "(softly)"),
        ("12", "dialogue", "Who's there?"),
        ("14", "character", "MAX ^"),
        ("15", "lyric", "La la la"),
        ("17", "transition", "CUT TO:"),
    ]
    assert done.out.splitlines()[0].split(maxsplit=1) == ["title_page", "Title: NIGHT FERRY"]


def test_json_is_the_documented_one(run: Run, fountain: Path) -> None:
    data = json.loads(run("parse", fountain, "--format", "json").out)
    assert list(data) == ["title_page", "elements"]
    assert data["title_page"] == {"Title": ["NIGHT FERRY"]}
    assert {"kind": "scene_heading", "text": "INT. FERRY - NIGHT", "line": 3}.items() <= data["elements"][0].items()
    assert {"kind": "character", "name": "MAX", "dual": True}.items() <= data["elements"][6].items()


@pytest.mark.parametrize("text", [FOUNTAIN, PAGE, PAGE.rstrip("\n"), PAGE + "\n\n", PAGE.replace("\n", "\r\n"), "x"])
@pytest.mark.parametrize("suffix", [".fountain", ".txt"])
def test_lines_has_one_tag_for_each_line(run: Run, tmp_path: Path, text: str, suffix: str) -> None:
    path = tmp_path / f"film{suffix}"
    path.write_bytes(text.encode())
    done = run("parse", path, "--format", "lines")
    assert len(done.out.splitlines()) == len(text.splitlines())


def test_lines_names_blanks_and_furniture(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "film.txt"
    path.write_text(PAGE, encoding="utf-8")
    tags = run("parse", path, "--format", "lines").out.split()
    assert tags == ["furniture", "scene_heading", "blank", "action", "blank", "character", "dialogue"]


def test_json_has_no_lines_to_tag(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "film.json"
    path.write_text('{"elements": []}', encoding="utf-8")
    done = run("parse", path, "--format", "lines")
    assert (done.code, done.out) == (1, "")
    assert "a json file has no lines of a page to tag" in done.err


def test_stream_shows_tokens_by_name(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "film.fountain"
    path.write_text("INT. FERRY\n\nA bell.\n\nVERA\nHello.\n", encoding="utf-8")
    assert run("parse", path, "--format", "stream").out == (
        "⟨scene⟩INT. FERRY⟨cast⟩VERA⟨action⟩A bell.⟨character⟩VERA⟨dialogue⟩Hello.⟨end⟩\n"
    )


def test_what_a_reader_guessed_is_said_on_one_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "film.fountain"
    path.write_bytes("INT. CAFÉ\n\nA bell.\n".encode("cp1252"))
    done = run("parse", path)
    assert done.code == 0
    assert done.err.startswith(f"warning: {path}:1: not UTF-8")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("missing.txt", None, "there is no such file"),
        ("", None, "this is a folder"),
        ("empty.fountain", b"", "the file is empty"),
        ("binary.txt", bytes(range(256)) * 9, "this is binary data"),
        ("film.docx", b"PK\x03\x04 and so on", "this is a ZIP archive"),
        ("film.json", b'{"elements": [{"kind": 1}]}', "elements.0: "),
    ],
)
def test_unreadable_files(run: Run, tmp_path: Path, name: str, data: bytes | None, found: str) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    done = run("parse", path)
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith(f"error: {path}")
    assert found in done.err
    assert done.err.count("\n") == 1
