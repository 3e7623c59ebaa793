"""Reading many files, shown while it goes: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from contextlib import ExitStack

from cli import console
from cli.adding import Step
from cli.run_view import clock

_LINE_S = 30.0
"""So often there is a line where there is no bar."""
_SHOW_S = 0.1
_WIDE_CHARS = 60
"""Terminals narrower than this are told less."""


class ReadingView:
    """Tells on standard error how far reading has come."""

    def __init__(self) -> None:
        self._began_s = time.monotonic()
        self._bar: console.Bar | None = None
        self._told_s = self._began_s
        self._stack = ExitStack()

    def __enter__(self) -> ReadingView:
        # Not where a pager may have the terminal.
        if console.watched() and console.shows_pages() and not console.talk().is_dumb_terminal:
            self._bar = self._stack.enter_context(console.Bar())
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def show(self, step: Step) -> None:
        """Tell, if it is time to."""
        now_s = time.monotonic()
        if now_s - self._told_s < (_SHOW_S if self._bar is not None else _LINE_S) and step.files < step.all_files:
            return
        elapsed_s, self._told_s = now_s - self._began_s, now_s
        if self._bar is not None:
            done = step.size_bytes / step.all_bytes if step.all_bytes else 1.0
            self._bar.show(done, figures(step, elapsed_s, is_short=console.talk().width < _WIDE_CHARS))
        elif step.files < step.all_files:
            console.say(figures(step, elapsed_s, is_short=False))


def figures(step: Step, elapsed_s: float, *, is_short: bool) -> str:
    """How far it has come, how fast it goes, and how long it will take if all that is left must be read."""
    parts = [f"{step.files:,} of {step.all_files:,} files"]
    if step.read_bytes and elapsed_s > 0:
        speed = step.read_bytes / elapsed_s
        parts += [f"{speed / 1e6:.1f} MB/s"] * (not is_short)
        parts += [f"{clock((step.all_bytes - step.size_bytes) / speed)} left"]
    return "  ".join(parts)
