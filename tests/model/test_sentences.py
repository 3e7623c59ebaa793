from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.sentences import FAR, SENTENCE_END, TITLES, Marks, rests
from model.stage import parts
from model.vocabulary import UNKNOWN, Vocabulary
from screenplay.stream import ACTION, CHARACTER, DIALOGUE, END, LYRIC, PARENTHETICAL, SCENE, TOKENS

WORDS = Vocabulary((UNKNOWN, *TOKENS.values(), *(chr(code) for code in range(32, 127)), "\n", "…", "’", "”", "É"))
LONGEST = {DIALOGUE: 30, LYRIC: 30, ACTION: 34}


def rests_of(stream: str) -> list[int]:
    found: list[int] = rests(WORDS.encode(stream), Marks.of(WORDS.characters)).tolist()
    return found


def defined(stream: str) -> list[int]:
    """By looking for the ends of all sentences of a part."""
    found = [0] * len(stream)
    for start, token, text in parts(stream):
        first = 0
        for end in [*(match.end() for match in SENTENCE_END.finditer(text)), len(text)]:
            if token in LONGEST:
                while first < end and text[first].isspace():
                    first += 1
                for at in range(first, end):
                    found[start + 1 + at] = end - at if end - first <= LONGEST[token] else FAR
            first = end
    return found


pieces = st.sampled_from(
    [*TITLES, *TOKENS.values(), *" .!?…\"'’”aIEÉ9_-\n", "is it ", "a long way down to the end of it "]
)


@given(st.lists(pieces, max_size=40).map("".join), st.sampled_from([ACTION, DIALOGUE, LYRIC, SCENE]))
def test_how_far_it_is_as_defined(text: str, token: str) -> None:
    assert rests_of(token + text) == defined(token + text)


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
    assert rests_of(stream) == [
        *[0] * len(f"{SCENE}BAR. DAY.{ACTION}"),
        *(3, 2, 1, 0, 0, 5, 4, 3, 2, 1),
        *[0] * len(f"{CHARACTER}GUS{PARENTHETICAL}to himself.{DIALOGUE}"),
        *range(10, 0, -1),
        0,
    ]


@pytest.mark.parametrize(("token", "longest"), [(DIALOGUE, 30), (ACTION, 34)])
def test_of_a_long_sentence_the_end_is_far_wherever_one_is(token: str, longest: int) -> None:
    brief = "b" * (longest - 1) + "."
    assert rests_of(f"{token}b{brief} {brief}") == [0, *[FAR] * (longest + 1), 0, *range(longest, 0, -1)]
    assert rests_of("") == []
