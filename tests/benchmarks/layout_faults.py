"""Spoil typed pages as scanners, pastes and script sites do; each line's state stays true."""

from __future__ import annotations

import random
from dataclasses import dataclass

from layout_alphabets import HEADS, uncased
from layout_page import BLANK, Page

from screenplay.readers.layout_states import (
    ACTION,
    CHARACTER,
    DIALOGUE,
    FURNITURE,
    FURNITURE_IN_SPEECH,
    PARENTHETICAL,
)


@dataclass(frozen=True, slots=True)
class Faults:
    """What happened to a page; shares of the lines that it happened to."""

    lost_blanks: float = 0
    added_blanks: float = 0
    doubled: bool = False
    """A blank line after every line."""
    flattened: bool = False
    """All indentation lost."""
    shifted: float = 0
    """Lines moved by a column or two."""
    noise: float = 0
    """Letters read wrongly."""
    tabs: bool = False
    lifted: float = 0
    """Last words of paragraphs that a converter took for cues."""
    lost_cues: float = 0
    """Cues at the margin."""
    stars: float = 0
    """Revision marks."""
    trailing: bool = False
    """Spaces on blank lines."""
    cut: int = 0
    """Lines longer than this are cut in two, as mail does; 0 for none."""
    alphabet: str = ""
    """Letters without capitals."""

    @classmethod
    def draw(cls, rng: random.Random) -> Faults:
        """Most pages have none or one."""
        return cls(
            lost_blanks=rng.choice([0] * 8 + [0.1, 0.5, 1.0]),
            added_blanks=rng.choice([0] * 10 + [0.03, 0.1]),
            doubled=rng.random() < 0.05,
            shifted=rng.choice([0] * 8 + [0.02, 0.1]),
            noise=rng.choice([0] * 8 + [0.0005, 0.003, 0.01]),
            tabs=rng.random() < 0.05,
            lifted=rng.choice([0] * 5 + [0.5, 1.0]),
            lost_cues=rng.choice([0] * 6 + [0.03, 0.2]),
            stars=rng.choice([0] * 6 + [0.03, 0.2]),
            trailing=rng.random() < 0.1,
            cut=rng.choice([0] * 60 + [56, 66, 72]),
            alphabet=rng.choice(["", *HEADS]) if rng.random() < 0.08 else "",
        )


def spoil(page: Page, faults: Faults, rng: random.Random) -> Page:
    """Do all of it to a clean page."""
    if faults.alphabet:
        page = uncased(page, faults.alphabet, rng)
    lines, states = page.lines, page.states
    out = Page()
    star_column = rng.choice([66, 70, 75, 79])
    cue_column = _column(page, CHARACTER, 20)
    margin = _column(page, ACTION, 0)

    def put(line: str, state: int) -> None:
        out.lines.append(line)
        out.states.append(state)

    for index, (line, state) in enumerate(zip(lines, states, strict=True)):
        if state == BLANK:
            if rng.random() >= faults.lost_blanks:
                put(" " * rng.choice([0, 10, 25]) if faults.trailing else "", BLANK)
            if faults.doubled:
                put("", BLANK)
            continue
        if faults.lifted and _is_short_rest(lines, states, index) and rng.random() < faults.lifted:
            put("", BLANK)
            put(" " * cue_column + line.strip().upper(), state)
            continue
        bare = line.lstrip(" ")
        indent = 0 if faults.flattened else len(line) - len(bare)
        if state == CHARACTER and rng.random() < faults.lost_cues:
            indent = margin
        if rng.random() < faults.shifted:
            indent = max(0, indent + rng.choice([-2, -1, 1, 2]))
        if faults.noise:
            bare = _noise(bare, faults.noise, rng) or bare
        line = "\t" * (indent // 8) + " " * (indent % 8) + bare if faults.tabs else " " * indent + bare
        inked = state not in (FURNITURE, FURNITURE_IN_SPEECH) and len(line) < star_column
        if inked and rng.random() < faults.stars:
            line = line.ljust(star_column) + "*"
        if faults.cut and len(line) > faults.cut and " " in line[20 : faults.cut]:
            space = line.rindex(" ", 20, faults.cut)
            put(line[:space].rstrip() or line[:space], state)
            line = line[space + 1 :].lstrip()
        put(line, state)
        if faults.doubled or rng.random() < faults.added_blanks:
            put("", BLANK)
    return out


def _column(page: Page, wanted: int, default: int) -> int:
    """Where the first line of a state stands."""
    for line, state in zip(page.lines, page.states, strict=True):
        if state == wanted:
            return len(line) - len(line.lstrip())
    return default


def _is_short_rest(lines: list[str], states: list[int], index: int) -> bool:
    """Whether a line is the last word of a wrapped paragraph, with no full stop that would give it away."""
    state = states[index]
    if state not in (ACTION, DIALOGUE, PARENTHETICAL) or not index or states[index - 1] != state:
        return False
    last = index + 1 == len(lines) or states[index + 1] != state
    word = lines[index].strip()
    return last and " " not in word and len(word) > 2 and not word.endswith((".", "?", "!"))


def _noise(text: str, rate: float, rng: random.Random) -> str:
    letters = []
    for letter in text:
        draw = rng.random()
        if draw < rate * 0.4:
            letters.append(rng.choice("il1|.,'`;0oOeacs"))
        elif draw < rate * 0.7:
            letters.append(f"{letter} ")
        elif draw < rate:
            continue
        else:
            letters.append(letter)
    return "".join(letters).strip()
