"""What scraped scripts have on top: page furniture, numbers, lost columns; and stage plays as plain text."""

import pytest

from screenplay.elements import Action, Character, Dialogue, Parenthetical, SceneHeading, Shot, Transition
from screenplay.readers import layout
from screenplay.readers.layout_title import title_page

SPEECH = """\
INT. DINER - NIGHT

Rain on the window. The last two customers sit apart.

                    WALTER
          I said it once and I will say
{}
          it again, and then nobody here
          will ever hear it from me again.

He pays and goes out into the rain.
"""
WHOLE = "I said it once and I will say it again, and then nobody here will ever hear it from me again."
BREAKS = {
    "page number": "\n                                                  64.\n",
    "more": "                    (MORE)\n\n                                                  64.\n\n"
    "                    WALTER (CONT'D)",
    "more and a bare cue": "                    (MORE)\n\n                                                  64.\n\n"
    "                    WALTER",
    "continued": "\n(CONTINUED)\n\n                                                  64.\n\nCONTINUED:\n\n"
    "                    WALTER (CONT'D)",
    "running head": "\nTHE LAST DINER - Blue Revisions - 3/4/30                    64.\n",
    "dashes": "\n                        - 64 -\n",
}


@pytest.mark.parametrize("case", BREAKS)
def test_a_speech_goes_on_over_the_page(case: str) -> None:
    reading = layout.scan(SPEECH.format(BREAKS[case]))
    assert reading.screenplay.elements[2:4] == (Character(name="WALTER"), Dialogue(text=WHOLE))
    assert isinstance(reading.screenplay.elements[4], Action)
    assert "furniture" in reading.tags


def test_a_cue_that_no_page_break_repeats_stays() -> None:
    page = SPEECH.format("          it all.\n\nHe looks up.\n\n                    WALTER (CONT'D)")
    assert Character(name="WALTER", extension="CONT'D") in layout.read(page).elements


def test_action_goes_on_over_the_page() -> None:
    number = " " * 50 + "12."
    page = f"INT. DINER - NIGHT\n\nHe takes the cup and\n\n{number}\n\nputs it down.\n\nRain.\n"
    assert layout.read(page).elements[1:] == (Action(text="He takes the cup and puts it down."), Action(text="Rain."))


@pytest.mark.parametrize(
    ("line", "text", "number"),
    [
        ("12   INT. DINER - NIGHT", "INT. DINER - NIGHT", "12"),
        ("12   INT. DINER - NIGHT                                12", "INT. DINER - NIGHT", "12"),
        ("A12B INT. DINER - NIGHT                              A12B", "INT. DINER - NIGHT", "A12B"),
        ("12. INT. DINER - NIGHT", "INT. DINER - NIGHT", "12"),
        ("INT. ROOM 12 - NIGHT", "INT. ROOM 12 - NIGHT", None),
        ("EXT. DESERT - 1974", "EXT. DESERT - 1974", None),
        ("INT./EXT. CAR - DUSK", "INT./EXT. CAR - DUSK", None),
        ("INTERIOR  DINER -- NIGHT", "INTERIOR DINER -- NIGHT", None),
        ("41-44   OMITTED                                      41-44", "OMITTED", "41-44"),
    ],
)
def test_headings(line: str, text: str, number: str | None) -> None:
    page = f"{line}\n\nRain on the window.\n\n13   EXT. ROAD - NIGHT\n\nCars.\n"
    assert layout.read(page).elements[0] == SceneHeading(text=text, number=number)


def test_what_a_site_prints_around_a_script_is_furniture() -> None:
    page = (
        "<!-- if (top)\n go() // -->\n\nINT. BAR - NIGHT\n\nRain.\n\nGenres : Comedy\nUser Comments\nBack to Scripts\n"
    )
    reading = layout.scan(page)
    assert reading.screenplay.elements == (SceneHeading(text="INT. BAR - NIGHT"), Action(text="Rain."))
    assert reading.tags.count("furniture") == 5


TOLD = (
    "He looks around for a long time, and then he goes out again.\n\n",
    "A dog lies on the porch. It does not get up for him, and it\nnever has.\n\n",
    "                    WALTER\n          Who left this here? I want a name.\n\n",
    "Nobody answers. The phone rings twice and stops.\n\n",
    "                    DUDE\n          It was like that when I came in, man.\n\n",
)


@pytest.mark.filterwarnings("ignore:.*few scenes open:screenplay.errors.ReadWarning")
def test_bare_places_are_scenes_where_there_are_no_other_headings() -> None:
    told = "".join(TOLD)
    page = f"WALTER'S HOUSE\n\n{told * 3}CLOSE ON THE BALL\n\n{TOLD[0]}BOWLING ALLEY\n\n{told * 3}DUDE'S CAR\n\n{told}"
    found = [(e.kind, e.text) for e in layout.read(page).elements if isinstance(e, SceneHeading | Shot)]
    assert found == [
        ("scene_heading", "WALTER'S HOUSE"), ("shot", "CLOSE ON THE BALL"), ("scene_heading", "BOWLING ALLEY"),
        ("scene_heading", "DUDE'S CAR"),
    ]  # fmt: skip


PLAY_COLON = """\
First Citizen:
Before we proceed any further, hear me speak.

All:
Speak, speak.

First Citizen:
You are all resolved rather to die than to famish?

All:
Resolved. resolved.

First Citizen:
First, you know Caius Marcius is chief enemy to the people.

All:
We know't, we know't.
"""


def test_names_with_colons_above_the_speech() -> None:
    elements = layout.read(PLAY_COLON).elements
    assert [element.kind for element in elements] == ["character", "dialogue"] * 6
    assert elements[0] == Character(name="First Citizen")
    assert elements[3] == Dialogue(text="Speak, speak.")


