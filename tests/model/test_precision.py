"""Which precision a machine learns fastest in."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest
import torch
from tiny import CONFIG, CORPUS, SHAPE

from model import precision
from model.errors import DeviceError
from model.schedule import TrainingConfig
from model.training import train


def test_is_one_that_training_knows() -> None:
    assert TrainingConfig(steps=1, precision=precision.fastest_precision()).precision in ("float32", "bfloat16")


@pytest.mark.parametrize(("half_s", "expected"), [(0.5, "bfloat16"), (0.95, "float32"), (2.0, "float32")])
def test_the_clock_decides_where_the_processor_knows_both(
    monkeypatch: pytest.MonkeyPatch, half_s: float, expected: str
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": True}, raising=False)
    monkeypatch.setattr(precision, "_pass", lambda layer, is_half: half_s if is_half else 1.0)

    assert precision.fastest_precision() == expected


def test_a_processor_without_the_instructions_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", dict, raising=False)
    monkeypatch.setattr(precision, "_pass", lambda layer, is_half: pytest.fail("it was tried"))

    assert precision.fastest_precision() == "float32"


def test_a_precision_that_the_processor_lacks_is_told_before_anything_is_learned(tmp_path: Path) -> None:
    missing = RuntimeError("could not create a primitive descriptor for the LSTM forward propagation primitive")
    half = CONFIG.model_copy(update={"precision": "bfloat16"})
    with (
        mock.patch.object(torch.nn.LSTM, "forward", side_effect=missing),
        pytest.raises(DeviceError, match=r"new: this machine can't learn in bfloat16\. Go on where the run began"),
    ):
        train(CORPUS, half, tmp_path / "new", shape=SHAPE)
    assert not (tmp_path / "new").exists()
    precision.require("float32", torch.device("cpu"), source="here")


def test_torchs_own_chance_is_left_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    precision.fastest_precision()

    assert torch.equal(torch.rand(4), expected)
