import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from model import storage
from model.storage import read_file, replace_files

OLD = {"a": b"old a", "b": b"old b", "part/c": b"old c"}
NEW = {"a": b"new a", "b": b"new b", "part/c": b"new c"}


def stored(directory: Path) -> dict[str, bytes]:
    return {name: read_file(directory, name) for name in OLD}


def test_files_are_written_and_replaced(tmp_path: Path) -> None:
    replace_files(tmp_path / "deep" / "down", OLD)
    assert stored(tmp_path / "deep" / "down") == OLD
    replace_files(tmp_path / "deep" / "down", {"b": b"new b"})
    assert stored(tmp_path / "deep" / "down") == OLD | {"b": b"new b"}
    assert sorted(p.name for p in (tmp_path / "deep" / "down").iterdir()) == ["a", "b", "part"]


class Cut(BaseException):
    """The moment at which a process dies."""


def dying(function: Callable[..., Any], left: list[int]) -> Callable[..., Any]:
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if left[0] == 0:
            raise Cut
        left[0] -= 1
        return function(*args, **kwargs)

    return wrapped


def test_after_a_death_at_any_moment_there_are_the_old_files_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = []
    for call in range(100):
        folder, left = tmp_path / str(call), [call]
        replace_files(folder, OLD)
        with monkeypatch.context() as patch:
            for name in ("rename", "replace", "open", "mkdir"):
                patch.setattr(Path, name, dying(getattr(Path, name), left))
            patch.setattr(storage.os, "fsync", dying(os.fsync, left))
            # A dead process tidies nothing up.
            patch.setattr(storage.shutil, "rmtree", dying(lambda *_, **__: None, left))
            with contextlib.suppress(Cut):
                replace_files(folder, NEW)
        found = stored(folder)
        assert found in (OLD, NEW)
        outcomes.append(found == NEW)
        replace_files(folder, {"a": b"newer a"})
        assert stored(folder) == found | {"a": b"newer a"}
        assert sorted(p.name for p in folder.iterdir()) == ["a", "b", "part"]
        if left[0]:
            break
    assert left[0] > 0
    assert not outcomes[0]
    assert outcomes[-1]
    assert outcomes == sorted(outcomes)


def test_a_full_disk_leaves_the_old_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace_files(tmp_path, OLD)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(storage.os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            replace_files(tmp_path, NEW)
    assert stored(tmp_path) == OLD
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b", "part"]


def test_a_missing_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_file(tmp_path, "a")
