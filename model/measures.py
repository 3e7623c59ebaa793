"""All figures of a model on one sheet: what it spends on texts it has not read, and what it writes by itself."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from pydantic import BaseModel, ConfigDict

from model.checkpoint import Checkpoint, CheckpointConfig, Origin
from model.copying import plain
from model.cues import cue_accuracy
from model.evaluation import evaluate
from model.figures import Figures
from model.generation import Request, Writing
from model.habits import Comparison, compare
from model.lexicon import words_of
from model.recollection import Hints
from model.records import ScriptRecord
from model.texts import copied, longest_copy, looped, real_words
from screenplay.elements import Screenplay
from screenplay.stream import END, SCENE, decode, encode, letters

SCRIPT_SCENES = 20
"""Scenes of each script that a model writes to be measured; the last one may have fewer."""
_SEEDS = 1 << 63


class Measures(BaseModel):
    """What DESIGN calls the measures of a model. None: not measured, for want of a text to measure it on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bits_per_letter: float | None
    """All bits spent on held-out text ÷ its non-space characters."""
    bits_per_letter_by_element: dict[str, float] | None
    """The same of each kind of element that has letters."""
    bits_per_cue: float | None
    bits_per_heading: float | None
    slips_per_1000: float | None
    """How often, in 1,000 symbols, the model's own choice broke the grammar. Each choice is one after a text
    without slips, because what breaks the grammar is overruled: what follows a slip is not counted."""
    overruled_per_1000: dict[str, float]
    """Name of a constraint to how often it forbade the model's own choice. One symbol may count for several."""
    real_words: float | None
    """Share of written words that its sources or an English list have."""
    longest_copy: int | None
    """Characters, white space folded, of the longest written run that stands in a text it learned from."""
    copied_share: float | None
    """Share of written characters inside such runs of 40 or more."""
    loops: float | None
    """Share of written characters inside a run of 30 that the same scene already had."""
    cue_accuracy: float | None
    """Share of cues on held-out scenes whose speaker the model guesses."""
    cue_accuracy_rule: float | None
    """The same of the rule: the one before the last speaker, else the next newcomer."""
    letters: int | None
    """Non-space characters of the held-out text."""
    scenes: int
    """How many were written."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What screenplays at hand can tell of one model."""

    screenplays: tuple[Screenplay, ...] = ()
    held_out: tuple[str, ...] = ()
    """Streams of what it has never learned, one a screenplay."""
    styles: tuple[int | None, ...] = ()
    """Number of the style of each of those; None where the model has none for it."""
    learned: tuple[str, ...] = ()
    """Streams of what it has."""
    strangers: tuple[str, ...] = ()
    """Names of the screenplays that it has not learned from, all of which counts as held out."""
    changed: tuple[str, ...] = ()
    """Those of them that are called like one it learned from, and may be another draft of it."""

    @classmethod
    def of(cls, checkpoint: Checkpoint, screenplays: Iterable[tuple[str, Screenplay]]) -> Evidence:
        """Part named screenplays by the checkpoint's own records, which know a screenplay again by its stream."""
        records = _records(checkpoint.config)
        own = {
            script.sha256: n for n, script in enumerate(checkpoint.config.scripts[: checkpoint.config.network.styles])
        }
        kept, held_out, styles, learned, strangers = [], [], [], [], []
        for name, screenplay in screenplays:
            stream = encode(screenplay)
            sha256 = hashlib.sha256(stream.encode()).hexdigest()
            record = records.get(sha256)
            training, rest = _parted(stream, record) if record is not None else ("", stream)
            kept.append(screenplay)
            if letters(rest):
                held_out.append(rest)
                styles.append(own.get(sha256) if letters(training) else None)
            learned += [training] if letters(training) else []
            strangers += [name] if record is None else []
        names = {record.name for record in records.values()}
        changed = tuple(name for name in strangers if name in names)
        return cls(tuple(kept), tuple(held_out), tuple(styles), tuple(learned), tuple(strangers), changed)

    @property
    def scenes(self) -> int:
        """How many are held out."""
        return sum(stream.count(SCENE) for stream in self.held_out)


@dataclass(frozen=True, slots=True)
class Sample:
    """What a model wrote to be measured, at the default settings."""

    streams: tuple[str, ...]
    """One a script."""
    symbols: int
    """Chosen by the model."""
    overruled: dict[str, int]

    @property
    def screenplays(self) -> tuple[Screenplay, ...]:
        """The same, decoded."""
        return tuple(decode(stream) for stream in self.streams)

    @property
    def scenes(self) -> tuple[str, ...]:
        """The stream of each scene."""
        return tuple(SCENE + scene for stream in self.streams for scene in stream[:-1].split(SCENE)[1:])


