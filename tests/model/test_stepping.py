import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from model.checkpoint import weights_of
from model.network import CharRNN
from model.shape import NetworkConfig
from model.stepping import Stepper


def _network(config: NetworkConfig, generator: torch.Generator) -> CharRNN:
    """With outputs as large as after training, not all close to 0."""
    network = CharRNN(config, generator=generator)
    with torch.no_grad():
        for name, values in network.named_parameters():
            if name.startswith("layers") and "weight" in name:
                values.normal_(std=1.2 * config.width**-0.5, generator=generator)
        network.head.weight.normal_(std=0.3, generator=generator)
    return network


def _assert_close(got: list[NDArray[np.float32]], expected: torch.Tensor) -> None:
    """But for what is rounded to 8 bits: far less than the logits' own differences."""
    known = expected.detach().numpy()
    assert known.std() > 0.2
    assert np.square(np.stack(got) - known).mean() ** 0.5 < 0.1 * known.std()


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("width", [96, 61])
def test_steps_agree_with_the_network(layers: int, width: int) -> None:
    generator = torch.Generator().manual_seed(layers)
    network = _network(NetworkConfig(vocabulary_size=30, embedding=12, width=width, layers=layers), generator)
    ids = torch.randint(30, (1, 50), generator=generator)
    logits, hidden = network(ids, network.initial_hidden(1))
    stepper = Stepper(network.config, weights_of(network))
    memory, found = stepper.unread(), []
    for symbol in ids[0].tolist():
        stepper.read([symbol], memory)
        found.append(memory.logits[0].copy())
    _assert_close(found, logits[0])
    _assert_close([memory.cells.reshape(layers, width)], hidden.cell[None, :, 0])


def test_steps_agree_with_the_network_in_a_style() -> None:
    generator = torch.Generator().manual_seed(7)
    network = _network(NetworkConfig(vocabulary_size=30, embedding=12, width=24, styles=2), generator)
    with torch.no_grad():
        network.styles.weight.normal_(generator=generator)
        style = network.blend(torch.tensor([0.3, 0.7]))
    ids = torch.randint(30, (1, 20), generator=generator)
    plain, _ = network(ids, network.initial_hidden(1))
    styled, _ = network(ids, network.initial_hidden(1), style=style)
    stepper = Stepper(network.config, weights_of(network), (None, style.numpy()))
    memory, found = stepper.unread(), []
    for symbol in ids[0].tolist():
        stepper.read([symbol], memory)
        found.append(memory.logits.copy())
    _assert_close([logits for logits, _ in found], plain[0])
    _assert_close([logits for _, logits in found], styled[0])
    assert all(np.abs(styled - plain).max() > 0.3 for plain, styled in found)


def test_what_is_read_is_the_same_beside_others() -> None:
    """In another style, and in other texts, however many: of no round width."""
    network = CharRNN(NetworkConfig(vocabulary_size=9, embedding=4, width=603, layers=2))
    weights, style = weights_of(network), np.ones(4, np.float32)
    alone, beside = Stepper(network.config, weights, (style,)), Stepper(network.config, weights, (None, style))
    texts = [[3, 1, 4, 1, 5], [1, 4, 1, 5, 3], [4, 1, 5, 3, 1], [2, 7, 1, 8, 2]]
    together = beside.unread(len(texts))
    memories = [alone.unread() for _ in texts]
    for symbols in zip(*texts, strict=True):
        beside.read(symbols, together)
        for number, (symbol, memory) in enumerate(zip(symbols, memories, strict=True)):
            alone.read([symbol], memory)
            for part, whole in zip(memory, together, strict=True):
                np.testing.assert_array_equal(part[0], whole[2 * number + 1])


def test_a_copied_memory_can_be_gone_on_from_again() -> None:
    network = CharRNN(NetworkConfig(vocabulary_size=9, embedding=4, width=8, layers=2))
    stepper = Stepper(network.config, weights_of(network))
    memory = stepper.unread()
    stepper.read([3], memory)
    kept = memory.copy()
    stepper.read([4], memory)
    stepper.read([4], kept)
    for one, other in zip(memory, kept, strict=True):
        np.testing.assert_array_equal(one, other)
