from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from strategies import screenplays
from tiny import tiny_corpus, tiny_screenplay

from model.errors import CorpusError
from model.evaluation import CHOICE_OF_UNKNOWN_NATS, evaluate, nats_of
from model.figures import Spent
from model.network import CharRNN
from model.shape import NetworkConfig
from model.vocabulary import UNKNOWN, Vocabulary
from screenplay.elements import Screenplay
from screenplay.stream import ACTION, AND, CAST, CHARACTER, DIALOGUE, END, EXTENSION, SCENE, TOKENS, encode, letters

WORDS = Vocabulary((UNKNOWN, *TOKENS.values(), *"AB abc"))


def network(vocabulary: Vocabulary = WORDS, *, flat: bool = False) -> CharRNN:
    made = CharRNN(NetworkConfig(vocabulary_size=len(vocabulary), embedding=4, width=8))
    if flat:
        with torch.no_grad():
            made.head.weight.zero_()
    return made


def test_a_flat_network_spends_the_logarithm_of_its_vocabulary() -> None:
    stream = SCENE + "A B" + ACTION + "ab c" + END
    figures = evaluate(network(flat=True), WORDS, [stream, stream])
    assert figures.symbols == 2 * len(stream)
    assert figures.letters == 2 * 5
    assert figures.nats == pytest.approx(2 * len(stream) * math.log(len(WORDS)), rel=1e-5)
    assert figures.bits_per_letter == pytest.approx(len(stream) * math.log2(len(WORDS)) / 5, rel=1e-5)


def test_bits_go_to_the_element_that_a_token_opens() -> None:
    stream = (
        SCENE + "A" + CAST + "AB" + AND + "B" + ACTION + "a b" + CHARACTER + "AB" + EXTENSION + "A" + DIALOGUE + "abc"
        + CHARACTER + "B" + DIALOGUE + "c" + END
    )  # fmt: skip
    figures = evaluate(network(), WORDS, [stream])
    counts = {kind: (s.symbols, s.letters, s.count) for kind, s in figures.by_element.items()}
    assert counts == {
        "scene_heading": (2, 1, 1),
        "cast": (5, 0, 1),
        "action": (4, 2, 1),
        "character": (7, 4, 2),
        "dialogue": (6, 4, 2),
        "end": (1, 0, 1),
    }
    costs = nats_of(network(), WORDS, [stream])[0]
    assert figures.by_element["scene_heading"].nats == pytest.approx(costs[:2].sum())
    assert figures.by_element["cast"].nats == pytest.approx(costs[2:7].sum())
    assert figures.by_element["end"].nats == pytest.approx(costs[-1])


@pytest.mark.filterwarnings("ignore:.*private-use character")
@settings(max_examples=40)
@given(screenplays())
def test_the_elements_together_are_the_whole(screenplay: Screenplay) -> None:
    stream = encode(screenplay)
    if not letters(stream):
        return
    figures = evaluate(network(flat=True), WORDS, [stream])
    parts = figures.by_element.values()
    assert figures.letters == letters(stream) == sum(part.letters for part in parts)
    assert figures.symbols == len(stream) == sum(part.symbols for part in parts)
    assert figures.nats == pytest.approx(sum(part.nats for part in parts))


def test_bits_by_each_and_by_letter() -> None:
    spent = Spent(nats=8 * math.log(2), symbols=9, letters=4, count=2)
    assert (spent.bits, spent.bits_each, spent.bits_per_letter) == (
        pytest.approx(8),
        pytest.approx(4),
        pytest.approx(2),
    )
    assert Spent(nats=1.0, symbols=1, letters=0, count=1).bits_per_letter is None
    assert Spent(nats=1.0, symbols=1, letters=1, count=0).bits_each is None


def test_an_unknown_character_costs_the_choice_among_all() -> None:
    known, unknown = SCENE + "A" + END, SCENE + "é" + END
    assert evaluate(network(flat=True), WORDS, [known]).unknown == 0
    figures = evaluate(network(flat=True), WORDS, [unknown])
    assert figures.unknown == 1
    assert figures.nats == pytest.approx(3 * math.log(len(WORDS)) + CHOICE_OF_UNKNOWN_NATS, rel=1e-5)


def test_streams_read_side_by_side_cost_what_each_costs_alone() -> None:
    net = network()
    streams = [SCENE + "A" * n + ACTION + "abc" * n + END for n in (3, 400, 1, 170, *range(2, 20))] + [""]
    together = nats_of(net, WORDS, streams)
    for stream, costs in zip(streams, together, strict=True):
        assert len(costs) == len(stream)
        np.testing.assert_allclose(costs, nats_of(net, WORDS, [stream])[0], rtol=1e-4, atol=1e-6)


def test_memory_is_carried_through_a_long_stream() -> None:
    net = network()
    stream = SCENE + "A" + ACTION + "ab c" * 300 + END
    ids = torch.from_numpy(WORDS.encode(END + stream).astype(np.int64))[None]
    logits, _ = net(ids[:, :-1], net.initial_hidden(1))
    expected = torch.nn.functional.cross_entropy(logits[0], ids[0, 1:], reduction="none")
    np.testing.assert_allclose(nats_of(net, WORDS, [stream])[0], expected.detach().numpy(), rtol=1e-3, atol=1e-5)


def test_the_held_out_scenes_of_a_corpus_are_measured() -> None:
    corpus = tiny_corpus()
    vocabulary = corpus.vocabulary()
    figures = evaluate(network(vocabulary), vocabulary, corpus.held_out_streams)
    assert figures.letters == corpus.records[0].held_out_letters
    assert figures.by_element["character"].count == 6
    assert figures.by_element["scene_heading"].count == 2
    assert len(tiny_screenplay().scenes) == 12


def test_nothing_to_measure_is_refused() -> None:
    with pytest.raises(CorpusError, match="no letters"):
        evaluate(network(), WORDS, [END])
    with pytest.raises(CorpusError, match="no letters"):
        evaluate(network(), WORDS, [])
