"""Points at who speaks next, who is there and where, from what the stage has seen; says how sure it is.

A network carries a name over hundreds of symbols badly. So names and headings that a script already has are
candidates, each with a few features; a softmax over them, and over "something else", which stays the network's to
spell, is fitted to the scripts that a model learns from.

Source: Merity et al. 2017, arXiv:1609.07843 (a pointer mixed with a softmax by a share of its own), here with whole
names and headings in place of words.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, field_validator

from model.habits import place_in
from model.stage import Stage, mentioned, parts
from screenplay.stream import AND, CAST, CHARACTER, DUAL, SCENE

Floats = NDArray[np.float64]
LEAST = 0.01
"""Share that the network has of every choice: a pointer is never certain."""
_RIDGE = 1.0
_STEPS = 100
_MOST = 64
"""Candidates of one choice; of more, the first."""
_ROWS = 200_000
"""Candidates of all choices of a kind that are learned from at most, those of some forty film scripts: a few weights
need no more, and those of a gigabyte would take 20."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may come next, whole or as a beginning."""

    text: str
    is_whole: bool
    """False for the beginning of a heading: how it goes on is the network's."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be pointed at, and what speaks for each."""

    candidates: tuple[Candidate, ...]
    features: Floats
    """(1 + candidates, features); row 0 is for something else."""

    def index_of(self, text: str) -> int:
        """Which row a text is: the whole before a beginning of it; 0 if it is something else."""
        beginning = 0
        for index, candidate in enumerate(self.candidates, start=1):
            if candidate.is_whole and candidate.text == text:
                return index
            if not candidate.is_whole and not beginning and text.startswith(candidate.text):
                beginning = index
        return beginning


def cue_choice(stage: Stage) -> Choice:
    """Who of the scene's header speaks next."""
    unmet, speakers = stage.unmet, stage.speakers
    order = list(dict.fromkeys(reversed(speakers)))
    followers = [after for name, after in itertools.pairwise(speakers) if name == stage.last]
    run = _alternation(speakers)
    asks = stage.said.rstrip().endswith("?")
    known = [name for scene in stage.past for name in scene.speakers]
    rows = [[1.0] + [0.0] * 24]
    names = stage.cast[:_MOST]
    for name in names:
        rank = order.index(name) + 1 if name in order else 0
        is_next, is_named, is_seen = name in unmet[:1], mentioned(name, stage.said), mentioned(name, stage.seen)
        rows.append(
            [
                0.0,
                rank == 1,
                rank == 1 and bool(stage.seen),
                rank == 1 and is_named,
                rank == 2,
                (rank == 2) * min(run, 8) / 8,
                (rank == 2) * (len(stage.cast) == 2),
                (rank == 2) * bool(stage.seen),
                (rank == 2) * asks,
                rank == 3,
                rank == 4,
                rank > 4,
                is_next,
                is_next and not speakers,
                is_next and len(order) == 1,
                is_next * len(unmet) / max(1, len(stage.cast)),
                is_next * math.log1p(len(speakers)),
                name in unmet[1:],
                is_named,
                is_named and rank == 0,
                is_seen,
                is_seen and rank == 0,
                math.log1p(followers.count(name)),
                math.log1p(speakers.count(name)),
                math.log1p(known.count(name)),
            ]
        )
    return Choice(tuple(Candidate(name, True) for name in names), np.array(rows, np.float64))


def cast_choice(stage: Stage) -> Choice:
    """Whom of the earlier scenes a header lists next."""
    counts: dict[str, int] = {}
    last: dict[str, int] = {}
    for age, scene in enumerate(reversed(stage.past), start=1):
        for name in scene.speakers:
            counts[name] = counts.get(name, 0) + 1
            last.setdefault(name, age)
    place = place_in(stage.heading)
    here = {name for scene in stage.past if place_in(scene.heading) == place for name in scene.speakers}
    together: dict[str, int] = {}
    for scene in stage.past:
        if any(name in scene.speakers for name in stage.cast):
            for name in scene.speakers:
                together[name] = together.get(name, 0) + 1
    names = sorted((name for name in last if name not in stage.cast), key=lambda name: (last[name], -counts[name]))
    names = names[:_MOST]
    listed = len(stage.cast)
    rows = [[1.0, math.log1p(len(stage.past)), math.log1p(listed), listed == 0, *([0.0] * 9)]]
    for name in names:
        age, count = last[name], counts[name]
        rows.append(
            [
                *([0.0] * 4),
                age == 1,
                age == 2,
                age == 3,
                math.log(age),
                math.log(count),
                name in here,
                mentioned(name, stage.heading),
                math.log1p(together.get(name, 0)),
                (age == 1) * (listed == 0),
            ]
        )
    return Choice(tuple(Candidate(name, True) for name in names), np.array(rows, np.float64))


