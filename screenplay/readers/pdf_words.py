"""Takes words out of a PDF's pages, each with its place and style, by way of PDFium."""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from screenplay.emphasis import Run
from screenplay.errors import ReadError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

_WORD = re.compile(r"\S+")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_LEVEL_RADIANS = 0.02
"""Text at a greater angle is a stamp across the page."""
_MOST_PAGES = 10_000
_MOST_OBJECTS = 20_000
"""So many drawings of a page are looked at for underlines."""
_LINE_POINTS = 2.0
"""An underline is no higher."""
_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique", re.IGNORECASE)
PLAIN = Run("")


@dataclass(frozen=True, slots=True)
class Word:
    """Letters without a space between them, in one style."""

    text: str
    left: float
    """Points from the page's left edge; so is `right`."""
    right: float
    base: float
    """The baseline's height above the page's lower edge, in points."""
    size: float
    style: Run = PLAIN
    is_glued: bool = False
    """No space parts it from the word before."""
    is_ended: bool = False
    """A space stands after it at the line's end."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The words of one page, in no particular order."""

    words: list[Word]
    height: float
    has_pictures: bool


@dataclass(frozen=True, slots=True)
class _Stroke:
    """A thin horizontal line."""

    left: float
    right: float
    base: float


def open_pdf(data: bytes, *, source: str) -> PdfDocument:
    """The document, to be closed by the caller.

    Raises:
        ReadError: pypdfium2 is not installed, or the file is damaged, locked or beyond all measure.
    """
    try:
        # 0.2 s, and an extra: only who reads PDF pays for it.
        import pypdfium2
    except ImportError as error:
        todo = "Install it: pip install 'lebowski-gen[pdf]'"
        raise ReadError("reading PDF needs pypdfium2", source=source, todo=todo) from error
    try:
        document = pypdfium2.PdfDocument(data)
        pages = len(document)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            todo = "Take the password off, or print it to a new PDF"
            raise ReadError("this PDF is locked with a password", source=source, todo=todo) from error
        raise ReadError("this PDF is damaged", source=source, todo="Export it again") from error
    if not 0 < pages <= _MOST_PAGES:
        document.close()
        raise ReadError(f"this PDF says it has {pages} pages", source=source, expected=f"1 to {_MOST_PAGES}")
    return document


def sheets(document: PdfDocument) -> Iterator[Sheet | None]:
    """Each page's words; None for a page that is damaged."""
    import pypdfium2

    for number in range(len(document)):
        try:
            page = document[number]
            text = page.get_textpage()
        except pypdfium2.PdfiumError:
            yield None
            continue
        try:
            strokes, has_pictures = _drawings(page)
            words = list(_underlined(_Letters(text).words(), strokes))
            yield Sheet(words, page.get_height(), has_pictures)
        finally:
            text.close()
            page.close()


class _Letters:
    """The letters of one page."""

    def __init__(self, page: PdfTextPage) -> None:
        import pypdfium2.raw

        self._pdfium: Any = pypdfium2.raw
        self._page = page
        self._raw = page.raw
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._box = self._pdfium.FS_RECTF()
        self._fonts: dict[int, Run] = {}

    def words(self) -> Iterator[Word]:
        """All words, each in one style, without what is drawn twice."""
        text = self._page.get_text_range()
        # Beyond the basic plane one letter may count as two for PDFium.
        is_direct = len(text) == self._page.count_chars()
        seen: set[tuple[str, int, int]] = set()
        for match in _WORD.finditer(text):
            start, end = match.span()
            if not is_direct:
                start, end = self._index(start), self._index(end - 1) + 1
            follows = text[match.end() : match.end() + 2]
            is_ended = follows[:1] == " " and follows[1:] in ("", "\r", "\n")
            for word in self._pieces(match[0], start, end, is_ended=is_ended):
                key = (word.text, round(word.left), round(word.base))
                if key in seen:
                    continue  # drawn twice, to look bold
                seen.update((word.text, key[1] + shift, key[2]) for shift in (-1, 0, 1))
                yield word

    def _index(self, index: int) -> int:
        found: int = self._pdfium.FPDFText_GetCharIndexFromTextIndex(self._raw, index)
        return max(found, 0)

    def _pieces(self, text: str, start: int, end: int, *, is_ended: bool) -> Iterator[Word]:
        """A word, cut where its style changes or its letters jump."""
        letters = _readable(text)
        if not letters or abs(_angle(self._pdfium.FPDFText_GetCharAngle(self._raw, start))) > _LEVEL_RADIANS:
            return
        size = self._pdfium.FPDFText_GetFontSize(self._raw, start)
        left, base = self._origin(start)
        right = self._right(end - 1)
        first, last = self._style(start), self._style(end - 1)
        if is_leftward(letters):
            places = [self._origin(index)[0] for index in range(start, end)]
            edge = max(right, self._right(start))
            yield Word(letters, min(places), edge, base, size, first, is_ended=is_ended)
            return
        if first == last and right > left:
            yield Word(letters, left, right, base, size, first, is_ended=is_ended)
            return
        # Letter by letter, which is slow and seldom needed.
        begin, style = 0, first
        for index in range(1, end - start + 1):
            here = self._style(start + index) if start + index < end else None
            jumps = start + index < end and self._origin(start + index)[0] < self._origin(start + index - 1)[0]
            if here == style and not jumps:
                continue
            piece = _readable(text[begin:index])
            if piece:
                left, base = self._origin(start + begin)
                right = self._right(start + index - 1)
                ends = is_ended and start + index == end
                yield Word(piece, left, right, base, size, style, begin > 0 and not jumps, ends)
            begin, style = index, here or first

    def _origin(self, index: int) -> tuple[float, float]:
        self._pdfium.FPDFText_GetCharOrigin(self._raw, index, self._x, self._y)
        return self._x.value, self._y.value

    def _right(self, index: int) -> float:
        """Where a letter's own width ends; a loose box does not depend on the letter's shape."""
        self._pdfium.FPDFText_GetLooseCharBox(self._raw, index, self._box)
        return float(self._box.right)

    def _style(self, index: int) -> Run:
        """Bold and italic, as the font's name says."""
        pdfium = self._pdfium
        text_object = pdfium.FPDFText_GetTextObject(self._raw, index)
        font = pdfium.FPDFTextObj_GetFont(text_object) if text_object else None
        if not font:
            return PLAIN
        key = ctypes.addressof(font.contents)
        if key not in self._fonts:
            length = pdfium.FPDFFont_GetBaseFontName(font, None, 0)
            buffer = ctypes.create_string_buffer(max(length, 1))
            pdfium.FPDFFont_GetBaseFontName(font, buffer, length)
            name = buffer.value.decode("utf-8", errors="replace")
            self._fonts[key] = Run("", bold=bool(_BOLD.search(name)), italic=bool(_ITALIC.search(name)))
        return self._fonts[key]


