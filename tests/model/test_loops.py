import pytest
from test_constraints import ALPHABET, after, allowed

from model.loops import LoopGuard


def test_loop_guard_stops_a_run_one_symbol_short() -> None:
    guard = LoopGuard(ALPHABET, limit=6)
    assert allowed(after(guard, "<scene>BAR<action>abcd ef. abcd ")) == allowed(guard) - {"e"}
    assert allowed(after(guard, "<scene>BAR<action>abcd ef. abcd e")) == allowed(guard)
    assert allowed(after(guard, "<scene>BAR<action>abcd ef. abc")) == allowed(guard)


def test_loop_guard_forgets_the_scene_before_and_lets_names_be() -> None:
    guard = LoopGuard(ALPHABET, limit=6)
    assert allowed(after(guard, "<action>abcd ef<scene>abcd ")) == allowed(guard)
    repeated = "<character>ABCDE FGH<dialogue>a"
    assert allowed(after(guard, f"<scene>BAR{repeated}<character>ABCDE ")) == allowed(guard)


def test_no_transition_follows_another() -> None:
    assert "transition" not in allowed(after(LoopGuard(ALPHABET), "<scene>BAR<action>A<transition>CUT TO."))
    assert "transition" in allowed(after(LoopGuard(ALPHABET), "<scene>BAR<transition>CUT TO.<action>A."))


SAID = "<scene>BAR<character>GUS<dialogue>No. It is a fire.<character>NINA<dialogue>"


@pytest.mark.parametrize(
    ("text", "is_over"),
    [
        (f"{SAID}It is a fir", False),
        (f"{SAID}It is a fire", True),
        (f"{SAID}Yes. It is a fire", True),
        (f"{SAID}Yes. It is a fire drill", False),
        (f"{SAID}No", False),
        (f"{SAID}<action>It is a fire", True),
        (f"{SAID}Yes.<scene>BAR<dialogue>It is a fire", False),
        ("<scene>BAR<parenthetical>into the phone<dialogue>Yes.<parenthetical>into the phone", False),
    ],
)
def test_a_sentence_that_the_scene_has_goes_on_with_other_words(text: str, is_over: bool) -> None:
    guard = LoopGuard(ALPHABET)
    ends = {".", "character", "action", "scene", "end"}
    found = allowed(after(guard, text))
    assert found & ends == (set() if is_over else ends)
    assert found - ends >= {" ", "a"}


def test_a_sentence_may_be_said_again_in_another_way() -> None:
    assert "a" in allowed(after(LoopGuard(ALPHABET), f"{SAID}It is a fire "))
    assert "." in allowed(after(LoopGuard(ALPHABET), f"{SAID}It is a fire drill"))
