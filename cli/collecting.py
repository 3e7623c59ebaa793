"""Reads the user's files into a collection, and again only what has changed since."""

from __future__ import annotations

import hashlib
import itertools
import os
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePath

from cli.collection import Collection, Entry, Skipped, Tally, absolute, find, kept, make_room, save
from cli.titles import running_title
from screenplay import files, formats
from screenplay.elements import Character, Screenplay
from screenplay.errors import ReadError, ReadWarning
from screenplay.readers import Reading

_FIRST_LINES = 12
"""So many lines at the start may be the title's."""
OnFile = Callable[[str], None]


@dataclass(slots=True)
class Outcome:
    """What reading files into a collection came to."""

    collection: Collection
    read: list[Entry] = field(default_factory=list)
    unchanged: list[Entry] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    copies: int = 0
    """How many of those were skipped because another file has the same content."""


def add(name: str, given: Sequence[str], *, on_file: OnFile = lambda path: None) -> Outcome:
    """Read files and folders into a collection; those that have not changed since are not read again.

    Ctrl-C keeps what was read so far. What can't be read is skipped with its reason; what was read of it before stays.

    Args:
        name: The collection's; made if there is none.
        given: Files in any format that can be read, and folders, read to their depths.
        on_file: Told of each file before it is read.

    Raises:
        LebowskiGenError: The collection is damaged.
        WriteError: It can't be written.
    """
    outcome = Outcome(find(name) or Collection(name=name))
    adding = _Adding(outcome, [PurePath(absolute(path)) for path in given])
    try:
        for path in _files_of(given, outcome.skipped):
            on_file(path)
            adding.add(path)
    finally:
        if outcome.read or outcome.unchanged or outcome.copies:
            outcome.collection = adding.collection()
            save(outcome.collection)
    return outcome


class _Adding:
    """A collection that is being read into."""

    def __init__(self, outcome: Outcome, given: Sequence[PurePath]) -> None:
        self._outcome = outcome
        self._name = outcome.collection.name
        # What is said of files and folders that are looked at now is said anew.
        old = outcome.collection.skipped
        self._skipped = [one for one in old if not any(PurePath(one.path).is_relative_to(path) for path in given)]
        self._entries = {entry.path: entry for entry in outcome.collection.entries}
        self._reader = _version()

    def collection(self) -> Collection:
        """As far as it has come."""
        skipped = (*self._skipped, *self._outcome.skipped)
        return Collection(name=self._name, entries=tuple(self._entries.values()), skipped=skipped)

    def add(self, path: str) -> None:
        """Read one file, unless that has been done."""
        try:
            entry, is_new = self._entry(path)
        except ReadError as error:
            self._skip(path, str(error).removeprefix(f"{path}: "))
            return
        if entry.path != path:
            self._outcome.copies += 1
            self._skip(path, f"the same as {entry.path}")
            return
        (self._outcome.read if is_new else self._outcome.unchanged).append(entry)
        self._entries[path] = entry

    def _skip(self, path: str, reason: str) -> None:
        # A name that is no text could not be kept.
        name = path.encode(errors="backslashreplace").decode()
        self._outcome.skipped.append(Skipped(path=name, reason=reason))

    def _entry(self, path: str) -> tuple[Entry, bool]:
        """What a file is, and whether it had to be read; of a copy, what it is a copy of."""
        if path != path.encode(errors="replace").decode():
            raise ReadError("the file's name is no text", source=path, todo="Call it otherwise")
        before = self._entries.get(path)
        if before is not None and (before.reader != self._reader or not self._is_kept(before)):
            before = None
        size_bytes, mtime_ns = _stat(path)
        if before is not None and (before.size_bytes, before.mtime_ns) == (size_bytes, mtime_ns):
            return before, False
        # Looked at before it is read: who changes it meanwhile has it read again the next time.
        sha256 = hashlib.sha256(files.read_bytes(path)).hexdigest()
        stamp = {"size_bytes": size_bytes, "mtime_ns": mtime_ns}
        if before is not None and before.sha256 == sha256:
            return before.model_copy(update=stamp), False
        for other in list(self._entries.values()):
            if other.sha256 != sha256 or other.path == path:
                continue
            if os.path.isfile(other.path):  # noqa: PTH113 - never raises, whatever is in its way
                return other, False
            del self._entries[other.path]  # moved
            if other.reader == self._reader and self._is_kept(other):
                return other.model_copy(update={**stamp, "path": path}), False
        return self._read(path, sha256, size_bytes, mtime_ns), True

    def _is_kept(self, entry: Entry) -> bool:
        return kept(self._name, entry.sha256).is_file()

    def _read(self, path: str, sha256: str, size_bytes: int, mtime_ns: int) -> Entry:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", ReadWarning)
            source = formats.open_source(path)
            reading = source.scan()
        tally = Tally.of(reading.screenplay)
        if not tally.scenes and not tally.cues:
            raise ReadError("no scene heading and no cue was found in it", source=path)
        target = kept(self._name, sha256)
        make_room(target.parent)
        files.write(target, reading.screenplay.to_json(indent=None))
        return Entry(
            path=path,
            size_bytes=size_bytes,
            mtime_ns=mtime_ns,
            sha256=sha256,
            format=source.format.name,
            reader=self._reader,
            titles=tuple(_titles(reading.screenplay)),
            opening=tuple(itertools.islice(_opening(reading.screenplay), _FIRST_LINES)),
            running_title=_running_title(reading, source.data),
            tally=tally,
            guesses=sum(issubclass(warning.category, ReadWarning) for warning in caught),
        )


