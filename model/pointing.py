"""Mixes what a pointer points at into a network's distribution, symbol by symbol."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.pointer import KIND_OF, Candidate, PointerWeights, choice_after
from model.sampling import Chances, normalised
from model.stage import Stage, parts
from model.vocabulary import Vocabulary
from screenplay.stream import SCENE, is_token

Floats = NDArray[np.float64]
_KNOWN = 0.8
"""Of the scenes that come back to no earlier place, the share that plays where one of the sources' did."""


@dataclass(frozen=True, slots=True)
class Beliefs:
    """Which of the candidates a text under way may still be. All shares together are 1."""

    network: float = 1.0
    """Share of what is the network's own to spell."""
    open: tuple[tuple[Candidate, float], ...] = ()
    """Candidates that begin as the text does, with their shares."""
    spelled: int = 0
    """Symbols of that text."""

    @classmethod
    def at(
        cls,
        token: str,
        stage: Stage,
        weights: PointerWeights,
        vocabulary: Vocabulary,
        places: tuple[str, ...] = (),
    ) -> Beliefs:
        """What to believe right after a token; `stage` is that before it. What can't be spelled is no candidate.

        Where a scene comes back to no earlier place, it mostly plays in one of `places`, if there are any.
        """
        if token not in KIND_OF:
            return cls()
        choice = choice_after(token, stage)
        shares = weights.shares(token, choice).tolist()
        pairs = zip(choice.candidates, shares[1:], strict=True)
        found = [(c, share) for c, share in pairs if vocabulary.can_spell(c.text)]
        own = shares[0]
        if token == SCENE and places:
            found += ((Candidate(place, True), _KNOWN * own / len(places)) for place in places)
            own *= 1.0 - _KNOWN
        total = own + math.fsum(share for _, share in found)
        return cls(own / total, tuple((candidate, share / total) for candidate, share in found))

    def mixed(self, chances: Chances, vocabulary: Vocabulary) -> Chances:
        """Chances of each id, from the network's."""
        found = self.network * chances
        # Hundreds may be open: of most, there is but a symbol to look at.
        spelled, id_of = self.spelled, vocabulary.id_of
        for candidate, share in self.open:
            text = candidate.text
            if spelled < len(text):
                found[id_of(text[spelled])] += share
                continue
            ending = np.where(vocabulary.is_token, chances, 0.0) if candidate.is_whole else chances
            found += share * (normalised(ending) if ending.any() else chances)
        return found

    def chance(self, symbol: str, chance: float, ending: float) -> float:
        """The chance of one symbol, from the network's chance of it, and that of any token."""
        found = self.network * chance
        for candidate, share in self.open:
            if self.spelled < len(candidate.text):
                found += share * (candidate.text[self.spelled] == symbol)
            elif not candidate.is_whole:
                found += share * chance
            elif is_token(symbol) and ending > 0.0:
                found += share * chance / ending
        return found

    def after(self, symbol: str, chance: float) -> Beliefs:
        """What is left to believe after a symbol of text that had this chance by the network alone (Bayes' rule)."""
        own, spelled = self.network, self.spelled
        found = []
        for candidate, share in self.open:
            text = candidate.text
            if spelled < len(text):
                if text[spelled] == symbol:
                    found.append((candidate, share))
            elif not candidate.is_whole:
                # From here on it is the network's, like the rest.
                own += share
        own *= chance
        total = own + math.fsum(share for _, share in found)
        if not found or total <= 0.0:
            return Beliefs()
        return Beliefs(own / total, tuple((candidate, share / total) for candidate, share in found), spelled + 1)


class Pointing(NamedTuple):
    """Follows a stream that is being written. A value: `advance` gives another."""

    vocabulary: Vocabulary
    weights: PointerWeights
    stage: Stage = Stage()
    token: str = ""
    """What opened the part under way; nothing before the first."""
    text: str = ""
    """What that has so far."""
    beliefs: Beliefs = Beliefs()
    places: tuple[str, ...] = ()
    """Headings of the sources."""

    @classmethod
    def begin(
        cls, vocabulary: Vocabulary, weights: PointerWeights, context: str = "", places: Iterable[str] = ()
    ) -> Pointing:
        """After a context, whose last part is over; scenes may also play at `places`."""
        stage = Stage()
        for _, token, text in parts(context):
            stage = stage.after(token, text)
        known = tuple(filter(vocabulary.can_spell, places))
        return cls(vocabulary, weights, stage, places=known)

    def advance(self, symbol: str, chance: float) -> Pointing:
        """After a symbol that had this chance by the network alone."""
        vocabulary, weights, stage, token, text, beliefs, places = self
        if not is_token(symbol):
            beliefs = beliefs.after(symbol, chance) if beliefs.open else beliefs
            return Pointing(vocabulary, weights, stage, token, text + symbol, beliefs, places)
        stage = stage.after(token, text) if token else stage
        beliefs = Beliefs.at(symbol, stage, weights, vocabulary, places)
        return Pointing(vocabulary, weights, stage, symbol, "", beliefs, places)


def mixed_nats(stream: str, nats: Floats, endings: Floats, weights: PointerWeights, vocabulary: Vocabulary) -> Floats:
    """What each symbol of a stream costs network and pointer together, (symbols,).

    Args:
        stream: As it was read, from its first symbol.
        nats: What each of its symbols costs the network, (symbols,).
        endings: What it costs the network that some token stands at each place, (symbols,) of nats.
        weights: The pointer's.
        vocabulary: The network's.
    """
    found = nats.copy()
    stage = Stage()
    for start, token, text in parts(stream):
        beliefs = Beliefs.at(token, stage, weights, vocabulary)
        stage = stage.after(token, text)
        # The token after a text is part of the choice: it says that the text is over.
        for place in range(start + 1, min(start + len(text) + 2, len(stream))):
            if not beliefs.open:
                break
            symbol, chance = stream[place], math.exp(-nats[place])
            mixed = beliefs.chance(symbol, chance, math.exp(-endings[place]))
            found[place] = -math.log(mixed) if mixed > 0.0 else nats[place]
            beliefs = beliefs.after(symbol, chance)
    return found
