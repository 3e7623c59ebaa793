"""Reads the documented JSON: a title page, and a list of elements each with its `kind`."""

from __future__ import annotations

import re

from pydantic import ValidationError

from screenplay.elements import KINDS, Screenplay
from screenplay.errors import ReadError
from screenplay.readers import Reading

_PLACE = re.compile(r" at line (\d+) column (\d+)$")


def scan(text: str, *, source: str = "<text>") -> Reading:
    """Read a screenplay; its JSON has no screenplay lines, so there are no tags.

    Raises:
        ReadError: This is no JSON, or not the JSON of a screenplay.
    """
    try:
        return Reading(Screenplay.from_json(text), tags=())
    except ValidationError as error:
        raise _explained(error, source) from error


def read(text: str, *, source: str = "<text>") -> Screenplay:
    """`scan` without the tags."""
    return scan(text, source=source).screenplay


def _explained(error: ValidationError, source: str) -> ReadError:
    """The first of what pydantic found, in terms of the file."""
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        reason = str(first["ctx"]["error"])
        place = _PLACE.search(reason)
        line, column = (int(place[1]), int(place[2])) if place else (None, None)
        return ReadError(f"not valid JSON ({_PLACE.sub('', reason)})", source=source, line=line, column=column)
    # The path repeats the kind that pydantic chose for an element; the place is clear without it.
    path = ".".join(str(part) for part in first["loc"] if part not in KINDS)
    return ReadError(
        f"{path or 'the whole'}: {first['msg'].removeprefix('Value error, ')}",
        source=source,
        expected='{"title_page": {...}, "elements": [{"kind": ...}]}, as `lebowski-gen parse --format json` prints',
    )
