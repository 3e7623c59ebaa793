"""Put a typed page into letters that have no capitals: Hebrew, Arabic, Chinese; each line's state stays true."""

from __future__ import annotations

import random
import re
import zlib

from layout_page import BLANK, Page

from screenplay.readers.layout_states import HEADING, TITLE_PAGE

HEADS = {
    "hebrew": ("פנים. ", "חוץ. ", "פנים - ", "חוץ/פנים - "),
    "arabic": ("داخلي - ", "خارجي - ", "داخلي / "),
    "chinese": ("内景 ", "外景 ", "内景．", "外 ", "内/外 "),
    "japanese": ("○", "〇 ", "○"),
}
_LETTERS = {"hebrew": "אבגדהוזחטיכלמנסעפצקרשת", "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"}
_FIRST_IDEOGRAPH, _IDEOGRAPHS = 0x4E00, 3000
_WIDE = str.maketrans("(),.:?!", "（），。：？！")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_PLACE = re.compile(r"(?:INT|EXT)\w*(?:[./ ]{1,2}(?:INT|EXT)\w*)?[ .:\-]{0,3}", re.IGNORECASE)
_SPACE_BETWEEN = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")


def uncased(page: Page, alphabet: str, rng: random.Random) -> Page:
    """Every word becomes a word of the alphabet, always the same; headings open as they do there."""
    out = Page()
    heads = rng.sample(HEADS[alphabet], 2)
    wide = rng.random() < 0.7
    for line, state in zip(page.lines, page.states, strict=True):
        if state != BLANK:
            bare = line.lstrip(" ")
            head = ""
            if state == HEADING:
                place = _PLACE.match(bare)
                head, bare = (rng.choice(heads), bare[place.end() :]) if place else ("", bare)
            if state != TITLE_PAGE or rng.random() < 0.9:
                bare = _WORD.sub(lambda word: _word(word[0], alphabet), bare)
            if alphabet in ("chinese", "japanese"):
                bare = _SPACE_BETWEEN.sub("", bare.translate(_WIDE) if wide else bare)
            line = " " * (len(line) - len(line.lstrip(" "))) + head + bare
        out.lines.append(line)
        out.states.append(state)
    return out


def _word(word: str, alphabet: str) -> str:
    word = word.lower()
    if alphabet in _LETTERS:
        letters = _LETTERS[alphabet]
        return "".join(letters[ord(letter) % len(letters)] for letter in word if letter.isalpha())
    seed = zlib.crc32(word.encode())
    first = chr(_FIRST_IDEOGRAPH + seed % _IDEOGRAPHS)
    if alphabet == "japanese" and len(word) < 5:
        return chr(0x3042 + seed % 80)
    return first + chr(_FIRST_IDEOGRAPH + seed // _IDEOGRAPHS % _IDEOGRAPHS) if len(word) > 3 else first
