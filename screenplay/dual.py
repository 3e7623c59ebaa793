"""Finds the speeches that stand side by side on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from screenplay.elements import Boneyard, Character, Dialogue, Element, Lyric, Note, Parenthetical

_SPOKEN = (Parenthetical, Dialogue, Lyric, Note, Boneyard)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two speeches, each with its cue; the left one is empty where a cue marked dual has no speech before it."""

    left: tuple[Element, ...]
    right: tuple[Element, ...]


def grouped(elements: Sequence[Element]) -> list[Element | SideBySide]:
    """All elements in order, each cue marked dual and its speech put beside the speech right before it."""
    units: list[Element | SideBySide] = []
    at = 0
    while at < len(elements):
        element, at = elements[at], at + 1
        if not (isinstance(element, Character) and element.dual):
            units.append(element)
            continue
        start = at - 1
        while at < len(elements) and isinstance(elements[at], _SPOKEN):
            at += 1
        units.append(SideBySide(_take_speech(units), tuple(elements[start:at])))
    return units


def _take_speech(units: list[Element | SideBySide]) -> tuple[Element, ...]:
    """Take the last speech off, cue and all; nothing where the last unit belongs to none."""
    start = len(units)
    while start and isinstance(units[start - 1], _SPOKEN):
        start -= 1
    if not start or not isinstance(units[start - 1], Character):
        return ()
    speech = tuple(unit for unit in units[start - 1 :] if not isinstance(unit, SideBySide))
    del units[start - 1 :]
    return speech
