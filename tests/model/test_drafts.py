"""Texts that are read side by side, and where what they end with stood before."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_recall import VOICES, WORDS, known, texts

from model import drafts as module
from model.drafts import Drafts
from model.finding import LONGEST, SHORTEST, keep, same_runs
from model.recollection import READING
from screenplay.stream import SCENE

OPENER = WORDS.id_of(SCENE)
parts = st.text("abc" + SCENE, max_size=30)


def drafts_of(source: str, opener: int | None = None) -> Drafts:
    runs = known(source).runs(VOICES)
    return Drafts(runs, runs.counted(READING), VOICES.kinds, opener=opener, most=1 << 30)


def read(drafts: Drafts, draft: int, text: str) -> np.ndarray:
    """What comes next after each symbol."""
    return drafts.read([(draft, symbol, True) for symbol in WORDS.encode(text).tolist()])[:, 1:]


def alone(source: str, text: str, opener: int | None = None) -> np.ndarray:
    drafts = drafts_of(source, opener)
    return read(drafts, drafts.open(), text)


@pytest.mark.parametrize("chains", [1, 4, 64])
@given(st.lists(st.integers(0, 3), max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_a_text_knows_its_own_runs(chains: int, text: list[int], known_first: int, known_then: int) -> None:
    size = len(text)
    first, end = sorted((min(known_first, size), min(known_then, size)))
    ids, before, heads = np.array(text, np.int32), np.full(size, -1, np.int32), np.full(chains, -1, np.int32)
    keep(ids, before, heads, 0, first)
    keep(ids, before, heads, first, end)
    expected = []
    for place in range(SHORTEST, end):
        length = 0
        while length < min(LONGEST, place) and text[place - length - 1] == text[size - length - 1]:
            length += 1
        if length >= SHORTEST:
            expected.append((place, length))
    places, lengths = same_runs(ids, size, before, heads)
    assert list(zip(places.tolist(), lengths.tolist(), strict=True)) == expected


@given(texts, st.lists(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("abc" + SCENE)), max_size=9), max_size=9))
def test_what_is_read_beside_others_is_what_it_is_alone(source: str, calls: list[list[tuple[int, str]]]) -> None:
    """Several symbols in one call, in any order."""
    drafts = drafts_of(source, OPENER)
    numbers, read_so_far = [drafts.open() for _ in range(4)], [""] * 4
    for call in filter(None, calls):
        found = drafts.read([(numbers[text], WORDS.id_of(symbol), True) for text, symbol in call])[:, 1:]
        for (text, symbol), hint in zip(call, found, strict=True):
            read_so_far[text] += symbol
            np.testing.assert_array_equal(hint, alone(source, read_so_far[text], OPENER)[-1])


@given(texts, texts, texts, texts)
def test_one_that_begins_as_another_goes_its_own_way(source: str, begun: str, one: str, other: str) -> None:
    drafts = drafts_of(source)
    first = drafts.open()
    read(drafts, first, begun)
    second = drafts.beside(first)
    np.testing.assert_array_equal(read(drafts, first, one), alone(source, begun + one)[len(begun) :])
    np.testing.assert_array_equal(read(drafts, second, other), alone(source, begun + other)[len(begun) :])


@given(texts, texts, texts)
def test_a_number_that_is_given_again_begins_with_nothing_read(source: str, given_up: str, text: str) -> None:
    drafts = drafts_of(source)
    kept, closed = drafts.open(), drafts.open()
    read(drafts, kept, text[:7])
    read(drafts, closed, given_up)
    drafts.close(closed)
    again = drafts.open()
    assert again == closed
    np.testing.assert_array_equal(read(drafts, again, text), alone(source, text))
    np.testing.assert_array_equal(read(drafts, kept, text[7:]), alone(source, text)[7:])


@given(texts, parts, st.text("abc", max_size=20), parts)
def test_one_comes_back_to_a_place_of_the_part_under_way(source: str, begun: str, given_up: str, text: str) -> None:
    """And there may be more room than there was."""
    with mock.patch.object(module, "_ROOM", 8):
        drafts = drafts_of(source, OPENER)
        draft = drafts.open()
        read(drafts, draft, begun)
        mark = drafts.mark(draft)
        read(drafts, draft, given_up)
        drafts.back(draft, mark)
        np.testing.assert_array_equal(read(drafts, draft, text), alone(source, begun + text, OPENER)[len(begun) :])


@pytest.mark.parametrize("opener", [None, OPENER])
@given(source=texts, short=parts, long=st.text("abc" + SCENE, min_size=20, max_size=60))
def test_how_much_room_there_is_changes_nothing(opener: int | None, source: str, short: str, long: str) -> None:
    expected = alone(source, short + "ab", opener), alone(source, long, opener)
    with mock.patch.object(module, "_ROOM", 4):
        drafts = drafts_of(source, opener)
        first, second = drafts.open(), drafts.open()
        begun = read(drafts, first, short)
        np.testing.assert_array_equal(read(drafts, second, long), expected[1])
        np.testing.assert_array_equal(np.concatenate([begun, read(drafts, first, "ab")]), expected[0])


def test_what_was_said_long_before_is_known_after_a_thousand_symbols() -> None:
    drafts = drafts_of("abc")
    draft = drafts.open()
    said = "caab" * 2
    begun = read(drafts, draft, said + "ab c" * module._ROOM)
    assert len(begun) > 3 * module._ROOM
    assert read(drafts, draft, "caa")[-1].argmax() == WORDS.id_of("b")


def test_a_part_counts_once_the_next_is_opened() -> None:
    def next_after(text: str) -> str:
        return WORDS.characters[int(alone("abc", text, OPENER)[-1].argmax())]

    assert next_after(SCENE + "ccbaccb") != "a"
    assert next_after(SCENE + "ccba" + SCENE + "ccb") == "a"
