"""What is compiled, with and without a place to keep it."""

from __future__ import annotations

import errno
from pathlib import Path
from types import ModuleType
from unittest import mock

import numpy as np
import pytest

from model import compiling, finding
from model.compiling import compiled, for_types_of


def double(values: np.ndarray) -> np.ndarray:
    return 2 * values


def test_it_computes_what_python_does() -> None:
    np.testing.assert_array_equal(compiled(double)(np.arange(3)), [0, 2, 4])


def test_where_nothing_can_be_kept_it_is_compiled_all_the_same() -> None:
    nowhere = ModuleType("nowhere")
    exec("def triple(value):\n    return 3 * value\n", nowhere.__dict__)
    function = compiled(nowhere.triple)
    assert function(2) == 6
    assert function.stats.cache_path is None


def test_a_full_disk_keeps_nothing_and_breaks_nothing(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numba.core.config.CACHE_DIR", str(tmp_path))
    full = mock.Mock(side_effect=OSError(errno.ENOSPC, "no space left on device"))
    with mock.patch("numba.core.caching.IndexDataCacheFile.save", full):
        assert compiled(double)(np.arange(2.0)).tolist() == [0, 2]
    full.assert_called_once()


def test_what_is_kept_is_compiled_anew_where_anything_it_may_call_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("numba.core.config.CACHE_DIR", str(tmp_path))

    def hits() -> int:
        function = compiled(double)
        function(np.arange(2.0))
        return sum(function.stats.cache_hits.values())

    assert hits() == 0
    assert hits() == 1
    monkeypatch.setattr(compiling, "_stamp", lambda: (1, 1))
    assert hits() == 0
    assert hits() == 1


def test_types_that_are_known_are_not_looked_at_again() -> None:
    function = compiled(double)
    found = for_types_of(function, np.arange(2.0))
    with mock.patch.object(type(function), "typeof_pyval") as asked:
        assert found(np.arange(3.0)).tolist() == [0, 2, 4]
    asked.assert_not_called()


def test_what_is_no_id_is_refused() -> None:
    with pytest.raises(ValueError, match="no id"):
        finding.counted_before(np.array([0, 5], np.uint8), 4, 256)
