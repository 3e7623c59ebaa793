"""A training run on disk: all that it takes to go on after a kill as if nothing had been.

It stands in `training/` inside the model's folder, written together with it, and goes when the run is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

import numpy as np
import safetensors.torch
import torch
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor

from model.checkpoint import Origin
from model.errors import CheckpointError
from model.figures import Figures
from model.folder import VERSION, checked, read_json, read_tensors, read_vocabulary
from model.network import CharRNN, Hidden
from model.records import ScriptRecord
from model.schedule import TrainingConfig
from model.shape import NetworkConfig, is_between
from model.storage import exists
from model.vocabulary import Vocabulary

FOLDER = "training"
RECORD, _VOCABULARY, _TENSORS = f"{FOLDER}/run.json", f"{FOLDER}/vocabulary.json", f"{FOLDER}/run.safetensors"
_WEIGHT, _MEAN, _SQUARE, _MEMORY, _CHANCE = "weight.", "mean.", "square.", "memory.", "chance"
_MEMORY_NAMES = tuple(field.name for field in fields(Hidden))


class RunRecord(BaseModel):
    """How far a run has come."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = VERSION
    network: NetworkConfig
    training: TrainingConfig
    scripts: tuple[ScriptRecord, ...]
    origin: Origin | None = None
    step: int = Field(default=0, ge=0)
    """Steps taken."""
    epoch: int = Field(default=0, ge=0)
    position: int = Field(default=0, ge=0)
    """Steps taken of this epoch."""
    elapsed_s: float = Field(default=0.0, ge=0)
    evaluated: int = Field(default=0, ge=0)
    """How many of the evaluations planned are behind it."""
    since_best: int = Field(default=0, ge=0)
    """Evaluations since the last new best."""
    best: Figures | None = None
    best_step: int = Field(default=0, ge=0)


@dataclass(frozen=True, slots=True)
class Run:
    """A run between two steps. Before the first one there is nothing yet but weights."""

    record: RunRecord
    vocabulary: Vocabulary
    network: CharRNN
    means: Mapping[str, Tensor]
    """The running mean of each weight's gradient, by the weight's name."""
    squares: Mapping[str, Tensor]
    """The same of its square, for what AdamW changes."""
    hidden: Hidden | None
    chance: Tensor | None
    """State of the generator that dropout draws from."""

    @classmethod
    def new(cls, record: RunRecord, vocabulary: Vocabulary, network: CharRNN) -> Run:
        """A run that has not begun."""
        return cls(record, vocabulary, network, {}, {}, None, None)

    def files(self) -> dict[str, bytes]:
        """By name inside the model's folder."""
        tensors = {} if self.chance is None else {_CHANCE: self.chance}
        for prefix, values in (
            (_WEIGHT, self.network.state_dict()),
            (_MEAN, self.means),
            (_SQUARE, self.squares),
            (_MEMORY, {} if self.hidden is None else self.hidden.tensors()),
        ):
            tensors |= {prefix + name: tensor.detach().cpu().contiguous() for name, tensor in values.items()}
        return {
            RECORD: (self.record.model_dump_json(indent=2) + "\n").encode(),
            _VOCABULARY: self.vocabulary.to_json().encode(),
            _TENSORS: safetensors.torch.save(tensors),
        }


def load_run(directory: Path) -> Run:
    """Read the run that was under way in a model's folder.

    Raises:
        CheckpointError: There is none, or it is damaged.
    """
    if not exists(directory, RECORD):
        raise CheckpointError(
            "there is no unfinished training to resume",
            source=str(directory),
            todo="Start one: the same without --resume",
        )
    record = read_json(directory, RECORD, RunRecord)
    vocabulary = read_vocabulary(directory, _VOCABULARY, size=record.network.vocabulary_size)
    tensors = read_tensors(directory, _TENSORS)
    source = str(directory / _TENSORS)
    shapes = record.network.tensors()
    network = CharRNN.of(record.network, checked(_under(_WEIGHT, tensors), shapes, source=source))
    if record.step == 0:
        return Run.new(record, vocabulary, network)
    squared = shapes
    if record.training.optimizer == "muon":
        squared = {name: shape for name, shape in shapes.items() if not is_between(name)}
    means, squares = (
        _torch(checked(_under(part, tensors), expected, source=source))
        for part, expected in ((_MEAN, shapes), (_SQUARE, squared))
    )
    memory = _under(_MEMORY, tensors)
    rows = next((values.shape[1] for values in memory.values() if values.ndim > 1), 0)
    shape = (record.network.layers, rows, record.network.width)
    hidden = Hidden.from_tensors(_torch(checked(memory, dict.fromkeys(_MEMORY_NAMES, shape), source=source)))
    chance = tensors.get(_CHANCE)
    if chance is None or chance.dtype != np.uint8:
        raise CheckpointError(f'"{_CHANCE}" is missing', source=source)
    return Run(record, vocabulary, network, means, squares, hidden, torch.from_numpy(chance.copy()))


def _torch(tensors: Mapping[str, NDArray[np.float32]]) -> dict[str, Tensor]:
    return {name: torch.from_numpy(values) for name, values in tensors.items()}


def _under(prefix: str, tensors: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {name.removeprefix(prefix): values for name, values in tensors.items() if name.startswith(prefix)}
