"""Reads the user's files into a collection, and again only what has changed since."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePath

from cli.adding import Adding, OnStep, Outcome
from cli.collection import Collection, Skipped, absolute, find, save, tidy
from cli.processes import Here, Processes
from screenplay import files, formats

_SAVE_S = 2.0
"""So often, while files are read, a collection is saved: the most that is lost with a killed process."""
_SAVE_SHARE = 0.05
"""Of the time, the most that goes into that: a large collection is saved less often."""
OnFile = Callable[[str], None]


def add(
    name: str,
    given: Sequence[str],
    *,
    processes: int = 1,
    on_file: OnFile = lambda path: None,
    on_step: OnStep = lambda step: None,
) -> Outcome:
    """Read files and folders into a collection; those that have not changed since are not read again.

    What comes of it does not depend on the number of processes, nor on which of them is done first. What can't be read
    is skipped with its reason; what was read of it before stays. Ctrl-C keeps what was read so far; a kill, what was
    read up to some seconds before.

    Args:
        name: The collection's; made if there is none.
        given: Files in any format that can be read, and folders, read to their depths.
        processes: How many read side by side, each in memory of its own; 1: this one, which a file can take down.
        on_file: Told of each file before it is read.
        on_step: Told of each file when it is known what comes of it.

    Raises:
        LebowskiGenError: The collection is damaged, or no process can be started.
        WriteError: It can't be written.
    """
    before = find(name) or Collection(name=name)
    # What is said of files and folders that are looked at now is said anew.
    paths = {absolute(path) for path in given}
    said = tuple(one for one in before.skipped if paths.isdisjoint(map(str, _around(one.path))))
    adding = Adding(before.model_copy(update={"skipped": said}), _items_of(given), _version(), on_step)
    saving = _Saving(adding)
    try:
        with Here() if processes == 1 else Processes(min(processes, adding.count or 1)) as pool:
            while True:
                while pool.has_room and (task := adding.next_task()) is not None:
                    on_file(task.path)
                    pool.start(task)
                if not pool.is_busy:
                    break
                for answer in pool.answers():
                    adding.take(answer)
                saving.now_and_then()
    finally:
        if adding.has_come_to_something:
            save(adding.collection())
            tidy(adding.collection())
    return adding.outcome()


class _Saving:
    """Keeps on disk what a collection has become so far."""

    def __init__(self, adding: Adding) -> None:
        self._adding = adding
        self._due_s = time.monotonic() + _SAVE_S

    def now_and_then(self) -> None:
        """Save, if that is due."""
        began_s = time.monotonic()
        if began_s < self._due_s or not self._adding.has_come_to_something:
            return
        save(self._adding.collection())
        now_s = time.monotonic()
        self._due_s = now_s + max(_SAVE_S, (now_s - began_s) / _SAVE_SHARE)


def _around(path: str) -> tuple[PurePath, ...]:
    """A path and the folders that it lies in."""
    return PurePath(path), *PurePath(path).parents


def _version() -> str:
    try:
        return version("lebowski-gen")
    except PackageNotFoundError:  # run where it lies
        return "unknown"


def _items_of(given: Sequence[str]) -> list[str | Skipped]:
    """Every file, once, folders opened, and what is skipped unseen."""
    found: dict[str | Skipped, None] = {}
    for name in given:
        if name == files.STANDARD:
            found[Skipped(path="<stdin>", reason="a collection knows files by their names; this has none")] = None
            continue
        path = absolute(name)
        for item in _inside(path) if os.path.isdir(path) else [path]:  # noqa: PTH112
            found[item] = None
    return list(found)


def _inside(path: str) -> list[str | Skipped]:
    """What has a screenplay's suffix in a folder and in those inside it; hidden ones are left alone."""
    suffixes = {suffix for row in formats.TABLE if row.scan for suffix in row.suffixes}
    found: list[str | Skipped] = []
    others: Counter[str] = Counter()
    for parent, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if not name.startswith(".")):
            suffix = PurePath(name).suffix.lower()
            if suffix in suffixes:
                found.append(str(Path(parent) / name))
            else:
                others[suffix or "none"] += 1
    if not others:
        return found
    kinds = ", ".join(f"{suffix} {count:,}" for suffix, count in others.most_common())
    return [Skipped(path=path, reason=f"files without a screenplay's suffix: {kinds}"), *found]
