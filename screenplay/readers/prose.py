"""Reads novels and stories: what is told becomes action, and what is quoted stays in it or becomes dialogue.

For learning English from books; not a screenplay format. One paragraph is one line; a line that
begins with `#` is a heading of the book. Speech in a book has no cues, so neither has the dialogue.
"""

from __future__ import annotations

import re

from screenplay.elements import MOST_LEVEL, Action, Dialogue, Element, Screenplay, Section, clean

_QUOTED = re.compile(r'"([^"]*)(?:"|$)|“([^”]*)(?:”|$)')
"""Double quotes only: a single one is as often an apostrophe. A quote left open runs to the paragraph's end."""
_BREAK = re.compile(r"[*\s]+")


def read(text: str, *, parted: bool = False) -> Screenplay:
    """Read a book. Nothing fails; linear in its length.

    Args:
        text: One paragraph a line.
        parted: Whether what is quoted becomes dialogue, without its quotation marks.
    """
    elements: list[Element] = []
    for number, line in enumerate(clean(text).split("\n"), start=1):
        paragraph = " ".join(line.split())
        if not paragraph or _BREAK.fullmatch(paragraph):
            continue
        if paragraph.startswith("#"):
            title = paragraph.lstrip("# ")
            if title:
                level = len(paragraph) - len(paragraph.lstrip("#"))
                elements.append(Section(text=title, level=min(level, MOST_LEVEL), line=number))
            continue
        elements.extend(_parts(paragraph, number) if parted else [Action(text=paragraph, line=number)])
    return Screenplay.model_construct(title_page={}, elements=tuple(elements))


def _parts(paragraph: str, line: int) -> list[Element]:
    """Part what is told from what is said, in the order of the page."""
    found: list[Element] = []
    end = 0
    for quote in _QUOTED.finditer(paragraph):
        said = (quote[1] if quote[1] is not None else quote[2]).strip()
        told = paragraph[end : quote.start()].strip()
        end = quote.end()
        if told:
            found.append(Action(text=told, line=line))
        if said:
            if found and isinstance(found[-1], Dialogue):
                found[-1] = Dialogue(text=f"{found[-1].text} {said}", line=line)
            else:
                found.append(Dialogue(text=said, line=line))
    rest = paragraph[end:].strip()
    if rest:
        found.append(Action(text=rest, line=line))
    return found
