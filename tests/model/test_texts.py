from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.texts import copied, english, longest_copy, looped, real_words

SOURCE = "It was the night that the lanes lost power and Gus bowled by ear, to much applause."


@pytest.mark.parametrize(
    ("scene", "found"),
    [
        ("", 0),
        ("abcde", 0),
        ("abcdeXabcde", 5),
        ("abcdeXabcdeYabcde", 10),
        ("abcdefXabcdef", 6),
        ("aaaaaa", 6 - 1),
        ("What? No. What? Yes.", 6),
    ],
)
def test_only_what_the_scene_had_already_is_a_loop(scene: str, found: int) -> None:
    assert looped(scene, run=5) == found


@given(st.text(alphabet="ab", max_size=40))
def test_loops_are_those_that_a_plain_search_finds(scene: str) -> None:
    starts = [i for i in range(len(scene) - 3) if scene.find(scene[i : i + 4]) < i]
    assert looped(scene, run=4) == len({i + k for i in starts for k in range(4)})


def test_thirty_characters_make_a_loop_and_twenty_nine_do_not() -> None:
    run = "Nobody ever parks on a Tuesday"
    assert len(run) == 30
    assert looped(run + "!" + run) == 30
    assert looped(run[1:] + "!" + run[1:]) == 0


def test_forty_shared_characters_are_a_copy_and_thirty_nine_are_not() -> None:
    assert copied("x" + SOURCE[:40] + "x", [SOURCE]) == 40
    assert copied("x" + SOURCE[:39] + "x", [SOURCE]) == 0
    assert copied(SOURCE[:45] + "x" + SOURCE[10:60], ["other", SOURCE]) == 95


def test_runs_that_overlap_are_counted_once() -> None:
    text = SOURCE[:60]
    assert copied(text, [SOURCE[:45], SOURCE[10:70]]) == 60


@given(st.text(alphabet="abc", max_size=60), st.lists(st.text(alphabet="abc", max_size=60), max_size=2))
def test_the_longest_copy_is_the_one_that_a_plain_search_finds(text: str, sources: list[str]) -> None:
    runs = (
        j - i for i in range(len(text)) for j in range(i + 1, len(text) + 1) if any(text[i:j] in s for s in sources)
    )
    assert longest_copy(text, sources) == max(runs, default=0)


def test_words_are_real_by_the_sources_or_by_english() -> None:
    assert real_words("The dog's DOESN’T-walk. 42 Sepulveda's switchen poons", {"sepulveda", "poons"}) == (6, 7)
    assert real_words("", set()) == (0, 0)


def test_the_english_list_knows_inflections_and_no_nonsense() -> None:
    assert {"looks", "bowling", "don't", "stairs", "whispered"} <= english()
    assert not {"mabwyor", "aadter", "switchen", "briver", "cardlight"} & english()
