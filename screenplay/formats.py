"""The formats that can be read and written: one table, a row each."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath

from screenplay import files, signatures
from screenplay.elements import Screenplay
from screenplay.errors import ReadError, ReadWarning, WriteError
from screenplay.readers import Reading
from screenplay.readers.detect import detect


@dataclass(frozen=True, slots=True)
class Format:
    """One way to keep a screenplay in a file."""

    name: str
    suffixes: tuple[str, ...]
    """The first is the usual one."""
    scan: Callable[..., Reading] | None
    """Takes `(text, *, source)`, or bytes where there is a signature; None: can be written only."""
    render: Callable[..., str | bytes] | None
    """None: can be read only."""
    signature: re.Pattern[bytes] | None = None
    """How its files begin, whatever they are called. The reader takes such a file as bytes."""
    options: tuple[str, ...] = ()
    """What `render` takes besides the screenplay, by keyword."""
    sign: re.Pattern[bytes] | None = None
    """What its files hold somewhere: text without it only bears the suffix."""


def _reader(format: str) -> Callable[..., Reading]:
    """The `scan` of a module of `screenplay.readers`, which is loaded when something is read: all of them take .2 s."""

    def scan(data: str | bytes, *, source: str = "<text>") -> Reading:
        found: Reading = import_module(f"screenplay.readers.{format}").scan(data, source=source)
        return found

    return scan


def _writer(format: str) -> Callable[..., str | bytes]:
    """The `render` of a module of `screenplay.writers`, loaded when something is written."""

    def render(screenplay: Screenplay, **options: object) -> str | bytes:
        found: str | bytes = import_module(f"screenplay.writers.{format}").render(screenplay, **options)
        return found

    return render


_TAG = re.compile(rb"<\x00?[A-Za-z!?]")

TABLE: tuple[Format, ...] = (
    Format("fountain", (".fountain", ".spmd"), _reader("fountain"), _writer("fountain")),
    Format("text", (".txt", ".text"), _reader("layout"), _writer("layout")),
    Format("json", (".json",), _reader("json"), _writer("json")),
    Format("fdx", (".fdx",), _reader("fdx"), _writer("fdx"), signatures.FDX, ("scene_numbers",), _TAG),
    Format("html", (".html", ".htm", ".xhtml"), _reader("html"), _writer("html"), signatures.HTML, sign=_TAG),
    Format(
        "pdf",
        (".pdf",),
        _reader("pdf"),
        _writer("pdf"),
        signatures.PDF,
        ("scene_numbers", "continueds", "font"),
        re.compile(rb"%PDF-|[\x00-\x08]"),
    ),
)
"""Every format. A new one is a row here, and its two modules."""


@dataclass(frozen=True, slots=True)
class Source:
    """A screenplay's file, not yet taken apart."""

    data: str | bytes
    """Text, or bytes where the format has a signature."""
    name: str
    """What messages call it: the file's name, `<stdin>` or `<text>`."""
    format: Format

    def scan(self) -> Reading:
        """Read the screenplay, and what each line was taken for.

        Raises:
            ReadError: It isn't in this format. Fountain and laid-out text are never refused.
        """
        assert self.format.scan is not None
        return self.format.scan(self.data, source=self.name)


def open_source(path: str | os.PathLike[str], format: str | None = None) -> Source:
    """A file (`-` is standard input) in the format named, else in the one its beginning, suffix and content show.

    Raises:
        ReadError: The file can't be read, or is in a format that can't.
    """
    return _source(files.read_bytes(path), files.name_of(path), format)


def open_text(text: str, format: str | None = None, *, name: str = "<text>") -> Source:
    """Text at hand in the format named, else in the one it shows.

    Raises:
        ReadError: It is in a format that can't be read.
    """
    return _source(text, name, format)


def _source(data: str | bytes, name: str, format: str | None) -> Source:
    row = _signed(data, name) if format is None else _readable(format, name)
    if row is None or row.signature is None:
        text = data if isinstance(data, str) else files.decode(data, source=name)
        row = row or _readable(detect(text, source=name), name)
        if row.signature is None:
            return Source(text, name, row)
    return Source(data.encode(errors="replace") if isinstance(data, str) else data, name, row)


def _signed(data: str | bytes, name: str) -> Format | None:
    """The format with a signature that a file is in: by how it begins, else by its suffix."""
    start = data[:1000].encode(errors="replace") if isinstance(data, str) else data[:1000]
    rows = [row for row in TABLE if row.scan and row.signature]
    suffix = PurePath(name).suffix.lower()
    begins = next((row for row in rows if row.signature and row.signature.match(start)), None)
    named = next((row for row in rows if suffix in row.suffixes), None)
    if begins or named is None:
        return begins
    if named.sign is None or named.sign.search(data if isinstance(data, bytes) else data.encode(errors="replace")):
        return named
    if data.strip():
        message = f"the suffix is {suffix}, but this is no {named.name.upper()}; read as what it looks like"
        warnings.warn(ReadWarning(message, source=name), stacklevel=4)
    return None


def _readable(format: str, name: str) -> Format:
    found = next((row for row in TABLE if row.name == format and row.scan), None)
    if found is None:
        raise ReadError(f"there is no format {format!r} to read", source=name, expected=_one_of(readable()))
    return found


def format_for(path: str | os.PathLike[str], format: str | None = None) -> Format:
    """The format to write a file in: the one named, else the one that the suffix promises.

    Raises:
        WriteError: Neither says which, or it can only be read.
    """
    name = os.fspath(path)
    rows = [row for row in TABLE if row.render]
    if format is not None:
        found = next((row for row in rows if row.name == format), None)
        if found is None:
            raise WriteError(f"there is no format {format!r} to write", source=name, expected=_one_of(writable()))
        return found
    if name == files.STANDARD:
        raise WriteError("standard output has no suffix that names a format", expected=_one_of(writable()))
    suffix = PurePath(name).suffix.lower()
    found = next((row for row in rows if suffix in row.suffixes), None)
    if found is None:
        what = f"the suffix {suffix} names no format" if suffix else "there is no suffix that names a format"
        known = tuple(suffix for row in rows for suffix in row.suffixes)
        raise WriteError(f"{what} to write", source=name, expected=_one_of(known))
    return found


def render(screenplay: Screenplay, format: Format, **options: object) -> str | bytes:
    """What a file in this format holds. Options that are None stay as the format has them.

    Raises:
        WriteError: The format has no such option, or the screenplay can't be written so.
    """
    assert format.render is not None
    chosen = {name: value for name, value in options.items() if value is not None}
    for name in chosen.keys() - set(format.options):
        others = tuple(row.name for row in TABLE if name in row.options)
        raise WriteError(f"{format.name} has no option {name!r}", expected=_one_of(others))
    return format.render(screenplay, **chosen)


def readable() -> tuple[str, ...]:
    """Names of the formats that can be read."""
    return tuple(row.name for row in TABLE if row.scan)


def writable() -> tuple[str, ...]:
    """Names of the formats that can be written."""
    return tuple(row.name for row in TABLE if row.render)


def _one_of(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else "".join(names)
