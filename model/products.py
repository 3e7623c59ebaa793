"""Products of rows of bytes with a matrix of bytes, in whole numbers: the same on any processor, and in any company.

A processor with VNNI adds four products at once. One without adds two in 16 bits, clips what is more, and takes as long
to widen them: so four are added before, and four weights whose products are may not be more than `MOST` together.
Source: Rodriguez et al. 2018, Lower Numerical Precision Deep Learning Inference and Training (Intel).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from model.compiling import compiled

MOST = 128
"""What weights are together at most, without signs, whose products are added in 16 bits: 255 · 128 is below 2¹⁵."""
GROUP, PANEL = 8, 16
"""Terms that are added at once; outputs whose weights stand together."""
_FOUR, _LANES = 4, 8
"""Bytes that make a number of 32 bits, and such numbers in a vector."""
_BYTE, _SHORT, _INT, _LONG = (ir.IntType(bits) for bits in (8, 16, 32, 64))
_BYTES, _SHORTS, _INTS = (
    ir.VectorType(each, 4 * _LANES * 8 // each.width) for each in (_BYTE, _SHORT, _INT)
)  # fmt: skip


class Matrix(NamedTuple):
    """Weights that are rounded, as `product` reads them, of outputs that are made up to a multiple of `PANEL`."""

    panels: NDArray[np.int8]
    """(panels, inputs · `PANEL`), of inputs that are made up to a multiple of `GROUP`."""
    levels: NDArray[np.float32]
    """What a level is worth, (outputs,): as little as lets the heaviest weights be `MOST`."""
    totals: NDArray[np.int32]
    """Of all levels of an output, (outputs,)."""

    @classmethod
    def of(cls, weights: NDArray[np.float32]) -> Matrix:
        """Of (outputs, inputs)."""
        outputs, inputs = (size + -size % step for size, step in zip(weights.shape, (PANEL, GROUP), strict=True))
        panels = np.zeros((outputs // PANEL, inputs * PANEL), np.int8)
        found = cls(panels, np.zeros(outputs, np.float32), np.zeros(outputs, np.int32))
        _round(weights, *found)
        return found


@compiled
def _round(
    weights: NDArray[np.float32], panels: NDArray[np.int8], levels: NDArray[np.float32], totals: NDArray[np.int32]
) -> None:
    """Write a matrix to panels of nothing but 0."""
    outputs, inputs = weights.shape
    for output in range(outputs):
        own, heaviest = weights[output], np.float32(0.0)
        for first in range(0, inputs, GROUP):
            together = np.zeros(2, np.float32)
            for place in range(first, min(first + GROUP, inputs)):
                together[(place - first) // 2 % 2] += abs(own[place])
            heaviest = max(heaviest, together[0], together[1])
        # Rounding may add half a level to each of four. A row of nothing but 0 has no heaviest.
        level = heaviest / np.float32(MOST - 2) if heaviest > 0.0 else np.float32(1.0)
        panel, start, total = panels[output // PANEL], output % PANEL * _FOUR, 0
        for place in range(inputs):
            value = int(np.rint(own[place] / level))
            panel[place // _FOUR * (PANEL * _FOUR) + start + place % _FOUR] = value
            total += value
        levels[output], totals[output] = level, total


def _added(context: Any, builder: Any, sums: Any, inputs: Sequence[Any], weights: Sequence[Any]) -> Any:
    """Eight sums and `GROUP` products more of each; all that is particular to a kind of processor."""
    features = context.codegen().magic_tuple()[2].split(",")
    both = [*zip(inputs, weights, strict=True)]
    if "+avxvnni" in features or {"+avx512vnni", "+avx512vl"} <= set(features):
        dot = _instruction(builder, "llvm.x86.avx512.vpdpbusd.256", _INTS, _INTS, _INTS, _INTS)
        for four, known in both:
            sums = builder.call(dot, [sums, builder.bitcast(four, _INTS), builder.bitcast(known, _INTS)])
        return sums
    if "+avx2" in features:
        pairs = _instruction(builder, "llvm.x86.avx2.pmadd.ub.sw", _SHORTS, _BYTES, _BYTES)
        wider = _instruction(builder, "llvm.x86.avx2.pmadd.wd", _INTS, _SHORTS, _SHORTS)
        shorts = functools.reduce(builder.add, [builder.call(pairs, each) for each in both])
        return builder.add(sums, builder.call(wider, [shorts, ir.Constant(_SHORTS, [1] * _SHORTS.count)]))
    wide = ir.VectorType(_SHORT, _BYTES.count)
    for four, known in both:
        products = builder.mul(builder.zext(four, wide), builder.sext(known, wide))
        for term in range(_FOUR):
            places = ir.Constant(_INTS, [_FOUR * lane + term for lane in range(_LANES)])
            one = builder.shuffle_vector(products, ir.Constant(wide, ir.Undefined), places)
            sums = builder.add(sums, builder.sext(one, _INTS))
    return sums


def _instruction(builder: Any, name: str, result: Any, *operands: Any) -> Any:
    """One of a processor's, by the name that LLVM has for it."""
    return cgutils.get_or_insert_function(builder.module, ir.FunctionType(result, operands), name)


