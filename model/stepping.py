"""The network's mathematics one symbol at a time, in NumPy.

Torch's calls cost more than a step's work, and its import more than a scene's first line. Held to
`CharRNN.forward` by a test on random inputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from itertools import cycle
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy import add, dot, multiply, tanh
from numpy.typing import NDArray

from model.shape import NetworkConfig

Floats = NDArray[np.float32]
_BLOCK_BYTES = 3 << 18
"""Of weights that are multiplied in one call: less than a core's own cache holds, and much beside a call's cost."""
_ROWS = 64
"""Blocks have a multiple of so many rows: then a row's sum is rounded as in a product with all of them."""


class Memory(NamedTuple):
    """What a layer remembers of one text. Never written to."""

    gates: Floats
    """What its last output adds to its gates at the next step, (4 · width,)."""
    cell: Floats
    """(width,)"""


Memories: TypeAlias = tuple[Sequence[Memory], ...]
"""Of one text: of each layer, in each style."""


class _Layer:
    """One layer, and all that reads its output: its own gates at the next step, and what is above it.

    Those are too many weights to stay near a core from one step to the next. They are read forwards and backwards by
    turns: what was read last is what is still near. Several texts share a reading.
    """

    def __init__(self, own: Floats, bias: Floats, above: Floats) -> None:
        """Lay out weights: `own`, (4 · width, width), for its gates, `above`, (rows, width), for what is above it."""
        width = own.shape[1]
        self.bias = bias
        """What the gates have without any input, (4 · width,)."""
        self._weights = np.concatenate([own, above])
        self._gates = _Gates(np.empty(4 * width, np.float32))
        self._lay_out(1)

    def _lay_out(self, texts: int) -> None:
        """Make room for what so many texts give, and say in which order they are multiplied with what."""
        weights, gates = self._weights, len(self.bias)
        found = [np.empty(len(weights), np.float32) for _ in range(texts)]
        self._own, self._above = [part[:gates] for part in found], [part[gates:] for part in found]
        blocks = max(1, round(weights.nbytes / _BLOCK_BYTES))
        size = -(-len(weights) // (blocks * _ROWS)) * _ROWS
        rows = [slice(start, start + size) for start in range(0, len(weights), size)]
        # Each text by itself: in a product of matrices, rounding would depend on how many there are.
        products = [(weights[part], text, found[text][part]) for part in rows for text in range(texts)]
        self._orders: Iterator[Sequence[tuple[Floats, int, Floats]]] = cycle((products, products[::-1]))

    def step(self, inputs: Sequence[Floats], memories: Sequence[Memory]) -> tuple[Sequence[Floats], list[Memory]]:
        """Go on with what is below it adding to the gates, (4 · width,) for each text.

        Gives what `above` makes of its output, (rows,), which the next step overwrites; and its memory.
        """
        if len(inputs) != len(self._own):
            self._lay_out(len(inputs))
        outputs, cells = [], []
        for added, memory in zip(inputs, memories, strict=True):
            output, cell = self._gates.step(added, memory)
            outputs.append(output)
            cells.append(cell)
        for weights, text, found in next(self._orders):
            dot(weights, outputs[text], found)
        return self._above, [Memory(own + self.bias, cell) for own, cell in zip(self._own, cells, strict=True)]


class _Gates:
    """Where a layer's gates are computed, for one text after the other."""

    __slots__ = ("_parts",)

    def __init__(self, values: Floats) -> None:
        """`values`, (4 · width,), are input, forget and output gates, and the candidate."""
        self._parts = (values, values[: len(values) // 4 * 3], *np.split(values, 4))

    def step(self, added: Floats, memory: Memory) -> tuple[Floats, Floats]:
        """Output and cell, (width,) each, after one step."""
        values, switches, inputs, forgets, outputs, candidate = self._parts
        add(memory.gates, added, values)
        tanh(values, values)
        add(switches, 1.0, switches)
        multiply(switches, 0.5, switches)
        multiply(candidate, inputs, candidate)
        cell = multiply(forgets, memory.cell)
        add(cell, candidate, cell)
        output = tanh(cell)
        return multiply(output, outputs, output), cell


class Stepper:
    """A network's weights, laid out for one step at a time of a text, or of many at once.

    The first layer's product with the embedding is a table with a row for each id, made once. A
    step reads every other weight once, 4 · layers · width · width and more, however many texts there are.
    """

    def __init__(
        self, config: NetworkConfig, tensors: Mapping[str, Floats], styles: Sequence[Floats | None] = (None,)
    ) -> None:
        """Lay out the weights of a network that reads each text in some styles, (embedding,), None for no style.

        `tensors` are named as `NetworkConfig.tensors` names them.
        """
        width = config.width
        inputs, forgets, candidates, outputs = np.arange(4 * width).reshape(4, width)
        rows = np.concatenate([inputs, forgets, outputs, candidates])
        # The logistic function is a hyperbolic tangent of the half: with halved weights, one call does for all gates.
        scale = np.repeat(np.array([0.5, 0.5, 0.5, 1.0], np.float32), width)

        def laid_out(name: str, layer: int) -> Floats:
            return (tensors[f"layers.{layer}.{name}_l0"].T[..., rows] * scale).T

        layers = range(config.layers)
        biases = [laid_out("bias_ih", layer) + laid_out("bias_hh", layer) for layer in layers]
        embedding = tensors["embedding.weight"]
        embeddings = [embedding if style is None else embedding + style for style in styles]
        self._tables = [known @ laid_out("weight_ih", 0).T + biases[0] for known in embeddings]
        # Rows of the tables have it.
        biases[0] = np.zeros_like(biases[0])
        above = [*(laid_out("weight_ih", layer) for layer in layers[1:]), tensors["head.weight"]]
        self._layers = [_Layer(laid_out("weight_hh", layer), biases[layer], above[layer]) for layer in layers]
        self._head_bias = tensors["head.bias"]

    def unread(self) -> Memories:
        """The memory of having read nothing."""
        return tuple(
            [Memory(layer.bias, np.zeros(len(layer.bias) // 4, np.float32))] * len(self._tables)
            for layer in self._layers
        )

    def step(self, symbols: Sequence[int], memories: Sequence[Memories]) -> list[tuple[list[Floats], Memories]]:
        """Read one id in each of some texts, given the memory of each.

        Gives for each logits, (vocabulary,), for its next id in each style, and its memory. How many others there are
        changes no bit of that.
        """
        values: Sequence[Floats] = [table[symbol] for symbol in symbols for table in self._tables]
        after = []
        for number, layer in enumerate(self._layers):
            values, memory = layer.step(values, [each for text in memories for each in text[number]])
            after.append(memory)
        logits = [value + self._head_bias for value in values]
        styles = len(self._tables)
        parts = [slice(start, start + styles) for start in range(0, len(logits), styles)]
        return [(logits[part], tuple([memory[part] for memory in after])) for part in parts]


class Walk:
    """One text being read, symbol by symbol, in a style or in none; remembers where it is.

    With a style the network reads twice, in it and without, and the difference counts `strength` times: alone it is
    small beside what the text itself says. Source: Ho and Salimans 2022, arXiv:2207.12598; for language, Sanchez et
    al. 2023, arXiv:2306.17806.
    """

    def __init__(
        self, config: NetworkConfig, tensors: Mapping[str, Floats], style: Floats | None = None, strength: float = 1.0
    ) -> None:
        """Begin with nothing read; `style` and `tensors` as for `Stepper`."""
        styles = (None,) if style is None else (None, style)
        self._strength = np.float32(strength)
        self._stepper = Stepper(config, tensors, styles)
        self._memories = self._stepper.unread()
        self._logits: Floats | None = None
        self._symbol: int | None = None
        """What the network has yet to read."""
        self._waiting: list[Walk] = []
        """All texts that the weights are next read for, this one's among them or not."""

    def beside(self) -> Walk:
        """Another text that has read the same so far. Where both wait to be read, the weights are read once."""
        if self._symbol is not None:
            self._go_on()
        return copy(self)

    def read(self, symbol: int) -> None:
        """Go on with one id. The network reads it when somebody needs to know what it makes of it."""
        if self._symbol is not None:
            self._go_on()
        self._symbol = symbol
        self._waiting.append(self)

    def logits(self) -> Floats:
        """For the id after the last, (vocabulary,)."""
        if self._symbol is not None:
            self._go_on()
        assert self._logits is not None, "nothing has been read"
        return self._logits

    def _go_on(self) -> None:
        """Let the network read what waits, in this text and in those beside it."""
        walks = self._waiting[:]
        self._waiting.clear()
        symbols = [walk._symbol for walk in walks if walk._symbol is not None]
        found = self._stepper.step(symbols, [walk._memories for walk in walks])
        for walk, (logits, memories) in zip(walks, found, strict=True):
            walk._symbol, walk._memories, walk._logits = None, memories, logits[0]
            if len(logits) > 1:
                walk._logits = logits[0] + self._strength * (logits[1] - logits[0])
