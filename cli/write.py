"""`write`: writes scenes, onto the screen while they come, and into a file."""

from __future__ import annotations

import contextlib
import gc
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from cli import console, models, takes
from cli.choices import Written

if TYPE_CHECKING:
    from model.generation import Report, Writing
    from screenplay.elements import Screenplay

_SCENES = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")
_PAGES = re.compile(r"(\d{1,3}(?:\.\d{1,3})?|\.\d{1,3})|(?:(\d{1,3})\s+)?(\d{1,3})/([1-9]\d?)")
_BETWEEN_NAMES = re.compile(r",(?!\s*(?:JR|SR|ESQ|M\.?D|PH\.?D|II|III)\b)", re.IGNORECASE)
"""Henry Jones, Jr. is one person."""
_SHORTEST, _LONGEST = 0.125, 100
_HEAVIEST = 1e6
_SEEDS = 1_000_000
"""Seeds drawn here are small, because people type them again."""


@dataclass(frozen=True, slots=True)
class Scenes:
    """Which scenes, counted from 1, both ends included."""

    first: int
    last: int

    @classmethod
    def parse(cls, text: str) -> Scenes:
        """Understand `3` and `3-5`."""
        match = _SCENES.fullmatch(text.strip())
        if match is None:
            raise typer.BadParameter(f"{text!r} is no scene; give one, as 3, or several, as 3-5")
        first, last = int(match[1]), int(match[2] or match[1])
        if first == 0:
            raise typer.BadParameter("scenes are counted from 1")
        if last < first:
            raise typer.BadParameter(f"the last scene, {last}, stands before the first, {first}")
        return cls(first, last)


def pages(text: str) -> float:
    """Understand `2`, `1.5`, and pages in eighths: `3/8`, `1 2/8`."""
    match = _PAGES.fullmatch(text.strip())
    found = 0.0
    if match is not None:
        found = float(match[1]) if match[1] else int(match[2] or 0) + int(match[3]) / int(match[4])
    if not _SHORTEST <= found <= _LONGEST:
        raise typer.BadParameter(f"{text!r} is no length; give pages from 1/8 to {_LONGEST}, as 1.5 or 1 4/8")
    return found


def blend(text: str) -> tuple[tuple[str, float], ...]:
    """Understand `A`, `A,B` and `A:0.7,B:0.3`: names, and what each weighs."""
    found = []
    for part in text.split(","):
        name, colon, weight = part.rpartition(":")
        name, weight = (name, weight) if colon else (part, "1")
        try:
            share = float(weight)
        except ValueError:
            share = 0.0
        if not name.strip() or not 0 < share < _HEAVIEST:
            raise typer.BadParameter(
                f"{part!r} is no style and its weight; give some as A:0.7,B:0.3", param_hint="'--style'"
            )
        found.append((name.strip(), share))
    return tuple(found)


def _filled(value: str | None) -> str | None:
    if value is not None and not value.strip():
        raise typer.BadParameter("it is empty; leave the option out instead")
    return value


def _all_filled(values: list[str]) -> list[str]:
    for value in values:
        _filled(value)
    return values


def _names(values: list[str]) -> list[str]:
    """Who is meant, whether they stand in one value, with commas between them, or in several."""
    found = [[part.strip() for part in _BETWEEN_NAMES.split(value) if part.strip()] for value in values]
    _all_filled([", ".join(names) for names in found])
    return [name for names in found for name in names]


