from __future__ import annotations

import numpy as np
import pytest
import torch
from tiny import SHAPE, tiny_corpus

from model import cues
from model.cues import CueAccuracy, cue_accuracy
from model.evaluation import nats_of
from model.network import CharRNN
from model.shape import NetworkConfig
from model.vocabulary import UNKNOWN, Vocabulary
from screenplay.stream import ACTION, AND, CAST, CHARACTER, DIALOGUE, DUAL, END, EXTENSION, SCENE, TOKENS

WORDS = Vocabulary((UNKNOWN, *TOKENS.values(), *"ABC x."))


def network(vocabulary: Vocabulary = WORDS) -> CharRNN:
    return CharRNN(NetworkConfig.of(SHAPE, len(vocabulary)), generator=torch.Generator().manual_seed(3)).eval()


def scene(cast: str, speakers: str) -> str:
    """A scene whose people are called by one letter each."""
    return SCENE + "X" + CAST + AND.join(cast) + "".join(CHARACTER + name + DIALOGUE + "x." for name in speakers)


def favouring(name: str) -> CharRNN:
    """A network that wants everybody to be called by this letter."""
    made = network()
    with torch.no_grad():
        made.head.weight.zero_()
        made.head.bias[WORDS.id_of(name)] = 5.0
    return made


@pytest.mark.parametrize(
    ("cast", "speakers", "right"),
    [
        ("A", "AAA", 3),
        ("AB", "ABAB", 4),
        ("AB", "AABA", 3),
        ("ABC", "ABCB", 3),
        ("ABC", "ABCA", 2),
        ("ABC", "ABBA", 3),
    ],
)
def test_the_rule_goes_back_to_the_one_before_the_last(cast: str, speakers: str, right: int) -> None:
    found = cue_accuracy(network(), WORDS, [scene(cast, speakers) + END])
    assert (found.cues, found.by_rule) == (len(speakers), right)


def test_each_scene_begins_anew_for_the_rule() -> None:
    found = cue_accuracy(network(), WORDS, [scene("AB", "AB") + scene("CA", "CA") + END])
    assert (found.cues, found.by_rule) == (4, 4)


def test_the_model_guesses_the_name_that_it_finds_likeliest() -> None:
    stream = scene("AB", "ABBA") + END
    assert cue_accuracy(favouring("A"), WORDS, [stream]).by_model == 2
    assert cue_accuracy(favouring("B"), WORDS, [stream]).by_model == 2
    assert cue_accuracy(favouring("A"), WORDS, [scene("AB", "ABAA") + END]).by_model == 3
    assert cue_accuracy(favouring("C"), WORDS, [scene("CB", "CBBB") + END]).by_model == 1


def test_a_guess_costs_what_the_stream_would() -> None:
    """The nats of a true name and of what follows it, as `nats_of` has them."""
    stream = scene("ABC", "ABC") + DUAL + "B" + EXTENSION + "x" + DIALOGUE + "x" + END
    net = network()
    nats = nats_of(net, WORDS, [stream])[0]
    at = [index for index, symbol in enumerate(stream) if symbol in (CHARACTER, DUAL)][-1]
    hidden = net.initial_hidden(1)
    with torch.inference_mode():
        _, hidden = net(torch.from_numpy(WORDS.encode(END + stream[:at]).astype(np.int64))[None], hidden)
        costs = cues._costs(net, WORDS, DUAL, ["A", "B", "ABC"], hidden, 0)
        logits, _ = net(torch.from_numpy(WORDS.encode(DUAL + "B").astype(np.int64))[None], hidden)
    endings = [WORDS.id_of(TOKENS[name]) for name in ("extension", "parenthetical", "dialogue", "lyric")]
    ending = -logits[0, -1].log_softmax(0)[endings].logsumexp(0)
    assert float(costs[1]) == pytest.approx(float(nats[at + 1] + ending), rel=1e-4)


def test_streams_read_side_by_side_give_what_each_gives_alone() -> None:
    corpus = tiny_corpus()
    vocabulary = corpus.vocabulary()
    net = network(vocabulary)
    streams = [*corpus.held_out_streams, *corpus.training_streams, SCENE + "X" + ACTION + "x" + END, END]
    together = cue_accuracy(net, vocabulary, streams)
    alone = [cue_accuracy(net, vocabulary, [stream]) for stream in streams]
    assert together == sum(alone, CueAccuracy())
    assert together.cues == 36
    assert together.by_model != together.by_rule


def test_nobody_to_guess_is_no_fault() -> None:
    assert cue_accuracy(network(), WORDS, []) == CueAccuracy()
    assert cue_accuracy(network(), WORDS, [CHARACTER + "A" + DIALOGUE + "x" + END]) == CueAccuracy()
