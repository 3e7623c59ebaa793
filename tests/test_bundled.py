import sys
from pathlib import Path

import pytest

from model import checkpoint
from model.generation import Request, Writing

sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))

from written_scenes import BUNDLED, faults

MODEL = checkpoint.load(BUNDLED)


@pytest.mark.parametrize("seed", range(8))
def test_what_the_bundled_model_writes_is_the_same_screenplay_to_every_reader(seed: int) -> None:
    assert faults("".join(Writing(MODEL, Request(seed=seed, length=0.75)))) == []


def test_the_checks_find_faults() -> None:
    assert faults("no stream at all")


def test_the_bundled_model_says_what_it_is() -> None:
    config = MODEL.config
    assert config.figures is not None
    assert 1.0 < config.figures.bits_per_letter < 4.0
    assert {"lane-nineteen.fountain", "cistern-city.fountain"} <= {script.name for script in config.scripts}
    assert "fifteen-a-day-and-carfare.fountain" not in {script.name for script in config.scripts}
    assert len(MODEL.names) > 50
    card = (BUNDLED / "README.md").read_text(encoding="utf-8")
    assert f"{config.figures.bits_per_letter:.2f}" in card


def test_the_bundled_model_is_small() -> None:
    """Weights in 16 bits; beside them, three bytes a character of what it recalls, and five a word against copies."""
    assert (BUNDLED / "model.safetensors").stat().st_size < 12e6
    assert sum(path.stat().st_size for path in BUNDLED.iterdir()) < 40e6
