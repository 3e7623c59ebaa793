"""A batch's gradients are the same in parts as in one piece."""

from __future__ import annotations

from unittest import mock

import pytest
import torch

from model.batches import Batches, Tokens
from model.learning import Learner
from model.network import CharRNN, Hidden
from model.parallel import World
from model.schedule import TrainingConfig
from model.shape import NetworkConfig
from model.vocabulary import Vocabulary

_TEXTS = ["one two three four " * 90, "red green blue yellow " * 80]


def _learned(threads: int, *, dropout: float, styles: int) -> tuple[float, Hidden, dict[str, torch.Tensor]]:
    """Loss, memory and gradients of one batch of 35 rows, by as many threads."""
    vocabulary = Vocabulary.from_streams(_TEXTS)
    batch = Batches(Tokens.from_streams(_TEXTS, vocabulary), 35, 12, 1).epoch(0)[1]
    shape = NetworkConfig(vocabulary_size=len(vocabulary), embedding=6, width=10, styles=styles)
    network = CharRNN(shape, generator=torch.Generator().manual_seed(2))
    if styles:
        network.styles.weight.data.normal_(generator=torch.Generator().manual_seed(3))
    config = TrainingConfig(minutes=1.0, dropout=dropout, style_dropout=0.3)
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        learner = Learner(network, World(), 35, config, torch.device("cpu"), [1, 0])
        hidden = network.initial_hidden(35)
        loss, after = learner.learn(batch, hidden, torch.Generator().manual_seed(4))
    finally:
        torch.set_num_threads(before)
    gradients = {name: values.grad for name, values in network.named_parameters() if values.grad is not None}
    return float(loss), after, gradients


@pytest.mark.parametrize("dropout", [0.0, 0.4])
@pytest.mark.parametrize("styles", [0, 2])
def test_two_parts_learn_what_one_learns(dropout: float, styles: int) -> None:
    """Two threads have 17 and 18 rows; chance falls on the same symbols."""
    whole_loss, whole_after, whole = _learned(1, dropout=dropout, styles=styles)
    loss, after, gradients = _learned(2, dropout=dropout, styles=styles)
    assert loss == pytest.approx(whole_loss, rel=1e-6)
    assert torch.allclose(after.output, whole_after.output, atol=1e-6)
    assert torch.allclose(after.cell, whole_after.cell, atol=1e-6)
    assert gradients.keys() == whole.keys()
    for name, values in whole.items():
        assert values.abs().max() > 0, name
        assert torch.allclose(gradients[name], values, atol=1e-6), name


def test_few_rows_stay_together() -> None:
    """35 rows make two parts of 16 and more, whatever the number of threads is."""
    two, many = _learned(2, dropout=0.2, styles=0), _learned(8, dropout=0.2, styles=0)
    assert two[0] == pytest.approx(many[0], rel=1e-6)
    assert all(torch.allclose(two[2][name], many[2][name], atol=1e-6) for name in two[2])
    network = CharRNN(NetworkConfig(vocabulary_size=9, embedding=6, width=10))
    with mock.patch.object(torch, "get_num_threads", return_value=8):
        for rows, parts in ((15, 1), (35, 2), (48, 3), (1000, 8)):
            learner = Learner(network, World(), rows, TrainingConfig(minutes=1.0), torch.device("cpu"), [])
            assert learner._parts == parts
