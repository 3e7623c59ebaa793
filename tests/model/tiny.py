"""Small screenplays, and networks that learn them in a moment."""

from __future__ import annotations

import random

from model.corpus import Corpus
from model.shape import NetworkShape
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
