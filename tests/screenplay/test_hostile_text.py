from __future__ import annotations

import json
import time
import warnings
from pathlib import Path

import pytest
from hostile_kinds import BYTES, FDX, HTML, JSON, KINDS, TEXT
from hostile_reading import NAME, outcome_of

import screenplay
from screenplay.elements import MOST_LEVEL, Action, Section
from screenplay.errors import ReadError, ReadWarning
from screenplay.readers import fdx, fountain, html, layout, prose
from screenplay.readers import json as json_reader

GOLDEN = Path(__file__).parent.parent / "golden"


@pytest.mark.parametrize("reader", ["fountain", "text", "prose", "detect"])
@pytest.mark.parametrize("kind", TEXT)
def test_any_text_is_read(reader: str, kind: str) -> None:
    assert outcome_of(reader, TEXT[kind](300)) == "read"


@pytest.mark.parametrize("kind", FDX)
def test_a_final_draft_file_that_means_harm_is_read_or_refused_by_name(kind: str) -> None:
    assert outcome_of("fdx", FDX[kind](2_000)) in ("read", "refused")


@pytest.mark.parametrize("kind", HTML)
def test_a_web_page_that_means_harm_is_read_or_refused_by_name(kind: str) -> None:
    assert outcome_of("html", HTML[kind](2_000)) in ("read", "refused")


@pytest.mark.parametrize("kind", JSON)
def test_json_that_means_harm_is_read_or_refused_by_name(kind: str) -> None:
    assert outcome_of("json", JSON[kind](20_000)) in ("read", "refused")


@pytest.mark.parametrize("kind", BYTES)
def test_bytes_of_any_kind_are_a_text_or_refused_by_name(kind: str) -> None:
    assert outcome_of("bytes", BYTES[kind](2_000)) in ("read", "refused")


@pytest.mark.parametrize("format", ["fountain", "text", "json", "fdx", "html", "pdf"])
def test_a_file_cut_off_anywhere_is_read_or_refused_by_name(format: str, tmp_path: Path) -> None:
    film = screenplay.read(GOLDEN / "everything.json")
    path = tmp_path / f"film.{'txt' if format == 'text' else format}"
    screenplay.write(film, path)
    data = path.read_bytes()
    parts = 8 if format == "pdf" else 40  # each PDF costs a process
    cuts = {round(len(data) * part / parts) for part in range(parts)} | set(range(len(data) - 8, len(data)))
    for cut in sorted(cuts):
        assert outcome_of("bytes", data[:cut]) in ("read", "refused"), cut


@pytest.mark.parametrize("suffix", [".fountain", ".txt", ".json", ".fdx", ".html", ".pdf", ""])
@pytest.mark.parametrize("data", [b"", b"\x00", b"\xff\xfe", b"\xff\xfe\x00", b"<", b"{", b"%PDF-1", b"\xef\xbb\xbf"])
def test_next_to_nothing_is_read_or_refused_by_name(suffix: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"film{suffix}"
    path.write_bytes(data)
    said = str(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReadWarning)
        try:
            screenplay.read(path)
        except ReadError as error:
            said = str(error)
    assert said.startswith(str(path))


@pytest.mark.parametrize("bomb", ["entity bomb", "entity outside", "entity in a parameter"])
def test_a_document_type_definition_is_refused(bomb: str) -> None:
    with pytest.raises(ReadError, match=r"film\.file: this XML has a document type definition"):
        fdx.read(FDX[bomb](100), source=NAME)


def test_a_character_of_thousands_of_digits_is_none() -> None:
    page = f"<html><h3>INT. BAR</h3><h4>BO</h4><p>&#{'9' * 5_000};&#x{'f' * 5_000};&#65;"
    assert html.read(page).elements[-1] == Action(text="\ufffd\ufffdA")


def test_levels_without_end_are_refused_with_their_line() -> None:
    with pytest.raises(ReadError, match=r"film\.file:2: <a> is nested more than 64 deep"):
        fdx.read(FDX["levels"](700_000), source=NAME)


def test_a_million_nested_lists_are_one_error() -> None:
    with pytest.raises(ReadError, match="recursion limit"):
        json_reader.read("[" * 1_000_000, source=NAME)


def test_of_many_wrong_elements_the_first_is_named() -> None:
    with pytest.raises(ReadError, match=r"elements\.0: Unable to extract tag"):
        json_reader.read(JSON["empty objects"](100_000), source=NAME)
    with pytest.raises(ReadError, match=r"title_page\.Title\.0: Input should be a valid string"):
        json_reader.read(JSON["wrong title lines"](100_000), source=NAME)


def test_no_file_can_ask_for_a_section_of_any_level() -> None:
    huge = json.dumps({"elements": [{"kind": "section", "text": "x", "level": 10**12}]})
    with pytest.raises(ReadError, match=r"elements\.0\.level: Input should be less than or equal to 99"):
        json_reader.read(huge, source=NAME)
    marks = "#" * (MOST_LEVEL + 1)
    assert [e.kind for e in fountain.read(f"{marks} x").elements] == ["action"]
    assert prose.read(f"{marks} x").elements == (Section(text="x", level=MOST_LEVEL),)
    page = f'<html><h3 class="scene-heading">INT. BAR</h3><p class="section">{marks} x</p>'
    assert html.read(page).elements[1:] == (Section(text="x", level=MOST_LEVEL),)


@pytest.mark.slow
@pytest.mark.parametrize("reader", ["fountain", "detect", "prose", "text"])
def test_one_line_of_many_megabytes_is_read(reader: str) -> None:
    for text in ("word " * 1_000_000, "W" * 5_000_000):
        assert outcome_of(reader, text) == "read"


def test_a_byte_order_mark_alone_is_a_blank_line() -> None:
    assert fountain.scan("\ufeff").tags == layout.scan("\ufeff").tags == ("blank",)


def test_blank_lines_without_end_are_kept_and_cost_little() -> None:
    elements = fountain.read("x" + "\n" * 5_000 + "y").elements
    assert elements == (Action(text="x"), *[Action(text="")] * 4_998, Action(text="y"))
    assert [element.line for element in elements[:4]] == [1, 3, 4, 5]
    assert len(set(map(id, elements))) < 110


@pytest.mark.parametrize(
    ("reader", "kind"),
    [
        ("html", "levels of <b>"),
        ("html", "inline ends far away"),
        ("html", "inline ends out of blocks"),
        ("html", "spaces in a heading"),
        ("text", "@ many times on one line"),
    ],
)
def test_what_once_cost_quadratic_time_costs_linear_time(reader: str, kind: str) -> None:
    """Eight times the text would have cost 64 times as much; half of that in between is for a busy machine."""

    def seconds(size: int) -> float:
        text, found = KINDS[reader][kind](size), []
        for _ in range(2):
            started = time.process_time()
            outcome_of(reader, text)
            found.append(time.process_time() - started)
        return min(found)

    assert seconds(400_000) < 32 * max(seconds(50_000), 0.01)
