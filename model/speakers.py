"""Constraints on who speaks: those who are known, nobody right after themselves, and all whom the user named."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from model.constraints import Alphabet, kept_mask, tokens_of
from model.sampling import Mask
from screenplay.stream import (
    AND,
    CAST,
    CHARACTER,
    CUES,
    DIALOGUE,
    DUAL,
    END,
    EXTENSION,
    LYRIC,
    PARENTHETICAL,
    SCENE,
    is_token,
)

_SPEECH = (CHARACTER, EXTENSION, PARENTHETICAL, DIALOGUE, LYRIC)


class CastConstraint(NamedTuple):
    """Names come from people who are known: a header's from `known`, a cue's from its scene's header.

    A scene without a header has no speakers. Newcomers are made known on purpose, by whoever asks.
    """

    alphabet: Alphabet
    known: tuple[str, ...]
    """Who may be listed, sorted, each once. Empty: nobody speaks."""
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

    @property
    def is_idle(self) -> bool:
        """Outside of names."""
        return self.spelling is None

    def allows(self, symbol: str) -> bool:
        """Inside a name, what continues one of those open; elsewhere, no cue where nobody may speak."""
        if self.spelling is None:
            return not is_token(symbol) or symbol in self._tokens()
        if is_token(symbol):
            return self.spelling in self._names(self.spelling) and symbol in self._after_name()
        return any(True for _ in self._names(self.spelling + symbol))

    def mask(self) -> Mask | None:
        """The same for all symbols."""
        if self.spelling is None:
            tokens = self._tokens()
            if tokens == tokens_of(self.alphabet):
                return None
            return kept_mask(self.alphabet, tokens.union(s for s in self.alphabet if not is_token(s)))
        length, names = len(self.spelling), list(self._names(self.spelling))
        following = {name[length] for name in names if len(name) > length}
        after = self._after_name() if self.spelling in names else frozenset()
        return kept_mask(self.alphabet, after.union(following))

    @property
    def _wanted(self) -> int:
        """How many the header is to list, of those who are known."""
        known = len(self.known)
        return known if self.size is None else min(self.size, known)

    def _tokens(self) -> frozenset[str]:
        """Which tokens may follow outside of names."""
        tokens = tokens_of(self.alphabet)
        if self.in_heading and self.size is not None:
            return frozenset((CAST,)) if self._wanted else tokens - {CAST, CHARACTER, DUAL}
        if self.cast:
            return tokens
        return tokens - ({CHARACTER, DUAL} if self.known else {CHARACTER, DUAL, CAST})

    def _after_name(self) -> frozenset[str]:
        """Which tokens may follow a name that is spelled."""
        tokens = tokens_of(self.alphabet)
        listed = len(self.cast) + 1
        if not self.listing:
            return tokens
        if self.size is not None and listed < self._wanted:
            return frozenset((AND,))
        return tokens if listed < self._wanted else tokens - {AND}

    def _names(self, begun: str) -> Iterator[str]:
        """Those that begin so and may be named next. Of all that are known, only these are looked at."""
        if not self.listing:
            yield from (name for name in self.cast if name.startswith(begun))
            return
        place = bisect_left(self.known, begun)
        while place < len(self.known) and self.known[place].startswith(begun):
            if self.known[place] not in self.cast:
                yield self.known[place]
            place += 1

    def rest(self, spoke: str) -> str:
        """What can only follow in a name that has been begun: what all have in common who are spelled so.

        In a cue, `spoke` is not meant, where others may be.
        """
        if not self.spelling:
            return ""
        names = [*self._names(self.spelling)]
        others = names if self.listing else [name for name in names if name != spoke] or names
        if not others:
            return ""
        first, last, length = min(others), max(others), len(self.spelling)
        while first[length : length + 1] and first[length] == last[length]:
            length += 1
        return first[len(self.spelling) : length]

    def advance(self, symbol: str) -> CastConstraint:
        """Follow headers and cues."""
        if not is_token(symbol):
            return self if self.spelling is None else self._replace(spelling=self.spelling + symbol)
        cast = (*self.cast, self.spelling) if self.listing and self.spelling else self.cast
        if symbol in (SCENE, END):
            return self._replace(cast=(), spelling=None, listing=False, in_heading=symbol == SCENE)
        if symbol in (CAST, AND):
            return self._replace(cast=cast, spelling="", listing=True, in_heading=False)
        spelling = "" if symbol in CUES else None
        return self._replace(cast=cast, spelling=spelling, listing=False, in_heading=False)

    def follow(self, text: str) -> CastConstraint:
        """What is said or told is no name."""
        return self


class TurnConstraint(NamedTuple):
    """Nobody answers themselves: who speaks right after a speech is another one.

    So it is with all but 24 cues of 85,000 in our screenplays and in three films.
    """

    alphabet: Alphabet
    cast: CastConstraint
    """Which knows who is spelled, and who else might be."""
    spoke: str = ""
    """Who spoke, where nothing but that speech has come since."""
    name: str = "turn"
    yields: bool = True

    @property
    def is_idle(self) -> bool:
        """Outside of names."""
        return self.cast.is_idle

    def allows(self, symbol: str) -> bool:
        """Forbid the name of who just spoke, from where it is no other's."""
        spelling = self.cast.spelling
        if not self.spoke or spelling is None or self.cast.listing:
            return True
        if is_token(symbol):
            return spelling != self.spoke
        begun = spelling + symbol
        return not self.spoke.startswith(begun) or any(
            name.startswith(begun) and name != self.spoke for name in self.cast.cast
        )

    def mask(self) -> Mask | None:
        """The same for all symbols."""
        if not self.spoke or self.cast.spelling is None or self.cast.listing:
            return None
        spelling = self.cast.spelling
        if spelling == self.spoke:
            return ~kept_mask(self.alphabet, tokens_of(self.alphabet))
        following = self.spoke[len(spelling) : len(spelling) + 1]
        if not following or self.allows(following):
            return None
        return ~kept_mask(self.alphabet, frozenset(following))

    def advance(self, symbol: str) -> TurnConstraint:
        """Follow the cues."""
        cast, spoke = self.cast.advance(symbol), self.spoke
        if is_token(symbol):
            if self.cast.spelling and not self.cast.listing:
                spoke = self.cast.spelling
            spoke = spoke if symbol in _SPEECH or symbol == DUAL else ""
        elif cast is self.cast:
            return self
        return TurnConstraint(self.alphabet, cast, spoke)

    def follow(self, text: str) -> TurnConstraint:
        """Nothing of it is a cue."""
        return self


