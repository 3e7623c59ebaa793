"""A typed page, and what each of its lines is."""

from __future__ import annotations

from dataclasses import dataclass, field

from screenplay.readers.layout_states import (
    CHARACTER,
    CUE_AND_SPEECH,
    DIALOGUE,
    FURNITURE,
    FURNITURE_IN_SPEECH,
    PARENTHETICAL,
)

BLANK = -1
_SPEECH = (CHARACTER, PARENTHETICAL, DIALOGUE, FURNITURE_IN_SPEECH, CUE_AND_SPEECH)


@dataclass(slots=True)
class Page:
    """Lines typed so far, with the state of each; BLANK for empty ones."""

    lines: list[str] = field(default_factory=list)
    states: list[int] = field(default_factory=list)
    speaking: bool = False

    def add(self, line: str, state: int) -> None:
        """Add a line; furniture learns here whether it interrupts a speech."""
        if not line.strip():
            state = BLANK
        elif state == FURNITURE and self.speaking:
            state = FURNITURE_IN_SPEECH
        elif state != FURNITURE:
            self.speaking = state in _SPEECH
        self.lines.append(line)
        self.states.append(state)

    def blank(self, count: int) -> None:
        """Add blank lines."""
        for _ in range(count):
            self.add("", BLANK)


def inside_brackets(lines: list[str]) -> set[int]:
    """Which lines of a speech are all direction, within a bracket that an earlier line opened."""
    found: set[int] = set()
    is_open = False
    for index, line in enumerate(lines):
        if is_open:
            tail = line[max(line.rfind(")"), line.rfind("]")) + 1 :]
            if not any(letter.isalnum() for letter in tail) or tail == line:
                found.add(index)
        for letter in line:
            if letter in "()[]":
                is_open = letter in "(["
    return found
