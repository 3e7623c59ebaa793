"""Tells CP1252 (Windows) from Mac Roman: both give every byte a meaning, but only one of them makes words."""

from __future__ import annotations

import codecs
import re

_HIGH = re.compile(rb"[^\x00-\x7f]+")
_MOST_PLACES = 20_000
"""So many places with other than ASCII letters are looked at."""
_SURE_SHARE = 0.1
"""Mac Roman has to make more sense at this part of the places than CP1252, which is far more common."""
_CP1252 = "".join(
    bytes([byte]).decode("cp1252" if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else "latin-1") for byte in range(256)
)
"""Five bytes mean nothing in CP1252; Latin-1 has a control character for each, which elements clean away."""
_MAC_ROMAN = "".join(bytes([byte]).decode("mac_roman") for byte in range(256))
_TYPED = frozenset("‘’“”–—…«»¿¡ \u00a0")
"""What writers type beside letters."""


def decode_single(data: bytes) -> tuple[str, str]:
    """Text in one of the two, and the encoding's name as people know it."""
    places = 0
    lead = 0
    for found in _HIGH.finditer(data):
        places += 1
        start, end = found.span()
        around = data[max(start - 1, 0) : end + 1]
        lead += _sense(around, _MAC_ROMAN) - _sense(around, _CP1252)
        if places >= _MOST_PLACES:
            break
    if lead > max(_SURE_SHARE * places, 1):
        return data.decode("mac_roman"), "Mac Roman"
    return codecs.charmap_decode(data, "strict", _CP1252)[0], "CP1252 (Western European)"


def _sense(around: bytes, table: str) -> int:
    """How much a few bytes look like a part of a word or like punctuation, in this encoding."""
    text = "".join(table[byte] for byte in around)
    sense = 0
    for index, letter in enumerate(text):
        if letter.isascii():
            continue
        before, after = text[index - 1 : index], text[index + 1 : index + 2]
        if letter in _TYPED:
            sense += 1
        elif not letter.isalpha():
            sense -= 1
        elif letter.islower():
            sense += 1 if not after.isupper() else -1
        else:
            sense += 1 if not before.islower() else -1
    return sense
