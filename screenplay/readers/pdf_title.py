"""Sorts the lines of a PDF's title page into keys: by what this program's own pages say, else by how they read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from screenplay.emphasis import compose
from screenplay.page import TEXT_WIDTH_CHARS
from screenplay.readers.layout_title import title_page
from screenplay.readers.pdf_rows import Typed, joined
from screenplay.runs import cut
from screenplay.wrapping import cells

_KEYS = re.compile(r"title page (\[\[.*\]\])", re.DOTALL)
"""Stands among the keywords of this program's own files."""
_MIDDLE = ("title", "credit", "author", "authors", "source")
"""What its pages show in the middle; the rest stands at the foot."""


def read_title(lines: Sequence[Typed], keywords: str) -> dict[str, tuple[str, ...]]:
    """Keys to lines."""
    return _kept(lines, keywords) or _guessed(lines)


def has_kept_title(keywords: str) -> bool:
    """Whether the file says that its first page is a title page."""
    return _KEYS.search(keywords) is not None


def _guessed(lines: Sequence[Typed]) -> dict[str, tuple[str, ...]]:
    """As the reader of laid-out text sorts them."""
    found: list[tuple[str, int]] = []
    indents: list[int] = []
    gap = 0
    for line in lines:
        text = compose(joined(line.runs)).strip()
        if text:
            found.append((text, gap))
            indents.append(len(line.text) - len(line.text.lstrip()))
        gap = 0 if text else gap + 1
    return title_page(found, indents)


def _kept(lines: Sequence[Typed], keywords: str) -> dict[str, tuple[str, ...]]:
    """As the file's keywords say, which name the keys and how many lines each has; nothing where they do not fit."""
    mark = _KEYS.search(keywords)
    try:
        counts = {str(key): int(count) for key, count in json.loads(mark[1])} if mark else {}
    except (ValueError, TypeError, OverflowError, RecursionError):  # whoever wrote that, it was not our writer
        return {}
    if any(count < 0 for count in counts.values()):
        return {}
    texts = list(_texts(lines))
    foot = [key for key in counts if key.lower() not in _MIDDLE]
    order = [key for key in counts if key.lower() in _MIDDLE and counts[key]] + foot
    found: dict[str, tuple[str, ...]] = {}
    for key in order:
        wanted = counts[key]
        values = texts[: max(wanted, key in foot and bool(texts) and texts[0] == f"{key}:")]
        del texts[: len(values)]
        if wanted and values:
            values[0] = values[0].removeprefix(f"{key}: ") if key in foot else values[0]
        if len(values) < wanted:
            return {}
        found[key] = tuple(value.strip() for value in values[:wanted])
    return {} if texts else {key: found.get(key, ()) for key in counts}


def _texts(lines: Sequence[Typed]) -> Iterator[str]:
    """What each group of lines says of which the last one has a sign of its end."""
    held: list[str] = []
    is_cut = False
    for line in lines:
        if not line.text.strip():
            continue
        lead = len(line.text) - len(line.text.lstrip())
        text = compose(joined(cut(line.runs, lead, len(line.text))))
        held += [" "] if held and not is_cut else []
        held.append(text)
        # A word wider than the line was cut.
        is_cut = cells(text) == TEXT_WIDTH_CHARS and " " not in text
        if line.is_ended:
            yield "".join(held)
            held = []
    if held:
        yield "".join(held)
