"""Spoils files on purpose: the same way for the same seed, in bytes, lines and structure.

from fuzz_mutations import mutated, seeds_of

data = mutated(random.Random(1), "html", seeds_of("html"))
"""

from __future__ import annotations

import base64
import json
import random
import re
import warnings
import zlib
from collections.abc import Callable
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import hostile_pdf
from hostile_kinds import BYTES, FDX, HTML, JSON, OPENERS, PDF, TEXT
from strategies import _PIECES

from screenplay.elements import Screenplay
from screenplay.errors import ReadWarning
from screenplay.formats import TABLE
from screenplay.readers import fountain

_ROOT = Path(__file__).parent.parent
_CASES = _ROOT / "tests" / "cases"
_PIECE_ELEMENTS = 40
_MOST_LENGTH = 20_000
"""What grows longer is cut."""
_NUMBERS = ("0", "-1", "1", "2", "255", "65536", "99999999", "2147483648", "1e38", "9" * 30, "-0.0", "NaN")
_VALUES = (None, True, -1, 10**30, 1.5, "", "x", [], {}, [[]], "\ud800", "\x00", {"kind": "note", "text": "x"})
_MARKUP = (
    "<b>", "</b>", "<i>", "</i>", "<p>", "</p>", "<br>", "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE x>", "&amp;",
    "&#0;", "&#xD800;", "&bomb;", "<", ">", '"', "'", "=", "/", "<pre>", "</pre>", "<div class=dual>", "<hr>",
    "<Text/>", '<Paragraph Type="Character">', "</Paragraph>", "<DualDialogue>", "</DualDialogue>", "<ScriptNote>",
    "</Content>", '<p class="dialogue">', '<span class="number">', "<table><tr><td>", "<script>", "</script>",
    "<title>", "\x00",
)  # fmt: skip
_PDF_WORDS = (
    b"obj", b"endobj", b"stream", b"endstream", b"xref", b"trailer", b"startxref", b"<<", b">>", b"[", b"]", b"(", b")",
    b"/Kids", b"/Count", b"/Parent", b"/Length", b"/Filter", b"/FlateDecode", b"/Type /Pages", b"1 0 R", b"2 0 R",
    b"4 0 R", b"Tj", b"Td", b"Tm", b"Tf", b"TJ", b"BT", b"ET", b"cm", b"q", b"Q", b"Do", b"re", b"S", b"%", b"\x00",
    b"null",
)  # fmt: skip


def _render(name: str, screenplay: Screenplay) -> str | bytes:
    render = next(row.render for row in TABLE if row.name == name)
    assert render is not None
    return render(screenplay)


@cache
def _excerpts() -> tuple[Screenplay, ...]:
    """Parts of the project's own screenplays, and the golden files."""
    found = []
    for path in sorted((_ROOT / "corpora").glob("*.fountain")):
        film = fountain.read(path.read_text(encoding="utf-8"))
        for start in (0, len(film.elements) // 2):
            part = film.elements[start : start + _PIECE_ELEMENTS]
            found.append(Screenplay(title_page={} if start else film.title_page, elements=part))
    for path in sorted((_ROOT / "tests" / "golden").glob("*.fountain")):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReadWarning)
            found.append(fountain.read(path.read_text(encoding="utf-8")))
    return tuple(found)


def _cases(name: str) -> list[str]:
    path = _CASES / f"{name}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [str(case["input"]) for case in map(json.loads, lines) if isinstance(case.get("input"), str)]


def _bare_pdf(data: bytes) -> bytes:
    """Our own PDF with its contents unpacked, so that changes in them mean something."""
    objects = re.findall(rb"\d+ 0 obj\s(.*?)\sendobj", data, re.DOTALL)
    kept: list[bytes] = []
    for body in objects:
        found = re.fullmatch(rb"(.*?)stream\r?\n(.*?)\s?endstream", body, re.DOTALL)
        if found is not None and b"/ASCII85Decode /FlateDecode" in found[1]:
            body = hostile_pdf.stream(zlib.decompress(base64.a85decode(found[2].strip().removesuffix(b"~>"))))
        kept.append(body)
    out = b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(kept, 1))
    root = next(number for number, body in enumerate(kept, 1) if b"/Catalog" in body)
    return out + b"trailer\n<< /Size %d /Root %d 0 R >>\n%%%%EOF\n" % (len(kept) + 1, root)


