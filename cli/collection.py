"""The user's own screenplays under one name: read once, read again where they change, never given away.

A collection is a folder beside the user's models: `collection.json` says what is in it, and each screenplay lies
there as it was read, so that `train` needs the file no more.
"""

from __future__ import annotations

import contextlib
import os
import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from cli import models
from cli.titles import fold
from screenplay import files
from screenplay.elements import Action, Character, Dialogue, Lyric, Screenplay
from screenplay.errors import LebowskiGenError, ReadError

_FILE = "collection.json"


class Tally(BaseModel):
    """Who speaks how much in a screenplay, and how much there is of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenes: int
    cues: int
    words_told: int
    """In action."""
    speakers: dict[str, int]
    """Words that each one says, most first."""

    @classmethod
    def of(cls, screenplay: Screenplay) -> Tally:
        """Count; speech that goes on without a cue belongs to whoever spoke last."""
        told = sum(len(e.text.split()) for e in screenplay.elements if isinstance(e, Action))
        cues, said, name = 0, Counter[str](), None
        for element in screenplay.elements:
            if isinstance(element, Character):
                cues, name = cues + 1, element.name
                said[name] += 0
            elif isinstance(element, Dialogue | Lyric) and name is not None:
                said[name] += len(element.text.split())
        return cls(scenes=len(screenplay.scenes), cues=cues, words_told=told, speakers=dict(said.most_common()))

    @property
    def words_said(self) -> int:
        """In dialogue and songs."""
        return sum(self.speakers.values())


class Entry(BaseModel):
    """A screenplay of a collection, and the file that it was read from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    size_bytes: int
    mtime_ns: int
    sha256: str
    """Of the file."""
    format: str
    reader: str
    """Version of this program that read it."""
    titles: tuple[str, ...]
    """What its title page calls it, the whole first."""
    opening: tuple[str, ...]
    """Its first lines: without a title page, the title may be one of them."""
    running_title: str | None
    """The line that heads its pages."""
    tally: Tally
    guesses: int
    """Places that the reader was not sure of; `parse` names them."""

    @property
    def title(self) -> str:
        """What to call it."""
        return self.titles[0] if self.titles else self.running_title or PurePath(self.path).stem


class Skipped(BaseModel):
    """What was given and could not be read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    reason: str


class Collection(BaseModel):
    """Screenplays under one name, in the order in which they came."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    name: str
    entries: tuple[Entry, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    def screenplays(self) -> Iterator[tuple[str, Screenplay]]:
        """File names and screenplays, as they were read.

        Raises:
            LebowskiGenError: One is damaged.
        """
        for entry in self.entries:
            path = kept(self.name, entry.sha256)
            try:
                screenplay = Screenplay.from_json(files.read_bytes(path))
            except (ValidationError, ReadError) as error:
                todo = f"Read it again: {shlex.join(['lebowski-gen', 'corpus', self.name, entry.path])}"
                raise LebowskiGenError("what was read of this is damaged", source=entry.path, todo=todo) from error
            yield PurePath(entry.path).name, screenplay


def home() -> Path:
    """The user's folder for collections."""
    return models.home().parent / "collections"


def folder(name: str) -> Path:
    """Where a collection of this name lies, or would; case, accents and marks of the name don't matter."""
    return home() / "-".join(fold(name))


def find(name: str) -> Collection | None:
    """The collection of this name, if there is one.

    Raises:
        LebowskiGenError: It is damaged.
    """
    path = folder(name) / _FILE
    if not fold(name) or not path.is_file():
        return None
    try:
        return Collection.model_validate_json(files.read_bytes(path))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        todo = f"Take it away and read the files again: {shlex.join(['lebowski-gen', 'corpus', name, '--remove'])}"
        raise LebowskiGenError(f"this is damaged ({place}: {first['msg']})", source=str(path), todo=todo) from error


def find_collection(name: str) -> Collection:
    """The collection of this name.

    Raises:
        LebowskiGenError: There is none, or it is damaged.
    """
    found = find(name)
    if found is None:
        names = f"one of {', '.join(known())}" if known() else None
        todo = f"Make it: {shlex.join(['lebowski-gen', 'corpus', name])} FILE..."
        raise LebowskiGenError(f'there is no collection "{name}"', expected=names, todo=todo)
    return found


def known() -> list[str]:
    """Names of the folders of all collections, sorted."""
    return sorted(path.parent.name for path in home().glob(f"*/{_FILE}"))


def make_room(path: Path) -> None:
    """Make a folder; where that fails, what is then written into it says why."""
    with contextlib.suppress(OSError):
        path.mkdir(parents=True, exist_ok=True)


def save(collection: Collection) -> None:
    """Put what is in a collection on disk, whole or not at all.

    Raises:
        WriteError: It can't be written.
    """
    make_room(folder(collection.name))
    files.write(folder(collection.name) / _FILE, collection.model_dump_json(indent=2) + "\n")


def tidy(collection: Collection) -> None:
    """Take away what was kept and is in a collection no more; nothing may be reading into it."""
    held = {kept(collection.name, entry.sha256).name for entry in collection.entries} | {_FILE}
    for path in folder(collection.name).iterdir():
        if path.name not in held:
            path.unlink(missing_ok=True)


def kept(name: str, sha256: str) -> Path:
    """Where a collection keeps what was read of a file with this content."""
    return folder(name) / f"{sha256}.json"


def has_changed(entry: Entry) -> bool:
    """Whether its file is another than the one that was read; one that is not there has not changed."""
    try:
        now = Path(entry.path).stat()
    except OSError:
        return False
    return (now.st_size, now.st_mtime_ns) != (entry.size_bytes, entry.mtime_ns)


def remove(name: str, given: Sequence[str]) -> Collection:
    """Take files out of a collection, or all of it away; the files themselves stay where they are.

    Args:
        name: The collection's.
        given: Paths, or names, of files in it; none: all.

    Returns:
        What is left.

    Raises:
        LebowskiGenError: There is no such collection, or no such file in it.
    """
    if not given:
        _take_away(name)
        return Collection(name=name)
    collection = find_collection(name)
    entries, skipped = list(collection.entries), list(collection.skipped)
    for path in given:
        same = [e for e in entries if e.path == absolute(path)] or [e for e in entries if _file_name(e.path) == path]
        gone = [s for s in skipped if s.path == absolute(path)]
        if not same and not gone:
            names = ", ".join(_file_name(entry.path) for entry in entries) or "nothing"
            raise LebowskiGenError(f"{path} is not in {collection.name}", expected=f"one of what is: {names}")
        entries = [entry for entry in entries if entry not in same]
        skipped = [one for one in skipped if one not in gone]
    left = collection.model_copy(update={"entries": tuple(entries), "skipped": tuple(skipped)})
    if entries:
        save(left)
        tidy(left)
    else:
        _take_away(name)
    return left


def _take_away(name: str) -> None:
    path = folder(name)
    if not fold(name) or not (path / _FILE).is_file():
        raise LebowskiGenError(f'there is no collection "{name}"')
    # What makes it a collection goes first.
    (path / _FILE).unlink()
    for rest in path.iterdir():
        rest.unlink()
    path.rmdir()


def absolute(path: str) -> str:
    """How collections know a file: its whole path, links followed."""
    return os.path.realpath(path) if "\0" not in path else path


def _file_name(path: str) -> str:
    return PurePath(path).name
