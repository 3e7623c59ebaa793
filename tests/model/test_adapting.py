"""A run that starts from a model: what it takes from there, and what it leaves."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
import torch
from tiny import CONFIG, CORPUS, assert_same, tiny_corpus, tiny_screenplay, trained

from model.checkpoint import load
from model.corpus import Corpus
from model.evaluation import evaluate
from model.events import Done, Evaluated
from model.training import train

pytestmark = pytest.mark.usefixtures("one_thread")


def test_a_model_to_start_from_keeps_its_ids_and_is_remembered(tmp_path: Path) -> None:
    start = trained(tmp_path / "base")
    corpus = tiny_corpus(seed=3, words=("żółw", "quiz"))
    assert "ż" not in start.vocabulary
    events = list(train(corpus, CONFIG, tmp_path / "mine", start=start))
    mine = load(tmp_path / "mine")
    assert mine.vocabulary.characters[: len(start.vocabulary)] == start.vocabulary.characters
    assert "ż" in mine.vocabulary
    assert mine.config.network.width == start.config.network.width
    assert mine.config.origin is not None
    assert (mine.config.origin.name, mine.config.origin.scripts) == ("base", CORPUS.records)
    evaluated = [event for event in events if isinstance(event, Evaluated)]
    assert evaluated[0].step == 0
    assert evaluated[-1].figures.bits_per_letter < evaluated[0].figures.bits_per_letter


def test_starting_leaves_the_model_started_from_as_it_was(tmp_path: Path) -> None:
    start = trained(tmp_path / "base")
    before = {name: values.clone() for name, values in start.network.state_dict().items()}
    trained(tmp_path / "mine", start=start)
    assert all(torch.equal(values, before[name]) for name, values in start.network.state_dict().items())


def test_what_the_first_model_knew_is_read_beside_and_less_forgotten(tmp_path: Path) -> None:
    """With one style for each of two new scripts, and none for the old ones; resumed, to the same bits."""
    start = trained(tmp_path / "base", CONFIG.model_copy(update={"steps": 60}))
    corpus = Corpus.from_screenplays(
        [(f"new {seed}", tiny_screenplay(seed=seed, words=("quiz", "jab", "fox", "wax"))) for seed in (3, 4)]
    )
    spent = {}
    for mixed in (0.0, 0.5):
        config = CONFIG.model_copy(update={"steps": 60, "mixed": mixed, "styles": True})
        mine = trained(tmp_path / f"{mixed}", config, start=start, corpus=corpus)
        spent[mixed] = evaluate(mine.network, mine.vocabulary, CORPUS.held_out_streams).bits_per_letter
    assert spent[0.5] < spent[0.0]
    events = train(corpus, config, tmp_path / "stopped", start=start)
    list(itertools.islice(events, 9))
    events.close()
    *_, last = train(corpus, config, tmp_path / "stopped", resume=True)
    assert isinstance(last, Done)
    assert_same(load(tmp_path / "stopped"), mine)