@cache
def seeds_of(reader: str) -> tuple[str | bytes, ...]:
    """Real files to begin with, and small ones of every hostile kind."""
    small: list[str | bytes]
    if reader == "bytes":
        texts = [text for name in ("fountain", "text", "fdx") for text in seeds_of(name)[:6]]
        small = [make(600) for make in BYTES.values()]
        for text in texts:
            assert isinstance(text, str)
            for encoding in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac-roman", "utf-32"):
                small.append(text.encode(encoding, errors="replace"))
        return tuple(small)
    if reader == "pdf":
        rendered = [_render("pdf", excerpt) for excerpt in _excerpts()]
        own = [data for data in rendered if isinstance(data, bytes)]
        harmless = [make(300) for name, make in PDF.items() if "forms that draw" not in name and "far too" not in name]
        return (*own[:6], *map(_bare_pdf, own), *harmless)
    if reader in ("prose", "detect"):
        return (*seeds_of("fountain"), *seeds_of("text"))
    kinds = {"fountain": TEXT, "text": TEXT, "fdx": FDX, "html": HTML, "json": JSON}[reader]
    small = [make(400) for make in kinds.values()]
    cases = _cases("layout" if reader == "text" else reader)
    return (*(_render(reader, excerpt) for excerpt in _excerpts()), *cases, *small)


# --- Mutations: each takes a random source, a file and another one

_Text = Callable[[random.Random, str, str], str]


def _span(rng: random.Random, length: int, most: int = 60) -> tuple[int, int]:
    start = rng.randint(0, length)
    return start, min(length, start + rng.randint(1, most))


def _insert(rng: random.Random, text: str, other: str) -> str:
    at = rng.randint(0, len(text))
    piece = rng.choice(
        (
            rng.choice(OPENERS),
            rng.choice(_PIECES),
            rng.choice(_MARKUP),
            chr(rng.choice((rng.randrange(256), rng.randrange(0x3000), rng.randrange(0x110000)))),
        )
    )
    return text[:at] + piece * rng.choice((1, 1, 1, 2, 5, 40)) + text[at:]


def _delete(rng: random.Random, text: str, other: str) -> str:
    start, end = _span(rng, len(text))
    return text[:start] + text[end:]


def _replace(rng: random.Random, text: str, other: str) -> str:
    start, end = _span(rng, len(text), 3)
    return (
        text[:start]
        + "".join(chr(rng.choice((rng.randrange(32, 127), rng.randrange(0x500)))) for _ in range(end - start))
        + text[end:]
    )


def _copy(rng: random.Random, text: str, other: str) -> str:
    start, end = _span(rng, len(text), 300)
    at = rng.randint(0, len(text))
    return text[:at] + text[start:end] * rng.choice((1, 1, 2, 10)) + text[at:]


def _truncate(rng: random.Random, text: str, other: str) -> str:
    at = rng.randint(0, len(text))
    return text[:at] if rng.random() < 0.7 else text[at:]


def _splice(rng: random.Random, text: str, other: str) -> str:
    start, end = _span(rng, len(other), 2000)
    at = rng.randint(0, len(text))
    return text[:at] + other[start:end] + text[at + rng.choice((0, end - start)) :]


def _number(rng: random.Random, text: str, other: str) -> str:
    found = list(islice(re.finditer(r"\d+", text), 400))
    if not found:
        return text
    chosen = rng.choice(found)
    return text[: chosen.start()] + rng.choice(_NUMBERS) + text[chosen.end() :]


