"""Where runs of symbols stand in known texts, and what follows them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.finding import LONGEST, Places, Small, counted_before, longer

Bounds = Places
"""First places and ends of runs of none, one, two … symbols, (2, `LONGEST` + 1): each stands within the one before."""
_LEAST_BLOCK = 256
_PACKED = 8
"""Symbols whose ids make one number of 64 bits together."""


class Runs:
    """Known texts, sorted by what stands before each symbol, the nearest first: the places of a run stand side by side.

    A run that grows by one symbol is found again by counting how often that symbol follows above its places: the
    FM-index of texts read backwards. Source: Ferragina and Manzini 2000. A step's time does not grow with the texts.
    Memory is 5 bytes a symbol at most, 6 with more than 254 kinds of symbols.
    """

    def __init__(self, following: Small, size: int) -> None:
        """Index what `sorted_by_context` gave, where ids are below `size`."""
        self.following = following
        self.block = max(_LEAST_BLOCK, 1 << (size - 1).bit_length())
        """Places after which all kinds of symbols are counted anew."""
        # As many places have no symbol before them as have none that follows.
        self.counts = counted_before(following, size, self.block)

    def anywhere(self) -> Bounds:
        """Of the run of no symbols; there is none but that."""
        bounds = np.zeros((2, LONGEST + 1), np.int32)
        bounds[1, 0] = len(self.following)
        return bounds

    def times(self, symbols: Sequence[int]) -> int:
        """How often a run of up to `LONGEST` symbols stands in the texts."""
        bounds, runs = self.anywhere(), 1
        for symbol in symbols:
            runs = longer(self.following, self.counts, self.block, bounds, runs, symbol)
        length = len(symbols)
        return int(bounds[1, length] - bounds[0, length]) if length < runs else 0


def sorted_by_context(ids: Small, starts: Sequence[int]) -> tuple[Small, NDArray[np.int64]]:
    """What follows each run of texts, (places,): 0 where a text ends, else an id plus one; and which of the ids it is.

    Where a text ends, it is none: as many as there are.

    Time grows with the texts' length as sorting does: two seconds for four million symbols; memory is about 60
    bytes for each.

    Args:
        ids: Of all their symbols, one text after the other, (symbols,).
        starts: Where each text begins.
    """
    if not starts:
        return np.zeros(0, np.uint8), np.zeros(0, np.int64)
    size = int(ids.max(initial=0)) + 1
    ends = [*starts[1:], len(ids)]
    # Before each text stands nothing, LONGEST times: no run reaches into another text.
    room = len(ids) + LONGEST * len(starts) + 1
    padded: Small = np.zeros(room, np.uint8) if size < 1 << 8 else np.zeros(room, np.uint16)
    places, origins = [], []
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        at = start + LONGEST * (number + 1)
        padded[at : at + end - start] = ids[start:end].astype(np.int64) + 1
        places.append(np.arange(at, at + end - start + 1))
        origins.append(np.append(np.arange(start, end), len(ids)))
    place = np.concatenate(places)
    bits = size.bit_length()
    per_key = min(_PACKED, 63 // bits)
    order = np.arange(len(place))
    for oldest in range(LONGEST, 0, -per_key):
        key = np.zeros(len(place), np.int64)
        for back in range(max(1, oldest - per_key + 1), oldest + 1):
            key <<= bits
            key |= padded[place - back].astype(np.int64)
        order = order[key[order].argsort(kind="stable")]
    return padded[place[order]], np.concatenate(origins)[order]
