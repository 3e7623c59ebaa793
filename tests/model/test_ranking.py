from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from tiny import SHAPE, tiny_corpus, tiny_screenplay

from model.checkpoint import Checkpoint, CheckpointConfig
from model.evaluation import evaluate, nats_of
from model.generation import Request, Writing
from model.network import CharRNN
from model.shape import NetworkConfig
from model.sources import Sources
from model.takes import Merit, best_first, judge, write_takes
from screenplay.stream import ACTION, END, SCENE, encode, letters

CORPUS = tiny_corpus()
VOCABULARY = CORPUS.vocabulary()
NETWORK = CharRNN(NetworkConfig.of(SHAPE, len(VOCABULARY)), generator=torch.Generator().manual_seed(5)).eval()
FIGURES = evaluate(NETWORK, VOCABULARY, CORPUS.held_out_streams)
CONFIG = CheckpointConfig(network=NETWORK.config, scripts=CORPUS.records, figures=FIGURES)
MODEL = Checkpoint.of("tiny", CONFIG, VOCABULARY, NETWORK, Sources.of(CORPUS.training_streams))
GOOD = Merit(2.0, 2.3, 2.0, 1.0, 0.0, 0.0)


def test_takes_are_what_their_seeds_write_and_the_best_comes_first() -> None:
    told: list[tuple[int, int]] = []
    request = Request(seed=3, length=0.5)
    takes = write_takes(MODEL, request, seeds=(3, 5, 4), on_progress=lambda *done: told.append(done))
    assert told[-1] == (3, sum(len(take.stream) for take in takes))
    assert [take.seed for take in takes] == [3, 5, 4]
    scores = [take.merit.score for take in best_first(takes)]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) > 1
    for take in takes:
        assert take.stream == "".join(Writing(MODEL, request.model_copy(update={"seed": take.seed})))
        assert take.report.symbols > 50


def test_a_merit_is_what_the_stream_costs_with_and_without_what_stands_before() -> None:
    draft = tiny_screenplay(3, seed=4)
    stream = CORPUS.held_out_streams[0]
    (merit,) = judge(MODEL, [stream], draft)
    before = encode(draft)[:-1]
    each_letter = math.log(2) * letters(stream)
    whole = nats_of(NETWORK, VOCABULARY, [before + stream])[0]
    # Weights of 8 bits.
    assert merit.bits_per_letter == pytest.approx(whole[len(before) :].sum() / each_letter, rel=2e-3)
    assert merit.bits_without_context == pytest.approx(FIGURES.bits_per_letter, rel=2e-3)
    assert merit.bits_per_letter != merit.bits_without_context
    assert merit.typical_bits == FIGURES.bits_per_letter


def test_without_a_draft_there_is_no_context_to_gain_from() -> None:
    (merit,) = judge(MODEL, CORPUS.held_out_streams)
    assert merit.bits_per_letter == merit.bits_without_context


def test_faults_are_seen() -> None:
    line = " The ball rolls on and on and on into the night."
    merits = judge(MODEL, [SCENE + "X" + ACTION + text + END for text in (line, line + line, "Qzv xqj.")])
    assert [merit.loops > 0.4 for merit in merits] == [False, True, False]
    assert [merit.real_words for merit in merits] == [1.0, 1.0, pytest.approx(1 / 3)]
    assert judge(MODEL, list(CORPUS.training_streams))[0].recited == 1.0
    assert merits[0].recited == 0.0


@pytest.mark.parametrize(
    "worse",
    [
        replace(GOOD, bits_without_context=2.1),
        replace(GOOD, bits_per_letter=1.5, bits_without_context=1.8),
        replace(GOOD, bits_per_letter=2.5, bits_without_context=2.8),
        replace(GOOD, real_words=0.9),
        replace(GOOD, loops=0.1),
        replace(GOOD, recited=0.1),
    ],
)
def test_strange_dull_and_faulty_takes_are_worse(worse: Merit) -> None:
    assert worse.score < GOOD.score


def test_where_nothing_is_typical_the_likelier_take_is_better() -> None:
    likely = replace(GOOD, typical_bits=None)
    assert likely.score > replace(likely, bits_per_letter=2.2, bits_without_context=2.5).score


def test_one_word_in_ten_that_is_none_weighs_as_much_as_a_bit() -> None:
    assert GOOD.score - replace(GOOD, real_words=0.9).score == pytest.approx(1.0)
