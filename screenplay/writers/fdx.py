"""Writes Final Draft files (FDX), in the structure that Final Draft itself writes.

What Final Draft has no place of its own for: an outline's section is an `Outline` paragraph, a synopsis the summary
of its scene or an `Outline Body`, a boneyard a ScriptNote of the type `Boneyard`; comments on the title page, which
Final Draft passes over, keep its keys and their order. The reader turns all of them back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from screenplay.dual import SideBySide, grouped
from screenplay.elements import (
    Action,
    Boneyard,
    Character,
    Element,
    Note,
    PageBreak,
    Parenthetical,
    SceneHeading,
    Screenplay,
    Section,
    Synopsis,
    Transition,
)
from screenplay.emphasis import Run, parse
from screenplay.writers.fdx_parts import document, escape, loose_paragraph, quoted

_TYPES: dict[str, str] = {
    "scene_heading": "Scene Heading",
    "action": "Action",
    "character": "Character",
    "parenthetical": "Parenthetical",
    "dialogue": "Dialogue",
    "lyric": "Lyrics",
    "transition": "Transition",
    "shot": "Shot",
    "synopsis": "Outline Body",
}
_MARK = Run("")
"""An empty run after a name or bracket says that brackets beside it belong to the text."""
_CENTERED_KEYS = ("title", "credit", "author", "authors", "source")
_TITLE_LINE = 16
"""Blank lines above the title."""
_PAGE_LINES = 50


@dataclass(slots=True)
class _Paragraph:
    """One paragraph of the script, with what Final Draft keeps inside it."""

    type: str
    runs: Sequence[Run] = ()
    number: str | None = None
    centered: bool = False
    starts_page: bool = False
    summary: list[str] = field(default_factory=list)
    attached: list[Note | Boneyard] = field(default_factory=list)

    @property
    def takes_summary(self) -> bool:
        """Whether a synopsis that comes next is the scene's summary."""
        return self.type == "Scene Heading" and not self.attached


def render(screenplay: Screenplay, *, scene_numbers: bool = True) -> str:
    """The file's text. `scene_numbers`: write those that the headings have."""
    script = _Script(scene_numbers=scene_numbers)
    for unit in grouped(screenplay.elements):
        script.add(unit)
    script.finish()
    return document(
        script.lines,
        _title_page(screenplay.title_page),
        types=script.types,
        cast=_unique(map(_plain, screenplay.cast)),
        extensions=_unique(_plain(e.extension or "") for e in screenplay.elements if isinstance(e, Character)),
        transitions=_unique(_plain(e.text) for e in screenplay.elements if isinstance(e, Transition)),
        numbered=script.is_numbered,
    )


def _unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, texts)))


def _plain(text: str) -> str:
    return "".join(run.text for run in parse(text)).strip()


class _Script:
    """The lines of `<Content>`. A page break is written with the paragraph after it, notes with the one before."""

    def __init__(self, *, scene_numbers: bool) -> None:
        self.lines: list[str] = []
        self.types: set[str] = set()
        self.is_numbered = False
        self._scene_numbers = scene_numbers
        self._starts_page = False
        self._last: _Paragraph | None = None
        """Not written yet, for notes that may follow it."""

    def add(self, unit: Element | SideBySide) -> None:
        """Write one element, or two speeches side by side."""
        if isinstance(unit, SideBySide):
            self._dual(unit)
        elif isinstance(unit, PageBreak):
            if self._starts_page:
                self._put(_Paragraph("General"))
            self._starts_page = True
        elif isinstance(unit, Note | Boneyard):
            if self._starts_page or self._last is None:
                self._put(_Paragraph("General"))  # empty: it is there for the note alone
            assert self._last is not None
            self._last.attached.append(unit)
        elif isinstance(unit, Synopsis) and not self._starts_page and self._last and self._last.takes_summary:
            self._last.summary.append(unit.text)
        else:
            self._put(_paragraph(unit, scene_numbers=self._scene_numbers))

    def finish(self) -> None:
        """Write what is held back."""
        if self._starts_page:
            self._put(_Paragraph("General"))
        self._write_last()

    def _put(self, paragraph: _Paragraph) -> None:
        self._write_last()
        paragraph.starts_page, self._starts_page = self._starts_page, False
        self._last = paragraph

    def _write_last(self) -> None:
        if self._last is not None:
            self._write(self._last, "    ")
            self._last = None

    def _write(self, paragraph: _Paragraph, indent: str) -> None:
        self.types.add(paragraph.type)
        self.is_numbered |= paragraph.number is not None
        self.lines += _lines(paragraph, indent)

    def _dual(self, pair: SideBySide) -> None:
        self._write_last()
        starts_page, self._starts_page = ("Yes" if self._starts_page else None), False
        self.lines.append(f"    <Paragraph{_attributes(StartsNewPage=starts_page)}>")
        self.lines.append("      <DualDialogue>")
        if not pair.left:  # a speech marked dual that has no partner stands right of an empty cue
            self._write(_Paragraph("Character"), " " * 8)
        for element in (*pair.left, *pair.right):
            if isinstance(element, Note | Boneyard):
                assert self._last is not None
                self._last.attached.append(element)
                continue
            if self._last is not None:
                self._write(self._last, " " * 8)
            self._last = _paragraph(element, scene_numbers=False)
        assert self._last is not None
        self._write(self._last, " " * 8)
        # What follows may be a note on the right speech; it was taken in with it.
        self._last = None
        self.lines += ["      </DualDialogue>", "    </Paragraph>"]