PLAY = """\
ACT I

SCENE 1

A room in the house of the Colonel. A table with a lamp.

MARTA. I have told you already, Josef, that I do not want
    the lamp in here.

JOSEF. [Taking the lamp] And where is it to go? There is no
    other table in the house.

[He puts it on the floor.]

MARTA. There. It will do very well there.

JOSEF. Until somebody falls over it. Well, it is your house,
    and I suppose that it is your neck.

MARTA. It is.
"""


def test_speech_on_the_line_of_the_name() -> None:
    elements = layout.read(PLAY).elements
    assert elements[3:] == (
        Character(name="MARTA"),
        Dialogue(text="I have told you already, Josef, that I do not want the lamp in here."),
        Character(name="JOSEF"),
        Parenthetical(text="Taking the lamp"),
        Dialogue(text="And where is it to go? There is no other table in the house."),
        Action(text="He puts it on the floor."),
        Character(name="MARTA"),
        Dialogue(text="There. It will do very well there."),
        Character(name="JOSEF"),
        Dialogue(text="Until somebody falls over it. Well, it is your house, and I suppose that it is your neck."),
        Character(name="MARTA"),
        Dialogue(text="It is."),
    )


def test_directions_in_the_cues_of_a_play() -> None:
    page = PLAY.replace("JOSEF. Until", "JOSEF (aside). Until").replace("MARTA. There", "MARTA (off). There")
    elements = layout.read(page).elements
    assert Character(name="MARTA", extension="off") in elements
    assert elements[elements.index(Parenthetical(text="aside")) - 1] == Character(name="JOSEF")


TWO = """\
They both speak up.

          WALTER                          DONNY
     This is not a game. There       I am the walrus. I have
     are rules here.                 been one for years and
                                     nobody said a word.

They stop.
"""


def test_speeches_side_by_side() -> None:
    reading = layout.scan(TWO)
    assert reading.screenplay.elements == (
        Action(text="They both speak up."),
        Character(name="WALTER"),
        Dialogue(text="This is not a game. There are rules here."),
        Character(name="DONNY", dual=True),
        Dialogue(text="I am the walrus. I have been one for years and nobody said a word."),
        Action(text="They stop."),
    )
    assert reading.tags[2:6] == ("character", "dialogue", "dialogue", "dialogue")


def test_a_table_of_names_is_no_pair_of_speeches() -> None:
    page = (
        "INT. BAR - NIGHT\n\nThe credits roll.\n\n     WALTER         ANN BELL\n     DONNY          BO COLE\n\nRain.\n"
    )
    assert not any(isinstance(element, Character) and element.dual for element in layout.read(page).elements)


def test_speech_and_action_in_one_column_without_blank_lines() -> None:
    page = """\
          INT. STORE - DAY

          Trevor leans on the counter. Jay comes in.

                         JAY
          That's it? I thought you had a whole
          lot more of them.
          Jay picks up the last one and looks at it.

                         TREVOR
          It's the last one in town.
          He shrugs and puts it back.

                         JAY
          I'll take it.
"""
    kinds = [element.kind for element in layout.read(page).elements]
    assert kinds == ["scene_heading", "action", *["character", "dialogue", "action"] * 2, "character", "dialogue"]


@pytest.mark.parametrize(
    ("lines", "page"),
    [
        (
            [("DINER", 0), ("Written by", 1), ("Ann Bell", 1), ("3/4/30", 2)],
            {"Title": ("DINER",), "Credit": ("Written by",), "Author": ("Ann Bell",), "Draft date": ("3/4/30",)},
        ),
        (
            [("THE LAST", 0), ("DINER", 0), ("by", 1), ("Ann Bell", 1), ("Bo Cole", 0)],
            {"Title": ("THE LAST", "DINER"), "Credit": ("by",), "Authors": ("Ann Bell", "Bo Cole")},
        ),
        ([("Title: A", 0), ("Contact: x@y.org", 0)], {"Title": ("A",), "Contact": ("x@y.org",)}),
        ([("A", 0), ("Based on the novel", 1), ("Nobody reads this", 3)], {
            "Title": ("A",), "Source": ("Based on the novel",), "Notes": ("Nobody reads this",),
        }),
    ],
)  # fmt: skip
def test_title_pages(lines: list[tuple[str, int]], page: dict[str, tuple[str, ...]]) -> None:
    assert title_page(lines) == page


def test_a_line_left_of_two_columns_is_no_part_of_them() -> None:
    page = TWO.replace("nobody said a word.\n\nThey", "nobody said a word.\nThey")
    elements = layout.read(page).elements
    assert elements[-1] == Action(text="They stop.")
    assert elements[3] == Character(name="DONNY", dual=True)


def test_a_transition_in_a_narrow_column() -> None:
    page = f"INT. BAR - NIGHT\n\nRain.\n\n{'':50}DISSOLVE\n{'':53}INTO:\n\nINT. CAR - NIGHT\n\nRain.\n"
    assert layout.read(page).elements[2] == Transition(text="DISSOLVE INTO:")


def test_a_bracket_in_the_column_of_the_speech_is_spoken() -> None:
    direction = f"{'':20}JOSEF\n{'':15}(softly)\n{'':10}You may be right about the lamp.\n\n"
    said = (
        f"{'':20}MARTA\n{'':10}When a man makes an unsuitable\n{'':10}(nobody's fault, you know, but\n"
        f"{'':10}purely accidental) purchase, he says so.\n\n"
    )
    page = "INT. BAR - NIGHT\n\nRain.\n\n" + (direction + said) * 5
    whole = "When a man makes an unsuitable (nobody's fault, you know, but purely accidental) purchase, he says so."
    assert Dialogue(text=whole) in layout.read(page).elements
