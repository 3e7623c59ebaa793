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

from model.layered import _rounded, _tanh
from model.products import GROUP, MOST, PANEL, heaviest, packed, product


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
    assert (heaviest(weights.astype(np.float32)) == MOST).all()
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
    weights[generator.integers(outputs)] = 0.0
    panels, scales, centres, biases = _rounded(weights, None)
    groups = panels.reshape(len(panels), -1, PANEL, 4).transpose(0, 2, 1, 3)
    levels = groups.reshape(len(panels) * PANEL, -1).astype(np.float32)
    assert heaviest(levels).max() <= MOST
    worth = levels[:outputs, :width] * scales[:outputs, None] * 127
    assert np.abs(worth - weights).max(1) == pytest.approx(0.0, abs=float(scales.max()) * 127 / 1.9)
    np.testing.assert_array_equal(centres, 128 * levels.sum(1))
    assert not biases.any()


@given(st.floats(-30, 30, width=32))
def test_tanh_is_close(number: float) -> None:
    assert _tanh(np.float32(number)) == pytest.approx(math.tanh(number), abs=6e-6)
