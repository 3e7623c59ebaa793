"""What formats with real styles keep of a screenplay: text whose emphasis is marked in one way only."""

from __future__ import annotations

from pydantic import ValidationError

from screenplay.elements import Element, Screenplay
from screenplay.emphasis import compose, parse

_UNSTYLED = ("section", "synopsis", "note", "boneyard")
_NO_XML = str.maketrans("\ufffe\uffff", "\ufffd\ufffd")


def carried(screenplay: Screenplay, *, xml: bool = False) -> Screenplay:
    """The screenplay without needless marks and backslashes, and without the characters that XML can't hold."""

    def held(text: str, *, styled: bool = True) -> str:
        text = text.translate(_NO_XML) if xml else text
        return compose(parse(text)) if styled else text

    body: list[Element] = []
    for element in screenplay.elements:
        parts = element.model_dump()
        for name in ("text", "name", "extension", "number"):
            if parts.get(name):
                parts[name] = held(parts[name], styled=name != "number" and element.kind not in _UNSTYLED)
        try:
            body.append(type(element)(**parts))
        except ValidationError:  # nothing but marks, or white space inside of them
            continue
    page = {
        key: tuple(text for text in map(held, values) if text.strip()) for key, values in screenplay.title_page.items()
    }
    return Screenplay(title_page=page, elements=tuple(body))
