"""Score every line for every state by learned weights, and find the best legal sequence.

Source: linear-chain conditional random field (Lafferty, McCallum and Pereira 2001), decoded by Viterbi's algorithm.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from screenplay.readers import layout_templates as templates
from screenplay.readers.layout_features import Facts, in_brackets
from screenplay.readers.layout_furniture import unlike_furniture
from screenplay.readers.layout_lines import Ints
from screenplay.readers.layout_states import (
    CHARACTER,
    CUE_AND_SPEECH,
    DIALOGUE,
    FURNITURE,
    FURNITURE_IN_SPEECH,
    HEADING,
    LEGAL,
    PARENTHETICAL,
    STATES,
    TITLE_PAGE,
    TRANSITION,
)
from screenplay.readers.layout_words import BRACKET, COLON, HEADING_SHAPE, SURE_HEADING, TO, in_shapes

Floats = npt.NDArray[np.float32]

WEIGHTS = "layout_weights.json"
LEVELS = 63
"""Weights are kept as whole numbers up to this one."""
FORBIDDEN = -1e4
"""Score of an illegal step; larger than all evidence together."""
DOUBT = 10.0
"""Taken from the score of what a line does not look like at all."""
_MOST = 0.6
_FEW_WORDS = 10
"""A heading in small letters is no longer than this."""
TITLE_LINES = 60
"""How far a title page may reach in a text without headings, in filled lines."""
TITLE_NUMBER = 500
"""How far a title page may reach in any text, blank lines counted."""
STRETCH_LINES = 120
SHARED_LINES = 20
"""How far neighbouring stretches reach into each other, on either side."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The learned numbers of one pass."""

    rows: dict[str, Floats]
    """Feature name to (size, states)."""
    steps: Floats
    """(step kinds, states, states): score of going from one state to the next; illegal ones are FORBIDDEN."""


def pack(values: npt.NDArray[np.float32]) -> dict[str, object]:
    """Write weights as text in a tenth of the space of decimals: a small number each, deflated, and their scale."""
    scale = round(float(np.abs(values).max() / LEVELS), 8) or 1.0
    deflated = zlib.compress(np.round(values / scale).astype(np.int8).tobytes(), 9)
    return {"shape": list(values.shape), "scale": scale, "values": base64.b85encode(deflated).decode()}


def unpack(packed: dict[str, object]) -> Floats:
    """Undo `pack`, up to half a step of the scale."""
    shape, scale, values = packed["shape"], packed["scale"], packed["values"]
    assert isinstance(shape, list)
    assert isinstance(scale, float | int)
    assert isinstance(values, str)
    flat = np.frombuffer(zlib.decompress(base64.b85decode(values)), np.int8).astype(np.float32)
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


def emissions(columns: Iterable[tuple[str, int, Ints]], weights: Weights, lines: int) -> Floats:
    """Sum the weights of each line's features: (lines, states)."""
    total = np.zeros((lines, len(STATES)), np.float32)
    for name, _, values in columns:
        total += weights.rows[name].take(values, axis=0)
    return total


