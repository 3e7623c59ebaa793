"""Who speaks next: how often a network guesses it, and how often a simple rule does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

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

    start: int
    """Of its token in the stream."""
    name: str
    cast: tuple[str, ...]
    """Who is listed in the scene's header."""
    by_rule: str | None


@torch.inference_mode()
def cue_accuracy(network: CharRNN, vocabulary: Vocabulary, streams: Sequence[str]) -> CueAccuracy:
    """Let network and rule guess the speaker of every cue that follows a cast header.

    The network (on the CPU) guesses the name of its scene's header that it finds likeliest, after all that
    stands before the cue. The rule guesses the one who spoke before the last speaker; while only one or
    nobody has spoken, the next in the header who has not. Both see the header, so the first cue is easy.

    Cost: the streams are read once, side by side, and at each cue the names of its scene.
    """
    texts = sorted((END + stream for stream in streams), key=len, reverse=True)
    cues = sorted(((cue.start, row, cue) for row, text in enumerate(texts) for cue in _cues(text)), key=lambda c: c[:2])
    if not cues:
        return CueAccuracy()
    ids = pad_sequence([_ids(vocabulary, text) for text in texts], batch_first=True)
    hidden, read, found = network.initial_hidden(len(texts)), 0, CueAccuracy()
    for start, row, cue in cues:
        # Longest first: those still running are the first ones.
        running = sum(len(text) > read for text in texts)
        hidden = hidden.rows(torch.arange(running))
        for chunk in torch.split(ids[:running, read:start], _CHUNK, dim=1) if start > read else ():
            _, hidden = network(chunk, hidden)
        read = start
        costs = _costs(network, vocabulary, texts[row][start], cue.cast, hidden, row)
        guess = cue.cast[int(costs.argmin())]
        found += CueAccuracy(1, guess == cue.name, cue.by_rule == cue.name)
    return found


def _cues(text: str) -> Iterator[_Cue]:
    """Every cue in a scene with a cast header."""
    room = _Room()
    starts = [index for index, symbol in enumerate(text) if is_token(symbol)]
    for start, stop in zip(starts, [*starts[1:], len(text)], strict=True):
        name = text[start + 1 : stop]
        match text[start]:
            case symbol if symbol in (SCENE, END):
                room = _Room()
            case symbol if symbol in (CAST, AND):
                room.enter(name)
            case symbol if symbol in (CHARACTER, DUAL):
                if room.cast:
                    yield _Cue(start, name, tuple(room.cast), room.guess())
                room.speak(name)
            case _:
                pass


def _costs(
    network: CharRNN, vocabulary: Vocabulary, token: str, names: Sequence[str], hidden: Hidden, row: int
) -> Tensor:
    """What it costs after one row of memory to open a cue with this token, spell a name and end it: nats, (names,)."""
    rows = [_ids(vocabulary, token + name) for name in names]
    # Zeros at the end of a row change nothing of what stands before them.
    padded = pad_sequence(rows, batch_first=True)
    logits, _ = network(padded, hidden.rows(torch.full((len(rows),), row)))
    chances = logits.float().log_softmax(dim=-1)
    endings = _ids(vocabulary, "".join(SUCCESSORS["cue"]))
    spelled = chances[:, :-1].gather(-1, padded[:, 1:, None])[..., 0]
    lengths = torch.tensor([len(name) for name in names])
    within = torch.arange(spelled.shape[1]) < lengths[:, None]
    last = chances[torch.arange(len(names)), lengths]
    costs: Tensor = -(spelled * within).sum(dim=-1) - last[:, endings].logsumexp(dim=-1)
    return costs


def _ids(vocabulary: Vocabulary, text: str) -> Tensor:
    return torch.from_numpy(vocabulary.encode(text).astype(np.int64))
