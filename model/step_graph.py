"""One step of the network as a graph for ONNX Runtime: one native call a symbol, with weights of 8 bits.

A step reads every weight once, so what counts is how many bytes they are. Each output's row is rounded to 255 levels
of its own largest weight, and the layers' outputs, between -1 and 1, to 255 levels. Sums of whole numbers are exact:
how many texts are read at once changes nothing, nor does the machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from model.shape import NetworkConfig

Floats = NDArray[np.float32]
SYMBOLS, LOGITS, GATES, CELL = "symbols", "logits", "gates{}", "cell{}"
"""Inputs and outputs, those of a layer with its number; what a step gives for the next one is marked with `AFTER`."""
AFTER = "_after"
PROBED = 64
"""Rows and columns of the weights of `probe_graph`."""
_LEVELS = 127
_ZERO = 128
"""What stands for 0 where numbers are unsigned."""
_OPSET, _IR = 21, 10
_OWN_DOMAIN = "com.microsoft"
"""Of what ONNX Runtime has beyond ONNX."""


class _Graph:
    """Nodes and constants, as they are added."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, values: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, kind: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: Any) -> None:
        self.nodes.append(helper.make_node(kind, inputs, outputs, **attributes))


def probe_graph() -> bytes:
    """A product of an unsigned row and signed weights that is far beyond 16 bits wherever two terms are added.

    It has one input, "row", (rows, `PROBED`) of uint8, and one output, "sums", (rows, `PROBED`) of int32: with a row
    of 255, 255 · 127 · `PROBED` everywhere.
    """
    graph = _Graph()
    weights = graph.constant("weights", np.full((PROBED, PROBED), _LEVELS, np.int8))
    graph.add("MatMulInteger", ["row", weights], ["sums"])
    row = helper.make_tensor_value_info("row", TensorProto.UINT8, ["rows", PROBED])
    sums = helper.make_tensor_value_info("sums", TensorProto.INT32, ["rows", PROBED])
    return _serialized(graph, "probe", [row], [sums])


def step_graph(
    config: NetworkConfig, tensors: Mapping[str, Floats], styles: Sequence[Floats | None], *, signed: bool
) -> bytes:
    """The graph of a step of some rows, each a text in a style, as ONNX has it.

    The first layer's product with the embedding is a table with a row for each id in each style, made here once: id
    `i` in style `s` is number `s · vocabulary + i`. What an output adds to its own layer's gates at the next step is
    computed together with what is above it, so that the weights are one matrix a layer.

    Inputs are `SYMBOLS`, (rows,) of int64, and of each layer `GATES`, (rows, 4 · width), and `CELL`, (rows, width);
    outputs are `LOGITS`, (rows, vocabulary), and those with `AFTER`.

    Args:
        config: Of the network.
        tensors: Its weights, by the names of `NetworkConfig.tensors`.
        styles: A vector each, (embedding,), None for no style.
        signed: Whether weights are signed. With VNNI that takes half the time; processors that have none and add in
            16 bits clip such sums. Where they do not, it changes no bit.
    """
    width, size, graph = config.width, config.vocabulary_size, _Graph()
    table = _table(tensors, styles)
    # Small constants that all layers share.
    zero = graph.constant("zero", np.array(_ZERO, np.uint8))
    level = graph.constant("level", np.array(1 / _LEVELS, np.float32))
    parts = graph.constant("parts", np.array([width] * 4))
    graph.add("Gather", [graph.constant("table", table), SYMBOLS], ["below0"])
    for layer in range(config.layers):
        is_last = layer + 1 == config.layers
        above = "head.weight" if is_last else f"layers.{layer + 1}.weight_ih_l0"
        weights = np.concatenate([tensors[f"layers.{layer}.weight_hh_l0"], tensors[above]])
        _gates(graph, layer, parts)
        bias = tensors["head.bias"] if is_last else _bias(tensors, layer + 1)
        # The layer's own bias is in what is below it.
        biases = np.concatenate([np.zeros(4 * width, np.float32), bias])
        _product(graph, layer, weights, biases, (zero, level), signed=signed)
        sizes = graph.constant(f"sizes{layer}", np.array([4 * width, len(weights) - 4 * width]))
        above = LOGITS if is_last else f"below{layer + 1}"
        graph.add("Split", [f"sums{layer}", sizes], [GATES.format(layer) + AFTER, above], axis=1)

    def floats(name: str, columns: int) -> Any:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["rows", columns])

    inputs = [helper.make_tensor_value_info(SYMBOLS, TensorProto.INT64, ["rows"])]
    outputs = [floats(LOGITS, size)]
    for layer in range(config.layers):
        for name, columns in ((GATES.format(layer), 4 * width), (CELL.format(layer), width)):
            inputs.append(floats(name, columns))
            outputs.append(floats(name + AFTER, columns))
    return _serialized(graph, "step", inputs, outputs)


