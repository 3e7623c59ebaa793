from __future__ import annotations

import re
from pathlib import Path

import pytest

import screenplay
from screenplay import formats
from screenplay.elements import Action, SceneHeading, Screenplay
from screenplay.errors import ReadError, ReadWarning, WriteError
from screenplay.formats import Format
from screenplay.readers import Reading

FILM = Screenplay(elements=(SceneHeading(text="INT. FERRY - NIGHT"), Action(text="A bell.")))
FDX = """<?xml version="1.0" encoding="UTF-8"?>
<FinalDraft DocumentType="Script" Version="1"><Content>
<Paragraph Type="Scene Heading"><Text>INT. FERRY - NIGHT</Text></Paragraph>
<Paragraph Type="Action"><Text>A bell.</Text></Paragraph>
</Content></FinalDraft>
"""


@pytest.mark.parametrize("row", formats.TABLE, ids=lambda row: row.name)
def test_every_format_can_be_read_or_written_and_has_suffixes_of_its_own(row: Format) -> None:
    assert row.scan or row.render
    others = {suffix for other in formats.TABLE if other is not row for suffix in other.suffixes}
    assert row.suffixes
    assert others.isdisjoint(row.suffixes)


@pytest.mark.parametrize("row", [row for row in formats.TABLE if row.scan and row.render], ids=lambda row: row.name)
def test_what_a_format_writes_it_knows_and_reads_again(row: Format, tmp_path: Path) -> None:
    for suffix in (*row.suffixes, row.suffixes[0].upper()):
        path = tmp_path / f"film{suffix}"
        screenplay.write(FILM, path)
        assert formats.open_source(path).format is row
        assert screenplay.read(path) == FILM


@pytest.mark.parametrize("name", ["film.fdx", "film.txt", "film", "film.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_final_draft_file_is_one_whatever_it_is_called(tmp_path: Path, name: str, encoding: str) -> None:
    path = tmp_path / name
    path.write_bytes(FDX.replace("UTF-8", encoding.removesuffix("-sig").upper()).encode(encoding))
    assert formats.open_source(path).format.name == "fdx"
    assert screenplay.read(path) == FILM


def test_final_draft_text_at_hand() -> None:
    assert screenplay.read(FDX) == FILM


@pytest.mark.parametrize("suffix", [".fdx", ".html", ".pdf"])
def test_text_under_a_false_suffix_is_read_as_what_it_is(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"film{suffix}"
    path.write_text("INT. FERRY - NIGHT\n\nA bell.\n", encoding="utf-8")
    with pytest.warns(ReadWarning, match=rf"film{suffix}: the suffix is {suffix}, but this is no {suffix[1:].upper()}"):
        assert screenplay.read(path) == FILM


def test_an_empty_file_is_empty_whatever_its_suffix(tmp_path: Path) -> None:
    path = tmp_path / "film.pdf"
    path.write_bytes(b"")
    with pytest.raises(ReadError, match="the file is empty"):
        screenplay.read(path)


def test_a_damaged_file_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "film.fdx"
    path.write_text("<FinalDraf><Content>INT. FERRY - NIGHT", encoding="utf-8")
    with pytest.raises(ReadError, match=r"film\.fdx"):
        screenplay.read(path)
    assert screenplay.read(path, format="fountain").elements


def test_bytes_reach_the_reader_of_a_format_that_is_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    got: list[bytes] = []

    def scan(data: bytes, *, source: str) -> Reading:
        got.append(data)
        return Reading(FILM, tags=())

    row = Format("card", (".card",), scan, lambda film: b"\x00CARD\xff", re.compile(rb"\x00CARD"))
    monkeypatch.setattr(formats, "TABLE", (*formats.TABLE, row))
    screenplay.write(FILM, tmp_path / "film.card")
    (tmp_path / "film.card").rename(tmp_path / "film.txt")
    assert screenplay.read(tmp_path / "film.txt") == FILM
    assert got == [b"\x00CARD\xff"]


def test_a_format_that_can_only_be_read_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = Format("card", (".card",), formats.TABLE[0].scan, None)
    monkeypatch.setattr(formats, "TABLE", (*formats.TABLE, row))
    assert "card" in formats.readable()
    assert "card" not in formats.writable()
    with pytest.raises(WriteError, match=r"the suffix \.card names no format to write"):
        screenplay.write(FILM, tmp_path / "film.card")
    with pytest.raises(WriteError, match="there is no format 'card' to write"):
        screenplay.write(FILM, tmp_path / "film.txt", format="card")
