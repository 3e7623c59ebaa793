from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tiny import SHAPE, tiny_corpus, tiny_screenplay

from model.checkpoint import load
from model.corpus import Corpus
from model.schedule import TrainingConfig
from model.shipping import CARD, SHIPPED, ship
from model.training import train

CONFIG = TrainingConfig(steps=6, batch=4, chunk=16, evaluations=2, styles=True)


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that started from another, and learned two screenplays."""
    folder = tmp_path_factory.mktemp("models")
    list(train(tiny_corpus(), TrainingConfig(steps=4, batch=4, chunk=16, evaluations=1), folder / "first", shape=SHAPE))
    corpus = Corpus.from_screenplays(
        [(f"{name}.fountain", tiny_screenplay(seed=seed)) for seed, name in enumerate("ab")], held_out=0.2
    )
    list(train(corpus, CONFIG, folder / "second", start=load(folder / "first")))
    return folder / "second"


def test_what_ships_is_the_model_in_half_precision(taught: Path, tmp_path: Path) -> None:
    ship(taught, tmp_path / "shipped", machine="an abacus")
    before, after = load(taught), load(tmp_path / "shipped")
    for name, values in before.network.state_dict().items():
        assert torch.equal(after.network.state_dict()[name], values.half().float())
    assert after.sources.pointer == before.sources.pointer
    assert after.sources.shapes == before.sources.shapes
    assert after.sources.headings == before.sources.headings
    assert {number for number, _ in after.sources.headings} == {0, 1}
    assert after.styles == {"a": 0, "b": 1}
    sizes = [(folder / "model.safetensors").stat().st_size for folder in (taught, tmp_path / "shipped")]
    assert sizes[1] < 0.7 * sizes[0]


def test_only_the_last_trainings_people_travel(taught: Path, tmp_path: Path) -> None:
    ship(taught, tmp_path / "shipped", machine="an abacus")
    config = load(tmp_path / "shipped").config
    assert all(script.cast for script in config.scripts)
    assert config.origin is not None
    assert not any(script.cast for script in config.origin.scripts)


def test_the_card_says_what_it_is_and_where_it_comes_from(taught: Path, tmp_path: Path) -> None:
    ship(taught, tmp_path / "shipped", machine="an abacus", history="Counted by hand, for an hour.")
    text = (tmp_path / "shipped" / CARD).read_text(encoding="utf-8")
    for part in ("an abacus", "Counted by hand", "a.fountain", "`a`, `b`", 'as "first"', "may be recited", "CC0"):
        assert part in text


def test_the_bundled_model_loads_and_has_a_card() -> None:
    checkpoint = load(SHIPPED)
    assert checkpoint.sources.copies.hashes.size
    assert f"{len(checkpoint.vocabulary)} symbols" in (SHIPPED / CARD).read_text(encoding="utf-8")
