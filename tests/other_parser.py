"""What a Fountain parser that is not ours (screenplain) makes of a text, in the words of our elements."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from screenplain.parsers import fountain
from screenplain.types import Action, Dialog, DualDialog, PageBreak, Section, Slug, Transition

from screenplay import elements as ours
from screenplay.elements import Screenplay

Said = tuple[str, str]
"""Kind, and text with its white space folded."""


def said_by_screenplain(text: str) -> list[Said]:
    """Read Fountain with screenplain."""
    return [said for paragraph in fountain.parse(io.StringIO(text)) for said in _paragraph(paragraph)]


def said_by_us(screenplay: Screenplay) -> list[Said]:
    """The same of our elements: what screenplain has no kind for goes by the kind that it is printed as."""
    found: list[Said] = []
    for element in screenplay.elements:
        match element:
            case ours.SceneHeading() | ours.Transition():
                found.append((element.kind, _folded(element.text)))
            case ours.Action() | ours.Shot():
                centered = isinstance(element, ours.Action) and element.centered
                found.append(("centered" if centered else "action", _folded(element.text)))
            case ours.Character():
                extension = f" ({element.extension})" if element.extension else ""
                found.append(("character", element.name + extension))
            case ours.Parenthetical():
                found.append(("parenthetical", f"({_folded(element.text)})"))
            case ours.Dialogue():
                found.append(("dialogue", _folded(element.text)))
            case _:
                raise ValueError(f"screenplain has nothing like {element.kind}")
    return found


def _paragraph(paragraph: Any) -> Iterator[Said]:
    match paragraph:
        case Slug():
            yield "scene_heading", _plain(paragraph.line)
        case Transition():
            yield "transition", _plain(paragraph.line)
        case Action():
            kind = "centered" if paragraph.centered else "action"
            yield kind, _folded(" ".join(_plain(line) for line in paragraph.lines))
        case Dialog():
            yield from _dialogue(paragraph)
        case DualDialog():
            yield from _dialogue(paragraph.left)
            yield from _dialogue(paragraph.right)
        case Section() | PageBreak():
            yield type(paragraph).__name__, ""
        case _:
            raise ValueError(f"screenplain has a kind that is new: {paragraph!r}")


def _dialogue(dialog: Any) -> Iterator[Said]:
    yield "character", _plain(dialog.character)
    words: list[str] = []
    for is_parenthetical, line in dialog.blocks:
        if not is_parenthetical:
            words.append(_plain(line))
            continue
        if words:
            yield "dialogue", _folded(" ".join(words))
            words = []
        yield "parenthetical", _folded(_plain(line))
    if words:
        yield "dialogue", _folded(" ".join(words))


def _plain(line: Any) -> str:
    return _folded(line.to_plain_string() if hasattr(line, "to_plain_string") else str(line))


def _folded(text: str) -> str:
    return " ".join(text.split())
