"""What options may be set to, for the help: asking `screenplay.formats` itself takes 0.3 s of imports.

A test holds these names to its table.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

Readable: TypeAlias = Literal["fountain", "text", "json", "fdx", "html", "pdf"]
Writable: TypeAlias = Literal["fountain", "text", "json", "fdx", "html", "pdf"]
Written: TypeAlias = Literal["page", Writable]
"""Formats of `write`: a page is what a terminal shows, and plain text elsewhere."""
Parsed: TypeAlias = Literal["table", "json", "lines", "stream"]
"""Formats of `parse`."""
