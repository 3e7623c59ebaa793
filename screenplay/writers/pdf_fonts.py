"""Finds a font for every character: Courier where it has it, else a monospaced font of this machine, else any other.

No character is left to a viewer's guess: one that no font has is named, and a question mark is printed.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from screenplay.errors import WriteError

COURIER_WIDTH = 0.6
"""Of every character, as a part of the font's size."""
_COURIER = {
    (False, False): "Courier",
    (True, False): "Courier-Bold",
    (False, True): "Courier-Oblique",
    (True, True): "Courier-BoldOblique",
}
_PREFERRED = (
    "CourierPrime-Regular",
    "Courier Prime",
    "LiberationMono-Regular",
    "Cousine-Regular",
    "cour",
    "Courier New",
    "DejaVuSansMono",
    "FreeMono",
    "NotoSansMono-Regular",
    "Menlo",
    "consola",
)
"""Files, without suffix, in the order in which they are tried."""
_VARIANTS = {
    (True, False): ("-Bold", " Bold", "Bold", "bd", "b"),
    (False, True): ("-Italic", "-Oblique", " Italic", "Oblique", "i"),
    (True, True): ("-BoldItalic", "-BoldOblique", " Bold Italic", "BoldOblique", "bi", "z"),
}
_MOST_FILES = 200
"""A font takes some 30 ms to look into."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A font that has a character."""

    name: str
    """As reportlab knows it."""
    width: float
    """Of the character, as a part of the font's size."""


class Fonts:
    """The fonts of one PDF. What none of them has is collected in `missing`."""

    def __init__(self, font: str | os.PathLike[str] | None = None) -> None:
        self.missing: dict[str, None] = {}
        self._given = [] if font is None else [_given(Path(font))]
        self._chosen: dict[tuple[str, str, bool, bool], Choice | None] = {}

    def find(self, cluster: str, *, bold: bool, italic: bool, beside: str = "") -> Choice | None:
        """A font with every character of a cluster (a letter and its marks); None where there is none.

        It is the one that has the whole word `beside`, where any has.
        """
        if beside and in_courier(beside):
            return Choice(_COURIER[bold, italic], COURIER_WIDTH)
        key = (cluster, beside, bold, italic)
        if key not in self._chosen:
            found = self._find(cluster, beside or cluster, bold, italic)
            self._chosen[key] = found or self._find(cluster, cluster, bold, italic)
            if self._chosen[key] is None:
                self.missing[cluster] = None
        return self._chosen[key]

    def _find(self, cluster: str, word: str, bold: bool, italic: bool) -> Choice | None:
        if in_courier(word):
            return Choice(_COURIER[bold, italic], COURIER_WIDTH)
        for path in (*self._given, *system_fonts()):
            for candidate in (*_variants(path, bold, italic), path):
                loaded = _load(candidate)
                if loaded is not None and all(ord(character) in loaded.face.charToGlyph for character in word):
                    widths = loaded.face.charWidths
                    width = max(widths.get(ord(character), 0) for character in cluster) / 1000
                    return Choice(loaded.fontName, width or COURIER_WIDTH)
        return None


def courier(*, bold: bool, italic: bool) -> str:
    """The standard font of a style."""
    return _COURIER[bold, italic]


def in_courier(text: str) -> bool:
    """Whether the standard font has these characters: those of CP1252, which is what its encoding holds."""
    if text.isascii():
        return text.isprintable()
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return "\u00ad" not in text


def _given(path: Path) -> Path:
    if _load(path) is None:
        raise WriteError("this is no TrueType font", source=str(path), expected="a .ttf file", todo="Name another font")
    return path


@cache
def _load(path: Path) -> Any:
    """A font, registered with reportlab; None where it can't be used. Each path is looked into once a process."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    try:
        font = TTFont(f"{path.stem}-{abs(hash(path)) % 10_000}", str(path))
    except (TTFError, OSError, ValueError, IndexError, KeyError):  # not TrueType outlines, or damaged
        return None
    pdfmetrics.registerFont(font)
    return font


def _variants(path: Path, bold: bool, italic: bool) -> Iterator[Path]:
    """The same family's bold, italic or both."""
    stem = path.stem.removesuffix("-Regular").removesuffix(" Regular")
    for ending in _VARIANTS.get((bold, italic), ()):
        candidate = path.with_name(f"{stem}{ending}{path.suffix}")
        if candidate.is_file():
            yield candidate


@cache
def system_fonts() -> tuple[Path, ...]:
    """Font files of this machine: the preferred ones, then others that seem monospaced, then the rest."""
    files = {path.stem: path for folder in _folders() for path in sorted(folder.rglob("*.tt[fc]"))}
    order = {name: index for index, name in enumerate(_PREFERRED)}

    def rank(stem: str) -> tuple[int, bool, bool, str]:
        lower = stem.lower()
        plain = not any(word in lower for word in ("bold", "italic", "oblique", "light", "black", "condensed"))
        monospaced = any(word in lower for word in ("mono", "courier", "fixed", "typewriter", "console"))
        return order.get(stem, len(order)), not (monospaced and plain), not plain, stem

    return tuple(files[stem] for stem in sorted(files, key=rank)[:_MOST_FILES])


def _folders() -> Iterator[Path]:
    home = Path.home()
    if sys.platform == "darwin":
        found = [home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts")]
    elif sys.platform == "win32":
        windows, local = os.environ.get("WINDIR", "C:/Windows"), os.environ.get("LOCALAPPDATA", "")
        found = [Path(local, "Microsoft/Windows/Fonts"), Path(windows, "Fonts")]
    else:
        data = os.environ.get("XDG_DATA_HOME") or home / ".local/share"
        found = [Path(data, "fonts"), home / ".fonts", Path("/usr/local/share/fonts"), Path("/usr/share/fonts")]
    yield from (folder for folder in found if folder.is_dir())


def describe(cluster: str) -> str:
    """A character as messages name it."""
    return f"{cluster} ({', '.join(f'U+{ord(character):04X}' for character in cluster)})"


def normalized(text: str) -> str:
    """Letters joined with their marks where Unicode has them in one, and without what is never seen."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")
