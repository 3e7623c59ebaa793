"""Compiles what runs at every symbol and is loops over numbers: Python takes fifty times as long for them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


@cache
def _stamp() -> tuple[int, int]:
    """Another wherever a module of this package changes: when that was last, and their bytes."""
    modules = [path.stat() for path in Path(__file__).parent.glob("*.py")]
    return max(each.st_mtime_ns for each in modules), sum(each.st_size for each in modules)


def compiled(function: Function) -> Function:
    """Compile a function at its first call for the types that it is called with.

    What was compiled is kept beside the module, or where the user's caches lie, and is loaded from there by the next
    process; where there is no room for it, each process compiles anew. A division by 0 gives what NumPy gives, and no
    index is checked. Other threads go on meanwhile.
    """
    # Nobody calls by C's rules; what would let them takes a tenth of the time to compile.
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
    try:
        found: Any = njit(cache=True, **options)(function)
    except RuntimeError:
        # Numba says so where it finds no folder that it may write to.
        return cast(Function, njit(**options)(function))
    keep = found._cache.save_overload

    def keep_if_there_is_room(*what: object) -> None:
        with contextlib.suppress(OSError):
            keep(*what)

    found._cache.save_overload = keep_if_there_is_room
    with contextlib.suppress(AttributeError):
        # Numba looks at a function's own file alone; but what it calls is part of what is kept.
        found._cache._cache_file._source_stamp = _stamp()
    return cast(Function, found)


def for_types_of(function: Function, *arguments: object) -> Function:
    """What a compiled function is for arguments of these types. It may be called with no others: nobody looks.

    With many arguments, and tuples of them, finding out their types takes five times as long as the call.
    """
    dispatcher: Any = function
    found: Function = dispatcher.compile(tuple(map(dispatcher.typeof_pyval, arguments)))
    return found
