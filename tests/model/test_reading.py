from __future__ import annotations

import numpy as np
import pytest
import torch
from tiny import SHAPE, tiny_corpus, tiny_screenplay

from model import reading
from model.checkpoint import Checkpoint, CheckpointConfig
from model.evaluation import nats_of
from model.network import CharRNN
from model.pointer import PointerWeights
from model.reading import Reader
from model.recall import Recall
from model.recollection import Hints
from model.shape import NetworkConfig
from model.sources import Sources
from screenplay.stream import encode

CORPUS = tiny_corpus()
VOCABULARY = CORPUS.vocabulary()
NETWORK = CharRNN(NetworkConfig.of(SHAPE, len(VOCABULARY)), generator=torch.Generator().manual_seed(5)).eval()
STREAMS = [encode(tiny_screenplay(scenes, seed=scenes)) for scenes in (2, 5, 1, 3)]


def model(*, whole: bool) -> Checkpoint:
    """With all that a model keeps of its sources, or with nothing but words."""
    texts = list(CORPUS.training_streams)
    found = Sources.of(texts)
    if whole:
        pointer, recall = PointerWeights.fitted(texts), Recall.of(enumerate(texts), VOCABULARY)
        found = Sources(found.copies, found.lexicon, pointer, recall=recall)
    return Checkpoint.of(
        "tiny", CheckpointConfig(network=NETWORK.config, scripts=CORPUS.records), VOCABULARY, NETWORK, found
    )


def expected(checkpoint: Checkpoint, streams: list[str]) -> list[np.ndarray]:
    recall = checkpoint.sources.recall
    hints = Hints(recall, streams, VOCABULARY) if recall is not None else None
    return nats_of(NETWORK, VOCABULARY, streams, checkpoint.sources.pointer, hints=hints)


@pytest.mark.parametrize("whole", [False, True])
def test_what_is_read_by_turns_costs_what_it_costs_with_torch(monkeypatch: pytest.MonkeyPatch, whole: bool) -> None:
    """But for what is rounded to 8 bits."""
    monkeypatch.setattr(reading, "_ABREAST", 3)
    monkeypatch.setattr(reading, "_CHUNK", 50)
    checkpoint = model(whole=whole)
    for got, nats in zip(Reader(checkpoint).nats(STREAMS), expected(checkpoint, STREAMS), strict=True):
        assert len(got) == len(nats)
        np.testing.assert_allclose(got, nats, atol=0.05)
        assert got.sum() == pytest.approx(nats.sum(), rel=2e-3)


def test_a_context_is_read_once_for_all() -> None:
    checkpoint, context = model(whole=True), encode(tiny_screenplay(3, seed=9))[:-1]
    whole = expected(checkpoint, [context + stream for stream in STREAMS])
    for got, nats in zip(Reader(checkpoint, context).nats(STREAMS), whole, strict=True):
        np.testing.assert_allclose(got, nats[len(context) :], atol=0.05)


def test_who_stands_beside_changes_nothing() -> None:
    reader = Reader(model(whole=True))
    for got, stream in zip(reader.nats([*STREAMS, "", "é"]), [*STREAMS, "", "é"], strict=True):
        np.testing.assert_array_equal(got, reader.nats([stream])[0])
    assert reader.nats(["é"])[0][0] > reading.CHOICE_OF_UNKNOWN_NATS
    assert reader.nats([]) == []
