"""How near training comes to the processor's matrix peak, and how fast it learns a plain text.

    python tests/benchmarks/bench_train.py [--width 512] [--batch 64] [--chunk 96] [--seconds 30] [--threads 2] [--json]
    python tests/benchmarks/bench_train.py --text FILE [--minutes 2.33] [--rate 6e-3] [--optimizer muon] …

The share: symbols that the whole loop learned from in a second (optimiser, batches, reports, and an evaluation at the
end included) times the operations that a symbol costs, forwards and backwards, over the fastest product of two large
matrices in the same precision and run. Matrices of the recurrence are smaller, and reach a part of it: the second share
is of a product of just that shape.

With `--text`, any text of one piece: the last tenth is held out, and what a character of it costs is told in nats, by
the network alone and with recall (`model/recall.py`). For tinyshakespeare, known figures are 1.886 after 142 s and 1.47
(a small GPT, on a CPU and on a large GPU).
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import torch
from torch.nn import functional

from model.checkpoint import load
from model.corpus import Corpus, Script
from model.evaluation import evaluate
from model.events import Done, Evaluated, Progress
from model.precision import fastest_precision
from model.schedule import Precision, TrainingConfig
from model.shape import NetworkShape
from model.training import train
from screenplay.readers import fountain

CORPORA = Path(__file__).parent.parent.parent / "corpora"
_LARGE = 2048
_TRIES = 15


def peak(rows: int, inner: int, columns: int, precision: Precision) -> float:
    """Operations a second of the fastest of some products of this shape."""
    type_ = torch.bfloat16 if precision == "bfloat16" else torch.float32
    left, right = torch.randn(rows, inner).to(type_), torch.randn(columns, inner).to(type_)
    best = float("inf")
    for _ in range(_TRIES):
        began = time.perf_counter()
        functional.linear(left, right)
        best = min(best, time.perf_counter() - began)
    return 2 * rows * inner * columns / best


def operations(shape: NetworkShape, vocabulary: int) -> int:
    """What one symbol costs: a product forwards, and two of its size backwards."""
    below = [shape.embedding, *[shape.width] * (shape.layers - 1)]
    return 6 * (sum(4 * shape.width * (shape.width + inputs) for inputs in below) + shape.width * vocabulary)


def configured(
    minutes: float,
    *,
    batch: int = 64,
    chunk: int = 96,
    rate: float = 6e-3,
    dropout: float = 0.1,
    evaluations: int = 1,
    seed: int = 0,
    optimizer: Literal["adamw", "muon"] = "adamw",
) -> TrainingConfig:
    """How to train here, in the precision that is the fastest on this machine."""
    return TrainingConfig(
        minutes=minutes,
        precision=fastest_precision(),
        batch=batch,
        chunk=chunk,
        learning_rate=rate,
        dropout=dropout,
        evaluations=evaluations,
        patience=None,
        seed=seed,
        optimizer=optimizer,
    )


def share(shape: NetworkShape, config: TrainingConfig, *, large: int = _LARGE) -> dict[str, float | str | int]:
    """Train on the project's own screenplays for as long as the configuration says.

    Args:
        shape: Of the network.
        config: How it is trained.
        large: Rows and columns of the matrices whose product shows the peak.
    """
    paths = sorted(CORPORA.glob("*.fountain"))[:8]
    corpus = Corpus.from_screenplays(
        ((path.name, fountain.read(path.read_text(encoding="utf-8"))) for path in paths), held_out=0.01
    )
    before = peak(large, large, large, config.precision)
    step = peak(config.batch, shape.width, 4 * shape.width, config.precision)
    with tempfile.TemporaryDirectory() as folder:
        symbols, began = 0.0, None
        for event in train(corpus, config, folder, shape=shape):
            # From the first step on: reading the corpus is measured elsewhere.
            began = began if began is not None else time.monotonic()
            if isinstance(event, Progress | Done):
                symbols = event.step * config.batch * config.chunk
        assert began is not None
        seconds = time.monotonic() - began
    fastest = max(before, peak(large, large, large, config.precision))
    rate = symbols / seconds
    done = rate * operations(shape, len(corpus.vocabulary()))
    return {
        "width": shape.width,
        "batch": config.batch,
        "chunk": config.chunk,
        "precision": config.precision,
        "threads": torch.get_num_threads(),
        "symbols_per_s": rate,
        "gflops": done / 1e9,
        "peak_gflops": fastest / 1e9,
        "such_products_gflops": step / 1e9,
        "share_of_peak": done / fastest,
        "share_of_such_products": done / step,
    }


def learn(text: str, shape: NetworkShape, config: TrainingConfig) -> dict[str, float | int]:
    """Learn all but the last tenth of a text, and say what a character of that tenth costs."""
    cut = len(text) * 9 // 10
    script = Script("text", text[:cut], text[cut:], sha256="", guarded=False)
    with tempfile.TemporaryDirectory() as folder:
        for event in train(Corpus.from_scripts([script]), config, folder, shape=shape):
            if isinstance(event, Evaluated):
                nats = event.figures.nats / event.figures.symbols
                print(f"{event.elapsed_s:5.0f} s, step {event.step:,}: {nats:.4f} nats", flush=True)
            if isinstance(event, Done):
                done = event
        best = load(folder)
    alone = evaluate(best.network, best.vocabulary, [text[cut:]])
    return {
        "seconds": done.elapsed_s,
        "steps": done.step,
        "nats_alone": alone.nats / alone.symbols,
        "nats": done.best.nats / done.best.symbols,
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--width", type=int, default=512)
    parser.add_argument("--embedding", type=int, default=64)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--chunk", type=int, default=96)
    parser.add_argument("--seconds", type=float, default=30.0, help="of training, for the share of the peak")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--text", type=Path, help="a plain text to learn")
    parser.add_argument("--minutes", type=float, default=140 / 60, help="of learning it")
    parser.add_argument("--rate", type=float, default=6e-3, help="of learning it, at its highest")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--evaluations", type=int, default=2)
    parser.add_argument("--optimizer", choices=("adamw", "muon"), default="adamw")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    shape = NetworkShape(width=chosen.width, embedding=chosen.embedding)
    config = configured(
        chosen.minutes if chosen.text is not None else chosen.seconds / 60,
        batch=chosen.batch,
        chunk=chosen.chunk,
        rate=chosen.rate,
        dropout=chosen.dropout,
        evaluations=chosen.evaluations if chosen.text is not None else 1,
        seed=chosen.seed,
        optimizer=chosen.optimizer,
    )
    if chosen.text is not None:
        found = learn(chosen.text.read_text(encoding="utf-8"), shape, config)
    else:
        found = share(shape, config)
    if chosen.json:
        print(json.dumps(found, indent=2))
        return
    for name, value in found.items():
        print(f"{name:24} {value:,.4g}" if isinstance(value, float) else f"{name:24} {value}")


if __name__ == "__main__":
    main()
