"""Small screenplays, and networks that learn them in a moment."""

from __future__ import annotations

import random
from pathlib import Path

import torch

from model.checkpoint import Checkpoint, load
from model.corpus import Corpus
from model.events import Done
from model.schedule import TrainingConfig
from model.shape import NetworkShape
from model.training import train
from screenplay.elements import Action, Character, Dialogue, Element, SceneHeading, Screenplay

_WORDS = ("rain", "on", "the", "lanes", "ten", "pins", "a", "ball", "rolls", "no", "maybe", "later", "rug")
SHAPE = NetworkShape(embedding=6, width=16)


def tiny_screenplay(scenes: int = 12, *, seed: int = 1, words: tuple[str, ...] = ()) -> Screenplay:
    chance = random.Random(seed)

    def text() -> str:
        return " ".join(chance.choices(_WORDS + words, k=chance.randint(2, 7))).capitalize() + "."

    elements: list[Element] = []
    for number in range(scenes):
        elements += [SceneHeading(text=f"INT. LANE {number % 9} - NIGHT"), Action(text=text())]
        for name in chance.choices(("GUS", "NINA", "OTTO"), k=3):
            elements += [Character(name=name), Dialogue(text=text())]
    return Screenplay(title_page={"Copyright": ("CC0",)}, elements=tuple(elements))


def tiny_corpus(*, seed: int = 1, words: tuple[str, ...] = ()) -> Corpus:
    return Corpus.from_screenplays([("tiny", tiny_screenplay(seed=seed, words=words))], held_out=0.2)


CORPUS = tiny_corpus()
CONFIG = TrainingConfig(steps=24, batch=4, chunk=16, evaluations=6, learning_rate=0.02)


def trained(directory: Path, config: TrainingConfig = CONFIG, corpus: Corpus = CORPUS, **values: object) -> Checkpoint:
    values = values or {"shape": SHAPE}
    *_, last = train(corpus, config, directory, **values)  # type: ignore[arg-type]
    assert isinstance(last, Done)
    return load(directory)


def assert_same(one: Checkpoint, other: Checkpoint) -> None:
    """Bit for bit, in all but the time it took."""
    first, second = one.network.state_dict(), other.network.state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert one.config.model_copy(update={"elapsed_s": 0.0}) == other.config.model_copy(update={"elapsed_s": 0.0})