def _paragraph(element: Element, *, scene_numbers: bool) -> _Paragraph:
    assert not isinstance(element, PageBreak | Note | Boneyard)
    if isinstance(element, Section):
        return _Paragraph(f"Outline {element.level}", [Run(element.text)])
    name = _TYPES[element.kind]
    if isinstance(element, Synopsis):
        return _Paragraph(name, [Run(element.text)])
    if isinstance(element, Character):
        runs = _runs(element.name)
        if "(" in element.name:
            runs.append(_MARK)
        if element.extension is not None:
            runs += [Run(" ("), *_runs(element.extension), Run(")")]
        return _Paragraph(name, runs)
    if isinstance(element, Parenthetical):
        mark = [_MARK] if "(" in element.text or ")" in element.text else []
        return _Paragraph(name, [Run("("), *mark, *_runs(element.text), Run(")")])
    number = element.number if isinstance(element, SceneHeading) and scene_numbers else None
    centered = isinstance(element, Action) and element.centered
    return _Paragraph(name, _runs(element.text), number=number, centered=centered)


def _runs(text: str) -> list[Run]:
    return [run for run in parse(text) if run.text]


def _attributes(**values: str | None) -> str:
    return "".join(f" {name}={quoted(value)}" for name, value in values.items() if value is not None)


def _lines(paragraph: _Paragraph, indent: str) -> Iterator[str]:
    attributes = _attributes(
        Alignment="Center" if paragraph.centered else None,
        Number=paragraph.number,
        StartsNewPage="Yes" if paragraph.starts_page else None,
        Type=paragraph.type,
    )
    yield f"{indent}<Paragraph{attributes}>"
    if paragraph.summary:
        yield f'{indent}  <SceneProperties Title="">'
        yield f"{indent}    <Summary>"
        for text in paragraph.summary:
            yield from loose_paragraph(text, f"{indent}      ", font="Arial")
        yield f"{indent}    </Summary>"
        yield f"{indent}  </SceneProperties>"
    for note in paragraph.attached:
        kind = "Boneyard" if isinstance(note, Boneyard) else ""
        yield f'{indent}  <ScriptNote Color="#000000000000" Name="" Type="{kind}">'
        for text in note.text.split("\n"):
            yield from loose_paragraph(text, f"{indent}    ", font="Arial")
        yield f"{indent}  </ScriptNote>"
    for run in paragraph.runs or [Run("")]:
        styles = [name for name, on in (("Bold", run.bold), ("Italic", run.italic), ("Underline", run.underline)) if on]
        yield f"{indent}  <Text{_attributes(Style='+'.join(styles) or None)}>{escape(run.text)}</Text>"
    yield f"{indent}</Paragraph>"


def _title_page(page: dict[str, tuple[str, ...]]) -> list[str]:
    """The lines of the title page's `<Content>`: title and authors in the middle, the rest at the foot."""
    middle = [(index, key) for index, key in enumerate(page) if key.lower() in _CENTERED_KEYS]
    foot = [(index, key) for index, key in enumerate(page) if key.lower() not in _CENTERED_KEYS]
    if not page:
        return []
    lines: list[str] = []
    height = 0

    def blank(count: int) -> None:
        nonlocal height
        for _ in range(count):
            lines.extend(loose_paragraph("", "      ", alignment="Left"))
        height += count

    blank(_TITLE_LINE)
    for keys, alignment, gap in ((middle, "Center", 1), (foot, "Left", 0)):
        for index, key in keys:
            name = json.dumps(key).replace("-", "\\u002d")  # two hyphens would end the comment
            lines.append(f"      <!-- title page {index}: {name} -->")
            for text in page[key]:
                lines.extend(loose_paragraph(_runs(text), "      ", alignment=alignment))
            height += len(page[key])
            blank(gap)
        if keys is middle:
            blank(_PAGE_LINES - height - sum(len(page[key]) for _, key in foot))
    return lines
