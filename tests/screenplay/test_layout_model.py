"""The search for the best legal sequence, against all sequences and against itself in one piece."""

from itertools import product

import numpy as np
import pytest

from screenplay.readers.layout_model import FORBIDDEN, LEVELS, Floats, best_path, load, pack, unpack
from screenplay.readers.layout_states import LEGAL, STATES


def made_up(lines: int, seed: int) -> tuple[Floats, np.ndarray, Floats]:
    rng = np.random.default_rng(seed)
    scores = (rng.normal(size=(lines, len(STATES))) * 6).astype(np.float32)
    steps = np.where(LEGAL[None], rng.normal(size=(3, len(STATES), len(STATES))), FORBIDDEN).astype(np.float32)
    return scores, rng.integers(0, 3, lines).astype(np.int32), steps


def worth(path: np.ndarray, scores: Floats, kinds: np.ndarray, steps: Floats) -> float:
    lines = np.arange(len(path))
    return float(scores[lines, path].sum() + steps[kinds[1:], path[:-1], path[1:]].sum())


@pytest.mark.parametrize("seed", range(5))
def test_no_sequence_is_better(seed: int) -> None:
    scores, kinds, steps = made_up(4, seed)
    best = max(worth(np.array(path), scores, kinds, steps) for path in product(range(len(STATES)), repeat=4))
    assert worth(best_path(scores, kinds, steps), scores, kinds, steps) == pytest.approx(best, abs=1e-3)


@pytest.mark.parametrize("lines", [0, 1, 2, 119, 120, 239, 240, 241, 359, 361, 1000, 14_401, 26_931, 32_261])
def test_any_length_is_searched(lines: int) -> None:
    path = best_path(*made_up(lines, lines))
    assert len(path) == lines
    assert LEGAL[path[:-1], path[1:]].all()


def test_stretches_find_what_one_piece_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    scores, kinds, steps = made_up(3000, 1)
    in_stretches = best_path(scores, kinds, steps)
    monkeypatch.setattr("screenplay.readers.layout_model.STRETCH_LINES", 10_000)
    assert np.mean(in_stretches == best_path(scores, kinds, steps)) > 0.999


def test_packed_weights_are_right_to_half_a_step() -> None:
    values = np.random.default_rng(0).normal(size=(7, 3)).astype(np.float32)
    assert np.abs(unpack(pack(values)) - values).max() <= np.abs(values).max() / LEVELS / 2 + 1e-6
    assert (unpack(pack(np.zeros((2, 2), np.float32))) == 0).all()


def test_the_weights_that_ship_forbid_what_is_illegal() -> None:
    for weights in load():
        assert (weights.steps[:, ~LEGAL] == FORBIDDEN).all()
        assert (weights.steps[:, LEGAL] > FORBIDDEN / 2).all()
