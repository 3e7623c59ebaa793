"""The network's mathematics one symbol at a time, in NumPy.

Torch's calls cost more than a step's work, and its import more than a scene's first line. Held to
`CharRNN.forward` by a test on random inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.shape import NetworkConfig

Floats = NDArray[np.float32]


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


class Stepper:
    """A network's weights, laid out for one step at a time.

    The first layer's product with the embedding is a table with a row for each id, made once. A
    step reads every other weight once: 4 · layers · width · width and more.
    """

    def __init__(self, config: NetworkConfig, tensors: Mapping[str, Floats], style: Floats | None = None) -> None:
        """Lay out the weights of a network that writes in one style, (embedding,), or in none.

        `tensors` are named as `NetworkConfig.tensors` names them.
        """
        width = self._width = config.width
        weights: list[Floats] = []
        biases: list[Floats] = []
        for index in range(config.layers):
            layer = f"layers.{index}."
            bias = tensors[layer + "bias_ih_l0"] + tensors[layer + "bias_hh_l0"]
            from_below, from_before = tensors[layer + "weight_ih_l0"], tensors[layer + "weight_hh_l0"]
            if index == 0:
                embedding = tensors["embedding.weight"]
                embedding = embedding if style is None else embedding + style
                self._table = np.ascontiguousarray(embedding @ from_below.T + bias)
                weights.append(np.ascontiguousarray(from_before))
                biases.append(np.zeros(4 * width, np.float32))
            else:
                weights.append(np.concatenate([from_below, from_before], axis=1))
                biases.append(bias)
        self._head, self._head_bias = np.ascontiguousarray(tensors["head.weight"]), tensors["head.bias"]
        self._weights, self._biases = weights, biases

    def step(self, symbol: int, memory: Memory) -> tuple[Floats, Memory]:
        """Read one id; give logits, (vocabulary,), for the next one, and the memory after it."""
        outputs: list[Floats] = []
        cells: list[Floats] = []
        values = self._table[symbol]
        for index, weight in enumerate(self._weights):
            before = memory.output[index]
            if index == 0:
                gates = weight @ before
                gates += values
            else:
                gates = weight @ np.concatenate((outputs[-1], before))
                gates += self._biases[index]
            output, cell = self._cell(gates, memory.cell[index])
            outputs.append(output)
            cells.append(cell)
        logits = self._head @ outputs[-1]
        logits += self._head_bias
        return logits, Memory(tuple(outputs), tuple(cells))

    def _cell(self, gates: Floats, before: Floats) -> tuple[Floats, Floats]:
        """Input, forget, candidate and output gates, in torch's order."""
        width = self._width
        candidate = np.tanh(gates[2 * width : 3 * width])
        # The logistic function as a hyperbolic tangent: one call for all gates, and it never overflows.
        gates *= 0.5
        np.tanh(gates, out=gates)
        gates += 1.0
        gates *= 0.5
        cell = gates[width : 2 * width] * before
        candidate *= gates[:width]
        cell += candidate
        output = np.tanh(cell)
        output *= gates[3 * width :]
        return output, cell


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
        self._strength = np.float32(strength)
        self._steppers = [Stepper(config, tensors)]
        if style is not None:
            self._steppers.append(Stepper(config, tensors, style))
        self._memories = [Memory.empty(config)] * len(self._steppers)

    def step(self, symbol: int) -> Floats:
        """Read one id; give logits, (vocabulary,), for the next one."""
        found = []
        for index, stepper in enumerate(self._steppers):
            logits, self._memories[index] = stepper.step(symbol, self._memories[index])
            found.append(logits)
        if len(found) == 1:
            return found[0]
        plain, styled = found
        return plain + self._strength * (styled - plain)
