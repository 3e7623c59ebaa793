from __future__ import annotations

import subprocess
import sys
from typing import Any
from unittest import mock

import numpy as np
import pytest
import torch
from threadpoolctl import threadpool_info, threadpool_limits
from tiny import SHAPE, tiny_corpus, tiny_screenplay

from model import abreast, generation, turns
from model.abreast import seeds_of, symbols_expected, write_abreast
from model.checkpoint import Checkpoint, CheckpointConfig, load
from model.generation import Request, Writing
from model.lanes import Lanes
from model.lengths import SceneShape
from model.network import CharRNN
from model.shape import NetworkConfig
from model.shipping import SHIPPED
from model.sources import Sources
from screenplay.elements import Screenplay

CORPUS = tiny_corpus()
VOCABULARY = CORPUS.vocabulary()
SHAPES = tuple(SceneShape(lines, 2) for lines in (8, 20, 41))


def example() -> Checkpoint:
    config = NetworkConfig.of(SHAPE, len(VOCABULARY)).model_copy(update={"styles": 1})
    network = CharRNN(config, generator=torch.Generator().manual_seed(5)).eval()
    with torch.no_grad():
        network.styles.weight.normal_(generator=torch.Generator().manual_seed(1))
    known = CheckpointConfig(network=config, scripts=CORPUS.records)
    sources = Sources.of(CORPUS.training_streams)
    return Checkpoint.of("tiny", known, VOCABULARY, network, Sources(sources.copies, sources.lexicon, shapes=SHAPES))


MODEL = example()
DRAFT = tiny_screenplay(2, seed=4)
CASES = {
    "alone": (Request(), None),
    "unseen": (Request(first_scene=3, last_scene=3), None),
    "draft": (Request(first_scene=3, last_scene=4, cast=("GUS", "NINA")), DRAFT),
    "style": (Request(style=(("tiny", 1.0),)), None),
}


@pytest.mark.parametrize("case", CASES)
def test_each_is_what_its_seed_writes_alone(case: str) -> None:
    request, draft = CASES[case]
    seeds = [7, 3, 12, 8, 3]
    # Some begin when others have ended.
    with mock.patch.object(turns, "_ABREAST", 3):
        found = write_abreast(MODEL, request, draft, seeds=seeds)
    assert [each.seed for each in found] == seeds
    assert len({each.stream for each in found}) == 4
    for each in found:
        alone = Writing(MODEL, request.model_copy(update={"seed": each.seed}), draft)
        assert each.stream == "".join(alone)
        assert each.report.symbols == alone.report.symbols
        assert each.report.overruled == alone.report.overruled


@pytest.mark.parametrize("case", ["draft", "unseen"])
def test_weights_are_read_once_for_all(case: str) -> None:
    request, draft = CASES[case]

    def readings(seeds: list[int]) -> int:
        made: list[Lanes] = []

        def keep(*given: Any, **named: Any) -> Lanes:
            made.append(Lanes(*given, **named))
            return made[-1]

        with mock.patch.object(generation, "Lanes", side_effect=keep):
            write_abreast(MODEL, request, draft, seeds=seeds)
        [lanes] = made
        return lanes.steps

    alone = [readings([seed]) for seed in range(4)]
    assert max(alone) <= readings([0, 1, 2, 3]) < 1.2 * max(alone)


def test_progress_counts_what_is_written_and_what_is_over() -> None:
    told: list[tuple[int, int]] = []
    found = write_abreast(MODEL, Request(), seeds=range(6), on_progress=lambda *done: told.append(done))
    assert told == sorted(told)
    assert {ended for ended, _ in told} >= set(range(1, 7))
    assert told[-1] == (6, sum(len(each.stream) for each in found))
    assert any(symbols % abreast._TOLD == 0 for _, symbols in told)


def threads() -> list[int]:
    np.dot(np.ones((2, 2)), np.ones((2, 2)))
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


def test_threads_are_as_before_even_when_it_is_stopped() -> None:
    def stop(ended: int, symbols: int) -> None:
        raise KeyboardInterrupt

    with threadpool_limits(limits=2, user_api="blas"):
        before = threads()
        assert max(before) == 2
        write_abreast(MODEL, Request(), seeds=range(3))
        assert threads() == before
        with pytest.raises(KeyboardInterrupt):
            write_abreast(MODEL, Request(), seeds=range(3), on_progress=stop)
        assert threads() == before


def test_seeds_begin_anew_after_the_last() -> None:
    assert seeds_of(Request(seed=(1 << 63) - 2), 4) == [(1 << 63) - 2, (1 << 63) - 1, 0, 1]


@pytest.mark.parametrize(
    ("request_", "draft", "takes", "lines"),
    [
        (Request(), None, 4, 4 * 23),
        (Request(first_scene=3, last_scene=3), None, 2, 6 * 23),
        (Request(first_scene=3, last_scene=3), DRAFT, 2, 2 * 23),
        (Request(length=2), None, 3, 6 * 54),
    ],
)
def test_work_grows_with_takes_scenes_and_length(
    request_: Request, draft: Screenplay | None, takes: int, lines: int
) -> None:
    assert symbols_expected(MODEL, request_, draft, takes) == pytest.approx(20 * lines)


def test_work_is_about_what_it_turns_out_to_be() -> None:
    bundled, request = load(SHIPPED), Request(length=0.3)
    found = sum(each.report.symbols for each in write_abreast(bundled, request, seeds=range(3)))
    assert 0.7 < found / symbols_expected(bundled, request, None, 3) < 1.4


def test_it_needs_no_torch() -> None:
    code = "import sys, model.abreast; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
