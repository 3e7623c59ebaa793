"""What the user dictates of a scene: its heading, its cast, and the text that the network goes on from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from model.errors import RequestError
from screenplay.elements import Character, Dialogue, Element, Parenthetical, SceneHeading, cast_of
from screenplay.errors import GrammarError
from screenplay.grammar import check
from screenplay.readers import fountain
from screenplay.stream import SCENE, SHOT, header, opening

_ABOVE = "INT. X\n\n"
"""Stands before a prompt while it is read, so that `WALTER: yes` is not taken for a title page."""
_WORD = "x"


@dataclass(frozen=True, slots=True)
class Opening:
    """The dictated beginning of a scene. What is empty is left to the model."""

    heading: str = ""
    heading_is_whole: bool = True
    """False where a prompt breaks off in it, so that the model may go on with it."""
    cast: tuple[str, ...] = ()
    cast_is_whole: bool = False
    """Whether nobody may be added."""
    body: str = ""
    """Annotated stream of what follows heading and cast header."""
    body_is_whole: bool = False
    """Whether the last element of the body is over."""

    @property
    def dictated(self) -> str:
        """All its characters, for a look into a vocabulary."""
        return self.heading + "".join(self.cast) + self.body

    def for_next_scene(self) -> Opening:
        """What of it holds for the scenes after: a cast that the user named."""
        return Opening(cast=self.cast, cast_is_whole=True) if self.cast_is_whole else Opening()

    def on_one_line(self) -> Opening:
        """The same without line breaks, for a vocabulary that has none."""
        return replace(self, body=self.body.replace("\n", " "))


def opening_of(heading: str | None, cast: Iterable[str], prompt: str | None) -> Opening:
    """Bring together what was dictated.

    A prompt is Fountain: a heading, cues, half a speech. Its speakers join the cast. Names and
    headings are put in capitals.

    Raises:
        RequestError: A part is empty, stands in the way of another, or can't stand in a screenplay.
    """
    names = tuple(dict.fromkeys(_capitals(name, "--cast", "a name such as GUS") for name in cast))
    found = Opening(cast=names, cast_is_whole=bool(names))
    if heading is not None:
        found = replace(found, heading=_capitals(heading, "--heading", "a heading such as INT. LANES - NIGHT"))
    if prompt is not None:
        found = _with_prompt(found, prompt)
    for name in found.cast:
        _check(SCENE + "X" + header([name]), "--cast" if name in names else "--prompt", name)
    if found.heading:
        _check(SCENE + found.heading.rstrip(), "--heading" if heading is not None else "--prompt", found.heading)
    _check(SCENE + (found.heading.rstrip() or "X") + header(found.cast) + found.body, "--prompt", prompt or "")
    return found


def _with_prompt(found: Opening, prompt: str) -> Opening:
    elements = _elements_of(prompt)
    last = elements[-1]
    # Where a writer typed a space, the next word begins; a blank line or a closing bracket ends the element.
    tail = " " if prompt.endswith(" ") else ""
    is_whole = prompt.endswith("\n\n") or (isinstance(last, Parenthetical) and prompt.rstrip().endswith(")"))
    if isinstance(elements[0], SceneHeading):
        if found.heading:
            raise RequestError("--heading and --prompt both have a scene heading", expected="one of them")
        open_heading = len(elements) == 1
        found = replace(
            found,
            heading=elements[0].text.upper() + (tail if open_heading else ""),
            heading_is_whole=not open_heading or is_whole,
        )
        elements = elements[1:]
    if any(isinstance(element, SceneHeading) for element in elements):
        raise RequestError("the prompt holds a second scene heading", source="--prompt", expected="one scene")
    body = "".join(opening(_in_capitals(element)) for element in elements)
    names = dict.fromkeys((*found.cast, *(name.upper() for name in cast_of(elements))))
    # A name and its marks are whole as they stand; words and action may go on.
    is_whole = is_whole or isinstance(last, Character)
    return replace(
        found, cast=tuple(names), body=body + (tail if body and not is_whole else ""), body_is_whole=is_whole
    )


def _elements_of(prompt: str) -> tuple[Element, ...]:
    """Read a prompt; a cue at its end is a cue, though nothing is said below it yet."""
    probe = fountain.read(_ABOVE + prompt.rstrip() + "\n" + _WORD).elements[1:]
    ends_in_cue = len(probe) > 1 and isinstance(probe[-2], Character) and probe[-1] == Dialogue(text=_WORD)
    elements = probe[:-1] if ends_in_cue else fountain.read(_ABOVE + prompt).elements[1:]
    elements = tuple(element for element in elements if opening(element).strip(SHOT))
    if not elements:
        raise RequestError("the prompt has no text that a page would show", source="--prompt")
    return elements


def _in_capitals(element: Element) -> Element:
    return element.model_copy(update={"name": element.name.upper()}) if isinstance(element, Character) else element


def _capitals(text: str, source: str, expected: str) -> str:
    text = " ".join(text.split()).upper()
    if not text:
        raise RequestError("this is empty", source=source, expected=expected)
    return text


def _check(stream: str, source: str, text: str) -> None:
    try:
        check(stream)
    except GrammarError as error:
        message = f"{text!r} can't stand in a scene: {error.found}"
        raise RequestError(message, source=source, expected=error.expected) from error
