"""Takes words out of a PDF's pages, each with its place and style, by way of PDFium."""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from screenplay.emphasis import Run
from screenplay.errors import ReadError
from screenplay.readers.pdf_trial import try_out

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

_WORD = re.compile("[^\\s\x02\ufffe]+[\x02\ufffe]?|[\x02\ufffe]")
"""PDFium joins a line that ends in a hyphen with the next one, whatever that is; these mark such hyphens."""
_LINE = re.compile("[^\r\n]+")
_LIGATURE = re.compile("[\ufb00-\ufb06\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefe]")
"""Joined letters, and the shapes that Arabic letters take."""
_LEVEL = 0.02
"""Text that rises by more, as a part of its length, is a stamp across the page."""
_SLANT = 0.1
"""Upright letters that lean by more, as a part of their height, stand for italics."""
_SAMPLE_LETTERS = 60
_QUARTERS = ((1, 0), (0, 1), (-1, 0), (0, -1))
"""The directions in which the text of a page may run, a quarter turn apart."""
_MOST_PAGES = 10_000
_MOST_OBJECTS = 20_000
"""So many drawings of a page are looked at for underlines."""
_LINE_POINTS = 2.0
"""An underline is no higher."""
_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique", re.IGNORECASE)
PLAIN = Run("")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a word stands in the file's own text."""

    order: int = 0
    """Among the words of its page."""
    is_spaced: bool = False
    """A space parts it from the word before."""
    is_ended: bool = False
    """A space stands after it at the line's end."""


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
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The words of one page, in no particular order."""

    words: list[Word]
    height: float
    has_pictures: bool
    unreadable: int = 0
    """Words whose letters the page's fonts do not name."""


@dataclass(frozen=True, slots=True)
class _Stroke:
    """A thin horizontal line."""

    left: float
    right: float
    base: float


def open_pdf(data: bytes, *, source: str) -> PdfDocument:
    """The document, to be closed by the caller.

    Raises:
        ReadError: pypdfium2 is not installed, or the file is damaged, locked, beyond all measure or made to do harm.
    """
    try:
        # 0.2 s, and an extra: only who reads PDF pays for it.
        import pypdfium2
    except ImportError as error:
        todo = "Install it: pip install 'lebowski-gen[pdf]'"
        raise ReadError("reading PDF needs pypdfium2", source=source, todo=todo) from error
    try_out(data, source=source)
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
            letters = _Letters(text, page.get_bbox())
            strokes, has_pictures = _drawings(page, letters.view)
            words = list(_underlined(letters.words(), strokes))
            yield Sheet(words, letters.view.height, has_pictures, letters.unreadable)
        finally:
            text.close()
            page.close()


@dataclass(frozen=True, slots=True)
class _View:
    """The part of a page that is shown, turned so that most of its text runs from left to right."""

    box: tuple[float, float, float, float]
    """Left, bottom, right, top in the page's own measure."""
    quarters: int = 0
    """In which of `_QUARTERS` the text runs."""

    @property
    def height(self) -> float:
        """From the lower edge to the upper one, as the text is read."""
        left, bottom, right, top = self.box
        return right - left if self.quarters % 2 else top - bottom

    @property
    def width(self) -> float:
        """From the left edge to the right one, as the text is read."""
        left, bottom, right, top = self.box
        return top - bottom if self.quarters % 2 else right - left

    def place(self, x: float, y: float) -> tuple[float, float]:
        """How far right of the left edge, and above the lower one, a place of the page is."""
        left, bottom, right, top = self.box
        if self.quarters == 0:
            return x - left, y - bottom
        if self.quarters == 1:
            return y - bottom, right - x
        if self.quarters == 2:
            return right - x, top - y
        return top - y, x - left


