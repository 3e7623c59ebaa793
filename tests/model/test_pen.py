from __future__ import annotations

import numpy as np
import pytest

from model.constraints import Constraint, GrammarConstraint
from model.copying import CopyGuard, CopyIndex
from model.drawing import SILENT
from model.length_guard import LengthGuard
from model.lengths import Span
from model.pen import Pen, _is_copied
from model.prompt import Opening
from model.sampling import Sampler, Sampling, draw
from model.speakers import CastConstraint, TurnConstraint
from model.vocabulary import UNKNOWN, Vocabulary
from screenplay.stream import ACTION, CHARACTER, DIALOGUE, SCENE, TOKENS

VOCABULARY = Vocabulary((UNKNOWN, *TOKENS.values(), *" .,?ABCDEFGHIJKLMNOPQRSTUVWXYZ", *"abcdefghijklmnopqrstuvwxyz"))
SAMPLER = Sampler(Sampling(temperature=1.0), VOCABULARY.is_token)
SPEECH = "I beg your pardon, I am sure?"


class FakeLane:
    """Foretells a cue after a speech of that kind, or else rain; whoever speaks says no more than no."""

    def __init__(self) -> None:
        self._read, self._node = "", SILENT
        self.waits, self.taken, self.drawn = False, [], -1  # type: ignore[var-annotated]
        self.hint = np.zeros(len(VOCABULARY))

    def begin(self, generator: np.random.Generator) -> None:
        self.uniform = generator.random

    def read(self, symbol: int) -> None:
        assert not self.waits
        self._read += VOCABULARY.characters[symbol]
        self.waits, self._node = True, SILENT

    def remind(self) -> None:
        """Of nothing."""

    def ask(self, node: int, room: int = 0, copied: object = None, *, only_letters: bool = False) -> None:
        assert self.waits
        self._node = node

    def step(self) -> None:
        assert self.waits
        self.waits = False
        if self._node != SILENT:
            self.drawn = draw(SAMPLER.chances(self.logits.astype(np.float64)), self.uniform())

    @property
    def logits(self) -> np.ndarray:
        assert not self.waits
        if self._read.endswith(SPEECH):
            chances = {CHARACTER: 0.9, ACTION: 0.1}
        elif self._read.endswith(CHARACTER):
            chances = {"E": 0.5, "G": 0.5}
        else:
            begun = next((w for w in (ACTION + "Rain.", DIALOGUE + "No.") if w[0] in self._read[-5:]), "")
            begun = begun[len(self._read) - self._read.rindex(begun[0]) :] if begun else ""
            chances = {begun[0]: 1.0} if begun else {DIALOGUE: 0.9, SCENE: 0.1}
        found = np.full(len(VOCABULARY), 1e-12)
        for symbol, chance in chances.items():
            found[VOCABULARY.id_of(symbol)] = chance
        logits: np.ndarray = np.log(found).astype(np.float32)
        return logits


def written(source: str, seed: int) -> tuple[str, Pen]:
    alphabet = VOCABULARY.characters
    cast = CastConstraint(alphabet, ("EDDIE", "GUS"))
    constraints: tuple[Constraint, ...] = (
        GrammarConstraint(alphabet),
        cast,
        LengthGuard(alphabet),
        CopyGuard(alphabet, CopyIndex.of([source])),
        TurnConstraint(alphabet, cast),
    )
    lane = FakeLane()
    pen = Pen(lane, VOCABULARY, constraints, SAMPLER, 1.0, None)  # type: ignore[arg-type]
    body = f"{CHARACTER}GUS{DIALOGUE}{SPEECH}"
    opening = Opening(heading="BAR", cast=("GUS", "EDDIE"), cast_is_whole=True, body=body)
    stream = ""
    for piece in pen.scene(opening, np.random.default_rng(seed), lambda _: (Span(0, 60, 75), None)):
        stream += piece
        if lane.waits:
            lane.step()
    return stream.partition(body)[2], pen


@pytest.mark.parametrize("seed", range(20))
def test_nobody_answers_themselves_because_all_others_would_copy(seed: int) -> None:
    stream, pen = written(f"{SPEECH} EDDIE No, no, it has a nail in it, and has had one for years and years.", seed)
    assert stream == f"{ACTION}Rain."
    assert pen.overruled["turn"] in (0, 1)


def test_where_others_may_speak_they_do() -> None:
    found = [written("", seed) for seed in range(20)]
    assert sum(stream.startswith(f"{CHARACTER}EDDIE{DIALOGUE}No.") for stream, _ in found) > 10
    assert not any(f"{CHARACTER}GUS" in stream for stream, _ in found)


def test_nobody_stands_in_whose_name_carries_on_a_copy() -> None:
    before = "The clock above the bar says twelve. "
    guard = CopyGuard(VOCABULARY.characters, CopyIndex.of([f"{before}Mr. Poole looks at the door and sits down."]))
    for symbol in before:
        guard = guard.advance(symbol)
    assert _is_copied("Mr. Poole", (GrammarConstraint(VOCABULARY.characters), guard))
    assert not _is_copied("Gus", (GrammarConstraint(VOCABULARY.characters), guard))


def test_nobody_speaks_whose_name_makes_a_copy_too_long() -> None:
    before, name = "Now he starts off, turns back.", "MR. POOLE"
    guard = CopyGuard(VOCABULARY.characters, CopyIndex.of([f"{before} {name} No."]))
    for symbol in ACTION + before + CHARACTER:
        guard = guard.advance(symbol)
    assert guard.allows("M"), "that is over soon"
    assert _is_copied(name, (guard,))
    assert not _is_copied("MR. GRAY", (guard,))
    assert not _is_copied("MR. POOLE", (CopyGuard(VOCABULARY.characters, CopyIndex.of([])),))