def write(
    scenes: Annotated[
        Scenes | None,
        typer.Option(
            "--scene",
            metavar="N|A-B",
            parser=Scenes.parse,
            help="Which scenes, counted from 1; otherwise the first, or the one after the draft's last. "
            "Without a draft, those before them are written first, unseen.",
        ),
    ] = None,
    model: Annotated[
        str,
        typer.Option("--model", metavar="NAME|DIR", callback=_filled, help="Which model writes."),
    ] = models.BUNDLED,
    draft: Annotated[
        str | None,
        typer.Option(
            "--draft",
            metavar="FILE",
            callback=_filled,
            help="A screenplay to go on from. What stands in it before the scenes asked for is read first.",
        ),
    ] = None,
    heading: Annotated[
        str | None,
        typer.Option("--heading", metavar="TEXT", callback=_filled, help="Heading of the first scene."),
    ] = None,
    cast: Annotated[
        list[str],
        typer.Option(
            "--cast",
            metavar="NAME",
            callback=_names,
            help="Who speaks, and nobody else does: GUS,ARLENE, or once for each.",
        ),
    ] = [],  # noqa: B006 - typer's way to say "none"
    prompt: Annotated[
        str | None,
        typer.Option(
            "--prompt",
            metavar="TEXT",
            callback=_filled,
            help="Fountain text that the first scene starts with: a heading, a cue, half a speech.",
        ),
    ] = None,
    length: Annotated[
        float | None,
        typer.Option(
            "--length",
            metavar="PAGES",
            parser=pages,
            help="How long each scene is: 1, 1.5, or in eighths as 3/8 and 1 2/8. Otherwise as long as in the sources.",
        ),
    ] = None,
    style: Annotated[
        str | None,
        typer.Option(
            "--style",
            metavar="NAME[:W],…",
            callback=_filled,
            help="In whose voice, for a model that learned from several screenplays: lane-nineteen, or a blend "
            "of some, as cistern-city:0.7,lane-nineteen:0.3. Their people speak.",
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed",
            metavar="N",
            min=0,
            max=(1 << 63) - 1,
            help="The same seed writes the same again; otherwise one is drawn and named.",
        ),
    ] = None,
    temperature: Annotated[
        float | None,
        typer.Option(
            "--temperature",
            metavar="T",
            min=0.0,
            max=10.0,
            help="How daring: 0 always takes the likeliest, 1 follows the model, more is wild.",
        ),
    ] = None,
    min_p: Annotated[
        float | None,
        typer.Option(
            "--min-p",
            metavar="P",
            min=0.0,
            max=1.0,
            help="Write nothing less likely than this share of the likeliest.",
        ),
    ] = None,
    lexicon: Annotated[
        bool,
        typer.Option("--lexicon/--no-lexicon", help="Whether every word must be one that the model has read."),
    ] = True,
    count: Annotated[
        int,
        typer.Option(
            "--takes",
            metavar="N",
            min=1,
            max=1000,
            help="Write it so many times, with this seed and those after it, and keep the best.",
        ),
    ] = 1,
    every: Annotated[
        bool, typer.Option("--all-takes", help="Keep all takes, one after the other, the best first.")
    ] = False,
    check: Annotated[
        list[str],
        typer.Option(
            "--check",
            metavar="FILE",
            callback=_all_filled,
            help="Mark what stands in this screenplay too, and say where. Give it once for each.",
        ),
    ] = [],  # noqa: B006 - as above
    form: Annotated[
        Written | None,
        typer.Option(
            "--format",
            help="What to print, or what -o writes whatever its suffix; page and text are the same but on a terminal, "
            "where page comes as it is written.",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            callback=_filled,
            help="Put the scenes into this file, in the format of its suffix.",
        ),
    ] = None,
) -> None:
    """Write new scenes, and show them while they are written."""
    from screenplay import files, formats  # 0.3 s, torch below 2 s more: what can fail at once does so before

    if every and count == 1:
        raise typer.BadParameter("there is one take; ask for more with --takes N", param_hint="'--all-takes'")
    if output == files.STANDARD:
        output = None
    if output is not None:
        target = formats.format_for(output, None if form == "page" else form)
        files.check_writable(output)
    else:
        target = formats.format_for(files.STANDARD, "text" if form in (None, "page") else form)
    shown = console.shows_pages() and (output is not None or form in (None, "page"))
    folder = models.find(model)
    context = formats.open_source(draft).scan().screenplay if draft is not None else None
    checked = [(PurePath(s.name).name, s.scan().screenplay) for s in map(formats.open_source, check)]
    if scenes is None:
        after = len(context.scenes) + 1 if context is not None else 1
        scenes = Scenes(after, after)
    if seed is None:
        seed = int.from_bytes(os.urandom(8), "big") % _SEEDS

    chosen = {"temperature": temperature, "min_p": min_p}
    wanted = {
        "first_scene": scenes.first,
        "last_scene": scenes.last,
        "heading": heading,
        "cast": tuple(cast),
        "prompt": prompt,
        "length": length,
        "style": blend(style) if style is not None else (),
        "seed": seed,
        "lexicon": lexicon,
        "sampling": {name: value for name, value in chosen.items() if value is not None},
    }
    earlier = before(context, scenes.first) if context is not None else None
    streams = shown and count == 1 and not check
    try:
        if count > 1:
            stream = takes.write_best(folder, wanted, earlier, takes=count, every=every, model=model)
        else:
            unseen = scenes.first - 1 if context is None else 0
            stream = _write(folder, wanted, earlier, model=model, seed=seed, unseen=unseen if streams else None)
    except KeyboardInterrupt:
        if output is not None:
            console.say(f"{output} is as it was")
        raise
    from screenplay.stream import decode

    texts = takes.originals(checked)
    recited = takes.find_recitals(stream, texts)
    if shown and not streams:
        takes.show_whole(stream, recited)
    content = formats.render(decode(stream), target)
    if output is not None:
        files.write(output, content)
    elif not shown:
        console.deliver(content)
    if texts:
        takes.tell_recitals(recited, texts)


