"""Replace several files of a folder together: after a crash there are either the old ones or the new ones.

New files are written and flushed under `.staging-*`; renaming that folder to `.pending` is the
one moment at which they become true; then they move over the old ones. Whoever finds a `.pending`
folder takes the files from there first, and the next writer moves the rest.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

_PENDING = ".pending"
_STAGING = ".staging-"


def read_file(directory: Path, name: str) -> bytes:
    """The newest complete version of a file. Raises OSError; changes nothing on disk."""
    try:
        return (directory / _PENDING / name).read_bytes()
    except FileNotFoundError:
        return (directory / name).read_bytes()


def exists(directory: Path, name: str) -> bool:
    """Whether `read_file` would find this."""
    return (directory / _PENDING / name).is_file() or (directory / name).is_file()


def remove_folder(directory: Path, name: str) -> None:
    """Take a folder away, all of it at one moment. Raises OSError."""
    _settle(directory)
    if (directory / name).is_dir():
        stage = Path(tempfile.mkdtemp(prefix=_STAGING, dir=directory))
        (directory / name).rename(stage / name)
        _flush_folder(directory)
        shutil.rmtree(stage)


def replace_files(directory: Path, files: Mapping[str, bytes]) -> None:
    """Write all files (names may have `/`) or none of them.

    Raises:
        OSError: The disk is full, say. What was there before is still there, whole.
    """
    directory.mkdir(parents=True, exist_ok=True)
    _settle(directory)
    for leftover in directory.glob(_STAGING + "*"):
        shutil.rmtree(leftover)
    stage = Path(tempfile.mkdtemp(prefix=_STAGING, dir=directory))
    try:
        for name, content in files.items():
            _write(stage / name, content)
        for folder in {(stage / name).parent for name in files} | {stage}:
            _flush_folder(folder)
        stage.rename(directory / _PENDING)
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        raise
    _flush_folder(directory)
    _settle(directory)


def _settle(directory: Path) -> None:
    """Move what `.pending` still holds to its place."""
    pending = directory / _PENDING
    if not pending.is_dir():
        return
    touched = {directory}
    for path in sorted(p for p in pending.rglob("*") if p.is_file()):
        target = directory / path.relative_to(pending)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
        touched.add(target.parent)
    for folder in touched:
        _flush_folder(folder)
    shutil.rmtree(pending)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    # A rename is on the disk only when its folder is. Windows can't open folders, and doesn't need it.
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
