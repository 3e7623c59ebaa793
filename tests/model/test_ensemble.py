from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_recall import VOICES, WORDS, known, texts
from tiny import tiny_corpus

from model import recall as recall_module
from model.checkpoint import Checkpoint, CheckpointConfig
from model.ensemble import Ensemble
from model.generation import Request, Writing
from model.network import CharRNN
from model.recall import WRITING_ALL, WRITING_OWN, Recall, Recollection
from model.shape import NetworkConfig
from model.sources import NO_SOURCES, Sources
from screenplay.stream import SCENE

OPENER = WORDS.id_of(SCENE)


def members(own: str, others: str) -> list[Recollection]:
    recall = known(own).merged(known(others * 9))
    everything = Recollection(recall, VOICES, WRITING_ALL, opener=OPENER)
    return [everything, Recollection(recall, VOICES, WRITING_OWN, shares={0: 1.0}, opener=OPENER)]


@given(texts, texts, texts, st.text("abc ", max_size=9))
def test_an_ensemble_says_what_its_members_say_together(own: str, others: str, draft: str, more: str) -> None:
    alone, ensemble = members(own, others), Ensemble(members(own, others))
    for symbol in WORDS.encode(draft).tolist():
        ensemble.read(symbol)
        for member in alone:
            member.read(symbol)
    mark = ensemble.mark()
    for symbol in WORDS.encode(more).tolist():
        ensemble.read(symbol)
    ensemble.back(mark)
    np.testing.assert_array_equal(ensemble.hint(), alone[0].hint() + alone[1].hint())
    run = WORDS.encode(draft[:2]).tolist()
    assert ensemble.times(run) == alone[0].times(run)


def test_a_few_texts_are_heard_among_many() -> None:
    few = known("abcabcabc").merged(known("abbabbabb" * 40))
    assert few.few == {0: 1.0}
    ensemble = Ensemble(
        [Recollection(few, VOICES, WRITING_ALL), Recollection(few, VOICES, WRITING_OWN, shares=few.few)]
    )
    for symbol in WORDS.encode("ab").tolist():
        ensemble.read(symbol)
    hint = ensemble.hint()
    assert hint[WORDS.id_of("c")] > hint[WORDS.id_of("a")] + 1.0


def test_many_texts_are_heard_without() -> None:
    assert known("abcabcabc").few == {}
    assert known("abcabcabc").merged(known("abb" * 9)).few == {}
    assert known("abcabcabc").merged(known("abb" * 10)).few == {0: 1.0}


def test_a_model_of_few_texts_writes_as_they_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recall_module, "_BRIEF", 1000)  # theirs are long, all of them
    own, others = tiny_corpus(seed=3, words=("parrot", "spare", "gutter")), tiny_corpus(seed=4)
    vocabulary = own.vocabulary().extended(others.vocabulary().characters)
    before = Recall.of([(0, script.training) for script in others.scripts] * 12, vocabulary)
    recall = Recall.of(own.numbered_streams, vocabulary)
    assert recall is not None
    assert before is not None
    network = CharRNN(NetworkConfig(vocabulary_size=len(vocabulary), embedding=4, width=8))
    config = CheckpointConfig(network=network.config, scripts=own.records)
    sources = Sources(NO_SOURCES.copies, NO_SOURCES.lexicon, recall=recall.merged(before))
    made = Checkpoint.of("tiny", config, vocabulary, network, sources)

    def own_share() -> float:
        written = ["".join(Writing(made, Request(seed=seed, length=0.5))) for seed in range(3)]
        runs = [text[at : at + 12] for text in written for at in range(len(text) - 12)]
        return sum(run in own.scripts[0].training for run in runs) / len(runs)

    with mock.patch.object(Recall, "few", {}):
        without = own_share()
    assert own_share() > without + 0.05
