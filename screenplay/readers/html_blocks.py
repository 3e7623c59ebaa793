"""Turns a web page into blocks: what stands on lines of its own, with its styles and what its classes say of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from screenplay.emphasis import Run
from screenplay.readers.html_markup import Piece, pieces

_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_BLOCKS = frozenset(
    re.findall(
        r"\S+",
        """
        address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer
        form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr
        ul xmp
        """,
    )
)
_CHROME = frozenset({"nav", "footer", "form", "aside"})
_SKIPPED = frozenset(["button", "datalist", "head", "noscript", "select", "svg", "template", "textarea", "title"])
"""Elements whose text is none of the page's."""
_STYLES = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline"}
_CSS = (
    ("bold", re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)),
    ("italic", re.compile(r"font-style\s*:\s*(?:italic|oblique)", re.IGNORECASE)),
    ("underline", re.compile(r"text-decoration[a-z\-]*\s*:\s*underline", re.IGNORECASE)),
)
_PARTS = {
    "extension": "extension",
    "number": "number",
    "scnuml": "number",
    "scenenumber": "number",
    "scenenumberleft": "number",
    "scnumr": "number_again",
    "scenenumberright": "number_again",
}
"""Inner elements whose text is no part of the block's own."""
_KINDS = {
    **dict.fromkeys(("sceneheading", "sceneheader", "slugline", "slug"), "scene_heading"),
    **dict.fromkeys(("action", "description", "text"), "action"),
    **dict.fromkeys(("centered", "center", "actioncentered", "centeredtext", "act"), "centered"),
    **dict.fromkeys(("character", "charactername", "cue"), "character"),
    **dict.fromkeys(("parenthetical", "paren", "parens", "wryly"), "parenthetical"),
    **dict.fromkeys(("dialogue", "dialog"), "dialogue"),
    **dict.fromkeys(("lyric", "lyrics", "singing"), "lyric"),
    "transition": "transition",
    "shot": "shot",
    "section": "section",
    **dict.fromkeys(("synopsis", "h1synopsis", "h2synopsis", "h3synopsis", "scenesynopsis"), "synopsis"),
    "note": "note",
    "boneyard": "boneyard",
    "pagebreak": "page_break",
}
"""A class, without hyphens, to what a block of it is."""
_TITLE_KEYS = {
    "title": "Title",
    "credit": "Credit",
    "author": "Author",
    "authors": "Authors",
    "source": "Source",
    "draftdate": "Draft date",
    "date": "Date",
    "contact": "Contact",
    "copyright": "Copyright",
    "notes": "Notes",
    "revision": "Revision",
}
_PREFIX = re.compile(r"(?:jouvence|goldman|scrippet|fountain|screenplay|script)(?=.)")
_SPACES = re.compile(r"[ \t\n\r\f]+")


@dataclass(frozen=True, slots=True)
class Place:
    """What the elements around a text say of it."""

    tag: str = ""
    """The innermost element that makes a block."""
    kind: str | None = None
    """An element's kind, `centered`, or None where no class tells."""
    is_own: bool = False
    """Whether the innermost element itself has the kind, and not one around it."""
    is_dual_cue: bool = False
    is_title: bool = False
    title_key: str | None = None
    dual: int = 0
    """Which group of speeches side by side it is in; 0: none."""
    is_chrome: bool = False
    """Menus and the like."""
    starts_page: bool = False
    level: int | None = None
    id: str = ""


@dataclass(slots=True)
class Block:
    """Text between two borders of blocks."""

    place: Place
    line: int
    runs: list[Run] = field(default_factory=list)
    parts: dict[str, list[Run]] = field(default_factory=dict)
    """Inner elements with a meaning of their own: `number`, `extension`."""

    @property
    def text(self) -> str:
        """Its text, without styles."""
        return "".join(run.text for run in self.runs)


@dataclass(slots=True)
class Page:
    """A web page, taken apart."""

    blocks: list[Block] = field(default_factory=list)
    pre: list[tuple[str, int]] = field(default_factory=list)
    """Preformatted text, in pieces, each with the line on which it begins."""
    generator: str = ""
    tags: Counter[str] = field(default_factory=Counter)
    """How often each start tag stands there."""


def take_apart(text: str, *, own_generator: str) -> Page:
    """The page's blocks; with white space as it stands where `own_generator` made the page."""
    return _Builder(own_generator).build(pieces(text))


