"""What a screenplay is: a title page and a flat list of frozen, typed elements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, FailFast, Field, TypeAdapter

_BREAK = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"\s+")


def clean(text: str) -> str:
    """Make one kind of line break, no control characters, four spaces a tab."""
    if text.isascii() and text.isprintable():
        return text
    text = _BREAK.sub("\n", text).expandtabs(4)
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", clean(text)).strip()


def _block(text: str) -> str:
    lines = [line.strip() for line in clean(text).split("\n")]
    return "\n".join(lines).strip("\n")


def _action(text: str) -> str:
    lines = [line.rstrip() for line in clean(text).split("\n")]
    return "\n".join(lines).strip("\n")


def _note(text: str) -> str:
    return re.sub(r"\](?=\])", "] ", _block(text)).strip()


def _boneyard(text: str) -> str:
    return _action(text).replace("*/", "* /")


def _bare(text: str) -> str:
    """Take off one pair of brackets that encloses the whole text."""
    text = _one_line(text)
    if text.startswith("(") and text.endswith(")") and "(" not in text[1:] and ")" not in text[:-1]:
        return text[1:-1].strip()
    return text


def _filled(text: str) -> str:
    if not text:
        raise ValueError("the text is empty: leave the element out")
    return text


LineText: TypeAlias = Annotated[str, AfterValidator(_one_line), AfterValidator(_filled)]
"""One line: white space folded, never empty."""
BlockText: TypeAlias = Annotated[str, AfterValidator(_block), AfterValidator(_filled)]
"""One or more lines, each without outer spaces; blank lines only between others; never empty."""
ActionText: TypeAlias = Annotated[str, AfterValidator(_action)]
"""Like a block, but a line keeps its leading spaces; may be empty."""


class _Element(BaseModel):
    """Ground of all elements: frozen, and equal when all but `line` is equal."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    line: Annotated[int, Field(ge=1)] | None = Field(default=None, repr=False)
    """1-based line of the source where the element begins; not part of equality."""

    def _values(self) -> tuple[Any, ...]:
        return tuple(value for name, value in self.__dict__.items() if name != "line")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self), self._values()))


class SceneHeading(_Element):
    """Where and when a scene plays: `INT. BOWLING ALLEY - NIGHT`."""

    kind: Literal["scene_heading"] = "scene_heading"
    text: LineText
    number: LineText | None = None
    """Scene number as printed, `12A`; without the `#` marks."""


class Action(_Element):
    """What is seen and heard. An empty one is an extra blank line between paragraphs."""

    kind: Literal["action"] = "action"
    text: ActionText
    centered: bool = False


class Character(_Element):
    """The cue above a speech: who speaks, and how they are heard."""

    kind: Literal["character"] = "character"
    name: LineText
    extension: LineText | None = None
    """`V.O.`, `O.S.`, `CONT'D` without brackets; several are `V.O.) (CONT'D`, as printed between the outer brackets."""
    dual: bool = False
    """Spoken at the same time as the speech before (Fountain's `^`)."""


class Parenthetical(_Element):
    """How a line is said, without its brackets."""

    kind: Literal["parenthetical"] = "parenthetical"
    text: Annotated[str, AfterValidator(_bare), AfterValidator(_filled)]


class Dialogue(_Element):
    """What is said. A line break is one that the writer made; text is never wrapped."""

    kind: Literal["dialogue"] = "dialogue"
    text: BlockText


class Lyric(_Element):
    """One sung line."""

    kind: Literal["lyric"] = "lyric"
    text: LineText


class Transition(_Element):
    """How one scene gives way to the next: `CUT TO:`."""

    kind: Literal["transition"] = "transition"
    text: LineText


class Shot(_Element):
    """A camera direction on a line of its own: `CLOSE ON THE BALL`."""

    kind: Literal["shot"] = "shot"
    text: LineText


MOST_LEVEL = 99
"""No outline is deeper; a file that says so would make `#` by the gigabyte."""


class Section(_Element):
    """A heading of the outline (Fountain's `#`); not printed."""

    kind: Literal["section"] = "section"
    text: LineText
    level: Annotated[int, Field(ge=1, le=MOST_LEVEL)] = 1


class Synopsis(_Element):
    """A line of the outline (Fountain's `=`); not printed."""

    kind: Literal["synopsis"] = "synopsis"
    text: LineText


class Note(_Element):
    """A remark to the writers (Fountain's `[[ ]]`); not printed. `]]` inside it becomes `] ]`."""

    kind: Literal["note"] = "note"
    text: Annotated[str, AfterValidator(_note), AfterValidator(_filled)]


class Boneyard(_Element):
    """Text the writer took out but kept (Fountain's `/* */`). `*/` inside it becomes `* /`."""

    kind: Literal["boneyard"] = "boneyard"
    text: Annotated[str, AfterValidator(_boneyard), AfterValidator(_filled)]


