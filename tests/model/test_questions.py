import pytest
from test_constraints import ALPHABET, after, allowed_of

from model.questions import QuestionConstraint

LETTERS = (*ALPHABET, *(s for s in "ABWhatsdouingrecl ',.?!’-" if s not in ALPHABET))


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("<dialogue>What do you see", True),
        ("<dialogue>No. And where’s the cat", True),
        ("<dialogue>So, who was it", False),
        ("<dialogue>What", False),
        ("<dialogue>What do", False),
        ("<dialogue>What a day", False),
        ("<dialogue>What do you see? A cat", False),
        ("<dialogue>Do what is right", False),
        ("<action>What is it", False),
        ("<dialogue>What is it<dialogue>A cat", False),
    ],
)
def test_a_question_ends_with_no_full_stop(text: str, asks: bool) -> None:
    constraint = after(QuestionConstraint(LETTERS), text)
    found = allowed_of(constraint, LETTERS)
    assert ("." in found) != asks
    assert {"?", "!", "a", " "} <= found
    assert isinstance(constraint, QuestionConstraint)
    assert constraint.instead(".") == ("?" if asks else "")
    assert not constraint.instead("a")
