from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import safetensors.torch
import torch
from tiny import CONFIG, CORPUS, SHAPE, assert_same, tiny_corpus, trained

from model import learning, training
from model.checkpoint import Checkpoint, load
from model.errors import CheckpointError, DeviceError, TrainingError
from model.evaluation import evaluate
from model.events import Done, Evaluated, Event, Progress, Saved
from model.network import CharRNN
from model.precision import require
from model.recollection import Hints
from model.run import load_run
from model.schedule import TrainingConfig
from model.training import train

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    checkpoint = trained(tmp_path_factory.mktemp("uninterrupted"))
    torch.set_num_threads(threads)
    return checkpoint


def test_a_run_tells_what_it_does_and_leaves_the_best_model(tmp_path: Path) -> None:
    events = list(train(CORPUS, CONFIG, tmp_path, shape=SHAPE))
    evaluated = [event for event in events if isinstance(event, Evaluated)]
    assert [event.step for event in evaluated] == [4, 8, 12, 16, 20, 24]
    assert {type(event) for event in events} == {Progress, Evaluated, Saved, Done}
    done = events[-1]
    assert isinstance(done, Done)
    assert (done.step, done.left_s, done.is_early) == (24, 0.0, False)
    best = min(evaluated, key=lambda event: event.figures.bits_per_letter)
    assert (done.best, done.best_step) == (best.figures, best.step)
    checkpoint = load(tmp_path)
    assert checkpoint.config.figures == best.figures
    assert checkpoint.config.steps == best.step
    assert checkpoint.config.scripts == CORPUS.records
    assert checkpoint.sources.recall is not None
    hints = Hints(checkpoint.sources.recall, CORPUS.held_out_streams, checkpoint.vocabulary)
    known = checkpoint.network, checkpoint.vocabulary, CORPUS.held_out_streams, checkpoint.sources.pointer
    again = evaluate(*known, hints=hints)
    assert again.nats == pytest.approx(best.figures.nats)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "config.json",
        "copies.safetensors",
        "habits.json",
        "lexicon.json",
        "model.safetensors",
        "texts.safetensors",
        "vocabulary.json",
    ]


def test_it_learns(tmp_path: Path) -> None:
    figures = [e.figures for e in train(CORPUS, CONFIG, tmp_path, shape=SHAPE) if isinstance(e, Evaluated)]
    # A good part of it is known without a network, by recalling what was read.
    assert figures[-1].bits_per_letter < 0.95 * figures[0].bits_per_letter


def test_progress_says_how_fast_and_how_long(tmp_path: Path) -> None:
    events = [e for e in train(CORPUS, CONFIG, tmp_path, shape=SHAPE) if isinstance(e, Progress)]
    assert events[0].loss_nats > events[-1].loss_nats > 0
    assert all(e.symbols_per_s > 0 and e.left_s is not None and e.elapsed_s > 0 for e in events)
    lefts = [e.left_s for e in events if e.left_s is not None]
    assert lefts[-1] == 0.0


def test_the_same_seed_gives_the_same_model(tmp_path: Path, uninterrupted: Checkpoint) -> None:
    torch.manual_seed(12345)
    assert_same(trained(tmp_path / "same"), uninterrupted)
    other = trained(tmp_path / "other", CONFIG.model_copy(update={"seed": 1}))
    assert not torch.equal(other.network.head.weight, uninterrupted.network.head.weight)


