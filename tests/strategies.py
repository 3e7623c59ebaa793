"""Hypothesis strategies: screenplays that no one would write, and milder ones that a page can show.

from hypothesis import given
from strategies import printable_screenplays, screenplays

@given(screenplays())
def test_something(screenplay: Screenplay) -> None: ...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from pydantic import ValidationError

from screenplay.elements import (
    Action,
    Boneyard,
    Character,
    Dialogue,
    Element,
    Lyric,
    Note,
    PageBreak,
    Parenthetical,
    SceneHeading,
    Screenplay,
    Section,
    Shot,
    Synopsis,
    Transition,
)

_PIECES = (
    # Fountain's syntax, whole and in halves
    "[[", "]]", "[", "]", "/*", "*/", "*", "**", "_", "\\", "\\\\", "\\[[", "\\/*", "/", "#", "##", "#1#", "# ", "=",
    "===", "~", "!", "@", ">", "<", "> x <", ".", "..", "^", " ^", "(", ")", "((", "()", "(a) (b)", ":", "[[shot]]",
    # What makes lines look like something
    "INT. ", "EXT", "int ", "I/E ", "INT./EXT. ", "A BAR - NIGHT", "CUT TO:", "FADE IN:", "FADE OUT.", "CLOSE ON ",
    "POV", "INSERT", "WIDER", "(V.O.)", "(CONT'D)", "MORE", "THE DUDE", "WALTER", "dude", "1", "12A", "Title: ",
    "Author:", "Key: ", "(MORE)", "CONTINUED:", "OMITTED",
    # White space and breaks of every kind
    " ", "  ", "    ", "\t", "\n", "\n\n", "\n  \n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\xa0",
    "\u3000", "\u200b", "\ufeff", "\x00", "\x7f",
    # Letters with and without case
    "ß", "É", "ő", "ЖАННА", "жанна", "ΣΊΣΥΦΟΣ", "רותי", "麗子", "ǅ", "İ", "ı", "5150", "\U0001f3b3", "e\u0301",
    "\ue000", "\ue005",
)  # fmt: skip

nasty_text = st.lists(st.sampled_from(_PIECES) | st.text(max_size=6), min_size=1, max_size=7).map("".join)
"""Text made of what readers take for syntax, and of any Unicode."""

_WORDS = (
    "the rug really tied the room together", "Careful, man!", "It's a beverage -- here.", "No.", "Where's the money?",
    "He bowls.", "A *strike*.", "_Over the line!_", "Café Zoë, 5:30", "8-year-olds, Dude...", "THE BALL rolls", "BANG",
    "Sí.", "Żółw.", "(more or less)", "#2", "100%", "a/b",
)  # fmt: skip
_NAMES = (
    "THE DUDE",
    "WALTER",
    "MAUDE",
    "ÉLODIE",
    "ЖАННА",
    "GUARD #2",
    "MR. O'DELL-VANCE",
    "McRAE",
    "BO",
    "רותי",
    "5150",
)
_HEADINGS = (
    "INT. BOWLING ALLEY - NIGHT",
    "EXT. LAUREL CANYON - DAY",
    "INT./EXT. CAR - DUSK",
    "I/E VAN - DAY",
    "ROOFTOP, LATER",
)


def _valid(make: Callable[..., Element], **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Element]:
    """Elements of one kind; parts that it refuses (text empty once it is cleaned) are passed over."""

    def build(values: dict[str, Any]) -> Element | None:
        try:
            return make(**values)
        except ValidationError:
            return None

    return st.fixed_dictionaries(parts).map(build).filter(lambda element: element is not None)  # type: ignore[return-value]


def elements(text: st.SearchStrategy[str] = nasty_text) -> st.SearchStrategy[Element]:
    """One element of any kind."""
    optional = st.none() | text
    return st.one_of(
        _valid(SceneHeading, text=text, number=optional),
        _valid(Action, text=text | st.just(""), centered=st.booleans()),
        _valid(Action, text=text | st.just("")),
        _valid(Character, name=text, extension=optional, dual=st.booleans()),
        _valid(Parenthetical, text=text),
        _valid(Dialogue, text=text),
        _valid(Lyric, text=text),
        _valid(Transition, text=text),
        _valid(Shot, text=text),
        _valid(Section, text=text, level=st.integers(1, 8)),
        _valid(Synopsis, text=text),
        _valid(Note, text=text),
        _valid(Boneyard, text=text),
        st.just(PageBreak()),
    )


def _screenplay(title_page: dict[str, list[str]], body: list[Element]) -> Screenplay | None:
    try:
        return Screenplay(title_page={k: tuple(v) for k, v in title_page.items()}, elements=tuple(body))
    except ValidationError:
        return None


def screenplays(*, max_elements: int = 8) -> st.SearchStrategy[Screenplay]:
    """Any screenplay: every kind in any order, text that looks like syntax, any Unicode, any title page."""
    pages = st.just({}) | st.dictionaries(nasty_text, st.lists(nasty_text, max_size=3), max_size=3)
    bodies = st.lists(elements(), max_size=max_elements)
    return st.builds(_screenplay, pages, bodies).filter(lambda s: s is not None)  # type: ignore[return-value]


@st.composite
def printable_screenplays(draw: st.DrawFn, *, max_scenes: int = 3) -> Screenplay:
    """A screenplay in the usual order, with text that any page can show: scenes, speeches, no empty action."""
    words = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3).map(" ".join)
    body: list[Element] = []
    if draw(st.booleans()):
        body.append(Transition(text="FADE IN:"))
    for number in range(draw(st.integers(0, max_scenes))):
        numbered = draw(st.booleans())
        body.append(SceneHeading(text=draw(st.sampled_from(_HEADINGS)), number=str(number + 1) if numbered else None))
        body.append(Action(text=draw(words)))
        for _ in range(draw(st.integers(0, 4))):
            body += draw(st.one_of(_speeches(words), st.lists(_asides(words), min_size=1, max_size=1)))
    title_page = draw(st.just({}) | st.just({"Title": ("THE RUG",), "Author": ("A. Writer", "B. Writer")}))
    return Screenplay(title_page=title_page, elements=tuple(body))


def _asides(words: st.SearchStrategy[str]) -> st.SearchStrategy[Element]:
    return st.one_of(
        st.builds(Action, text=words),
        st.builds(Action, text=words, centered=st.just(True)),
        st.builds(Transition, text=st.sampled_from(("CUT TO:", "FADE OUT.", "Slow fade to grey."))),
        st.builds(Shot, text=st.sampled_from(("CLOSE ON THE BALL", "DUDE'S POV", "the pins, from below"))),
        st.just(PageBreak()),
    )


@st.composite
def _speeches(draw: st.DrawFn, words: st.SearchStrategy[str]) -> list[Element]:
    extension = draw(st.none() | st.sampled_from(("V.O.", "O.S.", "cont'd", "V.O.) (CONT'D")))
    speech: list[Element] = [
        Character(name=draw(st.sampled_from(_NAMES)), extension=extension, dual=draw(st.integers(0, 5)) == 0)
    ]
    if draw(st.booleans()):
        speech.append(Parenthetical(text=draw(st.sampled_from(("beat", "to Walter", "*quietly*")))))
    speech.append(Dialogue(text=draw(words)))
    if draw(st.integers(0, 3)) == 0:
        speech += (Parenthetical(text="sings"), Lyric(text=draw(words)))
    return speech
