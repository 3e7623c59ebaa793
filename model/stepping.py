"""The network's mathematics one symbol at a time, or one of each of several texts.

Torch's calls cost more than a step's work, and its import more than a scene's first line. Held to
`CharRNN.forward` by a test on random inputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from model.shape import NetworkConfig
from model.step_graph import AFTER, CELL, GATES, LOGITS, PROBED, SYMBOLS, probe_graph, step_graph

Floats = NDArray[np.float32]
_ERRORS = 3
"""Of what ONNX Runtime says aloud, only that."""
onnxruntime.set_default_logger_severity(_ERRORS)


def _session(graph: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # A step is too small to share, and threads that wait for work take the cores of others.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


@cache
def _adds_exactly() -> bool:
    """Whether products of unsigned and signed numbers are added as they are here, for one row and for several."""
    session, expected = _session(probe_graph()), 255 * 127 * PROBED
    rows = (np.full((number, PROBED), 255, np.uint8) for number in (1, 16))
    return all(bool((session.run(None, {"row": each})[0] == expected).all()) for each in rows)


class Memory(NamedTuple):
    """What the layers remember of one text: its rows of what a step of several texts gave. Never written to."""

    values: tuple[Floats, ...]
    """Of each layer, what its last output adds to its gates at the next step, (texts · styles, 4 · width), and its
    cell, (texts · styles, width)."""
    text: int
    """Which of the texts."""


class Stepper:
    """A network, laid out for one step at a time of a text, or of many at once.

    Weights have 8 bits (`model.step_graph`), which costs .1 % of the bits per letter. A step reads each once,
    4 · layers · width · width bytes and more, however many texts there are.
    """

    def __init__(
        self, config: NetworkConfig, tensors: Mapping[str, Floats], styles: Sequence[Floats | None] = (None,)
    ) -> None:
        """Lay out the weights of a network that reads each text in some styles, (embedding,), None for no style.

        `tensors` are named as `NetworkConfig.tensors` names them.
        """
        self._config, self._styles = config, len(styles)
        self._session = _session(step_graph(config, tensors, styles, signed=_adds_exactly()))
        self._inputs = [name.format(layer) for layer in range(config.layers) for name in (GATES, CELL)]
        self._outputs = [LOGITS, *(name + AFTER for name in self._inputs)]
        offsets = config.vocabulary_size * np.arange(len(styles))
        self._rows = np.add.outer(np.arange(config.vocabulary_size), offsets)
        """Of each id, its numbers in the graph's table, (vocabulary, styles)."""

    def unread(self) -> Memory:
        """The memory of having read nothing."""
        rows, width = self._styles, self._config.width
        nothing = np.zeros((rows, 4 * width), np.float32), np.zeros((rows, width), np.float32)
        return Memory(nothing * self._config.layers, 0)

    def step(self, symbols: Sequence[int], memories: Sequence[Memory]) -> tuple[Floats, list[Memory]]:
        """Read one id in each of some texts, given the memory of each.

        Gives logits, (texts, styles, vocabulary), for the next id of each in each style, and the memory of each. How
        many others there are changes no bit of that. Texts that stay side by side are the fastest.
        """
        logits, values = self.step_all(symbols, self._side_by_side(memories))
        return logits, [Memory(values, text) for text in range(len(symbols))]

    def step_all(
        self, symbols: Sequence[int] | NDArray[np.int64], values: Sequence[Floats]
    ) -> tuple[Floats, tuple[Floats, ...]]:
        """The same with what the layers remember of all of them, as `Memory` has it, before and after."""
        rows = self._rows[symbols].reshape(-1)
        logits, *found = self._session.run(
            self._outputs, {SYMBOLS: rows, **dict(zip(self._inputs, values, strict=True))}
        )
        return logits.reshape(len(symbols), self._styles, -1), tuple(found)

    def _side_by_side(self, memories: Sequence[Memory]) -> Sequence[Floats]:
        """What the layers remember of these texts."""
        values, styles = memories[0].values, self._styles
        if len(values[0]) == len(memories) * styles and all(
            memory.values is values and memory.text == text for text, memory in enumerate(memories)
        ):
            return values
        parts = [[each[text * styles : (text + 1) * styles] for each in values] for values, text in memories]
        return [np.concatenate(each) for each in zip(*parts, strict=True)]
