import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.sampling import Sampling, draw, keeping, min_p, nucleus, probabilities, top_k, uniforms

WEIGHTS = np.array([0.5, 0.3, 0.15, 0.05])
OFF = Sampling(temperature=1.0, min_p=0.0)
logits = st.lists(st.floats(-30, 30), min_size=2, max_size=40).map(np.array)


def test_plain_sampling_is_the_softmax() -> None:
    values = np.array([1.0, 2.0, 3.0])
    np.testing.assert_allclose(probabilities(values, OFF), np.exp(values) / np.exp(values).sum())


def test_temperature_sharpens() -> None:
    got = probabilities(np.log(WEIGHTS), Sampling(temperature=0.5, min_p=0.0))
    np.testing.assert_allclose(got, WEIGHTS**2 / (WEIGHTS**2).sum())


def test_temperature_zero_takes_the_first_of_the_likeliest() -> None:
    got = probabilities(np.array([1.0, 3.0, 3.0]), Sampling(temperature=0.0))
    assert got.tolist() == [0.0, 1.0, 0.0]


@pytest.mark.parametrize(("k", "kept"), [(1, 1), (2, 2), (4, 4), (9, 4)])
def test_top_k_keeps_k(k: int, kept: int) -> None:
    assert np.count_nonzero(top_k(WEIGHTS, k)) == kept


@pytest.mark.parametrize(("share", "kept"), [(0.4, 1), (0.5, 1), (0.51, 2), (0.8, 2), (0.81, 3), (1.0, 4)])
def test_nucleus_keeps_the_fewest_that_reach_the_share(share: float, kept: int) -> None:
    assert np.count_nonzero(nucleus(WEIGHTS, share)) == kept


@pytest.mark.parametrize(("floor", "kept"), [(1.0, 1), (0.6, 2), (0.61, 1), (0.3, 3), (0.1, 4)])
def test_min_p_keeps_what_is_near_the_likeliest(floor: float, kept: int) -> None:
    assert np.count_nonzero(min_p(WEIGHTS, floor)) == kept


def test_truncation_works_on_every_row_of_a_batch_alone() -> None:
    rows = np.stack([WEIGHTS, WEIGHTS[::-1]])
    for cut in (lambda w: top_k(w, 2), lambda w: nucleus(w, 0.7), lambda w: min_p(w, 0.5)):
        np.testing.assert_array_equal(cut(rows), np.stack([cut(rows[0]), cut(rows[1])]))


@given(logits, st.floats(0.1, 3), st.floats(0.05, 1), st.floats(0, 1), st.integers(1, 50), st.data())
def test_what_is_forbidden_is_never_drawn(
    values: np.ndarray, temperature: float, share: float, floor: float, k: int, data: st.DataObject
) -> None:
    allowed = np.array(data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values))))
    allowed[data.draw(st.integers(0, len(values) - 1))] = True
    sampling = Sampling(temperature=temperature, nucleus=share, min_p=floor, top_k=k)
    got = probabilities(values, sampling, allowed)
    assert math.isclose(got.sum(), 1.0)
    assert not got[~allowed].any()
    assert allowed[draw(got, data.draw(st.floats(0, 1, exclude_max=True)))]


def test_nothing_allowed_is_a_bug() -> None:
    with pytest.raises(ValueError, match="forbid every id"):
        probabilities(WEIGHTS, OFF, np.zeros(4, bool))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20).filter(any), st.floats(0, 1, exclude_max=True))
def test_no_weight_no_draw(weights: list[float], uniform: float) -> None:
    assert weights[draw(np.array(weights), uniform)] > 0


def test_draws_come_as_often_as_their_probability() -> None:
    chance = uniforms(np.random.default_rng(1))
    counts = np.bincount([draw(WEIGHTS, next(chance)) for _ in range(20_000)], minlength=4)
    np.testing.assert_allclose(counts / 20_000, WEIGHTS, atol=0.01)


def test_uniforms_depend_on_the_generator_alone() -> None:
    one, other = uniforms(np.random.default_rng(7)), uniforms(np.random.default_rng(7))
    np.random.default_rng().random(3)
    assert [next(one) for _ in range(1500)] == [next(other) for _ in range(1500)]


KEPT = np.array([False, False, True, True, False])


def test_what_is_kept_has_the_chances_of_the_network_at_any_temperature() -> None:
    scores = np.log(np.array([0.4, 0.2, 0.2, 0.1, 0.1]))
    for temperature in (0.3, 0.7, 1.0, 2.0):
        found = keeping(scores, Sampling(temperature=temperature, min_p=0.05), KEPT)
        assert found.sum() == pytest.approx(1)
        np.testing.assert_allclose(found[KEPT], [0.2, 0.1])
    sharp = keeping(scores, Sampling(temperature=0.3, min_p=0.0), KEPT)
    assert sharp[0] > 0.4


def test_what_is_kept_goes_only_where_it_is_hardly_likely_or_hardly_all() -> None:
    sampling = Sampling(temperature=1.0, min_p=0.05)
    rare = keeping(np.log(np.array([0.5, 0.3, 0.02, 0.02, 0.16])), sampling, KEPT)
    assert rare[KEPT].sum() == 0
    assert rare.sum() == pytest.approx(1)
    nearly = keeping(np.log(np.array([0.01, 0.01, 0.9, 0.07, 0.01])), sampling, KEPT)
    assert nearly[KEPT].sum() == pytest.approx(1)


def test_with_one_part_forbidden_the_other_has_all() -> None:
    scores = np.log(np.array([0.4, 0.2, 0.2, 0.1, 0.1]))
    sampling = Sampling()
    assert keeping(scores, sampling, KEPT, KEPT)[KEPT].sum() == pytest.approx(1)
    assert keeping(scores, sampling, KEPT, ~KEPT)[~KEPT].sum() == pytest.approx(1)
    with pytest.raises(ValueError, match="forbid"):
        keeping(scores, sampling, KEPT, np.zeros(5, np.bool_))
    batch = keeping(np.stack([scores, scores]), sampling, KEPT)
    np.testing.assert_allclose(batch, np.stack([keeping(scores, sampling, KEPT)] * 2))
