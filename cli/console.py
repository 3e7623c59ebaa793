"""The one place that talks to the terminal: screenplay on standard output, all talk on standard error."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import textwrap
import warnings
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, TextIO, TypeAlias

from screenplay.errors import ReadWarning, WriteError, WriteWarning

if TYPE_CHECKING:
    from rich.console import Console

# rich costs 50 ms to import, which `--help` need not wait for: each function below takes it when it must.

Piece: TypeAlias = tuple[str, str | None]
"""Some text, and the name of its style."""
STYLES = {
    "heading": "bold",
    "cue": "bold cyan",
    "parenthetical": "italic magenta",
    "lyric": "italic",
    "transition": "dim",
    "talk": "dim",
    "good": "green",
    "warning": "yellow",
    "error": "bold red",
}
"""How each role looks; where there is no colour, bold, dim and italic still tell them apart."""


@cache
def _console(file: TextIO) -> Console:
    from rich.console import Console
    from rich.theme import Theme

    # Screenplay text must never be read as markup: `[[a note]]` would print as `[]`.
    return Console(file=file, theme=Theme(STYLES), markup=False, highlight=False, emoji=False, soft_wrap=True)


def screen() -> Console:
    """Standard output, styled where it is a terminal."""
    return _console(sys.stdout)


def talk() -> Console:
    """Standard error, styled where it is a terminal."""
    return _console(sys.stderr)


def shows_pages() -> bool:
    """Whether a person looks at standard output."""
    return sys.stdout.isatty()


def watched() -> bool:
    """Whether a person looks at standard error."""
    return sys.stderr.isatty()


def put(text: str, style: str | None = None) -> None:
    """Write screenplay text to the terminal at once, as it is.

    Raises:
        WriteError: The terminal is gone.
    """
    try:
        screen().out(text, style=style, end="", highlight=False)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise WriteError(f"this can't be written ({error.strerror})", source="<stdout>") from error


def deliver(content: str | bytes) -> None:
    """Send a whole file to standard output.

    Raises:
        WriteError: It can't be written, or is no text and would go to a terminal.
    """
    from screenplay import files

    if isinstance(content, bytes) and shows_pages():
        raise WriteError("this is no text for a terminal", source="<stdout>", todo="Name a file, or pipe it on")
    files.write(files.STANDARD, content)


def cells(text: str) -> int:
    """How many columns of a terminal this takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def width() -> int:
    """Columns of the terminal."""
    return screen().width


def cut(text: str, columns: int) -> str:
    """As much of the text as these columns hold, with a sign where it goes on."""
    if cells(text) <= columns:
        return text
    from rich.cells import set_cell_size

    return set_cell_size(text, columns - 1).rstrip() + "…"


def split(text: str, columns: int) -> tuple[str, str]:
    """As many characters as these columns hold, at least one, and the rest."""
    taken = used = 0
    for character in text:
        used += cells(character)
        if taken and used > columns:
            break
        taken += 1
    return text[:taken], text[taken:]


def bars(rows: Iterable[tuple[str, int, str]], *, longest: int, name_cells: int) -> None:
    """Draw a bar for each row on standard output: a name, a length, and what to write after it."""
    from rich.bar import Bar as Block
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(max_width=name_cells, no_wrap=True, overflow="ellipsis")
    grid.add_column(ratio=1)
    grid.add_column(justify="right", no_wrap=True)
    has_blocks = screen().encoding.lower().startswith("utf")
    rows = list(rows)
    beside = max((min(name_cells, cells(name)) + cells(figures) for name, _, figures in rows), default=0)
    room = max(1, width() - beside - 3)
    for name, length, figures in rows:
        length = min(length, longest)
        drawn = Block(longest, 0, length) if has_blocks else Text("#" * round(room * length / longest))
        grid.add_row(Text(name, "cue"), drawn, Text(figures))
    screen().print(grid, soft_wrap=False)


def say(message: str, style: str | None = "talk", *, wrapped: bool = False) -> None:
    """One line of talk; on a terminal it may be wrapped between words, if nobody will copy it as a command."""
    message = printable(message)
    if wrapped and watched():
        message = textwrap.fill(message, max(20, talk().width - 1), break_long_words=False, break_on_hyphens=False)
    _line(message, style)


def say_all(pieces: Iterable[Piece]) -> None:
    """Several lines of talk, piece by piece."""
    for text, style in pieces:
        _line(text, style, end="")


def warn(message: str) -> None:
    """One line about something that was set right or guessed."""
    _line("warning: ", "warning", end="")
    _line(printable(message))


def fail(message: str) -> None:
    """One line about why nothing more is done."""
    _line("error: ", "error", end="")
    _line(printable(message))


def _line(text: str, style: str | None = None, end: str = "\n") -> None:
    # Who closed standard error wants no talk.
    with contextlib.suppress(OSError, ValueError):
        if watched():
            talk().out(text, style=style, end=end, highlight=False)
        else:
            sys.stderr.write(text + end)
            sys.stderr.flush()


def printable(message: str) -> str:
    """One line without control characters: a file's name may hold any."""
    if message.isprintable():
        return message
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "replace").decode("ascii") for c in message)


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """Show each warning of a reader or writer as one line; every other warning as Python does."""
    with warnings.catch_warnings():
        usual = warnings.showwarning

        def show(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            if issubclass(category, (ReadWarning, WriteWarning)):
                warn(str(message))
            else:
                usual(message, category, filename, lineno, file, line)

        warnings.simplefilter("always", ReadWarning)
        warnings.simplefilter("always", WriteWarning)
        warnings.showwarning = show
        yield


@contextlib.contextmanager
def waiting(message: str) -> Iterator[None]:
    """Say what is going on, until it is over; nothing where nobody looks, or where a pager may have the terminal."""
    if not (watched() and shows_pages()) or talk().is_dumb_terminal:
        yield
        return
    with talk().status(message, spinner_style="talk"):
        yield


class Bar:
    """How far something long has come: a bar at the foot of the terminal; what is told meanwhile goes above it."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, Progress, TextColumn

        columns = BarColumn(bar_width=None, complete_style="good"), TextColumn("{task.description}", markup=False)
        self._progress = Progress(*columns, console=talk(), expand=True)
        self._task = self._progress.add_task("starting", total=1.0)

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, fraction: float, figures: str) -> None:
        """Move on; the figures stand at the right."""
        self._progress.update(self._task, completed=fraction, description=figures)

    def above(self, pieces: Iterable[Piece]) -> None:
        """Put pieces of text, each with a style, above the bar."""
        from rich.text import Text

        text = Text()
        for piece, style in pieces:
            text.append(piece, style)
        text.rstrip()
        self._progress.console.print(text)


def open_output() -> None:
    """See to it that both streams are there, and that no character stops them."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - for the whole run
        elif isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="replace")


def close_output() -> None:
    """Send what is left to standard output, and let nothing more fail there.

    Raises:
        BrokenPipeError: Nobody reads.
        WriteError: It can't be written.
    """
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()
        raise
    except OSError as error:
        _silence()
        raise WriteError(f"this can't be written ({error.strerror})", source="<stdout>") from error


def _silence() -> None:
    # Python flushes once more as it ends, and would complain again.
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
