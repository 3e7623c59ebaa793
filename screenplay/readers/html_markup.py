"""Cuts a web page into tags and text, in one pass and linear time, whatever the page is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape as _unescape

_TAG = re.compile(r"</?[A-Za-z][^\s/>\x00]*")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_TAG_STOP = re.compile("[\"'>]")
_HUGE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9A-Fa-f]{8,});?")
_RAW = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in ("script", "style", "textarea", "title", "xmp")
}
"""Elements in which nothing is a tag but their own end."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A start tag (`tag` `p`), an end tag (`/p`), a comment (`!`) or text (an empty tag)."""

    tag: str
    text: str = ""
    """Of text and comments; entities are characters already."""
    line: int = 1
    attributes: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """An attribute, empty where there is none."""
        return self.attributes.get(name, "")


def pieces(page: str) -> Iterator[Piece]:
    """Everything on a page, in order. Nothing fails: what is no tag is text."""
    line, counted, at = 1, 0, 0
    while at < len(page):
        opens = page.find("<", at)
        opens = len(page) if opens < 0 else opens
        line, counted = line + page.count("\n", counted, at), at
        if opens > at:
            yield Piece("", unescape(page[at:opens]), line)
            line, counted, at = line + page.count("\n", counted, opens), opens, opens
            if at == len(page):
                return
        if page.startswith("<!--", at):
            end = page.find("-->", at + 4)
            yield Piece("!", page[at + 4 : len(page) if end < 0 else end], line)
            at = len(page) if end < 0 else end + 3
        elif page.startswith(("<!", "<?"), at):
            end = page.find(">", at)
            at = len(page) if end < 0 else end + 1
        elif name := _TAG.match(page, at):
            end = _tag_end(page, name.end())
            if end < 0:  # no tag ends any more
                yield Piece("", unescape(page[at:]), line)
                return
            tag = name[0][1:].lower()
            yield Piece(tag, "", line, {} if tag[0] == "/" else _attributes(page[name.end() : end - 1]))
            at = end
            if tag in _RAW:
                close = _RAW[tag].search(page, at)
                stop = close.start() if close else len(page)
                inner = page[at:stop]
                if tag not in ("script", "style"):
                    yield Piece("", unescape(inner), line + page.count("\n", counted, at))
                at = stop
        else:
            yield Piece("", "<", line)
            at += 1


def unescape(text: str) -> str:
    """Entities as characters."""
    # The standard library turns any number of digits into an integer: in square time, and no more than 4,300 of them.
    return _unescape(_HUGE.sub("\ufffd", text) if "&#" in text else text)


def _tag_end(page: str, at: int) -> int:
    """Where the tag ends whose name ended at `at`: after its `>`, but not one inside quotes."""
    while stop := _TAG_STOP.search(page, at):
        at = stop.end()
        if stop[0] == ">":
            return at
        if page[stop.start() - 1] == "=" or page[stop.start() - 1].isspace():
            closed = page.find(stop[0], at)
            if closed >= 0:  # else the quote is a stray one, and there is none of its kind further on
                at = closed + 1
    return -1


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found
