import pytest
from tiny import tiny_screenplay

from model.constraints import Alphabet, Constraint, GrammarConstraint
from model.copying import CopyGuard, CopyIndex, plain
from model.length_guard import LengthGuard
from model.lengths import Span
from model.lexicon import Lexicon, LexiconConstraint, words_of
from model.loops import LoopGuard
from model.marks import CapitalsConstraint, DashConstraint, PunctuationConstraint
from model.speakers import CastConstraint, DebtConstraint, TurnConstraint
from model.vocabulary import UNKNOWN
from screenplay.errors import GrammarError
from screenplay.stream import TOKENS, encode

ALPHABET: Alphabet = (UNKNOWN, *TOKENS.values(), *"ABCDEFGHIJKLMNOPQRSTUVWXYZ .abcdefghijklmnopqrstuvwxyz2")
OPENERS = {"action", "centered", "character", "transition", "shot"}


def named(text: str) -> str:
    for name, token in TOKENS.items():
        text = text.replace(f"<{name}>", token)
    return text


def after(constraint: Constraint, text: str) -> Constraint:
    for symbol in named(text):
        constraint = constraint.advance(symbol)
    return constraint


def permitted(constraint: Constraint, alphabet: Alphabet) -> set[str]:
    """What may come next, by the mask and one by one."""
    mask = constraint.mask()
    found = set(alphabet) if mask is None else {s for s, ok in zip(alphabet, mask, strict=True) if ok}
    assert {symbol for symbol in alphabet if constraint.allows(symbol)} == found
    return found


def allowed(constraint: Constraint) -> set[str]:
    return allowed_of(constraint, ALPHABET)


def allowed_of(constraint: Constraint, alphabet: Alphabet) -> set[str]:
    names = {token: name for name, token in TOKENS.items()}
    return {names.get(symbol, symbol) for symbol in permitted(constraint, alphabet)}


def test_grammar_forbids_what_the_grammar_forbids() -> None:
    constraint = GrammarConstraint(ALPHABET)
    assert allowed(constraint) == OPENERS | {"scene", "end"}
    assert "a" not in allowed(after(constraint, "<scene>"))
    with pytest.raises(GrammarError):
        after(constraint, "<scene>a")


def test_the_unknown_is_never_written() -> None:
    assert UNKNOWN not in allowed(after(GrammarConstraint(ALPHABET), "<scene>BAR<action>A"))


@pytest.mark.parametrize(
    ("text", "may_follow"),
    [
        ("<cast>", {"G", "L", "M"}),
        ("<cast>M", {"A"}),
        ("<cast>MAN", {" ", "and"} | OPENERS),
        ("<cast>MAN ", {"2"}),
        ("<cast>MAN 2", {"and"} | OPENERS),
        ("<cast>MAN 2<and>", {"G", "L", "M"}),
        ("<cast>GUS<and>LEVON<and>MAN<and>MAN 2", OPENERS),
        ("<cast>GUS<action>A<character>", {"G"}),
        ("<cast>GUS<and>MAN<action>A<character>M", {"A"}),
    ],
)
def test_names_are_spelled_as_they_are_known(text: str, may_follow: set[str]) -> None:
    constraint = after(CastConstraint(ALPHABET, ("GUS", "LEVON", "MAN", "MAN 2")), "<scene>BAR" + text)
    grammar = after(GrammarConstraint(ALPHABET), "<scene>BAR" + text)
    assert allowed(constraint) & allowed(grammar) == may_follow


def test_a_name_that_begins_another_may_end_or_go_on() -> None:
    constraint = after(
        CastConstraint(ALPHABET, ("MAN", "MAN 2")), "<scene>BAR<cast>MAN<and>MAN 2<action>A<character>MAN"
    )
    assert {" ", "dialogue", "extension"} <= allowed(constraint)


def test_nobody_speaks_in_a_scene_without_a_header() -> None:
    constraint = after(CastConstraint(ALPHABET, ("GUS",)), "<scene>BAR<cast>GUS<action>A<scene>BAR<action>A")
    assert allowed(constraint) >= {"cast", "action", "scene"}
    assert not allowed(constraint) & {"character", "dual"}


def test_where_nobody_is_known_nobody_is_listed() -> None:
    assert not allowed(after(CastConstraint(ALPHABET, ()), "<scene>BAR")) & {"character", "dual", "cast"}


KNOWN = ("GUS", "LEVON", "MAN")


