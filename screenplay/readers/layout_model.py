"""Score every line for every state by learned weights, and find the best legal sequence.

Source: linear-chain conditional random field (Lafferty, McCallum and Pereira 2001), decoded by Viterbi's algorithm.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from screenplay.readers import layout_templates as templates
from screenplay.readers.layout_features import Columns, Facts
from screenplay.readers.layout_lines import Ints
from screenplay.readers.layout_states import LEGAL, STATES

Floats = npt.NDArray[np.float32]

WEIGHTS = "layout_weights.json"
FORBIDDEN = -1e4
"""Score of an illegal step; larger than all evidence together."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The learned numbers of one pass."""

    rows: dict[str, Floats]
    """Feature name to (size, states)."""
    steps: Floats
    """(step kinds, states, states): score of going from one state to the next; illegal ones are FORBIDDEN."""


def pack(values: npt.NDArray[np.float32]) -> dict[str, object]:
    """Write weights as text in a tenth of the space of decimals: one byte each, deflated, and their scale."""
    scale = round(float(np.abs(values).max() / 127), 8) or 1.0
    deflated = zlib.compress(np.round(values / scale).astype(np.int8).tobytes(), 9)
    return {"shape": list(values.shape), "scale": scale, "values": base64.b64encode(deflated).decode()}


def unpack(packed: dict[str, object]) -> Floats:
    """Undo `pack`, up to half a step of the scale."""
    shape, scale, values = packed["shape"], packed["scale"], packed["values"]
    assert isinstance(shape, list)
    assert isinstance(scale, float | int)
    assert isinstance(values, str)
    flat = np.frombuffer(zlib.decompress(base64.b64decode(values)), np.int8).astype(np.float32)
    return (flat * np.float32(scale)).reshape(shape)


@cache
def load() -> tuple[Weights, ...]:
    """Read the weights that ship with the package, once."""
    data = json.loads(resources.files("screenplay.readers").joinpath(WEIGHTS).read_text(encoding="utf-8"))
    assert data["states"] == list(STATES), "layout_weights.json was made for other states: train it again"
    passes = []
    for one in data["passes"]:
        steps = np.where(LEGAL[None], unpack(one["steps"]), np.float32(FORBIDDEN))
        rows = {name: unpack(packed) for name, packed in one["rows"].items()}
        passes.append(Weights(rows, steps.astype(np.float32)))
    return tuple(passes)


def emissions(columns: Columns, weights: Weights) -> Floats:
    """Sum the weights of each line's features: (lines, states)."""
    first = next(iter(columns.values()))[1]
    total = np.zeros((len(first), len(STATES)), np.float32)
    for name, (_, values) in columns.items():
        total += weights.rows[name][values]
    return total


def best_path(scores: Floats, kinds: Ints, steps: Floats) -> Ints:
    """Find the sequence of states with the highest sum; linear in the number of lines.

    Args:
        scores: (lines, states).
        kinds: (lines,) which table of `steps` leads from the line before to this one.
        steps: (step kinds, states, states).
    """
    n = len(scores)
    if not n:
        return np.zeros(0, np.int32)
    back = np.zeros((n, len(STATES)), np.int8)
    total = scores[0]
    into = np.ascontiguousarray(steps.transpose(0, 2, 1))
    rows = np.arange(len(STATES))
    for index, kind in enumerate(kinds.tolist()):
        if not index:
            continue
        options = into[kind] + total
        came = options.argmax(axis=1)
        back[index] = came
        total = options[rows, came] + scores[index]
    path = np.zeros(n, np.int32)
    state = int(total.argmax())
    for index, came_from in zip(range(n - 1, -1, -1), back[::-1].tolist(), strict=True):
        path[index] = state
        state = came_from[state]
    return path


def decode(facts: Facts) -> Ints:
    """Guess the state of every line: from its looks, then again knowing what its column and name were taken for."""
    if not len(facts.lines):
        return np.zeros(0, np.int32)
    states: Ints | None = None
    for weights in load():
        scores = emissions(templates.columns(facts, states), weights)
        known = facts.lines.given >= 0
        scores[known] += np.float32(FORBIDDEN)
        scores[known, facts.lines.given[known]] -= np.float32(FORBIDDEN)
        states = best_path(scores, templates.step_kinds(facts, states), weights.steps)
    assert states is not None
    return states
