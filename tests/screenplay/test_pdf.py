from __future__ import annotations

import contextlib
import json
import warnings
from difflib import SequenceMatcher
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from pdf_drawing import BODY, drawn, page_of, page_texts
from reportlab.pdfgen.canvas import Canvas
from strategies import screenplays

from screenplay.bidi import levels, mirrored, visual
from screenplay.elements import (
    UNPRINTED,
    Action,
    Character,
    Dialogue,
    Element,
    PageBreak,
    Parenthetical,
    SceneHeading,
    Screenplay,
)
from screenplay.errors import ReadError, WriteError, WriteWarning
from screenplay.readers import fountain
from screenplay.readers.pdf import read, scan
from screenplay.signatures import PDF
from screenplay.writers.pdf import render

CASES = Path(__file__).parent.parent / "cases"
CORPORA = Path(__file__).parent.parent.parent / "corpora"


def test_a_screenplay_reads_back_as_it_was_printed() -> None:
    title = {"Title": ("BRICK & STEEL",), "Credit": ("Written by",), "Author": ("Stu",), "Draft date": ("1/20/2012",)}
    screenplay = Screenplay(title_page=title, elements=BODY)
    assert read(render(screenplay)) == screenplay


def test_lines_from_right_to_left_read_back() -> None:
    elements: tuple[Element, ...] = (
        SceneHeading(text="INT. BAR - DAY"),
        Character(name="SHALOM", extension="שלום"),
        Dialogue(text="שלום עולם, he says. 42 times."),
        Action(text="He says: שלום עולם! And (then) he goes."),
        Character(name="דוד", extension="V.O."),
        Parenthetical(text="בשקט"),
        Dialogue(text="שלום (לכולם), יש לי 42 ילדים וחתול אחד בבית שלי, OK? כן."),
        Action(text="القطة تجلس على السجادة في 12:30."),
    )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", WriteWarning)
        data = render(Screenplay(elements=elements))
    if caught:
        pytest.skip("no font of this machine has these letters")
    assert read(data).elements == elements


def test_a_line_of_verse_may_begin_with_i() -> None:
    prose = "Now this is a long speech in prose, which nobody but the page itself has cut into lines, and goes on."
    verse = Dialogue(text="Ay, such a place there is, where first\nI saw the treasure, and next day\nI told him of it.")
    elements = (Character(name="BO"), Dialogue(text=prose), Character(name="VERA"), verse)
    assert read(render(Screenplay(elements=(SceneHeading(text="INT. BAR - DAY"), *elements)))).elements[1:] == elements


def test_a_title_page_reads_back_with_its_keys() -> None:
    page = {
        "Author": ("Jane Doe",),
        "Title": ("A _very_ long title that goes on and on, until it has to be wrapped around", "PART TWO"),
        "Draft date": ("1859",),
        "Source": ("https://example.com/" + "x" * 70,),
        "Office": ("Room 7", "Second floor"),
        "Empty": (),
    }
    screenplay = Screenplay(title_page=page, elements=BODY)
    assert list(read(render(screenplay)).title_page.items()) == list(page.items())


