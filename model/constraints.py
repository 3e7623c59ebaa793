"""What may not be written next: small objects that each forbid some symbols, all with the same two methods.

`mask` says which ids of the vocabulary may come next (None: all of them); `advance` gives the
constraint after one more symbol. They are values: advancing makes a new one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol, Self

import numpy as np

from model.sampling import Mask
from model.vocabulary import UNKNOWN
from screenplay.grammar import START, State
from screenplay.stream import (
    AND,
    CAST,
    CHARACTER,
    DIALOGUE,
    DUAL,
    END,
    EXTENSION,
    LYRIC,
    PARENTHETICAL,
    SCENE,
    TRANSITION,
    is_token,
)

Alphabet = tuple[str, ...]
"""The vocabulary's characters in the order of their ids."""
_NAMING = (CAST, AND, CHARACTER, DUAL, EXTENSION)


class Constraint(Protocol):
    """What every constraint can do."""

    @property
    def name(self) -> str:
        """What reports call it."""

    @property
    def yields(self) -> bool:
        """Whether it gives way where, after the others, it would leave nothing."""

    def mask(self) -> Mask | None:
        """(vocabulary,) of bool, true where an id may come next; None if all may. Not to be written to."""

    def advance(self, symbol: str) -> Self:
        """The constraint after this symbol has been written, whether or not it was allowed."""


def mask_of(alphabet: Alphabet, symbols: Collection[str]) -> Mask:
    """Allow just these symbols."""
    return np.array([symbol in symbols for symbol in alphabet])


@dataclass(frozen=True, slots=True)
class GrammarConstraint:
    """Only what the grammar lets follow; never the symbol that stands for the unknown."""

    alphabet: Alphabet
    state: State = START
    name: str = "grammar"
    yields: bool = False
    _masks: dict[State, Mask] = field(default_factory=dict, repr=False, compare=False)

    def mask(self) -> Mask:
        """The grammar's own table, kept by state."""
        found = self._masks.get(self.state)
        if found is None:
            found = np.array(self.state.allowed(self.alphabet))
            found &= np.array([symbol != UNKNOWN for symbol in self.alphabet])
            self._masks[self.state] = found
        return found

    def advance(self, symbol: str) -> GrammarConstraint:
        """Raises GrammarError for a symbol that may not follow."""
        state = self.state.advance(symbol)
        return self if state == self.state else replace(self, state=state)


@dataclass(frozen=True, slots=True)
class CastConstraint:
    """Names come from people who are known: a header's from `known`, a cue's from its scene's header.

    A scene without a header has no speakers. Newcomers are made known on purpose, by whoever asks.
    """

    alphabet: Alphabet
    known: tuple[str, ...]
    """Who may be listed. Empty: nobody speaks."""
    cast: tuple[str, ...] = ()
    """Names that the scene's header has listed."""
    spelling: str | None = None
    """What stands of the name being spelled; None elsewhere."""
    listing: bool = False
    """Whether that name stands in a header."""
    size: int | None = None
    """How many a header lists; None: as many as it likes."""
    in_heading: bool = False
    """Whether a heading is under way, so that a header is next."""
    name: str = "cast"
    yields: bool = False
    _masks: dict[tuple[str, ...], Mask] = field(default_factory=dict, repr=False, compare=False)

    def mask(self) -> Mask | None:
        """Inside a name, what continues one of those open; elsewhere, no cue where nobody may speak."""
        if self.spelling is None:
            if self.in_heading and self.size is not None:
                return self._tokens({CAST} if self._wanted else set(self.alphabet) - {CAST, CHARACTER, DUAL})
            return None if self.cast else self._no_cue()
        names = self._open_names()
        following = sorted({n[len(self.spelling)] for n in names if len(n) > len(self.spelling)})
        after = self._after_name() if self.spelling in names else set()
        key = ("name", *following, "", *sorted(after))
        found = self._masks.get(key)
        if found is None:
            found = self._masks[key] = mask_of(self.alphabet, {*following, *after})
        return found

    @property
    def _wanted(self) -> int:
        """How many the header is to list, of those who are known."""
        known = len(set(self.known))
        return known if self.size is None else min(self.size, known)

    def _after_name(self) -> set[str]:
        """Which tokens may follow a name that is spelled."""
        tokens = {symbol for symbol in self.alphabet if is_token(symbol)}
        listed = len(self.cast) + 1
        if not self.listing:
            return tokens
        if self.size is not None and listed < self._wanted:
            return {AND}
        return tokens if listed < self._wanted else tokens - {AND}

    def _tokens(self, tokens: set[str]) -> Mask:
        """Any text, and of the tokens these."""
        key = ("tokens", *sorted(tokens))
        found = self._masks.get(key)
        if found is None:
            found = self._masks[key] = mask_of(self.alphabet, tokens | {s for s in self.alphabet if not is_token(s)})
        return found

    def _open_names(self) -> list[str]:
        assert self.spelling is not None
        names: Iterable[str] = self.cast
        if self.listing:
            names = (n for n in self.known if n not in self.cast)
        return [n for n in names if n.startswith(self.spelling)]

    def _no_cue(self) -> Mask:
        key = ("nobody", *(() if self.known else ("at all",)))
        found = self._masks.get(key)
        if found is None:
            forbidden = {CHARACTER, DUAL} if self.known else {CHARACTER, DUAL, CAST}
            found = self._masks[key] = mask_of(self.alphabet, {s for s in self.alphabet if s not in forbidden})
        return found

    def advance(self, symbol: str) -> CastConstraint:
        """Follow headers and cues."""
        if not is_token(symbol):
            return self if self.spelling is None else replace(self, spelling=self.spelling + symbol)
        cast = (*self.cast, self.spelling) if self.listing and self.spelling else self.cast
        if symbol in (SCENE, END):
            return replace(self, cast=(), spelling=None, listing=False, in_heading=symbol == SCENE)
        if symbol in (CAST, AND):
            return replace(self, cast=cast, spelling="", listing=True, in_heading=False)
        spelling = "" if symbol in (CHARACTER, DUAL) else None
        return replace(self, cast=cast, spelling=spelling, listing=False, in_heading=False)