class _Letters:
    """The letters of one page."""

    def __init__(self, page: PdfTextPage, box: tuple[float, float, float, float]) -> None:
        import pypdfium2.raw

        self._pdfium: Any = pypdfium2.raw
        self._page = page
        self._raw = page.raw
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._box = self._pdfium.FS_RECTF()
        self._matrix = self._pdfium.FS_MATRIX()
        self._fonts: dict[int, Run] = {}
        self.unreadable = 0
        self.view = _View(box, self._direction())

    def _direction(self) -> int:
        """Which way most of the page's text runs: pages are printed sideways, and scanned upside down."""
        count = self._page.count_chars()
        found: Counter[int] = Counter()
        for index in range(0, count, max(1, count // _SAMPLE_LETTERS)):
            if chr(self._pdfium.FPDFText_GetUnicode(self._raw, index)).isspace():
                continue
            along, up, _ = self._shape(index)
            best = max(range(4), key=lambda quarter: along * _QUARTERS[quarter][0] + up * _QUARTERS[quarter][1])
            found[best] += 1
        return found.most_common(1)[0][0] if found else 0

    def _shape(self, index: int) -> tuple[float, float, float]:
        """How far a letter's line runs to the right and up, in one em, and how far the letter leans."""
        matrix = self._matrix
        if not self._pdfium.FPDFText_GetMatrix(self._raw, index, matrix):
            matrix.a, matrix.b, matrix.c, matrix.d = 1.0, 0.0, 0.0, 1.0
        area = matrix.a * matrix.d - matrix.b * matrix.c
        lean = (matrix.a * matrix.c + matrix.b * matrix.d) / area if area else 0.0
        return matrix.a, matrix.b, lean

    def words(self) -> Iterator[Word]:
        """All words, each in one style, without what is drawn twice."""
        text = self._page.get_text_range()
        # Beyond the basic plane one letter may count as two for PDFium.
        is_direct = len(text) == self._page.count_chars()
        leftward = _leftward_lines(text)
        opens = [low for low, _ in leftward]
        seen: set[tuple[str, int, int]] = set()
        for order, match in enumerate(_WORD.finditer(text)):
            start, end = match.span()
            if not is_direct:
                start, end = self._index(start), self._index(end - 1) + 1
            follows = text[match.end() : match.end() + 2]
            is_ended = follows[:1] == " " and follows[1:] in ("", "\r", "\n")
            is_spaced = text[match.start() - 1 : match.start()] == " "
            place = Place(order, is_spaced, is_ended)
            line = bisect_right(opens, match.start()) - 1
            is_mixed = line >= 0 and match.start() < leftward[line][1]
            found = self._apart(match[0], start, place) if is_mixed else self._pieces(match[0], start, end, place)
            for word in found:
                key = (word.text, round(word.left), round(word.base))
                if key in seen:
                    continue  # drawn twice, to look bold
                seen.update((word.text, key[1] + shift, key[2]) for shift in (-1, 0, 1))
                yield word

    def _index(self, index: int) -> int:
        found: int = self._pdfium.FPDFText_GetCharIndexFromTextIndex(self._raw, index)
        return max(found, 0)

    def _apart(self, text: str, start: int, place: Place) -> Iterator[Word]:
        """The letters of a word one by one, marks with theirs: PDFium's order is none to rely on."""
        clusters = [(index, letter) for index, letter in enumerate(text) if not unicodedata.combining(letter)]
        ends = [index for index, _ in clusters[1:]] + [len(text)]
        for (begin, _), end in zip(clusters, ends, strict=True):
            yield from self._pieces(text[begin:end], start + begin, start + begin + 1, place)

    def _pieces(self, text: str, start: int, end: int, place: Place) -> Iterator[Word]:
        """A word, cut where its style changes or its letters jump."""
        letters = _readable(text)
        if not letters:
            return
        size, lean = self._size(start)
        left, base = self._origin(start)
        if not size or not (0 <= base <= self.view.height and 0 <= left <= self.view.width):
            return  # a stamp across the page, or outside of what is shown
        self.unreadable += self._pdfium.FPDFText_HasUnicodeMapError(self._raw, start) == 1
        right = self._right(end - 1, lean)
        first, last = self._style(start, lean), self._style(end - 1, lean)
        if first == last and right > left:
            yield Word(letters, left, right, base, size, first, False, place)
            return
        # Letter by letter, which is slow and seldom needed.
        begin, style = 0, first
        for index in range(1, end - start + 1):
            here = self._style(start + index, lean) if start + index < end else None
            jumps = start + index < end and self._origin(start + index)[0] < self._origin(start + index - 1)[0]
            if here == style and not jumps:
                continue
            piece = _readable(text[begin:index])
            if piece:
                left, base = self._origin(start + begin)
                right = self._right(start + index - 1, lean)
                here_place = place if start + index == end else replace(place, is_ended=False)
                yield Word(piece, left, right, base, size, style, begin > 0 and not jumps, here_place)
            begin, style = index, here or first

    def _size(self, index: int) -> tuple[float, float]:
        """A letter's size in points, 0 where it does not stand level; and how far it leans."""
        along, up, lean = self._shape(index)
        x, y = _QUARTERS[self.view.quarters]
        level, rise = along * x + up * y, up * x - along * y
        if level <= 0 or abs(rise) > _LEVEL * level:
            return 0.0, lean
        # The size proper and the scale of what is drawn multiply; some programs give all in one, some in the other.
        matrix = self._matrix
        scale = abs(matrix.a * matrix.d - matrix.b * matrix.c) / level
        return self._pdfium.FPDFText_GetFontSize(self._raw, index) * scale, lean

    def _origin(self, index: int) -> tuple[float, float]:
        self._pdfium.FPDFText_GetCharOrigin(self._raw, index, self._x, self._y)
        return self.view.place(self._x.value, self._y.value)

    def _right(self, index: int, lean: float) -> float:
        """Where a letter's own width ends; a loose box does not depend on the letter's shape, but leans with it."""
        self._pdfium.FPDFText_GetLooseCharBox(self._raw, index, self._box)
        box = self._box
        one, other = self.view.place(box.left, box.bottom), self.view.place(box.right, box.top)
        edge = max(one[0], other[0])
        return edge - lean * (max(one[1], other[1]) - self._origin(index)[1]) if lean else edge

    def _style(self, index: int, lean: float) -> Run:
        """Bold and italic, as the font's name says, or as its letters lean."""
        style = self._font_style(index)
        return style if style.italic or lean <= _SLANT else replace(style, italic=True)

    def _font_style(self, index: int) -> Run:
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


def _leftward_lines(text: str) -> list[tuple[int, int]]:
    """Where the lines of a page begin and end that have letters written from right to left."""
    if not is_leftward(text):
        return []
    return [found.span() for found in _LINE.finditer(text) if is_leftward(found[0])]


def is_leftward(text: str) -> bool:
    """Whether a word is written from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)


def _readable(text: str) -> str:
    """Letters as they are written: no ligatures, and the hyphens back that PDFium marks at line ends."""
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\x02", "-").replace("\ufffe", "-").replace("\uffff", "\ufffd")
    text = _LIGATURE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return "".join(letter for letter in text if letter == "\xad" or unicodedata.category(letter) not in ("Cc", "Cs"))


def _drawings(page: PdfPage, view: _View) -> tuple[list[_Stroke], bool]:
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
        one, other = view.place(left.value, bottom.value), view.place(right.value, top.value)
        if abs(one[1] - other[1]) <= _LINE_POINTS < abs(one[0] - other[0]):
            strokes.append(_Stroke(min(one[0], other[0]), max(one[0], other[0]), (one[1] + other[1]) / 2))
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
                place=word.place if stop == len(word.text) else replace(word.place, is_ended=False),
            )