def _case(rng: random.Random, text: str, other: str) -> str:
    start, end = _span(rng, len(text), 200)
    return text[:start] + rng.choice((text[start:end].upper(), text[start:end].lower())) + text[end:]


def _lines(change: Callable[[random.Random, list[str]], None]) -> _Text:
    def mutate(rng: random.Random, text: str, other: str) -> str:
        lines = text.split("\n")
        change(rng, lines)
        return "\n".join(lines)

    return mutate


def _lose_line(rng: random.Random, lines: list[str]) -> None:
    del lines[rng.randrange(len(lines))]
    if not lines:
        lines.append("")


def _lose_blanks(rng: random.Random, lines: list[str]) -> None:
    lines[:] = [line for line in lines if line.strip() or rng.random() < 0.3] or [""]


def _repeat_line(rng: random.Random, lines: list[str]) -> None:
    at = rng.randrange(len(lines))
    lines[at:at] = [lines[at]] * rng.choice((1, 2, 30))


def _swap_lines(rng: random.Random, lines: list[str]) -> None:
    one, two = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]


def _indent(rng: random.Random, lines: list[str]) -> None:
    start, end = _span(rng, len(lines), 20)
    pad = rng.choice((" ", "\t", "    ", " " * 22, "\xa0"))
    lines[start:end] = [pad + line for line in lines[start:end]]


def _outdent(rng: random.Random, lines: list[str]) -> None:
    start, end = _span(rng, len(lines), 20)
    lines[start:end] = [line.lstrip() for line in lines[start:end]]


def _join_lines(rng: random.Random, lines: list[str]) -> None:
    at = rng.randrange(len(lines))
    lines[at : at + 2] = ["".join(lines[at : at + 2])]


def _furnish(rng: random.Random, lines: list[str]) -> None:
    at = rng.randrange(len(lines) + 1)
    lines[at:at] = rng.choice(
        (["\x0c", "      12."], ["(MORE)", "", "BO (CONT'D)"], ["CONTINUED: (2)"], ["*"], ["", "", ""])
    )


_ANYWHERE: tuple[_Text, ...] = (
    _insert, _insert, _insert, _delete, _delete, _replace, _copy, _truncate, _splice, _splice, _number, _case,
    _lines(_lose_line), _lines(_lose_blanks), _lines(_repeat_line), _lines(_swap_lines), _lines(_indent),
    _lines(_outdent), _lines(_join_lines), _lines(_furnish),
)  # fmt: skip


def _tags(rng: random.Random, text: str, other: str) -> str:
    """Drop, double, move or exchange a tag."""
    found = list(islice(re.finditer(r"<[^<>]{0,200}>", text), 600))
    if not found:
        return text
    chosen, second = rng.choice(found), rng.choice(found)
    where = rng.randrange(4)
    if where == 0:
        return text[: chosen.start()] + text[chosen.end() :]
    if where == 1:
        return text[: chosen.start()] + chosen[0] * rng.choice((2, 3, 80)) + text[chosen.end() :]
    if where == 2:
        return text[: second.start()] + chosen[0] + text[second.start() :]
    return text[: chosen.start()] + second[0] + text[chosen.end() :]


def _attribute(rng: random.Random, text: str, other: str) -> str:
    """Put another attribute's value in the place of one."""
    found = list(islice(re.finditer(r'="([^"<>]{0,80})"', text), 600))
    if not found:
        return text
    chosen, second = rng.choice(found), rng.choice(found)
    value = rng.choice((second[1], "", rng.choice(_NUMBERS), rng.choice(_PIECES)))
    return f"{text[: chosen.start(1)]}{value}{text[chosen.end(1) :]}"


