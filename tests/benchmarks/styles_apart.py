"""Can one tell in whose style a scene was written? A small classifier tries, on real scenes and on written ones.

    python tests/benchmarks/styles_apart.py [--model FOLDER] [--scenes 10] [--seed 0] SCRIPT...

Naive Bayes over words and pairs of words, of the text alone: names of people are taken out, and so are headings, cues
and the format. It learns from the scenes that the model learned from, and is asked about held-out ones and about
scenes written with `--style`, one at a time. Chance is one in as many as there are styles.
"""

from __future__ import annotations

import argparse
import itertools
import math
import warnings
from collections import Counter
from pathlib import Path

from model.checkpoint import Checkpoint, load
from model.corpus import Script
from model.generation import Request, Writing
from model.lexicon import words_of
from model.shipping import SHIPPED
from model.stage import parts
from screenplay.errors import ReadWarning
from screenplay.formats import open_source
from screenplay.stream import ACTION, DIALOGUE, PARENTHETICAL, SCENE

_SMOOTHING = 0.3


def scenes_of(stream: str) -> list[str]:
    """The stream of each scene."""
    return [SCENE + scene for scene in stream.split(SCENE)[1:]]


def grams_of(stream: str, names: set[str]) -> list[str]:
    """Words and pairs of words of what is said and seen, without names."""
    found: list[str] = []
    for _, token, text in parts(stream):
        if token in (ACTION, DIALOGUE, PARENTHETICAL):
            words = [word for word in words_of(text) if word.removesuffix("'s") not in names]
            found += words
            found += [" ".join(pair) for pair in itertools.pairwise(words)]
    return found


class Bayes:
    """Multinomial naive Bayes. Source: McCallum and Nigam 1998."""

    def __init__(self, texts: dict[str, list[str]]) -> None:
        self._counts = {name: Counter(grams) for name, grams in texts.items()}
        self._sizes = {name: len(grams) for name, grams in texts.items()}
        self._known = len(set().union(*texts.values()))

    def guess(self, grams: list[str]) -> str:
        """Whose these are, most likely."""

        def score(name: str) -> float:
            counts, size = self._counts[name], self._sizes[name] + _SMOOTHING * self._known
            return sum(math.log((counts[gram] + _SMOOTHING) / size) for gram in grams)

        return max(self._counts, key=score)


def told_apart(bayes: Bayes, scenes: dict[str, list[str]], names: set[str]) -> tuple[int, int]:
    """How many scenes were ascribed to whom they are by, and how many there are."""
    right = [bayes.guess(grams_of(scene, names)) == name for name, own in scenes.items() for scene in own]
    return sum(right), len(right)


def written(model: Checkpoint, name: str, count: int, seed: int) -> list[str]:
    """Scenes in one style, each alone."""
    requests = (Request(seed=seed + number, style=((name, 1.0),)) for number in range(count))
    return ["".join(Writing(model, request)) for request in requests]


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scripts", nargs="+", type=Path)
    parser.add_argument("--model", type=Path, default=SHIPPED)
    parser.add_argument("--scenes", type=int, default=10, help="written in each style")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    model = load(chosen.model)
    parted: dict[str, Script] = {}
    for path in chosen.scripts:
        if path.stem in model.styles:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ReadWarning)
                screenplay = open_source(str(path)).scan().screenplay
            parted[path.stem] = Script.part(path.name, screenplay, held_out=0.1)
    if len(parted) < 2:
        raise SystemExit("fewer than two of these screenplays are styles of the model")
    names = {word for script in parted.values() for name in script.record().cast for word in words_of(name)}
    bayes = Bayes({name: grams_of(script.training, names) for name, script in parted.items()})
    print(f"{len(parted)} styles, chance {1 / len(parted):.1%}")
    real = {name: scenes_of(script.held_out) for name, script in parted.items()}
    right, count = told_apart(bayes, real, names)
    print(f"real scenes, held out: {right} of {count} ascribed rightly, {right / count:.1%}")
    made = {name: written(model, name, chosen.scenes, chosen.seed) for name in parted}
    right, count = told_apart(bayes, made, names)
    print(f"written scenes:        {right} of {count} ascribed rightly, {right / count:.1%}")
    for name, scenes in made.items():
        right, count = told_apart(bayes, {name: scenes}, names)
        print(f"  {name:32} {right} of {count}")


if __name__ == "__main__":
    main()
