"""Chooses the next id from a network's logits. Knows no screenplay words.

Everything works along the last axis, so a batch of takes is sampled as one. NumPy, because a
vocabulary has a hundred ids: at that size a torch call costs more than its work.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
_BLOCK = 512


class Sampling(BaseModel):
    """How daring the choice is. What is None, or at its end of the range, is off."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    temperature: float = Field(default=0.7, ge=0, le=10)
    """Below 1 sharpens, above 1 flattens; 0 always takes the likeliest id."""
    top_k: int | None = Field(default=None, ge=1)
    """Keep the k likeliest ids."""
    nucleus: float = Field(default=1.0, gt=0, le=1)
    """Keep the fewest likeliest ids that together have this probability."""
    min_p: float = Field(default=0.05, ge=0, le=1)
    """Drop ids whose probability is below this share of the likeliest one's."""


def probabilities(logits: NDArray[np.float32] | Floats, sampling: Sampling, allowed: Mask | None = None) -> Floats:
    """Turn logits, (..., vocabulary), into what is drawn from.

    Forbidden ids go first, so that what is kept is a share of what may be said at all.

    Raises:
        ValueError: Nothing is allowed; that is a bug in a constraint.
    """
    values = _allowed(logits, allowed)
    top = values.max(axis=-1, keepdims=True)
    if sampling.temperature == 0.0:
        return likeliest(values)
    weights = np.exp((values - top) / sampling.temperature)
    if sampling.top_k is not None:
        weights = top_k(weights, sampling.top_k)
    if sampling.nucleus < 1.0:
        weights = nucleus(weights, sampling.nucleus)
    if sampling.min_p > 0.0:
        weights = min_p(weights, sampling.min_p)
    shares: Floats = weights / weights.sum(axis=-1, keepdims=True)
    return shares


def likeliest(values: Floats) -> Floats:
    """All chance to the first of the largest, (..., vocabulary), so that ties do not depend on anything."""
    certain: Floats = np.eye(values.shape[-1])[values.argmax(axis=-1)]
    return certain


def _allowed(logits: NDArray[np.float32] | Floats, allowed: Mask | None) -> Floats:
    values: Floats = np.asarray(logits, dtype=np.float64)
    if allowed is None:
        return values
    if not allowed.any(axis=-1).all():
        raise ValueError("the constraints forbid every id")
    return np.where(allowed, values, -math.inf)


def keeping(
    logits: NDArray[np.float32] | Floats, sampling: Sampling, kept: Mask, allowed: Mask | None = None
) -> Floats:
    """As `probabilities`, (..., vocabulary), but the ids of `kept` have the chances that the network gives them.

    A low temperature makes rare things rarer. For letters that is what it is for; but where ids end or open something,
    as `kept` do, it makes everything longer than what was learned. They are left out only where all of them together
    have less than `min_p`; among themselves the rarest, below that share of the likeliest of them, are dropped.
    """
    if sampling.temperature == 0.0:
        return probabilities(logits, sampling, allowed)
    values = _allowed(logits, allowed)
    weights = np.exp(values - values.max(axis=-1, keepdims=True))
    own: Floats = weights * kept
    sums = weights.sum(axis=-1, keepdims=True)
    share = own.sum(axis=-1, keepdims=True) / sums
    if values.ndim == 1:
        # One text, as nearly always: what is all of one kind needs no mixture, and a mixture takes most of the time.
        if share < sampling.min_p and share < 1.0:
            return probabilities(np.where(kept, -math.inf, values), sampling)
        if share > 1.0 - sampling.min_p:
            own = min_p(own, sampling.min_p)
            own /= own.sum()
            return own
    share = np.where(share < sampling.min_p, 0.0, np.where(share > 1.0 - sampling.min_p, 1.0, share))
    own = min_p(own, sampling.min_p)
    own /= np.maximum(own.sum(axis=-1, keepdims=True), np.finfo(np.float64).tiny)
    # Where one of the two parts has nothing that is allowed, the other has all.
    rest = np.where(kept, -math.inf, values)
    has_rest = np.isfinite(rest).any(axis=-1, keepdims=True)
    others = probabilities(np.where(has_rest, rest, values), sampling)
    return np.where(has_rest, share * own + (1.0 - share) * others, own)


def top_k(weights: Floats, k: int) -> Floats:
    """Keep the k largest weights, (..., vocabulary), and those equal to the last of them.

    Source: Fan et al. 2018, arXiv:1805.04833.
    """
    if k >= weights.shape[-1]:
        return weights
    cutoff = np.partition(weights, -k, axis=-1)[..., -k, None]
    return np.where(weights >= cutoff, weights, 0.0)


def nucleus(weights: Floats, share: float) -> Floats:
    """Keep the largest weights, (..., vocabulary), until they make up this share of the sum; at least one.

    Source: Holtzman et al. 2020, arXiv:1904.09751.
    """
    ordered = -np.sort(-weights, axis=-1)
    before = np.cumsum(ordered, axis=-1) - ordered
    # The smallest weight kept is the last one that the share was not yet reached before.
    kept = before < share * ordered.sum(axis=-1, keepdims=True)
    cutoff = np.where(kept, ordered, math.inf).min(axis=-1, keepdims=True)
    return np.where(weights >= cutoff, weights, 0.0)


def min_p(weights: Floats, floor: float) -> Floats:
    """Drop weights, (..., vocabulary), below this share of the largest.

    Source: Nguyen et al. 2024, arXiv:2407.01082.
    """
    return np.where(weights >= floor * weights.max(axis=-1, keepdims=True), weights, 0.0)


def draw(probabilities: Floats, uniform: float) -> int:
    """The id, from (vocabulary,) of probabilities, that a uniform number in [0, 1) falls on."""
    sums = np.cumsum(probabilities)
    # Scaled by the last sum, so that rounding can't leave a gap at the end; "right" passes over ids of no weight.
    found = int(np.searchsorted(sums, uniform * sums[-1], side="right"))
    # The smallest numbers of all may be rounded up to the sum itself.
    return found if found < len(sums) else int(np.searchsorted(sums, sums[-1]))


def uniforms(generator: np.random.Generator) -> Iterator[float]:
    """Uniform numbers in [0, 1), drawn in blocks: a call for each would cost more than the rest of the step."""
    while True:
        yield from generator.random(_BLOCK).tolist()
