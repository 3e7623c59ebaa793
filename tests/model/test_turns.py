"""Texts that are written by turns."""

from __future__ import annotations

from collections.abc import Generator
from unittest import mock

from model import turns as module
from model.turns import by_turns


class Counting:
    """Writes numbers up to one, each of which takes so many steps; and tells what happens."""

    def __init__(self, name: str, last: int, steps: int, told: list[str]) -> None:
        self._name, self._last, self._steps, self._told = name, last, steps, told
        self._left = 0

    def turns(self) -> Generator[str, None, None]:
        try:
            for number in range(1, self._last + 1):
                self._left = self._steps
                yield f"{self._name}{number}" if number % 3 else ""
        finally:
            self._told.append(f"end of {self._name}")

    @property
    def is_running(self) -> bool:
        return self._left > 0

    def step(self) -> None:
        self._told.append("step")
        for each in BESIDE:
            each._left -= each._left > 0


BESIDE: list[Counting] = []


def beside(*writings: tuple[str, int, int]) -> list[str]:
    """What is told, and given, in order."""
    told: list[str] = []
    BESIDE[:] = [Counting(*each, told) for each in writings]
    for number, piece in by_turns(BESIDE):
        told.append(f"{number}: {piece}")
    return told


def test_each_has_its_turn_and_then_all_make_a_step() -> None:
    assert beside(("a", 2, 1), ("b", 1, 1)) == [
        *("0: a1", "1: b1", "step"),
        *("0: a2", "end of b", "1: None", "step"),
        *("end of a", "0: None"),
    ]


def test_who_runs_is_not_asked_and_what_is_empty_is_not_given() -> None:
    assert beside(("a", 1, 3), ("b", 4, 1)) == [
        *("0: a1", "1: b1", "step"),
        *("1: b2", "step", "step"),
        *("end of a", "0: None", "1: b4", "step"),
        *("end of b", "1: None"),
    ]


def test_where_one_ends_the_next_begins() -> None:
    with mock.patch.object(module, "_ABREAST", 2):
        found = beside(("a", 1, 1), ("b", 2, 1), ("c", 1, 1))
    assert found == [
        *("0: a1", "1: b1", "step"),
        *("end of a", "0: None", "1: b2", "step"),
        *("end of b", "1: None", "2: c1", "step"),
        *("end of c", "2: None"),
    ]


def test_what_is_given_up_is_closed() -> None:
    told: list[str] = []
    BESIDE[:] = [Counting("a", 9, 1, told), Counting("b", 9, 1, told)]
    pieces = by_turns(BESIDE)
    assert [next(pieces) for _ in range(3)] == [(0, "a1"), (1, "b1"), (0, "a2")]
    pieces.close()  # type: ignore[attr-defined]
    assert told == ["step", "end of b", "end of a"]
