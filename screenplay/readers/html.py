"""Reads web pages: script sites (`<pre>`), what Fountain programs export (classes), and this program's own pages.

Preformatted text goes to the reader of laid-out text, menus and advertisements around it nowhere. Where blocks have
classes that say what they are, each becomes its element. A page with neither is taken for laid-out text, with a
warning.
"""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from screenplay.elements import (
    MOST_LEVEL,
    Action,
    Boneyard,
    Character,
    Dialogue,
    Element,
    Lyric,
    Note,
    PageBreak,
    Parenthetical,
    SceneHeading,
    Screenplay,
    Section,
    Shot,
    Synopsis,
    Transition,
    clean,
)
from screenplay.emphasis import Run, compose
from screenplay.errors import ReadError, ReadWarning
from screenplay.readers import Reading, layout
from screenplay.readers.html_blocks import Block, Page, Place, take_apart
from screenplay.readers.layout_title import title_page
from screenplay.readers.xml import decode
from screenplay.runs import cut, lines_of, plain_text, split_cue, unbracketed

GENERATOR = "lebowski-gen"
"""Whom this program's own pages name as their maker."""
_CHARSET = re.compile(rb"""<meta\s[^>]{0,200}?charset\s*=\s*["']?([A-Za-z][\w.\-]{0,40})""", re.IGNORECASE)
_PRE_SHARE = 0.3
"""With less of its text preformatted than this, a page shows code, not a script."""
_HEADING = re.compile(r"(?:INT|EXT|EST|I/E)\b", re.IGNORECASE)
_NUMBER_ID = re.compile(r"[A-Z]{0,2}\d{1,4}[A-Z]{0,2}")
_NUMBER_MARK = re.compile(r"(?<!\s)\s*#([^#\s]{1,20})#\s*$")
_FOUNTAIN_JS = {"h3": "scene_heading", "h2": "transition", "h4": "character", "p": "action"}
_SCREENPLAIN = {"h6": "scene_heading", **{f"h{level}": "section" for level in range(1, 6)}}
"""What bare tags are in the pages of those two programs, and of others that copy them."""


def scan(text: str | bytes, *, source: str = "<text>") -> Reading:
    """Read a web page; its lines are not tagged.

    Raises:
        ReadError: The page holds no text.
    """
    return Reading(read(text, source=source), ())


def read(text: str | bytes, *, source: str = "<text>") -> Screenplay:
    """`scan` without the tags."""
    if isinstance(text, bytes):
        text = decode(text, source=source, declared=_CHARSET)
    page = take_apart(text.replace("\r\n", "\n").replace("\r", "\n"), own_generator=GENERATOR)
    script = _Script(page)
    if page.generator.startswith(GENERATOR):
        return script.screenplay
    preformatted = sum(len(piece) - piece.count(" ") for piece, _ in page.pre)
    if script.is_script and script.letters >= preformatted:
        return script.screenplay
    everything = preformatted + sum(len(block.text) for block in page.blocks if not block.place.is_chrome)
    if not everything:
        raise ReadError("the page holds no text", source=source, expected="a screenplay")
    if preformatted >= _PRE_SHARE * everything:
        return _laid_out(page.pre, source)
    message = "neither <pre> nor classes say what is what; read as laid-out text"
    warnings.warn(ReadWarning(message, source=source), stacklevel=2)
    return _laid_out(list(_flowing(page)), source)


def _laid_out(parts: list[tuple[str, int]], source: str) -> Screenplay:
    """What the reader of laid-out text makes of a part of the page, with the page's own line numbers."""
    text = "".join(part for part, _ in parts).replace("\u00a0", " ")
    lines = [parts[0][1]]
    for part, line in parts:
        lines += range(line + 1, line + 1 + part.count("\n"))
    found = layout.read(text, source=source)
    moved = (
        e if e.line is None else e.model_copy(update={"line": lines[min(e.line, len(lines)) - 1]})
        for e in found.elements
    )
    return Screenplay(title_page=found.title_page, elements=tuple(moved))


def _flowing(page: Page) -> Iterator[tuple[str, int]]:
    """All that is not preformatted, a blank line between paragraphs."""
    for block in page.blocks:
        if not block.place.is_chrome and block.text.strip():
            yield block.text + ("\n" if block.place.tag in ("div", "td", "li", "dd") else "\n\n"), block.line
    yield from page.pre


