"""People of other screenplays are not told of."""

from __future__ import annotations

import pytest

from model.strangers import Strangers, called, is_title

NAMES = ("GUS", "HAL", "MRS. PARK", "MRS. DRAKE", "COP #2", "MAN IN SUIT")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("GUS", "Gus"),
        ("MRS. PARK", "Mrs. Park"),
        ("MISS OKAFOR", "Miss Okafor"),
        ("ÉLODIE", "Élodie"),
        ("COP #2", ""),
        ("MAN IN SUIT", ""),
        ("BIG DON", "Big Don"),
        ("DR. STRANGE LOVE", ""),
        ("", ""),
    ],
)
def test_how_action_calls_people(name: str, expected: str) -> None:
    assert called(name) == expected


def strangers(*here: str) -> Strangers:
    return Strangers(NAMES, here, lambda word: word != "Hal")


def first(names: list[str]) -> str:
    return names[0]


def test_a_stranger_is_somebody_who_speaks_elsewhere() -> None:
    found = strangers("GUS")
    assert [word for word in ("Gus", "Park", "Drake", "Hal", "Suit", "Nobody", "") if found.is_stranger(word)] == [
        "Park",
        "Drake",
    ]
    found.meet(["MRS. PARK"])
    assert not found.is_stranger("Park")


def test_the_same_one_stands_in_until_the_scene_is_over() -> None:
    found = strangers()
    assert found.stand_in("Gus", ["LEVON", "NINA"], first) == "Levon"
    assert found.stand_in("Park", ["LEVON", "NINA"], first) == "Nina"
    assert found.stand_in("Gus", ["NINA", "LEVON"], first) == "Levon"
    assert found.stand_in("Drake", ["LEVON", "NINA"], first) == ""
    found.begin_scene()
    assert found.stand_in("Gus", ["NINA", "LEVON"], first) == "Nina"


def test_somebody_with_the_title_stands_in_before_others() -> None:
    cast = ["LEVON", "MRS. OKAFOR"]
    assert strangers().stand_in("Mrs. Drake", cast, first) == "Mrs. Okafor"
    assert strangers().stand_in("Mr. Drake", cast, first) == "Levon"
    assert strangers().stand_in("Drake", cast[1:], first) == "Mrs. Okafor"


def test_nobody_meets_themselves() -> None:
    found = strangers()
    found.meet(["LEVON", "NINA"])
    found.tell("Levon")
    found.tell("Rain")
    assert found.stand_in("Gus", ["LEVON", "NINA"], first) == "Nina"
    found.begin_scene()
    assert found.stand_in("Gus", ["LEVON", "NINA"], first) == "Levon"


def test_a_word_that_is_no_name_stands_for_nobody() -> None:
    assert strangers().stand_in("Gus", ["HAL", "LEVON"], first) == "Levon"


def test_a_title_is_the_beginning_of_a_name() -> None:
    texts = ("M", "Mr", "Mr.", "Mrs. ", "Miss", "Miss ", "Misses", "Mrs. P", "Doctor", "")
    assert [text for text in texts if is_title(text)] == ["M", "Mr", "Mr.", "Mrs. ", "Miss", "Miss ", ""]


def test_where_nobody_will_do_nobody_stands_in() -> None:
    assert strangers().stand_in("Gus", ["MAN IN SUIT"], first) == ""
    assert strangers().stand_in("Gus", [], first) == ""
