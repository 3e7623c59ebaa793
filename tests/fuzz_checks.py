"""What must hold of every reading of any file, and what of the screenplay that comes out."""

from __future__ import annotations

import re
import time
import warnings
from collections import Counter
from itertools import zip_longest

from carrying import carried
from hostile_reading import NAME, read

from screenplay import formats
from screenplay.elements import Screenplay, clean
from screenplay.errors import ReadError, ReadWarning, WriteError, WriteWarning
from screenplay.readers import Reading, fdx, fountain, html

_MARKUP = re.compile(r"</?(?:b|i|u|pre|center|font|p|br|strong|em)\s{0,3}/?>", re.IGNORECASE)
"""Tags that a scraper left in a text are furniture."""
_BASE_S = 2.0
_PDF_S = 20.0
"""A few bytes can ask for 10,000 pages."""
_MOST_S_PER_BYTE = 200e-6
"""Very slow; what is beyond is not linear. The sizes of `hostile_sizes.py` tell more."""


class FaultError(AssertionError):
    """Something that a reader or a writer must not do."""


def check(reader: str, data: str | bytes, *, with_pdf: bool = False) -> str:
    """Read and write; `read` or `refused`.

    Raises:
        FaultError: Something that must hold does not.
        Exception: Whatever a reader or writer let out.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", ReadWarning)
        warnings.simplefilter("ignore", WriteWarning)
        started = time.process_time()
        try:
            reading = read(reader, data)
        except ReadError as error:
            if error.source != NAME:
                raise FaultError(f"the error does not name the file: {error}") from error
            if reader in ("fountain", "text", "prose", "detect"):
                raise FaultError(f"text was refused: {error}") from error
            return "refused"
        finally:
            spent_s = time.process_time() - started
            if spent_s > (_PDF_S if reader == "pdf" else _BASE_S) + _MOST_S_PER_BYTE * len(data):
                raise FaultError(f"{spent_s:.1f} s for {len(data)} bytes")
        if reading is None:
            return "read"
        if reader in ("fountain", "text"):
            assert isinstance(data, str)
            _check_words(reader, data, reading)
        _check_sound(reading.screenplay)
        _check_written(reading.screenplay, with_pdf=with_pdf)
    return "read"


def _check_sound(screenplay: Screenplay) -> None:
    """Every element is one that its own class would take, as it is."""
    again = Screenplay.model_validate(screenplay.model_dump())
    if again != screenplay:
        changed = next(
            (pair for pair in zip(screenplay.elements, again.elements, strict=False) if pair[0] != pair[1]), ""
        )
        raise FaultError(f"an element is not clean: {changed}")


def _check_written(screenplay: Screenplay, *, with_pdf: bool) -> None:
    """Every writer writes it, and the exact ones so that it reads back as it was."""
    written: dict[str, str] = {}
    for row in formats.TABLE:
        if row.render is None or (row.name == "pdf" and not with_pdf):
            continue
        try:
            made = row.render(screenplay)
        except WriteError as error:
            raise FaultError(f"{row.name} refuses to write it: {error}") from error
        if isinstance(made, str):
            made.encode()
            written[row.name] = made
    kept = {
        "json": (Screenplay.from_json(written["json"]), screenplay),
        "fountain": (fountain.read(written["fountain"]), screenplay),
        "html": (html.read(written["html"]), carried(screenplay)),
        "fdx": (fdx.read(written["fdx"]), carried(screenplay, xml=True)),
    }
    for name, (found, expected) in kept.items():
        if found != expected:
            raise FaultError(f"{name} does not keep it: {_first_change(expected, found)}")


def _first_change(one: Screenplay, two: Screenplay) -> str:
    pairs = zip_longest(one.elements, two.elements)
    return next((f"{a!r} became {b!r}" for a, b in pairs if a != b), "the title page")


def _letters(text: str) -> Counter[str]:
    return Counter(letter for letter in text if letter.isalpha())


def _check_words(reader: str, text: str, reading: Reading) -> None:
    """Every letter of the text is in the screenplay, but for furniture and what a format says otherwise."""
    held = _letters("".join(_texts(reading.screenplay)))
    if reader == "text":  # a scene number in both margins is one
        held += _letters("".join(getattr(e, "number", None) or "" for e in reading.screenplay.elements))
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if reader == "text":
        lines = [_MARKUP.sub("", clean(line)) for line in lines]
    asked: Counter[str] = Counter()
    keys: set[str] = set()
    above = ""
    for line, tag in zip(lines, reading.tags, strict=False):
        above, before = (tag, above) if tag != "blank" else (above, above)
        if tag == "furniture" or (reader == "text" and tag == "character" and before == "furniture"):
            continue  # the latter is a cue that a page break repeated
        if tag == "title_page":
            key = line.partition(":")[0].casefold().strip()
            if key in keys:
                line = line.partition(":")[2]  # a key that stands twice is one
            keys.add(key)
        asked += _letters(line)
    if reader == "fountain":
        asked -= Counter("shot" * text.count("[[shot]]"))  # a mark, not a note
    missing = asked - held
    if missing:
        raise FaultError(f"lost letters: {''.join(sorted(missing.elements()))[:80]!r}")


def _texts(screenplay: Screenplay) -> list[str]:
    found: list[str] = []
    for key, values in screenplay.title_page.items():
        found += (key, *values)
    for element in screenplay.elements:
        found += (str(getattr(element, name, None) or "") for name in ("text", "name", "extension", "number"))
    return found
