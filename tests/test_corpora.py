"""Our own screenplays: each reads without a guess, has its card, and is what the table says."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest

from screenplay.elements import Character
from screenplay.readers import fountain

CORPORA = Path(__file__).parent.parent / "corpora"
TITLES = sorted(path.stem for path in CORPORA.glob("*.fountain"))
_ROW = re.compile(r"^\| [^|]+ \| `([\w-]+)\.fountain` \| [^|]+ \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)
ROWS = {name: (int(scenes), int(cues)) for name, scenes, cues, _ in _ROW.findall((CORPORA / "README.md").read_text())}


def test_the_table_has_all_of_them() -> None:
    assert sorted(ROWS) == TITLES
    assert len(TITLES) >= 8


@pytest.mark.parametrize("title", TITLES)
def test_a_screenplay_is_what_is_said_of_it(title: str) -> None:
    text = (CORPORA / f"{title}.fountain").read_text(encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        screenplay = fountain.read(text)
    cues = sum(isinstance(element, Character) for element in screenplay.elements)
    assert ROWS[title] == (len(screenplay.scenes), cues)
    assert len(screenplay.cast) >= 6
    assert "CC0 1.0" in text[:1000]
    card = (CORPORA / f"{title}.md").read_text(encoding="utf-8")
    assert "CC0 1.0" in card
    assert f"{len(screenplay.scenes)} scenes" in card
