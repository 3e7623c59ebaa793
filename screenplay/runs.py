"""Styled text: cuts it, and parts a cue's name from its extension."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from screenplay.emphasis import Run, compose


def plain_text(runs: Iterable[Run]) -> str:
    """The text without styles and without line breaks at its ends."""
    return "".join(run.text for run in runs).strip("\n")


def cut(runs: Iterable[Run], start: int, end: int) -> list[Run]:
    """The runs of one part of the text, its characters counted from 0, `end` not included."""
    found, offset = [], 0
    for run in runs:
        text = run.text[max(0, start - offset) : max(0, end - offset)]
        if text:
            found.append(replace(run, text=text))
        offset += len(run.text)
    return found


def trimmed(runs: Sequence[Run]) -> list[Run]:
    """Without line breaks at either end, which pretty-printing puts there; nothing where only white space is left."""
    text = "".join(run.text for run in runs)
    if not text.strip():
        return []
    lead = len(text) - len(text.lstrip())
    start = text.rfind("\n", 0, lead) + 1
    return cut(runs, start, len(text.rstrip()))


def lines_of(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Each line's runs; linear in the length of the text."""
    line: list[Run] = []
    for run in runs:
        first, *rest = run.text.split("\n")
        if first:
            line.append(replace(run, text=first))
        for part in rest:
            yield line
            line = [replace(run, text=part)] if part else []
    yield line


def _marks(runs: Iterable[Run]) -> list[int]:
    """Where empty runs stand: this program's writers put one where brackets would mislead."""
    found, offset = [], 0
    for run in runs:
        if not run.text:
            found.append(offset)
        offset += len(run.text)
    return found


def split_cue(runs: Sequence[Run]) -> tuple[str, str | None]:
    """Name and extension of a cue: `KEEPER (V.O.)`."""
    text = "".join(run.text for run in runs)
    end = len(text.rstrip())
    for at in _marks(runs)[:1]:
        name, extension = text[:at].strip(), text[at:end].lstrip()
        if name and not extension:
            return compose(cut(runs, 0, at)), None
        if name and extension.startswith("(") and extension.endswith(")") and extension[1:-1].strip():
            return compose(cut(runs, 0, at)), compose(cut(runs, end - len(extension) + 1, end - 1))
    at = text.find("(")
    if at > 0 and text[:at].strip() and text[at + 1 : end - 1].strip() and text[:end].endswith(")"):
        return compose(cut(runs, 0, at)), compose(cut(runs, at + 1, end - 1))
    return compose(cut(runs, 0, end)), None


def unbracketed(runs: Sequence[Run]) -> list[Run]:
    """Take off the brackets around a parenthetical, unless they are two pairs: `(low) not you (to him)`."""
    text = "".join(run.text for run in runs)
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if text[start : start + 1] != "(" or text[end - 1 : end] != ")" or end - start < 3:
        return cut(runs, start, end)
    two_pairs = not _balanced(text[start + 1 : end - 1]) and _balanced(text[start:end])
    if two_pairs and start + 1 not in _marks(runs):
        return cut(runs, start, end)
    return cut(runs, start + 1, end - 1)


def _balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return depth == 0
