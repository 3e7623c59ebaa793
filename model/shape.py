"""What may be chosen about a network. No torch: who writes only needs its weights."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class NetworkShape(BaseModel):
    """What may be chosen about a network before its vocabulary is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    embedding: int = Field(default=64, ge=1, le=4096)
    """Width of an id's embedding."""
    width: int = Field(default=512, ge=1, le=16384)
    """Width of each recurrent layer."""
    layers: int = Field(default=1, ge=1, le=16)


class NetworkConfig(NetworkShape):
    """All that is needed to build a network and load its weights."""

    vocabulary_size: int = Field(ge=1, le=1 << 16)
    styles: int = Field(default=0, ge=0, le=1 << 16)
    """How many sources it tells apart; none: all are one."""

    @classmethod
    def of(cls, shape: NetworkShape, vocabulary_size: int, *, styles: int = 0) -> NetworkConfig:
        """A shape, how many ids there are, and how many styles."""
        found = shape.model_dump(include=set(NetworkShape.model_fields))
        return cls(**found, vocabulary_size=vocabulary_size, styles=styles)

    def tensors(self) -> dict[str, tuple[int, ...]]:
        """Name and shape of every weight of a `model.network.CharRNN`, as its `state_dict` has them."""
        found: dict[str, tuple[int, ...]] = {"embedding.weight": (self.vocabulary_size, self.embedding)}
        for layer in range(self.layers):
            below = self.embedding if layer == 0 else self.width
            found[f"layers.{layer}.weight_ih_l0"] = (4 * self.width, below)
            found[f"layers.{layer}.weight_hh_l0"] = (4 * self.width, self.width)
            found[f"layers.{layer}.bias_ih_l0"] = (4 * self.width,)
            found[f"layers.{layer}.bias_hh_l0"] = (4 * self.width,)
        found["head.weight"] = (self.vocabulary_size, self.width)
        found["head.bias"] = (self.vocabulary_size,)
        if self.styles:
            found["styles.weight"] = (self.styles, self.embedding)
        return found


def is_between(name: str) -> bool:
    """Whether a tensor of `NetworkConfig.tensors` is a matrix of a layer, between what comes in and what goes out."""
    return name.startswith("layers.") and ".weight_" in name
