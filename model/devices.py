"""Where a network is trained: on the processor, or on a GPU where there is one."""

from __future__ import annotations

import os
from typing import Literal, TypeAlias, get_args

import torch

from model.errors import DeviceError

DeviceChoice: TypeAlias = Literal["auto", "cpu", "cuda", "mps"]
CHOICES: tuple[str, ...] = get_args(DeviceChoice)


def device_for(choice: DeviceChoice) -> torch.device:
    """The device that was chosen; `auto` is a GPU where torch finds one, else the processor.

    Under `torchrun` each process of a machine gets a GPU of its own.

    Raises:
        DeviceError: There is none.
    """
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    kind = next(kind for kind in there if there[kind]) if choice == "auto" else choice
    if not there[kind]:
        raise DeviceError(
            f"torch finds no {kind} device here",
            source="--device",
            expected=f"one of auto, {', '.join(kind for kind in there if there[kind])}",
            todo="Leave --device out" + ("" if kind == "mps" else ", or install a torch that is built for your GPU"),
        )
    if kind != "cuda":
        return torch.device(kind)
    number = int(os.environ.get("LOCAL_RANK", "0"))
    if number >= torch.cuda.device_count():
        raise DeviceError(
            f"there are {torch.cuda.device_count()} GPUs here, and this is process {number} of this machine, from 0",
            source="--device",
            todo="Start as many processes as there are GPUs",
        )
    return torch.device(kind, number)
