"""What Fountain text means, and that no text is too odd to be read."""

from __future__ import annotations

import re
import time
import warnings
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import nasty_text

from screenplay.elements import (
    Action,
    Boneyard,
    Character,
    Dialogue,
    Element,
    Lyric,
    Note,
    PageBreak,
    Parenthetical,
    SceneHeading,
    Screenplay,
    Section,
    Shot,
    Synopsis,
    Transition,
    clean,
)
from screenplay.errors import ReadWarning
from screenplay.files import lines_of
from screenplay.readers.fountain import read, scan
from screenplay.writers.fountain import render

CORPORA = sorted(Path(__file__).parent.parent.parent.joinpath("corpora").glob("*.fountain"))


def heading(text: str, number: str | None = None) -> SceneHeading:
    return SceneHeading(text=text, number=number)


def cue(name: str, extension: str | None = None, *, dual: bool = False) -> Character:
    return Character(name=name, extension=extension, dual=dual)


def said(text: str) -> Dialogue:
    return Dialogue(text=text)


def action(text: str, *, centered: bool = False) -> Action:
    return Action(text=text, centered=centered)


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        # Headings
        ("EXT. YARD - DAY\n", [heading("EXT. YARD - DAY")]),
        ("int./ext. car - day\n", [heading("int./ext. car - day")]),
        ("EST BRIDGE\n\nI/E VAN\n", [heading("EST BRIDGE"), heading("I/E VAN")]),
        ("**INT. BAR**\n", [heading("**INT. BAR**")]),
        ("INT. BAR\nGlasses.\n", [heading("INT. BAR"), action("Glasses.")]),
        ("Int. combustion\nis loud.\n", [action("Int. combustion\nis loud.")]),
        ("He goes.\nINT. BAR - DAY\n\nGlasses.\n", [action("He goes."), heading("INT. BAR - DAY"), action("Glasses.")]),
        ("INT. BAR\nZOË\nHi.\n", [heading("INT. BAR"), cue("ZOË"), said("Hi.")]),
        (".5150 CLUB #7#\n", [heading("5150 CLUB", "7")]),
        (". NOT ONE\n", [action(". NOT ONE")]),
        (".\\\n", [action(".\\")]),
        (".(SAME)\n", [heading("(SAME)")]),
        ("INT. BAR#12-A.1#\n", [heading("INT. BAR", "12-A.1")]),
        ("INT. BAR #2 AND #3\n", [heading("INT. BAR #2 AND #3")]),
        ("INT. BAR - LOOP ##\n", [heading("INT. BAR - LOOP")]),
        ("INT. BAR #not a number#\n", [heading("INT. BAR #not a number#")]),
        # Cues
        ("ZOË (on the radio) (V.O.) ^\nHi.\n", [cue("ZOË", "on the radio) (V.O.", dual=True), said("Hi.")]),
        ("@zoë\n\nShe nods.\n", [cue("zoë"), action("She nods.")]),
        ("ZOË ()\nHi.\n", [cue("ZOË"), said("Hi.")]),
        ("(V.O.)\nHi.\n", [action("(V.O.)\nHi.")]),
        ("WALTER (28), loud, sits\nand waits.\n", [action("WALTER (28), loud, sits\nand waits.")]),
        ("5150 (V.O.)\nHi.\n", [action("5150 (V.O.)\nHi.")]),
        ("CUT TO:\nfoo\n", [cue("CUT TO:"), said("foo")]),
        # Speeches
        ("@\nstill talking\n", [said("still talking")]),
        ("Z\n(to\nthem)\nHi.\n", [cue("Z"), Parenthetical(text="to them"), said("Hi.")]),
        ("Z\n(never closed\nHi.\n", [cue("Z"), said("(never closed\nHi.")]),
        ("Z\n(laughs) Hi. (cries)\n", [cue("Z"), said("(laughs) Hi. (cries)")]),
        ("Z\n_(softly)_\nHi.\n", [cue("Z"), Parenthetical(text="_softly_"), said("Hi.")]),
        ("Z\n()\n", [cue("Z"), said("()")]),
        ("Z\n\\(Hi)\n", [cue("Z"), said("(Hi)")]),
        ("Z\nHi.\n===\nHo.\n", [cue("Z"), said("Hi."), PageBreak(), action("Ho.")]),
        ("Z\nHi.\n  \n\nHo.\n", [cue("Z"), said("Hi."), action("Ho.")]),
        ("Z\nHi.\n   \nHo.\n", [cue("Z"), said("Hi."), action("Ho.")]),
        ("Z\n.hack\n!\n> x <\n# y\n", [cue("Z"), said(".hack\n!\n> x <\n# y")]),
        ("~La\n~la\n", [Lyric(text="La"), Lyric(text="la")]),
        ("~\n", [action("~")]),
        # Action
        ("!INT. BAR\n", [action("INT. BAR")]),
        ("!LOUD\n!LOUDER\n", [action("LOUD\nLOUDER")]),
        ("  !  deep\n", [action("    deep")]),
        ("One\n!\nTwo\n", [action("One\n\nTwo")]),
        ("INT. A\n\n\n\nOne\n\n\nTwo\n", [heading("INT. A"), action("One"), action(""), action("Two")]),
        ("One\n\n\n> Two <\n", [action("One"), action(""), action("Two", centered=True)]),
        ("!\n\n!\n", [action(""), action("")]),
        (">ONE<\n> *two* <\n", [action("ONE\n*two*", centered=True)]),
        ("Dark.\n> ONE <\nLight.\n", [action("Dark."), action("ONE", centered=True), action("Light.")]),
        (">\n", [action(">")]),
        # Transitions and shots
        ("> CUT TO BLACK\n", [Transition(text="CUT TO BLACK")]),
        ("FADE IN:\n\nINT. A\n", [Transition(text="FADE IN:"), heading("INT. A")]),
        ("CUT TO:\nINT. A\n\nB.\n", [Transition(text="CUT TO:"), heading("INT. A"), action("B.")]),
        ("CLOSE ON THE RUG\n\nIt is gone.\n", [Shot(text="CLOSE ON THE RUG"), action("It is gone.")]),
        ("DUDE'S POV -- THE PINS\n", [Shot(text="DUDE'S POV -- THE PINS")]),
        ("CLOSE THE DOOR\n", [action("CLOSE THE DOOR")]),
        ("INSERTED.\n", [action("INSERTED.")]),
        ("!the rug, close [[shot]]\n", [Shot(text="the rug, close")]),
        ("the rug, close [[shot]]\n", [action("the rug, close"), Note(text="shot")]),
        # Outline
        ("#ACT\n==== x\n=\n##\n", [Section(text="ACT"), Synopsis(text="=== x"), action("=\n##")]),
        ("He goes.\n# ACT\nShe too.\n", [action("He goes."), Section(text="ACT"), action("She too.")]),
        ("  ====  \n", [PageBreak()]),
        # Notes and boneyards
        ("[[a\nb]]\n", [Note(text="a\nb")]),
        ("[[a\n  \nb]]\n", [Note(text="a\n\nb")]),
        ("Rain [[a\nb]] falls.\n", [action("Rain falls."), Note(text="a\nb")]),
        ("[[a]] Rain.\n", [Note(text="a"), action("Rain.")]),
        ("Rain[[a]]drops /* b */ fall.\n", [action("Rain drops fall."), Note(text="a"), Boneyard(text="b")]),
        ("Z\nHi.\n[[a]]\nHo.\n", [cue("Z"), said("Hi."), Note(text="a"), said("Ho.")]),
        ("Z\nHi [[a]] you.\nHo.\n", [cue("Z"), said("Hi you.\nHo."), Note(text="a")]),
        ("Z\nHi.\n/* a\n\nb */\nHo.\n", [cue("Z"), said("Hi."), Boneyard(text="a\n\nb"), said("Ho.")]),
        ("One\n[[a]]\nTwo\n", [action("One\nTwo"), Note(text="a")]),
        ("[[a]]\nZ\nHi.\n", [Note(text="a"), cue("Z"), said("Hi.")]),
        ("CUT TO: [[a]]\n", [Transition(text="CUT TO:"), Note(text="a")]),
        ("[[a [b] /* c ]] */\n", [Note(text="a [b] /* c"), action("*/")]),
        ("/* [[a */ b]]\n", [Boneyard(text="[[a"), action("b]]")]),
        ("\\[[a]] \\/* b */\n", [action("[[a]] /* b */")]),
        ("[[ ]]/**/\n", []),
        # Whole texts
        ("", []),
        ("\n \n\t\n", []),
        ("a\x0bb\u2028\u2028c", [action("a\nb"), action("c")]),
    ],
)
def test_what_a_text_means(text: str, elements: list[Element]) -> None:
    assert read(text) == Screenplay(elements=tuple(elements))


