"""What each symbol of what was written costs a model, read by turns as it was written, with weights of 8 bits.

Needs no torch, whose import takes longer than a scene; `model.evaluation` measures with all bits, and streams of any
length. The two differ by .2 % (`EXPERIMENTS.md`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.checkpoint import Checkpoint
from model.layered import Floats as Singles
from model.layered import Memory
from model.pointing import mixed_nats
from model.recall import Voices
from model.recollection import READING, Recollection
from model.stage import Stage, last_scenes, parts
from model.stepping import Stepper
from screenplay.stream import END

Floats = NDArray[np.float64]
CHOICE_OF_UNKNOWN_NATS = math.log(0x110000)
"""What it costs to say which character an unknown one is: one of all that Unicode has room for."""
_ABREAST = 32
_CHUNK = 256
"""Symbols of each text whose chances are computed at once."""


class Reader:
    """A model that reads streams after a context, which it reads once."""

    def __init__(self, checkpoint: Checkpoint, context: str = "", style: Singles | None = None) -> None:
        """Read the context, whose last part is over.

        Args:
            checkpoint: The model.
            context: Elements of a stream, of which the network reads the last scenes.
            style: A vector, (embedding,), as `generation.style_of` gives it; None: without.
        """
        self._vocabulary, self._pointer = checkpoint.vocabulary, checkpoint.sources.pointer
        self._stepper = Stepper(checkpoint.config.network, checkpoint.weights, (style,))
        recall = checkpoint.sources.recall
        self._recollection = Recollection(recall, Voices.among(self._vocabulary)) if recall is not None else None
        self._memory = self._stepper.unread()
        for symbol in self._vocabulary.encode(END + last_scenes(context)).tolist():
            self._stepper.read([symbol], self._memory)
        self._stage = Stage()
        for _, token, text in parts(context):
            self._stage = self._stage.after(token, text)
        if self._recollection is not None:
            for symbol in self._vocabulary.encode(context).tolist():
                self._recollection.read(symbol)

    def nats(self, streams: Sequence[str]) -> list[Floats]:
        """What each symbol of each stream costs, in nats, after the context and all that came before it.

        Streams are read side by side, longest first, so the cost grows with the symbols, not with the longest stream.
        """
        found = [np.zeros(0)] * len(streams)
        order = sorted(range(len(streams)), key=lambda number: -len(streams[number]))
        for first in range(0, len(order), _ABREAST):
            group = order[first : first + _ABREAST]
            for number, (nats, endings) in zip(group, self._costs([streams[n] for n in group]), strict=True):
                found[number] = nats
                if self._pointer is not None:
                    found[number] = mixed_nats(
                        streams[number], nats, endings, self._pointer, self._vocabulary, self._stage
                    )
        return found

    def _costs(self, streams: Sequence[str]) -> list[tuple[Floats, Floats]]:
        """What each symbol costs without the pointer, and that a token stands in its place; longest streams first."""
        texts = [self._vocabulary.encode(stream).astype(np.int64) for stream in streams]
        drafts = [self._recollection.beside() for _ in texts] if self._recollection is not None else []
        memory = Memory(*(np.repeat(part, len(texts), 0) for part in self._memory))
        tables: list[list[Floats]] = [[np.zeros((2, 0))] for _ in texts]
        for start in range(0, len(texts[0]), _CHUNK):
            pieces = [text[start : start + _CHUNK] for text in texts if len(text) > start]
            scores = [np.empty((len(piece), len(self._vocabulary))) for piece in pieces]
            for time in range(len(pieces[0])):
                running = [piece for piece in pieces if len(piece) > time]
                for number, piece in enumerate(running):
                    scores[number][time] = memory.logits[number]
                    if drafts:
                        scores[number][time] *= READING.network
                        scores[number][time] += drafts[number].hint()
                        drafts[number].read(int(piece[time]))
                self._stepper.read([int(piece[time]) for piece in running], memory)
            for table, piece, score in zip(tables, pieces, scores, strict=False):
                table.append(self._table(score, piece))
        whole = [np.concatenate(table, axis=1) for table in tables]
        return [(both[0], both[1]) for both in whole]

    def _table(self, scores: Floats, ids: NDArray[np.int64]) -> Floats:
        """Nats of symbols, and of any token in their places, (2, symbols), from (symbols, vocabulary) of scores."""
        top = scores.max(1, keepdims=True)
        weights = np.exp(scores - top)
        total = np.log(weights.sum(1)) + top[:, 0]
        nats = total - scores[np.arange(len(ids)), ids]
        nats[ids == self._vocabulary.unknown_id] += CHOICE_OF_UNKNOWN_NATS
        with np.errstate(divide="ignore"):
            # A vocabulary of nothing but text has no ending, which then costs without bound.
            endings = total - np.log(weights[:, self._vocabulary.is_token].sum(1)) - top[:, 0]
        return np.stack([nats, endings])
