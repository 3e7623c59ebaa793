"""Puts right what a PDF's pages hold beside the script: page numbers, running heads, stamps, and misnamed quotes."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from screenplay.readers.pdf_rows import Row
from screenplay.readers.pdf_words import Sheet, Word

_HEADER_POINTS, _FOOTER_POINTS = 80.0, 70.0
"""How far from the paper's edges a running head or foot stands at most."""
_PAGE_NUMBER = re.compile(r"\W{0,3}(?:page\s?)?[A-Z]{0,2}\d{1,4}[A-Z]{0,2}\W{0,3}", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_OFTEN, _OFTEN_SHARE = 3, 0.2
"""A line that returns at the edge of so many pages, and such a part of them, is a running head."""
_NUMBERED_SHARE = 0.5
"""Numbers that count the pages are on more of them than this."""
_MISNAMED = re.compile("[a-z]Õ[a-z]")
_MACINTOSH = str.maketrans("ÒÓÔÕÐÑÉ", "“”‘’–—…")
_FAR_POINTS = 30.0
"""A page number on a line of the script is at least so far from it."""
_STAMP_PAGES, _STAMP_SHARE = 4, 0.6
_STAMP_SIZE = 1.3
"""A stamp is so much larger than the text, or that much smaller."""


def with_quotes(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The pages with quotation marks where their fonts name the letters that Windows has in the Macintosh's places."""
    count = 0
    for sheet in sheets:
        count += sum(1 for word in sheet.words if not word.text.isascii() and _MISNAMED.search(word.text))
    if count < _OFTEN:
        return list(sheets)
    return [
        replace(sheet, words=[replace(word, text=word.text.translate(_MACINTOSH)) for word in sheet.words])
        for sheet in sheets
    ]


def without_stamps(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The pages without words of another size than the script's that stand in the same place on most of them."""
    sizes = [word.size for sheet in sheets for word in sheet.words]
    usual = statistics.median(sizes) if sizes else 0.0
    if len(sheets) < _STAMP_PAGES or not usual:
        return list(sheets)

    def key(word: Word) -> tuple[str, int, int]:
        return word.text, round(word.left), round(word.base)

    odd = [
        {key(word) for word in sheet.words if not usual / _STAMP_SIZE < word.size < usual * _STAMP_SIZE}
        for sheet in sheets
    ]
    counts = Counter(place for places in odd for place in places)
    stamps = {place for place, count in counts.items() if count >= max(_STAMP_PAGES, _STAMP_SHARE * len(sheets))}
    if not stamps:
        return list(sheets)
    return [
        replace(sheet, words=[word for word in sheet.words if not (places and key(word) in places)])
        for sheet, places in zip(sheets, (places & stamps for places in odd), strict=True)
    ]


def without_furniture(pages: Sequence[list[Row]], heights: Sequence[float]) -> list[list[Row]]:
    """The pages without page numbers and what else returns at their edges."""
    pages = _without_numbers(pages)
    edges = [
        [row for row in rows if row.base > height - _HEADER_POINTS or row.base < _FOOTER_POINTS]
        for rows, height in zip(pages, heights, strict=True)
    ]
    returning = Counter(key for rows in edges for key in {_DIGITS.sub("#", row.text) for row in rows})
    heads = {key for key, count in returning.items() if count >= max(_OFTEN, _share(key) * len(pages))}
    kept: list[list[Row]] = []
    for rows, edge in zip(pages, edges, strict=True):
        likely = [row for row in edge if _DIGITS.sub("#", row.text) in heads or _PAGE_NUMBER.fullmatch(row.text)]
        unsure = {id(row) for row in likely}
        text = [row.base for row in rows if id(row) not in unsure]
        dropped = {id(row) for row in likely if _is_apart(row, text)}
        kept.append([row for row in rows if id(row) not in dropped])
    return kept


def _share(head: str) -> float:
    """On what part of the pages a running head is: one with numbers in it may be that of a few revised pages."""
    return 0.0 if "#" in head else _OFTEN_SHARE


def _is_apart(row: Row, text: Sequence[float]) -> bool:
    """Whether a line at a page's edge stands away from the lines of the text."""
    size = row.words[0].size
    nearest = min((abs(base - row.base) for base in text), default=size * 9)
    return nearest > 1.4 * size or _PAGE_NUMBER.fullmatch(row.text) is not None


def _without_numbers(pages: Sequence[list[Row]]) -> list[list[Row]]:
    """The pages without the last word of their first or last line, where it counts them wherever it stands."""
    kept = list(pages)
    for edge in (0, -1):
        found = [_number(rows[edge]) if rows else None for rows in kept]
        offsets = Counter(value - index for index, value in enumerate(found) if value is not None)
        offset, count = offsets.most_common(1)[0] if offsets else (0, 0)
        if count < _OFTEN or count <= _NUMBERED_SHARE * len(kept):
            continue
        for index, value in enumerate(found):
            if value is not None and value - index == offset:
                rest = kept[index][edge].words[:-1]
                row = [replace(kept[index][edge], words=rest)] if rest else []
                kept[index] = [*row, *kept[index][1:]] if edge == 0 else [*kept[index][:-1], *row]
    return kept


def _number(row: Row) -> int | None:
    """The number that a line ends in, far from what else is there."""
    last = row.words[-1]
    if not _PAGE_NUMBER.fullmatch(last.text):
        return None
    others = row.words[:-1]
    if others and (last.left - others[-1].right < _FAR_POINTS or others[0].text == last.text):
        return None  # one more word of the line, or a scene number
    digits = _DIGITS.search(last.text)
    return int(digits[0]) if digits else None
