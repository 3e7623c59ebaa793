"""How far a run has come, and how fast it learns at that point."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

Precision: TypeAlias = Literal["float32", "bfloat16"]


ADAPTING: Mapping[str, object] = MappingProxyType({"learning_rate": 2e-3, "mixed": 0.25})
"""How `train` learns for a model that starts from another one. More would undo what that one knows; and of what it
reads a share is of the other one's texts, so that it forgets less of them and learns as much."""


FROM_SCRATCH: Mapping[str, object] = MappingProxyType({"dropout": 0.5})
"""How it learns for one that starts from nothing but a few screenplays, and reads them dozens of times."""


class TrainingConfig(BaseModel):
    """Everything that decides how a network learns; travels in the checkpoint."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    seed: int = Field(default=0, ge=0, lt=1 << 63)
    minutes: float | None = Field(default=None, gt=0)
    """Length of the run in wall-clock time, evaluations included."""
    steps: int | None = Field(default=None, gt=0)
    """Length of the run in steps; a run by steps can be repeated bit for bit."""
    precision: Precision = "float32"
    """Of the products of a step; weights and sums stay in 32 bits. bfloat16 is twice as fast where the processor
    has it, and far slower where it does not."""
    batch: int = Field(default=32, ge=1)
    """Rows read side by side."""
    chunk: int = Field(default=64, ge=1)
    """Symbols a row reads before gradients run back."""
    learning_rate: float = Field(default=6e-3, gt=0)
    """At its highest."""
    warmup: float = Field(default=0.02, ge=0, lt=1)
    """Share of the run in which the rate climbs."""
    optimizer: Literal["adamw", "muon"] = "adamw"
    """Of the matrices between layers; all else is AdamW's."""
    weight_decay: float = Field(default=0.01, ge=0)
    dropout: float = Field(default=0.2, ge=0, lt=1)
    mixed: float = Field(default=0.0, ge=0, lt=1)
    """Share of what is read that is of texts which came with the model it starts from, so as not to forget them."""
    styles: bool = False
    """Whether each screenplay gets a style of its own."""
    style_dropout: float = Field(default=0.2, ge=0, le=1)
    """Share of the rows that read a chunk without theirs, so that the network can do without."""
    clip: float = Field(default=1.0, gt=0)
    """Largest norm of the gradient."""
    evaluations: int = Field(default=8, ge=1)
    """How often, evenly over the run, held-out scenes are read: one symbol after the other, so not for nothing."""
    patience: int | None = Field(default=4, ge=1)
    """Evaluations without a new best after which the run stops; None: never."""
    save_interval_s: float = Field(default=30.0, ge=0)
    """The most that a killed run can lose, but for the step under way."""

    @model_validator(mode="after")
    def _one_length(self) -> TrainingConfig:
        if (self.minutes is None) == (self.steps is None):
            raise ValueError("give either minutes or steps")
        return self

    def fraction(self, step: int, elapsed_s: float) -> float:
        """How much of the run is over, from 0 to 1."""
        if self.steps is not None:
            return min(1.0, step / self.steps)
        assert self.minutes is not None
        return min(1.0, elapsed_s / (60.0 * self.minutes))

    def learning_rate_at(self, fraction: float) -> float:
        """A straight climb, then half a cosine down to nothing.

        Source: Loshchilov and Hutter 2017, arXiv:1608.03983, without restarts.
        """
        if fraction < self.warmup:
            # Never zero, so that the first step of a run teaches something.
            return self.learning_rate * max(0.05, fraction / self.warmup)
        rest = (fraction - self.warmup) / (1.0 - self.warmup)
        return self.learning_rate * 0.5 * (1.0 + math.cos(math.pi * rest))
