"""Makes a wider network of one that has learned, without changing what it says."""

from __future__ import annotations

import torch
from torch import Tensor

from model.network import CharRNN
from model.shape import NetworkConfig

_GATES = 4


@torch.no_grad()
def widened(network: CharRNN, width: int, *, generator: torch.Generator) -> CharRNN:
    """A network of `width` units a layer, on weights of its own, that gives the same odds as this one.

    Each new unit is a copy of an old one, drawn from `generator`. What such a pair says to others is shared out between
    the two, by a share of chance for each weight: so they say together what one did, and learn different things.
    Source: Chen et al. 2016, arXiv:1511.05641 (Net2WiderNet); the shares of chance are ours.

    Raises:
        ValueError: The network is as wide already.
    """
    old = network.config.width
    if width <= old:
        raise ValueError(f"a network of width {old} can't be widened to {width}")
    config = NetworkConfig(**network.config.model_dump() | {"width": width})
    copied = torch.randint(old, (width - old,), generator=generator)
    units = torch.cat([torch.arange(old), copied])
    """Of each unit of the new layer, which old one it is."""
    rows = torch.cat([gate * old + units for gate in range(_GATES)])

    def shared(values: Tensor) -> Tensor:
        """Give what comes from a unit to its copies: of (..., old) make (..., width)."""
        values = values.cpu()
        # Above 0: a unit without a copy has nothing but its own part.
        parts = 1.0 - torch.rand(*values.shape[:-1], width, generator=generator)
        totals = torch.zeros_like(values).index_add_(-1, units, parts)
        return values[..., units] * parts / totals[..., units]

    weights: dict[str, Tensor] = {}
    for name, values in network.state_dict().items():
        kind = name.rpartition(".")[2]
        if kind == "weight_hh_l0":
            weights[name] = shared(values)[rows]
        elif kind == "weight_ih_l0":
            weights[name] = (values.cpu() if name.startswith("layers.0.") else shared(values))[rows]
        elif kind.startswith("bias_") and name.startswith("layers."):
            weights[name] = values.cpu()[rows]
        else:
            weights[name] = shared(values) if name == "head.weight" else values.cpu().clone()
    found = CharRNN(config, generator=generator)
    found.load_state_dict(weights)
    return found.to(network.head.weight.device)
