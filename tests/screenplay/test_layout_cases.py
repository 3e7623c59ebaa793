"""Small pages with right answers, each a kind of fault that readers of laid-out text have."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from screenplay.elements import Element
from screenplay.readers import layout

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "layout.jsonl").read_text(encoding="utf-8").splitlines()
]
NAMES = {"omitted": "scene_heading", "centered": "action", "lyrics": "lyric"}

Row = tuple[str, str, str]


def wanted(rows: list[dict[str, Any]]) -> list[Row]:
    return joined(
        [
            (
                NAMES.get(row["type"], row["type"]),
                "OMITTED" if row["type"] == "omitted" else row["text"],
                row.get("scene_number") or "",
            )
            for row in rows
        ]
    )


def found(elements: tuple[Element, ...]) -> list[Row]:
    rows = []
    for element in elements:
        values = element.model_dump()
        rows.append((element.kind, values.get("text") or values.get("name") or "", values.get("number") or ""))
    return joined(rows)


def joined(rows: list[Row]) -> list[Row]:
    """Neighbours of one kind that may be one paragraph or several are compared as one."""
    out: list[Row] = []
    for kind, text, number in rows:
        text = re.sub(r"\s+", " ", text)
        if out and out[-1][0] == kind and kind in ("action", "dialogue"):
            out[-1] = (kind, f"{out[-1][1]} {text}", number)
        else:
            out.append((kind, text, number))
    return out


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case: dict[str, Any]) -> None:
    answers = [wanted(rows) for rows in (case["expected"], *case.get("alt", []))]
    assert found(layout.read(case["input"]).elements) in answers, case["why"]
