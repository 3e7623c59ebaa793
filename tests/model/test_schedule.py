import pytest

from model.schedule import TrainingConfig


def test_a_run_is_measured_in_steps_or_minutes() -> None:
    assert TrainingConfig(steps=10).fraction(5, 1e9) == 0.5
    assert TrainingConfig(minutes=2.0).fraction(10**9, 30.0) == 0.25
    assert TrainingConfig(minutes=1.0).fraction(0, 90.0) == 1.0


@pytest.mark.parametrize("lengths", [{}, {"steps": 5, "minutes": 1.0}])
def test_exactly_one_length_is_needed(lengths: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="either minutes or steps"):
        TrainingConfig.model_validate(lengths)


def test_the_rate_climbs_then_falls_to_nothing() -> None:
    config = TrainingConfig(steps=100, learning_rate=1.0, warmup=0.1)
    rates = [config.learning_rate_at(step / 100) for step in range(101)]
    assert rates[0] == 0.05
    assert rates[5] == pytest.approx(0.5)
    assert max(rates) == rates[10] == 1.0
    assert rates[:11] == sorted(rates[:11])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[55] == pytest.approx(0.5)
    assert rates[100] == pytest.approx(0.0)


def test_without_warmup_the_rate_begins_at_its_highest() -> None:
    assert TrainingConfig(steps=1, warmup=0.0, learning_rate=0.5).learning_rate_at(0.0) == 0.5


@pytest.mark.parametrize("values", [{"dropout": 1.0}, {"learning_rate": 0}, {"clip": float("nan")}, {"sped": 1}])
def test_a_configuration_without_sense_is_refused(values: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        TrainingConfig.model_validate({"steps": 1} | values)
