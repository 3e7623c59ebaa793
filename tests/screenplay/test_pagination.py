from __future__ import annotations

import time
from collections import Counter

import pytest
from hypothesis import given, settings
from strategies import printable_screenplays, screenplays

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
    Transition,
)
from screenplay.emphasis import plain
from screenplay.page import LINES_PER_PAGE, TEXT_WIDTH_CHARS
from screenplay.page_breaks import Row
from screenplay.pagination import Page, paginate
from screenplay.wrapping import cells, wrap


def pages(*elements: Element, continueds: bool = True) -> list[list[str]]:
    """The rows of each page as text, without indentation."""
    return [
        [row_text(row) for row in page.rows] for page in paginate(Screenplay(elements=elements), continueds=continueds)
    ]


def row_text(row: Row) -> str:
    return " | ".join("".join(run.text for run in text.runs) for text in row.texts)


def lines(count: int) -> Action:
    return Action(text="\n".join(f"Line {number}" for number in range(1, count + 1)))


SPEECH = "\n".join(("This is the line of a speech", "that ends here and no more.") * 6)


def test_no_page_ends_on_a_heading() -> None:
    found = pages(lines(50), SceneHeading(text="INT. BAR"), Action(text="A."))
    assert found[0][-1] == "Line 50"
    assert found[1] == ["INT. BAR", "", "A."]


def test_a_heading_stays_with_the_two_first_lines_of_what_follows() -> None:
    found = pages(lines(49), SceneHeading(text="INT. BAR"), lines(5))
    assert found[1][0] == "INT. BAR"


def test_no_page_ends_on_a_cue() -> None:
    found = pages(lines(51), Character(name="BO"), Parenthetical(text="low"), Dialogue(text="Yes."))
    assert found[1] == ["BO", "(low)", "Yes."]


def test_a_speech_over_a_page_break() -> None:
    found = pages(lines(47), Character(name="BO", extension="V.O."), Dialogue(text=SPEECH))
    first, second = found
    cue = first.index("BO (V.O.)")
    assert first[-1] == "(MORE)"
    assert len(first) - cue - 2 >= 2
    assert first[-2].endswith("more.")
    assert second[0] == "BO (V.O.) (CONT'D)"
    assert len(second) >= 3


def test_at_least_two_lines_of_a_speech_stay_on_either_side() -> None:
    for above in range(40, 53):
        for words in range(1, 60, 4):
            found = pages(lines(above), Character(name="BO"), Dialogue(text="word " * words))
            if len(found) == 2 and found[0][-1] == "(MORE)":
                assert len(found[0]) - above - 3 >= 2
                assert len(found[1]) - 1 >= 2
            elif len(found) == 2:
                assert found[1][0] == "BO"


def test_a_page_does_not_end_after_a_parenthetical() -> None:
    body = [
        Character(name="BO"),
        Dialogue(text="One.\nTwo."),
        Parenthetical(text="low"),
        Dialogue(text="Three.\nFour."),
    ]
    for above in range(44, 53):
        for page in pages(lines(above), *body):
            assert page[-2:][0] != "(low)" or page[-1] != "(MORE)"
            assert page[-1] != "(low)"


def test_a_paragraph_breaks_after_a_sentence() -> None:
    first, second = pages(lines(48), Action(text="One,\ntwo,\nthree.\nFour,\nfive,\nsix,\nseven."))
    assert first[-1] == "three."
    assert second == ["Four,", "five,", "six,", "seven."]


def test_a_transition_does_not_open_a_page() -> None:
    for above in range(45, 60):
        for page in pages(lines(above), Transition(text="CUT TO:"), SceneHeading(text="INT. BAR"), Action(text="A.")):
            assert page[0] != "CUT TO:"


def test_a_page_break_ends_the_page() -> None:
    assert pages(Action(text="A."), PageBreak(), PageBreak(), Action(text="B."), PageBreak()) == [["A."], ["B."]]


def test_a_page_does_not_begin_with_blank_rows() -> None:
    assert pages(Action(text=""), lines(54), Action(text=""), Action(text="B."))[1] == ["B."]


def test_action_after_two_speeches_side_by_side_starts_below_the_higher_one() -> None:
    body = (
        Character(name="BO"),
        Dialogue(text="Yes."),
        Character(name="VERA", dual=True),
        Dialogue(text="word " * 30),
        Action(text="Then."),
    )
    (found,) = pages(*body)
    assert found[0] == "BO | VERA"
    assert found[1].startswith("Yes. | word")
    assert found[-3].startswith("word")
    assert found[-2:] == ["", "Then."]


def test_speeches_side_by_side_are_not_parted_by_a_page() -> None:
    body = (
        Character(name="BO"),
        Dialogue(text="word " * 30),
        Character(name="VERA", dual=True),
        Dialogue(text="word " * 30),
    )
    assert pages(lines(50), *body)[1][0] == "BO | VERA"


