"""Puts letters that are written from right to left in the order in which a page shows them.

Source: Unicode Standard Annex 9, the rules for levels, without embeddings.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")
_STRONG = ("L", "R", "AL")
_NUMBERS = ("EN", "AN")
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def is_mixed(text: str) -> bool:
    """Whether a text has any letter that is written from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)


def levels(clusters: Sequence[str]) -> list[int]:
    """For each cluster 0 (left to right), 1 (right to left) or 2 (left to right within that)."""
    kinds = [unicodedata.bidirectional(cluster[0]) for cluster in clusters]
    base = next((kind for kind in kinds if kind in _STRONG), "L")
    base = "L" if base == "L" else "R"
    sides: list[str] = []
    """`L` or `R`, or nothing for what goes with its neighbours; a number goes with the letters before it."""
    strong = base
    for kind in kinds:
        strong = {"L": "L", "R": "R", "AL": "R"}.get(kind, strong)
        sides.append(strong if kind in (*_STRONG, *_NUMBERS) else "")
    after = _sides_after(sides, base)
    before = base
    found: list[int] = []
    for kind, side, following in zip(kinds, sides, after, strict=True):
        taken = side or (before if before == following else base)
        before = side or before
        numeral = kind in _NUMBERS and taken == "R"
        found.append(2 if numeral or (taken == "L" and base == "R") else int(taken == "R"))
    return found


def _sides_after(sides: Sequence[str], base: str) -> list[str]:
    found, after = [base] * len(sides), base
    for index in range(len(sides) - 1, -1, -1):
        after = sides[index] or after
        found[index] = after
    return found


def visual(items: Sequence[_T], level_of: Sequence[int]) -> list[_T]:
    """Items from left to right."""
    order = list(range(len(items)))
    for level in (2, 1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and level_of[order[end]] >= level:
                end += 1
            order[start:end] = order[start:end][::-1]
            start = max(end, start + 1)
    return [items[index] for index in order]


def mirrored(cluster: str) -> str:
    """A bracket as it looks from the other side."""
    return cluster.translate(_MIRRORED)
