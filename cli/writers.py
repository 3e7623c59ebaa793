"""Writes and judges takes in several processes side by side, each some of them abreast.

They run `cli.writing`, which loads neither torch nor a terminal's libraries.
"""

from __future__ import annotations

import contextlib
import signal
import tempfile
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TypeAlias

from cli.processes import cores, start
from cli.writing import Answer, Job
from model.takes import Take
from screenplay.errors import LebowskiGenError

_WORTH = 4_000
"""Symbols that a process must have to write: a second or two, where it takes half of one to start."""
_Said: TypeAlias = tuple[int, bytes]
"""The number of a process, and a line of it; once there are no more, what is left."""


def writers_for(takes: int, symbols: int) -> int:
    """How many processes are worth it for so many takes of so many symbols together; 1: this one."""
    return max(1, min(cores(), takes, symbols // _WORTH))


def write_side_by_side(job: Job, *, processes: int, on_progress: Callable[[int, int], None]) -> list[Take]:
    """Write and judge the takes of a job in processes; in the order of their seeds.

    Args:
        job: What is written; it must be possible.
        processes: How many, at most as many as there are takes.
        on_progress: As for `write_abreast`.

    Raises:
        LebowskiGenError: One of the processes crashed.
    """
    said: SimpleQueue[_Said] = SimpleQueue()
    shares = [job.model_copy(update={"seeds": job.seeds[number::processes]}) for number in range(processes)]
    with contextlib.ExitStack() as stack:
        writers = [stack.enter_context(_Writer(number, share, said)) for number, share in enumerate(shares)]
        last = [Answer()] * processes
        found: list[tuple[Take, ...] | None] = [None] * processes
        while None in found:
            number, line = said.get()
            if found[number] is not None:
                continue  # the end of one that has done its share
            if not line.endswith(b"\n"):
                raise writers[number].crash()
            answer = Answer.model_validate_json(line)
            found[number] = answer.takes
            if answer.takes is None:
                last[number] = answer
                on_progress(sum(each.ended for each in last), sum(each.symbols for each in last))
    by_seed = {each.seed: each for part in found if part is not None for each in part}
    return [by_seed[seed] for seed in job.seeds]


class _Writer:
    """A process that writes, and a thread that listens to it. Whoever leaves it ends it."""

    def __init__(self, number: int, job: Job, said: SimpleQueue[_Said]) -> None:
        self._number, self._job, self._said = number, job, said

    def __enter__(self) -> _Writer:
        self._talk = tempfile.TemporaryFile()
        self._process = start("cli.writing", self._talk)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._thread.join()
        with contextlib.suppress(BrokenPipeError), self._process, self._talk:
            pass

    def _listen(self) -> None:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        with contextlib.suppress(BrokenPipeError), stdin:
            stdin.write(self._job.model_dump_json().encode())
        line = b"\n"
        while line.endswith(b"\n"):
            line = stdout.readline()
            self._said.put((self._number, line))

    def crash(self) -> LebowskiGenError:
        """Of what it died."""
        code = self._process.wait()
        self._talk.seek(0)
        last = self._talk.read().decode(errors="replace").splitlines()[-1:]
        if code < 0:
            hint = ": maybe memory ran out" if -code == signal.SIGKILL else ""
            how = f"{signal.Signals(-code).name}{hint}"
        else:
            how = ": ".join([f"exit code {code}", *last])
        return LebowskiGenError(f"a process that writes takes crashed ({how})", todo="Ask for fewer takes")
