"""PDFs as other programs make them: what was met in real ones, drawn again as small as it goes."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from screenplay.elements import Action, Character, Dialogue, SceneHeading
from screenplay.errors import ReadError
from screenplay.readers.pdf import read
from screenplay.writers.pdf_fonts import system_fonts

SCENE = [(0, 0, "INT. BAR - DAY"), (0, 2, "He sits."), (20, 4, "BO"), (10, 5, "One more.")]
READ = [SceneHeading(text="INT. BAR - DAY"), Action(text="He sits."), Character(name="BO"), Dialogue(text="One more.")]


def drawn(draw: Callable[[Canvas], None], **options: object) -> bytes:
    """A PDF as another program might draw it."""
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=(612, 792), invariant=1, **options)
    draw(canvas)
    canvas.save()
    return data.getvalue()


def put(canvas: Canvas, rows: Sequence[tuple[float, float, str]], size: float = 12) -> None:
    """Texts at places counted in columns and rows."""
    canvas.setFont("Courier", size)
    for column, row, text in rows:
        canvas.drawString(108 + 7.2 * column, 711 - 12 * row, text)


def test_letters_that_lean_are_italics() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, [*SCENE, (10, 6, "And then:")])
        text = canvas.beginText()
        text.setFont("Helvetica", 12)
        text.setTextTransform(1, 0, 0.21, 1, 108 + 72, 711 - 84)
        text.textOut("what a long, long night")
        canvas.drawText(text)

    speech = read(drawn(draw)).elements[-1]
    assert speech == Dialogue(text="One more.\nAnd then: *what a long, long night*")


def test_the_size_of_letters_may_be_given_as_a_scale() -> None:
    # Final Draft for macOS: the scene number stands one point above its heading.
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.scale(12, 12)
        canvas.setFont("Courier", 1)
        for column, row, text in [(-7, -1 / 12, "12"), (58, -1 / 12, "12"), *SCENE]:
            canvas.drawString((108 + 7.2 * column) / 12, (711 - 12 * row) / 12, text)
        canvas.restoreState()

    assert list(read(drawn(draw)).elements) == [SceneHeading(text="INT. BAR - DAY", number="12"), *READ[1:]]


def test_a_heading_is_one_though_its_number_is_not_underlined_as_it_is() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, [(-7, 0, "3"), *SCENE])
        canvas.line(108, 709, 108 + 14 * 7.2, 709)

    assert read(drawn(draw)).elements[0] == SceneHeading(text="INT. BAR - DAY", number="3")


def test_a_heading_is_one_though_its_full_stop_is_not_underlined_as_it_is() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, [(0, 0, "EXT. ROOFTOP - MORNING."), *SCENE[1:]])
        canvas.line(108, 709, 108 + 22 * 7.2, 709)

    assert read(drawn(draw)).elements[0] == SceneHeading(text="EXT. ROOFTOP - MORNING.")


def test_a_line_that_ends_in_a_hyphen_is_not_joined_with_a_cue() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, [*SCENE, (10, 6, "I think it goes bee-"), (20, 8, "VERA"), (10, 9, "Boop.")])

    *_, speech, cue, answer = read(drawn(draw)).elements
    assert speech == Dialogue(text="One more.\nI think it goes bee-")
    assert (cue, answer) == (Character(name="VERA"), Dialogue(text="Boop."))


def test_recognised_words_that_overlap_are_words() -> None:
    # Letters that a scanner's program put over a picture are wider than those of the picture.
    def draw(canvas: Canvas) -> None:
        put(canvas, SCENE[:2])
        text = canvas.beginText(108, 711 - 48)
        text.setFont("Courier", 12)
        text.setHorizScale(110)
        text.textOut("YOUNG ")
        text.setTextOrigin(108 + 5.5 * 7.2, 711 - 48)
        text.textOut("ELLIE waves.")
        canvas.drawText(text)

    assert read(drawn(draw)).elements[-1] == Action(text="YOUNG ELLIE waves.")


def test_a_running_head_close_above_the_page_number_is_dropped() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(1, 6):
            put(canvas, [(0, -3, "(Printed with an unregistered version)"), (55, -2.3, f"{number}.")])
            put(canvas, [(0, 0, f"INT. BAR {'ABCDE'[number - 1]} - DAY"), (0, 2, "He sits.")])
            canvas.showPage()

    assert "unregistered" not in read(drawn(draw)).to_json()


def test_quotes_of_the_macintosh_are_quotes() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, [*SCENE, (10, 6, "I donÕt know. ItÕs ÒhereÓ, isnÕt it?")])

    assert read(drawn(draw)).elements[-1] == Dialogue(text="One more.\nI don’t know. It’s “here”, isn’t it?")


@pytest.mark.parametrize("turn", [90, 180, 270])
@pytest.mark.parametrize("shown_upright", [False, True])
def test_a_page_is_read_however_it_was_turned(turn: int, shown_upright: bool) -> None:
    def draw(canvas: Canvas) -> None:
        # With a rotation the library takes the page's size for that of the page as it is shown.
        width, height = (792, 612) if shown_upright and turn != 180 else (612, 792)
        canvas.translate(*{90: (width, 0), 180: (width, height), 270: (0, height)}[turn])
        canvas.rotate(turn)
        put(canvas, [(column, row + 15, text) for column, row, text in SCENE])
        if shown_upright:
            canvas.setPageRotation(turn)

    assert list(read(drawn(draw)).elements) == READ


def test_what_was_cropped_away_is_not_read() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, [*SCENE, (-12, 10, "Cyan")])
        canvas.setCropBox((80, 20, 600, 780))

    assert list(read(drawn(draw)).elements) == READ


def test_page_numbers_are_told_by_their_counting_wherever_they_stand() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(1, 5):
            put(canvas, [(0, 0, f"INT. {'ABCD'[number - 1]}-BAR - DAY"), (58, 0, str(number)), (0, 2, "He sits.")])
            canvas.showPage()

    found = read(drawn(draw)).elements
    assert [e.text for e in found if isinstance(e, SceneHeading)] == [f"INT. {x}-BAR - DAY" for x in "ABCD"]


def test_a_stamp_on_every_page_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(5):
            put(canvas, [(10, 3.5, "STUDIO COPY")], size=40)
            put(canvas, [(0, 0, f"INT. BAR {'ABCDE'[number]} - DAY"), (0, 2, "He sits."), (0, 7, "Then he goes.")])
            canvas.showPage()

    assert "STUDIO" not in read(drawn(draw)).to_json()


def test_a_title_page_may_follow_a_blank_one() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.showPage()
        put(canvas, [(25, 20, "THE BAR"), (25, 22, "Written by"), (27, 24, "Bo Lip")])
        canvas.showPage()
        put(canvas, SCENE)

    found = read(drawn(draw))
    assert found.title_page == {"Title": ("THE BAR",), "Credit": ("Written by",), "Author": ("Bo Lip",)}
    assert list(found.elements) == READ


def test_a_motto_after_the_title_page_is_kept() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, [(25, 20, "THE BAR"), (25, 22, "Written by"), (27, 24, "Bo Lip")])
        canvas.showPage()
        put(canvas, [(2, 20, '"Not to be offended by other people..."'), (40, 22, "- Marcus Aurelius")])
        canvas.showPage()
        put(canvas, SCENE)

    found = read(drawn(draw)).to_json()
    assert "Not to be offended" in found
    assert "Marcus Aurelius" in found


def test_fonts_that_do_not_say_what_they_show_are_named() -> None:
    path = next(iter(system_fonts()), None)
    if path is None:
        pytest.skip("this machine has no TrueType font")
    pdfmetrics.registerFont(TTFont("Nameless", str(path)))

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Nameless", 12)
        canvas.drawString(108, 700, "Несколько слов, которых никто не прочтёт")

    data = drawn(draw, pageCompression=0)
    assert "слов" in read(data).to_json()
    with pytest.raises(ReadError, match="do not say which letters they show"):
        read(data.replace(b"/ToUnicode", b"/XXUnicode"))