def is_leftward(text: str) -> bool:
    """Whether a word is written from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)


def _angle(radians: float) -> float:
    """From minus half a turn to half a turn; -1 is what PDFium says where it knows none."""
    return 0.0 if radians < 0 else (radians + math.pi) % (2 * math.pi) - math.pi


def _readable(text: str) -> str:
    """Letters as they are written: no ligatures, and the hyphens back that PDFium marks at line ends."""
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\x02", "-").replace("\ufffe", "-").replace("\uffff", "\ufffd")
    text = _LIGATURE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return "".join(letter for letter in text if letter == "\xad" or unicodedata.category(letter) not in ("Cc", "Cs"))


def _drawings(page: PdfPage) -> tuple[list[_Stroke], bool]:
    """Thin horizontal lines on a page, and whether there are pictures."""
    import pypdfium2.raw as pdfium

    strokes: list[_Stroke] = []
    has_pictures = False
    for index in range(min(pdfium.FPDFPage_CountObjects(page.raw), _MOST_OBJECTS)):
        drawn: Any = pdfium.FPDFPage_GetObject(page.raw, index)
        kind = pdfium.FPDFPageObj_GetType(drawn)
        has_pictures |= kind == pdfium.FPDF_PAGEOBJ_IMAGE
        if kind != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        if not pdfium.FPDFPageObj_GetBounds(drawn, left, bottom, right, top):
            continue
        if top.value - bottom.value <= _LINE_POINTS < right.value - left.value:
            strokes.append(_Stroke(left.value, right.value, (top.value + bottom.value) / 2))
    return strokes, has_pictures


def _underlined(words: Iterator[Word], strokes: list[_Stroke]) -> Iterator[Word]:
    """The words, with a line under those, or under those letters, that have one."""
    if not strokes:
        yield from words
        return
    rows: dict[int, list[_Stroke]] = {}
    for stroke in strokes:
        rows.setdefault(round(stroke.base), []).append(stroke)
    for word in words:
        depth = word.size / 3
        near = [
            s for base in range(math.floor(word.base - depth), math.ceil(word.base) + 1) for s in rows.get(base, ())
        ]
        under = next((s for s in near if s.left < word.right and s.right > word.left), None)
        yield from [word] if under is None else _parted(word, under)


def _parted(word: Word, under: _Stroke) -> Iterator[Word]:
    width = (word.right - word.left) / len(word.text)
    start = min(max(0, round((under.left - word.left) / width)), len(word.text))
    end = min(max(0, round((under.right - word.left) / width)), len(word.text))
    for begin, stop, is_under in ((0, start, False), (start, end, True), (end, len(word.text), False)):
        if begin < stop:
            yield replace(
                word,
                text=word.text[begin:stop],
                left=word.left + begin * width,
                right=word.left + stop * width,
                style=replace(word.style, underline=is_under),
                is_glued=word.is_glued or begin > 0,
                is_ended=word.is_ended and stop == len(word.text),
            )
