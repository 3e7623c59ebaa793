"""Muon: momentum, orthogonalised, for the matrices between a network's layers.

Source: Jordan et al. 2024, Muon: an optimizer for hidden layers in neural networks. `torch.optim.Muon` computes in
bfloat16, which takes a processor without such instructions several times as long.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

_COEFFICIENTS = (
    (8.28721201814563, -23.595886519098837, 17.300387312530933),
    (4.107059111542203, -2.9478499167379106, 0.5448431082926601),
    (3.9486908534822946, -2.908902115962949, 0.5518191394370137),
)
"""Of polynomials, in x and its third and fifth power, that one after the other bring what is in (0, 1] nearest to 1."""
_MOMENTUM = 0.95
_SAFELY, _LEAST = 1.01, 1e-7


def orthogonalised(matrix: Tensor) -> Tensor:
    """The matrix with its singular values brought between .1 and 1.9, but for those far below the largest.

    Cost: three times two products with the matrix and one of its shorter side. Two more steps would bring them between
    .9 and 1.1, which did not pay (`EXPERIMENTS.md`). Source: Amsel et al. 2025, The Polar Express, arXiv:2505.16932.
    """
    is_tall = matrix.shape[0] > matrix.shape[1]
    found = matrix.t() if is_tall else matrix
    found = found / (_SAFELY * found.norm() + _LEAST)
    for first, third, fifth in _COEFFICIENTS:
        square = found @ found.t()
        found = torch.addmm(found, torch.addmm(square, square, square, beta=third, alpha=fifth), found, beta=first)
    return found.t() if is_tall else found


class Muon(torch.optim.Optimizer):
    """Steps of a length that the learning rate says alone, whatever the gradient's size; nothing decays.

    State of each matrix: `exp_avg`, the running mean of its gradient.
    """

    def __init__(self, params: Iterable[dict[str, object]], lr: float) -> None:
        """`params` are groups of matrices, as for any optimizer of torch's."""
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        """Change the weights by what their gradients say."""
        for group in self.param_groups:
            for values in group["params"]:
                state = self.state[values]
                if not state:
                    state["exp_avg"] = torch.zeros_like(values)
                mean = state["exp_avg"].lerp_(values.grad, 1.0 - _MOMENTUM)
                step = orthogonalised(values.grad.lerp(mean, _MOMENTUM))
                # A tall matrix moves what it gives as far as a square one.
                length = group["lr"] * max(1.0, values.shape[0] / values.shape[1]) ** 0.5
                values.add_(step, alpha=-length)
