import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from model.sampling import (
    Chances,
    Sampler,
    Sampling,
    chosen,
    draw,
    likeliest,
    likely,
    nucleus,
    top_k,
    weighed,
)

SHARES = (0.5, 0.3, 0.15, 0.05)
WEIGHTS: Chances = np.array(SHARES)
LOGITS = np.log(WEIGHTS)
OFF = Sampling(temperature=1.0, min_p=0.0)
logits = st.lists(st.floats(-30, 30), min_size=2, max_size=40).map(np.array)


def chances(values: np.ndarray, sampling: Sampling, allowed: np.ndarray | None = None) -> Chances:
    """Where nothing is kept as the network gives it."""
    return Sampler(sampling, [False] * len(values)).chances(values, allowed)


def kept_of(found: Chances) -> list[int]:
    return np.flatnonzero(found).tolist()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_plain_sampling_is_the_softmax(dtype: type) -> None:
    values: np.ndarray = np.array([1, 2, 3], dtype)
    np.testing.assert_allclose(chances(values, OFF), np.exp(values) / np.exp(values).sum(), rtol=1e-6)


def test_temperature_sharpens() -> None:
    got = chances(LOGITS, Sampling(temperature=0.5, min_p=0.0))
    squares = np.array(SHARES) ** 2
    np.testing.assert_allclose(got, squares / squares.sum())


def test_temperature_zero_takes_the_first_of_the_likeliest() -> None:
    values = np.array([1.0, 3.0, 3.0])
    assert chances(values, Sampling(temperature=0.0)).tolist() == [0, 1, 0]
    assert chances(values, Sampling(temperature=0.0), np.array([True, False, True])).tolist() == [0, 0, 1]
    assert likeliest(np.array([0.1, 0, 0.4, 0.4])).tolist() == [0, 0, 1, 0]


@pytest.mark.parametrize(("k", "kept"), [(1, 1), (2, 2), (4, 4), (9, 4)])
def test_top_k_keeps_k(k: int, kept: int) -> None:
    assert kept_of(top_k(WEIGHTS, k)) == list(range(kept))


@pytest.mark.parametrize(("share", "kept"), [(0.4, 1), (0.5, 1), (0.51, 2), (0.8, 2), (0.81, 3), (1.0, 4)])
def test_nucleus_keeps_the_fewest_that_reach_the_share(share: float, kept: int) -> None:
    assert kept_of(nucleus(WEIGHTS, share)) == list(range(kept))


@pytest.mark.parametrize(("floor", "kept"), [(1.0, 1), (0.61, 1), (0.59, 2), (0.31, 2), (0.29, 3), (0.09, 4), (0.0, 4)])
def test_min_p_keeps_what_is_near_the_likeliest(floor: float, kept: int) -> None:
    got = likely(LOGITS, floor, 1.0)
    np.testing.assert_allclose(got[:kept], WEIGHTS[:kept] / 0.5)
    assert kept_of(got) == list(range(kept))
    # As much at any temperature: the logits of a lower one are further apart.
    assert kept_of(likely(0.3 * LOGITS, floor, 0.3)) == list(range(kept))


@given(logits, st.floats(0.1, 3), st.floats(0.05, 1), st.floats(0, 1), st.integers(1, 50))
def test_all_cuts_in_a_row_are_what_they_are_one_by_one(
    values: np.ndarray, temperature: float, share: float, floor: float, k: int
) -> None:
    got = chances(values, Sampling(temperature=temperature, nucleus=share, min_p=floor, top_k=k))
    weights = np.exp((values - values.max()) / temperature)
    weights[weights < np.sort(weights)[-min(k, len(values))]] = 0.0
    if share < 1.0:
        ordered = np.sort(weights)[::-1]
        before = np.cumsum(ordered) - ordered
        assume(not np.isclose(before, share * ordered.sum(), rtol=1e-9).any())
        weights[weights < ordered[before < share * ordered.sum()][-1]] = 0.0
    assume(not np.isclose(weights, floor, rtol=1e-9).any())
    weights[weights < floor] = 0.0
    np.testing.assert_allclose(got, weights / weights.sum(), rtol=1e-9)


@given(logits, st.floats(0.1, 3), st.floats(0.05, 1), st.floats(0, 1), st.integers(1, 50), st.data())
def test_what_is_forbidden_is_never_drawn(
    values: np.ndarray, temperature: float, share: float, floor: float, k: int, data: st.DataObject
) -> None:
    size = len(values)
    allowed = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    allowed[data.draw(st.integers(0, size - 1))] = True
    kept = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    sampling = Sampling(temperature=temperature, nucleus=share, min_p=floor, top_k=k)
    got = Sampler(sampling, kept).chances(values, allowed)
    assert math.isclose(got.sum(), 1.0)
    assert not got[~allowed].any()
    assert allowed[draw(got, data.draw(st.floats(0, 1, exclude_max=True)))]


