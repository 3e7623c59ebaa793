"""What is particular to stage plays: `NAME. Speech` on one line, and directions in brackets among the words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from screenplay.readers import layout_words as words
from screenplay.readers.layout_features import Facts
from screenplay.readers.layout_lines import Ints
from screenplay.readers.layout_states import CHARACTER, CUE_AND_SPEECH, DIALOGUE

_MOST = 0.6
_BRACKETED = re.compile(r"(?P<name>[^\[(]*[^\s\[(])\s*[\[(](?P<inside>[^\[\]()]*)[\])]")
_DIRECTION = re.compile(
    r"\[(?P<square>[^\[\]]{1,2000})\]|[(（](?P<round>[^()（）]{1,2000})[)）]"
    r"|(?<![\w*_])_(?P<slanted>[A-Z][^_]{2,400}[.)\]])_(?!\w)"
)
_SENTENCE_END = frozenset(".?!:;-–—…\"'”’)]\n。？！：；」』")
_AFTER = ".,;:!?"
_SOLID = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Habits:
    """How a text sets its cues and directions."""

    is_play: bool
    """Directions may stand among the words of a speech, wherever a sentence may end."""
    dotted: bool
    """A full stop after a name alone on its line belongs to the layout."""


def habits(facts: Facts, states: Ints) -> Habits:
    """Look at a whole text: are cues marked, or at the margin of the speeches, or beside them?"""
    cues = np.flatnonzero(states == CHARACTER)
    marks = [facts.lines.view[index][-1] for index in cues.tolist()]
    dotted = bool(marks) and marks.count(".") > _MOST * len(marks)
    marked = dotted or (bool(marks) and marks.count(":") > _MOST * len(marks))
    following = cues[cues + 1 < len(states)] + 1
    following = following[states[following] == DIALOGUE]
    lines = facts.lines
    level = lines.indent[following] == lines.indent[following - 1]
    level |= (lines.number[following] == lines.number[following - 1]) & (lines.column[following] == 0)
    is_level = len(level) > 0 and float(np.mean(level)) > _MOST
    return Habits(bool(np.any(states == CUE_AND_SPEECH)) or marked or is_level, dotted)


def cue_and_speech(text: str) -> tuple[str, str, str, str] | None:
    """Take `NAME (how). Speech` apart: name, extension, direction, speech; None if it is no such line."""
    cue = words.play_cue(text)
    if cue is None:
        return None
    name, extension, direction = cue["name"], "", ""
    bracketed = _BRACKETED.fullmatch(name)
    if bracketed is not None:
        name, inside = bracketed["name"], bracketed["inside"].strip()
        if words.is_extension(cue["name"]):
            extension = inside
        elif _SOLID.search(inside):
            direction = inside
    speech = text[cue.end() :].lstrip(" —-\n" if cue["mark"] == "." else " \n")
    if not cue["mark"] and speech[-1] == "」":
        speech = speech[1:-1].strip()
    return name, extension, direction, speech


def directions(text: str) -> Iterator[tuple[str, bool]]:
    """Part a speech into what is said and, with True, what is done; linear in its length."""
    at = 0
    for found in _DIRECTION.finditer(text):
        inside = found["square"] or found["round"] or found["slanted"]
        begins, ends = found.start(), found.end()
        before = text[at:begins].rstrip(" ")
        mark = text[ends : ends + 1]
        if not _SOLID.search(inside) or not (
            found["square"] or inside.lstrip("_*")[:1].isupper() or _is_apart(before, text[ends:])
        ):
            continue
        if mark and mark in _AFTER and before:
            # The stop after a bracket ends the sentence before it.
            before, ends = before + (mark if before[-1] not in _AFTER else ""), ends + 1
        yield before, False
        yield without_slant(" ".join(inside.split())), True
        at = ends
    yield text[at:], False


def _is_apart(before: str, after: str) -> bool:
    """Whether a bracket stands where a sentence may end, and not within one."""
    return not before or before[-1] in _SENTENCE_END or not _SOLID.search(after)


def without_slant(text: str) -> str:
    """A direction without the marks that set all of it in italics."""
    for mark in ("_", "*"):
        if len(text) > 2 and text[0] == text[-1] == mark and mark not in text[1:-1]:
            return text[1:-1].strip()
    return text


def is_bracketed(text: str) -> bool:
    """Whether one pair of brackets encloses all of a paragraph."""
    pair = {"[": "]", "(": ")"}.get(text[0])
    return pair is not None and text[-1] == pair and text[0] not in text[1:] and pair not in text[:-1]
