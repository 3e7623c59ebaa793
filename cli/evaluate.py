"""`evaluate`: says what a model is worth, as one table with a line on what each figure means."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from cli import console, models, plots

if TYPE_CHECKING:
    from model.measures import Evidence, Measures

_SCENES = 50


class ManyFiles(TyperCommand):
    """A command whose `--on` takes every file up to the next option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Name the option anew before each file: the parser below takes one value at a time."""
        return super().parse_args(ctx, repeated(args, "--on"))


def repeated(arguments: Sequence[str], option: str) -> list[str]:
    """Turn `--on a b` into `--on a --on b`; a lone `-` is a file."""
    found: list[str] = []
    is_open = False
    for index, argument in enumerate(arguments):
        if argument == "--":
            return [*found, *arguments[index:]]
        if argument == "-" or not argument.startswith("-"):
            if is_open and found[-1] != option:
                found.append(option)
        else:
            is_open = argument == option or argument.startswith(f"{option}=")
        found.append(argument)
    return found


def evaluate(
    model: Annotated[str, typer.Argument(metavar="[MODEL]", help="A model's name or folder.")] = models.BUNDLED,
    on: Annotated[
        list[str],
        typer.Option(
            "--on",
            metavar="FILE...",
            help="Screenplays to measure it on. Of those that it learned from, the scenes that were held out.",
        ),
    ] = [],  # noqa: B006 - typer's way to say "none"
    scenes: Annotated[
        int, typer.Option("--scenes", metavar="N", min=1, help="How many scenes it writes to be measured.")
    ] = _SCENES,
    seed: Annotated[
        int,
        typer.Option("--seed", metavar="N", min=0, max=(1 << 63) - 1, help="The same seed gives the same figures."),
    ] = 0,
    plot: Annotated[
        str | None,
        typer.Option(
            "--plot", metavar="FILE.png", help="Draw how what it writes is spread, beside the texts named with --on."
        ),
    ] = None,
    beside: Annotated[
        str | None,
        typer.Option(
            "--beside", metavar="FILE.json", help="Figures of another model, as --json printed them, to show beside."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Say what a model is worth: how well it foretells texts, and what it writes by itself."""
    if plot is not None:
        plots.check(plot)
    folder = models.find(model)
    with console.waiting("reading …"):
        other = _figures(beside) if beside is not None else None
        from cli.measures_view import shown
        from model.checkpoint import load  # torch: 2 s
        from model.measures import Evidence, compare_habits, measure, write_sample
        from screenplay import files, formats

        sources = [formats.open_source(file) for file in on]
        screenplays = [(PurePath(source.name).name, source.scan().screenplay) for source in sources]
        checkpoint = load(folder)
        evidence = Evidence.of(checkpoint, screenplays)
    for remark in _remarks(evidence):
        console.say(remark, wrapped=True)
    with console.Bar() if console.watched() else contextlib.nullcontext() as bar:

        def show(number: int) -> None:
            if bar is not None:
                bar.show((number - 1) / scenes, f"writing scene {number} of {scenes}")

        sample = write_sample(checkpoint, scenes=scenes, seed=seed, on_scene=show)
    with console.waiting("measuring …"):
        measures = measure(checkpoint, evidence, sample)
        comparisons = () if json else compare_habits(evidence, sample)
    if plot is not None:
        files.write(plot, plots.drawn(sample.screenplays, evidence.screenplays, title=checkpoint.name))
    if json:
        files.write(files.STANDARD, measures.model_dump_json(indent=2) + "\n")
        return
    files.write(files.STANDARD, shown(measures, comparisons, other))


def _figures(file: str) -> Measures:
    """Read what `--json` printed. Raises ReadError."""
    from pydantic import ValidationError

    from model.measures import Measures
    from screenplay import files
    from screenplay.errors import ReadError

    try:
        return Measures.model_validate_json(files.read_bytes(file))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        found = f"{place}: {first['msg']}" if place else first["msg"]
        raise ReadError(
            f"these are no figures: {found}", source=file, expected="what lebowski-gen evaluate --json prints"
        ) from error


def _remarks(evidence: Evidence) -> Iterable[str]:
    if not evidence.screenplays:
        yield "what needs texts is not measured; name some with --on FILE"
        return
    if not evidence.held_out:
        yield "the model learned all of these texts, so what it spends on them says nothing and is not measured"
    if not evidence.learned:
        yield "the model learned none of these texts, so copies are not measured"
    for name in evidence.changed:
        yield f"{name} is not the text of this name that the model learned from; all of it counts as held out"
