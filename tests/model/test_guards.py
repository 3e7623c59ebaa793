from __future__ import annotations

from copy import copy
from unittest import mock

import pytest
from tiny import tiny_screenplay

from model.constraints import CastConstraint, Constraint, DebtConstraint, GrammarConstraint, TurnConstraint
from model.copying import CopyGuard, CopyIndex, plain
from model.echoes import EchoGuard, echoes_of
from model.guards import Guards
from model.length_guard import LengthGuard
from model.lengths import Span
from model.lexicon import Lexicon, LexiconConstraint, words_of
from model.loops import LoopGuard
from model.marks import CapitalsConstraint, DashConstraint, PunctuationConstraint
from model.questions import QuestionConstraint
from model.vocabulary import UNKNOWN
from screenplay.stream import ACTION, DIALOGUE, PARENTHETICAL, SCENE, TOKENS, encode, header

LONG = "so many words that no element has room for all of them and then he goes on and on " * 14
ODD = (
    f"{SCENE}INT. BAR - DAY{header(('ANNA', 'BEN'))}{ACTION}Don't go, McCoy -- the LADIES' bar. "
    "He's OUT TO SEE A MAN ABOUT it. I AM. A Dog."
    f"{TOKENS['character']}ANNA{PARENTHETICAL}very quietly, as if to herself or to someone else{DIALOGUE}"
    f"What's that? Who is it. Where did you {LONG}"
)


def guarded(stream: str, span: Span, *, words: bool) -> tuple[Constraint, ...]:
    alphabet = (UNKNOWN, *sorted({*stream, *TOKENS.values(), *"'!x\"-—É"}))
    cast = CastConstraint(alphabet, ("ANNA", "BEN", "GUS", "LEVON"))
    known = Lexicon(tuple(sorted(set(words_of(plain(stream)))))[::2]) if words else Lexicon()
    return (
        GrammarConstraint(alphabet),
        cast,
        LengthGuard(alphabet, span),
        DebtConstraint(alphabet, ("ANNA", "GUS")),
        PunctuationConstraint(alphabet),
        QuestionConstraint(alphabet),
        DashConstraint(alphabet),
        CapitalsConstraint(alphabet),
        LexiconConstraint(alphabet, known),
        CopyGuard(alphabet, CopyIndex.of([plain(stream)])),
        TurnConstraint(alphabet, cast),
        LoopGuard(alphabet, limit=4),
        EchoGuard(alphabet, echoes_of(stream)),
    )


@pytest.mark.parametrize("span", [Span(), Span(2, 4, 6)])
@pytest.mark.parametrize("words", [True, False])
@pytest.mark.parametrize("stream", [encode(tiny_screenplay(3, seed=1)), ODD])
def test_what_is_told_word_by_word_is_allowed_as_symbol_by_symbol(stream: str, span: Span, words: bool) -> None:
    single = guarded(stream, span, words=words)
    guards, alphabet = Guards(single), single[0].alphabet  # type: ignore[attr-defined]
    for place, symbol in enumerate(stream):
        single = tuple(constraint.advance(symbol) for constraint in single)
        guards.tell(symbol)
        for other in alphabet:
            # A copy: who is asked may have to be told of more than the next symbol would have told.
            expected = all(constraint.allows(other) for constraint in single)
            assert copy(guards).allows(other) == expected, (stream[: place + 1], other)
        assert copy(guards).constraints == single


@pytest.mark.parametrize("stream", [encode(tiny_screenplay(3, seed=2)), ODD])
def test_constraints_follow_a_word_as_they_do_its_symbols(stream: str) -> None:
    single, free, followed = guarded(stream, Span(), words=True), "", 0
    for place, symbol in enumerate(stream):
        free = symbol if symbol in TOKENS.values() else free
        rest = stream[place:].partition(" ")[0] + " "
        if free in (ACTION, DIALOGUE, PARENTHETICAL) and rest.rstrip(" ").isalpha():
            for text in (rest, rest[:-1], rest[:1]):
                expected = single
                for each in text:
                    expected = tuple(constraint.advance(each) for constraint in expected)
                assert tuple(constraint.follow(text) for constraint in single) == expected, text
                followed += 1
        single = tuple(constraint.advance(symbol) for constraint in single)
    assert followed > 50


def test_what_is_put_back_stands_as_it_did() -> None:
    guards = Guards(guarded(ODD, Span(), words=True))
    for symbol in ODD[: ODD.index("LADIES")]:
        guards.tell(symbol)
    before = guards.constraints
    for symbol in "LADIES' bar":
        guards.tell(symbol)
    assert guards.constraints != before
    guards.constraints = before
    assert guards.constraints == before
    assert guards.of(LengthGuard).text_length == len("Don't go, McCoy -- the ")


def test_within_a_word_nobody_is_asked_or_told() -> None:
    grammar, _, length, *_ = guarded(ODD, Span(), words=False)
    guards = Guards((grammar, length))
    asked: list[str] = []

    def allows(_: GrammarConstraint, symbol: str) -> bool:
        asked.append(symbol)
        return True

    text = LONG[1:80]
    for symbol in ODD[: ODD.index(LONG) + 1]:
        guards.tell(symbol)
    with mock.patch.object(GrammarConstraint, "allows", allows):
        for symbol in text:
            assert guards.allows(symbol)
            guards.tell(symbol)
    assert "".join(asked) == "".join(word[0] for word in text.split()[1:])
