"""A model on disk: weights as safetensors, everything else as JSON, nothing that can run.

A folder with `config.json`, `vocabulary.json`, `model.safetensors`, `copies.safetensors` and `lexicon.json`, replaced
together or not at all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final, Literal, TypeVar

import numpy as np
import safetensors
import safetensors.torch
import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from torch import Tensor

from model.copying import CopyIndex
from model.corpus import ScriptRecord
from model.errors import CheckpointError
from model.evaluation import Figures
from model.lengths import SceneShape
from model.lexicon import Lexicon
from model.network import CharRNN, NetworkConfig
from model.pointer import PointerWeights
from model.schedule import TrainingConfig
from model.sources import NO_SOURCES, Sources
from model.storage import exists, read_file, replace_files
from model.vocabulary import Vocabulary

VERSION: Final = 1
"""Of the format: raised when old programs would read new folders wrongly."""
CONFIG, VOCABULARY, WEIGHTS = "config.json", "vocabulary.json", "model.safetensors"
COPIES, LEXICON = "copies.safetensors", "lexicon.json"
"""What it keeps of its sources: an index by which it knows them again, 4 bytes a word, and the list of their words."""
HABITS = "habits.json"
"""What its sources do with names and places, and the shapes of their scenes; older models have none."""
_HASHES = "hashes"
_AGAIN = "Train it again, or fetch a whole copy"
_Model = TypeVar("_Model", bound=BaseModel)


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


class _Words(BaseModel):
    """What stands in `LEXICON`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: tuple[str, ...]


class _Habits(BaseModel):
    """What stands in `HABITS`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pointer: PointerWeights
    shapes: tuple[SceneShape, ...]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A model in memory."""

    name: str
    """The folder's name, by which people call it."""
    config: CheckpointConfig
    vocabulary: Vocabulary
    network: CharRNN
    """In evaluation mode, float32, on the CPU."""
    sources: Sources
    """What it keeps of what it learned from."""

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
    tensors = read_tensors(directory, WEIGHTS)
    network = network_of(config.network, tensors, source=str(directory / WEIGHTS))
    return Checkpoint(directory.resolve().name, config, vocabulary, network.eval(), read_sources(directory))


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
    type_ = torch.float16 if half else torch.float32
    weights = {name: values.detach().to("cpu", type_) for name, values in network.state_dict().items()}
    write(
        directory,
        {
            CONFIG: (config.model_dump_json(indent=2) + "\n").encode(),
            VOCABULARY: vocabulary.to_json().encode(),
            WEIGHTS: safetensors.torch.save({name: values.contiguous() for name, values in weights.items()}),
            **sources_files(sources),
            **(besides or {}),
        },
    )


def write(directory: str | os.PathLike[str], files: Mapping[str, bytes]) -> None:
    """Replace files of a model's folder, all or none. Raises CheckpointError."""
    try:
        replace_files(Path(directory), files)
    except OSError as error:
        raise CheckpointError(f"the model can't be saved: {_reason(error)}", source=os.fspath(directory)) from error


def sources_files(sources: Sources, *, folder: str = "") -> dict[str, bytes]:
    """What stands in `COPIES`, `LEXICON` and `HABITS`, by name inside the model's folder."""
    hashes = torch.from_numpy(sources.copies.hashes.view(np.int32).copy())
    words = json.dumps({"words": sources.lexicon.words}, ensure_ascii=False, indent=0) + "\n"
    found = {folder + COPIES: safetensors.torch.save({_HASHES: hashes}), folder + LEXICON: words.encode()}
    if sources.pointer is not None:
        habits = _Habits(pointer=sources.pointer, shapes=sources.shapes)
        found[folder + HABITS] = (habits.model_dump_json(indent=1) + "\n").encode()
    return found


def read_sources(directory: Path, *, folder: str = "") -> Sources:
    """Read what a model keeps of its sources. Raises CheckpointError."""
    hashes = read_tensors(directory, folder + COPIES).get(_HASHES)
    if hashes is None or hashes.dtype != torch.int32 or hashes.ndim != 1:
        raise CheckpointError("this is no index of sources", source=str(directory / folder / COPIES), todo=_AGAIN)
    words = read_json(directory, folder + LEXICON, _Words).words
    copies, lexicon = CopyIndex(hashes.numpy().view(np.uint32)), Lexicon(words)
    if not exists(directory, folder + HABITS):
        return Sources(copies, lexicon)
    habits = read_json(directory, folder + HABITS, _Habits)
    return Sources(copies, lexicon, habits.pointer, habits.shapes)


