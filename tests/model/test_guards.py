from __future__ import annotations

import random
import re
from copy import copy
from unittest import mock

import pytest
from tiny import tiny_screenplay

from model.constraints import Constraint, GrammarConstraint
from model.copying import CopyGuard, CopyIndex, plain
from model.drawing import CAPITALS, ENDS, MARKED
from model.echoes import EchoGuard, echoes_of
from model.guards import Guards, letters_of
from model.length_guard import LengthGuard
from model.lengths import Span
from model.lexicon import Lexicon, LexiconConstraint, folded, words_of
from model.loops import LoopGuard
from model.marks import CapitalsConstraint, DashConstraint, PunctuationConstraint
from model.questions import ASKS, QuestionConstraint
from model.speakers import CastConstraint, DebtConstraint, TurnConstraint
from model.trie import ANYWHERE, BETWEEN, NOWHERE
from model.vocabulary import UNKNOWN
from screenplay.stream import ACTION, DIALOGUE, PARENTHETICAL, SCENE, TOKENS, encode, header

LONG = "so many words that no element has room for all of them and then he goes on and on " * 14
ODD = (
    f"{SCENE}INT. BAR - DAY{header(('ANNA', 'BEN'))}{ACTION}Don't go, McCoy -- the LADIES' bar. "
    "He's OUT TO SEE A MAN ABOUT it. I AM. A Dog."
    f"{TOKENS['character']}ANNA{PARENTHETICAL}very quietly, as if to herself or to someone else{DIALOGUE}"
    f"What's that? Who is it. Where did you {LONG}"
)


def guarded(stream: str, span: Span, *, words: bool, free: bool = False) -> tuple[Constraint, ...]:
    """Those of a writing; `free`: without echoes and short loops, so that words may begin by themselves."""
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
        LoopGuard(alphabet) if free else LoopGuard(alphabet, limit=4),
        EchoGuard(alphabet, echoes_of("" if free else stream)),
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


def advanced(constraints: tuple[Constraint, ...], text: str) -> tuple[Constraint, ...]:
    for symbol in text:
        constraints = tuple(constraint.advance(symbol) for constraint in constraints)
    return constraints


@pytest.mark.parametrize("stream", [encode(tiny_screenplay(3, seed=2)), ODD])
def test_constraints_follow_a_word_as_they_do_its_symbols(stream: str) -> None:
    single, free, followed = guarded(stream, Span(), words=True), "", 0
    for place, symbol in enumerate(stream):
        free = symbol if symbol in TOKENS.values() else free
        rest = stream[place:].partition(" ")[0] + " "
        if free in (ACTION, DIALOGUE, PARENTHETICAL) and rest.rstrip(" ").isalpha():
            for text in (rest, rest[:-1], rest[:1]):
                assert tuple(constraint.follow(text) for constraint in single) == advanced(single, text), text
                followed += 1
        single = tuple(constraint.advance(symbol) for constraint in single)
    assert followed > 50


@pytest.mark.parametrize("words", [True, False])
@pytest.mark.parametrize("free", [True, False])
def test_constraints_follow_words_as_they_do_their_symbols(words: bool, free: bool) -> None:
    """And the space before the first, if there is one, or after the last."""
    single, followed = guarded(ODD, Span(), words=words, free=free), 0
    begun = ODD.index(ACTION)
    for place, symbol in enumerate(ODD[: ODD.index(LONG) + 200]):
        found = re.match(r" ?[A-Za-z']+(?:[,.!?]? [A-Za-z][A-Za-z']*){0,5}[,.!?]?", ODD[place:])
        if place > begun and found and ODD[place - 1].isalpha() and single[1].is_idle:
            for text in (found[0], found[0] + " "):
                assert tuple(constraint.follow(text) for constraint in single) == advanced(single, text), text
                followed += 1
        single = tuple(constraint.advance(symbol) for constraint in single)
    assert followed > 100


