"""Keeps a scene from saying at length what an earlier scene of the same writing has said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from model.constraints import NAMING, Alphabet, mask_of
from model.sampling import Mask
from screenplay.stream import SCENE, is_token

_RUN = 26
"""Symbols of a shared run after which no further word of it is begun; a phrase may return."""
Echoes = tuple[Mapping[str, str], ...]
"""What has followed runs of one symbol fewer at words' beginnings: a few tables, the largest first."""


def echoes_of(stream: str, earlier: Echoes = ()) -> Echoes:
    """What stands in a stream, and in others before it.

    About 150 bytes a word. Tables that are no larger than the next are joined with it, so that there are never many:
    all in all, time grows with the streams' length times its logarithm.
    """
    found: dict[str, str] = {}
    for at in range(_RUN - 1, len(stream)):
        if not stream[at - 1].isalnum():
            run, symbol = stream[at - _RUN + 1 : at], stream[at]
            if symbol not in found.get(run, ""):
                found[run] = found.get(run, "") + symbol
    tables = [*earlier]
    while tables and len(tables[-1]) <= len(found):
        for run, symbols in tables.pop().items():
            found[run] = "".join(dict.fromkeys(symbols + found.get(run, "")))
    return (*tables, found) if found else tuple(tables)


class EchoGuard(NamedTuple):
    """No word is begun that goes on with a run of an earlier scene, `_RUN` symbols long; not in names and headings.

    A token counts as one symbol. Cost of a step: at a word's beginning, a look into a few tables.
    """

    alphabet: Alphabet
    earlier: Echoes = ()
    """Of the scenes before."""
    scene: str = ""
    is_free: bool = False
    """Whether a name or a heading is under way."""
    name: str = "echo"
    yields: bool = True

    @property
    def is_idle(self) -> bool:
        """In names and headings, and in a first scene."""
        return self.is_free or not self.earlier

    def allows(self, symbol: str) -> bool:
        """Forbid what would carry on with such a run."""
        return not self.earlier or symbol not in self._followers()

    def mask(self) -> Mask | None:
        """The same for all symbols."""
        followers = self._followers() if self.earlier else ""
        return ~mask_of(self.alphabet, followers) if followers else None

    def _followers(self) -> str:
        if self.is_free or self.scene[-1:].isalnum():
            return ""
        run = self.scene[1 - _RUN :]
        return "".join(table.get(run, "") for table in self.earlier)

    def advance(self, symbol: str) -> EchoGuard:
        """Remember the scene; it is an earlier one as soon as another begins."""
        alphabet, earlier, scene, is_free, _, _ = self
        if not is_token(symbol):
            return EchoGuard(alphabet, earlier, scene + symbol, is_free)
        if symbol == SCENE:
            return EchoGuard(alphabet, echoes_of(scene, earlier), symbol, True)
        return EchoGuard(alphabet, earlier, scene + symbol, symbol in NAMING)

    def follow(self, text: str) -> EchoGuard:
        """Remember them."""
        return EchoGuard(self.alphabet, self.earlier, self.scene + text, self.is_free)