@pytest.mark.slow
def test_a_whole_screenplay_keeps_99_of_100_elements() -> None:
    screenplay = fountain.read((CORPORA / "lane-nineteen.fountain").read_text(encoding="utf-8"))
    printed = [e for e in screenplay.elements if not isinstance(e, (*UNPRINTED, PageBreak))]
    matcher = SequenceMatcher(None, printed, read(render(screenplay)).elements, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    assert same >= 0.99 * len(printed) > 0


@settings(max_examples=40)
@given(screenplays(max_elements=5))
def test_any_screenplay_can_be_printed_and_read(screenplay: Screenplay) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", WriteWarning)
        data = render(screenplay)
    assert PDF.match(data)
    with contextlib.suppress(ReadError):  # a title page and nothing else may hold no text
        read(data)


def test_the_same_screenplay_gives_the_same_bytes() -> None:
    assert render(Screenplay(elements=BODY)) == render(Screenplay(elements=BODY))


def test_page_numbers_begin_on_the_second_page_of_the_script() -> None:
    elements = (Action(text="One."), PageBreak(), Action(text="Two."), PageBreak(), Action(text="Three."))
    bare = page_texts(render(Screenplay(elements=elements)))
    assert [sorted(text.split()) for text in bare] == [["One."], ["2.", "Two."], ["3.", "Three."]]
    titled = page_texts(render(Screenplay(title_page={"Title": ("X",)}, elements=elements)))
    assert [sorted(text.split()) for text in titled] == [["X"], ["One."], ["2.", "Two."], ["3.", "Three."]]


def test_no_title_page_is_printed_where_there_is_none() -> None:
    assert (
        len(page_texts(render(Screenplay(elements=(SceneHeading(text="INT. CELL - DAY"), Action(text="Bars.")))))) == 1
    )


def places(data: bytes) -> dict[str, tuple[float, float]]:
    """Where the first letter of each line stands, in inches from the paper's left and upper edge."""
    document = pypdfium2.PdfDocument(data)
    found = {}
    for page in document:
        text = page.get_textpage()
        whole, at = text.get_text_range(), 0
        for line in whole.split("\r\n"):
            left, _, _, top = text.get_charbox(at, loose=True)
            found[line] = round(left / 72, 2), round((page.get_height() - top) / 72, 2)
            at += len(line) + 2
        text.close()
        page.close()
    document.close()
    return found


def test_the_page_has_the_geometry_of_the_industry() -> None:
    found = places(render(Screenplay(elements=(*BODY[:2], Action(text="Act."), *BODY[4:7], BODY[13]))))
    left = {line: place[0] for line, place in found.items()}
    assert left["Act."] == 1.5
    assert left["BRICK (V.O.)"] == 3.5
    assert left["(quietly)"] == 3.0
    assert left["Screw retirement."] == 2.5
    assert left["CUT TO:"] == 7.5 - 0.7
    assert left["FADE IN:"] == 1.5
    assert 0.95 < found["FADE IN:"][1] < 1.1


def test_scene_numbers_stand_in_both_margins_and_can_be_left_out() -> None:
    screenplay = Screenplay(elements=BODY)
    assert page_texts(render(screenplay))[0].count("12A") == 2
    assert "12A" not in page_texts(render(screenplay, scene_numbers=False))[0]


def test_continueds_are_printed_but_not_read_back() -> None:
    elements = (
        Character(name="BO"),
        Dialogue(text="One."),
        Action(text="He sits."),
        Character(name="BO"),
        Dialogue(text="Two."),
    )
    screenplay = Screenplay(elements=(SceneHeading(text="INT. BAR - DAY"), *elements))
    data = render(screenplay)
    assert "BO (CONT'D)" in page_texts(data)[0]
    assert read(data) == screenplay
    assert "CONT'D" not in page_texts(render(screenplay, continueds=False))[0]


def test_a_character_that_courier_lacks_comes_from_another_font_and_is_embedded() -> None:
    data = render(Screenplay(elements=(Action(text="Łódź, źle."),)))
    document = pypdfium2.PdfDocument(data)
    text = document[0].get_textpage()
    assert text.get_text_range() == "Łódź, źle."
    text.close()
    document.close()
    assert b"FontFile2" in data


def test_a_character_that_no_font_has_is_named_and_never_a_box() -> None:
    with pytest.warns(WriteWarning, match=r"\U000e0fff \(U\+E0FFF\)|U\+10FFFD"):
        data = render(Screenplay(elements=(Action(text="A \U0010fffd b"),)))
    assert page_texts(data)[0].strip() == "A ? b"


def test_a_font_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "font.ttf"
    path.write_bytes(b"no font")
    with pytest.raises(WriteError, match="no TrueType font"):
        render(Screenplay(elements=(Action(text="A"),)), font=path)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("abc", "abc"),
        ("שלום", "םולש"),
        ("abc שלום, עולם!", "abc םלוע ,םולש!"),
        ("שלום (hello) 12.", ".hello) 12) םולש"),
        ("שלום 123 עולם", "םלוע 123 םולש"),
    ],
)
def test_letters_from_right_to_left_stand_in_their_order(text: str, seen: str) -> None:
    order = levels(list(text))
    turned = [mirrored(letter) if level == 1 else letter for letter, level in zip(text, order, strict=True)]
    assert "".join(visual(turned, order)) == seen


# --- PDFs of other programs


def test_words_in_fragments_and_out_of_order_are_joined_by_where_they_stand() -> None:
    def draw(canvas: Canvas) -> None:
        words = [
            (7, 2, "sits"),
            (0, 0, "INT."),
            (10, 0, "- DAY"),
            (5, 0, "BAR"),
            (12, 2, "alone."),
            (0, 2, "Bo"),
            (3, 2, "Li"),
            (5, 2, "p"),
        ]
        speech = [(20, 4, "BO"), (10, 5, "One"), (14, 5, "more.")]
        page_of(canvas, words + speech)

    assert read(drawn(draw)).elements == (
        SceneHeading(text="INT. BAR - DAY"),
        Action(text="Bo Lip sits alone."),
        Character(name="BO"),
        Dialogue(text="One more."),
    )


ACTION = "He walks on and on through the night, and nobody is there"


def test_a_scene_goes_on_over_pages_without_their_furniture() -> None:
    def draw(canvas: Canvas) -> None:
        first = [(0, 0, "INT. BAR - DAY"), (0, 2, ACTION + ","), (0, 3, "nobody at all.")]
        page_of(
            canvas,
            [
                *first,
                (20, 50, "BO"),
                (10, 51, "I wanted to say something that"),
                (20, 52, "(MORE)"),
                (45, 54, "(CONTINUED)"),
            ],
        )
        second = [(56, -3, "2."), (0, -1, "CONTINUED:"), (20, 0, "BO (CONT'D)"), (10, 1, "takes two pages.")]
        page_of(canvas, [*second, (0, 3, ACTION + ".")])

    found = read(drawn(draw)).elements
    assert [e.kind for e in found] == ["scene_heading", "action", "character", "dialogue", "action"]
    assert found[3] == Dialogue(text="I wanted to say something that takes two pages.")
    assert found[2] == Character(name="BO")


