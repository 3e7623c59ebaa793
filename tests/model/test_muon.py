"""Muon takes the steps that torch's own does, in 32 bits."""

from __future__ import annotations

import pytest
import torch

from model.muon import Muon, orthogonalised


@pytest.mark.parametrize("shape", [(40, 10), (10, 40), (16, 16)])
def test_singular_values_come_near_one_and_their_vectors_stay(shape: tuple[int, int]) -> None:
    chance = torch.Generator().manual_seed(1)
    left, _, right = torch.linalg.svd(torch.randn(shape, generator=chance), full_matrices=False)
    before = 1e-3 * torch.logspace(0, -1.5, min(shape))
    found = orthogonalised(left @ before.diag() @ right)
    assert found.shape == shape
    after = left.t() @ found @ right.t()
    values = after.diag().clone()
    assert values.min() > 0.1
    assert values.max() < 1.9
    assert values.max() / values.min() < 0.5 * before.max() / before.min()
    assert after.fill_diagonal_(0.0).abs().max() < 1e-4


def test_nothing_comes_of_nothing() -> None:
    assert not orthogonalised(torch.zeros(4, 3)).any()


@pytest.mark.parametrize("shape", [(48, 12), (12, 48)])
def test_its_steps_are_much_like_those_of_torch(shape: tuple[int, int]) -> None:
    """Both go the same way, though theirs are nearer to one length; the mean of the gradients goes on alike."""
    chance = torch.Generator().manual_seed(2)
    ours, theirs = (torch.nn.Parameter(torch.zeros(shape)) for _ in range(2))
    own = Muon([{"params": [ours]}], lr=0.1)
    other = torch.optim.Muon([theirs], lr=0.1, weight_decay=0.0)
    for _ in range(4):
        gradient = torch.randn(shape, generator=chance)
        ours.grad, theirs.grad = gradient.clone(), gradient.clone()
        own.step()
        other.step()
    cosine = torch.nn.functional.cosine_similarity(ours.flatten(), theirs.flatten(), dim=0)
    assert cosine > 0.93


def test_a_step_is_no_longer_for_a_large_gradient() -> None:
    found = []
    for size in (0.01, 1.0, 1e4):
        values = torch.nn.Parameter(torch.zeros(8, 8))
        values.grad = size * torch.randn(8, 8, generator=torch.Generator().manual_seed(3))
        Muon([{"params": [values]}], lr=0.1).step()
        found.append(values.detach())
    assert torch.allclose(found[0], found[1], atol=1e-3)
    assert torch.allclose(found[1], found[2], atol=1e-3)
