import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_constraints import permitted

from model.lexicon import RAREST, Lexicon, LexiconConstraint, words_of
from model.vocabulary import UNKNOWN
from screenplay.stream import TOKENS

ALPHABET = (UNKNOWN, *TOKENS.values(), *string.ascii_letters, *" ,.'-7")
LEXICON = Lexicon.of(["The don't doe. Then he: O'Hara's dog"])
LETTERS = set(string.ascii_letters)


def allowed(text: str, lexicon: Lexicon = LEXICON) -> set[str]:
    for name, token in TOKENS.items():
        text = text.replace(f"<{name}>", token)
    constraint = LexiconConstraint(ALPHABET, lexicon)
    for symbol in text:
        constraint = constraint.advance(symbol)
    return permitted(constraint, ALPHABET)


def test_words_are_letters_with_apostrophes_between() -> None:
    assert words_of("Don’t touch-me, o'clock 'em 7b") == ["don't", "touch", "me", "o'clock", "em", "b"]
    assert LEXICON.words == ("doe", "dog", "don't", "he", "o'hara's", "the", "then")


@pytest.mark.parametrize(
    ("text", "letters", "may_end"),
    [
        ("<action>", set("tdhoTDHO"), True),
        ("<action>The t", {"h"}, False),
        ("<action>THE", set("nN"), True),
        ("<action>do", set("egn"), False),
        ("<action>don", {"'"}, False),
        ("<action>don'", {"t"}, False),
        ("<action>the'", set(), True),
        ("<action>dog-d", {"o"}, False),
        ("<action>O'", set("hH"), False),
        ("<action>7", set("tdhoTDHO"), True),
    ],
)
def test_a_word_stays_on_its_way_to_one_that_exists(text: str, letters: set[str], may_end: bool) -> None:
    got = allowed(text)
    assert got & (LETTERS | {"'"}) == letters | ({"'"} if may_end else set())
    assert {" ", ".", "7", TOKENS["action"]} & got == ({" ", ".", "7", TOKENS["action"]} if may_end else set())


@pytest.mark.parametrize(
    ("text", "may_end"),
    [
        ("<action>can'", False),
        ("<action>can't", True),
        ("<action>'I can'", True),
        ("<action>'I can. <dialogue>can'", False),
        ("<action>goin'", True),
        ("<action>dogs'", True),
        ("<action>dog'", False),
    ],
)
def test_an_apostrophe_ends_a_word_of_many_or_one_that_could_not_go_on(text: str, may_end: bool) -> None:
    lexicon = Lexicon.of(["I can can't goin dog dog's dogs dogs's"])
    assert (" " in allowed(text, lexicon)) is may_end


@pytest.mark.parametrize(
    ("text", "letters"),
    [("Do", "egn"), ("DO", "egnEGN"), ("D", "oO"), ("Don'", "t"), ("O'", "hH"), ("Mc", "cC"), ("McC", "oO")],
)
def test_no_capital_follows_a_small_letter_but_in_names(text: str, letters: str) -> None:
    assert allowed(f"<action>{text}", LEXICON.merged(Lexicon.of(["McCoy"]))) & LETTERS == set(letters)


def test_names_and_what_cannot_become_a_word_are_left_alone() -> None:
    assert allowed("<character>XQ") == set(ALPHABET)
    assert allowed("<action>xq") == set(ALPHABET)
    assert allowed("<action>xq", Lexicon()) == set(ALPHABET)


def test_rare_words_of_long_texts_are_taken_for_slips() -> None:
    text = "slip " + "the pins " * RAREST
    assert Lexicon.of([text]).words == ("pins", "the")


def test_merging_keeps_the_words_of_both() -> None:
    assert Lexicon.of(["b a"]).merged(Lexicon.of(["c a"])).words == ("a", "b", "c")


@given(
    st.lists(st.text(alphabet="abc", min_size=1, max_size=6), min_size=1, max_size=12),
    st.text(alphabet="abc", max_size=4),
)
def test_what_may_follow_is_what_some_word_goes_on_with(words: list[str], prefix: str) -> None:
    letters, is_word = Lexicon(tuple(sorted(set(words)))).following(prefix)
    assert is_word == (prefix in words)
    assert letters == {w[len(prefix)] for w in words if w.startswith(prefix) and len(w) > len(prefix)}