def test_running_heads_are_dropped() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(1, 6):
            head = [(0, -3, "THE RUG - Rev. 3/4/05"), (55, -3, f"{number}.")]
            page_of(
                canvas,
                [
                    *head,
                    (0, 0, f"INT. {names[number]} - DAY"),
                    (0, 2, f"A {names[number]} by the sea."),
                    (0, 4, "It rains."),
                ],
            )

    names = ["", "BAR", "HOUSE", "CAR PARK", "ALLEY", "BEACH"]
    found = read(drawn(draw)).to_json()
    assert found.count("INT.") == 5
    assert "Rev." not in found


def test_two_columns_are_dual_dialogue() -> None:
    def draw(canvas: Canvas) -> None:
        rows = [(0, 0, "INT. BAR - DAY"), (0, 2, "They shout."), (8, 4, "BO"), (40, 4, "VERA")]
        page_of(
            canvas,
            [*rows, (0, 5, "Stop it at once, will"), (32, 5, "Go on, go on, do not"), (0, 6, "you."), (32, 6, "stop.")],
        )

    assert read(drawn(draw)).elements[2:] == (
        Character(name="BO"),
        Dialogue(text="Stop it at once, will you."),
        Character(name="VERA", dual=True),
        Dialogue(text="Go on, go on, do not stop."),
    )


def test_bold_headings_are_no_emphasis_but_bold_words_are() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Courier-Bold", 12)
        canvas.drawString(108, 711, "INT. BAR - DAY")
        canvas.line(108, 709, 208, 709)
        canvas.setFont("Courier", 12)
        canvas.drawString(108, 687, "He is")
        canvas.drawString(108 + 7.2 * 14, 687, "here.")
        canvas.setFont("Courier-Bold", 12)
        canvas.drawString(108 + 7.2 * 6, 687, "not at")
        canvas.setFont("Courier", 12)
        canvas.drawString(108, 663, "Run, now.")
        canvas.line(108, 661.5, 108 + 7.2 * 3, 661.5)

    assert read(drawn(draw)).elements == (
        SceneHeading(text="INT. BAR - DAY"),
        Action(text="He is **not at** here."),
        Action(text="_Run_, now."),
    )


def test_what_is_drawn_twice_to_look_bold_is_read_once() -> None:
    def draw(canvas: Canvas) -> None:
        twice = [
            (0, 0, "INT. BAR - DAY"),
            (0.03, 0, "INT. BAR - DAY"),
            (0, 2, "He sits."),
            (20, 4, "BO"),
            (10, 5, "Hm."),
        ]
        page_of(canvas, twice)

    found = read(drawn(draw)).elements
    assert found[:2] == (SceneHeading(text="INT. BAR - DAY"), Action(text="He sits."))


def test_a_stamp_across_the_page_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(200, 300)
        canvas.rotate(45)
        canvas.setFont("Helvetica", 60)
        canvas.drawString(0, 0, "CONFIDENTIAL")
        canvas.restoreState()
        page_of(canvas, [(0, 0, "INT. BAR - DAY"), (0, 2, "He sits.")])

    assert "CONFIDENTIAL" not in read(drawn(draw)).to_json()


def test_a_proportional_font_is_read_by_where_lines_begin() -> None:
    def draw(canvas: Canvas) -> None:
        rows = [(0, 0, "INT. BAR - DAY"), (0, 2, "He sits alone at the bar and looks at his hands, which are dirty.")]
        page_of(canvas, [*rows, (20, 4, "BO"), (10, 5, "One more, and then I will go home.")], font="Times-Roman")

    assert [e.kind for e in read(drawn(draw)).elements] == ["scene_heading", "action", "character", "dialogue"]


def test_cases_are_met_by_the_tests_above() -> None:
    cases = [
        json.loads(line)["id"]
        for name in ("pdf", "render")
        for line in (CASES / f"{name}.jsonl").read_text().splitlines()
    ]
    assert set(cases) == {
        "pdf-col-words",  # words in fragments
        "pdf-repeat-heading",  # a scene goes on over pages
        "ren-contd-scene",  # test_pagination: continued
        "ren-dual-unequal",  # test_pagination: side by side
        "ren-escape-roundtrip",  # test_fountain
        "ren-more",  # test_pagination: a speech over a page break
        "ren-orphan-heading",  # test_pagination: no page ends on a heading
        "ren-pagenum",  # page numbers
        "ren-title-empty",  # no title page
        "ren-transition",  # test_pagination: transitions
    }


def test_a_reading_of_a_pdf_has_no_tags_and_no_lines() -> None:
    found = scan(render(Screenplay(elements=BODY)))
    assert found.tags == ()
    assert {element.line for element in found.screenplay.elements} == {None}
