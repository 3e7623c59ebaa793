"""Files of a model's folder, read with errors that say what is wrong and what to do, and replaced all or none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray
from pydantic import BaseModel, ValidationError

from model.errors import CheckpointError
from model.storage import read_file, replace_files
from model.vocabulary import Vocabulary

VERSION: Final = 1
"""Of the format: raised when old programs would read new folders wrongly."""
CONFIG, VOCABULARY, WEIGHTS = "config.json", "vocabulary.json", "model.safetensors"
COPIES, LEXICON = "copies.safetensors", "lexicon.json"
"""What it keeps of its sources: an index by which it knows them again, 5 bytes a word, and the list of their words."""
HABITS = "habits.json"
"""What its sources do with names and places, and the shapes of their scenes; older models have none."""
TEXTS = "texts.safetensors"
"""The texts that it learned from, where they are few, as ids; of many, and in older models, nothing."""
AGAIN = "Train it again, or fetch a whole copy"
"""What to do about a model that is broken."""
_Model = TypeVar("_Model", bound=BaseModel)


def write(directory: str | os.PathLike[str], files: Mapping[str, bytes]) -> None:
    """Replace files of a model's folder, all or none. Raises CheckpointError."""
    try:
        replace_files(Path(directory), files)
    except OSError as error:
        raise CheckpointError(f"the model can't be saved: {_reason(error)}", source=os.fspath(directory)) from error


def checked(
    tensors: Mapping[str, NDArray[Any]], shapes: Mapping[str, tuple[int, ...]], *, source: str
) -> dict[str, NDArray[np.float32]]:
    """Copies of just these tensors, in float32.

    Raises:
        CheckpointError: One is missing or too many, or has another shape, or is not finite.
    """
    for name in sorted(tensors.keys() ^ shapes.keys()):
        what = "is missing" if name in shapes else "belongs to no network of this kind"
        raise CheckpointError(f'"{name}" {what}', source=source, todo=AGAIN)
    found = {}
    for name, shape in shapes.items():
        values = tensors[name]
        if tuple(values.shape) != shape:
            raise CheckpointError(
                f'"{name}" has the shape {_shown(tuple(values.shape))}',
                source=source,
                expected=_shown(shape),
                todo=AGAIN,
            )
        # A copy, so that the memory is aligned: products of unaligned matrices may differ in their last bits.
        found[name] = values.astype(np.float32)
        if not np.isfinite(found[name]).all():
            raise CheckpointError(f'"{name}" holds values that are not finite numbers', source=source, todo=AGAIN)
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
        raise CheckpointError(what, source=str(directory / name), todo=AGAIN) from error


def read_vocabulary(directory: Path, name: str, *, size: int) -> Vocabulary:
    """Read a vocabulary that must have `size` ids. Raises CheckpointError."""
    try:
        vocabulary = Vocabulary.from_json(_bytes(directory, name))
    except ValueError as error:
        raise CheckpointError(f"this is no vocabulary: {error}", source=str(directory / name), todo=AGAIN) from error
    if len(vocabulary) != size:
        raise CheckpointError(
            f"{len(vocabulary)} characters stand here",
            source=str(directory / name),
            expected=f"the {size} that the network knows",
            todo=AGAIN,
        )
    return vocabulary


def read_tensors(directory: Path, name: str) -> dict[str, NDArray[Any]]:
    """Read a safetensors file of a model's folder. Raises CheckpointError."""
    data = _bytes(directory, name)
    try:
        return safetensors.numpy.load(data)
    except (safetensors.SafetensorError, ValueError, KeyError) as error:
        raise CheckpointError(
            f"the file is broken or cut off ({len(data)} bytes): {error}", source=str(directory / name), todo=AGAIN
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
