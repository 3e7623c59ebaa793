"""Chooses the next id from a network's logits. Knows no screenplay words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from model.compiling import compiled

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Chances = Floats
"""What each id weighs, (vocabulary,); what falls away weighs nothing."""
_MARGIN = 1e-6
"""Beyond what rounding may make of a logarithm."""


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


class Settings(NamedTuple):
    """What a sampler goes by, as compiled loops want it."""

    is_kept: Mask
    """Of each id, (vocabulary,), whether it keeps its chances."""
    temperature: float
    k: int
    share: float
    floor: float


class Sampler:
    """Turns logits into what is drawn from; some ids keep the chances that the network gives them.

    A low temperature makes rare things rarer. For letters that is what it is for; but where ids end or open something,
    as those that are kept do, it makes everything longer than what was learned. They are left out only where all of
    them together have less than `min_p`, and have all where the others together have less; among themselves the
    rarest, below that share of the likeliest of them, are dropped.
    """

    def __init__(self, sampling: Sampling, kept: Sequence[bool] | Mask) -> None:
        """`kept` says of each id whether it is one of those."""
        k = sampling.top_k if sampling.top_k is not None else len(kept)
        is_kept = np.array(kept, np.bool_)
        self.settings = Settings(is_kept, sampling.temperature, k, sampling.nucleus, sampling.min_p)

    @property
    def is_certain(self) -> bool:
        """Whether always the likeliest is taken."""
        return self.settings.temperature == 0.0

    def chances(self, logits: Floats, allowed: Mask | None = None) -> Chances:
        """Of each id, from (vocabulary,) of logits; together they are 1.

        Forbidden ids go first, so that what is kept is a share of what may be said at all.

        Raises:
            ValueError: Nothing is allowed; that is a bug in a constraint.
        """
        if allowed is not None:
            if not allowed.any():
                raise ValueError("the constraints forbid every id")
            logits = np.where(allowed, logits, -np.inf)
        if self.is_certain:
            return likeliest(logits)
        return _chances(logits, *self.settings)


@compiled
def weighed(logits: NDArray[np.float32], hint: Floats, power: float) -> Floats:
    """Logits of a product: of the chances that a network's logits give, to a power, with others."""
    found = np.empty(len(logits))
    for id_ in range(len(logits)):
        found[id_] = power * logits[id_] + hint[id_]
    return found


@compiled
def _chances(logits: Floats, is_kept: Mask, temperature: float, k: int, nucleus_share: float, floor: float) -> Chances:
    # Sums and products are loops of their own: NumPy's for arrays take seconds to compile.
    own, others, top = np.empty(len(logits)), np.empty(len(logits)), _most(logits)
    all_own, total = 0.0, 0.0
    for id_ in range(len(logits)):
        weight = np.exp(logits[id_] - top)
        total += weight
        all_own += weight * is_kept[id_]
        own[id_], others[id_] = (logits[id_], -np.inf) if is_kept[id_] else (-np.inf, logits[id_])
    share = all_own / total
    if share < floor or share == 0.0:
        return _tempered(others, temperature, k, nucleus_share, floor)
    found = normalised(likely(own, floor, 1.0))
    if share > 1.0 - floor or share == 1.0:
        return found
    tempered = _tempered(others, temperature, k, nucleus_share, floor)
    for id_ in range(len(found)):
        found[id_] = share * found[id_] + (1.0 - share) * tempered[id_]
    return found


@compiled
def _tempered(logits: Floats, temperature: float, k: int, share: float, floor: float) -> Chances:
    """Chances as temperature, top-k, nucleus and min-p make them, in this order."""
    if k >= len(logits) and share >= 1.0:
        return normalised(likely(logits, floor, temperature))
    weights = likely(logits, 0.0, temperature)
    if k < len(weights):
        weights = top_k(weights, k)
    if share < 1.0:
        weights = nucleus(weights, share)
    # The likeliest weighs 1, and none of the cuts takes it.
    return normalised(_from(weights, floor))


