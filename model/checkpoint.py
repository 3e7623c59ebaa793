"""A model on disk: weights as safetensors, everything else as JSON, nothing that can run.

A folder with `config.json`, `vocabulary.json`, `model.safetensors`, `copies.safetensors` and `lexicon.json`, replaced
together or not at all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, TypeVar

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from model.copying import CopyIndex
from model.errors import CheckpointError
from model.figures import Figures
from model.lengths import SceneShape
from model.lexicon import Lexicon
from model.pointer import PointerWeights
from model.recall import Recall, Voices
from model.records import ScriptRecord
from model.schedule import TrainingConfig
from model.shape import NetworkConfig
from model.sources import NO_SOURCES, Sources
from model.storage import exists, read_file, replace_files
from model.vocabulary import Vocabulary

if TYPE_CHECKING:
    from model.network import CharRNN

Weights: TypeAlias = Mapping[str, NDArray[np.float32]]
"""Name of each of a network's tensors to its values."""
VERSION: Final = 1
"""Of the format: raised when old programs would read new folders wrongly."""
CONFIG, VOCABULARY, WEIGHTS = "config.json", "vocabulary.json", "model.safetensors"
COPIES, LEXICON = "copies.safetensors", "lexicon.json"
"""What it keeps of its sources: an index by which it knows them again, 5 bytes a word, and the list of their words."""
HABITS = "habits.json"
"""What its sources do with names and places, and the shapes of their scenes; older models have none."""
TEXTS = "texts.safetensors"
"""The texts that it learned from, where they are few, as ids; of many, and in older models, nothing."""
_HASHES = "hashes"
_RESTS = "rests"
_IDS, _STARTS, _NUMBERS, _FOLLOWING = "ids", "starts", "numbers", "following"
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
    headings: tuple[tuple[int, str], ...] = ()


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
        raise CheckpointError("its texts have characters that it does not know", source=str(directory), todo=_AGAIN)
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


def write(directory: str | os.PathLike[str], files: Mapping[str, bytes]) -> None:
    """Replace files of a model's folder, all or none. Raises CheckpointError."""
    try:
        replace_files(Path(directory), files)
    except OSError as error:
        raise CheckpointError(f"the model can't be saved: {_reason(error)}", source=os.fspath(directory)) from error


def sources_files(sources: Sources, vocabulary: Vocabulary, *, folder: str = "") -> dict[str, bytes]:
    """What stands in `COPIES`, `LEXICON` and `HABITS`, by name inside the model's folder."""
    copies: dict[str, NDArray[Any]] = {
        _HASHES: sources.copies.hashes.view(np.int32).copy(),
        _RESTS: sources.copies.rests,
    }
    words = json.dumps({"words": sources.lexicon.words}, ensure_ascii=False, indent=0) + "\n"
    found = {folder + COPIES: safetensors.numpy.save(copies), folder + LEXICON: words.encode()}
    if sources.pointer is not None:
        habits = _Habits(pointer=sources.pointer, shapes=sources.shapes, headings=sources.headings)
        found[folder + HABITS] = (habits.model_dump_json(indent=1) + "\n").encode()
    recall = sources.recall
    # Also where there is none, or those of a model that was here before would stay.
    texts = {
        _IDS: recall.ids if recall is not None else np.zeros(0, np.uint8),
        _STARTS: np.asarray(recall.starts if recall is not None else (), np.int32),
        _NUMBERS: np.asarray(recall.numbers if recall is not None else (), np.int32),
        _FOLLOWING: recall.following(Voices.among(vocabulary)) if recall is not None else np.zeros(0, np.uint8),
    }
    found[folder + TEXTS] = safetensors.numpy.save(texts)
    return found


def read_sources(directory: Path, *, folder: str = "") -> Sources:
    """Read what a model keeps of its sources. Raises CheckpointError."""
    copies = _read_copies(directory, folder + COPIES)
    lexicon = Lexicon(read_json(directory, folder + LEXICON, _Words).words)
    recall = _read_texts(directory, folder + TEXTS)
    if not exists(directory, folder + HABITS):
        return Sources(copies, lexicon, recall=recall)
    habits = read_json(directory, folder + HABITS, _Habits)
    return Sources(copies, lexicon, habits.pointer, habits.shapes, habits.headings, recall)


def _read_copies(directory: Path, name: str) -> CopyIndex:
    tensors = read_tensors(directory, name)
    hashes = tensors.get(_HASHES)
    if hashes is None or hashes.dtype != np.int32 or hashes.ndim != 1:
        raise CheckpointError("this is no index of sources", source=str(directory / name), todo=_AGAIN)
    # A model of before has none: no sentence's end is near.
    rests = tensors.get(_RESTS, np.full(hashes.shape, np.iinfo(np.uint8).max, np.uint8))
    if rests.dtype != np.uint8 or rests.shape != hashes.shape:
        raise CheckpointError("this is no index of sources", source=str(directory / name), todo=_AGAIN)
    return CopyIndex(hashes.view(np.uint32), rests)


def _read_texts(directory: Path, name: str) -> Recall | None:
    if not exists(directory, name):
        return None
    tensors = read_tensors(directory, name)
    missing = np.zeros((0, 0), np.int32)
    ids, starts, numbers = (tensors.get(key, missing) for key in (_IDS, _STARTS, _NUMBERS))
    following = tensors.get(_FOLLOWING)
    is_sound = all(values.dtype == np.int32 and values.ndim == 1 for values in (starts, numbers))
    if following is None:
        # Older models have numbers of 32 bits, and no index.
        is_sound = is_sound and ids.ndim == 1 and ids.dtype == np.int32
    else:
        is_sound = is_sound and all(v.ndim == 1 and v.dtype in (np.uint8, np.uint16) for v in (ids, following))
    if not is_sound or len(starts) != len(numbers) or bool(len(ids)) != bool(len(starts)):
        raise CheckpointError("these are no texts", source=str(directory / name), todo=_AGAIN)
    if not len(ids):
        return None
    if starts[0] != 0 or (np.diff([*starts.tolist(), len(ids)]) <= 0).any() or ids.min() < 0:
        raise CheckpointError("these texts are out of order", source=str(directory / name), todo=_AGAIN)
    if following is not None:
        # In the index, what is speech is told from what is not.
        counts = np.bincount(following // 2 + following % 2)
        if counts.tolist() != [len(starts), *np.bincount(ids).tolist()]:
            raise CheckpointError("this is no index of these texts", source=str(directory / name), todo=_AGAIN)
    return Recall(ids, starts.tolist(), numbers.tolist(), following)


def checked(
    tensors: Mapping[str, NDArray[Any]], shapes: Mapping[str, tuple[int, ...]], *, source: str
) -> dict[str, NDArray[np.float32]]:
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
        # A copy, so that the memory is aligned: products of unaligned matrices may differ in their last bits.
        found[name] = values.astype(np.float32)
        if not np.isfinite(found[name]).all():
            raise CheckpointError(f'"{name}" holds values that are not finite numbers', source=source, todo=_AGAIN)
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


def read_tensors(directory: Path, name: str) -> dict[str, NDArray[Any]]:
    """Read a safetensors file of a model's folder. Raises CheckpointError."""
    data = _bytes(directory, name)
    try:
        return safetensors.numpy.load(data)
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
