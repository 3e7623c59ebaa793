"""Which format a text is in: asked of its suffix, then of the text itself, which has the last word."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import PurePath

_MARKUP = (
    (re.compile(r"\s*(<\?xml[^>]{0,200}>\s*)?<FinalDraft\b"), "fdx"),
    (re.compile(r"\s*(<\?xml[^>]{0,200}>\s*)?(<!doctype html|<html)\b", re.IGNORECASE), "html"),
)
_JSON = re.compile(r'\s*\{\s*("(title_page|elements)"\s*:|\})')
_TITLE_KEY = re.compile(r"(title|credit|authors?|source|draft date|contact|copyright)\s*:", re.IGNORECASE)
_MARK = re.compile(r"(\.[^\W\d_]|@\S|!\S|~\S|#{1,6} ?\S|=(=={1,})?( |$)|>.*<\s*$|/\*|\[\[)")
_HEADING = re.compile(r"(INT|EXT|EST|I/E)[. /]", re.IGNORECASE)
_HEADING_NUMBER = re.compile(r"#[\w.\-]+#\s*$")
_SAMPLE_CHARS = 200_000
_WRAP_CHARS = 80
"""Laid-out text never has longer lines but for page furniture; Fountain's paragraphs do."""


def detect(text: str, *, source: str = "<text>") -> str:
    """Name the format: `fountain`, `text` (a laid-out page), `json`, `fdx` or `html`.

    Linear in the length of the text.
    """
    suffix = PurePath(source).suffix.lower()
    start = text.removeprefix("\ufeff")[:1000]
    for pattern, name in _MARKUP:
        if pattern.match(start):
            return name
    if _JSON.match(start) or suffix == ".json":
        return "json"
    look = _Look(text)
    if suffix in (".fountain", ".spmd"):
        return "text" if look.is_page_beyond_doubt else "fountain"
    return "fountain" if look.is_fountain else "text"


class _Look:
    """What the first lines say for and against either text format."""

    def __init__(self, text: str) -> None:
        sample = text[:_SAMPLE_CHARS].replace("\r\n", "\n").replace("\r", "\n")
        lines = sample.expandtabs(8).split("\n")
        filled = [line for line in lines if line.strip()]
        self.marks = sum(bool(_MARK.match(line)) for line in filled)
        self.marks += sum(bool(_HEADING_NUMBER.search(line)) for line in filled)
        self.titled = bool(filled and _TITLE_KEY.match(filled[0]))
        self.headings = sum(bool(_HEADING.match(line)) for line in filled)
        self.indented, self.flush = self._cues(lines)
        self.long_lines = sum(len(line.strip()) > _WRAP_CHARS for line in filled)
        self.filled = len(filled)

    @staticmethod
    def _cues(lines: list[str]) -> tuple[int, int]:
        """Count lines that look like cues: those far in above text less far in; those level with it, under a blank."""
        indented = flush = 0
        depths = sorted(len(line) - len(line.lstrip()) for line in lines if line.strip())
        margin = depths[len(depths) // 20] if depths else 0  # not the least: one stray line would move it
        above = ""
        for line, below in pairwise(lines):
            opens, above = not above.strip(), line
            name, speech = line.strip(), below.strip()
            if not (1 < len(name) < 40 and speech and name == name.upper() != name.lower()):
                continue
            depth = len(line) - len(line.lstrip())
            depth_below = len(below) - len(below.lstrip())
            if depth >= margin + 8 and margin < depth_below != depth:
                indented += 1
            elif opens and depth == depth_below <= margin and not _HEADING.match(name):
                flush += 1
        return indented, flush

    @property
    def is_page_beyond_doubt(self) -> bool:
        """Indented speeches all through, lines wrapped by hand, and nothing that only Fountain has."""
        return (
            self.indented >= 8
            and self.indented > 4 * self.flush
            and not self.titled
            and self.marks * 50 <= self.filled
            and self.long_lines * 100 <= self.filled
        )

    @property
    def is_fountain(self) -> bool:
        """Fountain's own marks, or speeches at the margin under paragraphs that nobody wrapped."""
        if self.indented > self.flush:
            return False
        if self.titled or (self.marks >= 3 and self.marks * 200 >= self.filled):
            return True
        return self.headings > 0 and self.flush * 4 > self.headings and self.long_lines > 0
