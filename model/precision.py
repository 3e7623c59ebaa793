"""In which precision this machine learns fastest: asked of the machine, not of its data sheet."""

from __future__ import annotations

import time

import torch
from torch import nn

from model.errors import DeviceError
from model.schedule import Precision

_WIDTH, _BATCH, _TIME = 512, 32, 16
_TRIES = 3
_GAIN = 0.9
"""A tenth of the time must be won, or the more exact one is taken."""


def fastest_precision(device: torch.device | str = "cpu") -> Precision:
    """bfloat16 where the processor can multiply in it and is faster so, else float32.

    Of two processors with the same instructions for bfloat16, one was twice as fast with it, and the other two thirds
    as fast. So on a CPU both are tried, for half a second in all.
    """
    if torch.device(device).type == "cuda":
        return "bfloat16" if torch.cuda.is_bf16_supported() else "float32"
    # Older versions of torch can't tell; then the safe one. Where it is emulated, one try would take a minute.
    capabilities: dict[str, object] = getattr(torch.cpu, "get_capabilities", dict)()
    if not capabilities.get("avx512_bf16") and not capabilities.get("amx_bf16"):
        return "float32"
    layer, seconds = _layer(), dict.fromkeys((False, True), float("inf"))
    # In turn, so that what else the machine does slows both; the first of each pays for what is set up once.
    for is_half in (False, True) * (1 + _TRIES):
        seconds[is_half] = min(seconds[is_half], _pass(layer, is_half=is_half))
    return "bfloat16" if seconds[True] < _GAIN * seconds[False] else "float32"


def require(precision: Precision, device: torch.device, *, source: str) -> None:
    """See that this machine can learn in a precision; `source` names who wants it.

    Raises:
        DeviceError: It can't.
    """
    try:
        with torch.autocast(device.type, torch.bfloat16, enabled=precision == "bfloat16"):
            nn.LSTM(1, 1, device="meta").to_empty(device=device)(torch.zeros(1, 1, 1, device=device))
    except RuntimeError as error:
        raise DeviceError(
            f"this machine can't learn in {precision}",
            source=source,
            todo="Go on where the run began, or begin anew here",
        ) from error


def _layer() -> nn.LSTM:
    # Its values say nothing about time; drawing them would move torch's own chance.
    with torch.device("meta"):
        layer = nn.LSTM(_WIDTH, _WIDTH)
    layer = layer.to_empty(device="cpu")
    for values in layer.parameters():
        nn.init.zeros_(values)
    return layer


def _pass(layer: nn.LSTM, *, is_half: bool) -> float:
    """Seconds that it takes to go through a layer and back."""
    began = time.perf_counter()
    with torch.autocast("cpu", torch.bfloat16, enabled=is_half):
        outputs, _ = layer(torch.zeros(_TIME, _BATCH, _WIDTH))
    outputs.float().sum().backward()
    return time.perf_counter() - began
