"""A model on disk: weights as safetensors, everything else as JSON, nothing that can run.

A folder with `config.json`, `vocabulary.json`, `model.safetensors`, `copies.safetensors` and `lexicon.json`, replaced
together or not at all.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from model.errors import CheckpointError
from model.figures import Figures
from model.folder import (
    AGAIN,
    CONFIG,
    VERSION,
    VOCABULARY,
    WEIGHTS,
    checked,
    read_json,
    read_tensors,
    read_vocabulary,
    write,
)
from model.kept import read_sources, sources_files
from model.records import ScriptRecord
from model.schedule import TrainingConfig
from model.shape import NetworkConfig
from model.sources import NO_SOURCES, Sources
from model.vocabulary import Vocabulary

if TYPE_CHECKING:
    from model.network import CharRNN

Weights: TypeAlias = Mapping[str, NDArray[np.float32]]
"""Name of each of a network's tensors to its values."""


class Origin(BaseModel):
    """The model that a run started from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    scripts: tuple[ScriptRecord, ...] = ()
    origin: Origin | None = None
    """Where that one came from."""


class CheckpointConfig(BaseModel):
    """What a model is, what it learned from, and what it is worth."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = VERSION
    network: NetworkConfig
    training: TrainingConfig | None = None
    """None for a network that has learned nothing."""
    scripts: tuple[ScriptRecord, ...] = ()
    """What it was trained on, and where its held-out scenes are."""
    origin: Origin | None = None
    """The model that training started from; None: from scratch."""
    steps: int = Field(default=0, ge=0)
    """Steps of training that these weights had."""
    elapsed_s: float = Field(default=0.0, ge=0)
    """Time that those took."""
    figures: Figures | None = None
    """Measured on the held-out scenes of `scripts`."""


@dataclass(frozen=True)
class Checkpoint:
    """A model in memory."""

    name: str
    """The folder's name, by which people call it."""
    config: CheckpointConfig
    vocabulary: Vocabulary
    weights: Weights
    """Of the network, by the names of `NetworkConfig.tensors`. Not to be written to."""
    sources: Sources
    """What it keeps of what it learned from."""

    @classmethod
    def of(
        cls, name: str, config: CheckpointConfig, vocabulary: Vocabulary, network: CharRNN, sources: Sources
    ) -> Checkpoint:
        """A model around a network."""
        return cls(name, config, vocabulary, weights_of(network), sources)

    @cached_property
    def network(self) -> CharRNN:
        """In evaluation mode, float32, on the CPU; made when it is first asked for, since torch takes its time."""
        from model.network import CharRNN

        return CharRNN.of(self.config.network, self.weights).eval()

    @property
    def names(self) -> tuple[str, ...]:
        """Who speaks in the screenplays it was last trained on, each one's by number of speeches."""
        return self.names_of(())

    def names_of(self, numbers: Collection[int]) -> tuple[str, ...]:
        """The same of some of those screenplays, counted from 0; of all if none is named."""
        scripts = [s for n, s in enumerate(self.config.scripts) if not numbers or n in numbers]
        return tuple(dict.fromkeys(name for script in scripts for name in script.cast))

    @property
    def styles(self) -> dict[str, int]:
        """Name of each style, without its suffix, and its number; nothing for a model that has none."""
        count = self.config.network.styles
        return {PurePath(script.name).stem: n for n, script in enumerate(self.config.scripts[:count])}

    @property
    def as_origin(self) -> Origin:
        """How a model that starts from this one remembers it."""
        return Origin(name=self.name, scripts=self.config.scripts, origin=self.config.origin)


def load(directory: str | os.PathLike[str]) -> Checkpoint:
    """Read a model, and check all of it before it is used.

    Raises:
        CheckpointError: A file is missing, broken, of another version, or does not fit the others.
    """
    directory = Path(directory)
    config = read_json(directory, CONFIG, CheckpointConfig)
    vocabulary = read_vocabulary(directory, VOCABULARY, size=config.network.vocabulary_size)
    weights = checked(read_tensors(directory, WEIGHTS), config.network.tensors(), source=str(directory / WEIGHTS))
    sources = read_sources(directory)
    if sources.recall is not None and sources.recall.ids.max() >= len(vocabulary):
        raise CheckpointError("its texts have characters that it does not know", source=str(directory), todo=AGAIN)
    return Checkpoint(directory.resolve().name, config, vocabulary, weights, sources)


def save(
    directory: str | os.PathLike[str],
    config: CheckpointConfig,
    vocabulary: Vocabulary,
    network: CharRNN,
    *,
    sources: Sources = NO_SOURCES,
    half: bool = False,
    besides: Mapping[str, bytes] | None = None,
) -> None:
    """Replace the model in a folder, all files together or none.

    Args:
        directory: Made if it is not there.
        config: Must describe `network`.
        vocabulary: Its size must be the network's.
        network: Weights on any device.
        sources: What it keeps of what it learned from.
        half: Store weights in 16 bits. `load` gives 32 all the same.
        besides: More files to replace with the model's, by their names inside the folder.

    Raises:
        CheckpointError: The folder can't be written. What was in it is still there, whole.
    """
    if config.network != network.config or len(vocabulary) != network.config.vocabulary_size:
        raise ValueError("configuration, vocabulary and network are not of one model")
    type_ = np.float16 if half else np.float32
    weights = {name: values.astype(type_) for name, values in weights_of(network).items()}
    write(
        directory,
        {
            CONFIG: (config.model_dump_json(indent=2) + "\n").encode(),
            VOCABULARY: vocabulary.to_json().encode(),
            WEIGHTS: safetensors.numpy.save(weights),
            **sources_files(sources, vocabulary),
            **(besides or {}),
        },
    )


def weights_of(network: CharRNN) -> Weights:
    """A copy of a network's weights, in 32 bits."""
    return {name: values.detach().float().cpu().numpy().copy() for name, values in network.state_dict().items()}