class PageBreak(_Element):
    """A page that ends here because the writer says so (Fountain's `===`)."""

    kind: Literal["page_break"] = "page_break"


Element: TypeAlias = (
    SceneHeading | Action | Character | Parenthetical | Dialogue | Lyric | Transition
    | Shot | Section | Synopsis | Note | Boneyard | PageBreak
)  # fmt: skip
KINDS: tuple[str, ...] = (
    "scene_heading", "action", "character", "parenthetical", "dialogue", "lyric", "transition",
    "shot", "section", "synopsis", "note", "boneyard", "page_break",
)  # fmt: skip
UNPRINTED = (Section, Synopsis, Note, Boneyard)
"""Kinds that no page shows and no stream carries."""


class Speech(BaseModel):
    """A derived view: one cue (None where the speech goes on without one) and what follows it."""

    model_config = ConfigDict(frozen=True)

    cue: Character | None
    lines: tuple[Parenthetical | Dialogue | Lyric, ...]


class Scene(BaseModel):
    """A derived view: a heading and all elements up to the next one."""

    model_config = ConfigDict(frozen=True)

    heading: SceneHeading
    body: tuple[Element, ...]
    """All elements after the heading."""

    @property
    def elements(self) -> tuple[Element, ...]:
        """Heading and body."""
        return (self.heading, *self.body)

    @cached_property
    def cast(self) -> tuple[str, ...]:
        """Who speaks, in order of first speech."""
        return cast_of(self.body)

    @cached_property
    def speeches(self) -> tuple[Speech, ...]:
        """All speeches, in order."""
        return tuple(speeches_of(self.body))


TitleKey: TypeAlias = Annotated[str, AfterValidator(_one_line), AfterValidator(_filled)]


class Screenplay(BaseModel):
    """A title page and a flat list of elements; scenes, cast and speeches are derived."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # Fail fast: a million wrong elements are one error, not a million in memory.
    title_page: dict[TitleKey, Annotated[tuple[LineText, ...], FailFast()]] = Field(default_factory=dict)
    """Key as written (`Title`, `Draft date`) to its lines, in order. Keys have no colon."""
    elements: Annotated[tuple[Annotated[Element, Field(discriminator="kind")], ...], FailFast()] = ()

    @cached_property
    def preamble(self) -> tuple[Element, ...]:
        """The elements before the first scene heading: `FADE IN:` and the like."""
        for index, element in enumerate(self.elements):
            if isinstance(element, SceneHeading):
                return self.elements[:index]
        return self.elements

    @cached_property
    def scenes(self) -> tuple[Scene, ...]:
        """Every scene heading with what belongs to it, in order."""
        found: list[Scene] = []
        heading: SceneHeading | None = None
        body: list[Element] = []
        for element in self.elements[len(self.preamble) :]:
            if isinstance(element, SceneHeading):
                if heading is not None:
                    found.append(Scene.model_construct(heading=heading, body=tuple(body)))
                heading, body = element, []
            else:
                body.append(element)
        if heading is not None:
            found.append(Scene.model_construct(heading=heading, body=tuple(body)))
        return tuple(found)

    @cached_property
    def cast(self) -> tuple[str, ...]:
        """Who speaks, in order of first speech."""
        return cast_of(self.elements)

    @cached_property
    def speeches(self) -> tuple[Speech, ...]:
        """All speeches, in order."""
        return tuple(speeches_of(self.elements))

    def to_json(self, *, indent: int | None = 2) -> str:
        """The documented JSON: `title_page` and `elements`, every element with `kind` and `line`."""
        return self.model_dump_json(indent=indent)

    @classmethod
    def from_json(cls, text: str | bytes) -> Screenplay:
        """Read what `to_json` wrote. Raises pydantic.ValidationError."""
        return _ADAPTER.validate_json(text)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Screenplay)
            and list(self.title_page.items()) == list(other.title_page.items())
            and self.elements == other.elements
        )

    def __hash__(self) -> int:
        return hash((tuple(self.title_page.items()), self.elements))


_ADAPTER = TypeAdapter(Screenplay)


def cast_of(elements: tuple[Element, ...]) -> tuple[str, ...]:
    """Names of the cues in order of first speech."""
    return tuple(dict.fromkeys(e.name for e in elements if isinstance(e, Character)))


def speeches_of(elements: tuple[Element, ...]) -> Iterator[Speech]:
    """Group cues with the parentheticals, dialogue and lyrics that follow; notes between them don't part them."""
    cue: Character | None = None
    lines: list[Parenthetical | Dialogue | Lyric] = []
    for element in elements:
        if isinstance(element, Parenthetical | Dialogue | Lyric):
            lines.append(element)
        elif isinstance(element, Note | Boneyard):
            continue
        else:
            if cue is not None or lines:
                yield Speech.model_construct(cue=cue, lines=tuple(lines))
            cue, lines = (element if isinstance(element, Character) else None), []
    if cue is not None or lines:
        yield Speech.model_construct(cue=cue, lines=tuple(lines))