def best_path(scores: Floats, kinds: Ints, steps: Floats) -> Ints:
    """Find the sequence of states with the highest sum; linear in the number of lines.

    A long text is cut into stretches that are searched side by side, for the best path forgets its beginning within
    a few lines. Where two neighbours don't meet in the lines that they share, the whole is searched in one piece.

    Args:
        scores: (lines, states).
        kinds: (lines,) which table of `steps` leads from the line before to this one.
        steps: (step kinds, states, states).
    """
    n = len(scores)
    if not n:
        return np.zeros(0, np.int32)
    count = n // STRETCH_LINES
    if count < 2:
        return _whole(scores, kinds, steps)
    length = -(-n // count) + 2 * SHARED_LINES
    begins = np.clip(np.arange(count) * n // count - SHARED_LINES, 0, n - length)
    whole = begins[:, None] + np.arange(length)
    paths = _search(scores[whole], kinds[whole], steps)
    out = np.zeros(n, np.int32)
    for index in range(count):
        begin, path = int(begins[index]), paths[index]
        at = begin
        if index:
            shared = int(begins[index - 1]) + length - begin
            same = np.flatnonzero(out[begin : begin + shared] == path[:shared])
            middle = same[np.argmin(np.abs(same - shared // 2))] if len(same) else -1
            if middle < 0:
                return _whole(scores, kinds, steps)
            at = begin + int(middle)
        out[at : begin + length] = path[at - begin :]
    return out


def _whole(scores: Floats, kinds: Ints, steps: Floats) -> Ints:
    paths = _search(scores[None], kinds[None], steps)
    return paths.reshape(-1)


def _search(scores: Floats, kinds: Ints, steps: Floats) -> Ints:
    """Viterbi's algorithm for several texts of one length: (texts, lines, states) to (texts, lines)."""
    texts, n, states = scores.shape
    back = np.zeros((n, texts, states), np.int8)
    total = scores[:, 0]
    into = np.ascontiguousarray(steps.transpose(0, 2, 1))
    for index in range(1, n):
        options = into[kinds[:, index]] + total[:, None, :]
        back[index] = options.argmax(axis=2)
        total = options.max(axis=2) + scores[:, index]
    path = np.zeros((texts, n), np.int32)
    state = total.argmax(axis=1)
    rows = np.arange(texts)
    for index in range(n - 1, -1, -1):
        path[:, index] = state
        state = back[index, rows, state]
    return path


def decode(facts: Facts) -> Ints:
    """Guess the state of every line: from its looks, then again knowing what its column and name were taken for."""
    if not len(facts.lines):
        return np.zeros(0, np.int32)
    bias = _bias(facts)
    states: Ints | None = None
    for weights in load():
        scores = emissions(templates.columns(facts, states), weights, len(bias)) + bias
        if states is not None:
            scores[_spoken_brackets(facts, states), PARENTHETICAL] -= DOUBT
            scores[:, CUE_AND_SPEECH] += DOUBT * np.minimum(_spoken_elsewhere(facts, states), 2)
        states = best_path(scores, templates.step_kinds(facts, states), weights.steps)
    assert states is not None
    return states


def _spoken_brackets(facts: Facts, states: Ints) -> npt.NDArray[np.bool_]:
    """Which lines open with a bracket in the column of the speeches, where directions have another one."""
    indent = facts.lines.indent
    directions = indent[(states == PARENTHETICAL) & (facts.columns["first"][1] == BRACKET)]
    spoken = indent[states == DIALOGUE]
    if not len(directions) or not len(spoken):
        return np.zeros(len(states), np.bool_)
    column, speech = int(np.bincount(directions).argmax()), int(np.bincount(spoken).argmax())
    if column == speech or np.mean(directions == column) < _MOST:
        return np.zeros(len(states), np.bool_)
    found: npt.NDArray[np.bool_] = (indent == speech) & (facts.columns["first"][1] == BRACKET) & ~in_brackets(facts)
    return found


def _spoken_elsewhere(facts: Facts, states: Ints) -> Ints:
    """How many other lines open for certain, before their speech, with the name that each line opens with."""
    if np.sum(states == CUE_AND_SPEECH) < max(1, int(np.sum(states == CHARACTER))):
        return np.zeros(len(states), np.int32)
    names = Counter(facts.speaker[index] for index in np.flatnonzero(states == CUE_AND_SPEECH).tolist())
    count = np.fromiter((names[name] if name else 0 for name in facts.speaker), np.int32, len(states))
    others: Ints = np.maximum(count - (states == CUE_AND_SPEECH), 0).astype(np.int32)
    return others


def _bias(facts: Facts) -> Floats:
    """What holds for any script: certain lines, a title page that comes first, no word dropped lightly."""
    lines = facts.lines
    bias = np.zeros((len(lines), len(STATES)), np.float32)
    unlike = unlike_furniture(facts)
    for state in (FURNITURE, FURNITURE_IN_SPEECH):
        bias[unlike, state] = -2 * DOUBT
    started = np.flatnonzero(facts.shape == HEADING_SHAPE)
    bias[int(started[0]) if len(started) else TITLE_LINES :, TITLE_PAGE] = FORBIDDEN
    bias[lines.number > TITLE_NUMBER, TITLE_PAGE] = FORBIDDEN
    sure = in_shapes(facts.shape, ("heading",)) & ((lines.lower == 0) | ((facts.gap > 0) & (lines.words < _FEW_WORDS)))
    for index in np.flatnonzero(sure).tolist():
        if SURE_HEADING.match(lines.view[index]):
            bias[index, HEADING] += DOUBT / 2
            bias[index, [DIALOGUE, PARENTHETICAL, CHARACTER]] -= DOUBT
    # Lines in capitals at the margin pass for transitions, but these have words of their own, or a colon.
    bias[
        ~in_shapes(facts.shape, ("transition", "transition end")) & (facts.columns["last"][1] != COLON), TRANSITION
    ] -= DOUBT / 2
    bracketed = in_brackets(facts) | in_shapes(facts.shape, ("transition end",))
    bias[bracketed, CHARACTER] -= DOUBT
    rest = in_shapes(facts.shape, ("transition end",)) & (facts.gap == 0)
    rest[1:] &= in_shapes(facts.shape, ("transition", "transition end"))[:-1]
    for index in np.flatnonzero(rest[1:]).tolist():
        if TO.match(lines.view[index + 1]):
            bias[index : index + 2, TRANSITION] += 2 * DOUBT
    # A speech should follow a cue, and nothing follows the last line.
    bias[-1, CHARACTER] -= DOUBT / 2
    known = lines.given >= 0
    bias[known] += np.float32(FORBIDDEN)
    bias[known, lines.given[known]] = 0
    return bias
