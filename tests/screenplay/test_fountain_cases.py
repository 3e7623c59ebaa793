"""Inputs of the kinds that users of other tools reported, and a second opinion by a parser that isn't ours."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from screenplain import types
from screenplain.parsers.fountain import parse
from strategies import printable_screenplays

from screenplay import emphasis
from screenplay.elements import Character, Parenthetical, SceneHeading, Screenplay
from screenplay.readers.fountain import read
from screenplay.writers.fountain import render

TESTS = Path(__file__).parent.parent
CASES = [json.loads(line) for line in TESTS.joinpath("cases", "fountain.jsonl").read_text("utf-8").splitlines()]
CORPORA = sorted(TESTS.parent.joinpath("corpora").glob("*.fountain"))
Row = tuple[Any, ...]


def _folded(text: str) -> str:
    return " ".join(emphasis.plain(text).split())


def _wanted(elements: list[dict[str, Any]]) -> list[Row]:
    """A case's answer in our names, one row an element; notes are checked apart."""
    rows: list[Row] = []
    for element in elements:
        kind, text = element["type"], _folded(element["text"])
        if kind == "note" or kind == "title_page" or (not text and kind != "page_break"):
            continue
        kind = {"lyrics": "lyric", "centered": "action"}.get(kind, kind)
        more: tuple[Any, ...] = ()
        if kind == "scene_heading":
            more = (element.get("scene_number"),)
        elif kind == "character":
            more = (element.get("extension"), element.get("dual") == "right")
        elif kind == "section":
            more = (element["level"],)
        rows.append((kind, text, *more))
    return _joined(rows)


def _given(screenplay: Screenplay) -> list[Row]:
    rows: list[Row] = []
    for element in screenplay.elements:
        kind = element.kind
        if kind in ("note", "boneyard"):
            continue
        text = _folded(getattr(element, "name", None) or getattr(element, "text", ""))
        more: tuple[Any, ...] = ()
        if isinstance(element, SceneHeading):
            more = (element.number,)
        elif isinstance(element, Character):
            more = (element.extension, element.dual)
        elif element.kind == "section":
            more = (element.level,)
        if text or kind == "page_break":
            rows.append((kind, text, *more))
    return _joined(rows)


def _joined(rows: list[Row]) -> list[Row]:
    """Lines of one kind in a row count as one: cases leave open where paragraphs part."""
    joined: list[Row] = []
    for row in rows:
        if joined and joined[-1][0] == row[0] and row[0] in ("action", "dialogue", "lyric"):
            joined[-1] = (row[0], f"{joined[-1][1]} {row[1]}")
        else:
            joined.append(row)
    return joined


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_cases_that_users_reported(case: dict[str, Any]) -> None:
    screenplay = read(case["input"]) if not case["id"].endswith("-unclosed") else _warned(case["input"])
    wanted = _wanted(case["expected"])
    got = _given(screenplay)
    assert got[: len(wanted)] == wanted if case.get("ignore_rest") else got == wanted
    notes = [element["text"] for element in case["expected"] if element["type"] == "note"]
    assert [element.text for element in screenplay.elements if element.kind == "note"] == notes
    titles = [element["title"] for element in case["expected"] if element["type"] == "title_page"]
    page = {key.lower(): [_folded(line) for line in lines] for key, lines in screenplay.title_page.items()}
    assert page == (titles[0] if titles else {})
    assert read(render(screenplay)) == screenplay


def _warned(text: str) -> Screenplay:
    with pytest.warns(match="never ends"):
        return read(text)


def test_indents_and_blank_lines_of_action_are_kept() -> None:
    by_id = {case["id"]: case["input"] for case in CASES}
    indented = read(by_id["act-indent"]).elements
    assert [element.text for element in indented if element.kind == "action"][-1] == "    Dear tenant\n      leave now"
    apart = read(by_id["act-blank-lines"]).elements
    assert [element.text for element in apart if element.kind == "action"] == ["Wait.", "", "", "Wait more."]


# --- A second opinion


def _ours(screenplay: Screenplay) -> list[Row]:
    rows: list[Row] = []
    for element in screenplay.elements:
        if isinstance(element, SceneHeading):
            rows.append(("heading", _folded(element.text).upper()))
        elif isinstance(element, Character):
            extension = f" ({element.extension})" if element.extension else ""
            rows.append(("cue", _folded(element.name + extension)))
        elif isinstance(element, Parenthetical):
            rows.append(("parenthetical", f"({_folded(element.text)})"))
    return rows


def _theirs(text: str) -> list[Row]:
    rows: list[Row] = []
    for paragraph in parse(io.StringIO(text)).paragraphs:
        if isinstance(paragraph, types.Slug):
            rows.append(("heading", _plain(paragraph.line)))
        pair = isinstance(paragraph, types.DualDialog)
        speeches = [paragraph.left, paragraph.right] if pair else [paragraph] * isinstance(paragraph, types.Dialog)
        for speech in speeches:
            # A dual mark without a speech before it stays in the name there.
            rows.append(("cue", re.sub(r" \^$", "", _plain(speech.character))))
            rows += (("parenthetical", _plain(line)) for bracketed, line in speech.blocks if bracketed)
    return rows


def _plain(rich: Any) -> str:
    return " ".join("".join(segment.text for segment in rich.segments).split())


@pytest.mark.parametrize("path", CORPORA, ids=[path.stem for path in CORPORA])
def test_another_parser_says_the_same_of_our_screenplays(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert _theirs(text) == _ours(read(text))
    assert _theirs(render(read(text))) == _ours(read(text))


@settings(max_examples=80)
@given(printable_screenplays())
def test_another_parser_says_the_same_of_what_is_written(screenplay: Screenplay) -> None:
    # There, any line of a speech that begins with a bracket is a parenthetical.
    theirs = [row for row in _theirs(render(screenplay)) if row[0] != "parenthetical"]
    assert theirs == [row for row in _ours(screenplay) if row[0] != "parenthetical"]
