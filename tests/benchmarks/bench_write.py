"""How fast scenes are written, what the constraints cost, and how near the time is that the weights themselves take.

    python tests/benchmarks/bench_write.py [--model FOLDER] [--scenes 6] [--json]

For the bundled model (or another), and for an untrained one of width 512 with the same vocabulary and sources. The
limit is the time of reading all weights once a character: a dot product of theirs with themselves, measured in the
same run. Without constraints: grammar and length alone, and no pointer, or nothing would come to an end. First words:
from the start of a process to the first heading on a terminal. Takes: characters a second of 32 takes of a page, in one
process and in one for each core, all of which have been started; and the seconds of `write --takes 10`, start, judging
and all.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import os
import pty
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from unittest import mock

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from cli.processes import cores
from model import generation
from model.abreast import write_abreast
from model.checkpoint import Checkpoint, load, save, weights_of
from model.generation import Request, Writing
from model.network import CharRNN
from model.shape import NetworkConfig
from model.shipping import SHIPPED

_COMMAND = [str(Path(sys.executable).with_name("lebowski-gen"))]
_TAKES, _RUNS = 32, 3
_HEADING = re.compile(rb"(?:INT|EXT|[A-Z]{4})")


def characters_per_s(model: Checkpoint, scenes: int) -> float:
    """Of scenes written one after the other, the fastest of three."""
    best = 0.0
    for _ in range(3):
        writing = Writing(model, Request(last_scene=scenes, seed=1))
        for _ in writing:
            pass
        best = max(best, writing.report.symbols / writing.report.elapsed_s)
    return best


_ANYBODY = {"_leads_on": True, "_speakers": None}


def unconstrained(model: Checkpoint, scenes: int) -> float:
    """The same with grammar and length alone, and nothing that points."""
    bare = replace(model, sources=replace(model.sources, pointer=None))
    pen = generation.Pen

    def without(lane, vocabulary, constraints, sampler, network_power, pointing, strangers):  # type: ignore[no-untyped-def]
        kept = tuple(c for c in constraints if c.name in ("grammar", "length"))
        return pen(lane, vocabulary, kept, sampler, network_power, pointing)

    # Who else might speak is no question where anybody may.
    leads, names = (mock.patch.object(pen, name, return_value=found) for name, found in _ANYBODY.items())
    with mock.patch.object(generation, "Pen", without), leads, names:
        return characters_per_s(bare, scenes)


def reading_s(model: Checkpoint) -> float:
    """Seconds to read every weight of a step once, of 8 bits each."""
    weights = [values for name, values in model.weights.items() if "weight_hh" in name or "head" in name]
    flat = np.ones(sum(values.size for values in weights) // 4, np.float32)
    best = float("inf")
    with threadpool_limits(limits=1, user_api="blas"):
        for _ in range(200):
            began = time.perf_counter()
            np.dot(flat, flat)
            best = min(best, time.perf_counter() - began)
    return best


def of_takes_per_s(model: Checkpoint) -> tuple[float, float]:
    """Characters a second of 32 takes of a page, the fastest of three: in one process, and in one for each core."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "model"
        save(folder, model.config, model.vocabulary, model.network, sources=model.sources)
        return side_by_side_per_s(folder, 1), side_by_side_per_s(folder, cores())


def side_by_side_per_s(folder: Path, processes: int) -> float:
    """The same in processes that have been started, have opened the model, and have written something."""
    context = multiprocessing.get_context("spawn")
    ready, written = context.Barrier(processes + 1), context.Queue()
    shares = [list(range(_TAKES))[number::processes] for number in range(processes)]
    writers = [context.Process(target=_write_share, args=(folder, share, ready, written)) for share in shares]
    for writer in writers:
        writer.start()
    best = 0.0
    for _ in range(_RUNS):
        ready.wait()
        began = time.perf_counter()
        symbols = sum(written.get() for _ in writers)
        best = max(best, symbols / (time.perf_counter() - began))
    for writer in writers:
        writer.join()
    return best


def _write_share(folder: Path, seeds: list[int], ready: Barrier, written: Queue[int]) -> None:
    model = load(folder)
    write_abreast(model, Request(length=0.5), seeds=seeds[:1])
    gc.freeze()  # as `cli.writing` does
    for _ in range(_RUNS):
        ready.wait()
        found = write_abreast(model, Request(length=1), seeds=seeds)
        written.put(sum(each.report.symbols for each in found))


def takes_command_s() -> float:
    """Seconds that `write --takes 10` takes with the bundled model, from its start to its end, the fastest of three."""
    best = float("inf")
    with tempfile.TemporaryDirectory() as place:
        for number in range(_RUNS):
            began = time.perf_counter()
            target = Path(place) / f"{number}.fountain"
            subprocess.run([*_COMMAND, "write", "--takes", "10", "-o", target], check=True, capture_output=True)
            best = min(best, time.perf_counter() - began)
    return best


def narrow(model: Checkpoint) -> Checkpoint:
    """An untrained network of width 512 in the place of the model's."""
    shape = NetworkConfig(vocabulary_size=len(model.vocabulary), embedding=64, width=512)
    network = CharRNN(shape, generator=torch.Generator().manual_seed(1))
    config = model.config.model_copy(update={"network": shape})
    return Checkpoint("width 512", config, model.vocabulary, weights_of(network), model.sources)


def first_words_s() -> float:
    """Seconds until `write` shows something, the fastest of three."""
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        ours, theirs = pty.openpty()
        environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80"}
        command = [*_COMMAND, "write", "--seed", "3"]
        process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
        os.close(theirs)
        seen = b""
        while not _HEADING.search(seen):
            seen += os.read(ours, 4096)
        best = min(best, time.perf_counter() - began)
        process.kill()
        process.wait()
        os.close(ours)
    return best


def measured(model_folder: Path, scenes: int) -> dict[str, dict[str, float]]:
    """Figures of the model in a folder, of an untrained one, and of a start."""
    bundled = load(model_folder)
    found: dict[str, dict[str, float]] = {}
    for name, model in ((bundled.name, bundled), ("width 512, untrained", narrow(bundled))):
        with_all, without, limit_s = characters_per_s(model, scenes), unconstrained(model, scenes), reading_s(model)
        one_process, all_processes = of_takes_per_s(model)
        found[name] = {
            "characters_per_s": round(with_all),
            "without_constraints": round(without),
            "slower_by": round(1 - with_all / without, 3),
            "limit_per_s": round(1 / limit_s),
            "times_the_limit": round(1 / limit_s / with_all, 2),
            "of_takes_in_one_process_per_s": round(one_process),
            "of_takes_in_all_processes_per_s": round(all_processes),
        }
    found["start"] = {"first_words_s": round(first_words_s(), 2), "takes_command_s": round(takes_command_s(), 2)}
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=SHIPPED)
    parser.add_argument("--scenes", type=int, default=6)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    found = measured(chosen.model, chosen.scenes)
    if chosen.json:
        print(json.dumps(found, indent=2))
        return
    for name, figures in found.items():
        print(f"{name}: {', '.join(f'{key} {value:,}' for key, value in figures.items())}")


if __name__ == "__main__":
    main()
