"""The network's mathematics one symbol at a time, in NumPy: torch's calls cost more than a step's work.

Held to `CharRNN.forward` by a test on random inputs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from model.network import CharRNN, Hidden

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Memory:
    """What the network remembers of one text: output and cell of each layer, (width,) each. Never written to."""

    output: tuple[Floats, ...]
    cell: tuple[Floats, ...]

    @classmethod
    def of(cls, hidden: Hidden, row: int = 0) -> Memory:
        """One row of the network's own memory, copied."""
        output = hidden.output[:, row].float().cpu().numpy().copy()
        cell = hidden.cell[:, row].float().cpu().numpy().copy()
        return cls(tuple(output), tuple(cell))


class Stepper:
    """A network's weights, laid out for one step at a time.

    The first layer's product with the embedding is a table with a row for each id, made once. A
    step reads every other weight once: 4 · layers · width · width and more.
    """

    def __init__(self, network: CharRNN, style: torch.Tensor | None = None) -> None:
        """Lay out the weights of a network that writes in one style, (embedding,), or in none."""
        width = self._width = network.config.width
        weights: list[Floats] = []
        biases: list[Floats] = []
        with torch.no_grad():
            for index, layer in enumerate(network.layers):
                bias = (layer.get_parameter("bias_ih_l0") + layer.get_parameter("bias_hh_l0")).float()
                from_below = layer.get_parameter("weight_ih_l0").float()
                from_before = layer.get_parameter("weight_hh_l0").float()
                if index == 0:
                    embedding = network.embedding.weight.float()
                    embedding = embedding if style is None else embedding + style.float()
                    self._table = self._numpy(embedding @ from_below.T + bias)
                    weights.append(self._numpy(from_before))
                    biases.append(np.zeros(4 * width, np.float32))
                else:
                    weights.append(self._numpy(torch.cat([from_below, from_before], dim=1)))
                    biases.append(self._numpy(bias))
            self._head = self._numpy(network.head.weight.float())
            self._head_bias = self._numpy(network.head.bias.float())
        self._weights, self._biases = weights, biases

    @staticmethod
    def _numpy(tensor: torch.Tensor) -> Floats:
        return np.ascontiguousarray(tensor.detach().cpu().numpy())

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
