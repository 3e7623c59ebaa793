from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from cli.page_view import Geometry, PageView
from screenplay import stream
from screenplay.elements import (
    Action,
    Character,
    Dialogue,
    Element,
    Lyric,
    Parenthetical,
    SceneHeading,
    Screenplay,
    Shot,
    Transition,
)
from screenplay.writers import layout

WORDS = st.lists(st.text("abcdeXYZ.,'*-é", min_size=1, max_size=12), min_size=1, max_size=40)
LINE = WORDS.map(" ".join)
BLOCK = st.lists(LINE, min_size=1, max_size=3).map("\n".join)
NAME = st.text("ABCÉ1", min_size=1, max_size=30)
ELEMENTS = st.one_of(
    st.builds(SceneHeading, text=LINE),
    st.builds(Action, text=BLOCK, centered=st.booleans()),
    st.builds(Character, name=NAME, extension=st.none() | st.just("V.O.")),
    st.builds(Parenthetical, text=LINE),
    st.builds(Dialogue, text=BLOCK),
    st.builds(Lyric, text=LINE),
    st.builds(Transition, text=LINE | st.just("FADE IN:") | st.just("CUT TO:")),
    st.builds(Shot, text=LINE),
)
SCENE: tuple[Element, ...] = (
    SceneHeading(text="INT. BOWLING ALLEY - NIGHT"),
    Action(text="A pin falls. Then, after a decent interval in which nobody moves, all of the others."),
    Character(name="GUS", extension="V.O."),
    Parenthetical(text="to the pin, as one speaks to a dog that is not one's own"),
    Dialogue(text="You could have done that the first time, when there was somebody here to see it."),
    Transition(text="CUT TO:"),
)


def shown(elements: tuple[Element, ...], columns: int) -> str:
    put: list[str] = []
    view = PageView(lambda text, style: put.append(text), Geometry.fitted(columns))
    for symbol in stream.encode(Screenplay(elements=elements)):
        view.feed(symbol)
    view.close()
    return "".join(put)


@given(st.lists(ELEMENTS, max_size=8).map(tuple))
def test_a_whole_page_is_what_the_text_writer_writes(elements: tuple[Element, ...]) -> None:
    page = layout.render(Screenplay(elements=elements))
    view = shown(elements, 61)
    assert [line.rstrip() for line in view.split("\n")] == [line.rstrip() for line in page.split("\n")]


def test_speeches_at_the_same_time_stand_one_below_the_other() -> None:
    speech = Character(name="GUS"), Dialogue(text="Now?")
    answer = Character(name="NINA", dual=True), Dialogue(text="Now.")
    apart = Character(name="NINA"), Dialogue(text="Now.")
    assert shown((*speech, *answer), 61) == shown((*speech, *apart), 61)


def test_a_page_stands_near_the_middle_of_a_wide_terminal() -> None:
    page = layout.render(Screenplay(elements=SCENE)).splitlines()
    assert [line.rstrip() for line in shown(SCENE, 200).splitlines()] == [f"{' ' * 10}{line}".rstrip() for line in page]


@pytest.mark.parametrize("columns", [20, 30, 50, 61, 80, 120])
def test_no_line_is_wider_than_the_terminal(columns: int) -> None:
    text = "http://example.org/" + "x" * 150
    scene = (*SCENE, Action(text=text), Character(name="N" * 70), Dialogue(text="日本語" * 40))
    lines = shown(scene, columns).splitlines()
    assert max(cell_len(line) for line in lines) < columns


def test_a_narrow_terminal_keeps_what_makes_it_a_page() -> None:
    assert (
        shown(SCENE, 40)
        == """\
INT. BOWLING ALLEY - NIGHT

A pin falls. Then, after a decent
interval in which nobody moves, all of
the others.

             GUS (V.O.)
         (to the pin, as one speaks
          to a dog that is not one's
          own)
      You could have done that the
      first time, when there was
      somebody here to see it.

                                CUT TO:
"""
    )


def test_words_go_out_as_soon_as_they_are_whole_and_are_never_taken_back() -> None:
    put: list[str] = []
    view = PageView(lambda text, style: put.append(text), Geometry.fitted(61))
    for symbol in stream.ACTION + "One two":
        view.feed(symbol)
    assert "".join(put) == "One"
    view.feed(" ")
    assert "".join(put) == "One two"
    view.close()
    assert "".join(put) == "One two\n"


def test_a_line_at_the_right_goes_out_when_it_is_over() -> None:
    put: list[str] = []
    view = PageView(lambda text, style: put.append(text), Geometry.fitted(61))
    for symbol in stream.TRANSITION + "CUT TO: ":
        view.feed(symbol)
    assert put == []
    view.close()
    assert "".join(put) == "CUT TO:\n".rjust(61)


def test_the_cast_header_is_not_shown() -> None:
    assert shown(SCENE, 61).count("GUS") == 1


def test_elements_are_told_apart_by_style() -> None:
    styles: dict[str, str | None] = {}
    view = PageView(lambda text, style: styles.update({text.strip(): style}), Geometry.fitted(61))
    for symbol in stream.encode(Screenplay(elements=SCENE)):
        view.feed(symbol)
    found = [styles[word] for word in ("ALLEY", "falls.", "GUS", "(to", "CUT TO:")]
    assert len(set(found)) == 5
