"""PDFs that mean harm, of any size: lies, loops, bombs, and fonts that are none."""

# ruff: noqa: E501 - input is one piece, whatever its length
from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence

_CATALOG, _PAGES, _FONT = 1, 2, 3
"""Numbers of the objects that every document here begins with."""
_COURIER = b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>"


def stream(data: bytes, entries: bytes = b"", *, packed: bool = False) -> bytes:
    """A stream object."""
    if packed:
        data, entries = zlib.compress(data, 9), entries + b" /Filter /FlateDecode"
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def document(
    objects: Sequence[bytes], *, pages: bytes, catalog: bytes = b"", trailer: bytes = b"", font: bytes = _COURIER
) -> bytes:
    """A PDF with a correct table; `objects` have numbers from 4 on."""
    bodies = [b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog, pages, font, *objects]
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, trailer, start)
    return bytes(out)


def page(content: bytes, *, resources: bytes = b"", entries: bytes = b"/MediaBox [0 0 612 792]") -> bytes:
    """A page object; `content` is a reference to its stream."""
    return b"<< /Type /Page /Parent 2 0 R %s /Contents %s /Resources << /Font << /F 3 0 R >> %s >> >>" % (
        entries,
        content,
        resources,
    )


def tree(kids: bytes, number: int) -> bytes:
    """The root of the page tree."""
    return b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, number)


SCENE = b"BT /F 12 Tf 14 TL 108 700 Td (INT. BAR - DAY) Tj T* T* (Bo waits for the rain to end, and it does.) Tj ET\n"


def single(content: bytes, *objects: bytes, resources: bytes = b"", packed: bool = False, **options: bytes) -> bytes:
    """One page; further objects have numbers from 6 on."""
    return document(
        [page(b"5 0 R", resources=resources), stream(content, packed=packed), *objects],
        pages=tree(b"4 0 R", 1),
        **options,
    )


def _many(make: Callable[[int], bytes], size: int) -> bytes:
    """Pieces that differ by their number, until there are enough bytes."""
    pieces: list[bytes] = []
    length = number = 0
    while length < size:
        pieces.append(make(number))
        length += len(pieces[-1])
        number += 1
    return b"".join(pieces)


