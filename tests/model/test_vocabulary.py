import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import UnknownCharacterError
from model.vocabulary import UNKNOWN, Vocabulary
from screenplay.stream import SCENE, TOKENS

SMALL = Vocabulary((UNKNOWN, "a", "e", "-", "'", "ż", "🎳"))


@given(st.text(alphabet="ae-'ż🎳", max_size=50))
def test_known_text_comes_back(text: str) -> None:
    assert SMALL.decode(SMALL.encode(text)) == text


@given(st.text(max_size=50))
def test_any_text_becomes_one_id_a_character(text: str) -> None:
    ids = SMALL.encode(text)
    assert len(ids) == len(text)
    assert [SMALL.id_of(c) for c in text] == ids.tolist()


def test_a_lone_surrogate_is_merely_unknown() -> None:
    assert SMALL.encode("a\ud800").tolist() == [1, 0]
    assert Vocabulary((UNKNOWN, "\ud800")).decode([1]) == "\ud800"


def test_unknown_characters_share_the_first_id() -> None:
    assert SMALL.encode("xay").tolist() == [0, 1, 0]
    assert SMALL.decode([0, 1]) == UNKNOWN + "a"


def test_rare_characters_stay_out_and_tokens_stay_in() -> None:
    vocabulary = Vocabulary.from_streams(["abab", "cb"], always=TOKENS.values())
    assert vocabulary.characters == (UNKNOWN, *TOKENS.values(), "a", "b")
    assert SCENE in vocabulary
    assert "c" not in vocabulary


def test_extending_keeps_every_old_id() -> None:
    extended = SMALL.extended("zbae")
    assert extended.characters == (*SMALL.characters, "b", "z")
    assert SMALL.extended("ae") is SMALL


@pytest.mark.parametrize(
    ("character", "instead"), [("–", "-"), ("’", "'"), ("é", "e"), ("A", "a"), ("Ż", "ż"), ("q", None), ("字", None)]
)
def test_the_nearest_known_character(character: str, instead: str | None) -> None:
    assert SMALL.nearest(character) == instead


def test_an_unknown_character_is_named_with_its_place() -> None:
    with pytest.raises(UnknownCharacterError, match=r'model "m" has no token for "–" \(U\+2013\).*Write "-"') as caught:
        SMALL.extended("\n").require("aa\ne–", model="m")
    assert (caught.value.line, caught.value.column) == (2, 2)
    SMALL.require("a-e", model="m")


def test_json_holds_all_of_it_in_ascii() -> None:
    vocabulary = Vocabulary((UNKNOWN, *TOKENS.values(), '"', "\\", "\n", "\x00", "\ud800", "🎳"))
    assert vocabulary.to_json().isascii()
    assert Vocabulary.from_json(vocabulary.to_json()) == vocabulary


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"characters": "ab"}',
        '{"characters": ["a"]}',
        '{"characters": ["\\ufffd", 1]}',
        '{"characters": ["\\ufffd", "ab"]}',
        '{"characters": ["\\ufffd", "a", "a"]}',
        "[" * 100_000,
        b"\xff\xfe\x00",
    ],
)
def test_a_damaged_vocabulary_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Vocabulary.from_json(text)


def test_ids_fit_sixteen_bits() -> None:
    full = Vocabulary((UNKNOWN, *(chr(c) for c in range(0x10000, 0x1FFFF))))
    assert len(full) == 1 << 16
    assert full.encode(chr(0x1FFFE)).dtype == np.uint16
    with pytest.raises(ValueError, match="65537"):
        full.extended("a")
