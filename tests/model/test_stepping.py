from unittest import mock

import numpy as np
import pytest
import torch

from model import stepping
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


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_steps_agree_with_the_network(layers: int) -> None:
    """But for what is rounded to 8 bits: far less than the logits' own differences."""
    generator = torch.Generator().manual_seed(layers)
    network = _network(NetworkConfig(vocabulary_size=30, embedding=12, width=96, layers=layers), generator)
    ids = torch.randint(30, (1, 50), generator=generator)
    logits, hidden = network(ids, network.initial_hidden(1))
    stepper = Stepper(network.config, weights_of(network))
    memory = stepper.unread()
    for time, symbol in enumerate(ids[0].tolist()):
        [(got,)], [memory] = stepper.step([symbol], [memory])
        np.testing.assert_allclose(got, logits[0, time].detach().numpy(), atol=0.1)
    assert logits.std() > 0.5
    for got, cell in zip(memory.values[1::2], hidden.cell[:, 0], strict=True):
        np.testing.assert_allclose(got[0], cell.detach().numpy(), atol=0.1)


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
    memory = stepper.unread()
    for time, symbol in enumerate(ids[0].tolist()):
        [got], [memory] = stepper.step([symbol], [memory])
        np.testing.assert_allclose(got[0], plain[0, time].detach().numpy(), atol=0.1)
        np.testing.assert_allclose(got[1], styled[0, time].detach().numpy(), atol=0.1)
        assert np.abs(got[1] - got[0]).max() > 0.3


def test_what_is_read_in_a_style_is_the_same_beside_others() -> None:
    # Of no round width.
    network = CharRNN(NetworkConfig(vocabulary_size=9, embedding=4, width=603, layers=2))
    weights, style = weights_of(network), np.ones(4, np.float32)
    beside, alone = Stepper(network.config, weights, (None, style)), Stepper(network.config, weights, (style,))
    two, one = beside.unread(), alone.unread()
    for symbol in (3, 1, 4, 1, 5):
        [(_, got)], [two] = beside.step([symbol], [two])
        [(expected,)], [one] = alone.step([symbol], [one])
        np.testing.assert_array_equal(got, expected)


def test_a_step_leaves_the_memory_it_was_given_alone() -> None:
    network = CharRNN(NetworkConfig(vocabulary_size=9, embedding=4, width=8, layers=2))
    stepper = Stepper(network.config, weights_of(network))
    memory = stepper.unread()
    [first], [after] = stepper.step([3], [memory])
    [second], _ = stepper.step([4], [after])
    [again], _ = stepper.step([3], [memory])
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(second, stepper.step([4], [after])[0][0])


@pytest.mark.skipif(not stepping._adds_exactly(), reason="this processor clips sums of such products")
def test_signed_weights_change_no_bit() -> None:
    network = CharRNN(NetworkConfig(vocabulary_size=30, embedding=12, width=301, layers=2))
    signed = Stepper(network.config, weights_of(network))
    with mock.patch.object(stepping, "_adds_exactly", return_value=False):
        unsigned = Stepper(network.config, weights_of(network))
    one, other = [signed.unread()] * 5, [unsigned.unread()] * 5
    for symbol in range(30):
        got, one = signed.step([symbol, 3, 1, 4, 1], one)
        expected, other = unsigned.step([symbol, 3, 1, 4, 1], other)
        np.testing.assert_array_equal(got, expected)