def _spread(builder: Any, four: Any) -> Any:
    """Four bytes, eight times."""
    nothing = ir.Constant(_INTS, ir.Undefined)
    one = builder.insert_element(nothing, four, _INT(0))
    return builder.bitcast(builder.shuffle_vector(one, nothing, ir.Constant(_INTS, [0] * _LANES)), _BYTES)


def _tile(rows: int) -> Callable[..., None]:
    """Compiles to the products of so many rows with a panel, all sums of which stay in registers."""

    @intrinsic
    def tile(_: Any, inputs: Any, weights: Any, sums: Any, row: Any, panel: Any, column: Any) -> Any:
        signature = types.void(inputs, weights, sums, types.int64, types.int64, types.int64)

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            def array(number: int) -> tuple[Any, Any]:
                """Its first byte, and how many columns it has."""
                found = context.make_array(signature.args[number])(context, builder, arguments[number])
                return builder.bitcast(found.data, _BYTE.as_pointer()), builder.extract_value(found.shape, 1)

            def at(base: Any, place: Any, kind: Any) -> Any:
                return builder.bitcast(builder.gep(base, [place]), kind.as_pointer())

            def load(base: Any, place: int, kind: Any) -> Any:
                return builder.load(at(base, _LONG(place), kind), align=1)

            (inputs, width), (weights, panel_size), (sums, outputs) = map(array, range(3))
            row, panel, column = arguments[3:]
            weights = builder.gep(weights, [builder.mul(panel, panel_size)])
            firsts = [builder.mul(builder.add(row, _LONG(number)), width) for number in range(rows)]
            vectors, fours = range(PANEL // _LANES), range(GROUP // _FOUR)
            found = [[cgutils.alloca_once(builder, _INTS) for _ in vectors] for _ in range(rows)]
            for each in (one for row in found for one in row):
                builder.store(ir.Constant(_INTS, [0] * _LANES), each)
            with cgutils.for_range(builder, builder.udiv(width, _LONG(GROUP)), intp=_LONG) as loop:
                place = builder.mul(loop.index, _LONG(GROUP))
                here = builder.gep(weights, [builder.mul(place, _LONG(PANEL))])
                known = [
                    [load(here, _FOUR * (PANEL * four + _LANES * vector), _BYTES) for four in fours]
                    for vector in vectors
                ]
                for first, own in zip(firsts, found, strict=True):
                    there = builder.gep(inputs, [builder.add(first, place)])
                    values = [_spread(builder, load(there, _FOUR * four, _INT)) for four in fours]
                    for one, each in zip(known, own, strict=True):
                        builder.store(_added(context, builder, builder.load(each), values, one), each)
            for number, own in enumerate(found):
                first = builder.mul(builder.add(row, _LONG(number)), outputs)
                first = builder.add(first, column)
                for vector, each in zip(vectors, own, strict=True):
                    place = builder.mul(builder.add(first, _LONG(_LANES * vector)), _LONG(_INT.width // _BYTE.width))
                    builder.store(builder.load(each), at(sums, place, _INTS), align=4)
            return context.get_dummy_value()

        return signature, generate

    found: Callable[..., None] = tile
    return found


_one_row, _two_rows, _three_rows, _four_rows = map(_tile, (1, 2, 3, 4))


@compiled
def product(
    inputs: NDArray[np.uint8], rows: int, weights: NDArray[np.int8], first: int, end: int, sums: NDArray[np.int32]
) -> None:
    """Multiply rows with some panels of a matrix. Each is read once for four rows, and for what is left of them.

    Args:
        inputs: (rows and more, inputs), a multiple of `GROUP` of them.
        rows: How many count.
        weights: Panels of a `Matrix`.
        first: Which panel comes first.
        end: The one after the last.
        sums: Written to from the first column on, `PANEL` of them for each panel, (rows and more, outputs).
    """
    for panel in range(first, end):
        row, column = 0, PANEL * (panel - first)
        while row + 4 <= rows:
            _four_rows(inputs, weights, sums, row, panel, column)
            row += 4
        left = rows - row
        if left == 3:
            _three_rows(inputs, weights, sums, row, panel, column)
        elif left == 2:
            _two_rows(inputs, weights, sums, row, panel, column)
        elif left == 1:
            _one_row(inputs, weights, sums, row, panel, column)
