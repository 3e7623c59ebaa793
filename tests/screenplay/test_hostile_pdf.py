from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import hostile_pdf
import pypdfium2_raw
import pytest
from hostile_reading import NAME, outcome_of

from screenplay.errors import ReadError
from screenplay.readers import pdf, pdf_trial

_ENDLESS = [kind for kind in hostile_pdf.PDF if kind.startswith("forms that draw")]


@pytest.mark.parametrize("kind", [kind for kind in hostile_pdf.PDF if kind not in _ENDLESS])
def test_a_pdf_that_means_harm_is_read_or_refused_by_name(kind: str) -> None:
    assert outcome_of("pdf", hostile_pdf.PDF[kind](2_000)) in ("read", "refused")


@pytest.mark.slow
@pytest.mark.parametrize("kind", _ENDLESS)
def test_drawings_that_hold_each_other_without_end_do_no_harm_here(kind: str) -> None:
    with pytest.raises(ReadError, match=r"film\.file: this PDF is damaged or made to do harm.*on page 1"):
        pdf.read(hostile_pdf.PDF[kind](1_000), source=NAME)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (b"page 1\npage 2\n", r"takes too much memory, or fails \(on page 2\)"),
        (b"", r"takes too much memory, or fails\."),
        (b"page 7\nmore than 5 letters\n", r"it holds more than 5 letters \(on page 7\)"),
    ],
)
def test_what_ended_a_trial_is_told(monkeypatch: pytest.MonkeyPatch, said: bytes, message: str) -> None:
    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(command, -6, said, b"")

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(ReadError, match=message):
        pdf_trial.try_out(b"%PDF-1.7", source="film.pdf")


def test_a_trial_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        raise subprocess.TimeoutExpired(command, options["timeout"])

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(ReadError, match="never ends"):
        pdf_trial.try_out(b"%PDF-1.7", source="film.pdf")


def test_where_no_process_can_be_started_a_pdf_is_read_without_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        raise PermissionError

    monkeypatch.setattr(subprocess, "run", run)
    assert pdf.read(hostile_pdf.single(hostile_pdf.SCENE)).scenes


def test_the_trial_counts_letters_and_pages() -> None:
    child = Path(pdf_trial.__file__).with_name("pdf_child.py")
    data = hostile_pdf.PDF["pages"](2_000)
    folder = str(Path(pypdfium2_raw.__file__).parent.parent)
    script = (
        f"import runpy; main = runpy.run_path({str(child)!r})['main']; main.__globals__['MOST_LETTERS'] = 100; main()"
    )
    command = [sys.executable, "-I", "-S", "-c", script, folder]
    done = subprocess.run(command, input=data, capture_output=True, check=True)
    assert done.stdout.split(b"\n") == [b"page 1", b"page 2", b"more than 100 letters", b""]
