"""What is taken from texts before they are learned: as much from many as from few, or as little room as it needs."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from tiny import tiny_screenplay

from model import pointer
from model.copying import CopyIndex, plain
from model.pointer import PointerWeights
from model.sources import Sources
from screenplay.stream import encode


def streams(count: int) -> list[str]:
    return [encode(tiny_screenplay(10, seed=seed)) for seed in range(count)]


def test_an_index_made_bit_by_bit_is_that_of_the_whole() -> None:
    texts = streams(5)
    index = CopyIndex.of(plain(text) for text in texts)
    assert len(index.hashes) == len(set(index.hashes.tolist())) > 100
    assert np.all(np.diff(index.hashes.astype(np.int64)) > 0)
    np.testing.assert_array_equal(Sources.of(texts).copies.hashes, index.hashes)
    # Twice the same is once the same.
    np.testing.assert_array_equal(Sources.of(texts * 2).copies.hashes, index.hashes)


def test_of_many_choices_a_pointer_learns_from_some_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pointer, "_ROWS", 40)
    examples = pointer._Examples()
    chance = random.Random(0)
    taken = []
    for number in range(500):
        if examples.has_next():
            taken.append(number)
            examples.add(np.full((chance.randint(2, 5), 3), float(number)), number)
    kept = [index for _, index in examples.all()]
    assert sum(len(features) for features, _ in examples.all()) <= 40
    assert all(np.all(features == index) for features, index in examples.all())
    steps = {after - before for before, after in itertools.pairwise(kept)}
    assert steps == {64}
    assert len(taken) < 120


def test_few_choices_are_all_learned_from(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = streams(3)
    bounded = PointerWeights.fitted(texts)
    monkeypatch.setattr(pointer, "_ROWS", 1_000_000)
    assert PointerWeights.fitted(texts) == bounded
    monkeypatch.setattr(pointer, "_ROWS", 30)
    assert PointerWeights.fitted(texts) != bounded
