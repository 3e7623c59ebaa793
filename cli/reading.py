"""Reads one file into what a collection keeps of it, in this process or as one that does nothing else.

`python -m cli.reading` answers each line of standard input, a `Task`, with a line of standard output, an `Answer`.
"""

from __future__ import annotations

import faulthandler
import itertools
import os
import signal
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from cli.collection import Entry, Tally, make_room
from cli.titles import running_title
from screenplay import files, formats
from screenplay.elements import Character, Screenplay
from screenplay.errors import ReadError, ReadWarning, WriteError
from screenplay.readers import Reading

READY = b"ready\n"
"""What such a process says once it can be asked."""
_FIRST_LINES = 12
"""So many lines at the start may be the title's."""


class Task(BaseModel):
    """A file to read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    path: str
    size_bytes: int
    mtime_ns: int
    sha256: str
    reader: str
    """Version of this program."""
    target: str
    """The file that takes the screenplay."""
    patience_s: float
    """After so long a process that reads it is given up."""


class Answer(BaseModel):
    """What came of a task: an entry, or why there is none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    entry: Entry | None = None
    reason: str | None = None
    unwritten: tuple[str, str | None, str | None] | None = None
    """Of a WriteError, which is nothing that another file could do without: what, where, what to do."""


def read(task: Task) -> Answer:
    """Read a file. One on which its reader fails in a way that nobody thought of stops no other.

    Raises:
        WriteError: What was read can't be kept.
    """
    try:
        return Answer(number=task.number, entry=_entry(task))
    except ReadError as error:
        return Answer(number=task.number, reason=str(error).removeprefix(f"{task.path}: "))
    except WriteError:
        raise
    except Exception as error:
        kind = f"{type(error).__name__}: {error}".removesuffix(": ")
        return Answer(number=task.number, reason=f"this program has a fault, and failed on it ({kind})")


def _entry(task: Task) -> Entry:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ReadWarning)
        source = formats.open_source(task.path)
        reading = source.scan()
    tally = Tally.of(reading.screenplay)
    if not tally.scenes and not tally.cues:
        raise ReadError("no scene heading and no cue was found in it", source=task.path)
    target = Path(task.target)
    make_room(target.parent)
    files.write(target, reading.screenplay.to_json(indent=None))
    return Entry(
        path=task.path,
        size_bytes=task.size_bytes,
        mtime_ns=task.mtime_ns,
        sha256=task.sha256,
        format=source.format.name,
        reader=task.reader,
        titles=tuple(_titles(reading.screenplay)),
        opening=tuple(itertools.islice(_opening(reading.screenplay), _FIRST_LINES)),
        running_title=_running_title(reading, source.data),
        tally=tally,
        guesses=sum(issubclass(warning.category, ReadWarning) for warning in caught),
    )


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


def main() -> None:
    """Answer until there is no more to ask, or nobody who asks."""
    # Ctrl-C is for whoever asks.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a reader's library prints is no answer.
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        answers.write(READY)
        answers.flush()
        for line in sys.stdin.buffer:
            task = Task.model_validate_json(line)
            # Ends this process from a thread of its own, whatever the reader is caught in, and says so.
            faulthandler.dump_traceback_later(task.patience_s, exit=True)
            try:
                answer = read(task)
            except WriteError as error:
                answer = Answer(number=task.number, unwritten=(error.found, error.source, error.todo))
            faulthandler.cancel_dump_traceback_later()
            answers.write(answer.model_dump_json().encode() + b"\n")
            answers.flush()


if __name__ == "__main__":
    main()
