"""Files as bytes: told what they are, decoded, and written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import tempfile
import warnings
from pathlib import Path
from typing import BinaryIO

from screenplay.encodings import decode_single
from screenplay.errors import ReadError, ReadWarning, WriteError

STANDARD = "-"
"""Stands for standard input where a file is read, for standard output where one is written."""

_BOMS = (
    # The longer marks first: UTF-32 little-endian begins as UTF-16 little-endian does.
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_MAGIC = (
    (b"%PDF-", "a PDF file", "Export it as Fountain or plain text"),
    (
        b"PK\x03\x04",
        "a ZIP archive (Word, OpenDocument, Highland, Fade In and Celtx files are such)",
        "Export it as Fountain or plain text",
    ),
    (b"{\\rtf", "a rich text (RTF) file", "Save it as plain text"),
    (b"\xd0\xcf\x11\xe0", "an old Word document", "Save it as plain text"),
    (b"\x89PNG", "a picture", "Name the screenplay's own file"),
    (b"\xff\xd8\xff", "a picture", "Name the screenplay's own file"),
    (b"GIF8", "a picture", "Name the screenplay's own file"),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first"),
)
_CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\x0b\x0c\r\x1a\x1b")) + b"\x7f"
_SAMPLE_BYTES = 65_536
_CONTROL_SHARE = 0.02
"""More control bytes than this is no text: packed data has 10 %, text with a stray NUL far below 1 %."""


def name_of(path: str | os.PathLike[str]) -> str:
    """How messages name this file."""
    text = os.fspath(path)
    return "<stdin>" if text == STANDARD else text


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Everything a file (or `-`, standard input) holds.

    Raises:
        ReadError: It can't be opened.
    """
    source = name_of(path)
    try:
        if os.fspath(path) != STANDARD:
            return Path(path).read_bytes()
        if sys.stdin is None:
            raise ReadError("standard input is closed", source=source)
        return sys.stdin.buffer.read()
    except FileNotFoundError:
        raise ReadError("there is no such file", source=source, todo=_in_its_folder(Path(path))) from None
    except IsADirectoryError:
        raise ReadError("this is a folder", source=source, expected="a screenplay's file") from None
    except PermissionError:
        if Path(path).is_dir():  # what Windows says of a folder
            raise ReadError("this is a folder", source=source, expected="a screenplay's file") from None
        raise ReadError("you may not read this file", source=source, todo="Ask its owner, or copy it") from None
    except (OSError, ValueError) as error:
        raise ReadError(f"the file can't be read ({_reason(error)})", source=source) from error


def _in_its_folder(path: Path) -> str:
    if not path.parent.is_dir():
        return f"The folder {path.parent} does not exist either"
    with contextlib.suppress(OSError):
        wanted = path.stem.casefold()
        near = sorted(p.name for p in path.parent.iterdir() if p.stem.casefold() == wanted and p.is_file())
        if near:
            return f"Did you mean {path.parent / near[0]}?"
    return "Check the name"


def _reason(error: OSError | ValueError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def decode(data: bytes, *, source: str) -> str:
    """Bytes as text: by the mark at their start, else UTF-8, else a guess that a ReadWarning names.

    Line breaks stay as they are.

    Raises:
        ReadError: These are no text, or nothing but white space.
    """
    text = _decode(data, source)
    if not text.strip():
        raise ReadError("the file is empty", source=source, expected="a screenplay")
    return text


def _decode(data: bytes, source: str) -> str:
    for magic, what, todo in _MAGIC:
        if data.startswith(magic):
            raise ReadError(f"this is {what}", source=source, expected="text", todo=todo)
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None) or _bare_utf_16(data)
    if encoding is not None:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            warnings.warn(
                ReadWarning(f"byte {error.start} breaks {encoding}; such places now read \ufffd", source=source),
                stacklevel=3,
            )
            return data.decode(encoding, errors="replace")
    sample = data[:_SAMPLE_BYTES]
    if len(sample) - len(sample.translate(None, _CONTROL_BYTES)) > _CONTROL_SHARE * len(sample):
        raise ReadError("this is binary data", source=source, expected="text", todo="Export the screenplay as Fountain")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        text, name = decode_single(data)
        message = f"not UTF-8; read as {name}. Save it as UTF-8 if letters look wrong"
        warnings.warn(ReadWarning(message, source=source, line=line), stacklevel=3)
        return text


