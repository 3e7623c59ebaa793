"""Whether what stands in a written scene belongs together, and how many of its sentences are broken.

    python tests/benchmarks/written_coherence.py [--model FOLDER] [--scenes 160] [--seed 1000] [--without]

Coherence: the normalised pointwise mutual information (Bouma 2009), by the scenes of our screenplays, of each two words
that stand in different paragraphs of a scene, or one of them in its heading; 1 for words that are never apart, 0 for
such as meet by chance. Words that 8 scenes to a twentieth of all have; names are left out. Broken: a sentence with
three words in a row that none of our screenplays has. `--without`: no scene is reminded of any passage.
"""

from __future__ import annotations

import argparse
import math
import random
import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations, pairwise
from pathlib import Path
from unittest import mock

from model.abreast import write_abreast
from model.checkpoint import Checkpoint, load
from model.generation import Request
from model.lanes import Lane
from model.sentences import SENTENCE_END
from model.shipping import SHIPPED
from model.stage import parts
from screenplay.errors import ReadWarning
from screenplay.formats import open_source
from screenplay.stream import ACTION, DIALOGUE, END, SCENE, encode

_CORPORA = Path(__file__).parents[2] / "corpora"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LEAST_SCENES, _MOST_SHARE, _LETTERS = 8, 0.05, 3
_ABREAST, _PAGES = 16, 0.6
_SMOOTHING = 0.05
"""Scenes in which two words meet that never do."""


def words_of(text: str) -> list[str]:
    """In small letters."""
    return [word.lower() for word in _WORD.findall(text)]


class Scenes:
    """Real scenes, and what stands in them."""

    def __init__(self, streams: Sequence[str], names: set[str]) -> None:
        self.streams = [SCENE + scene for stream in streams for scene in stream.strip(END).split(SCENE) if scene]
        self.triples: set[tuple[str, ...]] = set()
        where: defaultdict[str, set[int]] = defaultdict(set)
        for number, stream in enumerate(self.streams):
            for _, _, text in parts(stream):
                words = words_of(text)
                self.triples.update(zip(words, words[1:], words[2:], strict=False))
                for word in words:
                    where[word].add(number)
        most = _MOST_SHARE * len(self.streams)
        self._where = {
            word: found
            for word, found in where.items()
            if _LEAST_SCENES <= len(found) <= most and len(word) >= _LETTERS and word not in names
        }

    def telling(self, text: str) -> set[str]:
        """Words of a text that are about something."""
        return {word for word in words_of(text) if word in self._where}

    def information(self, one: str, other: str) -> float:
        """Normalised pointwise mutual information of two words."""
        first, second, every = self._where[one], self._where[other], len(self.streams)
        share = (len(first & second) + _SMOOTHING) / every
        return math.log(share * every * every / (len(first) * len(second))) / -math.log(share)


def report(name: str, streams: Sequence[str], scenes: Scenes) -> None:
    """Print what was found."""
    sentences: Counter[str] = Counter()
    broken: Counter[str] = Counter()
    between: list[float] = []
    with_heading: list[float] = []
    for stream in streams:
        pieces = [(token, text) for _, token, text in parts(stream)]
        heading = {word for token, text in pieces if token == SCENE for word in scenes.telling(text)}
        told = [(token, text) for token, text in pieces if token in (ACTION, DIALOGUE)]
        for token, text in told:
            ends = [0, *(match.end() for match in SENTENCE_END.finditer(text)), len(text)]
            for start, end in pairwise(ends):
                words = words_of(text[start:end])
                sentences[token] += bool(words)
                triples = zip(words, words[1:], words[2:], strict=False)
                broken[token] += any(triple not in scenes.triples for triple in triples)
        bags = [scenes.telling(text) for _, text in told]
        for one, other in combinations(bags, 2):
            between += [scenes.information(a, b) for a in one - other for b in other - one]
        with_heading += [scenes.information(a, b) for bag in bags for a in bag - heading for b in heading]
    said, seen = (100 * broken[token] / max(1, sentences[token]) for token in (DIALOGUE, ACTION))
    coherence, place = (sum(found) / max(1, len(found)) for found in (between, with_heading))
    print(
        f"{name}: coherence {coherence:.3f}, with the heading {place:.3f}; broken {said:.1f} % in speech, {seen:.1f} %"
    )


def written(model: Checkpoint, scenes: int, seed: int) -> list[str]:
    """The first scenes of as many scripts."""
    found: list[str] = []
    for first in range(seed, seed + scenes, _ABREAST):
        seeds = range(first, min(first + _ABREAST, seed + scenes))
        found += [take.stream for take in write_abreast(model, Request(length=_PAGES), seeds=seeds)]
    return found


def main() -> None:
    """Read the command line, write, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=SHIPPED)
    parser.add_argument("--scenes", type=int, default=160)
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--without", action="store_true")
    chosen = parser.parse_args()
    model = load(chosen.model)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReadWarning)
        streams = [encode(open_source(path).scan().screenplay) for path in sorted(_CORPORA.glob("*.fountain"))]
    names = {word for script in model.config.scripts for name in script.cast for word in words_of(name)}
    scenes = Scenes(streams, names)
    some = [stream for stream in scenes.streams if 800 < len(stream) < 2000]
    report("real", random.Random(chosen.seed).sample(some, chosen.scenes), scenes)
    if chosen.without:
        with mock.patch.object(Lane, "remind"):
            found = written(model, chosen.scenes, chosen.seed)
    else:
        found = written(model, chosen.scenes, chosen.seed)
    report("written", found, scenes)


if __name__ == "__main__":
    main()
