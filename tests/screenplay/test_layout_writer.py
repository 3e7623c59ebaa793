"""The page as it is typed, and that it reads back."""

from hypothesis import given, settings
from hypothesis import strategies as st

from screenplay.elements import (
    Action,
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
    Transition,
)
from screenplay.page import COLUMNS
from screenplay.readers import layout
from screenplay.writers.layout import render, wrap


def screenplay(*elements: Element, **title: tuple[str, ...]) -> Screenplay:
    return Screenplay(title_page=title, elements=elements)


def test_columns() -> None:
    page = render(
        screenplay(
            Transition(text="FADE IN:"),
            SceneHeading(text="INT. BOWLING ALLEY - NIGHT"),
            Action(text="Balls roll."),
            Character(name="WALTER", extension="O.S."),
            Parenthetical(text="quietly"),
            Dialogue(text="This is not a game. There are rules here, and this is one of them."),
            Transition(text="CUT TO:"),
            Action(text="THE END", centered=True),
        )
    )
    assert page == (
        "FADE IN:\n\n\n"
        "INT. BOWLING ALLEY - NIGHT\n\n"
        "Balls roll.\n\n"
        "                    WALTER (O.S.)\n"
        "               (quietly)\n"
        "          This is not a game. There are rules\n"
        "          here, and this is one of them.\n\n"
        "                                                     CUT TO:\n\n"
        "                          THE END\n"
    )


def test_nothing_to_print() -> None:
    assert render(Screenplay()) == ""
    assert render(screenplay(Section(text="One"), Note(text="cut this"), PageBreak())) == ""


def test_scene_numbers_stand_in_both_margins() -> None:
    line = render(screenplay(SceneHeading(text="INT. BAR - DAY", number="12A"), Action(text="Rain."))).split("\n")[0]
    assert line.startswith("12A    INT. BAR - DAY ")
    assert line.endswith("  12A")


def test_wrapping_cuts_no_word_and_ends_no_line_in_a_hyphen() -> None:
    assert wrap("one two three", 7) == ["one two", "three"]
    assert wrap("Rindfleischetikettierung is long", 10) == ["Rindfleischetikettierung", "is long"]
    assert wrap("he said uh- huh and went", 11) == ["he said", "uh- huh and", "went"]
    assert wrap("", 10) == [""]


TALK = screenplay(
    SceneHeading(text="INT. BOWLING ALLEY - NIGHT"),
    Action(text="They all speak at once, and loudly."),
    Character(name="WALTER"),
    Dialogue(text="This is not a game. There are rules here, and this is one of them."),
    Character(name="DONNY", dual=True),
    Parenthetical(text="cheerful"),
    Dialogue(text="I am the walrus."),
    Action(text="They stop."),
)


def test_two_speeches_stand_side_by_side() -> None:
    lines = render(TALK).split("\n")
    assert lines[4:8] == [
        "        WALTER                          DONNY",
        "This is not a game. There          (cheerful)",
        "are rules here, and this is     I am the walrus.",
        "one of them.",
    ]
    assert layout.read(render(TALK)) == TALK


def test_lyrics_and_the_writers_own_line_ends_read_back() -> None:
    song = screenplay(
        SceneHeading(text="INT. BAR - NIGHT"),
        Action(text="She takes the stage and sings to the empty tables."),
        Character(name="MAUDE"),
        Lyric(text="The rug, the rug, the rug is gone"),
        Lyric(text="And nobody knows where it went"),
        Dialogue(text="Thank you. That was a very old song\nWhich nobody here has ever heard\nbefore tonight."),
        Action(text="The list says:\nmilk\neggs\nbowling shoes"),
    )
    assert layout.read(render(song)) == song


def test_title_page_reads_back() -> None:
    titled = screenplay(
        SceneHeading(text="INT. BAR - NIGHT"),
        Action(text="Rain on the window. Nobody has come in since noon, and nobody will."),
        Title=("THE LAST DINER",),
        Credit=("Written by",),
        Author=("Ann Bell",),
        Contact=("ann@example.org", "12 Rain Street"),
    )
    assert layout.read(render(titled)) == titled


NAMES = st.sampled_from(["WALTER", "DONNY", "MAUDE", "THE STRANGER", "ÉLODIE", "MR. TREEHORN", "GUARD #2"])
PLACES = st.sampled_from(["BOWLING ALLEY", "DINER", "PARKING LOT", "MAUDE'S LOFT", "HIGHWAY 5", "LIVING ROOM"])
TOLD = st.sampled_from(
    [
        "He sits down.", "Walter takes the ball and looks at it for a long time.", "Rain on the window.",
        "The door opens, and Maude comes in with a rug over her shoulder.", "They stare at the empty lane.",
        "She turns off the light.", "A phone rings somewhere behind the bar, and nobody moves to answer it.",
    ]
)  # fmt: skip
SAID = st.sampled_from(
    [
        "Where is my rug?", "I don't know what you mean.", "You want to know what I think? I think you lost.",
        "Yes.", "It was a valued rug. It really held the room together, and now it's gone.", "Who are you?",
        "We can't stay here, they'll be back.", "Nothing is over until I say it is.",
    ]
)  # fmt: skip
HINTS = st.sampled_from(["quietly", "beat", "to Maude", "not looking up"])


@st.composite
def scenes(draw: st.DrawFn) -> list[Element]:
    opening, time = draw(st.sampled_from(["INT.", "EXT."])), draw(st.sampled_from(["DAY", "NIGHT"]))
    elements: list[Element] = [SceneHeading(text=f"{opening} {draw(PLACES)} - {time}")]
    elements.append(Action(text=" ".join(draw(st.lists(TOLD, min_size=1, max_size=4)))))
    for speaks in draw(st.lists(st.booleans(), min_size=1, max_size=8)):
        if not speaks:
            elements.append(Action(text=" ".join(draw(st.lists(TOLD, min_size=1, max_size=3)))))
            continue
        extension = draw(st.sampled_from([None, None, "V.O.", "O.S."]))
        elements.append(Character(name=draw(NAMES), extension=extension))
        if draw(st.booleans()):
            elements.append(Parenthetical(text=draw(HINTS)))
        elements.append(Dialogue(text=" ".join(draw(st.lists(SAID, min_size=1, max_size=4)))))
    if draw(st.booleans()):
        elements.append(draw(st.sampled_from([Transition(text="CUT TO:"), Shot(text="CLOSE ON THE BALL")])))
        if isinstance(elements[-1], Shot):
            elements.append(Action(text=draw(TOLD)))
    return elements


@settings(max_examples=60)
@given(st.lists(scenes(), min_size=2, max_size=4))
def test_ordinary_screenplays_read_back(parts: list[list[Element]]) -> None:
    written = Screenplay(elements=tuple(element for part in parts for element in part))
    page = render(written)
    assert layout.read(page) == written
    assert render(layout.read(page)) == page
    assert all(len(line) <= COLUMNS["action"].width_chars for line in page.split("\n"))


def test_a_line_of_verse_before_i_comes_back() -> None:
    verse = Dialogue(text="The lamp that burned upon the stair\nI never lit, and never will.\nGood night.")
    prose = Dialogue(text="It is late, and the house is cold, and nobody has come to ask for the lamp or for the key.")
    spoken = (Character(name="MARTA"), verse, Character(name="JOSEF"), prose)
    assert layout.read(render(Screenplay(elements=spoken * 40))).elements == spoken * 40