CONTINUED = (
    SceneHeading(text="INT. BAR"),
    Character(name="VERA"),
    Dialogue(text="One."),
    Action(text="A."),
    Character(name="VERA"),
    Dialogue(text="Two."),
    SceneHeading(text="EXT. BAR"),
    Character(name="VERA"),
    Dialogue(text="Three."),
)


def test_who_speaks_on_after_action_is_continued_but_not_in_another_scene() -> None:
    cues = [row for row in pages(*CONTINUED)[0] if row.startswith("VERA")]
    assert cues == ["VERA", "VERA (CONT'D)", "VERA"]
    assert not any("CONT'D" in row for row in pages(*CONTINUED, continueds=False)[0])


def test_no_cue_is_continued_by_itself_where_the_writer_has_done_so() -> None:
    own = Character(name="BO", extension="CONT'D")
    cues = [row for row in pages(*CONTINUED, own, Dialogue(text="Hm."))[0] if row.startswith("VERA")]
    assert cues == ["VERA", "VERA", "VERA"]


def test_transitions_stand_at_the_right_but_fade_in_at_the_left() -> None:
    page = paginate(Screenplay(elements=(Transition(text="FADE IN:"), Transition(text="CUT TO:"))))[0]
    columns = {row_text(row): row.texts[0].column for row in page.rows if row.texts}
    assert columns == {"FADE IN:": 0, "CUT TO:": TEXT_WIDTH_CHARS - len("CUT TO:")}


def test_a_long_cue_stands_farther_left() -> None:
    name = "THE MAN IN THE VERY LONG AND RATHER DIRTY COAT"
    page = paginate(Screenplay(elements=(Character(name=name), Dialogue(text="Hi."))))[0]
    assert row_text(page.rows[0]) == name


@settings(max_examples=200)
@given(screenplays(max_elements=14))
def test_every_page_is_full_at_most_and_no_line_too_wide(screenplay: Screenplay) -> None:
    for page in paginate(screenplay):
        assert 0 < len(page.rows) <= LINES_PER_PAGE
        for row in page.rows:
            for text in row.texts:
                width = cells("".join(run.text for run in text.runs))
                assert text.column >= 0
                assert text.column + width <= TEXT_WIDTH_CHARS + 1


@settings(max_examples=200)
@given(printable_screenplays())
def test_nothing_is_lost_between_the_pages(screenplay: Screenplay) -> None:
    def words_of(found: list[Page]) -> list[str]:
        texts = [text for page in found for row in page.rows for text in row.texts]
        return " ".join("".join(run.text for run in text.runs) for text in texts if text.kind != "more").split()

    expected: list[str] = []
    for element in screenplay.elements:
        if isinstance(element, Character):
            expected += plain(element.name).split()
            expected += f"({plain(element.extension)})".split() if element.extension else []
        elif isinstance(element, Parenthetical):
            expected += f"({plain(element.text)})".split()
        elif not isinstance(element, (*UNPRINTED, PageBreak)):
            expected += plain(element.text).split()
    found = words_of(paginate(screenplay, continueds=False))
    assert not Counter(expected) - Counter(found)


@pytest.mark.parametrize(
    "make",
    [
        lambda n: (Action(text="word " * n * 20),),
        lambda n: (Character(name="BO"), Dialogue(text="word " * n * 20)),
        lambda n: (SceneHeading(text="INT. BAR"),) * n,
        lambda n: (Character(name="BO"), Dialogue(text="Hm."), Character(name="VERA", dual=True)) * n,
        lambda n: (Action(text="*a* " * n * 10),),
        lambda n: (Action(text="x" * n * 500),),
        lambda n: (Character(name="BO"), Dialogue(text="It is so. " * n * 50)),
    ],
)
def test_time_grows_with_the_length_and_no_faster(make: object) -> None:
    def seconds(count: int) -> float:
        screenplay = Screenplay(elements=make(count))  # type: ignore[operator]
        started = time.process_time()
        paginate(screenplay)
        return time.process_time() - started

    seconds(10)
    assert seconds(2000) < 40 * max(seconds(200), 0.02)


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("a well- known man", 12, ["a", "well- known", "man"]),
        ("a well- known man", 7, ["a well-", "known", "man"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("one\n\ntwo", 9, ["one", "", "two"]),
        ("    in one", 9, ["    in", "one"]),
        ("麗子麗子", 4, ["麗子", "麗子"]),
        ("", 9, [""]),
    ],
)
def test_wrapping(text: str, width: int, expected: list[str]) -> None:
    assert [line.text for line in wrap(text, width)] == expected


def test_a_meant_end_that_looks_like_a_wrap_is_known() -> None:
    assert [line.is_ended for line in wrap("one two\nthree\nFour", 12)] == [True, False, False]
