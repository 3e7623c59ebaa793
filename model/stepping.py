"""The network's mathematics one symbol at a time, in NumPy.

Torch's calls cost more than a step's work, and its import more than a scene's first line. Held to
`CharRNN.forward` by a test on random inputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle

import numpy as np
from numpy.typing import NDArray

from model.shape import NetworkConfig

Floats = NDArray[np.float32]
_BLOCK_BYTES = 1 << 20
"""Of weights that are multiplied in one call: half of what a core's own cache holds, and much beside a call's cost."""
_ROWS = 64
"""Blocks have a multiple of so many rows: then a row's sum is rounded as in a product with all of them."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What the network remembers of one text: output and cell of each layer, (width,) each. Never written to."""

    output: tuple[Floats, ...]
    cell: tuple[Floats, ...]

    @classmethod
    def empty(cls, config: NetworkConfig) -> Memory:
        """Of having read nothing."""
        zeros = (np.zeros(config.width, np.float32),) * config.layers
        return cls(zeros, zeros)


class _Product:
    """Weights, (rows, columns), times some vectors; too many to stay near a core until the next time.

    They are read forwards and backwards by turns: what was read last is what is still near. Vectors share a reading.
    """

    def __init__(self, weights: Floats, vectors: int) -> None:
        rows, columns = weights.shape
        self.found = tuple(np.empty(rows, np.float32) for _ in range(vectors))
        """Of each of the last vectors, (rows,); the next ones overwrite it."""
        size = max(1, _BLOCK_BYTES // (columns * weights.itemsize * _ROWS)) * _ROWS
        parts = [slice(start, start + size) for start in range(0, rows, size)]
        # Each vector by itself: in a product of matrices, rounding would depend on how many there are.
        blocks = [
            (np.ascontiguousarray(weights[part]), number, found[part])
            for part in parts
            for number, found in enumerate(self.found)
        ]
        self._orders: Iterator[Sequence[tuple[Floats, int, Floats]]] = cycle((blocks, blocks[::-1]))

    def of(self, vectors: Sequence[Floats]) -> tuple[Floats, ...]:
        """Give `found` for vectors of (columns,)."""
        for block, number, found in next(self._orders):
            np.dot(block, vectors[number], out=found)
        return self.found


class _Gates:
    """What a layer's gates say about one text, and views of its parts; nothing in it outlives a step."""

    def __init__(self, values: Floats) -> None:
        self.all = values
        """Input, forget and output gates and the candidate, (4 · width,)."""
        self.input, self.forget, self.output, self.candidate = np.split(values, 4)
        self.switches = values[: -len(self.input)]

    def cell(self, before: Floats) -> tuple[Floats, Floats]:
        """Output and cell, (width,) each, from the cell before."""
        np.tanh(self.all, out=self.all)
        np.add(self.switches, 1.0, out=self.switches)
        np.multiply(self.switches, 0.5, out=self.switches)
        np.multiply(self.candidate, self.input, out=self.candidate)
        cell = self.forget * before
        cell += self.candidate
        output = np.tanh(cell)
        output *= self.output
        return output, cell


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
        self._products: list[_Product] = []
        self._biases: list[Floats] = []
        for index in range(config.layers):
            layer = f"layers.{index}."
            bias = tensors[layer + "bias_ih_l0"] + tensors[layer + "bias_hh_l0"]
            from_below, from_before = tensors[layer + "weight_ih_l0"], tensors[layer + "weight_hh_l0"]
            if index == 0:
                embedding = tensors["embedding.weight"]
                embeddings = [embedding if style is None else embedding + style for style in styles]
                self._tables = [
                    known @ (from_below[rows] * scale[:, None]).T + bias[rows] * scale for known in embeddings
                ]
                weights = from_before
            else:
                weights = np.concatenate([from_below, from_before], axis=1)
                self._biases.append(bias[rows] * scale)
            self._products.append(_Product(weights[rows] * scale[:, None], len(styles)))
        self._gates = [tuple(_Gates(values) for values in product.found) for product in self._products]
        self._head, self._head_bias = _Product(tensors["head.weight"], len(styles)), tensors["head.bias"]

    def step(self, symbol: int, memories: Sequence[Memory]) -> tuple[tuple[Floats, ...], tuple[Memory, ...]]:
        """Read one id; give logits, (vocabulary,), for the next one, and the memory after it, in each style."""
        outputs: list[list[Floats]] = []
        cells: list[list[Floats]] = []
        for layer, (product, styled) in enumerate(zip(self._products, self._gates, strict=True)):
            before = [memory.output[layer] for memory in memories]
            if layer == 0:
                product.of(before)
                added = [table[symbol] for table in self._tables]
            else:
                product.of([np.concatenate(pair) for pair in zip(outputs[-1], before, strict=True)])
                added = [self._biases[layer - 1]] * len(memories)
            outputs.append([])
            cells.append([])
            for gates, more, memory in zip(styled, added, memories, strict=True):
                np.add(gates.all, more, out=gates.all)
                output, cell = gates.cell(memory.cell[layer])
                outputs[-1].append(output)
                cells[-1].append(cell)
        logits = tuple(found + self._head_bias for found in self._head.of(outputs[-1]))
        return logits, tuple(map(Memory, zip(*outputs, strict=True), zip(*cells, strict=True)))


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
        self._memories = (Memory.empty(config),) * len(styles)

    def step(self, symbol: int) -> Floats:
        """Read one id; give logits, (vocabulary,), for the next one."""
        logits, self._memories = self._stepper.step(symbol, self._memories)
        if len(logits) == 1:
            return logits[0]
        plain, styled = logits
        return plain + self._strength * (styled - plain)
