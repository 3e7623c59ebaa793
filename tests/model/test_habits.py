from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from strategies import screenplays
from tiny import tiny_screenplay

from model.habits import HABITS, compare, jensen_shannon, place_of
from screenplay.elements import Action, Character, Dialogue, Element, Parenthetical, SceneHeading, Screenplay

COUNTS = arrays(np.float64, 5, elements=st.integers(0, 9).map(float))


def script(*scenes: str) -> Screenplay:
    """`LANE:ab` is a scene in LANE where A and B speak in turn, two words each, after one of action."""
    elements: list[Element] = []
    for scene in scenes:
        place, _, speakers = scene.partition(":")
        elements += [SceneHeading(text=f"INT. {place} - NIGHT"), Action(text="Rain.")]
        for name in speakers.upper():
            elements += [Character(name=name), Parenthetical(text="one two three"), Dialogue(text="No, sir.")]
    return Screenplay(elements=tuple(elements))


def values(name: str, screenplay: Screenplay) -> list[float]:
    return next(list(habit.values(screenplay)) for habit in HABITS if habit.name == name)


def test_speakers_are_counted_by_scene() -> None:
    assert values("speakers a scene", script("LANE:abab", "LOT:", "BAR:c")) == [2, 0, 1]


def test_an_answer_is_by_the_one_before_the_last_speaker() -> None:
    assert values("cues that answer the one before", script("LANE:abacca")) == [1, 0, 0, 0]
    assert values("cues that answer the one before", script("LANE:aaa")) == [0]
    assert values("cues that answer the one before", script("LANE:ab", "LANE:a")) == []


def test_a_place_returns_whatever_the_hour() -> None:
    assert values("scenes in a place of the last ten", script("LANE", "LOT", "LANE", "LANE")) == [0, 1, 1]
    far = script("LANE", *(f"ROOM {n}" for n in range(10)), "LANE")
    assert values("scenes in a place of the last ten", far) == [0] * 11


@pytest.mark.parametrize(
    ("heading", "place"),
    [
        ("INT. BOWLING ALLEY - NIGHT", "BOWLING ALLEY"),
        ("EXT. ALLEY - BACK DOOR - DAY", "ALLEY - BACK DOOR"),
        ("INT./EXT. CAR - DAY", "CAR"),
        ("I/E CAR", "CAR"),
        ("int. car - later", "CAR"),
        ("INTERIOR LIFE", "INTERIOR LIFE"),
        ("INT.", ""),
        ("- DAY", "- DAY"),
        ("THE NEXT. EXT. DOOR - DAY", "THE NEXT. EXT. DOOR"),
    ],
)
def test_a_place_is_its_heading_without_inside_and_hour(heading: str, place: str) -> None:
    scene = Screenplay(elements=(SceneHeading(text=heading),)).scenes[0]
    assert place_of(scene) == place


def test_lengths_are_in_words_and_directions_are_not_spoken() -> None:
    assert values("words a speech", script("LANE:ab")) == [2, 2]
    assert values("words a block of action", script("LANE:ab")) == [1]


def test_the_share_of_dialogue_is_by_letters() -> None:
    found = values("share of dialogue in a scene", script("LANE:a", "LOT:"))
    assert found == [pytest.approx((7 + 11) / (7 + 11 + 5)), 0.0]


@pytest.mark.filterwarnings("ignore:.*private-use character")
@given(screenplays())
def test_every_value_has_a_bin(screenplay: Screenplay) -> None:
    for habit in HABITS:
        assert habit.histogram([screenplay]).sum() == len(list(habit.values(screenplay)))


@given(COUNTS, COUNTS)
def test_the_distance_is_a_metric_from_nought_to_one(first: np.ndarray, second: np.ndarray) -> None:
    distance = jensen_shannon(first, second)
    if not first.any() or not second.any():
        assert distance is None
        return
    assert distance is not None
    assert 0 <= distance <= 1 + 1e-9
    assert distance == pytest.approx(jensen_shannon(second, first))
    assert jensen_shannon(first, 3 * first) == pytest.approx(0, abs=1e-6)


def test_what_shares_nothing_is_one_apart() -> None:
    assert jensen_shannon(np.array([3.0, 0.0]), np.array([0.0, 1.0])) == pytest.approx(1.0)
    half = jensen_shannon(np.array([1.0, 0.0]), np.array([1.0, 1.0]))
    assert half == pytest.approx(math.sqrt((math.log2(4 / 3) + math.log2(2 / 3) / 2 + math.log2(2) / 2) / 2))


def test_scripts_of_one_hand_are_closer_than_those_of_another() -> None:
    real = [tiny_screenplay(seed=seed) for seed in (1, 2)]
    alike = {c.habit: c for c in compare([tiny_screenplay(seed=3)], real)}
    other = {c.habit: c for c in compare([script("LOT:ababab", "LOT:abab")], real)}
    assert [c.habit for c in compare([], real)] == [habit.name for habit in HABITS]
    for habit in ("cues that answer the one before", "words a speech"):
        assert alike[habit].distance is not None
        assert alike[habit].distance < other[habit].distance  # type: ignore[operator]
        assert alike[habit].between_real is not None


def test_one_real_script_has_no_other_to_be_like() -> None:
    for comparison in compare([script("LANE:ab")], [script("LOT:abc")]):
        assert comparison.between_real is None
    assert all(c.distance is None and c.written is None for c in compare([], [script("LOT:abc")]))
