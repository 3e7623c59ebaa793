import pytest
from hypothesis import given
from hypothesis import strategies as st

from screenplay.errors import GrammarError
from screenplay.grammar import START, SUCCESSORS, State, check, slips
from screenplay.stream import END, SCENE, TOKENS, decode, encode


def named(text: str) -> str:
    for name, token in TOKENS.items():
        text = text.replace(f"<{name}>", token)
    return text


GOOD = [
    "<end>",
    "<transition>FADE IN:<scene>INT. BAR - DAY<action>Rain.<end>",
    "<scene>INT. BAR<cast>GUS<and>LEVON<action>A pin.<character>GUS<dialogue>No.<character>LEVON<dialogue>Yes.<end>",
    "<scene>BAR<cast>GUS<character>GUS<extension>V.O.<parenthetical>low<dialogue>No.<parenthetical>beat<dialogue>Yes.<end>",
    "<scene>BAR<cast>A<and>B<character>A<dialogue>No.<dual>B<dialogue>Yes.<end>",
    "<scene>BAR<cast>A<character>A<lyric>La<lyric>la<dialogue>There.<parenthetical>bows<action>Applause.<end>",
    "<scene>BAR<action>One line.\nAnother.<shot>WIDER<centered>THE END<transition>CUT TO:<end>",
    "<scene>2ND STREET BAR - DAY<action>Two  spaces are the old way.<end>",
    "<scene>БАР - НОЧЬ<cast>ΝΊΚΟΣ<character>ΝΊΚΟΣ<dialogue>Ναι.<end>",
    "<action>Overture.<character>MAN #2<dialogue>Hush.<end>",
]
BAD = [
    ("text before any token", "x"),
    ("speech without a cue", "<scene>BAR<dialogue>x"),
    ("scene without anything below its heading", "<scene>BAR<end>"),
    ("heading below a heading", "<scene>BAR<scene>BAR"),
    ("lower case in a heading", "<scene>BaR"),
    ("heading that begins with a mark", "<scene>.BAR"),
    ("cast without a heading", "<action>x<cast>GUS"),
    ("two cast headers", "<scene>BAR<cast>GUS<cast>GUS"),
    ("lower case in a cue", "<scene>BAR<character>McRAE"),
    ("cue without words", "<scene>BAR<character>GUS<action>x"),
    ("cue of no letters", "<scene>BAR<character><dialogue>x"),
    ("direction without words", "<scene>BAR<character>GUS<parenthetical>low<action>x"),
    ("brackets of its own", "<scene>BAR<character>GUS<parenthetical>(low)"),
    ("extension after words", "<scene>BAR<character>GUS<dialogue>x<extension>V.O."),
    ("speech at the same time as an action", "<scene>BAR<action>x<dual>GUS"),
    ("two blocks of words", "<scene>BAR<character>GUS<dialogue>x<dialogue>y"),
    ("empty text", "<scene>BAR<action><end>"),
    ("outer space", "<scene>BAR<action> x"),
    ("space before a token", "<scene>BAR<action>x <end>"),
    ("break before a token", "<scene>BAR<action>x\n<end>"),
    ("two lines in a heading", "<scene>INT.\nBAR"),
    ("two lines in a lyric", "<scene>BAR<character>GUS<lyric>a\nb"),
    ("two spaces in a heading", "<scene>INT.  BAR"),
    ("a tab", "<scene>BAR<action>a\tb"),
    ("a control character", "<scene>BAR<action>a\x07"),
    ("anything after the end", "<end><action>x"),
]


@pytest.mark.parametrize("stream", GOOD)
def test_grammar_accepts(stream: str) -> None:
    assert check(named(stream)).may_end()
    assert slips(named(stream)) == 0


@pytest.mark.parametrize("stream", GOOD)
def test_accepted_streams_decode_without_repair(stream: str) -> None:
    assert encode(decode(named(stream))) == named(stream)


@pytest.mark.parametrize(("fault", "stream"), BAD, ids=[fault for fault, _ in BAD])
def test_grammar_rejects(fault: str, stream: str) -> None:
    with pytest.raises(GrammarError):
        check(named(stream))
    assert slips(named(stream)) == 1


@pytest.mark.parametrize(("fault", "stream"), BAD, ids=[fault for fault, _ in BAD])
def test_only_the_last_symbol_of_each_bad_stream_is_at_fault_or_one_before(fault: str, stream: str) -> None:
    with pytest.raises(GrammarError) as raised:
        check(named(stream))
    column = raised.value.column
    assert column is not None
    check(named(stream)[: column - 1])


def test_the_mask_says_what_advance_accepts() -> None:
    alphabet = (*TOKENS.values(), *"aA1 .(\n\t")
    seen, open_states = {START}, [START]
    while open_states:
        state = open_states.pop()
        for symbol, allowed in zip(alphabet, state.allowed(alphabet), strict=True):
            assert allowed == state.allows(symbol)
            if allowed and state.advance(symbol) not in seen:
                seen.add(state.advance(symbol))
                open_states.append(state.advance(symbol))
    assert {state.place for state in seen} == set(SUCCESSORS)
    dead = [state for state in seen if state.place != "end" and not any(state.allowed(alphabet))]
    assert not dead


def test_states_are_values() -> None:
    one, other = START.advance(SCENE), START.advance(SCENE)
    assert one == other
    assert hash(one) == hash(other)
    assert State() == START


@given(st.lists(st.sampled_from([*TOKENS.values(), "a", "A", " ", "\n"]), max_size=60))
def test_slips_are_none_just_where_check_passes(symbols: list[str]) -> None:
    stream = "".join(symbols)
    try:
        check(stream)
    except GrammarError:
        assert slips(stream) > 0
    else:
        assert slips(stream) == 0


@given(st.lists(st.sampled_from([*TOKENS.values(), "a", "A", " ", "\n"]), max_size=60))
def test_what_the_grammar_accepts_decodes_without_repair(symbols: list[str]) -> None:
    state, stream = START, ""
    for symbol in symbols:
        if state.allows(symbol):
            state, stream = state.advance(symbol), stream + symbol
    while not state.may_end():
        symbol = next(s for s in (END, TOKENS["dialogue"], TOKENS["action"], "A") if state.allows(s))
        state, stream = state.advance(symbol), stream + symbol
    if state.place != "end":
        stream += END
    headerless = encode(decode(stream))
    assert decode(headerless) == decode(stream)
