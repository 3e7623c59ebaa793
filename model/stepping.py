"""The network's mathematics one symbol at a time, in NumPy.

Torch's calls cost more than a step's work, and its import more than a scene's first line. Held to
`CharRNN.forward` by a test on random inputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from typing import NamedTuple

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


class _Layer:
    """One layer, and all that reads its output: its own gates at the next step, and what is above it.

    Those are too many weights to stay near a core from one step to the next. They are read forwards and backwards by
    turns: what was read last is what is still near. Several texts share a reading.
    """

    def __init__(self, own: Floats, bias: Floats, above: Floats, texts: int) -> None:
        """Lay out weights: `own`, (4 · width, width), for its gates, `above`, (rows, width), for what is above it."""
        width = own.shape[1]
        self.bias = bias
        """What the gates have without any input, (4 · width,)."""
        weights = np.concatenate([own, above])
        found = [np.empty(len(weights), np.float32) for _ in range(texts)]
        self._own, self._above = [part[: 4 * width] for part in found], [part[4 * width :] for part in found]
        self._gates = [_Gates(np.empty(4 * width, np.float32)) for _ in range(texts)]
        blocks = max(1, round(weights.nbytes / _BLOCK_BYTES))
        size = -(-len(weights) // (blocks * _ROWS)) * _ROWS
        rows = [slice(start, start + size) for start in range(0, len(weights), size)]
        # Each text by itself: in a product of matrices, rounding would depend on how many there are.
        products = [(weights[part], text, found[text][part]) for part in rows for text in range(texts)]
        self._orders: Iterator[Sequence[tuple[Floats, int, Floats]]] = cycle((products, products[::-1]))

    def step(self, inputs: Sequence[Floats], memories: Sequence[Memory]) -> tuple[Sequence[Floats], tuple[Memory, ...]]:
        """Go on with what is below it adding to the gates, (4 · width,) for each text.

        Gives what `above` makes of its output, (rows,), which the next step overwrites; and its memory.
        """
        outputs, cells = [], []
        for gates, added, memory in zip(self._gates, inputs, memories, strict=True):
            output, cell = gates.step(added, memory)
            outputs.append(output)
            cells.append(cell)
        for weights, text, found in next(self._orders):
            dot(weights, outputs[text], found)
        return self._above, tuple([Memory(own + self.bias, cell) for own, cell in zip(self._own, cells, strict=True)])


class _Gates:
    """Where a layer's gates for one text are computed; nothing in it outlives a step."""

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
    """A network's weights, laid out for one step at a time of a text, or of some texts at once.

    The first layer's product with the embedding is a table with a row for each id, made once. A
    step reads every other weight once: 4 · layers · width · width and more.
    """

    def __init__(
        self, config: NetworkConfig, tensors: Mapping[str, Floats], styles: Sequence[Floats | None] = (None,)
    ) -> None:
        """Lay out the weights of a network that reads a text in each of some styles, (embedding,), None for no style.

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
        self._layers = [
            _Layer(laid_out("weight_hh", layer), biases[layer], above[layer], len(styles)) for layer in layers
        ]
        self._head_bias = tensors["head.bias"]

    def unread(self) -> tuple[tuple[Memory, ...], ...]:
        """The memory, of each layer and style, of having read nothing."""
        return tuple(
            (Memory(layer.bias, np.zeros(len(layer.bias) // 4, np.float32)),) * len(self._tables)
            for layer in self._layers
        )

    def step(
        self, symbol: int, memories: Sequence[tuple[Memory, ...]]
    ) -> tuple[list[Floats], tuple[tuple[Memory, ...], ...]]:
        """Read one id; give logits, (vocabulary,), for the next one in each style, and the memory after it."""
        values: Sequence[Floats] = [table[symbol] for table in self._tables]
        after = []
        for layer, before in zip(self._layers, memories, strict=True):
            values, memory = layer.step(values, before)
            after.append(memory)
        return [value + self._head_bias for value in values], tuple(after)


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

    def step(self, symbol: int) -> Floats:
        """Read one id; give logits, (vocabulary,), for the next one."""
        logits, self._memories = self._stepper.step(symbol, self._memories)
        if len(logits) == 1:
            return logits[0]
        plain, styled = logits
        return plain + self._strength * (styled - plain)
