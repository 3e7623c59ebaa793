"""Keeps a scene from saying again what it has said."""

from __future__ import annotations

from typing import NamedTuple

from model.constraints import NAMING, Alphabet, kept_mask, mask_of, tokens_of
from model.sampling import Mask
from screenplay.stream import ACTION, DIALOGUE, SCENE, TRANSITION, is_token

_ENDS = frozenset(".!?")
_SHORT = 10
"""Symbols of a sentence that may come twice in a scene, its mark not included."""
_SENTENCES = (ACTION, DIALOGUE)
LIMIT = 22
"""Symbols of a run that is not gone on with: with the word under way it stays under 30."""


class LoopGuard(NamedTuple):
    """No word is begun that goes on with a run of `limit` symbols that the scene already has; not in names.

    And no sentence ends that it has already, but for short ones. A token counts as one symbol; a transition does not
    follow another. Cost of a step: at a word's beginning and at a sentence's end, one search through the scene so far,
    whose length `LengthGuard` bounds.
    """

    alphabet: Alphabet
    limit: int = LIMIT
    scene: str = ""
    naming: bool = False
    opener: str = ""
    """The last token."""
    name: str = "loop"
    yields: bool = True

    @property
    def is_idle(self) -> bool:
        """In names."""
        return self.naming

    def allows(self, symbol: str) -> bool:
        """Forbid what would carry on with a run that the scene already has, and its sentences."""
        if self.opener == TRANSITION:
            return symbol != TRANSITION
        if self._may_loop():
            return self.scene[1 - self.limit :] + symbol not in self.scene
        return not (symbol in _ENDS or is_token(symbol)) or not self._is_said()

    def mask(self) -> Mask | None:
        """The same for all symbols."""
        if self.opener == TRANSITION:
            return ~kept_mask(self.alphabet, frozenset((TRANSITION,)))
        if not self._may_loop():
            return ~kept_mask(self.alphabet, tokens_of(self.alphabet) | _ENDS) if self._is_said() else None
        tail = self.scene[1 - self.limit :]
        following = set()
        at = self.scene.find(tail, 0, -1)
        while at >= 0:
            following.add(self.scene[at + len(tail)])
            at = self.scene.find(tail, at + 1, -1)
        return ~mask_of(self.alphabet, following) if following else None

    def _may_loop(self) -> bool:
        return not (self.naming or len(self.scene) < self.limit or self.scene[-1].isalnum())

    def _is_said(self) -> bool:
        """Whether what stands since the last mark or token is a whole sentence that stands before that, too."""
        if self.opener not in _SENTENCES or not self.scene[-1].isalnum():
            return False
        start = len(self.scene)
        while start and not (self.scene[start - 1] in _ENDS or is_token(self.scene[start - 1])):
            start -= 1
        sentence = self.scene[start:].lstrip()
        return len(sentence) > _SHORT and any(self.scene.find(sentence + end, 0, start) >= 0 for end in _ENDS)

    def advance(self, symbol: str) -> LoopGuard:
        """Remember the scene; forget it where another begins."""
        if is_token(symbol):
            scene = symbol if symbol == SCENE else self.scene + symbol
            return LoopGuard(self.alphabet, self.limit, scene, symbol in NAMING, symbol)
        return LoopGuard(self.alphabet, self.limit, self.scene + symbol, self.naming, self.opener)

    def follow(self, text: str) -> LoopGuard:
        """Remember them."""
        return LoopGuard(self.alphabet, self.limit, self.scene + text, self.naming, self.opener)
