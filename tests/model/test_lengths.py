from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.lengths import (
    LineCount,
    SceneShape,
    Span,
    fitting,
    scene_shapes,
    shape_of,
    usual_shapes,
)
from screenplay.elements import Action, Character, Dialogue, Parenthetical, SceneHeading, Screenplay
from screenplay.page import LINES_PER_PAGE
from screenplay.pagination import paginate
from screenplay.stream import SCENE, TOKENS, encode, header

WORDS = ("rain", "the", "on", "a", "counterintelligence", "it", "x" * 40, "don't", "no.")


def script(seed: int) -> Screenplay:
    chance = random.Random(seed)

    def text() -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(1, 60)))

    elements = [SceneHeading(text="INT. LANE - DAY"), Action(text=text())]
    for _ in range(chance.randint(0, 5)):
        extension = chance.choice([None, "V.O."])
        elements += [Character(name="GUS", extension=extension), Parenthetical(text="low"), Dialogue(text=text())]
    return Screenplay(elements=tuple(elements))


@pytest.mark.parametrize("seed", range(30))
def test_lines_are_those_of_the_printed_page(seed: int) -> None:
    """One at a time, all at once, and as the pages have them."""
    screenplay = script(seed)
    stream = encode(screenplay)[:-1]
    count = LineCount().read(stream)
    assert [count.lines] == [shape.lines for shape in scene_shapes(stream)]
    pages = paginate(screenplay, scene_numbers=False, continueds=False)
    if len(pages) == 1:
        # The blank lines above a heading at the top of a page are not printed.
        assert count.lines == len(pages[0].rows) + 2


@given(st.text(alphabet="ab \n", max_size=300))
def test_counting_grows_with_what_is_written(text: str) -> None:
    count = LineCount().advance(TOKENS["dialogue"])
    for symbol in text:
        following = count.advance(symbol)
        assert count.lines <= following.lines <= count.lines + 1
        count = following
    assert count.lines >= 1 + text.count("\n")


def test_a_header_is_not_printed() -> None:
    heading = SCENE + "INT. BAR - DAY"
    with_header = heading + header(["GUS", "NINA"]) + TOKENS["action"] + "Rain."
    assert LineCount().read(with_header) == LineCount().read(heading + TOKENS["action"] + "Rain.")
    assert scene_shapes(with_header) == [SceneShape(lines=5, speakers=2)]


def test_usual_shapes_go_from_the_shortest_to_the_longest_of_each_script() -> None:
    streams = ["".join(encode(script(seed))[:-1] for seed in range(start, start + 100)) for start in (0, 100)]
    found = usual_shapes(enumerate(streams))
    for number, stream in enumerate(streams):
        own = [shape for shape in found if shape.script == number]
        lines = [shape.lines for shape in scene_shapes(stream)]
        assert len(own) == 65
        assert (own[0].lines, own[-1].lines) == (min(lines), max(lines))
        assert own == sorted(own)
        assert {shape.speakers for shape in own} == {0, 1}
    assert len(usual_shapes([(3, encode(script(1)))])) == 1
    assert usual_shapes([(0, "no scene")]) == ()


def test_a_shape_is_drawn_from_all_or_from_those_of_the_length_asked_for() -> None:
    shapes = tuple(SceneShape(lines, lines // 10) for lines in range(1, 101))
    assert {shape_of(shapes, (uniform + 0.5) / 100) for uniform in range(100)} == set(shapes)
    near = {shape_of(fitting(shapes, pages=1), (uniform + 0.5) / 100) for uniform in range(100)}
    assert {shape.lines for shape in near if shape} == set(range(50, 59))
    assert shape_of((), 0.5) is None
    two = (SceneShape(10, 1, 0), SceneShape(20, 1, 1))
    assert shape_of(fitting(two, scripts=(1,)), 0.0) == two[1]
    assert shape_of(fitting(two, scripts=(7,)), 0.0) == two[0]


@pytest.mark.parametrize("pages", [0.125, 0.5, 1, 3, 20])
def test_an_asked_length_has_an_order(pages: float) -> None:
    span = Span.asked(pages)
    lines = pages * LINES_PER_PAGE
    assert 0 < span.shortest <= span.longest <= span.hard <= 1.1 * lines
    assert span.shortest >= 0.9 * lines - 1


def test_a_scene_has_room_for_something_to_happen() -> None:
    assert Span.about(3) == Span.about(12)
    assert Span.about(13).longest == 13
