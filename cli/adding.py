"""What comes of files that are given to a collection, one after the other, while some are still being read."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cli.collection import Collection, Entry, Skipped, kept
from cli.reading import Answer, Task
from screenplay import files
from screenplay.errors import ReadError

_PATIENCE_S, _PATIENCE_S_PER_MB = 60.0, 30.0
"""Far more than the slowest reader needs: on a quiet machine, 2 s a megabyte."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far reading has come."""

    files: int
    """Of which is known what comes of them."""
    all_files: int
    size_bytes: int
    """Of those files."""
    read_bytes: int
    """Of those that had to be read."""
    all_bytes: int


OnStep = Callable[[Step], None]


@dataclass(slots=True)
class Outcome:
    """What reading files into a collection came to, in the order in which they were given."""

    collection: Collection
    read: list[Entry] = field(default_factory=list)
    unchanged: list[Entry] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    copies: int = 0
    """How many of those were skipped because another file has the same content."""


class _Entries:
    """The entries of a collection, by path and by content."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries: dict[str, Entry] = {}
        self._places: dict[str, int] = {}
        self._paths: dict[str, dict[str, None]] = {}
        for place, entry in enumerate(entries):
            self.put(entry, place)

    def put(self, entry: Entry, place: int) -> None:
        """Take in an entry; one whose path was there stays in its place."""
        place = self._places.get(entry.path, place)
        self.drop(entry.path)
        self._entries[entry.path], self._places[entry.path] = entry, place
        self._paths.setdefault(entry.sha256, {})[entry.path] = None

    def drop(self, path: str) -> None:
        """Take out an entry, if it is there."""
        entry = self._entries.pop(path, None)
        if entry is not None:
            del self._places[path], self._paths[entry.sha256][path]

    def get(self, path: str) -> Entry | None:
        """That of a path."""
        return self._entries.get(path)

    def same(self, sha256: str) -> list[Entry]:
        """Those with this content, in order."""
        return sorted((self._entries[path] for path in self._paths.get(sha256, ())), key=self._place)

    def all(self) -> tuple[Entry, ...]:
        """All of them, in order."""
        return tuple(sorted(self._entries.values(), key=self._place))

    def _place(self, entry: Entry) -> int:
        return self._places[entry.path]


@dataclass(frozen=True, slots=True)
class _File:
    """A file whose content is known by its sum."""

    task: Task
    before: Entry | None
    """What was read of it before, if that is as good as what would be read now."""
    claims: frozenset[str]
    """Its content, and what it was when it was last read: other files with these may be copies of it."""


class Adding:
    """A collection that files come to.

    What comes of a file may hang on others with the same content: by that, copies and moved files are known. So a file
    waits while one that was given before it and has a content in common with it, now or as it was, is being read; all
    others are read in any order. That way it comes to the same as if they were read one after the other.
    """

    def __init__(self, collection: Collection, items: Sequence[str | Skipped], reader: str, on_step: OnStep) -> None:
        """Begin.

        Args:
            collection: As it is; of what it skipped, what is still to be said.
            items: Paths of files, each once, and what is skipped unseen.
            reader: Version of this program.
            on_step: Told of each file when it is known what comes of it.
        """
        self._before = collection
        self._on_step = on_step
        self._entries = _Entries(collection.entries)
        self._reader = reader
        self._items = deque(enumerate(items))
        self._sizes = {item: _size(item) for item in items if isinstance(item, str)}
        self._step = Step(0, len(self._sizes), 0, 0, sum(self._sizes.values()))
        self._ready: deque[Task] = deque()
        self._under_way: dict[int, _File] = {}
        self._waiting: list[_File] = []
        self._claimed: Counter[str] = Counter()
        """By files under way or waiting."""
        self._found: dict[int, Entry | Skipped] = {}
        """What came of each item, by its number."""
        self._read: set[int] = set()
        self._copies: set[int] = set()

    @property
    def count(self) -> int:
        """How many files there are."""
        return self._step.all_files

    @property
    def has_come_to_something(self) -> bool:
        """Whether there is anything to keep."""
        return bool(self._copies) or any(isinstance(found, Entry) for found in self._found.values())

    def collection(self) -> Collection:
        """As far as it has come."""
        found = (self._found[number] for number in sorted(self._found))
        skipped = (*self._before.skipped, *(one for one in found if isinstance(one, Skipped)))
        return Collection(name=self._before.name, entries=self._entries.all(), skipped=skipped)

    def outcome(self) -> Outcome:
        """All of it."""
        outcome = Outcome(self.collection() if self.has_come_to_something else self._before, copies=len(self._copies))
        for number in sorted(self._found):
            match self._found[number]:
                case Skipped() as skipped:
                    outcome.skipped.append(skipped)
                case Entry() as entry:
                    (outcome.read if number in self._read else outcome.unchanged).append(entry)
        return outcome

    def next_task(self) -> Task | None:
        """The next file to read; None while what is left waits for those under way, and when none is left."""
        while not self._ready and self._items:
            number, item = self._items.popleft()
            if isinstance(item, Skipped):
                self._found[number] = item
                continue
            try:
                self._look_at(number, item)
            except ReadError as error:
                self._skip(number, item, str(error).removeprefix(f"{item}: "))
        return self._ready.popleft() if self._ready else None

    def take(self, answer: Answer) -> None:
        """See what came of a task."""
        file = self._under_way.pop(answer.number)
        for claim in file.claims:
            self._claimed[claim] -= 1
            if not self._claimed[claim]:
                del self._claimed[claim]
        self._step = replace(self._step, read_bytes=self._step.read_bytes + self._sizes[file.task.path])
        if answer.entry is None:
            self._skip(answer.number, file.task.path, answer.reason or "")
        else:
            self._read.add(answer.number)
            self._settle(answer.number, file.task.path, answer.entry)
        if not self._claimed.keys().isdisjoint(file.claims):
            self._review()

    def _look_at(self, number: int, path: str) -> None:
        """Tell what comes of a file, unless it must be read or wait."""
        if path != path.encode(errors="replace").decode():
            raise ReadError("the file's name is no text", source=path, todo="Call it otherwise")
        entry = self._entries.get(path)
        before = entry if entry is not None and self._is_good(entry) else None
        # Looked at before it is read: who changes it meanwhile has it read again the next time.
        size_bytes, mtime_ns = _stat(path)
        if before is not None and (before.size_bytes, before.mtime_ns) == (size_bytes, mtime_ns):
            self._settle(number, path, before)
            return
        sha256 = hashlib.sha256(files.read_bytes(path)).hexdigest()
        target = str(kept(self._before.name, sha256).absolute())
        task = Task(
            number=number,
            path=path,
            size_bytes=size_bytes,
            mtime_ns=mtime_ns,
            sha256=sha256,
            reader=self._reader,
            target=target,
            patience_s=_patience_s(size_bytes),
        )
        file = _File(task, before, frozenset({sha256, entry.sha256} if entry is not None else {sha256}))
        if self._claimed.keys().isdisjoint(file.claims):
            self._decide(file)
        else:
            self._waiting.append(file)
            self._claimed.update(file.claims)

    def _review(self) -> None:
        """Decide on files that waited; those given first, first."""
        waiting, self._waiting = self._waiting, []
        self._claimed = Counter(claim for file in self._under_way.values() for claim in file.claims)
        for file in waiting:
            if self._claimed.keys().isdisjoint(file.claims):
                self._decide(file)
            else:
                self._waiting.append(file)
                self._claimed.update(file.claims)

    def _decide(self, file: _File) -> None:
        """Tell what comes of a file whose content is no other's that is under way, or have it read."""
        task = file.task
        stamp = {"path": task.path, "size_bytes": task.size_bytes, "mtime_ns": task.mtime_ns}
        if file.before is not None and file.before.sha256 == task.sha256:
            self._settle(task.number, task.path, file.before.model_copy(update=stamp))
            return
        for other in self._entries.same(task.sha256):
            if other.path == task.path:
                continue
            if os.path.isfile(other.path):  # noqa: PTH113 - never raises, whatever is in its way
                self._copies.add(task.number)
                self._skip(task.number, task.path, f"the same as {other.path}")
                return
            self._entries.drop(other.path)  # moved
            if self._is_good(other):
                self._settle(task.number, task.path, other.model_copy(update=stamp))
                return
        self._under_way[task.number] = file
        self._claimed.update(file.claims)
        self._ready.append(task)

    def _is_good(self, entry: Entry) -> bool:
        """Whether it need not be read again as long as its file is the same."""
        return entry.reader == self._reader and kept(self._before.name, entry.sha256).is_file()

    def _settle(self, number: int, path: str, entry: Entry) -> None:
        self._entries.put(entry, len(self._before.entries) + number)
        self._is_done(number, path, entry)

    def _skip(self, number: int, path: str, reason: str) -> None:
        # A name that is no text could not be kept.
        name = path.encode(errors="backslashreplace").decode()
        self._is_done(number, path, Skipped(path=name, reason=reason))

    def _is_done(self, number: int, path: str, found: Entry | Skipped) -> None:
        self._found[number] = found
        step = self._step
        self._step = replace(step, files=step.files + 1, size_bytes=step.size_bytes + self._sizes[path])
        self._on_step(self._step)


def _patience_s(size_bytes: int) -> float:
    return _PATIENCE_S + _PATIENCE_S_PER_MB * size_bytes / 1e6


def _size(path: str) -> int:
    # What is wrong with a file is said when its turn comes.
    with contextlib.suppress(OSError, ValueError):
        return Path(path).stat().st_size
    return 0


def _stat(path: str) -> tuple[int, int]:
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        files.read_bytes(path)  # says what is wrong with it
        raise
    if not stat.S_ISREG(found.st_mode):
        raise ReadError("this is no plain file", source=path, todo="Save what comes from there, and name that file")
    return found.st_size, found.st_mtime_ns
