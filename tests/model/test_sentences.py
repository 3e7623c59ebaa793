import pytest

from model.sentences import FAR, SENTENCE_END, rests
from screenplay.stream import ACTION, CHARACTER, DIALOGUE, END, PARENTHETICAL, SCENE


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Rain. He waits.", ["Rain.", " He waits."]),
        ("Mrs. Park sits. So?!", ["Mrs. Park sits.", " So?!"]),
        ('"No." He said it… twice.', ['"No."', " He said it…", " twice."]),
        ("J. R. Bell and I. He and Gus. Yes.", ["J. R. Bell and I.", " He and Gus.", " Yes."]),
        ("At 6.30 nobody came", []),
    ],
)
def test_where_sentences_end(text: str, sentences: list[str]) -> None:
    ends = [match.end() for match in SENTENCE_END.finditer(text)]
    assert [text[a:b] for a, b in zip([0, *ends], ends, strict=False)] == sentences


def test_how_far_a_sentences_end_is() -> None:
    stream = f"{SCENE}BAR. DAY.{ACTION}No.  Go on{CHARACTER}GUS{PARENTHETICAL}to himself.{DIALOGUE}Oh, Mr. B?{END}"
    assert rests(stream).tolist() == [
        *[0] * len(f"{SCENE}BAR. DAY.{ACTION}"),
        *(3, 2, 1, 0, 0, 5, 4, 3, 2, 1),
        *[0] * len(f"{CHARACTER}GUS{PARENTHETICAL}to himself.{DIALOGUE}"),
        *range(10, 0, -1),
        0,
    ]


@pytest.mark.parametrize(("token", "longest"), [(DIALOGUE, 30), (ACTION, 34)])
def test_of_a_long_sentence_the_end_is_far_wherever_one_is(token: str, longest: int) -> None:
    brief = "b" * (longest - 1) + "."
    assert rests(f"{token}b{brief} {brief}").tolist() == [0, *[FAR] * (longest + 1), 0, *range(longest, 0, -1)]
    assert rests("").shape == (0,)