def test_a_header_lists_as_many_as_it_is_told() -> None:
    for size in range(4):
        constraint = after(CastConstraint(ALPHABET, KNOWN, size=size), "<scene>BAR")
        assert ("cast" in allowed(constraint)) == (size > 0)
        assert allowed(constraint) & OPENERS == (OPENERS - {"character"} if size == 0 else set())
        assert not allowed(constraint) & {"dual"}
        for listed, name in enumerate(KNOWN[:size], start=1):
            constraint = after(constraint, ("<cast>" if listed == 1 else "<and>") + name)
            assert ("and" in allowed(constraint)) == (listed < size)
            assert bool(allowed(constraint) & OPENERS) == (listed == size)


def test_a_header_lists_no_more_than_are_known() -> None:
    constraint = after(CastConstraint(ALPHABET, KNOWN, size=9), "<scene>BAR<cast>GUS<and>LEVON<and>MAN")
    assert "and" not in allowed(constraint)
    nobody = after(CastConstraint(ALPHABET, (), size=9), "<scene>BAR")
    assert "cast" not in allowed(nobody)


def test_nobody_answers_themselves() -> None:
    guard = TurnConstraint(ALPHABET, CastConstraint(ALPHABET, ("GUS", "GUST")))
    start = after(guard, "<scene>BAR<cast>GUS<and>GUST<action>A.<character>GUS")
    assert allowed(start) == allowed(guard)
    again = after(start, "<dialogue>a.<character>GUS")
    assert allowed(guard) - allowed(again) == {*TOKENS}
    assert allowed(after(again, "T")) == allowed(guard)
    assert allowed(guard) - allowed(after(again, "T<dialogue>a.<character>GUS")) == {"T"}
    assert allowed(after(start, "<dialogue>a.<action>A.<character>GUS")) == allowed(guard)
    alone = after(guard, "<scene>BAR<cast>GUS<character>GUS<dialogue>a.<character>")
    assert allowed(guard) - allowed(alone) == {"G"}


def test_whom_the_user_named_speaks() -> None:
    start = after(DebtConstraint(ALPHABET, ("GUS", "MAN 2")), "<scene>BAR<cast>GUS<and>MAN 2<and>LEVON<action>A.")
    assert not allowed(start) & {"scene", "end"}
    speech = "<character>LEVON<dialogue>a."
    assert {"A", "G", "L", "dialogue"} <= allowed(after(start, "<character>"))
    late = after(start, speech + speech + "<character>")
    assert allowed(late) == {"G", "M"}
    assert allowed(after(late, "MAN")) == {" "}
    assert allowed(after(late, "MAN 2")) == {*TOKENS}
    half = after(late, "MAN 2<dialogue>a.")
    assert not allowed(half) & {"scene", "end"}
    assert {"scene", "end"} <= allowed(after(half, "<character>GUS<dialogue>a."))


