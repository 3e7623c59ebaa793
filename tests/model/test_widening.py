import numpy as np
import pytest
import torch

from model.network import CharRNN
from model.shape import NetworkConfig
from model.widening import widened


@pytest.mark.parametrize("layers", [1, 2])
def test_a_wider_network_says_the_same(layers: int) -> None:
    generator = torch.Generator().manual_seed(layers)
    config = NetworkConfig(vocabulary_size=20, embedding=6, width=32, layers=layers, styles=3)
    network = CharRNN(config, generator=generator)
    with torch.no_grad():
        network.styles.weight.normal_(generator=generator)
        wide = widened(network, 45, generator=generator)
        ids = torch.randint(20, (2, 40), generator=generator)
        style = network.styled([1, None])
        expected, _ = network(ids, network.initial_hidden(2), style=style)
        got, _ = wide(ids, wide.initial_hidden(2), style=style)
    assert wide.config == config.model_copy(update={"width": 45})
    torch.testing.assert_close(got, expected, atol=1e-5, rtol=1e-4)


def test_copies_of_a_unit_go_different_ways() -> None:
    generator = torch.Generator().manual_seed(0)
    network = CharRNN(NetworkConfig(vocabulary_size=20, embedding=6, width=8), generator=generator)
    wide = widened(network, 16, generator=generator)
    ids = torch.randint(20, (2, 40), generator=generator)
    logits, _ = wide(ids, wide.initial_hidden(2))
    logits.square().sum().backward()
    gradients = wide.layers[0].weight_ih_l0.grad
    assert gradients is not None
    rows = gradients[:16].numpy()
    distances = np.abs(rows[:, None] - rows[None]).max(-1) + np.eye(16)
    assert distances.min() > 0.0


def test_it_is_drawn_from_its_generator_and_takes_no_part_of_the_old_one() -> None:
    network = CharRNN(NetworkConfig(vocabulary_size=20, embedding=6, width=8))
    before = {name: values.clone() for name, values in network.state_dict().items()}
    one, two = (widened(network, 12, generator=torch.Generator().manual_seed(5)) for _ in range(2))
    for name, values in one.state_dict().items():
        torch.testing.assert_close(values, two.state_dict()[name], rtol=0, atol=0)
    with torch.no_grad():
        for values in one.parameters():
            values.fill_(9.0)
    for name, values in network.state_dict().items():
        torch.testing.assert_close(values, before[name], rtol=0, atol=0)


@pytest.mark.parametrize("width", [8, 5])
def test_it_only_grows(width: int) -> None:
    network = CharRNN(NetworkConfig(vocabulary_size=20, embedding=6, width=8))
    with pytest.raises(ValueError, match="width 8"):
        widened(network, width, generator=torch.Generator())
