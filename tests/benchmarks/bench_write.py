"""How fast scenes are written, what the constraints cost, and how near the time is that the weights themselves take.

    python tests/benchmarks/bench_write.py [--model FOLDER] [--scenes 6] [--json]

For the bundled model (or another), and for an untrained one of width 512 with the same vocabulary and sources. The
limit is the time of reading all weights once a character: a dot product of theirs with themselves, measured in the
same run. Without constraints: grammar and length alone, and no pointer, or nothing would come to an end. First words:
from the start of a process to the first heading on a terminal. Takes: characters a second of several takes of half a
page, 8 in this process and 32 in as many processes as there are cores, their start included.
"""

from __future__ import annotations

import argparse
import json
import os
import pty
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from cli.processes import cores
from cli.writers import write_side_by_side
from cli.writing import Job
from model import generation
from model.abreast import write_abreast
from model.checkpoint import Checkpoint, load, save, weights_of
from model.generation import Request, Writing
from model.network import CharRNN
from model.shape import NetworkConfig
from model.shipping import SHIPPED

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


def unconstrained(model: Checkpoint, scenes: int) -> float:
    """The same with grammar and length alone, and nothing that points."""
    bare = replace(model, sources=replace(model.sources, pointer=None))
    pen = generation.Pen

    def without(walk, vocabulary, constraints, sampling, pointing, recollection, strangers):  # type: ignore[no-untyped-def]
        kept = tuple(c for c in constraints if c.name in ("grammar", "length"))
        return pen(walk, vocabulary, kept, sampling, pointing, recollection)

    with mock.patch.object(generation, "Pen", without):
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
    """Characters a second of several takes: in one process, the faster of two; and in all."""
    request = Request(length=0.5)
    one = 0.0
    for _ in range(2):
        began = time.perf_counter()
        written = write_abreast(model, request, seeds=range(8))
        one = max(one, sum(each.report.symbols for each in written) / (time.perf_counter() - began))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "model"
        save(folder, model.config, model.vocabulary, model.network, sources=model.sources)
        job = Job(folder=str(folder), request=request, draft=None, seeds=tuple(range(32)))
        began = time.perf_counter()
        written = write_side_by_side(job, processes=cores(), on_progress=lambda ended, symbols: None)
        return one, sum(each.report.symbols for each in written) / (time.perf_counter() - began)


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
        command = [str(Path(sys.executable).with_name("lebowski-gen")), "write", "--seed", "3"]
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
            "of_8_takes_per_s": round(one_process),
            "of_32_takes_in_all_processes_per_s": round(all_processes),
        }
    found["start"] = {"first_words_s": round(first_words_s(), 2)}
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
