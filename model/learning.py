"""What a batch says about the weights: the gradients of its loss, its rows in parts that are computed side by side."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from model.allocator import keep_freed_memory
from model.batches import IGNORED, Batch
from model.network import CharRNN, Dropout, Hidden
from model.parallel import World
from model.schedule import TrainingConfig

_LEAST_ROWS = 16
"""Rows that a part has at least: a product of fewer with the weights takes nearly as long."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Some of a batch's rows, and what they need."""

    rows: slice
    """Of the whole batch."""
    hidden: Hidden
    generator: torch.Generator
    """Each part draws what the whole batch would, and takes its own rows of it."""
    shares: Tensor | None
    """Of each style, (rows, styles)."""


class Learner:
    """Computes gradients. On a CPU a step of the LSTM is too small for threads to share well: each takes rows instead.

    Each part is then a text of its own up to the sum of the gradients, and cores wait for one another once a batch
    and not twice a symbol. Not under `torchrun`, where each process has its rows already.
    """

    def __init__(
        self,
        network: CharRNN,
        world: World,
        rows: int,
        config: TrainingConfig,
        device: torch.device,
        numbers: Sequence[int],
    ) -> None:
        """Prepare for batches of `rows` rows.

        In `numbers` stands of which script each stream is; those that are counted after them are of none.
        """
        self._network, self._world, self._config, self._device = network, world, config, device
        self._total, self._rows = rows, world.rows(rows)
        self._numbers = torch.tensor(numbers, device=device)
        self._learning = world.together(network)
        threads = torch.get_num_threads()
        self._parts = max(1, min(threads, rows // _LEAST_ROWS)) if device.type == "cpu" and world.size == 1 else 1
        self._pool: ThreadPoolExecutor | None = None
        if device.type == "cpu":
            keep_freed_memory()
        if self._parts > 1:
            # How many threads work on one operation is a setting of the thread that calls it.
            each = threads // self._parts
            self._pool = ThreadPoolExecutor(
                self._parts, "learning", initializer=torch.set_num_threads, initargs=(each,)
            )

    def learn(self, batch: Batch, hidden: Hidden, generator: torch.Generator) -> tuple[Tensor, Hidden]:
        """Leave the gradients of a batch's mean loss in the network.

        Args:
            batch: All of its rows, those of other processes too.
            hidden: What the network remembers of this process's rows.
            generator: Where chance comes from; equal in all processes.

        Returns:
            The loss, in nats a symbol of the whole batch, on the device: to look at it is to wait for the step. And
            the memory after it.
        """
        symbols = int((batch.targets != IGNORED).sum())
        # A mean of the processes' gradients is that of the whole batch's loss.
        scale = self._world.size / symbols
        shares = self._shares(batch.streams.to(self._device), generator)
        if self._pool is None:
            part = _Part(self._rows, hidden, generator, None if shares is None else shares[self._rows])
            spent, after = self._spent(batch, part)
            self._network.zero_grad()
            (spent * scale).backward()  # type: ignore[no-untyped-call]
            return self._world.total(spent.detach()) / symbols, after.detach()
        parts = self._divided(hidden, generator, shares)
        found = list(self._pool.map(lambda part: self._gradients(batch, part, scale), parts))
        for values, *gradients in zip(self._network.parameters(), *(each for _, _, each in found), strict=True):
            values.grad = torch.stack(gradients).sum(0) if len(gradients) > 2 else gradients[0].add_(gradients[1])
        return torch.stack([nats for nats, _, _ in found]).sum() / symbols, Hidden.joined(
            [after for _, after, _ in found]
        )

    def _divided(self, hidden: Hidden, generator: torch.Generator, shares: Tensor | None) -> list[_Part]:
        bounds = [number * self._total // self._parts for number in range(self._parts + 1)]
        state, generators = generator.get_state(), [generator]
        while len(generators) < self._parts:
            generators.append(torch.Generator().set_state(state))
        return [
            _Part(rows, hidden.part(rows), own, None if shares is None else shares[rows])
            for rows, own in zip(map(slice, bounds, bounds[1:]), generators, strict=True)
        ]

    def _gradients(self, batch: Batch, part: _Part, scale: float) -> tuple[Tensor, Hidden, tuple[Tensor, ...]]:
        spent, hidden = self._spent(batch, part)
        gradients = torch.autograd.grad(spent * scale, tuple(self._network.parameters()))
        return spent.detach(), hidden.detach(), gradients

    def _spent(self, batch: Batch, part: _Part) -> tuple[Tensor, Hidden]:
        """The sum of a part's losses in nats, and the memory after it."""
        config, own = self._config, batch.part(part.rows).to(self._device)
        dropout = Dropout(config.dropout, part.generator, part.rows, self._total)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=config.precision == "bfloat16"):
            style = None if part.shares is None else self._network.blend(part.shares)
            logits, hidden = self._learning(own.inputs, part.hidden.reset(own.opens), dropout, style)
        targets = own.targets.flatten()
        spent = functional.cross_entropy(logits.flatten(0, 1).float(), targets, ignore_index=IGNORED, reduction="sum")
        return spent, hidden.float()

    def _shares(self, streams: Tensor, generator: torch.Generator) -> Tensor | None:
        """What share each style has in each row, (rows, styles), some left out by chance; None without styles."""
        count = self._network.config.styles
        if not count:
            return None
        kept = torch.rand(self._total, 1, generator=generator, device=self._device) >= self._config.style_dropout
        own = (streams < len(self._numbers))[:, None]
        numbers = self._numbers[streams.clamp(max=len(self._numbers) - 1)]
        return functional.one_hot(numbers, count) * (kept & own).float()
