"""Straightforward pages: any margin, wraps, hyphens, one tag a line, nothing lost."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import nasty_text

from screenplay.elements import Action, Character, Dialogue, Parenthetical, SceneHeading, Transition
from screenplay.readers import Reading, layout

PAGE = """\
INTERIOR  BOWLING ALLEY

Balls roll. Somebody is losing, and he takes it as
badly as a man can take it.

                    WALTER
               (quietly)
          This is not a game. There are rules
          here, and this is one of them.

He sits down again.

                                                     CUT TO:

EXT. PARKING LOT - NIGHT

Rain.
"""
ELEMENTS = (
    SceneHeading(text="INTERIOR BOWLING ALLEY"),
    Action(text="Balls roll. Somebody is losing, and he takes it as badly as a man can take it."),
    Character(name="WALTER"),
    Parenthetical(text="quietly"),
    Dialogue(text="This is not a game. There are rules here, and this is one of them."),
    Action(text="He sits down again."),
    Transition(text="CUT TO:"),
    SceneHeading(text="EXT. PARKING LOT - NIGHT"),
    Action(text="Rain."),
)


def elements(text: str) -> tuple[object, ...]:
    return layout.read(text).elements


@pytest.mark.parametrize("margin", [0, 1, 3, 10, 17])
def test_any_left_margin(margin: int) -> None:
    text = "".join(" " * margin + line if line.strip() else line for line in PAGE.splitlines(keepends=True))
    assert elements(text) == ELEMENTS


def test_tabs() -> None:
    text = re.sub("^( {5,})", lambda spaces: "\t" * (len(spaces[0]) // 5), PAGE, flags=re.MULTILINE)
    assert "\t" in text
    assert elements(text) == ELEMENTS


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_other_line_ends(end: str) -> None:
    assert elements(PAGE.replace("\n", end)) == ELEMENTS


def test_no_blank_lines() -> None:
    assert elements(PAGE.replace("\n\n", "\n")) == ELEMENTS


def test_double_spaced() -> None:
    assert elements(PAGE.replace("\n", "\n\n")) == ELEMENTS


def test_no_indentation() -> None:
    assert elements("\n".join(line.strip() for line in PAGE.splitlines()) + "\n") == ELEMENTS


def test_revision_stars_are_no_text() -> None:
    assert elements(re.sub(r"(?m)^(.*[a-z.].*)$", lambda line: line[0].ljust(72) + "*", PAGE)) == ELEMENTS


def test_source_lines() -> None:
    lines = [element.line for element in layout.read(PAGE).elements]
    assert lines == [1, 3, 6, 7, 8, 11, 13, 15, 17]


def test_one_tag_a_line() -> None:
    tags = layout.scan(PAGE).tags
    assert len(tags) == len(PAGE.splitlines())
    assert tags[:9] == (
        "scene_heading", "blank", "action", "action", "blank", "character", "parenthetical", "dialogue", "dialogue",
    )  # fmt: skip


WRAPS = {
    "hyphen of the word": (
        "He is a well-\nknown liar and they all know it.",
        "He is a well-known liar and they all know it.",
    ),
    "hyphen of the line": (
        "The machine has a fly-\nwheel. A flywheel turns.",
        "The machine has a flywheel. A flywheel turns.",
    ),
    "name": (
        "Nobody has seen Jean-\nLuc since they closed the bar.",
        "Nobody has seen Jean-Luc since they closed the bar.",
    ),
    "broken off": (
        "He was going to st-\nThen he falls down the stairs.",
        "He was going to st- Then he falls down the stairs.",
    ),
    "dash": (
        "The bowling shoes --\nsize nine -- are gone for good.",
        "The bowling shoes -- size nine -- are gone for good.",
    ),
}


@pytest.mark.parametrize("case", WRAPS)
def test_halves_of_words(case: str) -> None:
    typed, text = WRAPS[case]
    page = f"INT. BAR - NIGHT\n\n{typed}\n\nThe old man and the liar know a lot. He is well.\n"
    first = layout.read(page).elements[1]
    assert isinstance(first, Action)
    assert first.text.replace("\n", " ") == text


LITTLE = [
    "",
    "\n",
    "\r",
    "\n\n  \n",
    "\ufeff",
    "\x00",
    "\f\f",
    "(",
    "()",
    "12",
    "♪",
    "\ud800",
    "NAME\n\n\n(",
    "A:\n",
    "\n\x00",
]


@pytest.mark.parametrize("text", LITTLE)
def test_little_texts(text: str) -> None:
    assert len(layout.scan(text).tags) == count_lines(text)


def count_lines(text: str) -> int:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(lines) - (lines[-1] == "")


def letters_lost(text: str, reading: Reading) -> Counter[str]:
    """Letters and digits of the text that are in no element and on no line of furniture."""
    kept: list[str] = []
    for element in reading.screenplay.elements:
        kept += (
            str(value) for name, value in element.model_dump(exclude={"line", "kind"}).items() if value is not None
        )
        if isinstance(element, SceneHeading) and element.number:
            kept.append(element.number)  # printed in both margins
    for key, values in reading.screenplay.title_page.items():
        kept += (key, *values)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for line, tag in zip(lines, reading.tags, strict=False):
        if tag == "furniture" or (tag == "character" and re.search(r"cont|more", line, re.IGNORECASE)):
            kept.append(line)  # a cue that a page break repeated is kept in the speech that goes on
    before, after = (Counter(filter(str.isalnum, part)) for part in (text, " ".join(kept)))
    return before - after


_LINES = st.sampled_from(
    [
        *PAGE.splitlines(), "", "                    THE DUDE (V.O.)", "          So it goes.", "     (MORE)", "12.",
        "CONTINUED:", "                    WALTER (CONT'D)", "36   EXT. YARD - DAY        36", "Title: A Film", "by",
        "OMITTED", "HAMLET. To be.", "[Exit.]", "NAME:", "   WALTER              DONNY", "♪ la la", "well-", "known",
        "   Yes.           I am the walrus.", "***",
    ]
)  # fmt: skip


@given(st.lists(_LINES | nasty_text, max_size=25).map("\n".join))
def test_no_text_fails_or_loses_words(text: str) -> None:
    reading = layout.scan(text)
    assert len(reading.tags) == count_lines(text)
    assert not letters_lost(text, reading)


@given(st.text(max_size=200))
def test_any_characters(text: str) -> None:
    reading = layout.scan(text)
    assert len(reading.tags) == count_lines(text)
    assert not letters_lost(text, reading)


def test_every_kind_of_line_has_a_tag() -> None:
    tags = set(layout.scan(PAGE + "\n                                             12.\n\nMore rain.\n").tags)
    assert tags >= {
        "scene_heading",
        "action",
        "character",
        "parenthetical",
        "dialogue",
        "transition",
        "blank",
        "furniture",
    }


def test_a_long_text_is_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    text = PAGE * 30
    whole = layout.scan(text)
    monkeypatch.setattr(layout, "PART_LINES", 130)
    parts = layout.scan(text)
    assert parts.tags == whole.tags
    assert len(parts.screenplay.elements) == len(whole.screenplay.elements) == 30 * len(ELEMENTS)
    assert [element.line for element in parts.screenplay.elements] == [e.line for e in whole.screenplay.elements]
