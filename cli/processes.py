"""Reads files side by side in processes of their own, which can crash or hang without harm to what was asked of others.

They run `cli.reading`, and load neither torch nor a terminal's libraries.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from queue import LifoQueue
from typing import IO

import cli
from cli.reading import READY, Answer, Task, read
from screenplay.errors import LebowskiGenError, WriteError

_AHEAD = 2
"""Tasks taken on for each process, so that none waits for whoever asks."""
_HUNG = "Timeout ("
"""How `faulthandler` begins when it ends a process."""
_GOODBYE_S = 5.0


def cores() -> int:
    """How many processes this one may run side by side."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def start(module: str, talk: IO[bytes]) -> subprocess.Popen[bytes]:
    """A process that runs one of our modules, with pipes to ask and to listen; its standard error goes to `talk`."""
    root = str(Path(cli.__file__).parent.parent)
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    # As many processes as cores need no threads.
    alone = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.Popen(
        # -P: nothing is imported from the folder that somebody happens to be in.
        [sys.executable, "-P", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=talk,
        env=os.environ | {"PYTHONPATH": path} | alone,
        # What a terminal sends (stop, hang up) is for whoever asks: when that one is gone, so are they.
        start_new_session=True,
    )


class Here:
    """Reads in this process, one file after the other, each when its answer is asked for."""

    def __init__(self) -> None:
        self._task: Task | None = None

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    @property
    def has_room(self) -> bool:
        """Whether another task can be taken on."""
        return self._task is None

    @property
    def is_busy(self) -> bool:
        """Whether there is an answer to come."""
        return self._task is not None

    def start(self, task: Task) -> None:
        """Take on a task."""
        self._task = task

    def answers(self) -> list[Answer]:
        """The next that are there, at least one; raises WriteError as `read` does."""
        assert self._task is not None
        task, self._task = self._task, None
        return [read(task)]


class Processes:
    """Reads in several processes, as `Here` does in one. They are started when they are first needed."""

    def __init__(self, count: int) -> None:
        self._threads = ThreadPoolExecutor(count)
        self._most = count * _AHEAD
        self._children = [_Child() for _ in range(count)]
        # Last in, first out: none is started while one that has been is idle.
        self._idle: LifoQueue[_Child] = LifoQueue()
        for child in self._children:
            self._idle.put(child)
        self._pending: set[Future[Answer]] = set()

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: object) -> None:
        # Who is interrupted does not wait for what is under way.
        for child in self._children:
            child.end()
        self._threads.shutdown(cancel_futures=True)
        for child in self._children:
            child.close()

    @property
    def has_room(self) -> bool:
        """Whether another task can be taken on."""
        return len(self._pending) < self._most

    @property
    def is_busy(self) -> bool:
        """Whether there is an answer to come."""
        return bool(self._pending)

    def start(self, task: Task) -> None:
        """Take on a task."""
        self._pending.add(self._threads.submit(self._read, task))

    def answers(self) -> list[Answer]:
        """The next that are there, at least one.

        Raises:
            WriteError: What was read can't be kept.
            LebowskiGenError: No process can be started.
        """
        done, self._pending = wait(self._pending, return_when=FIRST_COMPLETED)
        return [future.result() for future in done]

    def _read(self, task: Task) -> Answer:
        child = self._idle.get()
        try:
            answer = child.ask(task)
        finally:
            self._idle.put(child)
        if answer.unwritten is not None:
            found, source, todo = answer.unwritten
            raise WriteError(found, source=source, todo=todo)
        return answer


class _Child:
    """One process, and after one that did not survive its file, the next. A thread asks; another may end it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_over = False
        self._process: subprocess.Popen[bytes] | None = None
        self._talk: IO[bytes] | None = None
        """What the process says on standard error."""

    def ask(self, task: Task) -> Answer:
        """Have a file read; that its process crashed or hung on it is an answer.

        Raises:
            LebowskiGenError: No process can be started.
        """
        with self._lock:
            if self._is_over:
                return Answer(number=task.number, reason="interrupted")
            if self._process is not None and self._process.poll() is not None:
                self._bury()  # it died of something else
            is_new = self._process is None
            process = self._process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        if is_new and process.stdout.readline() != READY:
            todo = "Read in this one: --processes 1"
            raise LebowskiGenError(f"a process that reads could not start ({self._end_of(process)})", todo=todo)
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(task.model_dump_json().encode() + b"\n")
            process.stdin.flush()
        line = process.stdout.readline()
        if line.endswith(b"\n"):
            return Answer.model_validate_json(line)
        return Answer(number=task.number, reason=self._reason(process, task))

    def end(self) -> None:
        """Stop, whatever is under way."""
        with self._lock:
            self._is_over = True
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """Let go of a process that has ended."""
        with self._lock:
            if self._process is not None:
                self._bury()

    def _start(self) -> subprocess.Popen[bytes]:
        self._talk = tempfile.TemporaryFile()  # noqa: SIM115 - closed with its process
        return start("cli.reading", self._talk)

    def _bury(self) -> None:
        assert self._process is not None
        assert self._talk is not None
        with contextlib.suppress(BrokenPipeError), self._process, self._talk:
            pass
        self._process = self._talk = None

    def _reason(self, process: subprocess.Popen[bytes], task: Task) -> str:
        how = self._end_of(process)
        if how == _HUNG:
            return f"reading it took longer than {task.patience_s:,.0f} s, and was given up"
        return f"its reader crashed ({how})"

    def _end_of(self, process: subprocess.Popen[bytes]) -> str:
        """Of what a process died."""
        assert self._talk is not None
        code = process.wait()
        self._talk.seek(0)
        said = self._talk.read().decode(errors="replace").splitlines()
        if any(line.startswith(_HUNG) for line in said):
            return _HUNG
        if code < 0:
            hint = ": maybe memory ran out" if -code == signal.SIGKILL else ""
            return f"{signal.Signals(-code).name}{hint}"
        return f"exit code {code}{f': {said[-1]}' if said else ''}"
