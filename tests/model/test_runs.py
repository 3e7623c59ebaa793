"""Where runs of symbols stand in texts."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.counting import LONGEST, SHORTEST, same_runs
from model.runs import DraftRuns, Runs, sorted_by_context

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


@given(several, symbols)
def test_runs_are_found_wherever_they_stand(texts: list[list[int]], draft: list[int]) -> None:
    runs = runs_of(texts)
    bounds, many = runs.anywhere(), 3
    for symbol in draft:
        bounds, counted, first = runs.after(bounds, symbol, many)
        sizes = [places_end - places for places, places_end in bounds.T.tolist()]
        common = [length for length, size in enumerate(sizes) if size > many or length < SHORTEST]
        assert counted == max(common)
        assert first == bounds[0, counted]
    for length in range(LONGEST + 1):
        expected = followers(texts, draft[len(draft) - length :]) if length <= len(draft) else []
        first, end = bounds[:, length] if length < bounds.shape[1] else (0, 0)
        assert sorted(runs.following[first:end].tolist()) == expected
    assert bounds.shape[1] <= LONGEST + 1
    (outer, outer_end), (inner, inner_end) = bounds[:, :-1], bounds[:, 1:]
    assert (outer <= inner).all()
    assert (inner < inner_end).all()
    assert (inner_end <= outer_end).all()


@given(symbols)
def test_a_draft_knows_its_own_runs(draft: list[int]) -> None:
    own = DraftRuns(None)
    for symbol in draft:
        own.read(symbol)
    expected = []
    for place in range(SHORTEST, len(draft)):
        length = 0
        while length < min(LONGEST, place) and draft[place - length - 1] == draft[len(draft) - length - 1]:
            length += 1
        if length >= SHORTEST:
            expected.append((place, length))
    ids, size, before, place = own.recent()
    places, lengths = same_runs(ids, size, before, place)
    assert size == len(draft)
    assert list(zip(places.tolist(), lengths.tolist(), strict=True)) == expected
    assert ids[places].tolist() == [draft[place] for place, _ in expected]


def test_many_kinds_of_symbols_take_two_bytes_each() -> None:
    ids = np.arange(600, dtype=np.uint16) % 300
    following, _ = sorted_by_context(ids, [0])
    assert following.dtype == np.uint16
    runs = Runs(following, 300)
    bounds, _, _ = runs.after(runs.anywhere(), 298)
    first, end = bounds[:, 1]
    assert following[first:end].tolist() == [300, 300]
