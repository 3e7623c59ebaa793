"""Writes the documented JSON, which carries everything that a Screenplay holds."""

from __future__ import annotations

from screenplay.elements import Screenplay


def render(screenplay: Screenplay) -> str:
    """One object with `title_page` and `elements`, indented, ending in a line break."""
    return screenplay.to_json() + "\n"
