from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.pointer import Candidate, PointerWeights
from model.pointing import Beliefs, Pointing, mixed_nats
from model.sampling import Chances
from model.stage import Stage, parts
from model.vocabulary import Vocabulary
from screenplay.stream import CHARACTER, DIALOGUE, END, SCENE, TOKENS, header

STREAM = "".join(
    SCENE
    + heading
    + header(("ANNA", "BEN"))
    + f"{CHARACTER}ANNA{DIALOGUE}So.{CHARACTER}BEN{DIALOGUE}No.{CHARACTER}ANNA{DIALOGUE}Oh."
    for heading in ("INT. BAR - DAY", "INT. BAR - NIGHT", "INT. BAR - DAY")
)
VOCABULARY = Vocabulary.from_streams([STREAM + END, STREAM], always=TOKENS.values())
WEIGHTS = PointerWeights.fitted([STREAM + END] * 5)


def flat() -> Chances:
    return np.full(len(VOCABULARY), 1 / len(VOCABULARY))


def weights(**each: float) -> Chances:
    found = np.zeros(len(VOCABULARY))
    for symbol, weight in each.items():
        found[VOCABULARY.id_of(symbol)] = weight
    return found


def test_what_is_mixed_is_a_distribution_at_every_symbol() -> None:
    pointing = Pointing.begin(VOCABULARY, WEIGHTS)
    chance = 1 / len(VOCABULARY)
    active = 0
    for symbol in STREAM:
        mixed = pointing.beliefs.mixed(flat(), VOCABULARY)
        assert mixed.sum() == pytest.approx(1)
        assert mixed.min() >= 0
        active += bool(pointing.beliefs.open)
        shares = pointing.beliefs.network + math.fsum(share for _, share in pointing.beliefs.open)
        assert shares == pytest.approx(1)
        pointing = pointing.advance(symbol, chance)
    assert active > 20


def test_one_symbol_after_the_other_is_the_same_as_the_whole_stream() -> None:
    chance = 1 / len(VOCABULARY)
    nats = np.full(len(STREAM), -math.log(chance))
    endings = np.full(len(STREAM), -math.log(chance * len(TOKENS)))
    found = mixed_nats(STREAM, nats, endings, WEIGHTS, VOCABULARY)
    pointing = Pointing.begin(VOCABULARY, WEIGHTS)
    for place, symbol in enumerate(STREAM):
        mixed = pointing.beliefs.mixed(flat(), VOCABULARY)
        assert found[place] == pytest.approx(-math.log(mixed[VOCABULARY.id_of(symbol)])), place
        pointing = pointing.advance(symbol, chance)


def test_names_and_places_that_return_cost_less() -> None:
    nats = np.full(len(STREAM), math.log(len(VOCABULARY)))
    endings = np.full(len(STREAM), math.log(len(VOCABULARY) / len(TOKENS)))
    found = mixed_nats(STREAM, nats, endings, WEIGHTS, VOCABULARY)
    second = STREAM.index(SCENE, 1)
    spent = {
        start: (nats[start + 1 : start + len(text) + 1].sum(), found[start + 1 : start + len(text) + 1].sum())
        for start, token, text in parts(STREAM)
        if token in (CHARACTER, SCENE) and start >= second
    }
    assert all(mixed < alone / 3 for alone, mixed in spent.values())
    others = [start for start, token, _ in parts(STREAM) if token == DIALOGUE]
    assert all(found[start + 1] == nats[start + 1] for start in others)


def test_a_beginning_leaves_the_rest_to_the_network() -> None:
    beliefs = Beliefs(0.2, ((Candidate("AB", False), 0.8),))
    for symbol in "AB":
        beliefs = beliefs.after(symbol, 0.5)
    assert beliefs.mixed(flat(), VOCABULARY) == pytest.approx(flat())
    assert beliefs.after("N", 0.1) == Beliefs()


def test_what_the_network_leaves_out_is_still_pointed_at() -> None:
    beliefs = Beliefs(0.5, ((Candidate("ANNA", True), 0.5),))
    alone = weights(B=1.0)
    np.testing.assert_array_equal(beliefs.mixed(alone, VOCABULARY), weights(A=0.5, B=0.5))
    for symbol in "ANNA":
        beliefs = beliefs.after(symbol, 0.0)
    # The name is over, but no token that ends it has a chance.
    np.testing.assert_array_equal(beliefs.mixed(alone, VOCABULARY), alone)
    ended = weights(**{DIALOGUE: 0.25, "B": 0.75})
    assert beliefs.mixed(ended, VOCABULARY)[VOCABULARY.id_of(DIALOGUE)] == 1.0


def test_what_is_spelled_tells_who_is_meant() -> None:
    beliefs = Beliefs(0.5, ((Candidate("ANNA", True), 0.25), (Candidate("BEN", True), 0.25)))
    assert beliefs.after("X", 0.1) == Beliefs()
    after = beliefs.after("A", 0.25)
    assert [candidate.text for candidate, _ in after.open] == ["ANNA"]
    assert after.network == pytest.approx(0.5 * 0.25 / (0.5 * 0.25 + 0.25))


def test_a_name_that_can_t_be_spelled_is_not_pointed_at() -> None:
    small = Vocabulary.from_streams(["ANA" * 2], always=TOKENS.values())
    stage = Stage(cast=("ANA", "BEN"))
    beliefs = Beliefs.at(CHARACTER, stage, WEIGHTS, small)
    assert [candidate.text for candidate, _ in beliefs.open] == ["ANA"]
    assert Beliefs.at(DIALOGUE, stage, WEIGHTS, small) == Beliefs()


def test_new_scenes_mostly_play_where_the_sources_did() -> None:
    pointing = Pointing.begin(VOCABULARY, WEIGHTS, places=("INT. BAR - DAY", "INT. ŁÓDŹ"))
    assert pointing.places == ("INT. BAR - DAY",)
    pointing = pointing.advance(SCENE, 1.0)
    assert pointing.beliefs.are_open
    assert list(pointing.beliefs.places.going_on(0)) == [("I", 1)]
    assert pointing.beliefs.network == pytest.approx(0.1)
    assert pointing.beliefs.mixed(flat(), VOCABULARY).sum() == pytest.approx(1)
    for symbol in "INT":
        pointing = pointing.advance(symbol, 0.1)
    assert pointing.places


@given(
    st.lists(st.tuples(st.text("AB ", min_size=1, max_size=5), st.booleans()), max_size=5, unique=True),
    st.text("AB ", min_size=1, max_size=4),
)
def test_a_rest_that_had_to_come_is_believed_as_its_symbols(names: list[tuple[str, bool]], text: str) -> None:
    shares = tuple((Candidate(name, is_whole), 0.8 / len(names)) for name, is_whole in names)
    beliefs = Beliefs(0.2 if names else 1.0, shares)
    expected = beliefs
    for symbol in text:
        expected = expected.after(symbol, 1.0) if expected.are_open else expected
    found = beliefs.after_all(text) if beliefs.are_open else beliefs
    assert [candidate for candidate, _ in found.open] == [candidate for candidate, _ in expected.open]
    assert found.spelled == expected.spelled
    assert found.network == pytest.approx(expected.network)
    assert [share for _, share in found.open] == pytest.approx([share for _, share in expected.open])
