"""What was measured of a model: bits, whole and by element."""

from __future__ import annotations

import math

from pydantic import BaseModel, ConfigDict, Field


class Spent(BaseModel):
    """What a model spent on one kind of element."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nats: float
    symbols: int
    """Characters and format tokens."""
    letters: int
    """Non-space characters of the text; none for the cast header, which is computed, not written."""
    count: int
    """How many such elements there are."""

    @property
    def bits(self) -> float:
        """All bits."""
        return self.nats / math.log(2)

    @property
    def bits_each(self) -> float | None:
        """Bits per element: bits per cue, bits per heading."""
        return self.bits / self.count if self.count else None

    @property
    def bits_per_letter(self) -> float | None:
        """Bits per letter of this kind's own text, the tokens around it included."""
        return self.bits / self.letters if self.letters else None


class Figures(BaseModel):
    """Bits per letter of some streams: all bits ÷ non-space characters of their text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nats: float
    letters: int = Field(gt=0)
    symbols: int
    unknown: int
    """Characters that the vocabulary lacks; each costs its `<unknown>` and the choice of one among all of Unicode."""
    by_element: dict[str, Spent]

    @property
    def bits_per_letter(self) -> float:
        """The one figure by which models compare, on whatever form of the same text."""
        return self.nats / (math.log(2) * self.letters)
