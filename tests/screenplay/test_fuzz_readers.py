from __future__ import annotations

import random

import pytest
from fuzz_checks import FaultError, check
from fuzz_mutations import mutated, seeds_of

from screenplay.elements import Action, Screenplay
from screenplay.readers import Reading

_INPUTS = {"fountain": 60, "text": 40, "fdx": 120, "html": 50, "json": 120, "pdf": 10, "bytes": 40, "prose": 30}
"""How many for each reader: a second's worth. `tests/benchmarks/fuzz_readers.py` goes on for as long as you like."""
_UNCLEAN = Action.model_construct(text="Bo waits. r\x00")


@pytest.mark.parametrize("reader", _INPUTS)
def test_spoiled_files_are_read_whole_or_refused(reader: str) -> None:
    for number in range(_INPUTS[reader]):
        data = mutated(random.Random(f"{reader} 0 {number}"), reader, seeds_of(reader))
        assert check(reader, data) in ("read", "refused"), f"--seed 0 --only {number}"


def test_the_same_seed_spoils_the_same_way() -> None:
    for reader in ("fountain", "pdf"):
        first, second, other = (mutated(random.Random(seed), reader, seeds_of(reader)) for seed in (1, 1, 2))
        assert first == second != other


@pytest.mark.parametrize(
    ("made", "fault"),
    [
        (Screenplay(elements=(Action(text="Bo waits."),)), "lost letters: 'r'"),
        (
            Screenplay.model_construct(title_page={}, elements=(_UNCLEAN,)),
            "not clean",
        ),
    ],
)
def test_faults_are_found(monkeypatch: pytest.MonkeyPatch, made: Screenplay, fault: str) -> None:
    monkeypatch.setattr("fuzz_checks.read", lambda reader, data: Reading(made, ("action",)))
    with pytest.raises(FaultError, match=fault):
        check("text", "Bo waits. r")
