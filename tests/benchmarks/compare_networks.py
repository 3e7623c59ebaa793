"""Which network learns most in the same time? The base's own texts, equal wall-clock time, one after the other.

    python tests/benchmarks/compare_networks.py MANIFEST --root FOLDER [--minutes 4] [--threads 1] [--seed 0] [NAME...]

Every network has the same batches in the same order, AdamW with a cosine over its own time, and bfloat16 where the
processor has it; what it spends on the manifest's held-out scenes is printed, in bits per letter, without a pointer.

`512`, `768`, `1024`: one LSTM layer of that width; `2x512`: two; `residual`: two, the second one's output added to the
first's; `norm`: 768, layer norm before the output; `tied`: 768, spelling with the transpose of the embedding behind a
projection; `head`: 768, and one attention head over the last 256 outputs, added to them, from nothing at first; `adam`:
768, plain Adam; `sgd`: 768, SGD with momentum at a hundred times the rate.
"""

from __future__ import annotations

import argparse
import math
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import clip_grad_norm_

from model.batches import IGNORED, Batches, Tokens
from model.evaluation import evaluate
from model.network import CharRNN, Dropout, Hidden
from model.precision import fastest_precision
from model.pretraining import Manifest, gather
from model.schedule import TrainingConfig
from model.shape import NetworkConfig

_REACH = 256
_KEY, _VALUE = 128, 256


class Normed(CharRNN):
    """With layer norm before the output."""

    def __init__(self, config: NetworkConfig, **given: object) -> None:
        super().__init__(config, **given)  # type: ignore[arg-type]
        self.head = nn.Sequential(nn.LayerNorm(config.width), self.head)  # type: ignore[assignment]
        self.head.weight = self.head[1].weight  # type: ignore[index]


class Residual(CharRNN):
    """The second layer's output is added to the first's."""

    def forward(
        self, ids: Tensor, hidden: Hidden, dropout: Dropout | None = None, style: Tensor | None = None
    ) -> tuple[Tensor, Hidden]:
        """As the network without."""
        values = self.embedding(ids.transpose(0, 1))
        outputs, cells, total = [], [], None
        for index, layer in enumerate(self.layers):
            before = (hidden.output[index : index + 1].contiguous(), hidden.cell[index : index + 1].contiguous())
            values, (output, cell) = layer(values, before)
            total = values if total is None else total + values
            values = total
            outputs.append(output)
            cells.append(cell)
        return self.head(values).transpose(0, 1), Hidden(torch.cat(outputs), torch.cat(cells))


class Tied(CharRNN):
    """Spells with the transpose of what it reads with."""

    def __init__(self, config: NetworkConfig, **given: object) -> None:
        super().__init__(config, **given)  # type: ignore[arg-type]
        down = nn.Linear(config.width, config.embedding)
        with torch.no_grad():
            self.embedding.weight.mul_(config.embedding**-0.5)
        output = nn.Linear(config.embedding, config.vocabulary_size)
        output.weight = self.embedding.weight
        self.head = nn.Sequential(down, output)  # type: ignore[assignment]
        self.head.weight = output.weight


class Attentive(CharRNN):
    """One head over the last outputs, those of the chunk before included."""

    def __init__(self, config: NetworkConfig, **given: object) -> None:
        super().__init__(config, **given)  # type: ignore[arg-type]
        width = config.width
        self.query, self.key = nn.Linear(width, _KEY, bias=False), nn.Linear(width, _KEY, bias=False)
        self.value, self.back = nn.Linear(width, _VALUE, bias=False), nn.Linear(_VALUE, width, bias=False)
        nn.init.zeros_(self.back.weight)
        self.before: Tensor | None = None
        """Outputs of the chunk before, (batch, reach, width)."""

    def forward(
        self, ids: Tensor, hidden: Hidden, dropout: Dropout | None = None, style: Tensor | None = None
    ) -> tuple[Tensor, Hidden]:
        """As the network without."""
        values = self.embedding(ids.transpose(0, 1))
        outputs, (output, cell) = self.layers[0](values, (hidden.output.contiguous(), hidden.cell.contiguous()))
        outputs = outputs.transpose(0, 1)
        batch, steps, width = outputs.shape
        before = self.before
        if before is None or before.shape[0] < batch:
            before = outputs.new_zeros(batch, _REACH, width)
        # A row that begins anew has no memory, and nothing to look back to.
        before = before[:batch].to(outputs.dtype) * (hidden.cell[-1].abs().sum(-1) > 0)[:, None, None]
        seen = torch.cat([before, outputs], dim=1)
        places = torch.arange(steps)[:, None] + _REACH - torch.arange(seen.shape[1])[None, :]
        mask = (places >= 0) & (places < _REACH)
        found = functional.scaled_dot_product_attention(
            self.query(outputs)[:, None], self.key(seen)[:, None], self.value(seen)[:, None], attn_mask=mask
        )[:, 0]
        self.before = seen[:, -_REACH:].detach()
        return self.head(outputs + self.back(found)), Hidden(output, cell)


