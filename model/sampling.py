"""Chooses the next id from a network's logits. Knows no screenplay words.

Mostly in plain Python, on purpose: few of a hundred ids are ever likely enough to be drawn, and after a step of the
network, which fills the caches with weights, each call of NumPy waits for its own code.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence

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

    temperature: float = Field(default=0.6, ge=0, le=10)
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
        self._temperature, self._floor = sampling.temperature, sampling.min_p
        self._kept = [id_ for id_, is_kept in enumerate(kept) if is_kept]
        self._others = [id_ for id_, is_kept in enumerate(kept) if not is_kept]
        self._order = np.array(self._kept + self._others)
        least = min(sampling.min_p, 1.0 - sampling.min_p)
        self._hardly = math.log(least) - math.log(len(kept)) if least else -math.inf
        """Of ids that are all so much less likely than another one, all together have less than `min_p`."""

    def chances(self, logits: NDArray[np.float32] | Floats, allowed: Mask | None = None) -> Chances:
        """Of each id, from (vocabulary,) of logits; together they are 1.

        Forbidden ids go first, so that what is kept is a share of what may be said at all.

        Raises:
            ValueError: Nothing is allowed; that is a bug in a constraint.
        """
        if allowed is not None:
            if not allowed.any():
                raise ValueError("the constraints forbid every id")
            logits = np.where(allowed, logits, -math.inf)
        if self._temperature == 0.0:
            return {int(logits.argmax()): 1.0}
        values = logits.take(self._order)
        listed = values.tolist()
        own, others = listed[: len(self._kept)], listed[len(self._kept) :]
        top_own, top_others = max(own, default=-math.inf), max(others, default=-math.inf)
        if top_own < top_others + self._hardly:
            share = 0.0
        elif top_others < top_own + self._hardly:
            share = 1.0
        else:
            weights = np.exp(np.subtract(values, max(top_own, top_others), dtype=np.float64))
            share = float(weights[: len(own)].sum() / weights.sum())
        if share < self._floor or share == 0.0:
            return self._tempered(others, top_others)
        found = normalised(likely(self._kept, own, top_own, self._floor))
        if share > 1.0 - self._floor or share == 1.0:
            return found
        for id_, chance in found.items():
            found[id_] = share * chance
        for id_, chance in self._tempered(others, top_others).items():
            found[id_] = (1.0 - share) * chance
        return dict(sorted(found.items()))

    def _tempered(self, logits: Sequence[float], top: float) -> Chances:
        """Of each of the others as temperature, top-k, nucleus and min-p make them, in this order."""
        sampling = self._sampling
        if sampling.nucleus == 1.0:
            # The same in another order: nobody needs the sum of those that fall away.
            found = likely(self._others, logits, top, self._floor, self._temperature)
            return normalised(found if sampling.top_k is None else top_k(found, sampling.top_k))
        found = likely(self._others, logits, top, 0.0, self._temperature)
        found = nucleus(found if sampling.top_k is None else top_k(found, sampling.top_k), sampling.nucleus)
        return normalised(_from(found, self._floor))


def normalised(weights: Chances) -> Chances:
    """The same, but together they are 1."""
    total = sum(weights.values())
    return {id_: weight / total for id_, weight in weights.items()}


def likely(ids: Sequence[int], logits: Sequence[float], top: float, floor: float, temperature: float = 1.0) -> Chances:
    """What ids weigh where `top`, the largest logit, weighs 1; those below `floor` are dropped, and what is forbidden.

    Source: Nguyen et al. 2024, arXiv:2407.01082 (min-p).
    """
    # A ratio of weights is a difference of logits: what is dropped need not be raised to a power.
    least = top + temperature * math.log(floor) if floor else -sys.float_info.max
    pairs = zip(ids, logits, strict=True)
    return {id_: math.exp((logit - top) / temperature) for id_, logit in pairs if logit >= least}


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