@pytest.mark.parametrize(("seed", "size", "span"), [(1, None, Span()), (2, 2, Span(4, 6, 8)), (3, 0, Span(9, 9, 12))])
def test_what_is_allowed_one_by_one_is_what_the_mask_allows(seed: int, size: int | None, span: Span) -> None:
    screenplay = tiny_screenplay(4, seed=seed)
    stream = encode(screenplay)
    alphabet = (UNKNOWN, *sorted({*stream, *TOKENS.values(), *"'!x\""}))
    known = tuple(sorted(set(screenplay.cast)))
    constraints: list[Constraint] = [
        GrammarConstraint(alphabet),
        CastConstraint(alphabet, known, size=size),
        LengthGuard(alphabet, span),
        DebtConstraint(alphabet, (*screenplay.cast, "NOBODY")),
        PunctuationConstraint(alphabet),
        TurnConstraint(alphabet, CastConstraint(alphabet, known)),
        LexiconConstraint(alphabet, Lexicon(tuple(sorted(set(words_of(plain(stream)))))[::2])),
        CopyGuard(alphabet, CopyIndex.of([plain(stream)])),
        LoopGuard(alphabet, limit=4),
    ]
    forbidding = set()
    for symbol in stream:
        forbidding.update(c.name for c in constraints if permitted(c, alphabet) != set(alphabet))
        constraints = [constraint.advance(symbol) for constraint in constraints]
    assert forbidding == {constraint.name for constraint in constraints}


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [
        ("<scene>BAR<action>", {'"', "“", "a"}, {"”"}),
        ("<scene>BAR<action>He says, ", {'"', "“"}, {"”"}),
        ("<scene>BAR<action>He says", {"scene", "a"}, {'"', "“", "”"}),
        ('<scene>BAR<action>He says, "', {"a"}, {'"', "“", "”", "scene"}),
        ('<scene>BAR<action>He says, "No', {'"', "a"}, {"“", "scene"}),
        ('<scene>BAR<action>He says, "No ', {"a"}, {'"', "”", "scene"}),
        ('<scene>BAR<action>He says, "No"', {"scene", " "}, {'"', "”"}),
        ("<scene>BAR<action>He says, “No", {"”"}, {"scene"}),
        ('<scene>BAR<action>He says, "No<action>', {'"', "scene"}, set()),
        ("<scene>BAR<action>I'm done,'", {" ", "scene"}, {"a"}),
        ("<scene>BAR<action>I'm done, '", {"a"}, set()),
        ("<scene>BAR<action>I'", {"a"}, set()),
        ("<scene>BAR<action>Yes,", {" ", "2"}, {",", ".", "a"}),
        ("<scene>BAR<action>Yes, ", {"a"}, set()),
        ("<scene>BAR<action>p.", {"m", "."}, set()),
        ("<scene>BAR<action>Yes!", {" ", "scene"}, {","}),
        ("<scene>BAR<action>Yes.", {" ", "."}, set()),
    ],
)
def test_what_is_quoted_is_closed_again(text: str, yes: set[str], no: set[str]) -> None:
    alphabet = (*ALPHABET, *(symbol for symbol in "\"“”',!" if symbol not in ALPHABET))
    found = allowed_of(after(PunctuationConstraint(alphabet), text), alphabet)
    assert yes <= found
    assert not no & found


@pytest.mark.parametrize(
    ("text", "mark"),
    [("He says", ""), ('He says, "', ""), ('He says, "No', '"'), ('He says, "No ', ""), ("He says, “No", "”")],
)
def test_what_ends_inside_of_a_quotation_closes_it_first(text: str, mark: str) -> None:
    constraint = after(PunctuationConstraint(ALPHABET), f"<scene>BAR<action>{text}")
    assert constraint.instead(TOKENS["action"]) == mark
    assert constraint.instead("a") == ""
    assert not mark or constraint.allows(mark)


@pytest.mark.parametrize(
    ("text", "is_allowed"),
    [
        ("<action>It says HART STEPS ", False),
        ("<action>It says HART STEPS", True),
        ("<action>It says Hart ", True),
        ("<action>It is A ", True),
        ("<action>MONTAGE ", True),
        ("<action>It says NO. ", True),
        ("<scene>INT. McCOY BAR ", True),
        ("<dialogue>It says HART STEPS ", True),
        ("<action>It says HART STEPS <action>MONTAGE ", True),
    ],
)
def test_no_heading_begins_inside_of_action(text: str, is_allowed: bool) -> None:
    alphabet = (*ALPHABET, "-")
    assert ("-" in allowed_of(after(DashConstraint(alphabet), f"<scene>BAR{text}"), alphabet)) is is_allowed


@pytest.mark.parametrize(
    ("text", "may_shout"),
    [
        ("<action>A banner: SPRING STREET BRIDGE P", True),
        ("<action>A banner: SPRING STREET BRIDGE PIER B", False),
        ("<action>A banner: SPRING STREET BRIDGE PIER", True),
        ("<action>A banner: SPRING STREET BRIDGE PIER ", True),
        ("<action>A banner: SPRING STREET'S BRIDGE, A B", False),
        ("<action>A banner: SPRING STREET BRIDGE PIER. He reads it. B", True),
        ("<action>I A I A I A I A B", True),
        ("<character>GUS<dialogue>I AM NOT GOING TO B", True),
    ],
)
def test_signs_are_no_longer_than_signs(text: str, may_shout: bool) -> None:
    alphabet = (*ALPHABET, *(symbol for symbol in "ABDEFIMNOPRSTUGW',:" if symbol not in ALPHABET))
    found = allowed_of(after(CapitalsConstraint(alphabet), text), alphabet)
    assert ("E" in found) == may_shout
    assert {"a", " ", "."} <= found


def test_constraints_are_values() -> None:
    one = CastConstraint(ALPHABET, ("GUS",))
    after(one, "<scene>BAR<cast>GUS")
    assert one == CastConstraint(ALPHABET, ("GUS",))
