import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_constraints import permitted

from model.constraints import Alphabet
from model.copying import WINDOW, CopyGuard, CopyIndex, longest_shared, may_return, plain
from model.vocabulary import UNKNOWN
from screenplay.stream import TOKENS

SOURCE = "It was the night that the lanes lost power and Gus bowled by ear, to much applause."
ALPHABET: Alphabet = (UNKNOWN, *TOKENS.values(), *string.ascii_letters, *" ,.")
INDEX = CopyIndex.of([SOURCE])


def named(text: str) -> str:
    for name, token in TOKENS.items():
        text = text.replace(f"<{name}>", token)
    return text


def forbidden(text: str, guard: CopyGuard | None = None) -> set[str]:
    guard = guard or CopyGuard(ALPHABET, INDEX)
    for symbol in named(text):
        guard = guard.advance(symbol)
    return set(ALPHABET) - permitted(guard, ALPHABET)


def test_plain_text_is_what_a_page_shows() -> None:
    stream = named("<scene>INT. BAR<cast>GUS<and>LEVON<action>One\n two.<character>GUS<dialogue>No.<end>")
    assert plain(stream) == "INT. BAR One two. GUS No."


def test_the_next_word_of_a_source_is_forbidden_once_the_run_is_long() -> None:
    assert forbidden("<action>It was the night that the ") == {"l"}
    assert forbidden("<action>It was the night that ") == set()
    assert forbidden("<action>It was the night that the l") == set()
    assert forbidden("<action>It was no night that the ") == set()


def test_tokens_and_breaks_do_not_hide_a_copy() -> None:
    assert forbidden("<action>It was the night<action>that the ") == {"l"}
    assert forbidden("<action>It was the\nnight that the\n") == {"l"}
    assert forbidden("<action>It was the night that the<cast>X<and>Y<action>") == {"l"}


def test_who_would_go_on_with_a_copy_does_not_speak() -> None:
    assert forbidden("<action>It was the night that the<character>") == {"l"}


def test_names_are_left_alone_once_they_are_begun() -> None:
    assert forbidden("<action>It was the night that<character>the ") == set()
    assert forbidden("<action>It was the night that the<cast>") == set()


def test_a_sentence_that_is_over_soon_is_brought_to_its_end() -> None:
    def found(source: str, text: str) -> set[str]:
        return forbidden(text, CopyGuard(ALPHABET, CopyIndex.of([source])))

    near = "It was the night that the lanes shut. Gus bowled by ear, to much applause."
    far, mister = near.replace("shut", "lost power"), near.replace("shut.", "of Mr.")
    assert found(near, "<action>It was the night that the ") == set()
    assert found(far, "<action>It was the night that the ") == {"l"}
    assert found(near, "<action>Said it was the night that the ") == set()
    # What stands before counts, and the next sentence is another matter.
    assert found(near, "<action>It was the night that the lanes shut. ") == {"G"}
    assert found(near, "<action>night that the lanes shut. ") == {"G"}
    assert found(mister, "<action>It was the night that the ") == {"l"}
    assert found(f"{far} {near}", "<action>It was the night that the ") == {"l"}


def test_what_a_model_of_before_has_learned_is_guarded_as_it_was() -> None:
    near = CopyIndex.of(["It was the night that the lanes shut. Gus bowled."])
    before = CopyIndex(near.hashes, np.full(len(near.hashes), 255, np.uint8))
    assert forbidden("<action>It was the night that the ", CopyGuard(ALPHABET, before)) == {"l"}


@given(st.text(alphabet=string.ascii_lowercase[:3] + " .", min_size=60, max_size=120), st.data())
def test_a_writer_that_only_copies_is_stopped_before_forty(source: str, data: st.DataObject) -> None:
    source = " ".join(source.split())
    guard, index = CopyGuard(ALPHABET, CopyIndex.of([source])), 0
    while index < len(source):
        if not guard.allows(source[index]):
            break
        guard, index = guard.advance(source[index]), index + 1
    words = [len(word) for word in source.split()]
    assert index >= min(len(source), WINDOW - 2)
    assert (
        index < len(source)
        or len(source) <= max(39, WINDOW + max(words, default=0) + 1)
        or " " not in source[WINDOW - 2 :]
    )


@given(st.text(min_size=WINDOW, max_size=60), st.characters())
def test_one_letter_is_known_as_many_are(source: str, letter: str) -> None:
    index = CopyIndex.of([source[: WINDOW - 2] + " " + source[WINDOW - 1 :]])
    before = source[: WINDOW - 2] + " "
    letters = [source[WINDOW - 1], letter]
    rests = index.all_rests(before, np.array([ord(letter) for letter in letters], np.uint64))
    assert rests[0] > 0
    assert [index.rest(before, letter) for letter in letters] == rests.tolist()


def test_an_index_of_two_is_the_index_of_both() -> None:
    other = "Nobody ever parks on a Tuesday in this street, she said, and left."
    both = CopyIndex.of([SOURCE, other])
    merged = CopyIndex.of([SOURCE]).merged(CopyIndex.of([other]))
    np.testing.assert_array_equal(both.hashes, merged.hashes)
    np.testing.assert_array_equal(both.rests, merged.rests)


def test_a_place_may_return_until_its_heading_is_long() -> None:
    place = "It was the night that the lanes lost power"
    assert forbidden("<scene>It was the night that the ") == set()
    assert forbidden("<scene>It was the night that the lanes ") == {"l"}
    assert forbidden("<action>It was the night <scene>") == set()
    assert forbidden("<action>It was the night that the <scene>") == {"l"}
    assert forbidden("<action>It was the <scene>night that the ") == {"l"}
    assert [may_return(place[:length]) for length in (25, 29, 34, 42)] == [True, True, False, False]
    assert may_return("INT. A " + 24 * "B")
    assert not may_return("INT. A " + 25 * "B")


def test_an_index_of_nothing_forbids_nothing() -> None:
    assert forbidden("<action>It was the night that the ", CopyGuard(ALPHABET, CopyIndex.of([]))) == set()
    assert len(CopyIndex.of(["short"]).hashes) == 0


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("", []),
        ("nothing of it", []),
        (SOURCE, [(0, len(SOURCE))]),
        ("x" + SOURCE[3:30] + "y" + SOURCE[40:70], [(1, 28), (29, 59)]),
    ],
)
def test_shared_runs_are_found(text: str, runs: list[tuple[int, int]]) -> None:
    assert longest_shared(text, [SOURCE, "another source"], at_least=20) == runs


@given(st.text(alphabet="ab", max_size=40), st.lists(st.text(alphabet="ab", max_size=40), max_size=3))
def test_shared_runs_are_those_that_a_plain_search_finds(text: str, sources: list[str]) -> None:
    longest = max((j - i for i, j in longest_shared(text, sources, at_least=4)), default=0)
    expected = max((j - i for i in range(len(text)) for j in range(i + 4, len(text) + 1)
                    if any(text[i:j] in source for source in sources)), default=0)  # fmt: skip
    assert longest == expected