@pytest.mark.parametrize(
    ("text", "title_page", "elements"),
    [
        ("Title: A\nDraft date: 1\n\nB.\n", {"Title": ("A",), "Draft date": ("1",)}, [action("B.")]),
        ("\n\nTitle:\n\tA\n   B: C\n", {"Title": ("A", "B: C")}, []),
        ("Title: A\n    B\nAuthor:\n", {"Title": ("A", "B"), "Author": ()}, []),
        ("Episode: 3\nShow: X\n", {"Episode": ("3",), "Show": ("X",)}, []),
        ("Title: A\nno key\n\nB.\n", {"Title": ("A", "no key")}, [action("B.")]),
        ("Title: A [[why?]]\n\nB.\n", {"Title": ("A",)}, [Note(text="why?"), action("B.")]),
        ("Title: A\nTitle: B\n", {"Title": ("A", "B")}, []),
        ("Title: A\nINT. B\n\nC.\n", {"Title": ("A",)}, [heading("INT. B"), action("C.")]),
        ("\\Mood\\: b: A\n", {"Mood: b": ("A",)}, []),
        ("OVER BLACK: a bell.\n\nB.\n", {}, [action("OVER BLACK: a bell."), action("B.")]),
        ("MARTA: Hi.\nBO: No.\n", {}, [action("MARTA: Hi.\nBO: No.")]),
        ("DR. NO:\nTitle: A\n", {"DR. NO": (), "Title": ("A",)}, []),
        ("A.\n\nTitle: B\n", {}, [action("A."), action("Title: B")]),
    ],
)
def test_where_a_title_page_begins_and_ends(
    text: str, title_page: dict[str, tuple[str, ...]], elements: list[Element]
) -> None:
    assert read(text) == Screenplay(title_page=title_page, elements=tuple(elements))


