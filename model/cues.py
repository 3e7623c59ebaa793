"""Who speaks next: how often a network guesses it, and how often a simple rule does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from model.network import CharRNN, Hidden
from model.vocabulary import Vocabulary
from screenplay.grammar import SUCCESSORS
from screenplay.stream import AND, CAST, CHARACTER, DUAL, END, SCENE, is_token

_CHUNK = 1024


@dataclass(frozen=True, slots=True)
class CueAccuracy:
    """How many cues there were, and who guessed how many of them."""

    cues: int = 0
    by_model: int = 0
    by_rule: int = 0

    def __add__(self, other: CueAccuracy) -> CueAccuracy:
        return CueAccuracy(self.cues + other.cues, self.by_model + other.by_model, self.by_rule + other.by_rule)


@dataclass(slots=True)
class _Room:
    """Who is in a scene, and who has spoken."""

    cast: list[str] = field(default_factory=list)
    silent: dict[str, None] = field(default_factory=dict)
    """Who is listed and has not spoken yet, in the header's order."""
    last: str | None = None
    before: str | None = None
    """The last speaker but for `last`."""

    def enter(self, name: str) -> None:
        self.cast.append(name)
        self.silent[name] = None

    def speak(self, name: str) -> None:
        self.silent.pop(name, None)
        if name != self.last:
            self.last, self.before = name, self.last

    def guess(self) -> str | None:
        """The one before the last speaker, else the next newcomer, else the last speaker."""
        return self.before or next(iter(self.silent), None) or self.last


@dataclass(frozen=True, slots=True)
class _Cue:
    """A place where somebody is about to speak."""

    end: int
    """Of what stands before it in the stream, its token included."""
    name: str
    cast: tuple[str, ...]
    """Who is listed in the scene's header."""
    by_rule: str | None


@torch.inference_mode()
def cue_accuracy(network: CharRNN, vocabulary: Vocabulary, streams: Sequence[str]) -> CueAccuracy:
    """Let network and rule guess the speaker of every cue that follows a cast header.

    The network's guess is the name of its scene's header that it finds likeliest, after all that stands
    before the cue. The rule's is the one who spoke before the last speaker; while only one or nobody has
    spoken, the next in the header who has not. Both see the header, so the first cue is easy for both.

    Cost: the streams are read once, and at each cue the names of its scene, side by side.
    """
    found = CueAccuracy()
    ends = _ids(vocabulary, "".join(SUCCESSORS["cue"]))
    for stream in streams:
        hidden, read = network.initial_hidden(1), 0
        text = END + stream
        for cue in _cues(text):
            hidden = _read(network, vocabulary, text[read : cue.end], hidden)
            read = cue.end
            costs = _costs(network, vocabulary, cue.cast, hidden, text[read - 1], ends)
            guess = cue.cast[int(np.argmin(costs))]
            found += CueAccuracy(1, guess == cue.name, cue.by_rule == cue.name)
    return found


def _cues(stream: str) -> Iterator[_Cue]:
    """Every cue in a scene with a cast header."""
    room = _Room()
    starts = [index for index, symbol in enumerate(stream) if is_token(symbol)]
    for start, stop in zip(starts, [*starts[1:], len(stream)], strict=True):
        text = stream[start + 1 : stop]
        match stream[start]:
            case symbol if symbol in (SCENE, END):
                room = _Room()
            case symbol if symbol in (CAST, AND):
                room.enter(text)
            case symbol if symbol in (CHARACTER, DUAL):
                if room.cast:
                    # Up to the symbol before the token: the token is read together with each name.
                    yield _Cue(start + 1, text, tuple(room.cast), room.guess())
                room.speak(text)
            case _:
                pass
