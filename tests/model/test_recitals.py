from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import screenplays

from model.copying import plain
from model.recitals import Original, folded, recitals
from screenplay.elements import Screenplay
from screenplay.readers import fountain
from screenplay.stream import ACTION, CAST, CHARACTER, DIALOGUE, END, SCENE, TOKENS, encode

FILM = """\
INT. LANES - NIGHT

It was the night that the lanes lost power.

GUS
Nobody ever parks on a Tuesday
in this street, she said.
"""
ORIGINAL = Original.of("film.fountain", fountain.read(FILM))


@given(st.text(alphabet=[*TOKENS.values(), *"ab \n\t"], max_size=60))
def test_folded_text_is_the_plain_one_with_its_places(stream: str) -> None:
    text, places = folded(stream)
    assert text == plain(stream)
    assert all(c == " " or stream[p] == c for c, p in zip(text, places, strict=True))
    assert places == sorted(set(places))


@pytest.mark.filterwarnings("ignore:.*private-use character")
@given(screenplays())
def test_an_original_is_the_plain_text_of_its_stream(screenplay: Screenplay) -> None:
    assert Original.of("x", screenplay).text == plain(encode(screenplay))


def test_a_run_is_found_with_its_place_and_line() -> None:
    stream = SCENE + "EXT. LOT" + ACTION + "So it was the night that the lanes found power." + END
    (found,) = recitals(stream, [ORIGINAL])
    assert found.text == "t was the night that the lanes"
    assert (found.name, found.line) == ("film.fountain", 3)
    assert stream[found.start : found.stop] == "t was the night that the lanes"


def test_a_run_may_cross_elements_and_is_named_by_the_first() -> None:
    stream = SCENE + "X" + CAST + "GUS" + CHARACTER + "GUS" + DIALOGUE + "Nobody ever parks here." + END
    (found,) = recitals(stream, [ORIGINAL], at_least=20)
    assert (found.text, found.line) == ("GUS Nobody ever parks", 5)
    assert stream[found.start : found.stop] == "GUS" + DIALOGUE + "Nobody ever parks"


def test_the_first_original_that_has_it_is_named() -> None:
    stream = SCENE + "X" + ACTION + "Nobody ever parks on a Tuesday" + END
    other = Original.of("other", fountain.read("Rain.\n\nNobody ever parks on a Tuesday, or does he?\n"))
    assert [r.name for r in recitals(stream, [ORIGINAL, other])] == ["film.fountain"]
    assert [(r.name, r.line) for r in recitals(stream, [other, ORIGINAL])] == [("other", 3)]


def test_what_is_ones_own_is_no_recital() -> None:
    assert recitals(SCENE + "X" + ACTION + "Somebody always parks on a Wednesday." + END, [ORIGINAL]) == []
    assert recitals(END, [ORIGINAL]) == []
    assert recitals(SCENE + "X" + ACTION + "Rain." + END, []) == []
