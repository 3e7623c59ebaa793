"""Readers: one module a format, each turning a file's text into a Screenplay.

Every reader of text has `scan(text, *, source="<text>") -> Reading`; it never drops words and
never fails on text, whatever the text is.
"""

from __future__ import annotations

from dataclasses import dataclass

from screenplay.elements import Screenplay


@dataclass(frozen=True, slots=True)
class Reading:
    """A screenplay, and what each line of its source was taken for."""

    screenplay: Screenplay
    tags: tuple[str, ...]
    """One a source line: an element's kind, `title_page`, `blank` or `furniture`. Empty where a format has no lines."""
