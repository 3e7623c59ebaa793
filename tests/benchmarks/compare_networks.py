"""Which network, and which way to train it, learns most in the same time? The base's own texts, equal wall-clock time.

    python tests/benchmarks/compare_networks.py MANIFEST --root FOLDER [--minutes 6] [--threads 1] [--seed 0] [NAME...]

Each starts from nothing and learns with a cosine over its own time, in the precision that is the fastest here. Printed
is what it then spends, in bits per letter and by itself, on the last scenes of the manifest's own held-out sets, and on
the last tenth of the scenes of its set `screenplays`. One runs after the other; start this twice to use two cores.

`512` is what all others differ from in one thing: one LSTM layer of width 512, embedding 128, batches of 64 x 96, Muon
for its matrices and AdamW at 8e-3 for the rest on a cosine, no dropout. Names with `adamw` differ in the optimizer, and
in what they say.
"""

from __future__ import annotations

import argparse
import math
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional
from torch.nn.utils import clip_grad_norm_

from model.allocator import keep_freed_memory
from model.batches import IGNORED, Batches, Tokens
from model.evaluation import evaluate
from model.muon import Muon
from model.network import CharRNN, Dropout, Hidden
from model.precision import fastest_precision
from model.pretraining import Manifest, gather
from model.shape import NetworkConfig, is_between

OPEN = "screenplays"
"""The manifest's set of them, and the folder that they lie in."""
_MEASURED = 60_000
"""Symbols of each kind of held-out scenes that are read."""
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


class Masked(CharRNN):
    """Recurrent weights are masked anew for each chunk while learning. Source: Merity et al. 2017, arXiv:1708.02182."""

    share = 0.2

    def forward(
        self, ids: Tensor, hidden: Hidden, dropout: Dropout | None = None, style: Tensor | None = None
    ) -> tuple[Tensor, Hidden]:
        """As the network without."""
        layer = self.layers[0]
        assert isinstance(layer.weight_hh_l0, Tensor)
        weights = functional.dropout(layer.weight_hh_l0, self.share, self.training)
        before = (hidden.output.contiguous(), hidden.cell.contiguous())
        values, after = functional_call(layer, {"weight_hh_l0": weights}, (self.embedding(ids.transpose(0, 1)), before))
        return self.head(values).transpose(0, 1), Hidden(*after)


@dataclass(frozen=True, slots=True)
class Way:
    """A network, and how it is trained."""

    about: str
    network: type[CharRNN] = CharRNN
    width: int = 512
    layers: int = 1
    batch: int = 64
    chunk: int = 96
    optimizer: str = "muon"
    rate: float = 8e-3
    schedule: str = "cosine"
    dropout: float = 0.0


WAYS = {
    "512": Way("what others differ from"),
    "768": Way("width 768", width=768),
    "1024": Way("width 1024", width=1024),
    "2x512": Way("two layers", layers=2),
    "residual": Way("two layers, the second one's output added to the first's", Residual, layers=2),
    "norm": Way("layer norm before the output", Normed),
    "tied": Way("output by the transpose of the embedding, behind a projection", Tied),
    "head": Way("one attention head over the last 256 outputs, added to them, from nothing at first", Attentive),
    "rate-4e-3": Way("half the rate", rate=4e-3),
    "rate-16e-3": Way("twice the rate", rate=16e-3),
    "batch-32": Way("batches of 32 rows", batch=32),
    "batch-128": Way("batches of 128 rows", batch=128),
    "chunk-48": Way("chunks of 48 symbols", chunk=48),
    "chunk-192": Way("chunks of 192 symbols", chunk=192),
    "linear": Way("a rate that falls in a straight line", schedule="linear"),
    "trapezium": Way("the full rate, and a straight fall in the last third", schedule="trapezium"),
    "dropout": Way("a tenth of what goes into and comes out of the layer dropped", dropout=0.1),
    "masked": Way("a fifth of the recurrent weights masked", Masked),
    "adamw": Way("AdamW at 16e-3", optimizer="adamw", rate=16e-3),
    "adamw-32e-3": Way("AdamW at 32e-3", optimizer="adamw", rate=32e-3),
    "adamw-32": Way("AdamW at 16e-3, batches of 32 rows", optimizer="adamw", rate=16e-3, batch=32),
    "adamw-32-8e-3": Way("AdamW at 8e-3, batches of 32 rows", optimizer="adamw", batch=32),
    "adamw-32-4e-3": Way("AdamW at 4e-3, batches of 32 rows", optimizer="adamw", rate=4e-3, batch=32),
    "adam-32-4e-3": Way("Adam, no weight decay, at 4e-3, batches of 32 rows", optimizer="adam", rate=4e-3, batch=32),
    "sgd": Way("SGD, Nesterov's momentum of .9, at .5", optimizer="sgd", rate=0.5),
    "sgd-2": Way("SGD, Nesterov's momentum of .9, at 2", optimizer="sgd", rate=2.0),
}
_WARMUP = 0.02
_MUON_RATE = 5.0
"""Times the rate of the rest: its steps are as long as a matrix's spectral norm says, not its elements."""


