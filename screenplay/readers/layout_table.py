"""Take apart plays set in two columns, names on the left and speeches on the right, so that they read as any other."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from screenplay.readers.layout_lines import Row
from screenplay.readers.layout_states import CHARACTER, DIALOGUE
from screenplay.readers.layout_words import is_heading_opening

_PAIR = re.compile(
    r"(?P<name>(?:\d{1,2}(?:ST|ND|RD|TH) )?[^\W\d_][^\s:(]{0,20}(?: [^\s:(]{1,20}){0,3}(?: \([^()]{1,20}\))?)[.:]?"
    r"(?P<gap> +)(?P<speech>\S)"
)
_GUTTER_CHARS = 2
_TAB_CHARS = 8
_LEAST = 6
"""So many names beside speeches make a play."""
_LEAST_SHARE = 0.12
_SAME = 0.5
"""A name that speaks comes back: there are at most so many names for each speech."""


def part(rows: list[Row]) -> list[Row]:
    """Give each name a row of its own, above its speech; linear in the number of lines."""
    pairs = {index: pair for index, row in enumerate(rows) if (pair := _pair(row)) is not None}
    least = max(_LEAST, _LEAST_SHARE * len(rows))
    if len(pairs) < least:
        return rows
    columns = Counter(column for _, column in pairs.values())
    column, often = columns.most_common(1)[0]
    # A tab leads to different columns after short and long names.
    stops = {at for at in columns if at % _TAB_CHARS == 0}
    places = stops if sum(columns[at] for at in stops) > often else {column}
    names = Counter(name for name, at in pairs.values() if at in places)
    total = sum(names.values())
    if total < least or len(names) > _SAME * total:
        return rows
    out: list[Row] = []
    speaking = False
    for index, row in enumerate(rows):
        at = pairs.get(index, ("", -1))[1]
        if at in places:
            split = at - row.indent
            out.append(replace(row, text=row.text[:split].rstrip(), given=CHARACTER, trailing=0))
            out.append(replace(row, text=row.text[split:], indent=at, gap=0, new_page=False, given=DIALOGUE))
            speaking = True
            continue
        speaking = speaking and row.gap == 0 and row.indent in places and row.given < 0
        out.append(replace(row, given=DIALOGUE) if speaking else row)
    return out


def _pair(row: Row) -> tuple[str, int] | None:
    """The name that a line opens with, and the column where its speech begins."""
    if "  " not in row.text[:40]:
        return None
    found = _PAIR.match(row.text)
    if found is None or len(found["gap"]) < _GUTTER_CHARS or found.end() == len(row.text):
        return None
    name = found["name"]
    if not name.partition("(")[0].isupper() or is_heading_opening(name) or row.text[found.start("speech") :].isupper():
        return None
    return name, row.indent + found.start("speech")