def ran(guards: Guards, single: tuple[Constraint, ...], chance: random.Random) -> tuple[str, tuple[Constraint, ...]]:
    """Something that may run, as far as that, and how the constraints stand that were told of each of its symbols.

    None of them has anything against it, but that copies and loops are asked wherever a word begins.
    """
    lexicon = next(each.lexicon for each in single if isinstance(each, LexiconConstraint))
    asked = [each for each in single if isinstance(each, CopyGuard | LoopGuard)]
    known = letters_of(asked[0].alphabet)
    node, room, found, start = guards.node, guards.room, "", guards.start
    marks = 0 if start is None else start.marks
    while node != NOWHERE:
        root = ANYWHERE if not lexicon.words else 0 if node == BETWEEN else node
        is_over = node == ANYWHERE or (node >= 0 and bool(lexicon.trie.is_word[node]))
        following = {*known} if root == ANYWHERE else {*lexicon.trie.following(root)} if root >= 0 else set()
        possible = {letter for letter in known if letter.islower() and letter in following}
        if node >= 0 and start is not None:
            possible |= {*"'’"} if "'" in following else set()
        if node == BETWEEN and marks & CAPITALS:
            possible |= {letter for letter in known if letter.isupper() and letter.lower() in following}
        if is_over and start is not None:
            asks = next(each.node == ASKS for each in single if isinstance(each, QuestionConstraint))
            possible |= {","} | ({*"!?"} if marks & ENDS else set()) | ({"."} if marks & ENDS and not asks else set())
        possible = (possible & {*asked[0].alphabet}) if room > 0 and node != MARKED else set()
        possible |= {" "} if is_over or node == MARKED else set()
        if node in (BETWEEN, MARKED) or not found[-1:].isalpha():
            possible = {symbol for symbol in possible if all(each.allows(symbol) for each in asked)}
        possible = {symbol for symbol in possible if symbol not in "!?." or all(each.allows(symbol) for each in asked)}
        rare = sorted(symbol for symbol in possible if not symbol.isalpha())
        symbol = chance.choice(rare if rare and chance.random() < 0.5 else sorted(possible) or [""])
        if not symbol or chance.random() < 0.05:
            break
        assert [each.name for each in single if not each.allows(symbol)] == [], found + symbol
        single = tuple(each.advance(symbol) for each in single)
        asked = [each for each in single if isinstance(each, CopyGuard | LoopGuard)]
        found, room = found + symbol, room - 1
        if symbol == " ":
            node = BETWEEN if start is not None else NOWHERE
        elif symbol.isalpha() or symbol in "'’":
            node = ANYWHERE if root == ANYWHERE else lexicon.trie.after(root, folded(symbol))
        else:
            node = MARKED
    return found, single


@pytest.mark.parametrize("words", [True, False])
@pytest.mark.parametrize("free", [True, False])
@pytest.mark.parametrize("stream", [encode(tiny_screenplay(3, seed=1)), ODD])
def test_whatever_may_run_is_allowed_and_told_as_symbol_by_symbol(stream: str, words: bool, free: bool) -> None:
    single = guarded(stream, Span(), words=words, free=free)
    alphabet, chance, texts = single[0].alphabet, random.Random(3), []  # type: ignore[attr-defined]
    guards = Guards(single)
    for symbol in stream:
        single = tuple(constraint.advance(symbol) for constraint in single)
        guards.tell(symbol)
        # A copy: who is asked may have to be told of more than the next symbol would have told.
        run = copy(guards)
        text, after = ran(copy(guards), single, chance)
        if not text:
            continue
        texts.append(text)
        run.tell_run(text)
        for other in alphabet:
            assert copy(run).allows(other) == all(constraint.allows(other) for constraint in after), (text, other)
        more, last = ran(copy(run), after, chance)
        assert copy(run).constraints == after
        if more:
            run.tell_run(more)
            assert run.constraints == last
    assert sum(map(len, texts)) > len(stream) / 5
    assert any(" " in text.strip() for text in texts) == free
    assert any(mark in text for text in texts for mark in ".,?!") == free
    assert any("'" in text[:-1] for text in texts) == (free and words and "'" in stream)


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
