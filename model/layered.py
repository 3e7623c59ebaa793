"""A network's layers with weights of 8 bits, and a step of theirs for some texts in one compiled call.

A step reads every weight once, so what counts is how many bytes they are. Each output's row is rounded to some 200
levels (`model.products`), and the layers' outputs, between -1 and 1, to 255. Sums of whole numbers are exact: how many
texts are read at once changes nothing, nor does the machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.compiling import compiled
from model.products import PANEL, Matrix, product
from model.shape import NetworkConfig

Floats = NDArray[np.float32]
_LEVELS, _ZERO = 127, 128
"""Of an output on either side of 0; and what stands for 0."""
_FLAT = np.float32(6.1)
"""From there on `_tanh` is 1."""
_HALF = np.float32(0.5)


class Layers(NamedTuple):
    """Weights of all layers, as `step` reads them."""

    table: Floats
    """What each id adds to the first layer's gates in each style: id `i` in style `s` has row `s · vocabulary + i`."""
    weights: NDArray[np.int8]
    """Panels of what a layer's output adds to its own gates at the next step, and of what it does to what is above."""
    ends: NDArray[np.int64]
    """Where panels of the one or the other end, and the next begin, from 0 on."""
    scales: Floats
    """What a level of each sum is worth."""
    centres: NDArray[np.int32]
    """What each sum would be if all outputs were 0."""
    biases: Floats


class Room(NamedTuple):
    """What a step needs besides, for so many rows."""

    outputs: NDArray[np.uint8]
    """Of a layer, (rows, width), made up to a multiple of `GROUP`."""
    sums: NDArray[np.int32]
    """(rows, outputs), made up to a multiple of `PANEL`."""
    below: Floats
    """What is below a layer, (rows, 4 · width)."""


def layers_of(config: NetworkConfig, tensors: Mapping[str, Floats], styles: Sequence[Floats | None]) -> Layers:
    """A network that reads texts in some styles.

    Args:
        config: Of the network.
        tensors: Its weights, by the names of `NetworkConfig.tensors`.
        styles: A vector each, (embedding,), None for no style.
    """
    matrices, biases = [], []
    for layer in range(config.layers):
        is_last = layer + 1 == config.layers
        above = "head.weight" if is_last else f"layers.{layer + 1}.weight_ih_l0"
        matrices += [Matrix.of(tensors[name]) for name in (f"layers.{layer}.weight_hh_l0", above)]
        # A layer's own bias is in what is below it.
        own = np.zeros(4 * config.width, np.float32)
        biases += [own, tensors["head.bias"] if is_last else _bias(tensors, layer + 1)]
    panels, levels, totals = (np.concatenate(each) for each in zip(*matrices, strict=True))
    padded = [np.pad(bias, (0, len(each.levels) - len(bias))) for bias, each in zip(biases, matrices, strict=True)]
    ends = np.cumsum([0, *(len(each.panels) for each in matrices)])
    scales: Floats = (levels / _LEVELS).astype(np.float32)
    centres: NDArray[np.int32] = (totals * _ZERO).astype(np.int32)
    return Layers(_table(tensors, styles), panels, ends, scales, centres, np.concatenate(padded))


def _bias(tensors: Mapping[str, Floats], layer: int) -> Floats:
    return tensors[f"layers.{layer}.bias_ih_l0"] + tensors[f"layers.{layer}.bias_hh_l0"]


def _table(tensors: Mapping[str, Floats], styles: Sequence[Floats | None]) -> Floats:
    embedding, weights = tensors["embedding.weight"], tensors["layers.0.weight_ih_l0"]
    embeddings = [embedding if style is None else embedding + style for style in styles]
    return np.concatenate([known @ weights.T for known in embeddings]) + _bias(tensors, 0)


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


