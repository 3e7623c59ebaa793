"""What people do first: a plain character RNN on the raw, indented text of a screenplay.

The recipe of the well-known text-generation tutorial (https://www.tensorflow.org/text/tutorials/text_generation),
written anew from its description: embedding 256, one recurrent layer of 1,024 units, windows of 100
characters in random order, each from an empty state, 64 at a time, Adam at 1e-3. An LSTM stands in
for its GRU, which PyTorch computes several times slower on a CPU.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from model.evaluation import CHOICE_OF_UNKNOWN_NATS
from model.schedule import Precision
from model.vocabulary import Vocabulary

_EMBEDDING = 256
_WIDTH = 1024
_WINDOW = 100
_BATCH = 64
_LEARNING_RATE = 1e-3
_STRETCH, _BEFORE = 512, 400


class PlainCharRNN(nn.Module):
    """Embedding, one LSTM, one output layer."""

    def __init__(self, vocabulary_size: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary_size, _EMBEDDING)
        self.recurrent = nn.LSTM(_EMBEDDING, _WIDTH)
        self.head = nn.Linear(_WIDTH, vocabulary_size)

    def forward(self, ids: Tensor, hidden: tuple[Tensor, Tensor] | None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Read (time, batch) ids; give (time, batch, vocabulary) logits."""
        values, hidden = self.recurrent(self.embedding(ids), hidden)
        return self.head(values), hidden


@dataclass(frozen=True)
class PlainModel:
    """What came of a training run."""

    network: PlainCharRNN
    vocabulary: Vocabulary
    steps: int
    elapsed_s: float

    @property
    def symbols_per_s(self) -> float:
        """Characters learned from in a second."""
        return self.steps * _BATCH * _WINDOW / self.elapsed_s


def train_plain(text: str, *, minutes: float, seed: int = 0, precision: Precision = "float32") -> PlainModel:
    """Learn raw text for some wall-clock minutes, with products in a precision that the processor is fast in."""
    began = time.monotonic()
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    vocabulary = Vocabulary.from_streams([text])
    ids = torch.from_numpy(vocabulary.encode(text).astype(np.int64))
    network = PlainCharRNN(len(vocabulary))
    optimizer = torch.optim.Adam(network.parameters(), lr=_LEARNING_RATE)
    windows = torch.arange(0, len(ids) - _WINDOW, _WINDOW + 1)
    if len(windows) == 0:
        raise ValueError(f"the text has {len(ids)} characters, which is not one window")
    steps, left = 0, torch.zeros(0, dtype=torch.int64)
    while time.monotonic() - began < 60 * minutes:
        if len(left) < min(_BATCH, len(windows)):
            left = windows[torch.randperm(len(windows), generator=generator)]
        starts, left = left[:_BATCH], left[_BATCH:]
        batch = ids[starts[None, :] + torch.arange(_WINDOW + 1)[:, None]]
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
            logits, _ = network(batch[:-1], None)
        loss = functional.cross_entropy(logits.flatten(0, 1).float(), batch[1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        steps += 1
    return PlainModel(network, vocabulary, steps, time.monotonic() - began)


@torch.inference_mode()
def nats_of_text(model: PlainModel, text: str) -> float:
    """What all characters of a text cost.

    Stretches of it are read side by side, each after the characters before it, four times as many as a
    window of training had: one long row would take minutes, and hardly differ.
    """
    stretches = -(-len(text) // _STRETCH)
    padded = "\n" * (_BEFORE + 1) + text + "\n" * (stretches * _STRETCH - len(text))
    ids = torch.from_numpy(model.vocabulary.encode(padded).astype(np.int64))
    nats = torch.zeros(stretches, _STRETCH, dtype=torch.float64)
    for row, piece in enumerate(ids.unfold(0, _BEFORE + _STRETCH + 1, _STRETCH).split(_BATCH)):
        logits, _ = model.network(piece[:, :-1].T, None)
        targets = piece[:, _BEFORE + 1 :].T
        losses = functional.cross_entropy(logits[_BEFORE:].flatten(0, 1).double(), targets.flatten(), reduction="none")
        nats[row * _BATCH : row * _BATCH + len(piece)] = losses.view(_STRETCH, len(piece)).T
    unknown = sum(model.vocabulary.id_of(character) == model.vocabulary.unknown_id for character in text)
    total = float(nats.flatten()[: len(text)].sum())
    assert math.isfinite(total)
    return total + unknown * CHOICE_OF_UNKNOWN_NATS
