"""What is worth telling about a training run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from model.figures import Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something worth telling about a run."""

    step: int
    """Steps taken."""
    elapsed_s: float
    """Since the run's start, time before a resumption included."""
    left_s: float | None
    """Until its end, if nothing stops it early; None where nobody can know yet."""


class When(TypedDict):
    """The fields of every event."""

    step: int
    elapsed_s: float
    left_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress(Event):
    """Some steps were taken; about two a second."""

    loss_nats: float
    """Mean loss a symbol in the steps since the last such event."""
    symbols_per_s: float
    """In those steps."""
    learning_rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated(Event):
    """Held-out scenes were read."""

    figures: Figures
    is_best: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved(Event):
    """All that a resumption needs is on disk, and the best model so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Event):
    """The run is over, and its best model on disk."""

    best: Figures
    best_step: int
    is_early: bool
    """Whether it stopped because the held-out scenes got no better."""
