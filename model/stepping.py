"""The network's mathematics one symbol at a time, or one of each of several texts.

Torch's calls cost more than a step's work, and its import more than a scene's first line. Held to
`CharRNN.forward` by a test on random inputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.layered import Floats, Room, layers_of, step
from model.products import GROUP, PANEL
from model.shape import NetworkConfig

Numbers = NDArray[np.int64]


class Memory(NamedTuple):
    """What the layers remember of texts side by side, each in all styles, and what comes next. Reading changes it."""

    gates: Floats
    """What the layers' last outputs add to their own gates, (texts · styles, layers · 4 · width)."""
    cells: Floats
    """(texts · styles, layers · width)."""
    logits: Floats
    """For the next id, (texts · styles, vocabulary)."""

    def copy(self) -> Memory:
        """Another that reading this one leaves alone."""
        return Memory(*(part.copy() for part in self))


class Stepper:
    """A network, laid out for one step at a time of a text, or of many at once.

    Weights have 8 bits (`model.layered`), which costs .1 % of the bits per letter. A step reads each once for four
    rows, 4 · layers · width · width bytes and more.
    """

    def __init__(
        self, config: NetworkConfig, tensors: Mapping[str, Floats], styles: Sequence[Floats | None] = (None,)
    ) -> None:
        """Lay out the weights of a network that reads each text in some styles, (embedding,), None for no style.

        `tensors` are named as `NetworkConfig.tensors` names them.
        """
        self._config = config
        self.styles = len(styles)
        self._layers = layers_of(config, tensors, styles)
        offsets = config.vocabulary_size * np.arange(self.styles)
        self._reads = np.add.outer(np.arange(config.vocabulary_size), offsets)
        """Of each id, its rows in the table of `Layers`, (vocabulary, styles)."""
        self._make_room(self.styles)

    def _make_room(self, rows: int) -> None:
        """For what a step of so many rows needs besides."""
        width, vocabulary = self._config.width, self._config.vocabulary_size
        # What is not there stands for 0, and has no weight.
        outputs = np.zeros((rows, width + -width % GROUP), np.uint8)
        most = max(4 * width, vocabulary)
        sums = np.empty((rows, most + -most % PANEL), np.int32)
        self._room = Room(outputs, sums, np.empty((rows, 4 * width), np.float32))

    def unread(self, texts: int = 1) -> Memory:
        """The memory of having read nothing in so many texts, after which nothing is likelier than other ids."""
        rows, config = texts * self.styles, self._config
        sizes = 4 * config.layers * config.width, config.layers * config.width, config.vocabulary_size
        return Memory(*(np.zeros((rows, size), np.float32) for size in sizes))

    def read(self, symbols: Sequence[int] | Numbers, memory: Memory, texts: Numbers | None = None) -> None:
        """Read one id in each of these texts, or else of the first; their memory is changed.

        How many others there are changes no bit of that.
        """
        reads = self._reads[np.asarray(symbols)].reshape(-1)
        if texts is None:
            rows = np.arange(len(reads))
        else:
            rows = np.add.outer(texts * self.styles, np.arange(self.styles)).reshape(-1)
        if len(rows) > len(self._room.outputs):
            self._make_room(len(rows))
        step(rows, reads, *self._layers, *self._room, *memory)