def test_every_line_has_a_tag() -> None:
    text = (
        "Title: A\n\n# ACT\n= They meet.\n\nINT. BAR [[red]]\n/* cut\n\n*/ Dust.\n\nZ\n(to\nthem)\nHi.\n  \n"
        "Ho. [[a\nb]]\n[[c]]\n~La\n\n\n> OUT <\n\nCUT TO:\n\n===\n\n!x [[shot]]\n\n@\nhm"
    )
    assert scan(text).tags == (
        "title_page", "blank", "section", "synopsis", "blank", "scene_heading", "boneyard", "boneyard", "action",
        "blank", "character", "parenthetical", "parenthetical", "dialogue", "blank", "dialogue", "note", "note",
        "lyric", "blank", "blank", "action", "blank", "transition", "blank", "page_break", "blank", "shot", "blank",
        "character", "dialogue",
    )  # fmt: skip


@pytest.mark.parametrize("text", ["A.\r\n\r\nB.\r\n", "A.\r\rB.\r", "A.\n\nB.", "\ufeffA.\n\nB.\n"])
def test_lines_are_counted_as_an_editor_counts_them(text: str) -> None:
    reading = scan(text)
    assert [element.line for element in reading.screenplay.elements] == [1, 3]
    assert reading.tags == ("action", "blank", "action")


