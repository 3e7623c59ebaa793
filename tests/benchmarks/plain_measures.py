"""What a plain character RNN's writing is worth, by the same measures, for `lebowski-gen evaluate --beside`.

    python tests/benchmarks/plain_measures.py SCRIPT [--minutes 5] [--scenes 200] [--threads 2] [--seed 0] > FILE.json

It learns the raw text of all but the last tenth of the scenes, and writes as many characters as so many scenes have, at
the temperature that `write` uses. A scene is a stretch of 2,000 characters, for want of headings that one could
trust. What needs cues or headings is not measured.
"""

from __future__ import annotations

import argparse
import math
import sys
import warnings
from pathlib import PurePath

import torch
from compare_bits_per_letter import raw_parts
from plain_char_rnn import PlainModel, nats_of_text, train_plain

from model.corpus import Corpus
from model.lexicon import words_of
from model.measures import Measures
from model.precision import fastest_precision
from model.sampling import Sampling
from model.texts import copied, longest_copy, looped, real_words
from screenplay.errors import ReadWarning
from screenplay.formats import open_source

_SCENE = 2000
_ROWS = 20


@torch.inference_mode()
def written(model: PlainModel, length: int, *, seed: int) -> list[str]:
    """Texts of this length together, each from an empty state, side by side."""
    generator = torch.Generator().manual_seed(seed)
    temperature = Sampling().temperature
    ids = torch.full((1, _ROWS), model.vocabulary.id_of("\n"))
    hidden = None
    found = []
    for _ in range(-(-length // _ROWS)):
        logits, hidden = model.network(ids, hidden)
        logits[..., model.vocabulary.unknown_id] = -math.inf
        ids = torch.multinomial((logits[0] / temperature).softmax(-1), 1, generator=generator).T
        found.append(ids[0])
    return [model.vocabulary.decode(row.numpy()) for row in torch.stack(found, dim=1)]


def main() -> None:
    """Train, write, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("script")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--scenes", type=int, default=200)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    source = open_source(chosen.script)
    assert isinstance(source.data, str)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReadWarning)
        screenplay = source.scan().screenplay
    record = Corpus.from_screenplays([(PurePath(source.name).name, screenplay)]).records[0]
    heading = screenplay.scenes[-record.held_out_scenes].heading
    assert heading.line is not None
    training, held_out = raw_parts(source.data, heading.line)
    model = train_plain(training, minutes=chosen.minutes, seed=chosen.seed, precision=fastest_precision())
    print(f"{model.steps:,} steps in {model.elapsed_s:.0f} s", file=sys.stderr)
    texts = [" ".join(text.split()) for text in written(model, chosen.scenes * _SCENE, seed=chosen.seed)]
    sources = [" ".join(training.split())]
    scenes = [text[start : start + _SCENE] for text in texts for start in range(0, len(text), _SCENE)]
    text = "\n".join(texts)
    real, words = real_words(text, set(words_of(sources[0])))
    measures = Measures(
        bits_per_letter=nats_of_text(model, held_out) / (math.log(2) * record.held_out_letters),
        bits_per_letter_by_element=None,
        bits_per_cue=None,
        bits_per_heading=None,
        slips_per_1000=None,
        overruled_per_1000={},
        real_words=real / max(1, words),
        longest_copy=longest_copy(text, sources),
        copied_share=copied(text, sources) / max(1, len(text)),
        loops=sum(map(looped, scenes)) / max(1, sum(map(len, scenes))),
        cue_accuracy=None,
        cue_accuracy_rule=None,
        letters=record.held_out_letters,
        scenes=chosen.scenes,
    )
    print(measures.model_dump_json(indent=2))


if __name__ == "__main__":
    main()