_PATIENCE = 2
"""Cues that others may have, and twice as many other elements, before somebody who is to speak must."""


class DebtConstraint(NamedTuple):
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

    @property
    def is_idle(self) -> bool:
        """Outside of cues, and where nobody has to speak."""
        return not self.owed or self.spelling is None

    def allows(self, symbol: str) -> bool:
        """Forbid the end, and other names where it is time."""
        if not self.owed:
            return True
        if self.spelling is None:
            late = self.seen >= 2 * _PATIENCE
            return not is_token(symbol) or (symbol in _SPEECH if late else symbol not in (SCENE, END))
        if self.waited < _PATIENCE:
            return True
        if is_token(symbol):
            return self.spelling in self.owed
        begun = self.spelling + symbol
        return any(name.startswith(begun) for name in self.owed)

    def mask(self) -> Mask | None:
        """The same for all symbols."""
        if not self.owed:
            return None
        return np.array([self.allows(symbol) for symbol in self.alphabet])

    def advance(self, symbol: str) -> DebtConstraint:
        """Follow the cues."""
        if not self.owed:
            return self
        if not is_token(symbol):
            return self if self.spelling is None else self._replace(spelling=self.spelling + symbol)
        owed, waited, seen = self.owed, self.waited, self.seen + (symbol not in _SPEECH)
        if self.spelling is not None:
            waited, seen = (0, 0) if self.spelling in owed else (waited + 1, seen)
            owed = tuple(name for name in owed if name != self.spelling)
        spelling = "" if symbol in CUES else None
        return self._replace(owed=owed, waited=waited, seen=seen, spelling=spelling)

    def follow(self, text: str) -> DebtConstraint:
        """Nothing of it is a cue."""
        return self
