from __future__ import annotations

import pytest
from test_constraints import ALPHABET, OPENERS, after, allowed, allowed_of

from model.length_guard import LONGEST_TEXTS, LengthGuard
from model.lengths import Span
from screenplay.stream import TOKENS

SHORT = Span(5, 8, 10)


def test_a_scene_neither_ends_early_nor_begins_anything_late() -> None:
    guard = LengthGuard(ALPHABET, Span(6, 8, 12))
    early = after(guard, "<scene>BAR<action>abc")
    assert not allowed(early) & {"scene", "end"}
    middle = after(early, "<action>a")
    assert {"scene", "end", "action", "a"} <= allowed(middle)
    late = after(middle, "<action>a")
    assert not allowed(late) & OPENERS
    assert {"scene", "end", "a", " ", "."} <= allowed(late)
    ended = after(late, " a.")
    assert allowed(ended) & {"scene", "end"}
    assert not allowed(ended) & {"a", " "}


def test_what_has_no_sentence_for_long_ends_after_a_word_with_a_full_stop() -> None:
    long = " ".join(["a" * 9] * 13)
    late = after(LengthGuard(ALPHABET, SHORT), "<scene>BAR<action>a<action>a<action>" + long)
    assert late.filled.lines >= SHORT.hard
    assert allowed(late) & {"a", ".", "scene", "end", " "} == {"a", "."}
    assert allowed(after(late, ".")) == {"scene", "end"}
    assert allowed(after(late, " didn'")) & {"a", ".", "scene", "end", " "} == {"a", "."}
    assert (late.instead(" "), late.instead("a"), after(late, ".").instead(" ")) == (".", "", "")
    young = after(late, ".<action>No a")
    assert allowed(young) >= {"a", " "}
    assert not allowed(after(young, "aaaaa aaaaaaaa")) & {" "}
    endless = after(late, "a" * 130)
    assert allowed(endless) == {"scene", "end"}


def test_a_cue_gets_its_words_however_late_it_is() -> None:
    late = after(LengthGuard(ALPHABET, Span(1, 2, 3)), "<scene>BAR<cast>GUS<character>GUS")
    assert {"dialogue", "parenthetical"} <= allowed(late)


@pytest.mark.parametrize(
    ("opening", "place"),
    [
        ("<scene>BAR<cast>GUS<character>GUS<parenthetical>", "direction"),
        ("<scene>", "heading"),
    ],
)
def test_no_small_element_is_without_end(opening: str, place: str) -> None:
    guard = LengthGuard(ALPHABET, Span(100, 200, 300))
    full = after(guard, opening + "A" * LONGEST_TEXTS[place])
    assert not allowed(full) & {" ", "\n"}
    assert "A" in allowed(full)
    almost = after(guard, opening + "A" * (LONGEST_TEXTS[place] - 1))
    assert " " in allowed(almost)


@pytest.mark.parametrize("opening", ["<scene>BAR<action>", "<scene>BAR<cast>GUS<character>GUS<dialogue>"])
def test_a_long_text_ends_with_a_sentence_and_at_last_with_a_word(opening: str) -> None:
    guard = LengthGuard(ALPHABET, Span(100, 200, 300))
    limit = LONGEST_TEXTS["words"]
    short = after(guard, opening + "a" * (limit // 2 - 20) + ".")
    assert " " in allowed(short)
    half = after(guard, opening + "a " * (limit // 4))
    assert {" ", "a", "."} <= allowed(half)
    assert not allowed(after(half, "a.")) & {" ", "a"}
    assert allowed(after(half, "a.")) & OPENERS
    full = after(guard, opening + "a" * limit)
    assert allowed(full) & {"a", ".", " ", "action"} == {"a", "."}
    assert not allowed(after(full, ".")) - {*TOKENS}
    endless = after(guard, opening + "a" * (limit + 40))
    assert not allowed(endless) & {"a", "."}


PHRASES = {"to the door.": False, "to Mr.": True, "Mrs.": True, "low": True}


@pytest.mark.parametrize("opening", ["<parenthetical>", "<dialogue>Yes<parenthetical>"])
@pytest.mark.parametrize("text", PHRASES)
def test_a_parenthetical_is_no_more_than_a_sentence(opening: str, text: str) -> None:
    guard = LengthGuard(ALPHABET, Span(100, 200, 300))
    found = allowed(after(guard, f"<scene>BAR<cast>GUS<character>GUS{opening}{text}"))
    assert found & {" ", "a"} == ({" ", "a"} if PHRASES[text] else set())
    assert "dialogue" in found


ENDINGS = {
    "stairs": True,
    "the": False,
    "the.": True,
    "don’t": False,
    "of 'the": False,
    "I": False,
    "stairs,": False,
    "stairs, a dog": True,
}


@pytest.mark.parametrize(("text", "may_end"), ENDINGS.items())
def test_nothing_is_broken_off_after_a_word_that_wants_another(text: str, may_end: bool) -> None:
    alphabet = (*ALPHABET, "'", "’", ",")
    guard = LengthGuard(alphabet, Span(100, 200, 300))
    late = after(guard, f"<scene>BAR<action>{'a' * 900} {text}")
    assert (" " in allowed_of(late, alphabet)) is not may_end


def test_a_title_ends_no_sentence() -> None:
    opening = "<scene>BAR<action>" + "a " * 300
    guard = LengthGuard(ALPHABET, Span(100, 200, 300))
    assert " " in allowed(after(guard, opening + "Mr."))
    assert " " not in allowed(after(guard, opening + "Mister."))
