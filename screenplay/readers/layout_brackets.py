"""Follow brackets over lines: which lines are all direction, and which share one with their neighbours."""

from __future__ import annotations

import numpy as np

from screenplay.readers.layout_lines import Ints, Lines

_BRACKET_LINES = 8
"""How many lines a direction may stay open: longer ones have lost their closing bracket."""
BRACKET_KINDS = 10
(
    _OUTSIDE, WHOLE, _OPENS, _INSIDE, _CLOSES, _LEADS, _OPENS_WITHIN, _INSIDE_WITHIN, _CLOSES_WITHIN, _GOES_ON,
) = range(BRACKET_KINDS)  # fmt: skip


def brackets(lines: Lines, first: Ints) -> Ints:
    """Where brackets stand: a line may be all of one, lead with one, or open, continue, close one that others share."""
    out = np.full(len(lines), _OUTSIDE, np.int32)
    text = lines.view
    for start, line in enumerate(text):
        if ("(" not in line and "[" not in line) or out[start] in (_INSIDE, _INSIDE_WITHIN):
            continue
        leads = first[start] == 1
        opened, closed = line.count("(") + line.count("["), line.count(")") + line.count("]")
        if out[start] != _OUTSIDE:
            # It closes one bracket, and may open another.
            opened += 1
        if opened <= closed:
            if leads:
                out[start] = WHOLE if _after_bracket(line) else _LEADS
            continue
        for end in range(start + 1, min(start + _BRACKET_LINES, len(text))):
            line = text[end]
            if line[0] in "([" or lines.gap[end] > 2:
                break
            if ")" in line or "]" in line:
                if out[start] == _OUTSIDE:
                    out[start] = _OPENS if leads else _OPENS_WITHIN
                out[start + 1 : end] = _INSIDE if leads else _INSIDE_WITHIN
                out[end] = (_CLOSES if leads else _CLOSES_WITHIN) if _after_bracket(line) else _GOES_ON
                break
        else:
            if leads:
                out[start] = _OPENS
    return out


def _after_bracket(line: str) -> bool:
    """Whether no words follow the last bracket that closes."""
    rest = line[max(line.rfind(")"), line.rfind("]")) + 1 :]
    return not any(letter.isalnum() for letter in rest)
