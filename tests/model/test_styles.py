from __future__ import annotations

from pathlib import Path

from test_training import CONFIG, assert_same
from tiny import SHAPE, tiny_screenplay

from model.checkpoint import load
from model.corpus import Corpus
from model.evaluation import evaluate
from model.training import train

TWO = Corpus.from_screenplays(
    [("a.txt", tiny_screenplay(seed=1, words=("fog",) * 20)), ("b.txt", tiny_screenplay(seed=2, words=("sun",) * 20))],
    held_out=0.2,
)


def test_each_of_several_screenplays_gets_a_style(tmp_path: Path) -> None:
    config = CONFIG.model_copy(update={"styles": True, "steps": 120, "learning_rate": 0.02})
    list(train(TWO, config, tmp_path / "a", shape=SHAPE))
    checkpoint = load(tmp_path / "a")
    assert checkpoint.styles == {"a": 0, "b": 1}
    assert checkpoint.network.config.styles == 2
    network, held_out = checkpoint.network, TWO.held_out_streams
    own, others = (
        evaluate(network, checkpoint.vocabulary, held_out, None, network.styled(numbers)).nats
        for numbers in ([0, 1], [1, 0])
    )
    assert own < others
    list(train(TWO, config.model_copy(update={"styles": False, "steps": 4}), tmp_path / "b", start=checkpoint))
    assert load(tmp_path / "b").styles == {}


def test_styles_give_the_same_bits_after_a_stop(tmp_path: Path) -> None:
    config = CONFIG.model_copy(update={"styles": True})
    list(train(TWO, config, tmp_path / "whole", shape=SHAPE))
    events = train(TWO, config, tmp_path / "parts", shape=SHAPE)
    for event in events:
        if event.step >= 8:
            break
    events.close()
    list(train(TWO, None, tmp_path / "parts", resume=True))
    assert_same(load(tmp_path / "whole"), load(tmp_path / "parts"))
