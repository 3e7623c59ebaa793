"""What went wrong while reading or writing, said so that a person can act on it."""

from __future__ import annotations


class LebowskiGenError(Exception):
    """Base of every error this project raises on purpose.

    Printed as `source:line:column: found; expected …. What to do.`
    """

    def __init__(
        self,
        found: str,
        *,
        source: str | None = None,
        line: int | None = None,
        column: int | None = None,
        expected: str | None = None,
        todo: str | None = None,
    ) -> None:
        self.found = found
        """What was there instead of what was needed."""
        self.source = source
        """The file's name, or what stands for it (`<stdin>`)."""
        self.line = line
        """1-based line, where one is known."""
        self.column = column
        """1-based column, where one is known."""
        self.expected = expected
        """What would have been right."""
        self.todo = todo
        """The next thing to type."""
        super().__init__(self._message())

    def _message(self) -> str:
        place = ":".join(str(part) for part in (self.source, self.line, self.column) if part is not None)
        text = f"{place}: {self.found}" if place else self.found
        if self.expected:
            text += f"; expected {self.expected}"
        if self.todo:
            text += f". {self.todo}"
        return text


class ReadError(LebowskiGenError):
    """A file that can't be read as a screenplay."""


class WriteError(LebowskiGenError):
    """A screenplay that can't be written where or how it was asked for."""


class GrammarError(LebowskiGenError):
    """A stream that breaks the grammar; `column` counts its symbols from 1."""


class ReadWarning(UserWarning):
    """Something a reader had to guess or set right; its text names file and line."""

    def __init__(self, message: str, *, source: str | None = None, line: int | None = None) -> None:
        self.source = source
        self.line = line
        place = ":".join(str(part) for part in (source, line) if part is not None)
        super().__init__(f"{place}: {message}" if place else message)


class WriteWarning(UserWarning):
    """Something that a writer could not show as it stands in the screenplay."""
