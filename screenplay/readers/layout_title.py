"""Sort the lines of a title page into Fountain's keys."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LABELLED = re.compile(r"(?P<key>[A-Z][A-Za-z]{1,15}(?: [A-Za-z]{1,12})?)\s{0,2}:(?:\s{1,20}(?P<value>\S.*)?)?$")
_CREDIT = re.compile(
    r"(?:(?:an? |the )?(?:original )?(?:screen ?play|teleplay|script|play|drama|comedy|story|film)?\s{0,3}"
    r"(?:(?:re-?)?written(?: and directed)?|screenplay|teleplay|adapted)?\s{0,3}(?:for the screen )?by:?)$",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"(?:(?:screen)?story by|based (?:up)?on|from (?:a|the)|adapted from|suggested by|inspired by)\b", re.IGNORECASE
)
_COPYRIGHT = re.compile(r"(?:copyright|©|\(c\)|all rights reserved)", re.IGNORECASE)
_CONTACT = re.compile(
    r"(?:contact|agent|phone|tel\b|e-?mail)|@[^\s@.]+\.|\(?\d{3}\)?[ -.]\d{3}[ -.]\d{4}|\b[A-Z]{2} \d{5}\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,? \d{1,4}\b"
    r"|\b(?:draft|revised|revisions?|rev\.)\b|^(?:19|20)\d\d$",
    re.IGNORECASE,
)


def title_page(lines: Sequence[tuple[str, int]], indents: Sequence[int] = ()) -> dict[str, tuple[str, ...]]:
    """Key to lines, in order of appearance; what has no better place is `Notes`.

    Args:
        lines: Text of each line, and how many blank lines stand before it.
        indents: Where each line begins, if that is known: a labelled value goes on farther in than its label.
    """
    page: dict[str, list[str]] = {}
    key, label_indent = "Title", -1
    for (text, gap), indent in zip(lines, indents or [0] * len(lines), strict=True):
        labelled = _LABELLED.match(text)
        if labelled is not None and labelled["key"] not in page and not _CREDIT.match(text) and not _SOURCE.match(text):
            key, label_indent = labelled["key"], indent
            values = page.setdefault(key, [])
            if labelled["value"]:
                values.append(labelled["value"])
            continue
        if label_indent < 0 or gap or indent <= label_indent:
            key, label_indent = _key(text, key, gap, page), -1
        page.setdefault(key, []).append(text)
        if key == "Credit":
            key = "Author"
    if len(page.get("Author", ())) > 1 and "Authors" not in page:
        page = {("Authors" if name == "Author" else name): values for name, values in page.items()}
    return {name: tuple(values) for name, values in page.items()}


def _key(text: str, key: str, gap: int, page: dict[str, list[str]]) -> str:
    """Which key a line without a label belongs to; `key` is where the line before went."""
    if _CREDIT.match(text) and "Credit" not in page:
        return "Credit"
    for name, pattern in (("Source", _SOURCE), ("Copyright", _COPYRIGHT)):
        if pattern.match(text):
            return name
    for name, pattern in (("Draft date", _DATE), ("Contact", _CONTACT)):
        if pattern.search(text):
            return name
    first = key not in page
    if not gap or first:
        return key
    if key == "Title":
        return "Notes"
    return key if gap < 2 and key == "Author" and text.lower() in ("and", "&") else "Notes"
