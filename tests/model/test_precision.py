"""Which precision a machine learns fastest in."""

from __future__ import annotations

import pytest
import torch

from model import precision
from model.schedule import TrainingConfig


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


def test_torchs_own_chance_is_left_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    precision.fastest_precision()

    assert torch.equal(torch.rand(4), expected)
