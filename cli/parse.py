"""`parse`: shows what a file was read as."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from cli import console
from cli.choices import Parsed
from screenplay.errors import LebowskiGenError

if TYPE_CHECKING:
    from screenplay.elements import Element, Screenplay
    from screenplay.formats import Source

_STYLE_OF = {
    "scene_heading": "heading",
    "shot": "heading",
    "character": "cue",
    "parenthetical": "parenthetical",
    "lyric": "lyric",
    "transition": "transition",
    "section": "talk",
    "synopsis": "talk",
    "note": "talk",
    "boneyard": "talk",
    "page_break": "talk",
    "title_page": "talk",
}


def parse(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The screenplay; - is standard input.")],
    form: Annotated[
        Parsed,
        typer.Option(
            "--format",
            help="table: a row for each element. json: title page and elements. lines: a tag for each line of the "
            "file. stream: the annotated stream that a model learns.",
        ),
    ] = "table",
) -> None:
    """Show what a file was read as."""
    from screenplay import formats  # 0.3 s: pydantic, numpy and the readers

    source = formats.open_source(file)
    if form == "table" and console.shows_pages():
        _show(source.scan().screenplay)
    else:
        console.deliver(parsed(source, form))


def parsed(source: Source, form: Parsed) -> str:
    """What `parse` prints where it can't see a terminal.

    Raises:
        ReadError: The source is unreadable.
        LebowskiGenError: `lines` of a format that has none.
    """
    reading = source.scan()
    match form:
        case "json":
            return reading.screenplay.to_json() + "\n"
        case "lines":
            if not reading.tags:
                raise LebowskiGenError(
                    f"a {source.format.name} file has no lines of a page to tag",
                    source=source.name,
                    todo="Use --format table",
                )
            return "".join(f"{tag}\n" for tag in reading.tags)
        case "stream":
            from screenplay.stream import encode, show

            return show(encode(reading.screenplay)) + "\n"
        case "table":
            return "".join(f"{line:>6}  {kind:<13}  {text}\n" for line, kind, text in rows(reading.screenplay))


def rows(screenplay: Screenplay) -> Iterator[tuple[int | str, str, str]]:
    """Line, kind and text of each element, the title page's entries before them."""
    for key, values in screenplay.title_page.items():
        yield "", "title_page", f"{key}: {' / '.join(values)}"
    for element in screenplay.elements:
        yield element.line or "", element.kind, _text(element)


def _text(element: Element) -> str:
    """An element on one line, with what belongs to it in Fountain's own marks."""
    match element.kind:
        case "character":
            extension = f" ({element.extension})" if element.extension else ""
            return element.name + extension + (" ^" if element.dual else "")
        case "scene_heading":
            return element.text + (f" #{element.number}#" if element.number else "")
        case "action":
            text = " ⏎ ".join(line.strip() for line in element.text.split("\n"))
            return f"> {text} <" if element.centered else text
        case "parenthetical":
            return f"({element.text})"
        case "section":
            return f"{'#' * element.level} {element.text}"
        case "page_break":
            return "==="
        case _:
            return " ⏎ ".join(element.text.split("\n"))


def _show(screenplay: Screenplay) -> None:
    """The table for eyes: styled, a row a line however narrow the terminal, counted at the end."""
    width = console.width()
    for line, kind, text in rows(screenplay):
        console.put(f"{line:>6}  {kind:<13}  ", "talk")
        console.put(console.cut(text, max(20, width - 23)) + "\n", _STYLE_OF.get(kind))
    scenes, cast = len(screenplay.scenes), len(screenplay.cast)
    console.say(
        f"{len(screenplay.elements):,} elements, {scenes:,} {'scene' if scenes == 1 else 'scenes'}, "
        f"{cast:,} {'voice' if cast == 1 else 'voices'}"
    )