def _repeated(before: bytes, piece: bytes, after: bytes = b"") -> Callable[[int], bytes]:
    return lambda size: single(before + piece * max(1, size // len(piece)) + after)


def _text(inside: bytes) -> bytes:
    return b"BT /F 12 Tf 108 700 Td " + inside + b" ET\n"


def _count(number: int) -> Callable[[int], bytes]:
    return lambda size: document([page(b"5 0 R"), stream(SCENE)], pages=tree(b"4 0 R", number))


def _same_page(size: int) -> bytes:
    times = max(1, size // 6)
    return document([page(b"5 0 R"), stream(SCENE)], pages=tree(b"4 0 R " * times, times))


def _shared_content(size: int) -> bytes:
    """Many pages, all showing one long content: far more to read than the file is long."""
    times = max(1, min(9_000, size // 200))
    content = stream(SCENE + _text(b"(word) Tj 1 0 Td " * 1000), packed=True)
    kids = b" ".join(b"%d 0 R" % (number + 5) for number in range(times))
    return document([content, *[page(b"4 0 R")] * times], pages=tree(kids, times))


def _deep_tree(size: int) -> bytes:
    """A page under as many levels as there is room for."""
    depth = max(1, size // 60)
    levels = [b"<< /Type /Pages /Parent %d 0 R /Kids [%d 0 R] /Count 1 >>" % (n + 3, n + 5) for n in range(depth)]
    return document([*levels, page(b"%d 0 R" % (depth + 5)), stream(SCENE)], pages=tree(b"4 0 R", 1))


def _branching_tree(size: int) -> bytes:
    """Ten kids, each the same node one level down: ten to the power of the depth."""
    depth = max(2, min(30, size // 1000))
    levels = [
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"%d 0 R " % (n + 5) * 10, min(10 ** (depth - n), 9_000))
        for n in range(depth)
    ]
    return document([*levels, page(b"%d 0 R" % (depth + 5)), stream(SCENE)], pages=tree(b"4 0 R", 9_000))


def _forms(depth: int, times: int) -> bytes:
    """Forms that draw forms that draw forms."""
    first = 6
    forms = []
    for n in range(depth):
        entries = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /X %d 0 R >> /Font << /F 3 0 R >> >>"
        forms.append(stream(b"/X Do " * times, entries % (first + n + 1)))
    forms.append(
        stream(SCENE, b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /F 3 0 R >> >>")
    )
    return single(SCENE + b"/X Do", *forms, resources=b"/XObject << /X 6 0 R >>")


def _self_drawing(size: int) -> bytes:
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /X 6 0 R /Y 7 0 R >> /Font << /F 3 0 R >> >>"
    body = b"/X Do /Y Do " * max(1, size // 12)
    return single(SCENE + b"/X Do", stream(body, entries), stream(body, entries), resources=b"/XObject << /X 6 0 R >>")


def _objects_in_stream(size: int) -> bytes:
    """An object stream that says it holds more than it does, and unpacks to much more than the file."""
    inner = b"0 0 " * 10 + b"<< >> " * (size * 10)
    return single(SCENE, stream(inner, b"/Type /ObjStm /N 99999999 /First 40", packed=True))


def _keywords(inside: bytes) -> bytes:
    """What our own writer leaves for our own reader, not so left."""
    about = b"<< /Creator (lebowski-gen) /Keywords (title page %s) >>" % inside
    two = tree(b"4 0 R 4 0 R", 2)
    return document([page(b"5 0 R"), stream(SCENE), about], pages=two, trailer=b"/Info 6 0 R")


def _outlines(size: int) -> bytes:
    item = b"<< /Title (x) /Parent 6 0 R /Next 7 0 R /Prev 7 0 R /First 7 0 R /Last 7 0 R >>"
    return single(
        SCENE, b"<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 99999999 >>", item, catalog=b"/Outlines 6 0 R"
    )


def _glyphs_that_draw_themselves(size: int) -> bytes:
    glyph = b"1000 0 0 0 1000 1000 d1 BT /F 1 Tf (aaaaaaaa) Tj ET"
    font = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [.001 0 0 .001 0 0] /FirstChar 97 "
        b"/LastChar 97 /Widths [1000] /Encoding << /Differences [97 /a] >> /CharProcs << /a 6 0 R >> "
        b"/Resources << /Font << /F 3 0 R >> >> >>"
    )
    return single(SCENE + _text(b"(%s) Tj" % (b"a" * size)), stream(glyph), font=font)


def _named_letters(size: int) -> bytes:
    """A font whose letters stand for long texts."""
    names = b"\n".join(b"<%02x> <%s>" % (n, b"0041" * min(500, max(1, size // 1000))) for n in range(256))
    cmap = b"/CIDInit /ProcSet findresource begin begincmap 256 beginbfchar\n%s\nendbfchar endcmap" % names
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /ToUnicode 6 0 R >>"
    return single(_text(b"(%s) Tj" % (b"word" * (size // 4))), stream(cmap), font=font)


def _endless_range(size: int) -> bytes:
    cmap = b"begincmap 1 beginbfrange <00000000> <ffffffff> <0041> endbfrange 1 begincodespacerange <00> <ffffffff> endcodespacerange endcmap"
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [7 0 R] /ToUnicode 6 0 R >>"
    inner = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (A) /Ordering (I) /Supplement 0 >> /W [0 99999999 500] >>"
    return single(_text(b"(%s) Tj" % (b"\x00A" * (size // 2))), stream(cmap), inner, font=font)


def _font(entries: bytes) -> Callable[[int], bytes]:
    return lambda size: single(
        SCENE + _text(b"(%s) Tj" % (b"word " * (size // 5))), font=b"<< /Type /Font /Subtype /TrueType %s >>" % entries
    )


def _previous_loops(size: int) -> bytes:
    data = single(SCENE)
    start = data.rindex(b"xref\n0")
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % start)


def _unpacked(piece: bytes) -> Callable[[int], bytes]:
    """A content that unpacks to a thousand times the size."""
    return lambda size: single(SCENE + piece * (size * 1000 // len(piece)), packed=True)


def _twice_packed(size: int) -> bytes:
    data = zlib.compress(zlib.compress(zlib.compress(SCENE + b" " * (size * 1000), 9), 9), 9)
    return document(
        [page(b"5 0 R"), stream(data, b"/Filter [/FlateDecode /FlateDecode /FlateDecode]")], pages=tree(b"4 0 R", 1)
    )


def _filters(size: int) -> bytes:
    entries = b"/Filter [" + b"/ASCIIHexDecode " * (size // 16) + b"]"
    return document([page(b"5 0 R"), stream(SCENE, entries)], pages=tree(b"4 0 R", 1))


def _box(entries: bytes) -> Callable[[int], bytes]:
    return lambda size: document([page(b"5 0 R", entries=entries), stream(SCENE)], pages=tree(b"4 0 R", 1))


def _contents(size: int) -> bytes:
    return document([page(b"[" + b"5 0 R " * (size // 6) + b"]"), stream(SCENE)], pages=tree(b"4 0 R", 1))


def _pages(size: int) -> bytes:
    """Pages with a line each."""
    times = max(1, min(9_999, size // 400))
    kids = b" ".join(b"%d 0 R" % (2 * n + 4) for n in range(times))
    objects = []
    for n in range(times):
        objects += [page(b"%d 0 R" % (2 * n + 5)), stream(SCENE)]
    return document(objects, pages=tree(kids, times))


PDF: dict[str, Callable[[int], bytes]] = {
    "a tree that loops": lambda size: document([], pages=tree(b"2 0 R", 1)),
    "a tree of two that loops": lambda size: document([tree(b"2 0 R", 5)], pages=tree(b"4 0 R", 5)),
    "a tree that loops beside a page": lambda size: document(
        [page(b"5 0 R"), stream(SCENE)], pages=tree(b"4 0 R 2 0 R 4 0 R", 3)
    ),
    "a count too high": _count(9_000),
    "a count far too high": _count(2_000_000_000),
    "a count beyond numbers": _count(10**30),
    "a count of none": _count(0),
    "a count below none": _count(-5),
    "one page many times": _same_page,
    "one content on many pages": _shared_content,
    "a deep tree": _deep_tree,
    "a tree that branches without end": _branching_tree,
    "pages": _pages,
    "kids that are no objects": lambda size: document([], pages=tree(b"9 9 R (x) 5 " * (size // 12), size // 12)),
    "forms in forms": lambda size: _forms(max(1, size // 200), 1),
    "forms that draw forms, ten each": lambda size: _forms(8, 10),
    "forms that draw forms, a hundred each": lambda size: _forms(5, 100),
    "forms that draw themselves": _self_drawing,
    "an object stream that lies": _objects_in_stream,
    "outlines that loop": _outlines,
    "keywords of nested lists": lambda size: _keywords(b"[" * size),
    "keywords of nested lists that end": lambda size: _keywords(b"[" * size + b"]" * size),
    "keywords of counts without end": lambda size: _keywords(b'[["Title", 1e999], ["Author", -1e30], ["x", %s]]' % (b"9" * size)),
    "keywords of no counts": lambda size: _keywords(b'[["Title", null], {"a": 1}, "xy", 5]'),
    "keywords of too few lines": lambda size: _keywords(b'[["Title", -3], ["Author", 999999999]]'),
    "glyphs that draw themselves": _glyphs_that_draw_themselves,
    "letters that stand for long texts": _named_letters,
    "a range of letters without end": _endless_range,
    "a font without anything": _font(b""),
    "widths that lie": _font(b"/BaseFont /X /FirstChar -5 /LastChar 99999999 /Widths [1e38 -1e38 0]"),
    "a font file that is none": lambda size: single(
        SCENE, stream(b"\x00\x01\x00\x00" + b"\xff" * size), b"<< /Type /FontDescriptor /FontName /X /FontFile2 6 0 R >>",
        font=b"<< /Type /Font /Subtype /TrueType /BaseFont /X /FontDescriptor 7 0 R >>",
    ),
    "a font that is its own": lambda size: single(
        SCENE, font=b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [3 0 R] >>"
    ),
    "tables that loop": _previous_loops,
    "a content that unpacks to blanks": _unpacked(b" "),
    "a content that unpacks to words": _unpacked(_text(b"(word) Tj")),
    "a content that unpacks to one word": lambda size: single(_text(b"(%s) Tj" % (b"word" * size * 50)), packed=True),
    "a content that unpacks to lines": _unpacked(b"0 0 m 100 0 l S\n"),
    "a content packed three times": _twice_packed,
    "a content of many filters": _filters,
    "a content in many parts": _contents,
    "one word": lambda size: single(_text(b"(%s) Tj" % (b"x" * size))),
    "words at one place": _repeated(b"", _text(b"(word) Tj")),
    "words, one below the other": lambda size: single(
        _many(lambda n: b"BT /F 12 Tf 108 %d Td (word%d) Tj ET\n" % (700 - 12 * n, n), size)
    ),
    "words, one beside the other": lambda size: single(
        _many(lambda n: b"BT /F 12 Tf %d 700 Td (word%d) Tj ET\n" % (108 + 60 * n, n), size)
    ),
    "letters that go left": _repeated(b"BT /F 12 Tf 108 700 Td ", b"(a) Tj -20 0 Td ", b" ET"),
    "letters in two fonts": lambda size: single(
        b"BT 108 700 Td " + b"/F 12 Tf (a) Tj /F 3 Tf (b) Tj " * (size // 31) + b" ET"
    ),
    "words far away": lambda size: single(SCENE + _text(b"1e30 0 Td (word) Tj 0 -1e30 Td (word) Tj -1e38 1e38 Td (x) Tj")),
    "words a mile to the right": lambda size: single(SCENE + _text(b"900000 0 Td (word) Tj 0 -12 Td (word) Tj")),
    "words a mile down": lambda size: single(SCENE + _text(b"0 -900000 Td (word) Tj 0 -900000 Td (word) Tj")),
    "letters of no size": lambda size: single(SCENE + b"BT /F 0 Tf 108 500 Td (word) Tj /F .00001 Tf (word) Tj ET"),
    "letters of huge size": lambda size: single(SCENE + b"BT /F 1e30 Tf 108 500 Td (word word) Tj ET"),
    "letters of a size below none": lambda size: single(SCENE + b"BT /F -12 Tf 108 500 Td (word word) Tj ET"),
    "letters that are squeezed": lambda size: single(SCENE + b"BT /F 12 Tf 0 Tz 108 500 Td (word word) Tj 1e9 Tz (x y) Tj ET"),
    "letters far apart": lambda size: single(SCENE + b"BT /F 12 Tf 1e8 Tc 108 500 Td (word word) Tj ET"),
    "a matrix of noughts": lambda size: single(b"0 0 0 0 0 0 cm " + SCENE + b"BT /F 12 Tf 0 0 0 0 0 0 Tm (word) Tj ET"),
    "a matrix without end": lambda size: single(b"1e38 0 0 1e38 0 0 cm 1e38 0 0 1e38 0 0 cm " + SCENE),
    "a paper without end": _box(b"/MediaBox [-1e38 -1e38 1e38 1e38]"),
    "a paper of no size": _box(b"/MediaBox [0 0 0 0]"),
    "a paper of words": _box(b"/MediaBox [(a) /b 4 0 R null]"),
    "no paper": _box(b""),
    "a unit without end": _box(b"/MediaBox [0 0 612 792] /UserUnit 1e30"),
    "a page that is turned": _box(b"/MediaBox [0 0 612 792] /Rotate 9999999999"),
    "states that are never restored": _repeated(b"", b"q ", SCENE),
    "states that were never saved": _repeated(b"", b"Q ", SCENE),
    "marks that never end": _repeated(b"", b"/X BMC ", SCENE),
    "numbers without operator": _repeated(b"", b"1 ", SCENE),
    "nested lists": lambda size: single(b"[" * size + SCENE),
    "nested dictionaries": lambda size: single(b"<<" * (size // 2) + SCENE),
    "nested lists in a page": lambda size: document(
        [page(b"5 0 R", entries=b"/X " + b"[" * size), stream(SCENE)], pages=tree(b"4 0 R", 1)
    ),
    "nested brackets in a text": _repeated(b"BT /F 12 Tf 108 700 Td (", b"(", b") Tj ET"),
    "a huge number": lambda size: single(SCENE + b"9" * size + b" 0 Td"),
    "a huge name": lambda size: single(SCENE + b"/" + b"x" * size + b" Do"),
    "lines": _repeated(SCENE, b"0 0 m 100 0 l S\n"),
    "underlines at one height": lambda size: single(SCENE + _many(lambda n: b"%d 698 m %d 698 l S\n" % (n, n + 5), size)),
    "pictures in the content": _repeated(SCENE, b"BI /W 1 /H 1 /BPC 8 /CS /G ID x EI "),
    "control characters": lambda size: single(SCENE + _text(b"(%s) Tj" % (bytes(range(32)) * (size // 32)))),
    "a length that lies": lambda size: single(SCENE).replace(b"/Length ", b"/Length 9999999"),
    "a length below none": lambda size: single(SCENE).replace(b"/Length ", b"/Length -"),
    "no table": lambda size: single(SCENE)[: single(SCENE).rindex(b"xref\n0")],
    "a table elsewhere": lambda size: single(SCENE).replace(b"startxref\n", b"startxref\n99999"),
    "a size that lies": lambda size: single(SCENE).replace(b"/Size ", b"/Size 99999999"),
    "a root that is none": lambda size: single(SCENE).replace(b"/Root 1 0 R", b"/Root 9 0 R"),
    "a lock that is none": lambda size: single(SCENE, trailer=b"/Encrypt << /Filter /Standard /V 99 >>"),
    "beginnings": lambda size: b"%PDF-1.7\n" * (size // 9),
    "objects that never end": lambda size: b"%PDF-1.7\n" + b"1 0 obj\n<<" * (size // 10),
    "objects of one number": lambda size: b"%PDF-1.7\n" + b"1 0 obj\n<< /Type /Catalog >>\nendobj\n" * (size // 37),
    "blanks after the mark": lambda size: b"%PDF-1.7\n" + b" " * size,
    "nothing but the mark": lambda size: b"%PDF-1.7",
}  # fmt: skip
