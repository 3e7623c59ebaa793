"""What may not be written next: small objects that each forbid some symbols, all with the same methods.

`allows` says whether a symbol may come next, `mask` which ids of the vocabulary may (None: all of them); `advance`
gives the constraint after one more symbol, and `follow` after words. They are values: advancing makes a new one. They
are named tuples because some are made anew at every symbol, which takes a frozen dataclass several times as long.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple, Protocol, Self

import numpy as np

from model.sampling import Mask
from model.vocabulary import UNKNOWN
from screenplay.grammar import START, State
from screenplay.stream import (
    AND,
    CAST,
    CHARACTER,
    DUAL,
    EXTENSION,
    is_token,
)

Alphabet = tuple[str, ...]
"""The vocabulary's characters in the order of their ids."""
NAMING = (CAST, AND, CHARACTER, DUAL, EXTENSION)
"""What opens a name, or belongs to one."""


class Constraint(Protocol):
    """What every constraint can do."""

    @property
    def name(self) -> str:
        """What reports call it."""

    @property
    def yields(self) -> bool:
        """Whether it gives way where, after the others, it would leave nothing."""

    @property
    def is_idle(self) -> bool:
        """Whether up to the next token it allows whatever is none, and can `follow` all of that at once."""

    def allows(self, symbol: str) -> bool:
        """Whether this symbol of the vocabulary may come next: what `mask` says of it, at less cost."""

    def mask(self) -> Mask | None:
        """(vocabulary,) of bool, true where an id may come next; None if all may. Not to be written to."""

    def advance(self, symbol: str) -> Self:
        """The constraint after this symbol has been written, whether or not it was allowed."""

    def follow(self, text: str) -> Self:
        """The same after several symbols of what is said or told, at less cost: words, and spaces and marks after them.

        Of small letters and spaces that stand right after a letter there, only words and lengths forbid any; of small
        letters after a space, copies, loops and echoes, too: see `model.guards`.
        """


def mask_of(alphabet: Alphabet, symbols: Collection[str]) -> Mask:
    """Allow just these symbols."""
    return np.array([symbol in symbols for symbol in alphabet])


@lru_cache(1 << 10)
def kept_mask(alphabet: Alphabet, symbols: frozenset[str]) -> Mask:
    """The same, made once. Not to be written to."""
    return mask_of(alphabet, symbols)


@lru_cache(1 << 4)
def tokens_of(alphabet: Alphabet) -> frozenset[str]:
    """The format tokens that an alphabet has."""
    return frozenset(filter(is_token, alphabet))


class Standing:
    """A state of the grammar that remembers what was asked of it, so that asking again is a look.

    There is one for each state: `standing` gives it.
    """

    __slots__ = ("_after", "_followed", "may_close", "may_end", "state")

    def __init__(self, state: State) -> None:
        self.state, self.may_end, self.may_close = state, state.may_end(), state.may_close()
        self._after: dict[str, Standing | None] = {}
        self._followed = "", self

    def allows(self, symbol: str) -> bool:
        """Whether this symbol may come next."""
        return self._next(symbol) is not None

    def advance(self, symbol: str) -> Standing:
        """The state after one more symbol. Raises GrammarError for one that may not follow."""
        after = self._next(symbol)
        return standing(self.state.advance(symbol)) if after is None else after

    def follow(self, text: str) -> Standing:
        """The state after several symbols. Raises GrammarError for one that may not follow."""
        # Grammar and lengths ask it one after the other.
        known, found = self._followed
        if known != text:
            found = self
            for symbol in text:
                found = found.advance(symbol)
            self._followed = text, found
        return found

    def _next(self, symbol: str) -> Standing | None:
        try:
            return self._after[symbol]
        except KeyError:
            is_allowed = self.state.allows(symbol)
            found = self._after[symbol] = standing(self.state.advance(symbol)) if is_allowed else None
            return found


@lru_cache(None)
def standing(state: State) -> Standing:
    """The one of this state. States are few."""
    return Standing(state)


STANDING = standing(START)
"""Before the first symbol of a screenplay."""


@lru_cache(1 << 8)
def _grammar_mask(alphabet: Alphabet, state: State) -> Mask:
    allowed = zip(alphabet, state.allowed(alphabet), strict=True)
    return np.array([is_allowed and symbol != UNKNOWN for symbol, is_allowed in allowed])


class GrammarConstraint(NamedTuple):
    """Only what the grammar lets follow; never the symbol that stands for the unknown."""

    alphabet: Alphabet
    standing: Standing = STANDING
    name: str = "grammar"
    yields: bool = False

    @property
    def is_idle(self) -> bool:
        """Never."""
        return False

    def allows(self, symbol: str) -> bool:
        """As the grammar does."""
        return symbol != UNKNOWN and self.standing.allows(symbol)

    def mask(self) -> Mask:
        """The grammar's own table."""
        return _grammar_mask(self.alphabet, self.standing.state)

    def advance(self, symbol: str) -> GrammarConstraint:
        """Raises GrammarError for a symbol that may not follow."""
        after = self.standing.advance(symbol)
        return self if after is self.standing else GrammarConstraint(self.alphabet, after)

    def follow(self, text: str) -> GrammarConstraint:
        """As one after the other."""
        after = self.standing.follow(text)
        return self if after is self.standing else GrammarConstraint(self.alphabet, after)
