"""Puts letters that are written from right to left in the order in which a page shows them, and back.

Source: Unicode Standard Annex 9, the rules for levels, without embeddings.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")
_STRONG = ("L", "R", "AL")
_NUMBERS = ("EN", "AN")
_STOPS = frozenset(".,!?:;…؟،")
_BRACKETS = {letter: pair for pair in ("()", "[]", "{}") for letter in pair}
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def is_mixed(text: str) -> bool:
    """Whether a text has any letter that is written from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)


def levels(clusters: Sequence[str], base: str = "") -> list[int]:
    """For each cluster 0 (left to right), 1 (right to left) or 2 (left to right within that).

    The line as a whole runs as `base` says, `L` or `R`; without it, as its first letter does.
    """
    kinds = [unicodedata.bidirectional(cluster[0]) for cluster in clusters]
    if not base:
        base = "L" if next((kind for kind in kinds if kind in _STRONG), "L") == "L" else "R"
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


def read_order(items: Sequence[_T], clusters: Sequence[str]) -> tuple[list[_T], list[str]]:
    """Items that stand on a line from left to right, and their letters, in the order in which they are read.

    Brackets face each other again, whichever way the line's program wrote them.
    """
    order = visual(range(len(items)), levels(clusters, _base(clusters)))
    letters = [clusters[index] for index in order]
    for index, letter in enumerate(letters):
        if letter in _BRACKETS:
            before = letters[index - 1] if index else ""
            after = letters[index + 1] if index + 1 < len(letters) else ""
            opens = not before.strip() and bool(after.strip())
            letters[index] = _BRACKETS[letter][not opens]
    return [items[index] for index in order], letters


def _base(clusters: Sequence[str]) -> str:
    """Which way a line runs that is seen from left to right: its full stop is at its end; else most letters tell."""
    kinds = [kind for cluster in clusters for kind in map(unicodedata.bidirectional, cluster)]
    seen = [cluster for cluster in clusters if cluster.strip()]
    first, last = (seen[0] in _STOPS, seen[-1] in _STOPS) if seen else (False, False)
    if first != last:
        return "R" if first else "L"
    leftward = kinds.count("R") + kinds.count("AL")
    return "R" if leftward > kinds.count("L") else "L"
