import pytest
import torch
from torch.nn import functional

from model.checkpoint import weights_of
from model.network import CharRNN, Dropout, Hidden
from model.shape import NetworkConfig

CONFIG = NetworkConfig(vocabulary_size=11, embedding=5, width=7, layers=2)


def network(seed: int = 1, config: NetworkConfig = CONFIG) -> CharRNN:
    return CharRNN(config, generator=torch.Generator().manual_seed(seed))


def ids(batch: int, time: int) -> torch.Tensor:
    return torch.randint(CONFIG.vocabulary_size, (batch, time), generator=torch.Generator().manual_seed(2))


def test_one_forward_over_many_steps_equals_many_of_one() -> None:
    net, text = network(), ids(3, 9)
    whole, at_end = net(text, net.initial_hidden(3))
    hidden, pieces = net.initial_hidden(3), []
    for time in range(9):
        logits, hidden = net(text[:, time : time + 1], hidden)
        pieces.append(logits)
    assert whole.shape == (3, 9, 11)
    torch.testing.assert_close(torch.cat(pieces, dim=1), whole)
    torch.testing.assert_close(hidden.output, at_end.output)
    torch.testing.assert_close(hidden.cell, at_end.cell)


def test_rows_do_not_see_one_another() -> None:
    net, text = network(), ids(3, 9)
    whole, _ = net(text, net.initial_hidden(3))
    alone, _ = net(text[1:2], net.initial_hidden(1))
    torch.testing.assert_close(alone, whole[1:2])


def test_the_generator_alone_decides_the_weights() -> None:
    first = network(1).state_dict()
    torch.manual_seed(99)
    again, other = network(1).state_dict(), network(2).state_dict()
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["head.weight"], other["head.weight"])


def test_a_reset_row_forgets_and_the_others_remember() -> None:
    net, text = network(), ids(2, 6)
    _, hidden = net(text, net.initial_hidden(2))
    reset = hidden.reset(torch.tensor([True, False]))
    fresh, _ = net(text[:1], net.initial_hidden(1))
    after, _ = net(text, reset)
    carried, _ = net(text, hidden)
    torch.testing.assert_close(after[:1], fresh)
    torch.testing.assert_close(after[1:], carried[1:])
    assert not torch.allclose(carried[:1], fresh)


def test_a_row_of_the_memory_may_be_taken_twice() -> None:
    net = network()
    _, hidden = net(ids(2, 6), net.initial_hidden(2))
    taken = hidden.rows(torch.tensor([1, 1, 0]))
    assert torch.equal(taken.output[:, 0], hidden.output[:, 1])
    assert torch.equal(taken.cell[:, 2], hidden.cell[:, 0])


def test_the_memory_is_saved_by_name() -> None:
    hidden = Hidden(torch.ones(2, 1, 3), torch.zeros(2, 1, 3))
    assert Hidden.from_tensors(hidden.tensors()).output is hidden.output
    with pytest.raises(KeyError):
        Hidden.from_tensors({"output": hidden.output})


def test_no_gradient_runs_back_through_a_detached_memory() -> None:
    net = network()
    _, hidden = net(ids(1, 3), net.initial_hidden(1))
    assert hidden.output.requires_grad
    assert not hidden.detach().output.requires_grad


def test_dropout_draws_from_its_own_generator_with_one_mask_over_time() -> None:
    def dropped(seed: int) -> torch.Tensor:
        return Dropout(0.5, torch.Generator().manual_seed(seed))(torch.ones(4, 3, 50))

    first = dropped(1)
    torch.manual_seed(123)
    assert torch.equal(first, dropped(1))
    assert not torch.equal(first, dropped(2))
    assert torch.equal(first[0], first[3])
    assert set(first.unique().tolist()) == {0.0, 2.0}
    assert torch.equal(Dropout(0.0, torch.Generator())(first), first)


def test_ten_steps_on_one_batch_lower_the_loss() -> None:
    net, text = network(), ids(4, 20)
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.05)
    losses = []
    for _ in range(10):
        logits, _ = net(text[:, :-1], net.initial_hidden(4))
        loss = functional.cross_entropy(logits.flatten(0, 1), text[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] - 0.1


def test_an_extended_network_gives_old_ids_their_old_odds() -> None:
    net = network()
    larger = net.extended(14)
    old, _ = net(ids(2, 5), net.initial_hidden(2))
    new, _ = larger(ids(2, 5), larger.initial_hidden(2))
    assert new.shape[-1] == 14
    torch.testing.assert_close(new[..., 1:11], old[..., 1:])
    torch.testing.assert_close(new[..., [0, 11, 12, 13]].logsumexp(-1), old[..., 0])
    rows = larger.embedding.weight[11:]
    assert not torch.equal(rows[0], rows[1])


def test_an_extended_network_has_weights_of_its_own() -> None:
    net = network()
    same = net.extended(11)
    with torch.no_grad():
        same.head.bias.add_(1.0)
    assert not torch.equal(net.head.bias, same.head.bias)
    with pytest.raises(ValueError, match="11 ids"):
        net.extended(10)


@pytest.mark.parametrize("values", [{"vocabulary_size": 0}, {"width": 0}, {"layers": 99}, {"wdith": 3}])
def test_a_shape_without_sense_is_refused(values: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        NetworkConfig.model_validate({"vocabulary_size": 5} | values)


def test_a_style_changes_what_is_likely_and_none_changes_nothing() -> None:
    config = NetworkConfig.of(CONFIG, 11, styles=3)
    net, text = network(config=config), ids(2, 6)
    plain, _ = net(text, net.initial_hidden(2))
    assert torch.equal(net(text, net.initial_hidden(2), style=net.styled([0, 2]))[0], plain)
    with torch.no_grad():
        net.styles.weight.normal_(generator=torch.Generator().manual_seed(4))
    found, _ = net(text, net.initial_hidden(2), style=net.styled([None, 2]))
    assert torch.equal(found[0], plain[0])
    assert not torch.equal(found[1], plain[1])
    half = net.blend(torch.tensor([0.5, 0.5, 0.0]))
    torch.testing.assert_close(half, net.styles.weight[:2].mean(0))


def test_a_network_without_styles_has_none_to_give() -> None:
    net = network()
    assert net.styled([None, None]) is None
    with pytest.raises(ValueError, match="no styles"):
        net.blend(torch.ones(1))


def test_an_extended_network_has_new_styles_and_reads_as_the_old_one_without() -> None:
    net, text = network(config=NetworkConfig.of(CONFIG, 11, styles=2)), ids(2, 6)
    larger = net.extended(11, styles=3)
    assert larger.config.styles == 3
    assert not larger.styles.weight.any()
    assert torch.equal(larger(text, larger.initial_hidden(2))[0], net(text, net.initial_hidden(2))[0])
    assert net.extended(11).config.styles == 0


@pytest.mark.parametrize(("layers", "styles"), [(1, 0), (2, 3)])
def test_weights_have_the_names_and_shapes_that_the_configuration_says(layers: int, styles: int) -> None:
    config = NetworkConfig(vocabulary_size=11, embedding=5, width=7, layers=layers, styles=styles)
    net = network(config=config)
    assert {name: tuple(values.shape) for name, values in net.state_dict().items()} == config.tensors()
    again = CharRNN.of(config, weights_of(net))
    assert torch.equal(again(ids(1, 5), again.initial_hidden(1))[0], net(ids(1, 5), net.initial_hidden(1))[0])
