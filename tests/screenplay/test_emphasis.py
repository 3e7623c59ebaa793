from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import nasty_text

from screenplay.emphasis import Run, compose, parse, plain

CASES = [
    case
    for line in Path(__file__).parent.parent.joinpath("cases", "fountain.jsonl").read_text("utf-8").splitlines()
    if (case := json.loads(line))["id"].startswith("em-")
]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_cases_that_users_reported(case: dict[str, object]) -> None:
    lines = str(case["input"]).strip("\n").split("\n\n")
    expected = case["expected"]
    assert isinstance(expected, list)
    for line, element in zip(lines, expected, strict=True):
        want = tuple(Run(text, bool(bold), bool(italic), bool(under)) for text, bold, italic, under in element["runs"])
        assert parse(line) == want
        assert plain(line) == element["text"]


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("", ()),
        ("a\nb", (Run("a\nb"),)),
        (r"\*a\* \_b\_ c\\d \e", (Run(r"*a* _b_ c\d \e"),)),
        ("*a***b**", (Run("a", italic=True), Run("b", bold=True))),
        ("***a** b*", (Run("a", bold=True, italic=True), Run(" b", italic=True))),
        ("***a*", (Run("**"), Run("a", italic=True))),
        ("*a***", (Run("a", italic=True), Run("**"))),
        ("*a *b*", (Run("*a "), Run("b", italic=True))),
        ("*a **b* c**", (Run("a ", italic=True), Run("b", True, True), Run(" c", bold=True))),
        ("_**x**_'s", (Run("x", bold=True, underline=True), Run("'s"))),
        ("Sign here: ____ or **** or __x__", (Run("Sign here: ____ or **** or __x__"),)),
        ("5 * 3 * 2 _ _", (Run("5 * 3 * 2 _ _"),)),
        ("un*believ*able un_believ_able", (Run("un"), Run("believ", italic=True), Run("able un_believ_able"))),
        ("*a\u00e9 \u4e2d*", (Run("a\u00e9 \u4e2d", italic=True),)),
    ],
)
def test_what_marks_mean(text: str, runs: tuple[Run, ...]) -> None:
    assert parse(text) == runs


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ([Run("Dial *69")], r"Dial \*69"),
        ([Run("a file_name, ____, 2 * 2, a\\b * * *")], "a file_name, ____, 2 * 2, a\\b * * *"),
        ([Run("Say "), Run(" no ", italic=True), Run("now")], "Say  *no* now"),
        ([Run("a\nb", bold=True)], "**a**\n**b**"),
        ([Run("un"), Run("happy", underline=True)], "unhappy"),
        ([Run("un"), Run("happy", underline=True, bold=True)], "un**_happy_**"),
        ([Run("a", underline=True), Run("b", italic=True)], "_a_*b*"),
        ([Run("THE END", underline=True, bold=True)], "_**THE END**_"),
        ([Run("a ", bold=True), Run("b", bold=True, underline=True)], "**a _b_**"),
        ([Run("*", italic=True), Run("*")], "*\\**\\*"),
        ([Run("a\\"), Run("b", italic=True)], r"a\\*b*"),
    ],
)
def test_marks_are_put_sparingly(runs: list[Run], text: str) -> None:
    assert compose(runs) == text


STYLED = st.builds(Run, nasty_text | st.sampled_from(("a", " ", "*", "_", "\\", "b c")), *([st.booleans()] * 3))


def _letters(runs: Iterable[Run], *styles: str) -> list[tuple[object, ...]]:
    return [(letter, *(getattr(run, s) for s in styles)) for run in runs for letter in run.text if letter.strip()]


def _only_lost(got: list[tuple[object, ...]], wanted: list[tuple[object, ...]]) -> None:
    """Underlining of a part of a word may get lost; none may appear."""
    assert all(theirs[1] or not ours[1] for ours, theirs in zip(got, wanted, strict=True))


@settings(max_examples=200)
@given(st.lists(STYLED, max_size=6))
def test_composed_runs_are_parsed_again(runs: list[Run]) -> None:
    again = parse(compose(runs))
    assert "".join(run.text for run in again) == "".join(run.text for run in runs)
    assert _letters(again, "bold", "italic") == _letters(runs, "bold", "italic")
    _only_lost(_letters(again, "underline"), _letters(runs, "underline"))


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(("*", "**", "***", "_", "\\", "a", "b", " ", "-", "\n")) | st.text(max_size=2), max_size=12
    ).map("".join)
)
def test_marks_keep_their_meaning_when_written_again(text: str) -> None:
    runs = parse(text)
    again = parse(compose(runs))
    assert "".join(run.text for run in again) == "".join(run.text for run in runs)
    assert _letters(again, "bold", "italic") == _letters(runs, "bold", "italic")
    _only_lost(_letters(again, "underline"), _letters(runs, "underline"))


@given(nasty_text)
def test_text_without_styles_stays_itself(text: str) -> None:
    assert parse(compose([Run(text)])) == ((Run(text),) if text else ())
