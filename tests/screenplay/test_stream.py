import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screenplay.elements import (
    Action,
    Boneyard,
    Character,
    Dialogue,
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
from screenplay.errors import GrammarError, ReadWarning
from screenplay.stream import AND, CAST, END, SCENE, TOKENS, carried, decode, element_of, encode, letters, show

FILM = Screenplay(
    title_page={"Title": ("LANES",)},
    elements=(
        Transition(text="FADE IN:"),
        SceneHeading(text="INT. LANES - NIGHT", number="1"),
        Action(text="A pin falls."),
        Character(name="GUS", extension="V.O."),
        Parenthetical(text="softly"),
        Dialogue(text="Finally."),
        Note(text="too soft?"),
        Character(name="LEVON", dual=True),
        Dialogue(text="What?"),
        Action(text=""),
        PageBreak(),
        SceneHeading(text="EXT. LOT - DAY"),
        Section(text="Two"),
        Shot(text="WIDER"),
        Action(text="THE END", centered=True),
    ),
)


def named(text: str) -> str:
    for name, token in TOKENS.items():
        text = text.replace(f"<{name}>", token)
    return text


def words() -> st.SearchStrategy[str]:
    return st.text(min_size=1).filter(lambda text: any(not c.isspace() and c.isprintable() for c in text))


@st.composite
def screenplays(draw: st.DrawFn) -> Screenplay:
    kinds = st.sampled_from([
        lambda: SceneHeading(text=draw(words()), number=draw(st.none() | words())),
        lambda: Action(text=draw(st.text()), centered=draw(st.booleans())),
        lambda: Character(name=draw(words()), extension=draw(st.none() | words()), dual=draw(st.booleans())),
        lambda: Parenthetical(text="x" + draw(st.text())),
        lambda: Dialogue(text=draw(words())),
        lambda: Lyric(text=draw(words())),
        lambda: Transition(text=draw(words())),
        lambda: Shot(text=draw(words())),
        lambda: Section(text=draw(words())),
        lambda: Synopsis(text=draw(words())),
        lambda: Note(text="x" + draw(st.text())),
        lambda: Boneyard(text="x" + draw(st.text())),
        PageBreak,
    ])  # fmt: skip
    return Screenplay(elements=tuple(make() for make in draw(st.lists(kinds, max_size=12))))


def test_stream_reads_as_documented() -> None:
    assert show(encode(FILM)) == (
        "⟨transition⟩FADE IN:⟨scene⟩INT. LANES - NIGHT⟨cast⟩GUS⟨and⟩LEVON⟨action⟩A pin falls."
        "⟨character⟩GUS⟨extension⟩V.O.⟨parenthetical⟩softly⟨dialogue⟩Finally.⟨dual⟩LEVON⟨dialogue⟩What?"
        "⟨scene⟩EXT. LOT - DAY⟨shot⟩WIDER⟨centered⟩THE END⟨end⟩"
    )


def test_cast_stands_in_order_of_first_speech() -> None:
    speech = (Character(name="B"), Dialogue(text="x"), Character(name="A"), Dialogue(text="y"), Character(name="B"))
    stream = encode(Screenplay(elements=(SceneHeading(text="BAR"), *speech, Dialogue(text="z"))))
    assert stream.startswith(f"{SCENE}BAR{CAST}B{AND}A{TOKENS['character']}B")


@given(screenplays())
def test_decoding_gives_back_what_is_carried(screenplay: Screenplay) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReadWarning)
        kept = carried(screenplay)
        assert decode(encode(screenplay)) == kept
        assert carried(kept) == kept
        assert encode(kept) == encode(screenplay)


def test_text_cannot_forge_a_token() -> None:
    forged = Screenplay(elements=(Action(text=f"a{TOKENS['scene']}b\ue01fc"),))
    with pytest.warns(ReadWarning, match="private-use"):
        stream = encode(forged)
    assert decode(stream).elements == (Action(text="a\ufffdb\ufffdc"),)


def test_text_that_spells_a_token_stays_text() -> None:
    screenplay = Screenplay(elements=(Action(text="⟨scene⟩INT. BAR⟨end⟩"),))
    assert decode(encode(screenplay)) == screenplay


def test_letters_leave_out_spaces_tokens_and_cast_headers() -> None:
    expected = "FADEIN:INT.LANES-NIGHTApinfalls.GUSV.O.softlyFinally.LEVONWhat?EXT.LOT-DAYWIDERTHEEND"
    assert letters(encode(FILM)) == len(expected)


@pytest.mark.parametrize(
    "stream",
    ["", "<scene>BAR", "x<end>", "<cast>A<end>", "<action>a<cast>A<end>", "<action>a<extension>V.O.<end>",
     "<scene><end>", "<action> <end>", "<dialogue>\n<end>", "<character>A<extension><dialogue>x<end>",
     "<scene>BAR<end><action>a<end>", "<parenthetical>()<end>", "<scene>BAR<and>A<end>"],
)  # fmt: skip
def test_a_broken_stream_is_refused(stream: str) -> None:
    with pytest.raises(GrammarError):
        decode(named(stream))


def test_every_token_belongs_to_an_element() -> None:
    assert {element_of(token) for token in TOKENS.values()} == {
        "scene_heading", "cast", "action", "character", "parenthetical", "dialogue", "lyric", "transition", "shot",
        "end",
    }  # fmt: skip
    assert element_of(END) == "end"
