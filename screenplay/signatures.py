"""How files begin that say themselves which format they are in, whatever they are called."""

from __future__ import annotations

import re

_WIDE = rb"\x00?"


def _wide(tag: bytes) -> bytes:
    """A tag in one byte a character, or in two."""
    return _WIDE.join(re.escape(bytes([byte])) for byte in tag)


FDX = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\x00]*(?:<\x00?\?[^>]{0,400}>[\s\x00]*)?"
    + _wide(b"<FinalDraft")
    # Other XML is no screenplay; the reader says so, and refuses document type definitions.
    + rb"|(?:\xef\xbb\xbf)?\s*<\?xml\s[^>]{0,400}>\s*(?:<!--[^>]{0,400}-->\s*)?<(?:!DOCTYPE\s+)?(?!html|!)[A-Za-z]",
    re.IGNORECASE,
)
"""How a Final Draft file, and any XML but a web page, begins."""
HTML = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\x00]*(?:<\?xml[^>]{0,400}>\s*)?(?:<!--[^>]{0,400}-->\s*)?"
    rb"(?:<(?:!doctype\s+html|html|head|body|pre|div|p|h[1-6]|meta|title)[\s>/]|"
    + _wide(b"<!doctype")
    + rb"|"
    + _wide(b"<html")
    + rb")",
    re.IGNORECASE,
)
"""How a web page begins."""
PDF = re.compile(rb"(?:\xef\xbb\xbf)?\s*%PDF-\d")
"""How a PDF file begins."""
