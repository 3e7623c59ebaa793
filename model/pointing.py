"""Mixes what a pointer points at into a network's distribution, symbol by symbol."""

from __future__ import annotations

import math
import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
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
_BEYOND = chr(sys.maxunicode)
_KNOWN = 0.9
"""Of the scenes that come back to no earlier place, the share that plays where one of the sources' did."""


class Places(NamedTuple):
    """Those headings of the sources, each as likely, that begin as a text does: they stand side by side."""

    headings: tuple[str, ...]
    """All there are, sorted."""
    first: int = 0
    end: int = 0
    share: float = 0.0
    """Of each one from the first up to the end."""

    @property
    def all_shares(self) -> float:
        """Of all of them together."""
        return self.share * (self.end - self.first)

    def going_on(self, spelled: int) -> Iterator[tuple[str, int]]:
        """What may come after so many symbols, and in how many of them; nothing where one is over."""
        first = self.first
        while first < self.end:
            heading = self.headings[first]
            symbol = heading[spelled : spelled + 1]
            end = self._end_of(heading[: spelled + 1], first) if symbol else first + 1
            yield symbol, end - first
            first = end

    def after(self, spelled: int, symbol: str) -> Places:
        """Those that go on with a symbol."""
        if self.first == self.end:
            return self
        beginning = self.headings[self.first][:spelled] + symbol
        first = bisect_left(self.headings, beginning, self.first, self.end)
        return self._replace(first=first, end=self._end_of(beginning, first))

    def _end_of(self, beginning: str, first: int) -> int:
        """Of those, from the first on, that begin so."""
        return bisect_left(self.headings, beginning + _BEYOND, first, self.end)


_NOWHERE, _NOTHING_YET = Places(()), Stage()


@dataclass(frozen=True, slots=True)
class Beliefs:
    """Which of the candidates a text under way may still be. All shares together are 1."""

    network: float = 1.0
    """Share of what is the network's own to spell."""
    open: tuple[tuple[Candidate, float], ...] = ()
    """Candidates that begin as the text does, with their shares."""
    spelled: int = 0
    """Symbols of that text."""
    places: Places = _NOWHERE
    """More of them, of which there may be thousands."""

    @property
    def are_open(self) -> bool:
        """Whether anything is pointed at."""
        return bool(self.open) or self.places.first < self.places.end

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

        Where a scene comes back to no earlier place, it mostly plays in one of `places`, sorted, if there are any.
        """
        if token not in KIND_OF:
            return cls()
        choice = choice_after(token, stage)
        shares = weights.shares(token, choice).tolist()
        pairs = zip(choice.candidates, shares[1:], strict=True)
        found = [(c, share) for c, share in pairs if vocabulary.can_spell(c.text)]
        own, known = shares[0], _NOWHERE
        if token == SCENE and places:
            known = Places(places, 0, len(places), _KNOWN * own / len(places))
            own *= 1.0 - _KNOWN
        return cls._normalised(own, found, 0, known)

    @classmethod
    def _normalised(cls, own: float, open_: Sequence[tuple[Candidate, float]], spelled: int, places: Places) -> Beliefs:
        total = own + math.fsum(share for _, share in open_) + places.all_shares
        if total <= 0.0:
            return cls()
        shares = tuple((candidate, share / total) for candidate, share in open_)
        return cls(own / total, shares, spelled, places._replace(share=places.share / total))

    def mixed(self, chances: Chances, vocabulary: Vocabulary) -> Chances:
        """Chances of each id, from the network's."""
        found = self.network * chances
        spelled, id_of, over = self.spelled, vocabulary.id_of, 0.0
        for candidate, share in self.open:
            text = candidate.text
            if spelled < len(text):
                found[id_of(text[spelled])] += share
            elif candidate.is_whole:
                over += share
            else:
                found += share * chances
        for symbol, number in self.places.going_on(spelled):
            if symbol:
                found[id_of(symbol)] += number * self.places.share
            else:
                over += number * self.places.share
        if over:
            ending = np.where(vocabulary.is_token, chances, 0.0)
            found += over * (normalised(ending) if ending.any() else chances)
        return found

    def chance(self, symbol: str, chance: float, ending: float) -> float:
        """The chance of one symbol, from the network's chance of it, and that of any token; without `places`."""
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
        places = self.places.after(spelled, symbol)
        is_over = not found and places.first == places.end
        return Beliefs() if is_over else self._normalised(own, found, spelled + 1, places)

    def after_all(self, text: str) -> Beliefs:
        """The same after several symbols, each of which had to come; without `places`."""
        own, end, found = self.network, self.spelled + len(text), []
        for candidate, share in self.open:
            rest = candidate.text[self.spelled :]
            if rest.startswith(text):
                found.append((candidate, share))
            elif not candidate.is_whole and text.startswith(rest):
                own += share
        return self._normalised(own, found, end, self.places) if found else Beliefs()


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
    """Headings of the sources, sorted."""

    @classmethod
    def begin(
        cls, vocabulary: Vocabulary, weights: PointerWeights, context: str = "", places: Iterable[str] = ()
    ) -> Pointing:
        """After a context, whose last part is over; scenes may also play at `places`."""
        stage = Stage()
        for _, token, text in parts(context):
            stage = stage.after(token, text)
        known = tuple(sorted(filter(vocabulary.can_spell, places)))
        return cls(vocabulary, weights, stage, places=known)

    def follow(self, text: str) -> Pointing:
        """After several symbols of text, where nothing is pointed at."""
        return self._replace(text=self.text + text)

    def spell(self, text: str) -> Pointing:
        """After the rest of a name, of which each symbol had to come."""
        beliefs = self.beliefs.after_all(text) if self.beliefs.are_open else self.beliefs
        return self._replace(text=self.text + text, beliefs=beliefs)

    def advance(self, symbol: str, chance: float) -> Pointing:
        """After a symbol that had this chance by the network alone."""
        vocabulary, weights, stage, token, text, beliefs, places = self
        if not is_token(symbol):
            beliefs = beliefs.after(symbol, chance) if beliefs.are_open else beliefs
            return Pointing(vocabulary, weights, stage, token, text + symbol, beliefs, places)
        stage = stage.after(token, text) if token else stage
        beliefs = Beliefs.at(symbol, stage, weights, vocabulary, places)
        return Pointing(vocabulary, weights, stage, symbol, "", beliefs, places)


def mixed_nats(
    stream: str,
    nats: Floats,
    endings: Floats,
    weights: PointerWeights,
    vocabulary: Vocabulary,
    stage: Stage = _NOTHING_YET,
) -> Floats:
    """What each symbol of a stream costs network and pointer together, (symbols,).

    Args:
        stream: As it was read, from its first symbol.
        nats: What each of its symbols costs the network, (symbols,).
        endings: What it costs the network that some token stands at each place, (symbols,) of nats.
        weights: The pointer's.
        vocabulary: The network's.
        stage: What stands before the stream.
    """
    found = nats.copy()
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
