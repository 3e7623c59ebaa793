"""What a model keeps of its sources, in files of its folder."""

from __future__ import annotations

import json
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from model.copying import CopyIndex
from model.errors import CheckpointError
from model.finding import Small, tally
from model.folder import AGAIN, COPIES, HABITS, LEXICON, TEXTS, read_json, read_tensors
from model.lengths import SceneShape
from model.lexicon import Lexicon
from model.pointer import PointerWeights
from model.recall import NOTHING_SORTED, Recall, SortedTexts, Voices
from model.sources import Sources
from model.storage import exists
from model.vocabulary import Vocabulary

_HASHES = "hashes"
_RESTS = "rests"
_IDS, _STARTS, _NUMBERS, _FOLLOWING = "ids", "starts", "numbers", "following"


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


def sources_files(sources: Sources, vocabulary: Vocabulary, *, folder: str = "") -> dict[str, bytes]:
    """What stands in `COPIES`, `LEXICON`, `HABITS` and `TEXTS`, by name inside the model's folder."""
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
    texts_sorted = recall.sorted_texts(Voices.among(vocabulary)) if recall is not None else NOTHING_SORTED
    texts = {
        _IDS: recall.ids if recall is not None else np.zeros(0, np.uint8),
        _STARTS: np.asarray(recall.starts if recall is not None else (), np.int32),
        _NUMBERS: np.asarray(recall.numbers if recall is not None else (), np.int32),
        _FOLLOWING: texts_sorted.following,
        _RESTS: texts_sorted.rests,
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
        raise CheckpointError("this is no index of sources", source=str(directory / name), todo=AGAIN)
    # A model of before has none: no sentence's end is near.
    rests = tensors.get(_RESTS, np.full(hashes.shape, np.iinfo(np.uint8).max, np.uint8))
    if rests.dtype != np.uint8 or rests.shape != hashes.shape:
        raise CheckpointError("this is no index of sources", source=str(directory / name), todo=AGAIN)
    return CopyIndex(hashes.view(np.uint32), rests)


def _counts(values: Small) -> list[int]:
    """How often there is 0, 1, 2 …, up to the largest."""
    found: list[int] = np.trim_zeros(tally(values, 0, len(values), np.iinfo(values.dtype).max + 1), "b").tolist()
    return found


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
        raise CheckpointError("these are no texts", source=str(directory / name), todo=AGAIN)
    if not len(ids):
        return None
    if starts[0] != 0 or (np.diff([*starts.tolist(), len(ids)]) <= 0).any() or ids.min() < 0:
        raise CheckpointError("these texts are out of order", source=str(directory / name), todo=AGAIN)
    if following is None:
        return Recall(ids, starts.tolist(), numbers.tolist())
    # In the index, what is speech is told from what is not.
    ends, *voiced = _counts(following) or [0]
    counts = [sum(pair) for pair in zip_longest(voiced[::2], voiced[1::2], fillvalue=0)]
    if ends != len(starts) or counts != _counts(ids):
        raise CheckpointError("this is no index of these texts", source=str(directory / name), todo=AGAIN)
    # A model of before has no rests, and goes by all sentences.
    rests = tensors.get(_RESTS, np.zeros(len(following), np.uint8))
    if rests.dtype != np.uint8 or rests.shape != following.shape:
        raise CheckpointError("this is no index of these texts", source=str(directory / name), todo=AGAIN)
    return Recall(ids, starts.tolist(), numbers.tolist(), SortedTexts(following, rests))