def _serialized(graph: _Graph, name: str, inputs: Sequence[Any], outputs: Sequence[Any]) -> bytes:
    made = helper.make_graph(graph.nodes, name, inputs, outputs, graph.constants)
    model = helper.make_model(
        made, opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_OWN_DOMAIN, 1)], ir_version=_IR
    )
    found: bytes = model.SerializeToString()
    return found


def _bias(tensors: Mapping[str, Floats], layer: int) -> Floats:
    return tensors[f"layers.{layer}.bias_ih_l0"] + tensors[f"layers.{layer}.bias_hh_l0"]


def _table(tensors: Mapping[str, Floats], styles: Sequence[Floats | None]) -> Floats:
    """What each id adds to the first layer's gates in each style, (styles · vocabulary, 4 · width)."""
    embedding, weights = tensors["embedding.weight"], tensors["layers.0.weight_ih_l0"]
    embeddings = [embedding if style is None else embedding + style for style in styles]
    return np.concatenate([known @ weights.T for known in embeddings]) + _bias(tensors, 0)


def _gates(graph: _Graph, layer: int, parts: str) -> None:
    """From `below` and the layer's memory to its new cell, and to `output`. Gates are in the order of `nn.LSTM`."""
    gates = [f"{name}{layer}" for name in ("input", "forget", "candidate", "switch")]
    graph.add("Add", [f"below{layer}", GATES.format(layer)], [f"all{layer}"])
    graph.add("Split", [f"all{layer}", parts], [f"raw_{gate}" for gate in gates], axis=1)
    for gate in gates:
        graph.add("Tanh" if gate.startswith("candidate") else "Sigmoid", [f"raw_{gate}"], [gate])
    input_, forget, candidate, switch = gates
    cell = CELL.format(layer)
    graph.add("Mul", [input_, candidate], [f"new{layer}"])
    graph.add("Mul", [forget, cell], [f"kept{layer}"])
    graph.add("Add", [f"new{layer}", f"kept{layer}"], [cell + AFTER])
    graph.add("Tanh", [cell + AFTER], [f"squashed{layer}"])
    graph.add("Mul", [f"squashed{layer}", switch], [f"output{layer}"])


def _product(
    graph: _Graph, layer: int, weights: Floats, biases: Floats, rounding: tuple[str, str], *, signed: bool
) -> None:
    """From `output` to `sums`: its product with `weights`, (outputs, width), both rounded, and `biases`, (outputs,)."""
    zero, level = rounding
    scales = np.abs(weights).max(1) / _LEVELS
    # A row of nothing but 0 has no largest weight.
    scales[scales == 0.0] = 1.0
    rounded = weights / scales[:, None]
    rounded += _ZERO
    np.rint(rounded, rounded)
    rounded = (rounded - _ZERO).astype(np.int8) if signed else rounded.astype(np.uint8)
    zeros = [zero, ""] if signed else [zero, zero]
    graph.add("QuantizeLinear", [f"output{layer}", level, zero], [f"rounded{layer}"])
    known = graph.constant(f"weights{layer}", rounded.T)
    one = graph.constant(f"one{layer}", np.array(1.0, np.float32))
    scale = graph.constant(f"scales{layer}", (scales / _LEVELS).astype(np.float32))
    bias = graph.constant(f"biases{layer}", biases)
    graph.add(
        "MatMulIntegerToFloat",
        [f"rounded{layer}", known, one, scale, *zeros, bias],
        [f"sums{layer}"],
        domain=_OWN_DOMAIN,
    )
