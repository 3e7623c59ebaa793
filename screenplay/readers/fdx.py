"""Reads Final Draft files (FDX): every paragraph, run, style, note and number that a script holds.

Final Draft has more kinds of paragraphs than a screenplay has elements. `General`, `Cast List` and act breaks
become action, outlines and summaries sections and synopses, omitted scenes boneyard, alternative lines notes; a
kind that is not known is what it is paginated as, else action, with a warning.
"""

from __future__ import annotations

import contextlib
import json
import re
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pydantic import ValidationError

from screenplay.elements import (
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
from screenplay.errors import ReadWarning
from screenplay.readers import Reading
from screenplay.readers.layout_title import title_page
from screenplay.readers.xml import Node, decode, parse
from screenplay.runs import lines_of, plain_text, split_cue, trimmed, unbracketed

_KEPT = frozenset({"Content", "TitlePage", "ScriptNotes", "UnanchoredScriptNotes", "ElementSettings", "AltCollection"})
_KINDS: dict[str, str] = {
    "scene heading": "scene_heading",
    "action": "action",
    "general": "action",
    "cast list": "action",
    "new act": "action",
    "end of act": "action",
    "act break": "action",
    "character": "character",
    "parenthetical": "parenthetical",
    "dialogue": "dialogue",
    "dialog": "dialogue",
    "lyrics": "lyric",
    "lyric": "lyric",
    "singing": "lyric",
    "transition": "transition",
    "shot": "shot",
    "outline body": "synopsis",
    "summary": "synopsis",
    "synopsis": "synopsis",
    "note": "note",
    "": "action",
}
"""A paragraph's type, in lower case, to an element's kind; `outline N` is a section."""
_OUTLINE = re.compile(r"(?:outline|section)(?: (\d{1,2}))?(?: heading)?\b(?! body)", re.IGNORECASE)
_KEY = re.compile(r' title page (\d{1,6}): (".*") ')
_BLOCK_OFFSETS = 2
"""How many places Final Draft counts for a dual dialogue or an omitted scene when it says where a note belongs."""


def scan(text: str | bytes, *, source: str = "<text>") -> Reading:
    """Read a Final Draft file; it has no lines to tag.

    Raises:
        ReadError: It is no Final Draft file, ends early, or has a document type definition.
    """
    return Reading(read(text, source=source), ())


def read(text: str | bytes, *, source: str = "<text>") -> Screenplay:
    """`scan` without the tags."""
    if isinstance(text, bytes):
        text = decode(text, source=source)
    root = parse(text, root="FinalDraft", keep=_KEPT, source=source, program="Final Draft")
    body = _Body(source, _paginated_as(root), _alternatives(root))
    for part in root.nodes("Content"):
        for node in part.nodes():
            body.add(node)
    return Screenplay(title_page=_title_page(root), elements=tuple(_anchored(body, root)))


def _paginated_as(root: Node) -> dict[str, str]:
    """What the file's own kinds of paragraphs are treated as."""
    found = {}
    for settings in root.nodes("ElementSettings"):
        for behavior in settings.nodes("Behavior"):
            found[_folded(settings.get("Type"))] = _folded(behavior.get("PaginateAs"))
    return found


def _alternatives(root: Node) -> dict[str, str]:
    found = {}
    for collection in root.nodes("AltCollection"):
        for alternative in collection.nodes("Alt"):
            found[alternative.get("Id")] = _plain(alternative)
    return found


def _folded(name: str) -> str:
    return " ".join(name.split()).lower()


@dataclass(frozen=True, slots=True)
class _Anchor:
    """Where a paragraph stands in Final Draft's count of characters, and in the list of elements."""

    start: int
    elements: int
    """How many elements there are up to its end."""


class _Body:
    """The script's elements, as its paragraphs come."""

    def __init__(self, source: str, paginated_as: dict[str, str], alternatives: dict[str, str]) -> None:
        self.elements: list[Element] = []
        self.anchors: list[_Anchor] = []
        self._offset = 0
        self._source = source
        self._paginated_as = paginated_as
        self._alternatives = alternatives
        self._warned: set[str] = set()
        self._unclosed: list[Run] = []
        """The last parenthetical, where it lacks its closing bracket."""

    def add(self, node: Node) -> None:
        """Take in one paragraph of the script, or a note that stands between paragraphs."""
        if node.tag == "ScriptNote":
            self._note(node)
        if node.tag != "Paragraph":
            return
        runs = list(_runs(node))
        self._paragraph(node, runs)
        self.anchors.append(_Anchor(self._offset, len(self.elements)))
        blocks = len(node.nodes("DualDialogue")) + len(node.nodes("OmittedScene"))
        units = sum(len(run.text.encode("utf-16-le", "replace")) // 2 for run in runs)
        self._offset += units + blocks * _BLOCK_OFFSETS + 1

    def _paragraph(self, node: Node, runs: list[Run], *, second: bool = False) -> None:
        """Turn a paragraph into elements; `second` says that a cue is the right one of a dual dialogue."""
        starts_page = node.get("StartsNewPage").lower() == "yes"
        notes = node.nodes("ScriptNote")
        groups = node.nodes("DualDialogue")
        if starts_page:
            self.elements.append(PageBreak(line=node.line))
        if any(run.text.strip() for run in runs):
            self._filled(node, runs, second=second)
        elif (
            self._kind(node) == "action"
            and not groups
            and not (_folded(node.get("Type")) == "general" and (notes or starts_page))
        ):
            # An empty General that breaks the page or holds a note is there for that alone.
            self.elements.append(Action(text="", centered=_centered(node), line=node.line))
        for properties in node.nodes("SceneProperties"):
            self._properties(properties)
        for note in notes:
            self._note(note)
        for group in groups:
            self._dual(group)
        for omitted in node.nodes("OmittedScene"):
            text = "\n\n".join(filter(None, (plain_text(_runs(paragraph)) for paragraph in omitted.nodes("Paragraph"))))
            self._extend(Boneyard, omitted.line, text=text)
        for alts in node.nodes("Alts"):
            for number in alts.nodes("AltId"):
                self._extend(Note, number.line, text=self._alternatives.get(number.text().strip(), ""))

    def _filled(self, node: Node, runs: list[Run], *, second: bool) -> None:
        kind, line = self._kind(node), node.line
        marked, runs = runs, trimmed(runs)
        text = compose(runs)
        if kind == "scene_heading":
            number = " ".join(clean(node.get("Number")).split()) or None
            self._extend(SceneHeading, line, text=text, number=number)
        elif kind == "character":
            name, extension = split_cue(marked)
            self._extend(Character, line, name=name, extension=extension, dual=second)
        elif kind == "parenthetical":
            self._parenthetical(marked, line)
        elif kind == "lyric":
            for lyric in lines_of(runs):
                self._extend(Lyric, line, text=compose(lyric))
        elif kind == "section":
            level = _OUTLINE.match(_folded(node.get("Type")))
            self._extend(Section, line, text=plain_text(runs), level=max(1, int((level and level[1]) or 1)))
        elif kind == "synopsis":
            for synopsis in lines_of(runs):
                self._extend(Synopsis, line, text=plain_text(synopsis))
        elif kind == "note":
            self._extend(Note, line, text=plain_text(runs))
        elif kind == "action":
            self._extend(Action, line, text=text, centered=_centered(node))
        else:
            self._extend({"dialogue": Dialogue, "transition": Transition, "shot": Shot}[kind], line, text=text)

    def _parenthetical(self, runs: list[Run], line: int) -> None:
        """Add a parenthetical; one that someone typed as two paragraphs, each with one bracket, is one."""
        text = "".join(run.text for run in runs).strip()
        if self._unclosed and self.elements and isinstance(self.elements[-1], Parenthetical) and text[0] != "(":
            runs = [*self._unclosed, Run(" "), *runs]
            line = self.elements.pop().line or line
            text = "".join(run.text for run in runs).strip()
        self._extend(Parenthetical, line, text=compose(unbracketed(runs)))
        self._unclosed = runs if text[0] == "(" and text.count("(") > text.count(")") and text[-1] != ")" else []

    def _extend(self, kind: Callable[..., Element], line: int, **parts: Any) -> None:
        """Add an element unless it would be empty: without text, or with nothing but control characters."""
        with contextlib.suppress(ValidationError):
            self.elements.append(kind(line=line, **parts))

    def _kind(self, node: Node) -> str:
        name = _folded(node.get("Type"))
        if name in _KINDS:
            return _KINDS[name]
        if _OUTLINE.match(name):
            return "section"
        like = self._paginated_as.get(name, "")
        kind = _KINDS.get(like, "action")
        if name not in self._warned:
            self._warned.add(name)
            message = f"{node.get('Type')!r} is no kind of paragraph known here; read as {kind.replace('_', ' ')}"
            warnings.warn(ReadWarning(message, source=self._source, line=node.line), stacklevel=2)
        return kind

    def _properties(self, node: Node) -> None:
        """A scene's title and summary, and the steps of its characters' arcs."""
        self._extend(Synopsis, node.line, text=node.get("Title"))
        for summary in node.nodes("Summary"):
            for paragraph in summary.nodes("Paragraph"):
                for line in lines_of(list(_runs(paragraph))):
                    self._extend(Synopsis, paragraph.line, text=plain_text(line))
        for beats in node.nodes("SceneArcBeats"):
            for beat in beats.nodes("CharacterArcBeat"):
                text = _plain(beat)
                if text:
                    self._extend(Note, beat.line, text=f"{beat.get('Name')}: {text}")

    def _note(self, node: Node) -> None:
        self.elements.extend(note_elements(node))

    def _dual(self, group: Node) -> None:
        """Two speeches side by side: the first cue is the left one, an empty cue leaves the left side free."""
        cues = 0
        for paragraph in group.nodes("Paragraph"):
            is_cue = self._kind(paragraph) == "character"
            self._paragraph(paragraph, list(_runs(paragraph)), second=is_cue and cues > 0)
            cues += is_cue


def note_elements(node: Node) -> Iterator[Element]:
    """A ScriptNote as a note, with its title and author before it; as a boneyard where its type says so."""
    text = _plain(node)
    if node.get("Type") == "Boneyard":
        if text.strip():
            yield Boneyard(text=text, line=node.line)
        return
    name, author = node.get("Name"), node.get("WriterName") or node.get("Author")
    title = f"{name} ({author})" if name and author else name or author
    if title and text.strip() and title != text.strip():
        text = f"{title}: {text}"
    if text.strip() or title:
        yield Note(text=text if text.strip() else title, line=node.line)


def _anchored(body: _Body, root: Node) -> Iterator[Element]:
    """The elements, with the notes that the file keeps apart put after the paragraphs they belong to."""
    notes = [
        note
        for part in ("ScriptNotes", "UnanchoredScriptNotes")
        for found in root.nodes(part)
        for note in found.nodes()
    ]
    if not notes:
        yield from body.elements
        return
    placed = deque(sorted(((_start(note), note) for note in notes), key=lambda pair: pair[0]))
    done = 0
    for anchor, following in pairwise(body.anchors):
        yield from body.elements[done : anchor.elements]
        done = anchor.elements
        while placed and placed[0][0] < following.start:
            yield from note_elements(placed.popleft()[1])
    yield from body.elements[done:]
    for _, note in placed:
        yield from note_elements(note)


def _start(note: Node) -> int:
    start = note.get("Range").partition(",")[0]
    return int(start) if start.isascii() and start.isdigit() and len(start) < 12 else 1 << 60


def _runs(node: Node) -> Iterator[Run]:
    """A paragraph's own text with its styles, without that of what is nested in it."""
    for child in node.children:
        if isinstance(child, str):
            if child.strip():  # not as Final Draft writes it, but nothing is lost
                yield Run(child)
        elif child.tag == "Text":
            styles = child.get("Style").split("+")
            text = child.text()
            yield Run(
                text.upper() if "AllCaps" in styles else text,
                bold="Bold" in styles,
                italic="Italic" in styles,
                underline="Underline" in styles,
            )


def _centered(node: Node) -> bool:
    return node.get("Alignment").lower() == "center" or _folded(node.get("Type")) in ("new act", "end of act")


def _plain(node: Node) -> str:
    """The paragraphs in a note as plain text, one a line."""
    own = plain_text(_runs(node))
    return "\n".join([*filter(None, [own]), *(plain_text(_runs(paragraph)) for paragraph in node.nodes("Paragraph"))])


def _title_page(root: Node) -> dict[str, tuple[str, ...]]:
    """The title page: by the comments that this program's own writer leaves, else told from how it reads."""
    keyed: dict[int, tuple[str, list[str]]] = {}
    loose: list[tuple[str, int]] = []
    current: list[str] | None = None
    gap = 0
    for node in (
        node for page in root.nodes("TitlePage") for content in page.nodes("Content") for node in content.nodes()
    ):
        if node.tag == "!" and (mark := _KEY.fullmatch(node.text())):
            key = json.loads(mark[2]) if _is_json(mark[2]) else mark[2]
            current = keyed.setdefault(int(mark[1]), (str(key), []))[1]
        if node.tag != "Paragraph":
            continue
        lines = [compose(line) for line in lines_of(trimmed(list(_runs(node))))]
        for text in (" ".join(clean(line).split()) for line in lines):
            if not text:
                gap += 1
            elif current is not None:
                current.append(text)
            else:
                loose.append((text, gap))
                gap = 0
    page: dict[str, tuple[str, ...]] = {}
    for _, (key, values) in sorted(keyed.items()):
        page[key] = (*page.get(key, ()), *values)
    for key, found in title_page(loose).items():
        page[key] = (*page.get(key, ()), *found)
    return {key: values for key, values in page.items() if key.strip()}


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