@dataclass(slots=True)
class _Open:
    """A block element that is open."""

    tag: str
    place: Place
    inline: int
    """How many inline elements were open around it."""
    blocks: int
    """How many blocks there were before it."""
    line: int


class _Builder:
    def __init__(self, own_generator: str) -> None:
        self._page = Page()
        self._own_generator = own_generator
        self._keeps_spaces = False
        self._open: list[_Open] = [_Open("", Place(), 0, 0, 1)]
        self._open_tags: Counter[str] = Counter()
        self._inline: list[tuple[str, tuple[str, ...], str | None]] = []
        self._inline_tags: Counter[str] = Counter()
        self._styles: Counter[str] = Counter()
        self._parts: list[str] = []
        self._block: Block | None = None
        self._skipping = ""
        self._duals = 0
        self._line = 1

    def build(self, found: Iterator[Piece]) -> Page:
        for piece in found:
            self._line = piece.line
            if self._skipping and not self._ends_skip(piece):
                continue
            if not piece.tag:
                self._text(piece.text, piece.line)
            elif piece.tag[0] == "/":
                self._end(piece.tag[1:])
            elif piece.tag != "!":
                self._start(piece)
        self._flush()
        return self._page

    def _ends_skip(self, piece: Piece) -> bool:
        """Whether a piece ends what is skipped; then it may still have to be taken in itself."""
        if piece.tag == f"/{self._skipping}":
            self._skipping = ""
            return False
        if piece.tag == "meta" and piece.get("name").lower() == "generator":
            self._generator(piece)
        if piece.tag in _BLOCKS and self._skipping not in ("noscript", "template"):
            self._skipping = ""  # it was never closed
            return True
        return False

    def _generator(self, piece: Piece) -> None:
        self._page.generator = piece.get("content")
        self._keeps_spaces = self._page.generator.startswith(self._own_generator)

    def _start(self, piece: Piece) -> None:
        tag = piece.tag
        self._page.tags[tag] += 1
        names = _names(piece)
        if tag in _SKIPPED or (tag == "sup" and self._is_reference(names)):
            self._skipping = tag
        elif tag == "br":
            self._break()
        elif tag == "meta" and piece.get("name").lower() == "generator":
            self._generator(piece)
        elif tag in _BLOCKS or any(_PREFIX.sub("", name) in _KINDS for name in names if tag == "span"):
            self._start_block(piece, names)
        elif tag not in _VOID:
            self._start_inline(piece, names)

    def _is_reference(self, names: frozenset[str]) -> bool:
        return self._open[-1].place.kind == "note" or any("noteref" in name for name in names)

    def _start_block(self, piece: Piece, names: frozenset[str]) -> None:
        tag = piece.tag
        self._flush()
        if self._open_tags["p"] and tag != "span":
            self._end("p")
        if self._open_tags["pre"]:
            self._break()
        place = self._place(piece, names)
        if tag == "hr":
            self._page.blocks.append(Block(place, piece.line))
            return
        self._open.append(_Open(tag, place, len(self._inline), len(self._page.blocks), piece.line))
        self._open_tags[tag] += 1

    def _place(self, piece: Piece, names: frozenset[str]) -> Place:
        around = self._open[-1].place
        stems = {_PREFIX.sub("", name) for name in names}
        kind = next((_KINDS[name] for name in sorted(stems) if name in _KINDS), None)
        if "centered" in stems and kind == "action":
            kind = "centered"
        is_break = kind == "page_break"
        if is_break and piece.tag.startswith("h") and piece.tag != "hr":
            kind = None
        dual = around.dual
        if kind is None and stems & {"dual", "dualdialogue", "dualdialog"}:
            self._duals += 1
            dual = self._duals
        is_title = around.is_title or any(name.startswith("titlepage") for name in stems)
        title_key = around.title_key
        if "data-key" in piece.attributes:
            title_key = piece.get("data-key")
        elif (found := next((_TITLE_KEYS[name] for name in sorted(stems) if name in _TITLE_KEYS), None)) is not None:
            title_key = found
        level = piece.get("data-level") or piece.get("data-depth")
        return replace(
            around,
            tag=piece.tag,
            id=piece.get("id"),
            kind=kind or around.kind,
            is_own=kind is not None or "data-key" in piece.attributes,
            is_dual_cue=kind == "character" and "dual" in stems,
            is_title=is_title,
            title_key=title_key,
            dual=dual,
            is_chrome=around.is_chrome or piece.tag in _CHROME,
            starts_page=is_break,
            level=int(level) if level.isascii() and level.isdigit() and len(level) < 3 else None,
        )

    def _start_inline(self, piece: Piece, names: frozenset[str]) -> None:
        styles = {_STYLES[piece.tag]} if piece.tag in _STYLES else set()
        styles |= names & {"bold", "italic", "underline"}
        css = piece.get("style")
        if css:
            styles |= {style for style, pattern in _CSS if pattern.search(css)}
        part = next((_PARTS[name] for name in sorted(names) if name in _PARTS), None)
        self._inline.append((piece.tag, tuple(styles), part))
        self._inline_tags[piece.tag] += 1
        self._styles.update(styles)
        if part:
            self._parts.append(part)

    def _end(self, tag: str) -> None:
        if self._inline_tags[tag] and self._inline_since_block(tag):
            while self._pop_inline() != tag:
                pass
        elif self._open_tags[tag]:
            self._flush()
            while self._close_block() != tag:
                pass
            if tag == "pre":
                self._page.pre.append(("\n\n", self._line))

    def _inline_since_block(self, tag: str) -> bool:
        """Whether the innermost block holds the open inline element; each look pays for itself by closing it."""
        start = max(self._open[-1].inline, len(self._inline) - _LOOK_BACK)
        return any(entry[0] == tag for entry in self._inline[start:])

    def _pop_inline(self) -> str:
        tag, styles, part = self._inline.pop()
        self._inline_tags[tag] -= 1
        self._styles.subtract(styles)
        if part:
            self._parts.pop()
        return tag

    def _close_block(self) -> str:
        closed = self._open.pop()
        self._open_tags[closed.tag] -= 1
        while len(self._inline) > closed.inline:
            self._pop_inline()
        if self._keeps_spaces and closed.place.is_own and len(self._page.blocks) == closed.blocks:
            self._page.blocks.append(Block(closed.place, closed.line))  # it is empty on purpose
        return closed.tag

    def _flush(self) -> None:
        block, self._block = self._block, None
        if block is None:
            return
        if not self._keeps_spaces:
            block.runs = list(_collapsed(block.runs))
        if block.text.strip() or block.parts:
            self._page.blocks.append(block)

    def _break(self) -> None:
        if self._open_tags["pre"]:
            self._page.pre.append(("\n", self._line))
        elif self._block is not None:
            self._block.runs.append(self._run("\n"))

    def _text(self, text: str, line: int) -> None:
        if self._open_tags["pre"] or self._open_tags["xmp"]:
            self._page.pre.append((text, line))
            return
        if not self._keeps_spaces:
            text = _SPACES.sub(" ", text)
        if self._block is None:
            place = self._open[-1].place
            if not text.strip() and not (self._keeps_spaces and (place.is_own or place.is_title)):
                return
            self._block = Block(place, line)
        if self._parts:
            self._block.parts.setdefault(self._parts[-1], []).append(self._run(text))
        else:
            self._block.runs.append(self._run(text))

    def _run(self, text: str) -> Run:
        on = self._styles
        return Run(text, bold=on["bold"] > 0, italic=on["italic"] > 0, underline=on["underline"] > 0)


_LOOK_BACK = 50
"""No sound page nests more inline elements."""


def _names(piece: Piece) -> frozenset[str]:
    """Classes and id, in lower case, without hyphens and underscores."""
    if not piece.attributes:
        return frozenset()
    words = [*piece.get("class").split()[:20], piece.get("id")[:80]]
    return frozenset(word.lower().replace("-", "").replace("_", "") for word in words)


def _collapsed(runs: list[Run]) -> Iterator[Run]:
    """White space as a browser shows it: none at the ends of lines, one space else, but no-break spaces count."""
    space = True
    held: list[Run] = []
    for run in runs:
        text = run.text
        if space:
            text = text.lstrip(" ")
        if text:
            if text == "\n" and held:
                held[-1] = replace(held[-1], text=held[-1].text.rstrip(" "))
            held.append(replace(run, text=text.replace("\u00a0", " ")))
            space = text[-1] in " \n"
    if held:
        held[-1] = replace(held[-1], text=held[-1].text.rstrip())
    yield from (run for run in held if run.text)
