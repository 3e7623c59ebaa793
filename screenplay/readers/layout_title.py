"""Sort the lines of a title page into Fountain's keys."""

from __future__ import annotations

import re

_LABELLED = re.compile(r"(?P<key>[A-Z][A-Za-z]{1,15}(?: [A-Za-z]{1,12})?)\s{0,2}:(?:\s{1,20}(?P<value>\S.{0,400})?)?$")
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
    r"(?:contact|agent|phone|tel\b|e-?mail)|@\S+\.|\(?\d{3}\)?[ -.]\d{3}[ -.]\d{4}|\b[A-Z]{2} \d{5}\b", re.IGNORECASE
)
_DATE = re.compile(
    r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,? \d{1,4}\b"
    r"|\b(?:draft|revised|revisions?|rev\.)\b|^(?:19|20)\d\d$",
    re.IGNORECASE,
)


def title_page(lines: list[tuple[str, int]]) -> dict[str, tuple[str, ...]]:
    """Key to lines, in order of appearance; what has no better place is `Notes`.

    Args:
        lines: Text of each line, and how many blank lines stand before it.
    """
    page: dict[str, list[str]] = {}
    key = "Title"
    for text, gap in lines:
        labelled = _LABELLED.match(text)
        if labelled is not None and not _CREDIT.match(text) and not _SOURCE.match(text):
            key = labelled["key"]
            if labelled["value"]:
                page.setdefault(key, []).append(labelled["value"])
            continue
        key = _key(text, key, gap, page)
        page.setdefault(key, []).append(text)
        if key == "Credit":
            key = "Author"
    return {name: tuple(values) for name, values in page.items()}


def _key(text: str, key: str, gap: int, page: dict[str, list[str]]) -> str:
    """Which key a line without a label belongs to; `key` is where the line before went."""
    if _CREDIT.match(text) and "Credit" not in page:
        return "Credit"
    for name, pattern in (("Source", _SOURCE), ("Copyright", _COPYRIGHT), ("Draft date", _DATE), ("Contact", _CONTACT)):
        if pattern.search(text) if name in ("Draft date", "Contact") else pattern.match(text):
            return name
    if key == "Title" and "Title" in page and gap > 1:
        return "Notes"
    if key in ("Author", "Source") and key in page and gap > 1:
        return "Notes"
    if key == "Draft date" and gap:
        return "Notes"
    return key
