"""Reads any input by any of our readers, and says what came of it, in what time and with what memory.

from hostile_reading import read_apart

outcome = read_apart("html", KINDS["html"]["ampersands"], 1_000_000, limit_s=60)
"""

from __future__ import annotations

import contextlib
import multiprocessing
import resource
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from screenplay import formats
from screenplay.errors import ReadError, ReadWarning
from screenplay.readers import Reading, prose
from screenplay.readers.detect import detect

NAME = "some folder/film.file"
"""What the file is called, so that errors can be asked whether they say so."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one reading came to."""

    what: str
    """`read`, `refused` (a ReadError that names the file), or what is wrong."""
    size: int = 0
    """Characters or bytes."""
    cpu_s: float = 0.0
    peak_mb: float = 0.0
    """Memory of this process above what it held once the input was there."""

    @property
    def is_sound(self) -> bool:
        """Whether this is what a reader may do."""
        return self.what in ("read", "refused")


def read(reader: str, data: str | bytes) -> Reading | None:
    """Read by one format's reader, by `prose`; `detect` only names the format; `bytes` finds it out first.

    Raises:
        ReadError: It is nothing that this reader reads.
    """
    if reader == "detect":
        assert isinstance(data, str)
        detect(data, source=NAME)
        return None
    if reader == "prose":
        assert isinstance(data, str)
        return Reading(prose.read(data), ())
    if reader == "bytes":
        assert isinstance(data, bytes)
        return formats._source(data, NAME, None).scan()
    row = next(row for row in formats.TABLE if row.name == reader)
    assert row.scan is not None
    return row.scan(data, source=NAME)


def outcome_of(reader: str, data: str | bytes) -> str:
    """`read`, `refused`, or what is wrong."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", ReadWarning)
        try:
            read(reader, data)
        except ReadError as error:
            if error.source != NAME:
                return f"an error that does not name the file: {error}"
            return "refused" if len(str(error)) < 1000 else f"an error of {len(str(error))} characters"
        except Exception as error:
            return f"{type(error).__name__}: {str(error)[:300]}"
    return "read"


def _measure(reader: str, make: Callable[[int], str | bytes], size: int, answer: Connection) -> None:
    data = make(size)
    with contextlib.suppress(OSError):  # Linux: forget the peak that making it left
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before_mb = _peak_mb()
    started = _cpu_s()
    what = outcome_of(reader, data)
    answer.send(Outcome(what, len(data), round(_cpu_s() - started, 3), round(_peak_mb() - before_mb, 1)))


def _cpu_s() -> float:
    """Processor time of this process and of those that it started and that ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def read_apart(
    reader: str, make: Callable[[int], str | bytes], size: int, *, limit_s: float, most_mb: int = 4096
) -> Outcome:
    """Make an input and read it in a process of its own, which may crash, hang and eat memory as it likes."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)

    def work() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (most_mb << 20, most_mb << 20))
        resource.setrlimit(resource.RLIMIT_CPU, (int(limit_s) + 1, int(limit_s) + 2))
        _measure(reader, make, size, theirs)

    process = context.Process(target=work)
    process.start()
    theirs.close()
    try:
        return ours.recv() if ours.poll(limit_s * 20) else Outcome(f"no answer in {limit_s * 20:.0f} s")
    except EOFError:
        process.join()
        code = process.exitcode or 0
        what = {-24: f"more than {limit_s:.0f} s", -9: "killed"}.get(code, f"died with {code}")
        return Outcome(what)
    finally:
        process.kill()
        process.join()
