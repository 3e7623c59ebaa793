"""Memory that tensors leave stays with the process."""

from __future__ import annotations

import ctypes
import sys

_KEPT = ((-4, 0), (-8, 1), (-1, (1 << 31) - 1), (-2, 1 << 26))
"""Of `mallopt`: no block mapped by itself, one arena for all threads, as a thread's own can't hold large blocks,
nothing given back, and 64 MB asked for at once."""


def keep_freed_memory() -> None:
    """Let no freed memory go back to the system, for the rest of the process; without the GNU C library, do nothing.

    A step of training takes and leaves blocks of up to 100 MB. By default each is mapped anew, and the system clears it
    page by page when it is first written to: up to a fifth of the step's time. The process stays as large as it once
    was, and is a little larger.
    Source: the GNU C library's manual, Malloc Tunable Parameters.
    """
    if sys.platform.startswith("linux"):
        library = ctypes.CDLL(None)
        if hasattr(library, "gnu_get_libc_version"):
            for parameter, value in _KEPT:
                library.mallopt(parameter, value)