def _write(
    folder: Path, wanted: Mapping[str, object], draft: Screenplay | None, *, model: str, seed: int, unseen: int | None
) -> str:
    """Write once, and tell what it took; on a page that is shown meanwhile, unless `unseen` is None.

    `unseen` scenes are written before the first that is shown.
    """
    with console.waiting(f"opening {model} …"):
        writing = begin(folder, wanted, draft)
    symbols: list[str] = []
    try:
        if unseen is not None:
            _show(writing, symbols, unseen=unseen)
        else:
            with console.waiting("writing …"):
                symbols.extend(writing)
    finally:
        console.say(told(writing.report, model=model, seed=seed), wrapped=True)
    return "".join(symbols)


def begin(folder: Path, wanted: Mapping[str, object], draft: Screenplay | None) -> Writing:
    """Load a model, and have it ready to write.

    Args:
        folder: The model's.
        wanted: Fields of a `model.generation.Request`.
        draft: What stands before.

    Raises:
        CheckpointError: The folder's model can't be used.
        RequestError: What is wanted can't be written.
    """
    from model.checkpoint import load
    from model.generation import Request, Writing

    writing = Writing(load(folder), Request.model_validate(wanted), draft)
    # What is there by now stays: it need not be looked through for garbage again and again.
    gc.freeze()
    return writing


def before(draft: Screenplay, scene: int) -> Screenplay:
    """What stands in a draft before one of its scenes, counted from 1; all of it if it has none such."""
    kept = [*draft.preamble]
    for known in draft.scenes[: scene - 1]:
        kept.extend(known.elements)
    # Not `model_copy`: it would copy the scenes that are known by now too.
    return type(draft).model_construct(title_page=draft.title_page, elements=tuple(kept))


def told(report: Report, *, model: str, seed: int) -> str:
    """What one may want to know of how it was written, on one line."""
    speed = f"{report.symbols / report.elapsed_s:,.0f} a second" if report.elapsed_s > 0 else "at once"
    text = f"seed {seed}, model {model}: {report.symbols:,} characters, {speed}"
    overruled = ", ".join(f"{name} {count:,}" for name, count in sorted(report.overruled.items()) if count)
    return f"{text}; overruled by {overruled}" if overruled else f"{text}; nothing overruled"


def _show(symbols: Iterable[str], kept: list[str], *, unseen: int) -> None:
    from cli.page_view import Geometry, PageView

    coming = iter(symbols)
    before = "" if not unseen else " scene 1, unseen," if unseen == 1 else f" scenes 1-{unseen}, unseen,"
    with console.waiting(f"writing{before} …"):
        kept.append(next(coming))
    view = PageView(console.put, Geometry.fitted(console.width()))
    try:
        view.feed(kept[0])
        for symbol in coming:
            kept.append(symbol)
            view.feed(symbol)
    finally:
        with contextlib.suppress(BrokenPipeError):  # it was raised above already
            view.close()
            console.put("\n")