def test_an_element_knows_its_line_after_what_was_taken_out() -> None:
    text = "/* a\n\n\x0b b */ Rain.\n\n\nWind.\n\n[[n]]\nZ\nHi.\n"
    assert [element.line for element in read(text).elements] == [1, 3, 5, 6, 8, 9, 10]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Rain.\n\n/* oops\n\nINT. A\n", "film:3: a boneyard opens here and never ends; it is read as text"),
        ("Rain. [[oops\n\n]]", "film:1: a note opens here and never ends in its paragraph; it is read as text"),
    ],
)
def test_a_remark_that_never_ends_is_named(text: str, message: str) -> None:
    with pytest.warns(ReadWarning, match=f"^{re.escape(message)}$"):
        assert "oops" in str(read(text, source="film").elements)


# --- No text is too odd


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def _words_of(screenplay: Screenplay) -> list[str]:
    texts = [line for key, lines in screenplay.title_page.items() for line in (key, *lines)]
    for element in screenplay.elements:
        texts += (value for name, value in element if name != "kind" and isinstance(value, str))
    return [word for text in texts for word in _words(text)]


def _check_any(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReadWarning)
        reading = scan(text)
    screenplay = reading.screenplay
    assert len(reading.tags) == len(lines_of(text))
    lost = Counter(_words(clean(text))) - Counter(_words_of(screenplay))
    # A key said twice is one key, and `[[shot]]` is a mark.
    lost -= Counter({word: lost[word] for key in screenplay.title_page for word in _words(key)})
    assert set(lost) <= {"shot"}
    assert Screenplay.model_validate(screenplay.model_dump()) == screenplay
    assert read(render(screenplay)) == screenplay


@settings(max_examples=500)
@given(
    st.one_of(
        st.text(),
        st.lists(nasty_text, max_size=8).map("\n".join),
        st.lists(nasty_text, max_size=8).map("\n\n".join),
        st.lists(nasty_text, max_size=4).map(lambda parts: "Title: " + "\n".join(parts)),
    )
)
def test_any_text_is_read_without_losing_a_word(text: str) -> None:
    _check_any(text)


@st.composite
def _damaged(draw: st.DrawFn) -> str:
    """A piece of a real script with things put in, taken out and swapped."""
    lines = draw(st.sampled_from(CORPORA)).read_text(encoding="utf-8").split("\n")
    start = draw(st.integers(0, len(lines) - 1))
    piece = lines[start : start + 25]
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(piece) - 1))
        change = draw(st.sampled_from(("insert", "replace", "remove", "append")))
        if change == "insert":
            piece.insert(at, draw(nasty_text))
        elif change == "replace":
            piece[at] = draw(nasty_text)
        elif change == "append":
            piece[at] = draw(nasty_text) + piece[at] + draw(nasty_text)
        elif len(piece) > 1:
            del piece[at]
    return "\n".join(piece)


@settings(max_examples=250)
@given(_damaged())
def test_a_damaged_script_is_read_without_losing_a_word(text: str) -> None:
    _check_any(text)


@pytest.mark.parametrize(
    "piece",
    ["[[", "/*", "[[ ", "[[\n\n", "(", "(\n", "Z\n(\n", "*(", "\\", "\\#", "#\\#", "((\\", "\\[", ">", "!", "  \n",
     "\n", "A (", "@A (", "***", "_", "[[a]]", "/**/", "INT. #", "TO:", "POV", "=", "Z\n", "a:\n", "~"],
)  # fmt: skip
@pytest.mark.parametrize("begin", ["", "Z\n", "@", ".A", "Title: x\n"])
def test_no_repetition_takes_more_than_linear_time(piece: str, begin: str) -> None:
    text = begin + piece * (60_000 // len(piece)) + " x#"
    start = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReadWarning)
        render(read(text))
    assert time.process_time() - start < 5  # some 0.1 s; minutes where it isn't linear
