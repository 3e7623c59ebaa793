"""Products in whole numbers, and what the layers make of them."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from model.layered import _tanh
from model.products import GROUP, MOST, PANEL, Matrix, product


def packed(weights: NDArray[np.int8]) -> NDArray[np.int8]:
    """Panels of these very levels, (outputs, inputs)."""
    outputs, inputs = (size + -size % step for size, step in zip(weights.shape, (PANEL, GROUP), strict=True))
    whole = np.zeros((outputs, inputs), np.int8)
    whole[: weights.shape[0], : weights.shape[1]] = weights
    panels = whole.reshape(outputs // PANEL, PANEL, inputs // 4, 4).transpose(0, 2, 1, 3)
    return np.ascontiguousarray(panels).reshape(outputs // PANEL, inputs * PANEL)


def heaviest(weights: NDArray[np.number]) -> NDArray[np.float32]:
    """Of each output, what those four weights are together that have the most."""
    groups = np.abs(np.pad(weights.astype(np.float32), ((0, 0), (0, -weights.shape[1] % GROUP))))
    found: NDArray[np.float32] = groups.reshape(len(weights), -1, 2, 2, 2).sum((2, 4)).max((1, 2))
    return found


def product_of(rows: NDArray[np.uint8], weights: NDArray[np.int8]) -> NDArray[np.int32]:
    """All of a matrix's panels, which has a row for each output."""
    panels = packed(weights)
    sums = np.full((len(rows), len(panels) * PANEL), -1, np.int32)
    # Beyond the rows that count there may be others.
    inputs = np.concatenate([rows, np.full((1, rows.shape[1]), 7, np.uint8)])
    product(inputs, len(rows), panels, 0, len(panels), sums)
    assert not sums[:, len(weights) :].any()
    return sums[:, : len(weights)]


def expected(rows: NDArray[np.uint8], weights: NDArray[np.int8]) -> NDArray[np.int32]:
    found: NDArray[np.int32] = rows.astype(np.int32) @ weights.astype(np.int32).T
    return found


@given(st.integers(1, 11), st.integers(1, 40), st.integers(1, 9), st.integers(0, 1 << 32))
def test_products_are_exact(rows: int, outputs: int, groups: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    inputs = generator.integers(0, 256, (rows, GROUP * groups), np.uint8)
    weights = generator.integers(-32, 33, (outputs, GROUP * groups), np.int8)
    np.testing.assert_array_equal(product_of(inputs, weights), expected(inputs, weights))


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("four", [(127, 1, 0, 0), (0, 1, 127, 0), (64, 64, 0, 0), (32, 32, 32, 32), (0, 0, 1, 127)])
def test_the_heaviest_weights_are_not_clipped(four: tuple[int, int, int, int], sign: int) -> None:
    a, b, c, d = four
    group = sign * np.array([a, b, d, c, c, d, b, a], np.int8)
    inputs, weights = np.full((5, 64), 255, np.uint8), np.tile(group, (3, 8))
    assert (heaviest(weights) == MOST).all()
    np.testing.assert_array_equal(product_of(inputs, weights), expected(inputs, weights))


def test_some_panels_are_multiplied_with() -> None:
    generator = np.random.default_rng(3)
    inputs = generator.integers(0, 256, (6, 16), np.uint8)
    weights = generator.integers(-32, 33, (5 * PANEL, 16), np.int8)
    sums = np.full((6, 3 * PANEL), -1, np.int32)
    product(inputs, 6, packed(weights), 2, 4, sums)
    np.testing.assert_array_equal(sums[:, : 2 * PANEL], expected(inputs, weights[2 * PANEL : 4 * PANEL]))
    assert (sums[:, 2 * PANEL :] == -1).all()


def test_a_processor_without_such_instructions_gives_the_same() -> None:
    """What is compiled for the least of them is run in a process of its own."""
    code = (
        "import numpy as np; from test_products import expected, product_of; "
        "from numba.core.registry import cpu_target; "
        "assert '+avx2' not in cpu_target.target_context.codegen().magic_tuple()[2]; "
        "g = np.random.default_rng(1); x = g.integers(0, 256, (7, 24), np.uint8); "
        "w = g.integers(-32, 33, (21, 24), np.int8); "
        "np.testing.assert_array_equal(product_of(x, w), expected(x, w))"
    )
    least = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}
    here = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, **least, "PYTHONPATH": here})


@given(st.integers(1, 20), st.integers(1, 9), st.integers(0, 1 << 32))
def test_rounded_weights_are_not_too_heavy(outputs: int, width: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    weights = (generator.standard_normal((outputs, width)) ** 3).astype(np.float32)
    empty = generator.integers(outputs)
    weights[empty] = 0.0
    found = Matrix.of(weights)
    groups = found.panels.reshape(len(found.panels), -1, PANEL, 4).transpose(0, 2, 1, 3)
    levels = groups.reshape(len(found.panels) * PANEL, -1).astype(np.int64)
    assert heaviest(levels).max() <= MOST
    assert (heaviest(levels)[np.delete(np.arange(outputs), empty)] >= MOST - 4).all()
    worth = levels * found.levels[:, None]
    assert (np.abs(worth[:outputs, :width] - weights).max(1) <= 0.5001 * found.levels[:outputs]).all()
    assert not levels[outputs:].any()
    assert not levels[:, width:].any()
    np.testing.assert_array_equal(found.totals, levels.sum(1))


@given(st.floats(-30, 30, width=32))
def test_tanh_is_close(number: float) -> None:
    assert _tanh(np.float32(number)) == pytest.approx(math.tanh(number), abs=6e-6)