def heading_choice(stage: Stage) -> Choice:
    """To which of the earlier headings, or at least places, a scene comes back."""
    wholes: dict[str, tuple[int, int]] = {}
    places: dict[str, tuple[int, int]] = {}
    for age, scene in enumerate(reversed(stage.past), start=1):
        for table, text in ((wholes, scene.heading), (places, _beginning(scene.heading))):
            if text:
                first, count = table.get(text, (age, 0))
                table[text] = (first, count + 1)
    rows = [[1.0, math.log1p(len(stage.past)), *([0.0] * 13)]]
    candidates: list[Candidate] = []
    for is_whole, table in ((True, wholes), (False, places)):
        for text, (age, count) in list(table.items())[: _MOST // 2]:
            facts = [1.0, age == 1, age == 2, age == 3, math.log(age), math.log(count)]
            empty = [0.0] * 6
            rows.append([0.0, 0.0, *(facts if is_whole else empty), *(empty if is_whole else facts), age > 10])
            candidates.append(Candidate(text, is_whole))
    return Choice(tuple(candidates), np.array(rows, np.float64))


def _beginning(heading: str) -> str:
    """A heading up to its time of day, ` - ` included; nothing where it has none."""
    place, dash, time = heading.rpartition(" - ")
    return place + dash if time else ""


def _alternation(speakers: Sequence[str]) -> int:
    """How many cues of late each answered the one before the last."""
    run = 0
    for index in range(len(speakers) - 1, 1, -1):
        if speakers[index] != speakers[index - 2] or speakers[index] == speakers[index - 1]:
            break
        run += 1
    return run


CHOICES: dict[str, Callable[[Stage], Choice]] = {"heading": heading_choice, "cast": cast_choice, "cue": cue_choice}
"""Kind of choice to what it chooses from."""
KIND_OF = {SCENE: "heading", CAST: "cast", AND: "cast", CHARACTER: "cue", DUAL: "cue"}
"""The token after which there is a choice, to its kind."""


def choice_after(token: str, stage: Stage) -> Choice:
    """What may be pointed at after a token of `KIND_OF`; `stage` is that before it."""
    # A scene's beginning closes the one before.
    return CHOICES[KIND_OF[token]](stage.after(SCENE, "") if token == SCENE else stage)


class PointerWeights(BaseModel):
    """What each feature weighs, by kind of choice."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    weights: dict[str, tuple[float, ...]]

    @field_validator("weights")
    @classmethod
    def _fits(cls, weights: dict[str, tuple[float, ...]]) -> dict[str, tuple[float, ...]]:
        sizes = {kind: choose(Stage()).features.shape[1] for kind, choose in CHOICES.items()}
        if {kind: len(values) for kind, values in weights.items()} != sizes:
            raise ValueError(f"the features are {sizes}")
        return weights

    def shares(self, token: str, choice: Choice) -> Floats:
        """How likely each row of a choice is, (1 + candidates,); the network's, the first, at least `LEAST`."""
        scores = choice.features @ _array(self.weights[KIND_OF[token]])
        shares: Floats = np.exp(scores - scores.max())
        shares /= shares.sum()
        if len(shares) == 1:
            return np.ones(1)
        if shares[0] < LEAST:
            shares[1:] *= (1 - LEAST) / shares[1:].sum()
            shares[0] = LEAST
        return shares

    @classmethod
    def fitted(cls, streams: Iterable[str], *, prior: PointerWeights | None = None) -> PointerWeights:
        """Learn from streams, read once; the cost grows with their choices, memory up to a bound.

        A ridge keeps weights near those of `prior` where there is little to learn from; without one near zero, where
        every candidate, and something else, is as likely as the next.
        """
        found = {kind: _Examples() for kind in CHOICES}
        for stream in streams:
            stage = Stage()
            for _, token, text in parts(stream):
                if token in KIND_OF and found[KIND_OF[token]].has_next():
                    choice = choice_after(token, stage)
                    if choice.candidates:
                        found[KIND_OF[token]].add(choice.features, choice.index_of(text))
                stage = stage.after(token, text)
        begin = {kind: (0.0,) * choose(Stage()).features.shape[1] for kind, choose in CHOICES.items()}
        if prior is not None:
            begin |= prior.weights
        return cls(weights={kind: _fit(examples.all(), begin[kind]) for kind, examples in found.items()})


@lru_cache(1 << 6)
def _array(weights: tuple[float, ...]) -> Floats:
    return np.array(weights)


class _Examples:
    """Choices of one kind to learn from; where there are many, every second, fourth, eighth … of them."""

    def __init__(self) -> None:
        self._found: list[tuple[int, Floats, int]] = []
        """Number, features and what was chosen."""
        self._number, self._every, self._rows = -1, 1, 0

    def has_next(self) -> bool:
        """Count one more, and tell whether it is one of those."""
        self._number += 1
        return self._number % self._every == 0

    def add(self, features: Floats, index: int) -> None:
        """Take in the one that was counted last."""
        self._found.append((self._number, features, index))
        self._rows += len(features)
        while self._rows > _ROWS and len(self._found) > 1:
            self._every *= 2
            self._found = [one for one in self._found if one[0] % self._every == 0]
            self._rows = sum(len(features) for _, features, _ in self._found)

    def all(self) -> list[tuple[Floats, int]]:
        """Their features, and which row was chosen."""
        return [(features, index) for _, features, index in self._found]


def _fit(examples: Sequence[tuple[Floats, int]], prior: tuple[float, ...]) -> tuple[float, ...]:
    """Weights, (features,), that make what was chosen likeliest, without leaving those given for little."""
    if not examples:
        return prior
    import torch  # not for those who only write

    features = torch.from_numpy(np.concatenate([rows for rows, _ in examples]))
    counts = [len(rows) for rows, _ in examples]
    owner = torch.repeat_interleave(torch.arange(len(counts)), torch.tensor(counts))
    starts = np.cumsum([0, *counts[:-1]])
    chosen = torch.from_numpy(starts + np.array([index for _, index in examples]))
    begin = torch.tensor(prior, dtype=torch.float64)
    weights = begin.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([weights], max_iter=_STEPS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        scores = features @ weights
        # No score comes near what a float64 can't raise e to.
        sums = torch.zeros(len(counts), dtype=torch.float64).index_add(0, owner, scores.exp())
        value: torch.Tensor = (sums.log() - scores[chosen]).sum() + _RIDGE * (weights - begin).square().sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    return tuple(weights.detach().tolist())
