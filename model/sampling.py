"""Chooses the next id from a network's logits. Knows no screenplay words.

In plain Python, on purpose: few of a hundred ids are ever likely enough to be drawn, and after a step of the network,
which fills the caches with weights, each call of NumPy waits for its own code.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from itertools import compress

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Chances = dict[int, float]
"""Ids in order, and what each weighs; what is not among them weighs nothing."""
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


class Sampler:
    """Turns logits into what is drawn from; some ids keep the chances that the network gives them.

    A low temperature makes rare things rarer. For letters that is what it is for; but where ids end or open something,
    as those that are kept do, it makes everything longer than what was learned. They are left out only where all of
    them together have less than `min_p`, and have all where the others together have less; among themselves the
    rarest, below that share of the likeliest of them, are dropped.
    """

    def __init__(self, sampling: Sampling, kept: Sequence[bool]) -> None:
        """`kept` says of each id whether it is one of those."""
        self._sampling = sampling
        self._is_kept, self._is_other = list(kept), [not is_kept for is_kept in kept]
        self._kept = list(compress(range(len(kept)), self._is_kept))
        self._others = list(compress(range(len(kept)), self._is_other))
        least = min(sampling.min_p, 1.0 - sampling.min_p)
        self._hardly = math.log(least) - math.log(len(kept)) if least else -math.inf
        """Of ids that are all so much less likely than another one, all together have less than `min_p`."""

    def chances(self, logits: NDArray[np.float32] | Floats, allowed: Mask | None = None) -> Chances:
        """Of each id, from (vocabulary,) of logits; together they are 1.

        Forbidden ids go first, so that what is kept is a share of what may be said at all.

        Raises:
            ValueError: Nothing is allowed; that is a bug in a constraint.
        """
        values = logits.tolist()
        if allowed is not None:
            if not allowed.any():
                raise ValueError("the constraints forbid every id")
            values = [value if ok else -math.inf for value, ok in zip(values, allowed.tolist(), strict=True)]
        if self._sampling.temperature == 0.0:
            return {values.index(max(values)): 1.0}
        own, others = list(compress(values, self._is_kept)), list(compress(values, self._is_other))
        share, floor = self._share(own, others), self._sampling.min_p
        if share < floor or share == 0.0:
            return normalised(tempered(self._others, others, self._sampling))
        found = normalised(likely(self._kept, own, floor))
        if share > 1.0 - floor or share == 1.0:
            return found
        for id_, chance in found.items():
            found[id_] = share * chance
        for id_, chance in normalised(tempered(self._others, others, self._sampling)).items():
            found[id_] = (1.0 - share) * chance
        return dict(sorted(found.items()))

    def _share(self, own: Sequence[float], others: Sequence[float]) -> float:
        """What logits of those that are kept have of all; 0 or 1 where it hardly differs."""
        top_own, top_others = max(own, default=-math.inf), max(others, default=-math.inf)
        if top_own < top_others + self._hardly:
            return 0.0
        if top_others < top_own + self._hardly:
            return 1.0
        top = max(top_own, top_others)
        mass = sum([math.exp(value - top) for value in own])
        return mass / (mass + sum([math.exp(value - top) for value in others]))


def normalised(weights: Chances) -> Chances:
    """The same, but together they are 1."""
    total = sum(weights.values())
    return {id_: weight / total for id_, weight in weights.items()}


def likely(ids: Sequence[int], logits: Sequence[float], floor: float, temperature: float = 1.0) -> Chances:
    """What each id weighs, where the likeliest weighs 1; those below `floor` are dropped, and what is forbidden.

    Source: Nguyen et al. 2024, arXiv:2407.01082 (min-p).
    """
    top = max(logits)
    # A ratio of weights is a difference of logits: what is dropped need not be raised to a power.
    least = top + temperature * math.log(floor) if floor else -sys.float_info.max
    pairs = zip(ids, logits, strict=True)
    return {id_: math.exp((logit - top) / temperature) for id_, logit in pairs if logit >= least}


def tempered(ids: Sequence[int], logits: Sequence[float], sampling: Sampling) -> Chances:
    """What each id weighs as temperature, top-k, nucleus and min-p make it, in this order."""
    # A nucleus is a share of all ids; else it is the same to drop the unlikely ones first.
    found = likely(ids, logits, sampling.min_p if sampling.nucleus == 1.0 else 0.0, sampling.temperature)
    if sampling.top_k is not None:
        found = top_k(found, sampling.top_k)
    if sampling.nucleus < 1.0:
        found = nucleus(found, sampling.nucleus)
        found = _from(found, sampling.min_p)
    return found


def likeliest(weights: Chances) -> Chances:
    """All chance to the first of the heaviest, so that ties do not depend on anything."""
    return {max(weights, key=lambda id_: (weights[id_], -id_)): 1.0}


def top_k(weights: Chances, k: int) -> Chances:
    """Keep the k heaviest, and those that weigh as much as the last of them.

    Source: Fan et al. 2018, arXiv:1805.04833.
    """
    return _from(weights, sorted(weights.values())[-k:][0])


def nucleus(weights: Chances, share: float) -> Chances:
    """Keep the heaviest until they make up this share of the sum; at least one.

    Source: Holtzman et al. 2020, arXiv:1904.09751.
    """
    goal, before, least = share * sum(weights.values()), 0.0, math.inf
    for weight in sorted(weights.values(), reverse=True):
        if before >= goal:
            break
        before, least = before + weight, weight
    return _from(weights, least)


def _from(weights: Chances, least: float) -> Chances:
    return {id_: weight for id_, weight in weights.items() if weight >= least}


def draw(weights: Chances, uniform: float) -> int:
    """The id that a uniform number in [0, 1) falls on."""
    goal, reached, found = uniform * sum(weights.values()), 0.0, -1
    for id_, weight in weights.items():
        if weight > 0.0:
            found = id_
        reached += weight
        if goal < reached:
            break
    # Rounding may leave a gap at the end: it belongs to the last.
    return found


def uniforms(generator: np.random.Generator) -> Iterator[float]:
    """Uniform numbers in [0, 1), drawn in blocks: a call for each would cost more than the rest of the step."""
    while True:
        yield from generator.random(_BLOCK).tolist()
