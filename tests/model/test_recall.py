"""Texts that a model learned from, and how they travel with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import strategies as st
from tiny import tiny_corpus

from model import recall as module
from model.checkpoint import Checkpoint, CheckpointConfig, load, save
from model.errors import CheckpointError
from model.folder import TEXTS
from model.generation import Request, Writing
from model.network import CharRNN
from model.recall import MOST, OTHERS, Recall, Voices
from model.shape import NetworkConfig
from model.sources import NO_SOURCES, Sources
from model.vocabulary import UNKNOWN, Vocabulary
from screenplay.stream import TOKENS

WORDS = Vocabulary((UNKNOWN, *TOKENS.values(), *"abc "))
VOICES = Voices.among(WORDS)
texts = st.text("abc ", max_size=40)


def known(*streams: str, vocabulary: Vocabulary = WORDS) -> Recall:
    found = Recall.of(enumerate(streams), vocabulary)
    assert found is not None
    return found


def test_of_too_much_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST > 500_000
    monkeypatch.setattr(module, "MOST", 6)
    assert Recall.of([(0, "abc"), (1, "a")], WORDS) is not None
    assert Recall.of([(0, "abc"), (1, "ab")], WORDS) is None
    assert Recall.of([], WORDS) is None


def test_a_model_of_before_there_was_an_index_still_loads(tmp_path: Path) -> None:
    checkpoint = example()
    recall, voices = checkpoint.sources.recall, Voices.among(checkpoint.vocabulary)
    assert recall is not None
    save(tmp_path, checkpoint.config, checkpoint.vocabulary, checkpoint.network, sources=checkpoint.sources)
    values = {"ids": recall.ids, "starts": recall.starts, "numbers": recall.numbers}
    safetensors.numpy.save_file({k: np.asarray(v, np.int32) for k, v in values.items()}, tmp_path / TEXTS)
    again = load(tmp_path).sources.recall
    assert again is not None
    np.testing.assert_array_equal(again.sorted_texts(voices).following, recall.sorted_texts(voices).following)


def test_no_more_texts_are_taken_over_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    own = known("abc")
    monkeypatch.setattr(module, "MOST", 7)
    assert own.merged(known("ab")).numbers == (0, OTHERS)
    assert own.merged(known("abca")) is own


def test_few_texts_of_its_own_stand_there_several_times() -> None:
    both = known("abca").merged(known("abaabaaba" * 20))
    assert both.numbers == (0, 0, 0, OTHERS)
    assert both.starts == (0, 5, 10, 15)


def test_many_texts_are_heard_without() -> None:
    assert known("abcabcabc").few == {}
    assert known("abcabcabc").merged(known("abb" * 9)).few == {}
    assert known("abcabcabc").merged(known("abb" * 10)).few == {0: 1.0}


def test_a_smaller_share_is_less_text() -> None:
    recall = known("abcabcabc" * 4, "abaabaaba" * 4)
    assert len(recall.runs(VOICES, {0: 0.8, 1: 0.2}).following) == 37 + 1 + 9 + 1


def example() -> Checkpoint:
    corpus = tiny_corpus()
    vocabulary = corpus.vocabulary()
    network = CharRNN(NetworkConfig(vocabulary_size=len(vocabulary), embedding=4, width=8))
    recall = Recall.of(corpus.numbered_streams, vocabulary)
    config = CheckpointConfig(network=network.config, scripts=corpus.records)
    sources = Sources(NO_SOURCES.copies, NO_SOURCES.lexicon, recall=recall)
    return Checkpoint.of("tiny", config, vocabulary, network, sources)


def test_it_travels_with_the_model_and_decides_what_is_written(tmp_path: Path) -> None:
    checkpoint = example()
    folder = tmp_path / "tiny"
    save(folder, checkpoint.config, checkpoint.vocabulary, checkpoint.network, sources=checkpoint.sources)
    again, voices = load(folder), Voices.among(checkpoint.vocabulary)
    assert again.sources.recall is not None
    assert checkpoint.sources.recall is not None
    np.testing.assert_array_equal(again.sources.recall.ids, checkpoint.sources.recall.ids)
    for got, expected in zip(
        again.sources.recall.sorted_texts(voices), checkpoint.sources.recall.sorted_texts(voices), strict=True
    ):
        np.testing.assert_array_equal(got, expected)
    assert again.sources.recall.starts == checkpoint.sources.recall.starts
    assert again.sources.recall.numbers == checkpoint.sources.recall.numbers
    request = Request(seed=4, length=0.25)
    written = "".join(Writing(again, request))
    assert written == "".join(Writing(checkpoint, request))
    save(folder, checkpoint.config, checkpoint.vocabulary, checkpoint.network)
    assert load(folder).sources.recall is None
    assert "".join(Writing(load(folder), request)) != written


def test_a_model_of_before_goes_by_all_sentences(tmp_path: Path) -> None:
    checkpoint = example()
    save(tmp_path, checkpoint.config, checkpoint.vocabulary, checkpoint.network, sources=checkpoint.sources)
    tensors = safetensors.numpy.load_file(tmp_path / TEXTS)
    assert tensors.pop("rests").any()
    safetensors.numpy.save_file(tensors, tmp_path / TEXTS)
    again = load(tmp_path).sources.recall
    assert again is not None
    assert not again.sorted_texts(Voices.among(checkpoint.vocabulary)).rests.any()


@pytest.mark.parametrize("left", [0, 5])
def test_an_index_of_other_texts_is_refused(tmp_path: Path, left: int) -> None:
    checkpoint = example()
    save(tmp_path, checkpoint.config, checkpoint.vocabulary, checkpoint.network, sources=checkpoint.sources)
    tensors = safetensors.numpy.load_file(tmp_path / TEXTS)
    tensors["following"] = tensors["following"][:left].copy()
    safetensors.numpy.save_file(tensors, tmp_path / TEXTS)
    with pytest.raises(CheckpointError, match="no index of these texts"):
        load(tmp_path)
