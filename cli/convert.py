"""`convert`: turns one format into another."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import console
from cli.choices import Readable, Writable


def convert(
    in_: Annotated[str, typer.Argument(metavar="IN", help="The screenplay; - is standard input.")],
    out: Annotated[str, typer.Argument(metavar="OUT", help="The file to write; - is standard output.")],
    from_: Annotated[
        Readable | None, typer.Option("--from", help="Format of IN; without it, suffix and content tell.")
    ] = None,
    to: Annotated[Writable | None, typer.Option("--to", help="Format of OUT; without it, the suffix tells.")] = None,
    scene_numbers: Annotated[
        bool | None, typer.Option("--scene-numbers/--no-scene-numbers", help="Print scene numbers (PDF, FDX).")
    ] = None,
    continueds: Annotated[
        bool | None, typer.Option("--continueds/--no-continueds", help="Add (CONT'D) to cues (PDF).")
    ] = None,
    font: Annotated[
        str | None, typer.Option(metavar="FILE", help="TrueType font for what Courier lacks (PDF).")
    ] = None,
) -> None:
    """Turn a screenplay into another format. OUT is written whole or not at all."""
    from screenplay import files, formats

    if out == files.STANDARD and to is None:
        raise typer.BadParameter("standard output has no suffix that tells", param_hint="'--to'")
    target = formats.format_for(out, to)
    files.check_writable(out)
    read = formats.open_source(in_, from_).scan()
    content = formats.render(read.screenplay, target, scene_numbers=scene_numbers, continueds=continueds, font=font)
    if out == files.STANDARD:
        console.deliver(content)
    else:
        files.write(out, content)