_PATIENCE = 2
"""Cues that others may have, and twice as many other elements, before somebody who is to speak must."""
_SPEECH = (CHARACTER, EXTENSION, PARENTHETICAL, DIALOGUE, LYRIC)


@dataclass(frozen=True, slots=True)
class DebtConstraint:
    """Whom the user named, speaks: the scene does not end before, and soon a cue goes to one who has not.

    Gives way where the scene is over by its length.
    """

    alphabet: Alphabet
    owed: tuple[str, ...] = ()
    """Who has still to speak in this scene."""
    waited: int = 0
    """Cues since the last of those."""
    seen: int = 0
    """Elements that are no speech since then."""
    spelling: str | None = None
    """What stands of the name being spelled in a cue; None elsewhere."""
    name: str = "debt"
    yields: bool = True

    def mask(self) -> Mask | None:
        """Forbid the end, and other names where it is time."""
        if not self.owed:
            return None
        if self.spelling is None:
            if self.seen < 2 * _PATIENCE:
                return ~mask_of(self.alphabet, {SCENE, END})
            return mask_of(self.alphabet, {s for s in self.alphabet if not is_token(s) or s in _SPEECH})
        if self.waited < _PATIENCE:
            return None
        names = [name for name in self.owed if name.startswith(self.spelling)]
        following = {name[len(self.spelling)] for name in names if len(name) > len(self.spelling)}
        if self.spelling in names:
            following |= {symbol for symbol in self.alphabet if is_token(symbol)}
        return mask_of(self.alphabet, following)

    def advance(self, symbol: str) -> DebtConstraint:
        """Follow the cues."""
        if not self.owed:
            return self
        if not is_token(symbol):
            return self if self.spelling is None else replace(self, spelling=self.spelling + symbol)
        owed, waited, seen = self.owed, self.waited, self.seen + (symbol not in _SPEECH)
        if self.spelling is not None:
            waited, seen = (0, 0) if self.spelling in owed else (waited + 1, seen)
            owed = tuple(name for name in owed if name != self.spelling)
        return replace(self, owed=owed, waited=waited, seen=seen, spelling="" if symbol in (CHARACTER, DUAL) else None)


@dataclass(frozen=True, slots=True)
class LoopGuard:
    """No word is begun that goes on with a run of `limit` symbols that the scene already has; not in names.

    A token counts as one symbol; a transition does not follow another. Cost of a step: at a word's
    beginning, one search through the scene so far, whose length `LengthGuard` bounds.
    """

    alphabet: Alphabet
    limit: int = 22
    """With the word under way a run stays under 30."""
    scene: str = ""
    naming: bool = False
    opener: str = ""
    """The last token."""
    name: str = "loop"
    yields: bool = True

    def mask(self) -> Mask | None:
        """Forbid what would carry on with a run that the scene already has."""
        if self.opener == TRANSITION:
            return ~mask_of(self.alphabet, {TRANSITION})
        if self.naming or len(self.scene) < self.limit or self.scene[-1].isalnum():
            return None
        tail = self.scene[1 - self.limit :]
        following = set()
        at = self.scene.find(tail, 0, -1)
        while at >= 0:
            following.add(self.scene[at + len(tail)])
            at = self.scene.find(tail, at + 1, -1)
        return ~mask_of(self.alphabet, following) if following else None

    def advance(self, symbol: str) -> LoopGuard:
        """Remember the scene; forget it where another begins."""
        scene = symbol if symbol == SCENE else self.scene + symbol
        if is_token(symbol):
            return replace(self, scene=scene, naming=symbol in _NAMING, opener=symbol)
        # Once a symbol: `replace` takes four times as long.
        return LoopGuard(self.alphabet, self.limit, scene, self.naming, self.opener, self.name, self.yields)
