"""The network's mathematics one symbol at a time, or one of each of several texts.

Torch's calls cost more than a step's work, and its import more than a scene's first line. Held to
`CharRNN.forward` by a test on random inputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from model.layered import Floats, Memory, Room, layers_of, step
from model.products import GROUP, PANEL
from model.shape import NetworkConfig


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
        self.layers = layers_of(config, tensors, styles)
        self._room = self.room_for(1)

    def room_for(self, texts: int) -> Room:
        """What a step of so many texts needs besides."""
        rows, width, vocabulary = texts * self.styles, self._config.width, self._config.vocabulary_size
        # What is not there stands for 0, and has no weight.
        outputs = np.zeros((rows, width + -width % GROUP), np.uint8)
        most = max(4 * width, vocabulary)
        sums = np.empty((rows, most + -most % PANEL), np.int32)
        return Room(outputs, sums, np.empty((rows, 4 * width), np.float32))

    def unread(self, texts: int = 1) -> Memory:
        """The memory of having read nothing in so many texts, after which nothing is likelier than other ids."""
        rows, config = texts * self.styles, self._config
        sizes = 4 * config.layers * config.width, config.layers * config.width, config.vocabulary_size
        return Memory(*(np.zeros((rows, size), np.float32) for size in sizes))

    def read(self, symbols: Sequence[int], memory: Memory) -> None:
        """Read one id in each of as many texts, from the first on; their memory is changed.

        How many others there are changes no bit of that.
        """
        ids = np.asarray(symbols, np.int64)
        if len(ids) * self.styles > len(self._room.outputs):
            self._room = self.room_for(len(ids))
        step(np.arange(len(ids)), ids, len(ids), self.styles, self.layers, self._room, memory)
