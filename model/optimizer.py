"""What changes the weights: AdamW, and Muon for the matrices of the layers where a run asks for it."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from model.muon import Muon
from model.run import Run
from model.schedule import TrainingConfig
from model.shape import is_between

_BETAS = (0.9, 0.99)
_LASTING = ("embedding", "styles")
"""What does not decay, though it is a matrix."""
_STYLE_PACE = 20.0
"""How much faster styles are learned than the rest: they begin as nothing, and few rows tell of each."""
_MUON_PACE = 5.0
"""Muon's rate beside AdamW's: it says how far a matrix moves, not how far each of its numbers does."""


class Optimizer:
    """The weights of a network, and what of past gradients tells how to change them."""

    def __init__(self, named: Mapping[str, Tensor], config: TrainingConfig) -> None:
        """Begin with no past. Only what multiplies decays, not biases, embeddings and styles."""
        self._named = named
        muon = {name for name in named if config.optimizer == "muon" and is_between(name)}
        groups = []
        for pace in (1.0, _STYLE_PACE):
            of_pace = {n: v for n, v in named.items() if n not in muon and n.startswith("styles") == (pace != 1.0)}
            for decays in (True, False):
                part = [v for n, v in of_pace.items() if (v.ndim > 1 and not n.startswith(_LASTING)) == decays]
                decay = config.weight_decay if decays else 0.0
                groups += [{"params": part, "weight_decay": decay, "pace": pace}] if part else []
        self._parts: list[torch.optim.Optimizer] = [
            torch.optim.AdamW(groups, lr=config.learning_rate, betas=_BETAS, fused=True)
        ]
        if muon:
            turned: list[dict[str, object]] = [{"params": [named[name] for name in sorted(muon)], "pace": _MUON_PACE}]
            self._parts.append(Muon(turned, lr=config.learning_rate))

    @classmethod
    def of(cls, run: Run) -> Optimizer:
        """As far as the run has come."""
        named = dict(run.network.named_parameters())
        found = cls(named, run.record.training)
        for part in found._parts:
            for values in (values for group in part.param_groups for values in group["params"]):
                name = next(name for name, other in named.items() if other is values)
                if name not in run.means:
                    continue
                state = part.state[values]
                state["exp_avg"] = run.means[name].to(values.device)
                if name in run.squares:
                    state["exp_avg_sq"] = run.squares[name].to(values.device)
                    state["step"] = torch.tensor(float(run.record.step), device=values.device)
        return found

    def step(self, rate: float) -> None:
        """Change the weights by what their gradients say, at a learning rate."""
        for part in self._parts:
            for group in part.param_groups:
                group["lr"] = group["pace"] * rate
            part.step()

    def past(self) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """The running mean of each weight's gradient, by name, and that of its square, where there is one."""
        states = {name: self._state(values) for name, values in self._named.items()}
        squares = {name: state["exp_avg_sq"] for name, state in states.items() if "exp_avg_sq" in state}
        return {name: state["exp_avg"] for name, state in states.items()}, squares

    def _state(self, values: Tensor) -> dict[str, Tensor]:
        return next(part.state[values] for part in self._parts if values in part.state)
