"""What the reader of laid-out text guesses is named, and what it may not guess is kept."""

import warnings

import pytest

from screenplay.elements import Action, Character, Dialogue, Parenthetical
from screenplay.errors import ReadWarning
from screenplay.readers import layout
from screenplay.readers.layout_features import facts
from screenplay.readers.layout_lines import cut, measure

SPEECHES = (
    ("WALTER", "Who left this here? I want a name."),
    ("DUDE", "It was like that when I came in, man."),
    ("WALTER", "And nobody thought to ask."),
    ("DUDE", "Nobody was here to ask."),
)
FLAT = "INT. BAR - NIGHT\n\nNobody answers.\n\n" + "".join(f"{name}\n{said}\n\n" for name, said in SPEECHES * 3)
LAID_OUT = "INT. BAR - NIGHT\n\nNobody answers.\n\n" + "".join(
    f"{'':20}{name}\n{'':10}{said}\n\n" for name, said in SPEECHES * 3
)


def test_lost_indentation_is_named() -> None:
    with pytest.warns(ReadWarning, match=r"^bar.txt:5: the lines have no indentation; speech is told from action"):
        assert len(layout.read(FLAT, source="bar.txt").elements) == 26


def test_lost_blank_lines_are_named_too() -> None:
    with pytest.warns(ReadWarning, match="no indentation and blank lines"):
        layout.read(FLAT.replace("\n\n", "\n"))


def test_places_taken_for_scenes_are_named() -> None:
    told = "He looks around for a long time, and then he goes out again. Nobody saw him come.\n\n" * 12
    page = f"WALTER'S HOUSE\n\n{told}BOWLING ALLEY\n\n{told}"
    expected = r"few scenes open with INT\. or EXT\.: .*\(1 lines, the first 'BOWLING ALLEY'"
    with pytest.warns(ReadWarning, match=expected):
        layout.read(page)


def test_nothing_is_said_where_the_page_tells() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        layout.read(LAID_OUT)


@pytest.mark.parametrize("line", ["Finally...", "FREEZE FRAME", "PROJECTIONIST 1 (Mr James)"])
def test_a_line_that_comes_back_now_and_then_is_no_running_head(line: str) -> None:
    page = f"\f{line}\n\nHe waits.\n\n" + (LAID_OUT + "\n") * 30
    reading = layout.scan(page * 4)
    assert "furniture" not in reading.tags
    assert reading.tags.count("blank") == (page * 4).count("\n\n") + 4 * 30


def test_two_spaces_after_a_sentence_are_no_room_for_a_word() -> None:
    said = (
        "It is more than we ever thought.  They\nhave not said a word of it.  Well, it is\n"
        "not for me to say what they may do now."
    )
    page = "INT. BAR - NIGHT\n\n" + "".join(
        f"{'':20}WALTER\n" + "".join(f"{'':10}{line}\n" for line in said.split("\n")) + "\nHe waits.\n\n"
        for _ in range(20)
    )
    speech = next(e for e in layout.read(page).elements if isinstance(e, Dialogue))
    assert "\n" not in speech.text


def test_scene_numbers_do_not_move_the_margin() -> None:
    page = "".join(f"{n:<7}INT. BAR - NIGHT{'':40}{n}\n\n       Rain on the window.\n\n" for n in range(1, 40))
    assert facts(measure(list(cut(page)[0]))).left == 7


def test_an_extension_below_the_name_belongs_to_it() -> None:
    first = f"{'':20}GUS\n{'':15}(V.O.)\n{'':15}(softly)\n{'':10}No.\n\n"
    page = f"INT. BAR - NIGHT\n\n{first}{'':20}IRIS\n{'':10}(O.S.) Yes.\n"
    assert layout.read(page).elements[1:] == (
        Character(name="GUS", extension="V.O."), Parenthetical(text="softly"), Dialogue(text="No."),
        Character(name="IRIS", extension="O.S."), Dialogue(text="Yes."),
    )  # fmt: skip


def test_revision_stars_in_the_left_margin() -> None:
    page = LAID_OUT.replace("Nobody answers.", "*   Nobody answers.")
    assert layout.read(page).elements[1] == Action(text="Nobody answers.")
