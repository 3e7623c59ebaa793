"""What is written reads back equal, and stands as plainly as it can."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from strategies import printable_screenplays, screenplays

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
)
from screenplay.readers.fountain import read
from screenplay.writers.fountain import render

TESTS = Path(__file__).parent.parent
CORPORA = sorted(TESTS.parent.joinpath("corpora").glob("*.fountain"))
GOLDEN = sorted(path for path in TESTS.joinpath("golden").glob("*.fountain") if path.with_suffix(".json").exists())


@settings(max_examples=2000)
@given(screenplays())
def test_any_screenplay_reads_back_as_it_was_written(screenplay: Screenplay) -> None:
    assert read(render(screenplay)) == screenplay


@given(printable_screenplays())
def test_an_ordinary_screenplay_reads_back_as_it_was_written(screenplay: Screenplay) -> None:
    assert read(render(screenplay)) == screenplay


@settings(max_examples=150)
@given(screenplays())
def test_writing_twice_changes_nothing(screenplay: Screenplay) -> None:
    text = render(screenplay)
    assert render(read(text)) == text


@pytest.mark.parametrize("path", CORPORA, ids=[path.stem for path in CORPORA])
def test_our_own_screenplays_come_out_as_they_went_in(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # `FADE OUT.` gets a mark, because other programs take it for action and set it on the wrong side.
    assert render(read(text)).replace("\n> FADE OUT.\n", "\nFADE OUT.\n") == text


@pytest.mark.filterwarnings("ignore:.*never ends:screenplay.errors.ReadWarning")
@pytest.mark.parametrize("path", GOLDEN, ids=[path.stem for path in GOLDEN])
def test_golden_files(path: Path, golden: Callable[[Path, str], None]) -> None:
    screenplay = read(path.read_text(encoding="utf-8"))
    golden(path.with_suffix(".json"), screenplay.to_json() + "\n")
    golden(path.with_suffix(".written"), render(screenplay))
    assert read(render(screenplay)) == screenplay


@pytest.mark.parametrize(
    ("elements", "text"),
    [
        # What a tool's users asked for
        ([Action(text="THE SIREN.\nIt stops.")], "!THE SIREN.\nIt stops.\n"),
        ([Action(text="THE SIREN.")], "THE SIREN.\n"),
        ([Character(name="McRae"), Dialogue(text="Hi.")], "@McRae\nHi.\n"),
        ([Character(name="רותי"), Dialogue(text="Hi.")], "@רותי\nHi.\n"),
        ([Action(text=".38 on the table")], "!.38 on the table\n"),
        ([Action(text=r"Dial \*69")], "Dial \\*69\n"),
        ([SceneHeading(text="ROOFTOP")], ".ROOFTOP\n"),
        ([Transition(text="FADE OUT.")], "> FADE OUT.\n"),
        # Headings
        ([SceneHeading(text="int. bar", number="12A")], "int. bar #12A#\n"),
        ([SceneHeading(text="I./E. BAR")], ".I./E. BAR\n"),
        ([SceneHeading(text="INT. BAR #2#")], "INT. BAR #2# ##\n"),
        ([SceneHeading(text="-- LATER", number="1 #")], ".\\-- LATER #1\\ \\##\n"),
        # Cues
        ([Character(name="ZOË", extension="V.O.) (CONT'D", dual=True), Dialogue(text="Hi.")],
         "ZOË (V.O.) (CONT'D) ^\nHi.\n"),
        ([Character(name="A (B)^"), Dialogue(text="Hi.")], "A \\(B)\\^\nHi.\n"),
        ([Character(name="ZOË"), Action(text="She nods.")], "@ZOË\n\nShe nods.\n"),
        ([Character(name="CUT TO:"), Dialogue(text="Hi.")], "\n@CUT TO:\nHi.\n"),
        # Speeches
        ([Character(name="Z"), Parenthetical(text="to (us)"), Dialogue(text="(a) b\n\n(c)\n~d"), Lyric(text="e")],
         "Z\n(to (us))\n(a) b\n  \n\\(c)\n\\~d\n~e\n"),
        ([Character(name="Z"), Dialogue(text="a"), Note(text="n"), Dialogue(text="b"), Note(text="m")],
         "Z\na\n[[n]]\nb\n\n[[m]]\n"),
        ([Character(name="Z"), Dialogue(text="a"), Dialogue(text="b")], "Z\na\n\n@\nb\n"),
        ([Action(text="a"), Parenthetical(text="b) (c")], "a\n\n@\n(b\\) \\(c)\n"),
        ([Lyric(text="a"), Lyric(text="b")], "~a\n~b\n"),
        # Action
        ([Action(text="a\n\n  b\n# c\n!d\nINT. E")], "a\n!\n  b\n!# c\n!!d\n!INT. E\n"),
        ([Action(text=""), Action(text="a"), Action(text=""), Action(text="b"), Action(text="")],
         "!\n\na\n\n\nb\n\n!\n"),
        ([Action(text="a\n\n  b", centered=True)], "> a <\n> <\n> \\  b <\n"),
        ([Action(text="Title: a")], "\n!Title: a\n"),
        # Transitions and shots
        ([Transition(text="FADE IN:")], "\nFADE IN:\n"),
        ([Transition(text="CUT TO:"), Transition(text="a <")], "\nCUT TO:\n\n> a \\<\n"),
        ([Shot(text="INSERT - THE NOTE"), Shot(text="the ball [[")],
         "INSERT - THE NOTE\n\n!the ball \\[[ [[shot]]\n"),
        # What is not printed
        ([Section(text="# A", level=2), Synopsis(text="=="), PageBreak()], "## # A\n\n= ==\n\n===\n"),
        ([Note(text="a]\n\nb]"), Boneyard(text="  a"), Boneyard(text="a\n\nb")],
         "[[a]\n  \nb] ]]\n\n/*   a */\n\n/*\na\n\nb\n*/\n"),
        ([Action(text=r"[[a]] \[[b /* c */")], "\\[[a]] \\\\[[b \\/* c */\n"),
        ([], ""),
    ],
)  # fmt: skip
def test_text_stands_as_plainly_as_it_can(elements: list[Element], text: str) -> None:
    screenplay = Screenplay(elements=tuple(elements))
    assert render(screenplay) == text
    assert read(text) == screenplay


@pytest.mark.parametrize(
    ("title_page", "text"),
    [
        ({"Title": ("A",), "Contact": ("1 Quay", "Port: Town"), "Notes": ()},
         "Title: A\nContact:\n    1 Quay\n    Port: Town\nNotes:\n\nDust.\n"),
        ({"Mood": ("blue",)}, "\\Mood: blue\n\nDust.\n"),
        ({"Mood": ("blue",), "Show": ("A",)}, "Mood: blue\nShow: A\n\nDust.\n"),
        ({"Title": ("A",), "INT. B": ("c",), "d:e": ("f",)}, "Title: A\n\\INT. B: c\n\\d\\:e: f\n\nDust.\n"),
    ],
)  # fmt: skip
def test_title_pages(title_page: dict[str, tuple[str, ...]], text: str) -> None:
    screenplay = Screenplay(title_page=title_page, elements=(Action(text="Dust."),))
    assert render(screenplay) == text
    assert read(text) == screenplay
