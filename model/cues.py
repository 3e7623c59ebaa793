"""Who speaks next: how often a network guesses it, and how often a simple rule does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from model.network import CharRNN, Hidden
from model.pointer import PointerWeights
from model.pointing import Beliefs
from model.stage import Stage, parts
from model.vocabulary import Vocabulary
from screenplay.grammar import SUCCESSORS
from screenplay.stream import CUES, END

_CHUNK = 1024


@dataclass(frozen=True, slots=True)
class CueAccuracy:
    """How many cues there were, and who guessed how many of them."""

    cues: int = 0
    by_model: int = 0
    by_rule: int = 0

    def __add__(self, other: CueAccuracy) -> CueAccuracy:
        return CueAccuracy(self.cues + other.cues, self.by_model + other.by_model, self.by_rule + other.by_rule)


@dataclass(frozen=True, slots=True)
class _Cue:
    """A place where somebody is about to speak."""

    start: int
    """Of its token in the stream."""
    name: str
    stage: Stage
    """What stands before it."""


@torch.inference_mode()
def cue_accuracy(
    network: CharRNN,
    vocabulary: Vocabulary,
    streams: Sequence[str],
    pointer: PointerWeights | None = None,
    style: Tensor | None = None,
) -> CueAccuracy:
    """Let a model and a rule guess the speaker of every cue that follows a cast header.

    The network (on the CPU), with the pointer where there is one, guesses the name of its scene's header that it
    finds likeliest, after all that stands before the cue. The rule guesses the one who spoke before the last speaker;
    while only one or nobody has spoken, the next in the header who has not. Both see the header, so the first cue
    is easy.

    Cost: the streams are read once, side by side, and at each cue the names of its scene.
    """
    order = sorted(range(len(streams)), key=lambda index: -len(streams[index]))
    texts = [END + streams[index] for index in order]
    vectors = style[order] if style is not None else None
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
            _, hidden = network(chunk, hidden, style=vectors[:running] if vectors is not None else None)
        read = start
        cast = cue.stage.cast
        vector = vectors[row] if vectors is not None else None
        chances = torch.exp(-_costs(network, vocabulary, texts[row][start], cast, hidden, row, vector)).double()
        if pointer is not None:
            beliefs = Beliefs.at(texts[row][start], cue.stage, pointer, vocabulary)
            shares = {candidate.text: share for candidate, share in beliefs.open}
            chances = beliefs.network * chances + torch.tensor([shares.get(name, 0.0) for name in cast])
        guess = cast[int(chances.argmax())]
        found += CueAccuracy(1, guess == cue.name, cue.stage.guess() == cue.name)
    return found


def _cues(text: str) -> Iterator[_Cue]:
    """Every cue in a scene with a cast header."""
    stage = Stage()
    for start, token, name in parts(text):
        if token in CUES and stage.cast:
            yield _Cue(start, name, stage)
        stage = stage.after(token, name)


def _costs(
    network: CharRNN,
    vocabulary: Vocabulary,
    token: str,
    names: Sequence[str],
    hidden: Hidden,
    row: int,
    style: Tensor | None = None,
) -> Tensor:
    """What it costs after one row of memory to open a cue with this token, spell a name and end it: nats, (names,)."""
    rows = [_ids(vocabulary, token + name) for name in names]
    # Zeros at the end of a row change nothing of what stands before them.
    padded = pad_sequence(rows, batch_first=True)
    logits, _ = network(padded, hidden.rows(torch.full((len(rows),), row)), style=style)
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
