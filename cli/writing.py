"""Writes and judges some takes as a process that does nothing else.

`python -m cli.writing` answers a `Job`, all of its standard input, with lines of standard output, each an `Answer`.
"""

from __future__ import annotations

import gc
import signal
import sys
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from model.checkpoint import load
from model.generation import Request
from model.takes import Take, write_takes
from screenplay.elements import Screenplay


class Job(BaseModel):
    """What to write."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: str
    """The model's."""
    request: Request
    draft: Screenplay | None
    seeds: tuple[int, ...]


class Answer(BaseModel):
    """How far it has come, or, at last, what came of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ended: int = 0
    symbols: int = 0
    takes: tuple[Take, ...] | None = None


def main() -> None:
    """Write, until it is done or nobody listens."""
    # Ctrl-C is for whoever asks.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    job = Job.model_validate_json(sys.stdin.buffer.read())

    def tell(ended: int, symbols: int) -> None:
        _say(Answer(ended=ended, symbols=symbols))

    model = load(Path(job.folder))
    # What is there by now stays: it need not be looked through for garbage again and again.
    gc.freeze()
    found = write_takes(model, job.request, job.draft, seeds=job.seeds, on_progress=tell)
    _say(Answer(takes=tuple(found)))


def _say(answer: Answer) -> None:
    sys.stdout.buffer.write(answer.model_dump_json().encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
