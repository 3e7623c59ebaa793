"""Run apart from the program, never imported: has PDFium load each page of a PDF, within limits.

    python -I -S pdf_child.py FOLDER_OF_PYPDFIUM2 < FILE.pdf

Prints `page N` before each page, and `done`; or what there is too much of. What kills it kills nothing else.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import threading
import time

MOST_BYTES = 2 << 30
"""Of memory, where the system has such a limit."""
MOST_PAGES = 10_000
MOST_LETTERS = 10_000_000
"""On all pages: three times the longest novel; read, they take about 1 GB."""
MOST_PAGE_LETTERS = 1_000_000
MOST_DRAWINGS = 5_000_000
_FIRST_S, _PAGE_S, _MEGABYTE_S = 3.0, 0.02, 1.0
"""Processor time that is enough for anything, and as much again for each page and megabyte of the file."""


def main() -> None:
    """Load the PDF on standard input."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.path.append(sys.argv[1])
    pdfium = importlib.import_module("pypdfium2_raw")
    data = sys.stdin.buffer.read()
    limit = _Limit(_FIRST_S + _MEGABYTE_S * len(data) / 1e6)
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    pages = pdfium.FPDF_GetPageCount(document) if document else 0
    if not 0 < pages <= MOST_PAGES:
        _say("done")  # the reader finds out what is wrong
        return
    limit.seconds += _PAGE_S * pages
    letters = drawings = 0
    for number in range(pages):
        _say(f"page {number + 1}")
        page = pdfium.FPDF_LoadPage(document, number)
        if not page:
            continue
        text = pdfium.FPDFText_LoadPage(page)
        if text:
            here = max(0, pdfium.FPDFText_CountChars(text))
            pdfium.FPDFText_ClosePage(text)
            if here > MOST_PAGE_LETTERS:
                _say(f"more than {MOST_PAGE_LETTERS} letters on one page")
                return
            letters += here
        drawings += max(0, pdfium.FPDFPage_CountObjects(page))
        pdfium.FPDF_ClosePage(page)
        if letters > MOST_LETTERS:
            _say(f"more than {MOST_LETTERS} letters")
            return
        if drawings > MOST_DRAWINGS:
            _say(f"more than {MOST_DRAWINGS} drawings")
            return
    _say("done")


class _Limit:
    """Ends the process once it has had its processor time; PDFium itself can't be interrupted."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while (spent_s := time.process_time()) < self.seconds:
            time.sleep(min(1.0, max(0.05, self.seconds - spent_s)))
        os.write(1, b"more work than its pages can be worth\n")
        os._exit(1)


def _say(what: str) -> None:
    os.write(1, f"{what}\n".encode())


if __name__ == "__main__":
    main()
    os._exit(0)  # nothing is left to clean up
