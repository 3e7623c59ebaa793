"""Two processes on one machine, as torchrun starts them, with gloo."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from tiny import SHAPE, tiny_corpus

from model.checkpoint import load
from model.events import Done, Evaluated
from model.network import Dropout
from model.parallel import World
from model.schedule import TrainingConfig
from model.training import train

CONFIG = TrainingConfig(
    steps=24, batch=5, chunk=16, evaluations=6, learning_rate=0.02, dropout=0.2, styles=True, save_interval_s=0.0
)
WORKER = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
import torch
from test_parallel import CONFIG
from tiny import SHAPE, tiny_corpus
from model.events import Evaluated
from model.parallel import is_restarted, rank
from model.training import train
torch.set_num_threads(1)
resume = is_restarted()
events = train(tiny_corpus(), None if resume else CONFIG, sys.argv[2], shape=None if resume else SHAPE, resume=resume)
for event in events:
    if rank() == 1 and sys.argv[3] == "dies" and not resume and event.step >= 9:
        os._exit(9)
    if rank() == 0 and isinstance(event, Evaluated):
        print("bits", event.step, event.figures.bits_per_letter, flush=True)
"""


def launched(folder: Path, *, dies: bool = False) -> list[tuple[int, float]]:
    """Held-out bits per letter of a run of two processes, by step."""
    script = folder / "worker.py"
    script.write_text(WORKER, encoding="utf-8")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    command += ["--max-restarts", "1" if dies else "0", "--monitor-interval", "0.2", str(script)]
    command += [str(Path(__file__).parent), str(folder / "learned"), "dies" if dies else "lives"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment)
    try:
        said, errors = process.communicate(timeout=240)
    except subprocess.TimeoutExpired:
        # A launcher that is killed leaves its workers, which hold the pipes; one that is asked takes them with it.
        process.terminate()
        said, errors = process.communicate(timeout=60)
        pytest.fail(f"two processes did not end:\n{said[-1000:]}\n{errors[-3000:]}")
    assert process.returncode == 0, errors[-3000:]
    lines = [line.split() for line in said.splitlines() if line.startswith("bits")]
    return [(int(step), float(bits)) for _, step, bits in lines]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[int, float]]:
    """The same of one process with all rows."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    events = list(train(tiny_corpus(), CONFIG, tmp_path_factory.mktemp("alone"), shape=SHAPE))
    torch.set_num_threads(threads)
    assert isinstance(events[-1], Done)
    return [(e.step, e.figures.bits_per_letter) for e in events if isinstance(e, Evaluated)]


@pytest.mark.slow
def test_two_processes_learn_as_one_with_the_batch_of_both(tmp_path: Path, alone: list[tuple[int, float]]) -> None:
    together = launched(tmp_path)
    assert [step for step, _ in together] == [step for step, _ in alone]
    assert [bits for _, bits in together] == pytest.approx([bits for _, bits in alone], rel=1e-3)
    assert {path.name for path in (tmp_path / "learned").iterdir()} == {
        "config.json",
        "copies.safetensors",
        "habits.json",
        "lexicon.json",
        "model.safetensors",
        "texts.safetensors",
        "vocabulary.json",
    }
    assert load(tmp_path / "learned").config.steps in [step for step, _ in alone]


@pytest.mark.slow
def test_a_worker_that_dies_does_not_lose_the_run(tmp_path: Path, alone: list[tuple[int, float]]) -> None:
    together = dict(launched(tmp_path, dies=True))
    last, bits = alone[-1]
    assert together[last] == pytest.approx(bits, rel=1e-3)


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_every_row_belongs_to_one_process(size: int) -> None:
    rows = list(range(5))
    assert [row for rank in range(size) for row in rows[World(rank, size).rows(5)]] == rows
    assert all(rows[World(rank, size).rows(5)] for rank in range(size))
    with pytest.raises(ValueError, match="too few"):
        World(0, 6).rows(5)


def test_chance_is_that_of_the_whole_batch() -> None:
    values = torch.ones(2, 5, 7)
    whole = Dropout(0.5, torch.Generator().manual_seed(1))(values)
    parts = [
        Dropout(0.5, torch.Generator().manual_seed(1), rows, 5)(values[:, rows]) for rows in (slice(0, 2), slice(2, 5))
    ]
    assert torch.equal(torch.cat(parts, dim=1), whole)
