"""What is recalled of one draft, from one body of texts or from several at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, Self

from model.counting import Floats
from model.recollection import Recollection


class Recalling(Protocol):
    """What writing asks of what it recalls; all as `Recollection` says it."""

    def beside(self) -> Self:
        """Another draft that begins with all that was read."""

    def read(self, symbol: int) -> None:
        """Go on with one id."""

    def mark(self) -> Any:
        """Where the draft stands."""

    def back(self, mark: Any) -> None:
        """As if nothing had been read since."""

    def times(self, ids: Sequence[int]) -> int:
        """How often a run of ids stands in the sources."""

    def hint(self) -> Floats:
        """What to add to the network's logits for the next symbol, (vocabulary,)."""


class Ensemble:
    """Several recollections of one draft: what each says counts by its own power. A step takes the time of all."""

    def __init__(self, members: Sequence[Recollection]) -> None:
        """Of at least one, all of which have read the same."""
        self._members = tuple(members)

    def beside(self) -> Ensemble:
        """Another draft that begins with all that was read."""
        return Ensemble([member.beside() for member in self._members])

    def read(self, symbol: int) -> None:
        """Go on with one id."""
        for member in self._members:
            member.read(symbol)

    def mark(self) -> tuple[Any, ...]:
        """Where the draft stands, to come `back` to while the part under way is not over."""
        return tuple(member.mark() for member in self._members)

    def back(self, mark: tuple[Any, ...]) -> None:
        """As if nothing had been read since."""
        for member, each in zip(self._members, mark, strict=True):
            member.back(each)

    def times(self, ids: Sequence[int]) -> int:
        """How often a run of ids stands in the sources of the first."""
        return self._members[0].times(ids)

    def hint(self) -> Floats:
        """The sum of what all say: the product of their chances."""
        first, *others = self._members
        found = first.hint()
        for other in others:
            found = found + other.hint()
        return found
