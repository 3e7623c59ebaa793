"""What formats with real styles keep of a screenplay: text whose emphasis is marked in one way only."""

from __future__ import annotations

from pydantic import ValidationError

from screenplay.elements import Element, Screenplay
from screenplay.emphasis import compose, parse

_UNSTYLED = ("section", "synopsis", "note", "boneyard")


def carried(screenplay: Screenplay) -> Screenplay:
    """The screenplay without needless marks and backslashes, and without the two characters that XML can't hold."""
    body: list[Element] = []
    for element in screenplay.elements:
        parts = element.model_dump()
        for name in ("text", "name", "extension", "number"):
            if parts.get(name):
                parts[name] = _held(parts[name], styled=name != "number" and element.kind not in _UNSTYLED)
        try:
            body.append(type(element)(**parts))
        except ValidationError:  # nothing but marks, or white space inside of them
            continue
    page = {
        _held(key, styled=False): tuple(_held(value) for value in values)
        for key, values in screenplay.title_page.items()
    }
    return Screenplay(title_page=page, elements=tuple(body))


def _held(text: str, *, styled: bool = True) -> str:
    text = text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    return compose(parse(text)) if styled else text
