from __future__ import annotations

import json
from pathlib import Path

import pytest

import screenplay
from screenplay.elements import Action, Character, Dialogue, SceneHeading, Screenplay
from screenplay.errors import ReadError, WriteError
from screenplay.readers import json as reader
from screenplay.writers import json as writer

FILM = Screenplay(
    title_page={"Title": ("NIGHT FERRY", "PART TWO"), "Draft date": ("1/2/2030",)},
    elements=(
        SceneHeading(text="INT. FERRY - NIGHT", number="12A", line=4),
        Action(text="A bell.\n    Twice.", line=6),
        Character(name="ÉLODIE", extension="V.O.", dual=True, line=8),
        Dialogue(text="Who's there?", line=9),
    ),
)


def test_reading_what_was_written_gives_the_same() -> None:
    again = reader.read(writer.render(FILM))
    assert again == FILM
    assert [e.line for e in again.elements] == [4, 6, 8, 9]


def test_the_documented_shape() -> None:
    data = json.loads(writer.render(FILM))
    assert list(data) == ["title_page", "elements"]
    assert data["title_page"]["Title"] == ["NIGHT FERRY", "PART TWO"]
    assert {"kind": "action", "text": "A bell.\n    Twice.", "line": 6}.items() <= data["elements"][1].items()


def test_json_has_no_lines_to_tag() -> None:
    assert reader.scan(writer.render(FILM)).tags == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"elements": [', r"film\.json:1:14: not valid JSON"),
        ('{"elements": [{"kind": "action"}]}', r"film\.json: elements\.0\.text: Field required; expected"),
        ('{"elements": [{"kind": "song", "text": "La"}]}', r"film\.json: elements\.0: "),
        ('{"elements": [{"kind": "dialogue", "text": " "}]}', "the text is empty"),
        ("[1, 2]", "the whole: "),
        ("null", "the whole: "),
        ("[" * 100_000, "not valid JSON"),
        ('{"elements": [{"kind": "action", "text": "\\ud800"}]}', "not valid JSON"),
    ],
)
def test_what_is_no_screenplay_is_explained(text: str, found: str) -> None:
    with pytest.raises(ReadError, match=found):
        reader.read(text, source="film.json")


def test_read_and_write_of_files_go_by_suffix(tmp_path: Path) -> None:
    screenplay.write(FILM, tmp_path / "film.json")
    assert screenplay.read(tmp_path / "film.json") == FILM
    assert screenplay.read(str(tmp_path / "film.json")) == FILM
    assert screenplay.read(writer.render(FILM)) == FILM


def test_a_format_named_has_the_last_word(tmp_path: Path) -> None:
    screenplay.write(FILM, tmp_path / "film.data", format="json")
    assert screenplay.read(tmp_path / "film.data", format="json") == FILM


def test_an_unknown_suffix_or_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match=r"the suffix \.docx names no format to write; expected \.fountain"):
        screenplay.write(FILM, tmp_path / "film.docx")
    with pytest.raises(WriteError, match="there is no format 'word' to write; expected fountain, text"):
        screenplay.write(FILM, tmp_path / "film.txt", format="word")
    with pytest.raises(ReadError, match="there is no format 'word'"):
        screenplay.read("A\nB\n", format="word")
    assert list(tmp_path.iterdir()) == []
