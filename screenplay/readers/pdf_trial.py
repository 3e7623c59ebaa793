"""Tries out a PDF in a process of its own, so that one made to hang, crash or eat memory does it there."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

from screenplay.errors import ReadError

_CHILD = Path(__file__).with_name("pdf_child.py")
_WAIT_S = 3600.0
"""The child measures its own processor time; this is for one that can't."""
_PAGE = re.compile(rb"page (\d+)")


def try_out(data: bytes, *, source: str) -> None:
    """Make sure that PDFium gets through all pages with bounded time and memory, before it does so in this process.

    0.1 s and what the pages take. Nothing is tried where there is no Python to run: in a frozen program.

    Raises:
        ReadError: It does not, or there is more on the pages than is worth reading.
    """
    found = importlib.util.find_spec("pypdfium2_raw")
    if found is None or found.origin is None or not sys.executable or getattr(sys, "frozen", False):
        return
    folder = str(Path(found.origin).parent.parent)
    command = [sys.executable, "-I", "-S", str(_CHILD), folder]
    try:
        said = subprocess.run(command, input=data, capture_output=True, check=False, timeout=_WAIT_S).stdout
    except subprocess.TimeoutExpired as error:
        raise _refused("it never ends", b"", source) from error
    except OSError:  # no process can be started: a sandbox, or no memory left for one
        return
    last = said.rstrip().rpartition(b"\n")[2]
    if last == b"done":
        return
    if last.startswith(b"more"):
        raise _refused(f"it holds {last.decode('ascii', 'replace')}", said, source)
    raise _refused("reading it takes too much memory, or fails", said, source)


def _refused(what: str, said: bytes, source: str) -> ReadError:
    pages = _PAGE.findall(said)
    place = f" (on page {int(pages[-1])})" if pages else ""
    return ReadError(f"this PDF is damaged or made to do harm: {what}{place}", source=source, todo="Export it again")
