"""The recurrent network: ids in, a distribution over the next id out. Knows no screenplay words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from model.shape import NetworkConfig

_INIT_SEED = 0


@dataclass(frozen=True, slots=True)
class Hidden:
    """What the network remembers of the symbols read so far: a value, passed in and returned.

    Both tensors are (layers, batch, width). Callers treat it as a whole, so that a network
    that remembers more can add to it.
    """

    output: Tensor
    cell: Tensor

    def detach(self) -> Hidden:
        """The same memory, with no gradient running back through it."""
        return Hidden(self.output.detach(), self.cell.detach())

    def float(self) -> Hidden:
        """The same memory in 32 bits."""
        return Hidden(self.output.float(), self.cell.float())

    def reset(self, opens: Tensor) -> Hidden:
        """Forget everything in the rows where `opens`, (batch,) of bool, is true."""
        mask = opens[None, :, None]
        return Hidden(self.output.masked_fill(mask, 0.0), self.cell.masked_fill(mask, 0.0))

    def part(self, rows: slice) -> Hidden:
        """The memory of neighbouring rows."""
        return Hidden(self.output[:, rows], self.cell[:, rows])

    def rows(self, index: Tensor) -> Hidden:
        """The memory of some rows, in the order of `index`, (rows,) of int64; a row may be taken twice."""
        return Hidden(self.output.index_select(1, index), self.cell.index_select(1, index))

    @classmethod
    def joined(cls, parts: Sequence[Hidden]) -> Hidden:
        """The memory of the rows of all parts, one after the other."""
        return cls(torch.cat([part.output for part in parts], 1), torch.cat([part.cell for part in parts], 1))

    def to(self, device: torch.device) -> Hidden:
        """The same memory on another device."""
        return Hidden(self.output.to(device), self.cell.to(device))

    def tensors(self) -> dict[str, Tensor]:
        """By name, to be saved."""
        return {"output": self.output, "cell": self.cell}

    @classmethod
    def from_tensors(cls, tensors: dict[str, Tensor]) -> Hidden:
        """What `tensors` gave. Raises KeyError where one is missing."""
        return cls(tensors["output"], tensors["cell"])


@dataclass(frozen=True, slots=True)
class Dropout:
    """Noise for training: which share of the activations to drop, and where the chance comes from.

    `nn.Dropout` draws from torch's global generator, which no run of ours may depend on.
    """

    share: float
    generator: torch.Generator
    rows: slice | None = None
    """Which rows of a larger batch these are: chance is that of the whole, whoever computes a part."""
    total: int = 0
    """How many rows that batch has."""

    def __call__(self, values: Tensor) -> Tensor:
        """Drop with one mask for all time steps of a row; `values` is (time, batch, width).

        Source: Gal and Ghahramani 2016, arXiv:1512.05287 (the mask that stays the same over time).
        """
        if self.share == 0.0:
            return values
        _, batch, width = values.shape
        rows = batch if self.rows is None else self.total
        mask = torch.empty(1, rows, width, device=values.device, dtype=values.dtype)
        mask.bernoulli_(1.0 - self.share, generator=self.generator).div_(1.0 - self.share)
        return values * (mask if self.rows is None else mask[:, self.rows])


class CharRNN(nn.Module):
    """Embedding, LSTM layers, output layer.

    Each style has a vector that is added to every symbol's embedding; without a style nothing is.
    Weights are drawn from `generator`, so the same one gives the same network.
    Source: Hochreiter and Schmidhuber 1997; forget gates start open as in Gers et al. 2000.
    """

    def __init__(self, config: NetworkConfig, *, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary_size, config.embedding)
        # One nn.LSTM a layer: a stacked one draws its dropout from the global generator.
        # Time comes first inside: a contiguous step is up to a third faster on a CPU than batch_first.
        self.layers = nn.ModuleList(
            nn.LSTM(config.embedding if layer == 0 else config.width, config.width) for layer in range(config.layers)
        )
        self.head = nn.Linear(config.width, config.vocabulary_size)
        if config.styles:
            self.styles = nn.Embedding(config.styles, config.embedding)
        if self.head.weight.device.type != "meta":
            self._draw(generator if generator is not None else torch.Generator().manual_seed(_INIT_SEED))

    @classmethod
    def of(cls, config: NetworkConfig, weights: Mapping[str, NDArray[np.float32]]) -> CharRNN:
        """A network around a copy of these weights, which must be all those of `NetworkConfig.tensors`."""
        # On no device at first: weights that are not needed are never drawn.
        with torch.device("meta"):
            network = cls(config)
        tensors = {name: torch.from_numpy(values.copy()) for name, values in weights.items()}
        network.load_state_dict(tensors, assign=True)
        return network

    @torch.no_grad()
    def _draw(self, generator: torch.Generator) -> None:
        self.embedding.weight.normal_(generator=generator)
        # Id 0 is the unknown character: where training never meets it, it says nothing instead of something random.
        self.embedding.weight[0] = 0.0
        bound = self.config.width**-0.5
        for layer in self.layers:
            for name, values in layer.named_parameters():
                if name.startswith("weight"):
                    values.uniform_(-bound, bound, generator=generator)
                else:
                    values.zero_()
                    if name.startswith("bias_ih"):
                        values[self.config.width : 2 * self.config.width] = 1.0
        self.head.weight.uniform_(-bound, bound, generator=generator)
        self.head.bias.zero_()
        if self.config.styles:
            self.styles.weight.zero_()

    def blend(self, shares: Tensor) -> Tensor:
        """The vector of a mixture of styles, (..., embedding), from what share each has, (..., styles)."""
        if not self.config.styles:
            raise ValueError("the network knows no styles")
        return shares.to(self.styles.weight.dtype) @ self.styles.weight

    def styled(self, styles: Sequence[int | None]) -> Tensor | None:
        """A vector a row, (rows, embedding), from the number of each one's style; None has none.

        None where the network knows no styles.
        """
        count = self.config.styles
        if not count:
            return None
        shares = torch.zeros(len(styles), count, device=self.head.weight.device)
        for row, style in enumerate(styles):
            if style is not None:
                shares[row, style] = 1.0
        return self.blend(shares)

    def initial_hidden(self, batch: int) -> Hidden:
        """The memory of having read nothing, for `batch` rows."""
        weight = self.head.weight
        zeros = weight.new_zeros(self.config.layers, batch, self.config.width)
        return Hidden(zeros, zeros.clone())

    def forward(
        self, ids: Tensor, hidden: Hidden, dropout: Dropout | None = None, style: Tensor | None = None
    ) -> tuple[Tensor, Hidden]:
        """Read `ids`, (batch, time) of int64; give logits, (batch, time, vocabulary), and the memory after them.

        `style` is a vector for each row, (batch, embedding), or one for all, as `blend` and `styled` give them.
        Reading T symbols at once is the same as reading them one by one. Without `dropout` nothing is random.
        """
        values = self.embedding(ids.transpose(0, 1))
        if style is not None:
            values = values + style
        outputs, cells = [], []
        for index, layer in enumerate(self.layers):
            if dropout is not None:
                values = dropout(values)
            before = (hidden.output[index : index + 1].contiguous(), hidden.cell[index : index + 1].contiguous())
            values, (output, cell) = layer(values, before)
            outputs.append(output)
            cells.append(cell)
        if dropout is not None:
            values = dropout(values)
        return self.head(values).transpose(0, 1), Hidden(torch.cat(outputs), torch.cat(cells))

    @torch.no_grad()
    def extended(self, vocabulary_size: int, *, styles: int = 0, generator: torch.Generator | None = None) -> CharRNN:
        """A network that knows more ids, on weights of its own; the old ids keep their meaning and their odds.

        It has `styles` new styles, which are all alike at first, and none of the old.

        A new id has been the unknown character, id 0, so far: it starts from that one's weights, with some
        noise in the embedding so that two new ids can part. All of them share what was its chance.
        """
        old = self.config.vocabulary_size
        added = vocabulary_size - old
        if added < 0:
            raise ValueError(f"the network has {old} ids, which can't become {vocabulary_size}")
        generator = generator if generator is not None else torch.Generator().manual_seed(_INIT_SEED)
        network = CharRNN(NetworkConfig.of(self.config, vocabulary_size, styles=styles), generator=generator)
        weights = {name: values for name, values in self.state_dict().items() if not name.startswith("styles")}
        if styles:
            weights["styles.weight"] = network.styles.weight.detach()
        if added:
            noise = 0.1 * torch.randn(added, self.config.embedding, generator=generator)
            for name in ("embedding.weight", "head.weight", "head.bias"):
                values = weights[name]
                weights[name] = torch.cat([values, values[:1].expand(added, *values.shape[1:])])
            weights["embedding.weight"][old:] += noise.to(weights["embedding.weight"].device)
            weights["head.bias"][[0, *range(old, vocabulary_size)]] -= math.log(1 + added)
        network.load_state_dict(weights)
        return network
