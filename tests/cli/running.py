"""Command lines, and a model that takes no training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from model.checkpoint import CheckpointConfig, save
from model.network import CharRNN
from model.shape import NetworkConfig
from model.vocabulary import UNKNOWN, Vocabulary
from screenplay.stream import TOKENS

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Done:
    """What a command line gave back."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


def save_untrained(folder: Path) -> Path:
    """A model that has learned nothing: it writes readable scenes of nonsense, by the grammar alone."""
    vocabulary = Vocabulary((UNKNOWN, *TOKENS.values(), *" \n.,?!'-", *_LETTERS))
    config = NetworkConfig(vocabulary_size=len(vocabulary), embedding=4, width=8)
    network = CharRNN(config, generator=torch.Generator().manual_seed(1))
    save(folder, CheckpointConfig(network=config), vocabulary, network)
    return folder