def test_nothing_allowed_is_a_bug() -> None:
    for sampling in (OFF, Sampling(temperature=0.0), Sampling()):
        with pytest.raises(ValueError, match="forbid every id"):
            chances(LOGITS, sampling, np.zeros(4, np.bool_))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20).filter(any), st.floats(0, 1, exclude_max=True))
def test_no_weight_no_draw(weights: list[float], uniform: float) -> None:
    assert weights[draw(np.array(weights), uniform)] > 0


def test_draws_come_as_often_as_their_probability() -> None:
    chance = np.random.default_rng(1).random(20_000)
    counts = np.bincount([draw(WEIGHTS, uniform) for uniform in chance], minlength=4)
    np.testing.assert_allclose(counts / 20_000, SHARES, atol=0.01)


KEPT = np.array([False, False, True, True, False])


def keeping(shares: list[float], sampling: Sampling, allowed: np.ndarray | None = None) -> np.ndarray:
    return Sampler(sampling, KEPT.tolist()).chances(np.log(np.array(shares)), allowed)


def test_what_is_kept_has_the_chances_of_the_network_at_any_temperature() -> None:
    for temperature in (0.3, 0.7, 1.0, 2.0):
        found = keeping([0.4, 0.2, 0.2, 0.1, 0.1], Sampling(temperature=temperature, min_p=0.05))
        assert found.sum() == pytest.approx(1)
        np.testing.assert_allclose(found[KEPT], [0.2, 0.1])
    sharp = keeping([0.4, 0.2, 0.2, 0.1, 0.1], Sampling(temperature=0.3, min_p=0.0))
    assert sharp[0] > 0.4


def test_what_is_kept_goes_only_where_it_is_hardly_likely_or_hardly_all() -> None:
    sampling = Sampling(temperature=1.0, min_p=0.05)
    rare = keeping([0.5, 0.3, 0.02, 0.02, 0.16], sampling)
    assert rare[KEPT].sum() == 0
    assert rare.sum() == pytest.approx(1)
    nearly = keeping([0.01, 0.01, 0.9, 0.07, 0.01], sampling)
    assert nearly[KEPT].sum() == pytest.approx(1)


@given(st.lists(st.floats(-12, 12), min_size=5, max_size=5), st.floats(0.001, 1))
def test_what_is_hardly_likely_goes(values: list[float], floor: float) -> None:
    weights = np.exp(np.array(values) - max(values))
    share = weights[KEPT].sum() / weights.sum()
    assume(min(abs(share - floor), abs(1 - share - floor)) > 1e-9)
    found = Sampler(Sampling(temperature=1.0, min_p=floor), KEPT.tolist()).chances(np.array(values))
    expected = 0.0 if share < floor else 1.0 if share > 1 - floor else share
    assert found[KEPT].sum() == pytest.approx(expected)


def test_with_one_part_forbidden_the_other_has_all() -> None:
    shares = [0.4, 0.2, 0.2, 0.1, 0.1]
    for sampling in (Sampling(), Sampling(min_p=0.0), Sampling(min_p=1.0)):
        assert keeping(shares, sampling, KEPT)[KEPT].sum() == pytest.approx(1)
        assert keeping(shares, sampling, ~KEPT)[~KEPT].sum() == pytest.approx(1)
    with pytest.raises(ValueError, match="forbid"):
        keeping(shares, sampling, np.zeros(5, np.bool_))


@given(logits, st.floats(0, 1, exclude_max=True), st.sampled_from([0.0, 0.6, 1.0]), st.integers(0, 1 << 30))
def test_choosing_in_one_is_the_same_as_step_by_step(
    values: np.ndarray, uniform: float, temperature: float, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    hint, never = generator.normal(size=len(values)), int(generator.integers(len(values)))
    sampler = Sampler(Sampling(temperature=temperature, top_k=9), generator.random(len(values)) < 0.3)
    network = values.astype(np.float32)
    step_by_step = weighed(network, hint, 0.3)
    step_by_step[never] = -math.inf
    expected = draw(sampler.chances(step_by_step), uniform)
    assert chosen(network, hint, 0.3, never, *sampler.settings, uniform) == expected
