"""`corpus`: lists screenplays to learn from, and reads the user's own into named collections."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import console, models
from screenplay.errors import LebowskiGenError, ReadError

if TYPE_CHECKING:
    from cli.adding import Outcome
    from cli.collection import Tally

_BUNDLED = Path(__file__).parent.parent / "corpora"
"""Our own screenplays, where this runs in a clone; a wheel has none."""


def corpus(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="A collection of screenplays.")] = None,
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE...]", help="Screenplays to read into it, and folders of them."),
    ] = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take these out of the collection; without any, take it away.")
    ] = False,
    processes: Annotated[
        int | None,
        typer.Option(
            "--processes",
            metavar="N",
            min=1,
            help="How many read side by side; 1: this one alone. Otherwise as many as there are processor cores.",
        ),
    ] = None,
) -> None:
    """List the screenplays to learn from; read your own into a collection; show who speaks how much."""
    if name is None:
        if remove:
            raise typer.BadParameter("which collection?", param_hint="'--remove'")
        _list()
        return
    if remove:
        _remove(name, files or [])
        return
    _check_name(name, files or [])
    if files:
        _add(name, files, processes)
    else:
        _show(name)


def _check_name(name: str, files: list[str]) -> None:
    """Refuse what can't be a collection's name, and what is more likely a file whose collection was left out."""
    from cli import collection
    from cli.titles import fold

    is_name = models.is_name(name) and bool(fold(name))
    if is_name and collection.find(name) is not None:
        return
    path = Path(name)
    if path.is_file() or (path.is_dir() and (not files or not is_name)):
        what = "file" if path.is_file() else "folder"
        command = shlex.join(["lebowski-gen", "corpus", "NAME", name, *files])
        raise typer.BadParameter(f"{name} is a {what}; name a collection first: {command}", param_hint="'NAME'")
    if not is_name:
        todo = "letters, digits, spaces and any of . _ + - make one"
        raise typer.BadParameter(f"{name!r} is no name: {todo}", param_hint="'NAME'")


def _add(name: str, files: list[str], processes: int | None) -> None:
    from cli.collecting import add
    from cli.corpus_view import show_collection
    from cli.manifest import manifest_for
    from cli.processes import cores
    from cli.reading_view import ReadingView

    manifest = manifest_for(name)
    name = manifest.name if manifest else name
    try:
        with ReadingView() as view:
            outcome = add(name, files, processes=processes or cores(), on_step=view.show)
    except KeyboardInterrupt:
        _stopped(name, files)
        raise typer.Exit(130) from None
    if not outcome.read and not outcome.unchanged and not outcome.copies:
        for one in outcome.skipped:
            console.warn(f"{one.path}: {one.reason}; skipped")
        raise ReadError("nothing could be read", expected="screenplays in a format of lebowski-gen convert")
    console.say(_done(outcome), wrapped=True)
    show_collection(outcome.collection, manifest)
    command = shlex.join(["lebowski-gen", "train", "--collection", outcome.collection.name])
    console.say(f"learn from it: {command}", "good")


def _stopped(name: str, files: list[str]) -> None:
    from cli import collection
    from cli.corpus_view import counted

    found = collection.find(name)
    console.say(f"stopped; {counted(len(found.entries), 'screenplay') if found else 'nothing'} in {name} so far")
    console.say(f"go on with it: {shlex.join(['lebowski-gen', 'corpus', name, *files])}", "good")


def _done(outcome: Outcome) -> str:
    from cli.corpus_view import counted

    parts = [f"{counted(len(outcome.read), 'screenplay')} read"]
    if outcome.unchanged:
        parts.append(f"{len(outcome.unchanged):,} as before")
    if outcome.skipped:
        parts.append(f"{len(outcome.skipped):,} skipped")
    places = sum(entry.guesses for entry in outcome.read)
    if places:
        parts.append(f"{counted(places, 'place')} guessed, which lebowski-gen parse names")
    return ", ".join(parts)


def _show(name: str) -> None:
    from cli import collection
    from cli.corpus_view import show_collection
    from cli.manifest import manifest_for

    manifest = manifest_for(name)
    if manifest is None or collection.find(name) is not None:
        found = collection.find_collection(name)
    else:
        found = collection.Collection(name=manifest.name)
        command = shlex.join(["lebowski-gen", "corpus", manifest.name])
        console.say(f"nothing has been read into it yet: {command} FILE...")
    changed = [entry.path for entry in found.entries if collection.has_changed(entry)]
    if changed:
        command = shlex.join(["lebowski-gen", "corpus", found.name, *changed])
        console.say(f"changed since they were read: {command}")
    show_collection(found, manifest)


def _remove(name: str, files: list[str]) -> None:
    from cli import collection
    from cli.corpus_view import counted

    left = collection.remove(name, files)
    what = f"{counted(len(left.entries), 'screenplay')} left in {left.name}" if left.entries else f"{name} is gone"
    console.say(f"{what}; the files themselves are where they were")


def _list() -> None:
    from cli import collection
    from cli.corpus_view import show_tallies, totals
    from cli.manifest import manifests
    from cli.titles import fold

    with console.waiting("reading …"):
        bundled = _bundled()
    if bundled:
        console.put(f"ours, in {_BUNDLED}\n", "heading")
        show_tallies(bundled)
        console.put("\n")
    console.put("yours\n", "heading")
    folders = collection.known()
    for folder in folders:
        try:
            found = collection.find_collection(folder)
        except LebowskiGenError as error:
            console.warn(str(error))
            continue
        console.put(f"  {found.name}", "cue")
        console.put(f": {totals([entry.tally for entry in found.entries])}\n")
    for manifest in manifests():
        if "-".join(fold(manifest.name)) not in folders:
            console.put(f"  {manifest.name}", "cue")
            console.put(f": nothing yet; {', '.join(film.title for film in manifest.films)}\n", "talk")
    console.say("read your own into one: lebowski-gen corpus NAME FILE...")


def _bundled() -> list[tuple[str, Tally, str]]:
    from cli.collection import Tally
    from screenplay import formats

    found = []
    for path in sorted(_BUNDLED.glob("*.fountain")):
        screenplay = formats.open_source(path).scan().screenplay
        title = " ".join(screenplay.title_page.get("Title", (path.stem,)))
        found.append((title, Tally.of(screenplay), path.name))
    return found