@compiled
def normalised(weights: Chances) -> Chances:
    """The same, but together they are 1."""
    found, total = np.empty(len(weights)), _sum(weights)
    for id_ in range(len(weights)):
        found[id_] = weights[id_] / total
    return found


@compiled
def _sum(weights: Chances) -> float:
    total = 0.0
    for weight in weights:
        total += weight
    return total


@compiled
def _most(logits: Floats) -> float:
    top = -np.inf
    for logit in logits:
        top = max(top, logit)
    return top


@compiled
def likely(logits: Floats, floor: float, temperature: float) -> Chances:
    """What ids weigh where the likeliest weighs 1; those below `floor` are dropped, and what is forbidden.

    Source: Nguyen et al. 2024, arXiv:2407.01082 (min-p).
    """
    found, top = np.zeros(len(logits)), _most(logits)
    # Most weigh far too little, and need not be weighed.
    least = (np.log(floor) - _MARGIN) * temperature if floor > 0.0 else -np.inf
    for id_ in range(len(logits)):
        if logits[id_] - top >= least:
            weight = np.exp((logits[id_] - top) / temperature)
            if weight >= floor:
                found[id_] = weight
    return found


@compiled
def top_k(weights: Chances, k: int) -> Chances:
    """Keep the k heaviest, and those that weigh as much as the last of them.

    Source: Fan et al. 2018, arXiv:1805.04833.
    """
    kept, least = 0, np.inf
    while kept < k and least > 0.0:
        least = _heaviest_below(weights, least)
        kept += _count(weights, least)
    return _from(weights, least)


@compiled
def nucleus(weights: Chances, share: float) -> Chances:
    """Keep the heaviest until they make up this share of the sum; at least one.

    Source: Holtzman et al. 2020, arXiv:1904.09751.
    """
    goal, kept, least = share * _sum(weights), 0.0, np.inf
    while kept < goal and least > 0.0:
        least = _heaviest_below(weights, least)
        kept += least * _count(weights, least)
    return _from(weights, least)


@compiled
def _count(weights: Chances, weight: float) -> int:
    number = 0
    for each in weights:
        number += each == weight
    return number


@compiled
def _heaviest_below(weights: Chances, bound: float) -> float:
    found = 0.0
    for weight in weights:
        if found < weight < bound:
            found = weight
    return found


@compiled
def _from(weights: Chances, least: float) -> Chances:
    found = np.zeros(len(weights))
    for id_ in range(len(weights)):
        if weights[id_] >= least:
            found[id_] = weights[id_]
    return found


def likeliest(weights: Floats) -> Chances:
    """All chance to the first of the heaviest, so that ties do not depend on anything."""
    found = np.zeros(len(weights))
    found[weights.argmax()] = 1.0
    return found


@compiled
def draw(weights: Chances, uniform: float) -> int:
    """The id that a uniform number in [0, 1) falls on."""
    goal, reached, found = uniform * _sum(weights), 0.0, -1
    for id_ in range(len(weights)):
        if weights[id_] > 0.0:
            found = id_
        reached += weights[id_]
        if goal < reached:
            break
    # Rounding may leave a gap at the end: it belongs to the last.
    return found


@compiled
def chosen(
    logits: NDArray[np.float32],
    hint: Floats,
    power: float,
    never: int,
    is_kept: Mask,
    temperature: float,
    k: int,
    share: float,
    floor: float,
    uniform: float,
) -> int:
    """Draw from the chances that `weighed` logits give, but for one id: the same as step by step, in one."""
    found = weighed(logits, hint, power)
    found[never] = -np.inf
    if temperature == 0.0:
        return _first(found)
    return draw(_chances(found, is_kept, temperature, k, share, floor), uniform)


@compiled
def _first(logits: Floats) -> int:
    """Of the likeliest."""
    found = 0
    for id_ in range(len(logits)):
        if logits[id_] > logits[found]:
            found = id_
    return found