class _Script:
    """Blocks as elements."""

    def __init__(self, page: Page) -> None:
        self.elements: list[Element] = []
        self.letters = 0
        """How much text was placed."""
        self._is_own = page.generator.startswith(GENERATOR)
        self._tags = {} if self._is_own else _dialect(page)
        self._title: dict[str, list[str]] = {}
        self._loose_title: list[tuple[str, int]] = []
        self._cues: dict[int, int] = {}
        for block in page.blocks:
            self._take(block)
        while not self._is_own and self.elements and isinstance(self.elements[-1], PageBreak):
            self.elements.pop()  # a line under the script

    @property
    def is_script(self) -> bool:
        """Whether anything was found that only screenplays have."""
        return any(isinstance(element, SceneHeading | Character) for element in self.elements)

    @property
    def screenplay(self) -> Screenplay:
        """All that was found."""
        page = {key: tuple(values) for key, values in self._title.items() if key.strip()}
        for key, values in title_page(self._loose_title).items():
            page[key] = (*page.get(key, ()), *values)
        return Screenplay(title_page=page, elements=tuple(self.elements))

    def _take(self, block: Block) -> None:
        place = block.place
        if place.is_title or (place.title_key and not self.elements and self._tags is _FOUNTAIN_JS):
            self._take_title(block)
            return
        if place.tag == "h1" and self._tags is _FOUNTAIN_JS and not self.elements:
            self._title.setdefault("Title", []).extend(_texts(block.runs))
            return
        kind = place.kind or (None if place.is_chrome else self._bare(place))
        if place.kind == "dialogue" and not place.is_own and place.tag == "h4":
            kind = "character"
        if kind is None:
            return
        if place.starts_page and kind != "page_break":
            self.elements.append(PageBreak(line=block.line))
        self.letters += len(block.text)
        runs = block.runs
        if not self._is_own and kind in ("scene_heading", "character", "transition", "shot", "section"):
            runs = _without_page_style(runs)
        self._add(kind, block, runs)

    def _bare(self, place: Place) -> str | None:
        """What a block is that no class tells of."""
        if place.dual and place.tag == "p":
            return "dialogue"
        if place.tag == "hr":
            return "page_break" if self.elements else None
        return self._tags.get(place.tag)

    def _take_title(self, block: Block) -> None:
        texts = list(_texts(block.runs))
        self.letters += len(block.text)
        if block.place.title_key is not None:
            self._title.setdefault(" ".join(clean(block.place.title_key).split()), []).extend(texts)
        else:
            self._loose_title += ((text, 0 if index else 1) for index, text in enumerate(texts))

    def _add(self, kind: str, block: Block, runs: list[Run]) -> None:
        text = compose(runs)
        if kind == "scene_heading":
            text, number = self._number(block, text)
            self._extend(SceneHeading, block, text=text, number=number)
        elif kind == "character":
            self._cue(block, runs)
        elif kind == "parenthetical":
            whole = plain_text(runs)
            inner = cut(runs, 1, len(whole) - 1) if self._is_own else unbracketed(runs)
            self._extend(Parenthetical, block, text=compose(inner))
        elif kind == "lyric":
            for line in lines_of(runs):
                self._extend(Lyric, block, text=compose(line))
        elif kind == "section":
            plain = plain_text(runs)
            bare = plain if self._is_own else plain.lstrip("#").strip()
            tag = block.place.tag
            level = (
                block.place.level or len(plain) - len(plain.lstrip("#")) or (int(tag[1]) if tag[1:].isdigit() else 1)
            )
            self._extend(Section, block, text=bare, level=min(level, MOST_LEVEL))
        elif kind == "synopsis":
            for line in lines_of(runs):
                self._extend(Synopsis, block, text=plain_text(line))
        elif kind in ("action", "centered"):
            self._extend(Action, block, text=text, centered=kind == "centered")
        elif kind == "page_break":
            self.elements.append(PageBreak(line=block.line))
        elif kind in ("note", "boneyard"):
            self._extend(Note if kind == "note" else Boneyard, block, text=plain_text(runs))
        else:
            self._extend({"dialogue": Dialogue, "transition": Transition, "shot": Shot}[kind], block, text=text)

    def _number(self, block: Block, text: str) -> tuple[str, str | None]:
        if "number" in block.parts:
            return text, " ".join(plain_text(block.parts["number"]).split()) or None
        if self._is_own:
            return text, None
        if self._tags is _FOUNTAIN_JS and _NUMBER_ID.fullmatch(block.place.id):
            return text, block.place.id
        mark = _NUMBER_MARK.search(text)
        return (text[: mark.start()], mark[1]) if mark and mark.start() else (text, None)

    def _cue(self, block: Block, runs: list[Run]) -> None:
        if self._is_own:
            extension = (
                compose(cut(inner, 1, len(plain_text(inner)) - 1)) if (inner := block.parts.get("extension")) else None
            )
            self._extend(Character, block, name=compose(runs), extension=extension, dual=block.place.is_dual_cue)
            return
        group = block.place.dual
        self._cues[group] = self._cues.get(group, 0) + 1
        is_dual = group > 0 and self._cues[group] > 1
        whole = "".join(run.text for run in runs).rstrip()
        if whole.endswith("^") and whole[:-1].strip():
            runs, is_dual = cut(runs, 0, len(whole) - 1), True
        name, extension = split_cue(runs)
        self._extend(Character, block, name=name, extension=extension, dual=is_dual)

    def _extend(self, kind: Callable[..., Element], block: Block, **parts: Any) -> None:
        """Add an element unless it would be empty."""
        with contextlib.suppress(ValidationError):
            self.elements.append(kind(line=block.line, **parts))


def _dialect(page: Page) -> dict[str, str]:
    """What bare tags mean on this page."""
    if page.tags["h6"] and any(block.place.kind in ("action", "dialogue") for block in page.blocks):
        return _SCREENPLAIN
    headings = [block for block in page.blocks if block.place.tag == "h3" and block.place.kind is None]
    cues = any(block.place.tag == "h4" and block.place.kind == "dialogue" for block in page.blocks)
    if cues or sum(bool(_HEADING.match(block.text)) for block in headings) * 2 > len(headings):
        return _FOUNTAIN_JS
    return {}


def _without_page_style(runs: list[Run]) -> list[Run]:
    """Headings and cues that are bold or underlined from end to end are so because of the page, not the writer."""
    filled = [run for run in runs if run.text.strip()]
    bold, line = all(run.bold for run in filled), all(run.underline for run in filled)
    return [replace(run, bold=run.bold and not bold, underline=run.underline and not line) for run in runs]


def _texts(runs: list[Run]) -> Iterator[str]:
    for line in lines_of(runs):
        text = " ".join(clean(compose(line)).split())
        if text:
            yield text
