from unittest import mock

import numpy as np
import pytest
import torch

from model import stepping
from model.checkpoint import weights_of
from model.network import CharRNN
from model.shape import NetworkConfig
from model.stepping import Stepper, Walk


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


def test_one_can_come_back_to_where_a_text_was() -> None:
    generator = torch.Generator().manual_seed(3)
    network = _network(NetworkConfig(vocabulary_size=9, embedding=4, width=8), generator)
    walk = Walk(network.config, weights_of(network))
    walk.read(1)
    mark, expected = walk.mark(), walk.logits().copy()
    for symbol in (2, 3):
        walk.read(symbol)
    assert not np.array_equal(walk.logits(), expected)
    walk.back(mark)
    np.testing.assert_array_equal(walk.logits(), expected)
    walk.read(2)
    with pytest.raises(AssertionError, match="waits"):
        walk.back(mark)


def test_a_style_is_made_more_of_by_its_strength() -> None:
    generator = torch.Generator().manual_seed(7)
    network = CharRNN(NetworkConfig(vocabulary_size=30, embedding=12, width=24, styles=2), generator=generator)
    weights = weights_of(network)
    style = np.ones(12, np.float32)
    ids = torch.randint(30, (20,), generator=generator).tolist()
    walks = {strength: Walk(network.config, weights, style, strength) for strength in (0.0, 1.0, 3.0)}
    bare = Walk(network.config, weights)
    stepper = Stepper(network.config, weights, (style,))
    memory = stepper.unread()
    for symbol in ids:
        for walk in (bare, *walks.values()):
            walk.read(symbol)
        found = {strength: walk.logits() for strength, walk in walks.items()}
        [(styled,)], [memory] = stepper.step([symbol], [memory])
        plain = bare.logits()
        np.testing.assert_allclose(found[0.0], plain, atol=1e-6)
        np.testing.assert_allclose(found[1.0], styled, atol=1e-5)
        np.testing.assert_allclose(found[3.0], plain + 3 * (styled - plain), atol=1e-5)


@pytest.mark.parametrize("style", [None, np.full(4, 0.5, np.float32)])
def test_what_is_read_beside_other_texts_is_what_it_is_alone(style: np.ndarray | None) -> None:
    """Texts come and go, and one lags behind; the width is no round number."""
    network = CharRNN(NetworkConfig(vocabulary_size=90, embedding=4, width=301, layers=2))
    weights, chance = weights_of(network), np.random.default_rng(3)
    first = Walk(network.config, weights, style, 2.0)
    first.read(7)
    texts = [[7], [7], [7], [7], [7]]
    walks = [first, *(first.beside() for _ in texts[1:])]
    for step in range(30):
        here = [n for n in range(5) if step < 10 + 4 * n and (n != 3 or step % 3)]
        for n in here:
            texts[n].append(int(chance.integers(90)))
            walks[n].read(texts[n][-1])
        if step % 2:
            continue  # nobody asks, as where text is dictated
        for n in reversed(here):
            alone = Walk(network.config, weights, style, 2.0)
            for symbol in texts[n]:
                alone.read(symbol)
            np.testing.assert_array_equal(walks[n].logits(), alone.logits())


def test_texts_side_by_side_are_one_reading_of_the_weights() -> None:
    network = CharRNN(NetworkConfig(vocabulary_size=9, embedding=4, width=8))
    first = Walk(network.config, weights_of(network))
    first.read(3)
    walks = [first, first.beside(), first.beside()]
    with mock.patch.object(Stepper, "step", autospec=True, side_effect=Stepper.step) as step:
        for symbol in (1, 4, 1, 5):
            for walk in walks:
                walk.read(symbol)
            for walk in walks:
                walk.logits()
        assert step.call_count == 4
        walks.pop().read(2)  # and is given up
        for walk in walks:
            walk.read(2)
        first.logits()
        assert step.call_count == 5