def _version() -> str:
    try:
        return version("lebowski-gen")
    except PackageNotFoundError:  # run where it lies
        return "unknown"


def _stat(path: str) -> tuple[int, int]:
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        files.read_bytes(path)  # says what is wrong with it
        raise
    return found.st_size, found.st_mtime_ns


def _files_of(given: Sequence[str], skipped: list[Skipped]) -> Iterator[str]:
    """Every file, once, folders opened."""
    seen: set[str] = set()
    for name in given:
        if name == files.STANDARD:
            skipped.append(Skipped(path="<stdin>", reason="a collection knows files by their names; this has none"))
            continue
        path = absolute(name)
        for file in _inside(path, skipped) if os.path.isdir(path) else [path]:  # noqa: PTH112
            if file not in seen:
                seen.add(file)
                yield file


def _inside(path: str, skipped: list[Skipped]) -> list[str]:
    """What has a screenplay's suffix in a folder and in those inside it; hidden ones are left alone."""
    suffixes = {suffix for row in formats.TABLE if row.scan for suffix in row.suffixes}
    found: list[str] = []
    others: Counter[str] = Counter()
    for parent, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if not name.startswith(".")):
            suffix = PurePath(name).suffix.lower()
            if suffix in suffixes:
                found.append(str(Path(parent) / name))
            else:
                others[suffix or "none"] += 1
    if others:
        kinds = ", ".join(f"{suffix} {count:,}" for suffix, count in others.most_common())
        skipped.append(Skipped(path=path, reason=f"files without a screenplay's suffix: {kinds}"))
    return found


def _titles(screenplay: Screenplay) -> Iterator[str]:
    lines = next((lines for key, lines in screenplay.title_page.items() if key.casefold() == "title"), ())
    if len(lines) > 1:
        yield " ".join(lines)
    yield from lines


def _opening(screenplay: Screenplay) -> Iterator[str]:
    for element in screenplay.elements:
        # A title in capitals may have been taken for a heading or a cue.
        text = element.name if isinstance(element, Character) else getattr(element, "text", "")
        yield from (line.strip() for line in text.split("\n") if line.strip())


def _running_title(reading: Reading, data: str | bytes) -> str | None:
    if isinstance(data, bytes) or not reading.tags:
        return None
    return running_title(
        line for line, tag in zip(files.lines_of(data), reading.tags, strict=False) if tag == "furniture"
    )