def rate_at(way: Way, fraction: float) -> float:
    """Learning rate when that share of the time is over."""
    if fraction < _WARMUP:
        return way.rate * max(0.05, fraction / _WARMUP)
    rest = min(1.0, (fraction - _WARMUP) / (1.0 - _WARMUP))
    if way.schedule == "linear":
        return way.rate * (1.0 - rest)
    if way.schedule == "trapezium":
        return way.rate * min(1.0, 3.0 * (1.0 - rest))
    return way.rate * 0.5 * (1.0 + math.cos(math.pi * rest))


def optimizers_of(way: Way, network: CharRNN) -> list[torch.optim.Optimizer]:
    """What changes the weights."""
    values = list(network.parameters())
    if way.optimizer == "sgd":
        return [torch.optim.SGD(values, lr=way.rate, momentum=0.9, nesterov=True)]
    decay = 0.0 if way.optimizer == "adam" else 0.01
    muon: list[torch.optim.Optimizer] = []
    if way.optimizer == "muon":
        matrices = [values for name, values in network.named_parameters() if is_between(name)]
        kept = {id(matrix) for matrix in matrices}
        values = [each for each in values if id(each) not in kept]
        muon = [Muon([{"params": matrices}], lr=_MUON_RATE * way.rate)]
    return [torch.optim.AdamW(values, lr=way.rate, betas=(0.9, 0.99), weight_decay=decay, fused=True), *muon]


def learn(way: Way, tokens: Tokens, size: int, *, minutes: float, seed: int) -> tuple[CharRNN, int]:
    """Train one network for its time; give it and its steps."""
    precision = fastest_precision()
    shape = NetworkConfig(vocabulary_size=size, embedding=128, width=way.width, layers=way.layers)
    torch.manual_seed(seed)
    network = way.network(shape, generator=torch.Generator().manual_seed(seed))
    optimizers = optimizers_of(way, network)
    highest = [[group["lr"] for group in optimizer.param_groups] for optimizer in optimizers]
    batches = Batches(tokens, way.batch, way.chunk, seed)
    dropout = Dropout(way.dropout, torch.Generator().manual_seed(seed)) if way.dropout else None
    number, position, step = 0, 0, 0
    epoch = batches.epoch(0)
    hidden = network.initial_hidden(epoch.rows)
    began = time.monotonic()
    while (elapsed_s := time.monotonic() - began) < 60 * minutes:
        if position == len(epoch):
            number, position = number + 1, 0
            epoch = batches.epoch(number)
        batch = epoch[position]
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
            logits, hidden = network(batch.inputs, hidden.reset(batch.opens), dropout)
        loss = functional.cross_entropy(logits.flatten(0, 1).float(), batch.targets.flatten(), ignore_index=IGNORED)
        network.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        clip_grad_norm_(network.parameters(), 1.0)
        share = rate_at(way, elapsed_s / (60 * minutes)) / way.rate
        for optimizer, rates in zip(optimizers, highest, strict=True):
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = share * rate
            optimizer.step()
        hidden = hidden.detach().float()
        position, step = position + 1, step + 1
    if isinstance(network, Attentive):
        network.before = None
    return network.eval(), step


def held_out_too(plan: Manifest) -> Manifest:
    """The same texts, but that a tenth of the open screenplays is held out."""
    sets = [each.model_copy(update={"held_out": 0.1}) if each.name == OPEN else each for each in plan.sets]
    return plan.model_copy(update={"sets": tuple(sets)})


def shortened(streams: Sequence[str], symbols: int) -> list[str]:
    """The beginnings of the streams, of equal length, so many symbols in all at most."""
    return [stream[: symbols // len(streams)] for stream in streams]


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=6.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_intermixed_args()
    unknown = set(chosen.names) - set(WAYS)
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(WAYS)}")
    torch.set_num_threads(chosen.threads)
    keep_freed_memory()
    plan = held_out_too(Manifest.load(chosen.manifest))
    with tempfile.TemporaryDirectory() as folder:
        corpus = gather(plan, chosen.root, chosen.manifest.parent, Path(folder) / "streams", lambda line: None)
        vocabulary = corpus.vocabulary()
        tokens = Tokens.mapped(corpus.training_streams, vocabulary, Path(folder) / "tokens")
        held_out = {"ours": list[str](), OPEN: list[str]()}
        for script in corpus.scripts:
            if script.held_out:
                held_out[OPEN if script.name.startswith(f"{OPEN}/") else "ours"].append(script.held_out)
        measured = {name: shortened(streams, _MEASURED) for name, streams in held_out.items() if streams}
        print(f"{chosen.minutes:g} minutes each, {chosen.threads} threads, seed {chosen.seed}", flush=True)
        for name in chosen.names or WAYS:
            way = WAYS[name]
            network, steps = learn(way, tokens, len(vocabulary), minutes=chosen.minutes, seed=chosen.seed)
            speed = steps * way.batch * way.chunk / (60 * chosen.minutes)
            found = []
            for which, streams in measured.items():
                bits = evaluate(network, vocabulary, streams).bits_per_letter
                assert math.isfinite(bits)
                found.append(f"{which} {bits:.4f}")
            print(
                f"{name:10} {', '.join(found)} bits per letter; {steps:,} steps, {speed:,.0f} symbols/s ({way.about})",
                flush=True,
            )


if __name__ == "__main__":
    main()
