"""Several processes that learn one model together, each a part of every batch, as `torchrun` starts them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import torch
from torch import Tensor, distributed, nn
from torch.distributed import PrefixStore, Store  # type: ignore[attr-defined]
from torch.distributed.rendezvous import rendezvous
from torch.nn.parallel import DistributedDataParallel

from model.network import Hidden

_PATIENCE = timedelta(hours=2)
"""How long one process waits for another, which may be reading the held-out scenes."""
_Value = TypeVar("_Value")


def rank() -> int:
    """The number of this process among those that `torchrun` started, from 0; 0 without it."""
    return int(os.environ.get("RANK", "0"))


def is_restarted() -> bool:
    """Whether `torchrun` has started the processes again after one of them died."""
    return _starts() > 0


def _starts() -> int:
    return int(os.environ.get("TORCHELASTIC_RESTART_COUNT", "0"))


@dataclass(frozen=True, slots=True)
class World:
    """This process and the others. They all take every step together; the first one leads, and alone writes files."""

    rank: int = 0
    size: int = 1
    store: Store | None = None
    """Of `torchrun`, where they leave word for one another."""

    @classmethod
    def join(cls, device: torch.device) -> World:
        """Meet the others that `torchrun` started; without it there are none."""
        if int(os.environ.get("WORLD_SIZE", "1")) == 1:
            return cls()
        store: Store | None = None
        if not distributed.is_initialized():
            if device.type == "cuda":
                # NCCL also sends what is no tensor through the current one.
                torch.cuda.set_device(device)
            found, number, size = next(rendezvous("env://", timeout=_PATIENCE))
            # What processes of an earlier start left in the store would be taken for addresses of these.
            store = PrefixStore(f"start {_starts()}", found)
            distributed.init_process_group(
                "nccl" if device.type == "cuda" else "gloo",
                store=store,
                rank=number,
                world_size=size,
                timeout=_PATIENCE,
            )
        return cls(distributed.get_rank(), distributed.get_world_size(), store)

    def leave(self) -> None:
        """Part from the others, once all are done: a process that just ends may take its threads down with a crash.

        They wait at the store, which outlives them, and not for one another: a barrier's last message may be lost with
        the process that sent it.
        """
        if self.size == 1:
            return
        if self.store is not None:
            self.store.set(f"left {self.rank}", "")
            self.store.wait([f"left {rank}" for rank in range(self.size)])
        else:
            distributed.barrier()
        distributed.destroy_process_group()

    @property
    def leads(self) -> bool:
        """Whether this is the process that measures and saves."""
        return self.rank == 0

    def rows(self, total: int) -> slice:
        """Which rows of a batch are this process's. Raises ValueError where there are fewer rows than processes."""
        if total < self.size:
            raise ValueError(f"{total} rows are too few for {self.size} processes")
        return slice(self.rank * total // self.size, (self.rank + 1) * total // self.size)

    def together(self, network: nn.Module) -> nn.Module:
        """The network as it is called to learn: gradients are the mean of all processes'."""
        return network if self.size == 1 else DistributedDataParallel(network)

    def agree(self, value: _Value) -> _Value:
        """What the leading process has; all wait for it."""
        if self.size == 1:
            return value
        values = [value]
        distributed.broadcast_object_list(values, src=0)
        return values[0]

    def total(self, value: Tensor) -> Tensor:
        """The sum of what each has."""
        if self.size > 1:
            value = value.clone()
            distributed.all_reduce(value)
        return value

    def gathered(self, hidden: Hidden) -> Hidden:
        """The memory of all rows, on the CPU, from that of each process's."""
        if self.size == 1:
            return hidden
        parts: list[Hidden] = [hidden] * self.size
        distributed.all_gather_object(parts, hidden.to(torch.device("cpu")))
        return Hidden.joined(parts)