@compiled
def step(
    texts: NDArray[np.int64],
    symbols: NDArray[np.int64],
    number: int,
    styles: int,
    layers: Layers,
    room: Room,
    memory: Memory,
) -> None:
    """Read an id in each of some texts.

    Args:
        texts: Which, of all that there are, (number and more,).
        symbols: The id of each, (number and more,).
        number: How many.
        styles: In how many each is read, a row for each.
        layers: Weights.
        room: For so many rows.
        memory: Of all texts; changed.
    """
    outputs, sums, below = room.outputs, room.sums, room.below
    width, vocabulary = below.shape[1] // 4, memory.logits.shape[1]
    count, rows = memory.cells.shape[1] // width, number * styles
    for layer in range(count):
        for at in range(rows):
            row = texts[at // styles] * styles + at % styles
            beneath = layers.table[symbols[at // styles] + at % styles * vocabulary] if layer == 0 else below[at]
            _activate(width, layer, beneath, memory.gates[row], memory.cells[row], outputs[at])
        own_first, first, end = layers.ends[2 * layer : 2 * layer + 3]
        product(outputs, rows, layers.weights, own_first, first, sums)
        for at in range(rows):
            row = texts[at // styles] * styles + at % styles
            _scale(sums[at], own_first, layers, 4 * width, memory.gates[row], 4 * width * layer)
        product(outputs, rows, layers.weights, first, end, sums)
        for at in range(rows):
            row = texts[at // styles] * styles + at % styles
            if layer + 1 < count:
                _scale(sums[at], first, layers, 4 * width, below[at], 0)
            else:
                _scale(sums[at], first, layers, vocabulary, memory.logits[row], 0)


@compiled
def _scale(sums: NDArray[np.int32], panel: int, layers: Layers, size: int, found: Floats, start: int) -> None:
    """Write what some sums are worth, from a panel on, to a place and those after it."""
    scales, centres, biases = layers.scales, layers.centres, layers.biases
    for output in range(size):
        # Where an index can't be negative for its type, loops become vectors.
        own = np.uintp(PANEL * panel + output)
        level = np.float32(sums[output] - centres[own])
        found[np.uintp(start + output)] = level * scales[own] + biases[own]


@compiled
def _activate(width: int, layer: int, below: Floats, gates: Floats, cells: Floats, outputs: NDArray[np.uint8]) -> None:
    """From what is below a layer and its memory to its new cell, and to its outputs; gates as `nn.LSTM` has them."""
    base = 4 * width * layer
    for gate in range(4 * width):
        at = np.uintp(base + gate)
        gates[at] = below[gate] + gates[at]
    for gate in range(2 * width):
        at = np.uintp(base + gate)
        gates[at] = _HALF + _HALF * _tanh(_HALF * gates[at])
    for unit in range(width):
        at = np.uintp(base + 3 * width + unit)
        gates[at] = _HALF + _HALF * _tanh(_HALF * gates[at])
    for unit in range(width):
        at = np.uintp(base + 2 * width + unit)
        gates[at] = gates[np.uintp(base + unit)] * _tanh(gates[at])
    for unit in range(width):
        at = np.uintp(width * layer + unit)
        cells[at] = gates[np.uintp(base + width + unit)] * cells[at] + gates[np.uintp(base + 2 * width + unit)]
    for unit in range(width):
        level = _tanh(cells[np.uintp(width * layer + unit)]) * gates[np.uintp(base + 3 * width + unit)]
        # What is cut off is positive: so this rounds to the nearest.
        outputs[unit] = np.int32(level * np.float32(_LEVELS) + np.float32(_ZERO + 0.5))


@compiled
def _tanh(number: np.float32) -> np.float32:
    """To 5 millionths. Source: Lambert 1768, the fraction 1 / (1/x + 1 / (3/x + 1 / (5/x + …))), as far as 17/x."""
    near = number if number < _FLAT else _FLAT
    near = near if near > -_FLAT else -_FLAT
    square = near * near
    above = np.float32(990) + square
    above = np.float32(135_135) + square * above
    above = np.float32(4_729_725) + square * above
    above = np.float32(34_459_425) + square * above
    under = np.float32(13_860) + square * np.float32(45)
    under = np.float32(945_945) + square * under
    under = np.float32(16_216_200) + square * under
    under = np.float32(34_459_425) + square * under
    return near * above / under
