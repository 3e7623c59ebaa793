"""What scripts do again and again, counted, so that written ones can be held against real ones."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from screenplay.elements import Action, Scene, Screenplay, Speech
from screenplay.stream import letters

Counts = NDArray[np.float64]
_INSIDE_OR_OUT = re.compile(r"^(?:(?:INT|EXT|EST|I/E)\b[./ ]*)+", re.IGNORECASE)
_REACH = 10
"""Scenes back that a place is said to return from: in a longer script every place would."""
_BINS = 12
_SHARES = 5


@dataclass(frozen=True, slots=True)
class Habit:
    """One thing to count: a value for each occasion, and which bin of a histogram a value belongs to."""

    name: str
    values: Callable[[Screenplay], Iterator[float]]
    bin: Callable[[float], int]
    """From 0 up to below `_BINS`."""
    label: Callable[[int], str]
    """What stands below a bin where the histogram is drawn."""

    def histogram(self, screenplays: Sequence[Screenplay]) -> Counts:
        """How many occasions fall into each bin."""
        found = np.zeros(_BINS)
        for screenplay in screenplays:
            for value in self.values(screenplay):
                found[min(self.bin(value), _BINS - 1)] += 1
        return found

    def mean(self, screenplays: Sequence[Screenplay]) -> float | None:
        """Of all occasions; None where there is none."""
        values = [value for screenplay in screenplays for value in self.values(screenplay)]
        return math.fsum(values) / len(values) if values else None


def _speakers(screenplay: Screenplay) -> Iterator[float]:
    return (float(len(scene.cast)) for scene in screenplay.scenes)


def _alternations(screenplay: Screenplay) -> Iterator[float]:
    """For each cue but a scene's first two, whether it is the one before the last speaker's."""
    for scene in screenplay.scenes:
        names = [speech.cue.name for speech in scene.speeches if speech.cue is not None]
        for before, last, name in zip(names, names[1:], names[2:], strict=False):
            yield float(name == before != last)


def _returns(screenplay: Screenplay) -> Iterator[float]:
    """For each scene but the first, whether one of the last ten played in the same place."""
    places = [place_of(scene) for scene in screenplay.scenes]
    for index in range(1, len(places)):
        yield float(places[index] in places[max(0, index - _REACH) : index])


def place_of(scene: Scene) -> str:
    """Where a scene plays."""
    return place_in(scene.heading.text)


def place_in(heading: str) -> str:
    """A heading without INT. or EXT., and without the time of day."""
    place = _INSIDE_OR_OUT.sub("", heading.upper(), count=1)
    return place.rpartition(" - ")[0].strip() or place.strip()


def _speech_words(screenplay: Screenplay) -> Iterator[float]:
    return (float(_words(speech)) for speech in screenplay.speeches)


def _words(speech: Speech) -> int:
    return sum(len(line.text.split()) for line in speech.lines if line.kind != "parenthetical")


def _action_words(screenplay: Screenplay) -> Iterator[float]:
    return (float(len(e.text.split())) for e in screenplay.elements if isinstance(e, Action) and e.text.strip())


def _dialogue(screenplay: Screenplay) -> Iterator[float]:
    """For each scene, which share of its letters below the heading is spoken."""
    for scene in screenplay.scenes:
        spoken = sum(letters(line.text) for speech in scene.speeches for line in speech.lines)
        seen = sum(letters(element.text) for element in scene.body if isinstance(element, Action))
        if spoken + seen:
            yield spoken / (spoken + seen)


def _doubling(value: float) -> int:
    """The bins 0, 1, 2-3, 4-7, 8-15 and so on."""
    return int(value).bit_length()


def _doubled(number: int) -> str:
    return str(1 << number >> 1)


def _yes(number: int) -> str:
    return ("no", "yes")[number]


def _share(number: int) -> str:
    return f"{number / _SHARES:.0%}"


HABITS: tuple[Habit, ...] = (
    Habit("speakers a scene", _speakers, int, str),
    Habit("cues that answer the one before", _alternations, int, _yes),
    Habit("scenes in a place of the last ten", _returns, int, _yes),
    Habit("words a speech", _speech_words, _doubling, _doubled),
    Habit("words a block of action", _action_words, _doubling, _doubled),
    Habit("share of dialogue in a scene", _dialogue, lambda share: min(int(share * _SHARES), _SHARES - 1), _share),
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One habit of written scripts and of real ones."""

    habit: str
    written: float | None
    """Mean value of all written scripts."""
    real: float | None
    """Mean value of all real ones."""
    distance: float | None
    """Jensen-Shannon, from the written scripts, taken together, to a real one, on average.

    Chance alone makes it larger where there are few scenes.
    """
    between_real: float | None
    """The same between two real ones; None where there are no two."""


def compare(written: Sequence[Screenplay], real: Sequence[Screenplay]) -> tuple[Comparison, ...]:
    """Hold the habits of written scripts against those of real ones."""
    found = []
    for habit in HABITS:
        ours, theirs = habit.histogram(written), [habit.histogram([screenplay]) for screenplay in real]
        found.append(
            Comparison(
                habit=habit.name,
                written=habit.mean(written),
                real=habit.mean(real),
                distance=_mean([jensen_shannon(ours, other) for other in theirs]),
                between_real=_mean([jensen_shannon(a, b) for a, b in itertools.combinations(theirs, 2)]),
            )
        )
    return tuple(found)


def jensen_shannon(first: Counts, second: Counts) -> float | None:
    """Distance of two histograms: 0 where they have the same shape, 1 where they share no bin; None if one is empty.

    Source: Lin 1991, IEEE Trans. Inf. Theory 37(1); the root of the divergence in bits is a metric
    (Endres and Schindelin 2003).
    """
    if not first.sum() or not second.sum():
        return None
    shares = first / first.sum(), second / second.sum()
    middle = (shares[0] + shares[1]) / 2
    divergence = sum(float((p[p > 0] * np.log2(p[p > 0] / middle[p > 0])).sum()) for p in shares) / 2
    # Rounding may leave a little less than nothing.
    return math.sqrt(max(0.0, divergence))


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return math.fsum(known) / len(known) if known else None