def write_sample(
    checkpoint: Checkpoint, *, scenes: int, seed: int, on_scene: Callable[[int], None] = lambda number: None
) -> Sample:
    """Have a model write scripts of `SCRIPT_SCENES` scenes, the k-th (from 0) with the seed `seed + k`.

    Args:
        checkpoint: The model.
        scenes: How many in all, at least 1.
        seed: In [0, 2**63).
        on_scene: Told the number of each scene, from 1, when it begins.
    """
    streams: list[str] = []
    symbols, overruled, begun = 0, Counter[str](), 0
    for number, first in enumerate(range(0, scenes, SCRIPT_SCENES)):
        last = min(SCRIPT_SCENES, scenes - first)
        writing = Writing(checkpoint, Request(last_scene=last, seed=(seed + number) % _SEEDS))
        written: list[str] = []
        for symbol in writing:
            if symbol == SCENE:
                begun += 1
                on_scene(begun)
            written.append(symbol)
        streams.append("".join(written))
        symbols += writing.report.symbols
        overruled.update(writing.report.overruled)
    return Sample(tuple(streams), symbols, dict(overruled))


def measure(checkpoint: Checkpoint, evidence: Evidence, sample: Sample) -> Measures:
    """Work out every figure, by its one definition."""
    model = checkpoint.network, checkpoint.vocabulary
    pointer = checkpoint.sources.pointer
    with torch.no_grad():
        style = checkpoint.network.styled(evidence.styles)
    recall = checkpoint.sources.recall
    hints = Hints(recall, evidence.held_out, checkpoint.vocabulary) if recall is not None else None
    figures = evaluate(*model, evidence.held_out, pointer, style, hints) if evidence.held_out else None
    guesses = cue_accuracy(*model, evidence.held_out, pointer, style)
    # A line break stands in no plain text, so no run reaches from one script into another.
    text, sources = "\n".join(map(plain, sample.streams)), [plain(stream) for stream in evidence.learned]
    scenes = [plain(scene) for scene in sample.scenes]
    known = {*checkpoint.sources.lexicon.words, *words_of(" ".join(checkpoint.names))}
    known.update(word for source in sources for word in words_of(source))
    real, words = real_words(text, known)
    per_1000 = {name: 1000 * count / max(1, sample.symbols) for name, count in sorted(sample.overruled.items())}
    return Measures(
        bits_per_letter=figures.bits_per_letter if figures is not None else None,
        bits_per_letter_by_element=_by_element(figures) if figures is not None else None,
        bits_per_cue=_each(figures, "character"),
        bits_per_heading=_each(figures, "scene_heading"),
        slips_per_1000=per_1000.get("grammar", 0.0),
        overruled_per_1000=per_1000,
        real_words=real / words if words else None,
        longest_copy=longest_copy(text, sources) if sources else None,
        copied_share=copied(text, sources) / max(1, len(text)) if sources else None,
        loops=sum(map(looped, scenes)) / max(1, sum(map(len, scenes))),
        cue_accuracy=guesses.by_model / guesses.cues if guesses.cues else None,
        cue_accuracy_rule=guesses.by_rule / guesses.cues if guesses.cues else None,
        letters=figures.letters if figures is not None else None,
        scenes=len(scenes),
    )


def compare_habits(evidence: Evidence, sample: Sample) -> tuple[Comparison, ...]:
    """Hold what a model wrote against the screenplays at hand, learned or not; nothing if there are none."""
    return compare(sample.screenplays, evidence.screenplays) if evidence.screenplays else ()


def _by_element(figures: Figures) -> dict[str, float]:
    bits = {kind: spent.bits_per_letter for kind, spent in figures.by_element.items()}
    return {kind: value for kind, value in bits.items() if value is not None}


def _each(figures: Figures | None, kind: str) -> float | None:
    spent = figures.by_element.get(kind) if figures is not None else None
    return spent.bits_each if spent is not None else None


def _records(config: CheckpointConfig) -> dict[str, ScriptRecord]:
    """What the model and those before it learned from, by hash; of two records, the one with less held out."""
    found: dict[str, ScriptRecord] = {}
    history: CheckpointConfig | Origin | None = config
    while history is not None:
        for record in history.scripts:
            known = found.setdefault(record.sha256, record)
            if record.held_out_letters < known.held_out_letters:
                found[record.sha256] = record
        history = history.origin
    return found


def _parted(stream: str, record: ScriptRecord) -> tuple[str, str]:
    """What of a screenplay's stream was learned, and what was held out."""
    if not record.held_out_letters:
        return stream, ""
    cuts = [position for position, symbol in enumerate(stream) if symbol == SCENE]
    if record.held_out_letters == record.letters or not record.held_out_scenes:
        return "", stream
    cut = cuts[-record.held_out_scenes]
    return stream[:cut] + END, stream[cut:]
