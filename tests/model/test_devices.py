"""Which device a network is trained on."""

from __future__ import annotations

import pytest
import torch

from model.devices import DeviceChoice, device_for
from model.errors import DeviceError


def having(monkeypatch: pytest.MonkeyPatch, *, cuda: int = 0, mps: bool = False) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)


@pytest.mark.parametrize(
    ("cuda", "mps", "kind"), [(0, False, "cpu"), (1, False, "cuda"), (0, True, "mps"), (2, True, "cuda")]
)
def test_auto_takes_a_gpu_where_there_is_one(monkeypatch: pytest.MonkeyPatch, cuda: int, mps: bool, kind: str) -> None:
    having(monkeypatch, cuda=cuda, mps=mps)
    assert device_for("auto").type == kind
    assert device_for("cpu").type == "cpu"


@pytest.mark.parametrize("choice", ["cuda", "mps"])
def test_what_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch, choice: DeviceChoice) -> None:
    having(monkeypatch)
    with pytest.raises(DeviceError, match=f"finds no {choice} device here; expected one of auto, cpu"):
        device_for(choice)


def test_under_torchrun_each_process_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    having(monkeypatch, cuda=2)
    assert device_for("cuda") == torch.device("cuda", 0)
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert device_for("auto") == torch.device("cuda", 1)
    monkeypatch.setenv("LOCAL_RANK", "2")
    with pytest.raises(DeviceError, match="there are 2 GPUs here, and this is process 2"):
        device_for("auto")
