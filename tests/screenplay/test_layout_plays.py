"""Stage plays as people have them in plain text: where the name stands, what marks it, where directions stand."""

import pytest

from screenplay.elements import Action, Character, Dialogue, Element, Parenthetical
from screenplay.readers import layout
from screenplay.readers.layout_words import play_cue

PLOT: tuple[tuple[str, ...], ...] = (
    ("MRS. HOLLIS", "Who left the lamp in here? I have told you all a dozen times that it smokes."),
    ("JOSEF", "[Taking the lamp] And where is it to go? There is no other table in the house."),
    ("MRS. HOLLIS", "There."),
    ("1ST PORTER", "Begging your pardon, madam, but the trunk will not go up the stairs."),
    ("JOSEF", "It went down them. [To the Porter] Push."),
    ("MRS. HOLLIS", "Josef!"),
    ("1ST PORTER", "We have pushed, sir. There were four of us, and one has gone home to his wife."),
    ("JOSEF", "Then leave it where it is, and I shall sleep on the landing. [Exit.]"),
    ("MRS. HOLLIS", "He will, too."),
)
SPOKEN: tuple[Element, ...] = (
    Character(name="MRS. HOLLIS"),
    Dialogue(text="Who left the lamp in here? I have told you all a dozen times that it smokes."),
    Character(name="JOSEF"),
    Parenthetical(text="Taking the lamp"),
    Dialogue(text="And where is it to go? There is no other table in the house."),
    Character(name="MRS. HOLLIS"),
    Dialogue(text="There."),
    Character(name="1ST PORTER"),
    Dialogue(text="Begging your pardon, madam, but the trunk will not go up the stairs."),
    Character(name="JOSEF"),
    Dialogue(text="It went down them."),
    Parenthetical(text="To the Porter"),
    Dialogue(text="Push."),
    Character(name="MRS. HOLLIS"),
    Dialogue(text="Josef!"),
    Character(name="1ST PORTER"),
    Dialogue(text="We have pushed, sir. There were four of us, and one has gone home to his wife."),
    Character(name="JOSEF"),
    Dialogue(text="Then leave it where it is, and I shall sleep on the landing."),
    Parenthetical(text="Exit."),
    Character(name="MRS. HOLLIS"),
    Dialogue(text="He will, too."),
)
FORMS = {
    "name and stop": "{name}. {speech}\n\n",
    "name and colon": "{name}: {speech}\n\n",
    "no blank lines": "{name}: {speech}\n",
    "name and dashes": "{name}.--{speech}\n\n",
    "name in italics": "_{name}._ {speech}\n\n",
    "name above, with a colon": "{name}:\n{speech}\n\n",
    "name above, with a stop": "{name}.\n{speech}\n\n",
    "name above": "{name}\n{speech}\n\n",
    "name beside": "{name:<15}{speech}\n\n",
    "name and tab": "{name}\t{speech}\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_speeches_are_found_wherever_the_name_stands(form: str) -> None:
    page = "".join(FORMS[form].format(name=name, speech=speech) for name, speech in PLOT)
    assert layout.read(page).elements == SPOKEN


def test_directions_between_marks_for_italics() -> None:
    page = "".join(f"_{name}._ {speech}\n\n".replace("[", "[_").replace("]", "_]") for name, speech in PLOT)
    assert layout.read(f"{page}[_He goes up the stairs, and it is heard that he falls._]\n").elements == (
        *SPOKEN,
        Action(text="He goes up the stairs, and it is heard that he falls."),
    )


def test_round_brackets_are_directions_where_a_sentence_may_end() -> None:
    page = "".join(f"{name}: {speech}\n\n".replace("[", "(").replace("]", ")") for name, speech in PLOT)
    aside = "JOSEF: My trunk (the large one, that is) went down. (laughs) It did, (pause) it did.\n"
    assert layout.read(page + aside).elements == (
        *SPOKEN,
        Character(name="JOSEF"),
        Dialogue(text="My trunk (the large one, that is) went down."),
        Parenthetical(text="laughs"),
        Dialogue(text="It did, (pause) it did."),
    )


@pytest.mark.parametrize(
    ("line", "name", "speech"),
    [
        ("MRS. HOLLIS. Dr. Kay, you are late.", "MRS. HOLLIS", "Dr. Kay, you are late."),
        ("Capt. Rowe and Mr. Bell: Never!", "Capt. Rowe and Mr. Bell", "Never!"),
        ("1st Porter. Push.", "1st Porter", "Push."),
        ("甲：你好。", "甲", "你好。"),
        ("甲:你好。", "甲", "你好。"),
        ("**MARTA:** No.", "MARTA", "No."),
    ],
)
def test_where_a_name_ends(line: str, name: str, speech: str) -> None:
    cue = play_cue(line)
    assert cue is not None
    assert (cue["name"], line[cue.end() :].strip()) == (name, speech)


@pytest.mark.parametrize("line", ["12 INT. BAR", "10:30 at night", "He said so", "MARTA:no", "http://x.org"])
def test_what_is_no_name(line: str) -> None:
    assert play_cue(line) is None


def test_a_table_of_who_plays_whom_is_no_play() -> None:
    page = "INT. BAR - NIGHT\n\nThe bill hangs on the door.\n\n" + "".join(
        f"{name:<20}Played by {who}\n" for name, who in (("MARTA", "Ann"), ("JOSEF", "Bo"), ("OTTO", "Cy")) * 1
    )
    assert not any(isinstance(element, Character) for element in layout.read(page).elements)