def _json_value(rng: random.Random, text: str, other: str) -> str:
    """Exchange a value anywhere in the tree for another, of any type."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return _insert(rng, text, other)
    places: list[tuple[Any, Any]] = []
    left = [whole]
    while left and len(places) < 2000:
        inner = left.pop()
        keys = list(inner) if isinstance(inner, dict) else range(len(inner)) if isinstance(inner, list) else ()
        for key in keys:
            places.append((inner, key))
            left.append(inner[key])
    if not places:
        return text
    holder, key = rng.choice(places)
    source, other_key = rng.choice(places)
    if rng.random() < 0.6:
        holder[key] = rng.choice((*_VALUES, rng.choice(_PIECES)))
    else:
        holder[key] = json.loads(json.dumps(source[other_key]))
    if isinstance(holder, dict) and rng.random() < 0.3:
        holder[rng.choice(("kind", "text", "name", "line", "level", "x", ""))] = holder.pop(key)
    return json.dumps(whole, ensure_ascii=rng.random() < 0.5)


_STRUCTURE: dict[str, tuple[_Text, ...]] = {
    "fdx": (_tags, _tags, _attribute),
    "html": (_tags, _tags, _attribute),
    "json": (_json_value,),
}


def _bytes(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """One change anywhere in bytes."""
    at = rng.randint(0, len(data))
    start, end = _span(rng, len(data), 40)
    kind = rng.randrange(8)
    if kind == 0:
        return data[:at] + bytes(rng.randrange(256) for _ in range(rng.randint(1, 4))) + data[at:]
    if kind == 1:
        return data[:start] + bytes(byte ^ (1 << rng.randrange(8)) for byte in data[start:end][:3]) + data[start + 3 :]
    if kind == 2:
        return data[:start] + data[end:]
    if kind == 3:
        return data[:at] + data[start:end] * rng.choice((1, 2, 20)) + data[at:]
    if kind == 4:
        return data[:at]
    if kind == 5:
        first, last = _span(rng, len(other), 1000)
        return data[:at] + other[first:last] + data[at:]
    if kind == 6:
        return data[:at] + b"\x00" * rng.choice((1, 2, 500)) + data[at:]
    return data[start:end] + data


def _pdf(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """A change in a PDF's structure: a number, a word, an object, an operator."""
    kind = rng.randrange(4)
    if kind == 0:
        found = list(islice(re.finditer(rb"-?\d+", data), rng.randrange(1, 1500)))
        if found:
            chosen = rng.choice(found)
            value = rng.choice((rng.choice(_NUMBERS).encode(), rng.choice(found)[0], b"%d" % rng.randrange(-900, 900)))
            return data[: chosen.start()] + value + data[chosen.end() :]
    if kind == 1:
        words = list(islice(re.finditer(rb"/?[A-Za-z]+", data), 1500))
        if words:
            chosen, second = rng.choice(words), rng.choice(words)
            return data[: chosen.start()] + rng.choice((second[0], rng.choice(_PDF_WORDS))) + data[chosen.end() :]
    if kind == 2:
        objects = list(islice(re.finditer(rb"\d+ 0 obj.*?endobj", data, re.DOTALL), 300))
        if objects:
            chosen, second = rng.choice(objects), rng.choice(objects)
            return data[: chosen.start()] + rng.choice((b"", second[0], chosen[0] * 2)) + data[chosen.end() :]
    at = rng.randint(0, len(data))
    return data[:at] + b" " + rng.choice(_PDF_WORDS) + b" " + data[at:]


def mutated(rng: random.Random, reader: str, seeds: tuple[str | bytes, ...]) -> str | bytes:
    """One of the seeds, changed in one to eight places."""
    found, other = rng.choice(seeds), rng.choice(seeds)
    for _ in range(rng.choice((1, 1, 2, 3, 5, 8))):
        if isinstance(found, bytes):
            assert isinstance(other, bytes)
            change = _pdf if reader == "pdf" and rng.random() < 0.6 else _bytes
            found = change(rng, found, other)
        else:
            assert isinstance(other, str)
            choices = _STRUCTURE.get(reader, ())
            found = rng.choice(choices if choices and rng.random() < 0.5 else _ANYWHERE)(rng, found, other)
    return found[: _MOST_LENGTH * (10 if reader == "pdf" else 1)]