@pytest.mark.parametrize("stop", [1, 3, 8])
def test_a_closed_run_is_resumed_to_the_same_result(stop: int, tmp_path: Path, uninterrupted: Checkpoint) -> None:
    closed = 0
    for resume in itertools.chain([False], itertools.repeat(True)):
        events = train(CORPUS, CONFIG, tmp_path, **({"resume": True} if resume else {"shape": SHAPE}))  # type: ignore[arg-type]
        *_, last = itertools.islice(events, stop * (1 + closed // 3))
        if isinstance(last, Done):
            break
        closed += 1
        events.close()  # type: ignore[attr-defined]
    assert closed > 0
    assert_same(load(tmp_path), uninterrupted)


@pytest.mark.parametrize(
    ("place", "call"),
    [("forward", 1), ("forward", 20), ("step", 1), ("step", 10), ("step", 24), ("evaluate", 1), ("evaluate", 6)],
)
def test_ctrl_c_at_any_moment_can_be_resumed(
    place: str, call: int, tmp_path: Path, uninterrupted: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, name = {
        "forward": (CharRNN, "forward"),
        "step": (torch.optim.AdamW, "step"),
        "evaluate": (training, "evaluate"),
    }[place]
    original, calls = getattr(owner, name), itertools.count(1)

    def interrupted(*args: object, **kwargs: object) -> object:
        if next(calls) == call:
            if place == "step":
                # Half of the weights are changed.
                next(iter(args[0].param_groups[0]["params"])).data.add_(1.0)  # type: ignore[attr-defined]
            raise KeyboardInterrupt
        return original(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, interrupted)
        with pytest.raises(KeyboardInterrupt):
            trained(tmp_path)
    trained(tmp_path, resume=True)
    assert_same(load(tmp_path), uninterrupted)


def test_nothing_is_lost_to_a_disk_that_is_full(
    tmp_path: Path, uninterrupted: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    events = train(CORPUS, CONFIG, tmp_path, shape=SHAPE)
    for event in events:
        if event.step == 8 and isinstance(event, Saved):
            break
    with monkeypatch.context() as patch:
        patch.setattr("model.folder.replace_files", full)
        with pytest.raises(CheckpointError, match="can't be saved: no space left on device"):
            list(events)
    assert load(tmp_path).config.steps == 8
    assert_same(trained(tmp_path, resume=True), uninterrupted)


class Clock:
    """Time that passes by steps of training."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        self.now += 0.01
        return self.now


def test_a_run_by_minutes_counts_the_time_before_a_kill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training.time, "monotonic", Clock().monotonic)
    config = TrainingConfig(minutes=0.5, batch=4, chunk=16, evaluations=5, save_interval_s=2.0, patience=None)
    killed_at, elapsed_s = 0, 0.0
    killed = train(CORPUS, config, tmp_path, shape=SHAPE)
    for event in killed:
        killed_at, elapsed_s = event.step, event.elapsed_s
        if event.elapsed_s > 20:
            break
    monkeypatch.setattr(training.time, "monotonic", Clock().monotonic)
    run = load_run(tmp_path)
    # The iterator is still open: this is what a killed process leaves behind.
    assert elapsed_s - 2.5 < run.record.elapsed_s <= elapsed_s + 0.5
    events = list(train(CORPUS, config, tmp_path, resume=True))
    assert run.record.step <= events[0].step <= killed_at + 60
    assert 30.0 <= events[-1].elapsed_s < 31.0
    assert isinstance(events[-1], Done)


def test_patience_ends_a_run_that_gets_no_better(tmp_path: Path) -> None:
    # A rate at which no weight changes.
    config = CONFIG.model_copy(update={"learning_rate": 1e-15, "evaluations": 24, "patience": 3})
    start = trained(tmp_path / "start")
    *events, done = train(CORPUS, config, tmp_path / "no better", start=start)
    assert isinstance(done, Done)
    assert done.is_early
    assert (done.step, done.best_step) == (3, 0)
    evaluated = [event.is_best for event in events if isinstance(event, Evaluated)]
    assert evaluated == [True, False, False, False]
    assert load(tmp_path / "no better").config.figures == done.best


def test_a_model_stays_until_there_is_a_better_one_in_its_place(tmp_path: Path) -> None:
    old = trained(tmp_path)
    events = train(CORPUS, CONFIG, tmp_path, shape=SHAPE)
    assert isinstance(next(events), Saved)
    assert_same(load(tmp_path), old)


def test_a_run_needs_the_screenplays_and_settings_it_began_with(tmp_path: Path) -> None:
    events: Iterator[Event] = train(CORPUS, CONFIG, tmp_path, shape=SHAPE)
    next(events)
    with pytest.raises(CheckpointError, match="tiny has changed since; expected the same screenplays"):
        train(tiny_corpus(seed=9), CONFIG, tmp_path, resume=True)
    with pytest.raises(CheckpointError, match="this run has steps 24, not 25"):
        train(CORPUS, CONFIG.model_copy(update={"steps": 25}), tmp_path, resume=True)
    with pytest.raises(ValueError, match="has its network"):
        train(CORPUS, CONFIG, tmp_path, resume=True, shape=SHAPE)


def test_without_an_unfinished_run_there_is_nothing_to_resume(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no unfinished training"):
        train(CORPUS, None, tmp_path / "nothing", resume=True)
    trained(tmp_path)
    with pytest.raises(CheckpointError, match="no unfinished training"):
        train(CORPUS, None, tmp_path, resume=True)


def without(prefix: str, data: bytes) -> bytes:
    tensors = safetensors.torch.load(data)
    return safetensors.torch.save({name: values for name, values in tensors.items() if not name.startswith(prefix)})


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("run.json", lambda data: data[:-20]),
        ("run.json", lambda data: json.dumps(json.loads(data) | {"position": 10**6}).encode()),
        ("run.json", lambda data: json.dumps(json.loads(data) | {"version": 7}).encode()),
        ("vocabulary.json", lambda data: b"{}"),
        ("run.safetensors", lambda data: data[:-20]),
        *(
            ("run.safetensors", lambda data, prefix=prefix: without(prefix, data))
            for prefix in ("weight.", "mean.head", "square.", "memory.cell", "memory", "chance")
        ),
    ],
)
def test_a_damaged_run_is_refused(name: str, damage: object, tmp_path: Path) -> None:
    events = train(CORPUS, CONFIG, tmp_path, shape=SHAPE)
    for event in events:
        if event.step == 4:
            break
    events.close()  # type: ignore[attr-defined]
    path = tmp_path / "training" / name
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(CheckpointError):
        train(CORPUS, None, tmp_path, resume=True)


def test_a_loss_that_is_no_number_ends_the_run_and_keeps_the_best(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = train(CORPUS, CONFIG, tmp_path, shape=SHAPE)
    for event in events:
        if event.step == 8 and isinstance(event, Saved):
            break
    monkeypatch.setattr(learning.functional, "cross_entropy", lambda logits, *_, **__: logits.sum() * float("nan"))
    with pytest.raises(TrainingError, match=r"no longer a number after 8 steps.*Lower the learning rate"):
        list(events)
    assert load(tmp_path).config.steps == 8


_CHILD = """
import os, sys, time, random
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import torch
torch.set_num_threads(1)
from tiny import CONFIG, CORPUS, SHAPE, assert_same, tiny_corpus, trained
from model.run import load_run
from model.schedule import TrainingConfig
from model.events import Saved
from model.training import train
corpus, folder, chance = tiny_corpus(), Path(sys.argv[1]), random.Random(7)
config = TrainingConfig(steps=800, batch=4, chunk=16, evaluations=8, patience=None, save_interval_s=0.1)
for trial in range(11):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        start = {"resume": True} if trial else {"shape": SHAPE}
        for event in train(corpus, config, folder / "killed", **start):
            if isinstance(event, Saved):
                os.write(writer, b"%d\\n" % event.step)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as told:
        first = told.readline()
        if trial < 10:
            time.sleep(chance.uniform(0.0, 0.15))
            os.kill(child, 9)
        steps = [int(line) for line in [first, *told] if line.endswith("\\n")]
    _, status = os.waitpid(child, 0)
    resumed = load_run(folder / "killed").record.step if trial < 10 else config.steps
    print(os.WIFSIGNALED(status), steps[-1], resumed, flush=True)
for _ in train(corpus, config, folder / "whole", shape=SHAPE):
    pass
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
def test_ten_kills_at_random_moments_lose_nothing_that_was_saved(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(tmp_path), str(Path(__file__).parent)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    lines = [line.split() for line in done.stdout.splitlines()]
    assert [killed for killed, _, _ in lines] == ["True"] * 10 + ["False"]
    assert all(int(resumed) >= int(saved) for _, saved, resumed in lines)
    assert_same(load(tmp_path / "killed"), load(tmp_path / "whole"))


def test_muon_learns_and_resumes_to_the_same_bits(tmp_path: Path) -> None:
    """It keeps one number a weight of its matrices, AdamW two of all others."""
    config = CONFIG.model_copy(update={"optimizer": "muon", "learning_rate": 0.01})
    whole = trained(tmp_path / "whole", config)
    events = train(CORPUS, config, tmp_path / "stopped", shape=SHAPE)
    first = next(event for event in events if isinstance(event, Evaluated))
    list(itertools.islice(events, 5))
    events.close()
    tensors = safetensors.torch.load_file(tmp_path / "stopped" / "training" / "run.safetensors")
    assert "mean.layers.0.weight_hh_l0" in tensors
    assert "square.layers.0.weight_hh_l0" not in tensors
    assert "square.layers.0.bias_hh_l0" in tensors
    *_, last = train(CORPUS, config, tmp_path / "stopped", resume=True)
    assert isinstance(last, Done)
    assert last.best.bits_per_letter < first.figures.bits_per_letter
    assert_same(load(tmp_path / "stopped"), whole)


def can_halve() -> bool:
    try:
        require("bfloat16", torch.device("cpu"), source="here")
    except DeviceError:
        return False
    return True


@pytest.mark.skipif(not can_halve(), reason="this processor can't learn in bfloat16")
def test_half_precision_learns_much_the_same_and_resumes_to_the_same_bits(tmp_path: Path) -> None:
    half = CONFIG.model_copy(update={"precision": "bfloat16"})
    whole = trained(tmp_path / "whole", half)
    full = trained(tmp_path / "full")
    assert whole.network.head.weight.dtype == torch.float32
    assert whole.config.figures is not None
    assert full.config.figures is not None
    assert whole.config.figures.bits_per_letter == pytest.approx(full.config.figures.bits_per_letter, rel=0.03)
    events = train(CORPUS, half, tmp_path / "broken", shape=SHAPE)
    for event in events:
        if event.step == 8 and isinstance(event, Saved):
            break
    events.close()  # type: ignore[attr-defined]
    assert_same(trained(tmp_path / "broken", half, resume=True), whole)
