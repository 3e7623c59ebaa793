"""Many screenplays are learned from as few are, and take no more memory."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from tiny import SHAPE, tiny_screenplay

from model import gathering, pointer
from model.batches import Batches, Tokens
from model.checkpoint import load
from model.corpus import Corpus, Script
from model.errors import CorpusError
from model.gathering import gathered
from model.pointer import PointerWeights
from model.run import FOLDER
from model.schedule import TrainingConfig
from model.training import train
from screenplay.elements import Screenplay
from screenplay.stream import SCENE, encode

Named = tuple[str, Screenplay]


def screenplays(count: int, scenes: int = 10) -> Iterator[Named]:
    return ((f"film {number}", tiny_screenplay(scenes, seed=number)) for number in range(count))


def streams(corpus: Corpus) -> list[tuple[str, str]]:
    return [(script.training, script.held_out) for script in corpus.scripts]


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few screenplays count as many."""
    monkeypatch.setattr(gathering, "LARGE", 3000)


def test_few_stay_in_memory(tmp_path: Path) -> None:
    with gathered(screenplays(3), tmp_path / "model") as (corpus, is_large):
        assert streams(corpus) == streams(Corpus.from_screenplays(screenplays(3)))
        assert not is_large
    assert not (tmp_path / "model").exists()


def test_many_are_the_same_from_a_file_that_is_gone_afterwards(tmp_path: Path, large: None) -> None:
    few = Corpus.from_screenplays(screenplays(9))
    with gathered(screenplays(9), tmp_path / "model") as (corpus, is_large):
        assert streams(corpus) == streams(few)
        assert corpus.records == few.records
        assert (corpus.training_numbers, corpus.held_out_numbers) == (few.training_numbers, few.held_out_numbers)
        assert is_large
        assert all(not isinstance(script, Script) for script in corpus.scripts)
        assert len(list((tmp_path / "model").iterdir())) == 1
    assert list((tmp_path / "model").iterdir()) == []


@pytest.mark.parametrize("most", [4000, 1500, 900, 1])
@pytest.mark.parametrize("is_large", [False, True])
def test_of_many_only_some_are_held_out_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, is_large: bool
) -> None:
    monkeypatch.setattr(gathering, "MOST_HELD_OUT", most)
    monkeypatch.setattr(gathering, "LARGE", 3000 if is_large else 1_000_000)
    with gathered(screenplays(13), tmp_path) as (corpus, stored):
        parts = streams(corpus)
        parted = [number for number, (_, held_out) in enumerate(parts) if held_out]
        assert stored == is_large
        assert parted in (list(range(0, 13, every)) for every in (1, 2, 4, 8, 16))
        held_out = sum(len(held_out) for _, held_out in parts)
        assert held_out <= most or parted == [0]
        assert corpus.held_out_numbers == tuple(parted)
        for (_, screenplay), (training, held_out), record in zip(screenplays(13), parts, corpus.records, strict=True):
            whole = encode(screenplay)
            assert (training if not held_out else training[:-1] + held_out) == whole
            assert (record.scenes, record.held_out_scenes) == (whole.count(SCENE), held_out.count(SCENE))
            assert record.rights == "CC0"


def test_what_is_held_out_last_of_all_stays_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_HELD_OUT", 1)
    # Of the first and the last nothing can be held out.
    films = [
        ("a", tiny_screenplay(1)),
        ("b", tiny_screenplay(30)),
        ("c", tiny_screenplay(9)),
        ("d", tiny_screenplay(1)),
    ]
    with gathered(films, tmp_path) as (corpus, _):
        assert [record.held_out_scenes for record in corpus.records] == [0, 3, 0, 0]


def test_what_a_killed_run_left_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: None) -> None:
    left = tmp_path / ".streams-old"
    left.mkdir()
    (left / "streams").write_text("x", encoding="utf-8")
    with monkeypatch.context() as patch:
        # Under torchrun it may be another process's.
        patch.setenv("WORLD_SIZE", "2")
        with gathered(screenplays(9), tmp_path):
            assert left.exists()
    with gathered(screenplays(9), tmp_path):
        assert not left.exists()


def test_a_file_that_can_not_be_made_is_said(tmp_path: Path, large: None) -> None:
    (tmp_path / "model").write_text("", encoding="utf-8")
    with (
        pytest.raises(CorpusError, match="what was read can't be kept"),
        gathered(screenplays(9), tmp_path / "model"),
    ):
        pass


def test_ids_on_disk_teach_the_same_to_the_last_bit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    learned = []
    for most in (1_000_000, 3000):
        monkeypatch.setattr(gathering, "LARGE", most)
        to = tmp_path / str(most)
        config = TrainingConfig(steps=6, batch=3, chunk=16, evaluations=1, styles=True)
        with gathered(screenplays(4), to) as (corpus, is_large):
            events = train(corpus, config, to, shape=SHAPE, on_disk=is_large)
        next(events)
        assert [path.name for path in to.iterdir()] == [FOLDER]
        assert (to / FOLDER / "tokens-0.bin").exists() == is_large
        for _ in events:
            pass
        learned.append(load(to))
    few, many = learned
    assert few.config.scripts == many.config.scripts
    for name, values in few.network.state_dict().items():
        assert torch.equal(values, many.network.state_dict()[name])


def test_memory_does_not_grow_with_the_screenplays(
    tmp_path: Path, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST_HELD_OUT", 3000)
    monkeypatch.setattr(pointer, "_ROWS", 500)
    films = [tiny_screenplay(60, seed=seed) for seed in range(4)]

    def peak(count: int) -> int:
        gc.collect()
        tracemalloc.start()
        named = ((f"film {number}", films[number % len(films)]) for number in range(count))
        with gathered(named, tmp_path) as (corpus, _):
            tokens = Tokens.mapped(corpus.training_streams, corpus.vocabulary(), tmp_path / "tokens.bin")
            PointerWeights.fitted(corpus.learned_streams)
            epoch = Batches(tokens, batch=4, chunk=16, seed=1).epoch(0)
            assert len(epoch[len(epoch) - 1].inputs) == 4
            symbols = len(tokens.ids)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert symbols > count * 7000
        return most

    peak(4)  # what is made once and stays
    few, many = peak(8), peak(32)
    # Streams and ids of 24 more would take 4 bytes a symbol, 700 kB.
    assert many - few < 150_000