def network_of(config: NetworkConfig, tensors: Mapping[str, Tensor], *, source: str) -> CharRNN:
    """Build a network around weights.

    Raises:
        CheckpointError: One is missing or too many, or has another shape, or is not finite.
    """
    # On no device at first: a wrong configuration must not take memory before the shapes are known to be right.
    with torch.device("meta"):
        network = CharRNN(config)
    expected = {name: tuple(values.shape) for name, values in network.state_dict().items()}
    weights = checked(tensors, expected, source=source)
    network.load_state_dict(weights, assign=True)
    return network


def checked(tensors: Mapping[str, Tensor], shapes: Mapping[str, tuple[int, ...]], *, source: str) -> dict[str, Tensor]:
    """Copies of just these tensors, in float32.

    Raises:
        CheckpointError: One is missing or too many, or has another shape, or is not finite.
    """
    for name in sorted(tensors.keys() ^ shapes.keys()):
        what = "is missing" if name in shapes else "belongs to no network of this kind"
        raise CheckpointError(f'"{name}" {what}', source=source, todo=_AGAIN)
    found = {}
    for name, shape in shapes.items():
        values = tensors[name]
        if tuple(values.shape) != shape:
            raise CheckpointError(
                f'"{name}" has the shape {_shown(tuple(values.shape))}',
                source=source,
                expected=_shown(shape),
                todo=_AGAIN,
            )
        # A copy, so that the memory is torch's own: products of unaligned matrices may differ in their last bits.
        values = values.to(torch.float32, copy=True)
        if not bool(values.isfinite().all()):
            raise CheckpointError(f'"{name}" holds values that are not finite numbers', source=source, todo=_AGAIN)
        found[name] = values
    return found


def read_json(directory: Path, name: str, model: type[_Model]) -> _Model:
    """Read a JSON file of a model's folder. Raises CheckpointError."""
    data = _bytes(directory, name)
    try:
        return model.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        if place == "version":
            raise CheckpointError(
                f"this model is of format version {first['input']!r}",
                source=str(directory / name),
                expected=f"version {VERSION}",
                todo="Use the version of lebowski-gen that made it, or a newer one",
            ) from error
        what = f'"{place}": {first["msg"]}' if place else first["msg"]
        raise CheckpointError(what, source=str(directory / name), todo=_AGAIN) from error


def read_vocabulary(directory: Path, name: str, *, size: int) -> Vocabulary:
    """Read a vocabulary that must have `size` ids. Raises CheckpointError."""
    try:
        vocabulary = Vocabulary.from_json(_bytes(directory, name))
    except ValueError as error:
        raise CheckpointError(f"this is no vocabulary: {error}", source=str(directory / name), todo=_AGAIN) from error
    if len(vocabulary) != size:
        raise CheckpointError(
            f"{len(vocabulary)} characters stand here",
            source=str(directory / name),
            expected=f"the {size} that the network knows",
            todo=_AGAIN,
        )
    return vocabulary


def read_tensors(directory: Path, name: str) -> dict[str, Tensor]:
    """Read a safetensors file of a model's folder. Raises CheckpointError."""
    data = _bytes(directory, name)
    try:
        return safetensors.torch.load(data)
    except (safetensors.SafetensorError, ValueError, KeyError) as error:
        raise CheckpointError(
            f"the file is broken or cut off ({len(data)} bytes): {error}", source=str(directory / name), todo=_AGAIN
        ) from error


def _bytes(directory: Path, name: str) -> bytes:
    try:
        return read_file(directory, name)
    except (FileNotFoundError, NotADirectoryError) as error:
        if not directory.is_dir():
            found = "this is not a folder" if directory.exists() else "there is no such folder"
            raise CheckpointError(found, source=str(directory), expected="the folder of a model") from error
        raise CheckpointError(
            f"the model has no {name}",
            source=str(directory),
            expected=f"a folder with {CONFIG}, {VOCABULARY}, {WEIGHTS}, {COPIES} and {LEXICON}",
        ) from error
    except OSError as error:
        raise CheckpointError(f"the file can't be read: {_reason(error)}", source=str(directory / name)) from error


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _shown(shape: tuple[int, ...]) -> str:
    return " × ".join(str(length) for length in shape) or "a single number"