KINDS: dict[str, tuple[type[CharRNN], int, int]] = {
    "512": (CharRNN, 512, 1),
    "768": (CharRNN, 768, 1),
    "1024": (CharRNN, 1024, 1),
    "2x512": (CharRNN, 512, 2),
    "norm": (Normed, 768, 1),
    "residual": (Residual, 512, 2),
    "tied": (Tied, 768, 1),
    "head": (Attentive, 768, 1),
    "adam": (CharRNN, 768, 1),
    "sgd": (CharRNN, 768, 1),
}


def optimizer_of(name: str, network: CharRNN, rate: float) -> torch.optim.Optimizer:
    """AdamW, but for those networks that are there for another."""
    if name == "sgd":
        return torch.optim.SGD(network.parameters(), lr=rate, momentum=0.9, nesterov=True)
    if name == "adam":
        return torch.optim.Adam(network.parameters(), lr=rate, betas=(0.9, 0.99))
    return torch.optim.AdamW(network.parameters(), lr=rate, betas=(0.9, 0.99), weight_decay=0.01)


def learn(
    name: str, config: TrainingConfig, batches: Batches, size: int, evaluated: Callable[[CharRNN], float]
) -> tuple[float, int]:
    """Train one network for its time; give bits per letter and steps."""
    kind, width, layers = KINDS[name]
    shape = NetworkConfig(vocabulary_size=size, embedding=128, width=width, layers=layers)
    torch.manual_seed(config.seed)
    network = kind(shape, generator=torch.Generator().manual_seed(config.seed))
    rate = config.learning_rate * (100 if name == "sgd" else 1)
    optimizer = optimizer_of(name, network, rate)
    number, position, step = 0, 0, 0
    epoch = batches.epoch(0)
    hidden = network.initial_hidden(epoch.rows)
    assert config.minutes is not None
    began = time.monotonic()
    while (elapsed_s := time.monotonic() - began) < 60 * config.minutes:
        if position == len(epoch):
            number, position = number + 1, 0
            epoch = batches.epoch(number)
        batch = epoch[position]
        with torch.autocast("cpu", torch.bfloat16, enabled=config.precision == "bfloat16"):
            logits, hidden = network(batch.inputs, hidden.reset(batch.opens))
        loss = functional.cross_entropy(logits.flatten(0, 1).float(), batch.targets.flatten(), ignore_index=IGNORED)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        clip_grad_norm_(network.parameters(), config.clip)
        for group in optimizer.param_groups:
            group["lr"] = rate / config.learning_rate * config.learning_rate_at(config.fraction(step, elapsed_s))
        optimizer.step()
        hidden = hidden.detach().float()
        position, step = position + 1, step + 1
    if isinstance(network, Attentive):
        network.before = None
    return evaluated(network.eval()), step


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_intermixed_args()
    unknown = set(chosen.names) - set(KINDS)
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(KINDS)}")
    torch.set_num_threads(chosen.threads)
    plan = Manifest.load(chosen.manifest)
    given = {**plan.training, "seed": chosen.seed}
    config = TrainingConfig(minutes=chosen.minutes, precision=fastest_precision(), **given)
    with tempfile.TemporaryDirectory() as folder:
        corpus = gather(plan, chosen.root, chosen.manifest.parent, Path(folder) / "streams", lambda line: None)
        vocabulary = corpus.vocabulary()
        tokens = Tokens.mapped(corpus.training_streams, vocabulary, Path(folder) / "tokens")
        batches = Batches(tokens, config.batch, config.chunk, config.seed)
        held_out = corpus.held_out_streams

        def evaluated(network: CharRNN) -> float:
            with torch.inference_mode():
                return evaluate(network, vocabulary, held_out).bits_per_letter

        print(f"{chosen.minutes:g} minutes each, {chosen.threads} threads, {config.batch} x {config.chunk}", flush=True)
        for name in chosen.names or KINDS:
            bits, steps = learn(name, config, batches, len(vocabulary), evaluated)
            speed = steps * config.batch * config.chunk / (60 * chosen.minutes)
            assert math.isfinite(bits)
            print(f"{name:10} {bits:.4f} bits per letter, {steps:,} steps, {speed:,.0f} symbols/s", flush=True)


if __name__ == "__main__":
    main()
