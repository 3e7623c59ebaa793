"""What a stream has shown so far, within bounds: who spoke, who was spoken of, where the scenes played."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from screenplay.stream import ACTION, AND, CAST, CUES, DIALOGUE, END, LYRIC, PARENTHETICAL, SCENE, is_token

REACH = 64
"""Cues of a scene, and scenes of a script, that are remembered."""


_HEADINGS = 40


@dataclass(frozen=True, slots=True)
class PastScene:
    """What stays of a scene that is over."""

    heading: str
    speakers: tuple[str, ...] = ()
    """Who spoke, in order of first speech."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A value: `after` gives the stage after one more element."""

    past: tuple[PastScene, ...] = ()
    """The last scenes, oldest first, at most `REACH`."""
    heading: str = ""
    cast: tuple[str, ...] = ()
    """Names that the header of the scene under way lists so far."""
    speakers: tuple[str, ...] = ()
    """Who spoke in it, cue by cue; the last `REACH`."""
    met: tuple[str, ...] = ()
    """The same, each once, by first speech."""
    said: str = ""
    """The last speech."""
    seen: str = ""
    """Action since the last cue."""

    def after(self, token: str, text: str) -> Stage:
        """The stage after the element part that `token` opens and that has this text."""
        if token in (SCENE, END):
            past = self.past
            if self.heading or self.met:
                past = (*past, PastScene(self.heading, self.met))[-REACH:]
            return Stage(past, heading=text if token == SCENE else "")
        if token in (CAST, AND):
            return replace(self, cast=(*self.cast, text))
        if token in CUES:
            met = self.met if text in self.met else (*self.met, text)
            return replace(self, speakers=(*self.speakers, text)[-REACH:], met=met, said="", seen="")
        if token in (DIALOGUE, PARENTHETICAL, LYRIC):
            return replace(self, said=f"{self.said} {text}")
        return replace(self, seen=f"{self.seen} {text}") if token == ACTION else self

    @property
    def unmet(self) -> tuple[str, ...]:
        """Who is listed and has not spoken, in the header's order."""
        return tuple(name for name in self.cast if name not in self.met)

    @property
    def last(self) -> str | None:
        """Who spoke last."""
        return self.speakers[-1] if self.speakers else None

    @property
    def before(self) -> str | None:
        """Who spoke last but for `last`."""
        return next((name for name in reversed(self.speakers) if name != self.last), None)

    def guess(self) -> str | None:
        """Who speaks next, by rule: the one before the last speaker, else the next newcomer, else the last speaker."""
        return self.before or next(iter(self.unmet), None) or self.last


_READ = 8000
"""Symbols of a draft that a network reads; people and places are remembered for longer."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_COMMON = frozenset(("the", "and", "man", "woman", "boy", "girl", "old", "young", "mrs", "miss", "doctor", "officer"))
"""Words of names that tell nobody from others."""


def mentioned(name: str, text: str) -> bool:
    """Whether a text has a word of this name that tells it from others."""
    return not (_words(name) - _COMMON).isdisjoint(_words(text))


@lru_cache(1 << 10)
def _words(text: str) -> frozenset[str]:
    """Of a name, or of a speech, which is asked about for each name."""
    return frozenset(word.casefold() for word in _WORD.findall(text))


def parts(stream: str) -> Iterator[tuple[int, str, str]]:
    """Position, token and text of each part of a stream, in order. What stands before the first token is left out."""
    starts = [index for index, symbol in enumerate(stream) if is_token(symbol)]
    for start, stop in itertools.pairwise([*starts, len(stream)]):
        yield start, stream[start], stream[start + 1 : stop]


def headings_of(streams: Iterable[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    """The headings that each stream has most often, at most 40, with the number that it comes with."""
    found: list[tuple[int, str]] = []
    for number, stream in streams:
        counts = Counter(text for _, token, text in parts(stream) if token == SCENE and text)
        found += ((number, heading) for heading, _ in counts.most_common(_HEADINGS))
    return tuple(found)


def last_scenes(stream: str) -> str:
    """The last scenes of a stream, as many as a network needs to have read: of what came before, nothing is left."""
    if len(stream) <= _READ:
        return stream
    start = stream.find(SCENE, len(stream) - _READ)
    return stream[start if start >= 0 else len(stream) - _READ :]
