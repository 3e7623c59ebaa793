"""What changes the weights: AdamW, with a pace for each kind of them."""

from __future__ import annotations

import torch

from model.run import Run

_BETAS = (0.9, 0.99)
_LASTING = ("embedding", "styles")
"""What does not decay, though it is a matrix."""
_STYLE_PACE = 20.0
"""How much faster styles are learned than the rest: they begin as nothing, and few rows tell of each."""


def optimizer_of(run: Run) -> torch.optim.AdamW:
    """AdamW as far as the run has come; only what multiplies decays, not biases, embeddings and styles."""
    named = dict(run.network.named_parameters())
    config = run.record.training
    groups = []
    for pace in (1.0, _STYLE_PACE):
        of_pace = {name: values for name, values in named.items() if name.startswith("styles") == (pace != 1.0)}
        for decays in (True, False):
            part = [v for n, v in of_pace.items() if (v.ndim > 1 and not n.startswith(_LASTING)) == decays]
            decay = config.weight_decay if decays else 0.0
            groups += [{"params": part, "weight_decay": decay, "pace": pace}] if part else []
    optimizer = torch.optim.AdamW(groups, lr=config.learning_rate, betas=_BETAS, fused=True)
    for name, mean in run.means.items():
        values = named[name]
        optimizer.state[values] = {
            "step": torch.tensor(float(run.record.step), device=values.device),
            "exp_avg": mean.to(values.device),
            "exp_avg_sq": run.squares[name].to(values.device),
        }
    return optimizer
