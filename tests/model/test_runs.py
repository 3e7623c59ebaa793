"""Where runs of symbols stand in texts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.finding import LONGEST, SHORTEST, common, counted_before, longer
from model.runs import Runs, sorted_by_context

_SIZE = 4
symbols = st.lists(st.integers(0, _SIZE - 1), max_size=40)
several = st.lists(symbols.filter(bool), min_size=1, max_size=4)


def runs_of(texts: list[list[int]]) -> Runs:
    starts = np.cumsum([0, *map(len, texts)])[:-1].tolist()
    ids = np.array([symbol for text in texts for symbol in text], np.uint8)
    following, origins = sorted_by_context(ids, starts)
    assert following.tolist() == [int(ids[origin]) + 1 if origin < len(ids) else 0 for origin in origins]
    assert sorted(origins[origins < len(ids)].tolist()) == list(range(len(ids)))
    return Runs(following, _SIZE)


def followers(texts: list[list[int]], run: list[int]) -> list[int]:
    """What stands after a run, each as an id and one; 0 for the end of a text. By looking everywhere."""
    ended = [[*(symbol + 1 for symbol in text), 0] for text in texts]
    known = [symbol + 1 for symbol in run]
    return sorted(
        text[at + len(run)] for text in ended for at in range(len(text) - len(run)) if text[at : at + len(run)] == known
    )


@pytest.mark.parametrize("block", [1, 4, 256])
@given(several, symbols)
def test_runs_are_found_wherever_they_stand(block: int, texts: list[list[int]], draft: list[int]) -> None:
    runs = runs_of(texts)
    before, bounds, number = counted_before(runs.following, _SIZE, block), runs.anywhere(), 1
    for place, symbol in enumerate(draft):
        number = longer(runs.following, before, block, bounds, number, symbol)
        known = [
            followers(texts, draft[place + 1 - length : place + 1]) for length in range(min(place + 1, LONGEST) + 1)
        ]
        found = [sorted(runs.following[first:end].tolist()) for first, end in bounds.T[:number].tolist()]
        assert found == [each for each in known if each]
        for many in (0, 3):
            lengths = [length for length, each in enumerate(found) if len(each) > many or length < SHORTEST]
            assert common(bounds, number, many) == max(lengths)
    (outer, outer_end), (inner, inner_end) = bounds[:, : number - 1], bounds[:, 1:number]
    assert (outer <= inner).all()
    assert (inner < inner_end).all()
    assert (inner_end <= outer_end).all()


@given(several, st.integers(1, 50))
def test_before_each_block_is_counted_what_follows_places(texts: list[list[int]], block: int) -> None:
    following = runs_of(texts).following
    expected = [
        [sum(following <= symbol) + sum(following[:place] == symbol + 1) for symbol in range(_SIZE)]
        for place in range(0, len(following) + 1, block)
    ]
    assert counted_before(following, _SIZE, block).tolist() == expected


@given(several, st.lists(st.integers(0, _SIZE - 1), max_size=LONGEST))
def test_a_run_is_counted_wherever_it_stands(texts: list[list[int]], run: list[int]) -> None:
    assert runs_of(texts).times(run) == len(followers(texts, run))


def test_what_follows_is_an_id_of_the_vocabulary() -> None:
    with pytest.raises(ValueError, match="no id"):
        counted_before(np.array([1, 3], np.uint8), 2, 4)


def test_many_kinds_of_symbols_take_two_bytes_each() -> None:
    ids = np.arange(600, dtype=np.uint16) % 300
    following, _ = sorted_by_context(ids, [0])
    assert following.dtype == np.uint16
    runs = Runs(following, 300)
    bounds = runs.anywhere()
    assert longer(following, runs.counts, runs.block, bounds, 1, 298) == 2
    first, end = bounds[:, 1]
    assert following[first:end].tolist() == [300, 300]
