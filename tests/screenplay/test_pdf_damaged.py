from __future__ import annotations

import contextlib
import io
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_drawing import BODY, drawn
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from screenplay.elements import Action, SceneHeading, Screenplay
from screenplay.errors import ReadError, WriteError
from screenplay.readers.pdf import read
from screenplay.writers.pdf import render

SOUND = render(Screenplay(elements=BODY))


def picture_pages(canvas: Canvas) -> None:
    picture = ImageReader(Image.new("L", (20, 30), 200))
    for _ in range(3):
        canvas.drawImage(picture, 0, 0, 612, 792)
        canvas.showPage()


def test_a_scan_is_refused_and_said_to_be_one() -> None:
    with pytest.raises(ReadError, match=r"x\.pdf: the pages of this PDF are pictures.*ocrmypdf"):
        read(drawn(picture_pages), source="x.pdf")


def test_a_pdf_without_text_is_refused() -> None:
    with pytest.raises(ReadError, match="no text"):
        read(drawn(lambda canvas: canvas.showPage()))


def test_a_locked_pdf_is_refused() -> None:
    data = io.BytesIO()
    canvas = Canvas(data, encrypt="secret")
    canvas.drawString(100, 700, "INT. BAR")
    canvas.save()
    with pytest.raises(ReadError, match="locked with a password"):
        read(data.getvalue())


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.4", b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\ntrailer<</Root 1 0 R>>"]
)
def test_a_damaged_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"damaged|pages|no text"):
        read(data)


def page_tree(kids: str, count: int) -> bytes:
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {count}>>"]
    body = "".join(f"{number} 0 obj{text}endobj\n" for number, text in enumerate(objects, start=1))
    return f"%PDF-1.4\n{body}trailer<</Root 1 0 R/Size 3>>\n%%EOF".encode()


@pytest.mark.parametrize(
    "data", [page_tree("2 0 R", 3), page_tree("", 2_000_000_000), page_tree("2 0 R " * 1000, 1000)]
)
@pytest.mark.filterwarnings("ignore::screenplay.errors.ReadWarning")
def test_a_page_tree_that_loops_or_lies_is_refused_soon(data: bytes) -> None:
    started = time.perf_counter()
    with pytest.raises(ReadError):
        read(data)
    assert time.perf_counter() - started < 20


@settings(max_examples=60)
@given(st.data())
@pytest.mark.filterwarnings("ignore::screenplay.errors.ReadWarning")
def test_damage_anywhere_is_survived(data: st.DataObject) -> None:
    broken = bytearray(SOUND)
    for _ in range(data.draw(st.integers(1, 8))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(broken)) | st.just(len(broken)))
    with contextlib.suppress(ReadError):
        read(bytes(broken[:cut]))


def test_time_grows_with_the_length_and_no_faster() -> None:
    def seconds(count: int) -> float:
        data = render(Screenplay(elements=(SceneHeading(text="INT. BAR"), Action(text="Word. " * 60)) * count))
        started = time.process_time()
        read(data)
        return time.process_time() - started

    seconds(5)
    assert seconds(200) < 40 * max(seconds(20), 0.05)


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    monkeypatch.setitem(sys.modules, "reportlab.pdfgen.canvas", None)
    with pytest.raises(ReadError, match=r"needs pypdfium2.*lebowski-gen\[pdf\]"):
        read(SOUND)
    with pytest.raises(WriteError, match=r"needs reportlab.*lebowski-gen\[pdf\]"):
        render(Screenplay(elements=BODY))