def _bare_utf_16(data: bytes) -> str | None:
    """UTF-16 without its mark: in Western text every other byte is a NUL."""
    sample = data[: _SAMPLE_BYTES & ~1]
    if len(sample) < 4:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.6 * len(sample[1::2]) and even < 0.02 * len(sample[0::2]):
        return "utf-16-le"
    if even > 0.6 * len(sample[0::2]) and odd < 0.02 * len(sample[1::2]):
        return "utf-16-be"
    return None


def lines_of(text: str) -> list[str]:
    """The lines that an editor numbers: broken by LF, CR or both; a break at the end opens no further line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def check_writable(path: str | os.PathLike[str]) -> None:
    """Raise now what `write` would raise later, so that no long work is done in vain.

    Raises:
        WriteError: The folder is missing, or the path can't become a file.
    """
    if os.fspath(path) == STANDARD:
        return
    target = Path(path)
    try:
        if target.is_dir():
            raise WriteError("this is a folder", source=str(path), expected="a file's name")
        if target.exists() and not os.access(target, os.W_OK):
            raise WriteError("this file is write-protected", source=str(path), todo="Choose another name")
        folder = target.resolve().parent
        if not folder.is_dir():
            raise WriteError("its folder does not exist", source=str(path), todo=f"Make it first: mkdir -p {folder}")
        if _is_plain(target) and not os.access(folder, os.W_OK):
            raise WriteError(f"you may not write into {folder}", source=str(path), todo="Choose another folder")
    except (OSError, ValueError) as error:  # a NUL in the name, a loop of links, a name too long
        raise WriteError(f"this can't be a file ({_reason(error)})", source=str(path)) from error


def _is_plain(target: Path) -> bool:
    return not target.exists() or target.is_file()


def write(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Put text (UTF-8, LF) or bytes under this name, whole or not at all; `-` is standard output.

    A crash, a full disk or Ctrl-C leaves what stood there before. Links are followed; what is no
    plain file (`/dev/stdout`, a pipe) is written straight through.

    Raises:
        WriteError: It can't be written.
    """
    # A lone surrogate is no character.
    data = content.encode("utf-8", errors="replace") if isinstance(content, str) else content
    standard = os.fspath(path) == STANDARD
    if not standard:
        check_writable(path)
    target = Path(path).resolve()
    try:
        if standard:
            sys.stdout.flush()
            _write_whole(sys.stdout.buffer, data)
        elif _is_plain(target):
            _replace(target, data)
        else:
            with target.open("wb") as device:
                device.write(data)
    except BrokenPipeError:
        raise  # who reads has enough, which is no failure to write
    except OSError as error:
        source = "<stdout>" if standard else str(path)
        todo = "Make room and try again" if error.errno in (errno.ENOSPC, errno.EDQUOT) else None
        raise WriteError(f"this can't be written ({_reason(error)})", source=source, todo=todo) from error


def _replace(target: Path, data: bytes) -> None:
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.", suffix=".tmp")
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 - a handle, not a path
            _write_through(file, data)
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:  # Ctrl-C too: nothing half-written stays behind
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _write_through(file: BinaryIO, data: bytes) -> None:
    file.write(data)
    file.flush()
    os.fsync(file.fileno())


def _write_whole(stream: BinaryIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        # Under PYTHONUNBUFFERED a pipe that is closed halfway takes a part, and only then complains.
        rest = rest[stream.write(rest) :]
    stream.flush()


def _umask() -> int:
    mask = os.umask(0)  # the only way to ask is to set
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where folders can be opened (not on Windows)."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with contextlib.suppress(OSError):  # some network file systems refuse; the file's data is safe by now
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
