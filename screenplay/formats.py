"""The formats that can be read and written, each with its name, suffix, reader and writer."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from screenplay import files
from screenplay.elements import Screenplay
from screenplay.errors import ReadError, WriteError
from screenplay.readers import Reading, fountain, layout
from screenplay.readers import json as json_reader
from screenplay.readers.detect import SUFFIXES, detect
from screenplay.writers import fountain as fountain_writer
from screenplay.writers import json as json_writer
from screenplay.writers import layout as layout_writer

_SCAN: dict[str, Callable[..., Reading]] = {
    "fountain": fountain.scan,
    "text": layout.scan,
    "json": json_reader.scan,
}
_RENDER: dict[str, Callable[[Screenplay], str]] = {
    "fountain": fountain_writer.render,
    "text": layout_writer.render,
    "json": json_writer.render,
}
NAMES: tuple[str, ...] = tuple(_SCAN)
"""What a format may be called."""


@dataclass(frozen=True, slots=True)
class Source:
    """A screenplay's text, not yet taken apart."""

    text: str
    name: str
    """What messages call it: the file's name, `<stdin>` or `<text>`."""
    format: str

    def scan(self) -> Reading:
        """Read the screenplay, and what each line was taken for."""
        return _SCAN[self.format](self.text, source=self.name)


def open_source(path: str | os.PathLike[str], format: str | None = None) -> Source:
    """A file's text (`-` is standard input) in the format named, else in the one its suffix and content show.

    Raises:
        ReadError: The file can't be read, or is in a format that can't.
    """
    if format is not None and format not in _SCAN:
        raise ReadError(f"there is no format {format!r}", source=files.name_of(path), expected=_one_of(NAMES))
    text, name = files.read_text(path), files.name_of(path)
    return Source(text, name, format or detect(text, source=name))


def open_text(text: str, format: str | None = None, *, name: str = "<text>") -> Source:
    """Text at hand in the format named, else in the one it shows.

    Raises:
        ReadError: There is no such format.
    """
    if format is not None and format not in _SCAN:
        raise ReadError(f"there is no format {format!r}", source=name, expected=_one_of(NAMES))
    return Source(text, name, format or detect(text, source=name))


def format_for(path: str | os.PathLike[str], format: str | None = None) -> str:
    """The format to write a file in: the one named, else the one that the suffix promises.

    Raises:
        WriteError: Neither says which.
    """
    name = os.fspath(path)
    if format is None:
        format = SUFFIXES.get(PurePath(name).suffix.lower())
        if format is None:
            raise WriteError("its suffix names no format", source=name, expected=_one_of(tuple(SUFFIXES)))
    if format not in _RENDER:
        raise WriteError(f"there is no format {format!r}", source=name, expected=_one_of(NAMES))
    return format


def render(screenplay: Screenplay, format: str) -> str:
    """The text of a file in this format, one of `NAMES`."""
    return _RENDER[format](screenplay)


def _one_of(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"
