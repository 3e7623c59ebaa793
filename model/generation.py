"""Writes scenes: where the model and the grammar meet."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from copy import copy
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from model.checkpoint import Checkpoint
from model.constraints import STANDING, Constraint, GrammarConstraint
from model.copying import CopyGuard, may_return, plain
from model.drawing import Letters
from model.echoes import EchoGuard, echoes_of
from model.errors import RequestError
from model.guards import letters_of
from model.lanes import Lane, LaneMark, Lanes
from model.length_guard import LengthGuard
from model.lengths import SceneShape, Span, fitting, shape_of
from model.lexicon import Lexicon, LexiconConstraint
from model.loops import LoopGuard
from model.marks import CapitalsConstraint, DashConstraint, PunctuationConstraint
from model.pen import Pen
from model.pointing import Pointing
from model.prompt import Opening, opening_of
from model.questions import QuestionConstraint
from model.recall import Voices
from model.recollection import WRITING, WRITING_ALL, WRITING_OWN, Recollection
from model.sampling import Sampler, Sampling
from model.speakers import CastConstraint, DebtConstraint, TurnConstraint
from model.stage import last_scenes
from model.stepping import Stepper
from model.strangers import Strangers
from model.turns import by_turns
from screenplay.elements import Screenplay
from screenplay.errors import GrammarError
from screenplay.stream import CAST, END, SCENE, encode

_STRENGTH = 3.0
"""How much a style is made more of: see `model.lanes.Lanes`."""
_LISTING = STANDING.follow(SCENE + "X" + CAST)
"""Where a name is next."""
_MARKS = ".!?"
"""With the tokens, what ends something: drawn with the model's own chances, or all would grow too long."""


class Request(BaseModel):
    """What is to be written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first_scene: int = Field(default=1, ge=1)
    last_scene: int = Field(default=1, ge=1)
    """Counted from 1 in the draft, both ends included. Scenes before the first are its context."""
    heading: str | None = None
    """Heading of the first scene; in capitals it need not be."""
    cast: tuple[str, ...] = ()
    """Who speaks in every scene, and nobody else does; empty: as the model likes."""
    prompt: str | None = None
    """Fountain text that the first scene goes on from, after its last character."""
    seed: int = Field(default=0, ge=0, lt=1 << 63)
    sampling: Sampling = Sampling()
    style: tuple[tuple[str, float], ...] = ()
    """Names of styles and what each weighs; only the proportions count. Empty: none of them, and so a bit of all."""
    lexicon: bool = True
    """Whether every word must be one that the model has read; names may be anything."""
    length: float | None = Field(default=None, ge=0.125, le=100)
    """Pages of each scene, within a tenth; None: as long as scenes of the sources are, but a dozen lines at
    least."""

    @model_validator(mode="after")
    def _in_order(self) -> Request:
        if self.last_scene < self.first_scene:
            raise ValueError("the last scene stands before the first")
        if any(weight <= 0 for _, weight in self.style):
            raise ValueError("the weight of a style is above nothing")
        return self


def style_of(
    checkpoint: Checkpoint, style: Sequence[tuple[str, float]]
) -> tuple[NDArray[np.float32] | None, tuple[int, ...]]:
    """The vector of a mixture, (embedding,), and the numbers of its styles; None and nothing for no style.

    Raises:
        RequestError: The model has no such style.
    """
    if not style:
        return None, ()
    known = checkpoint.styles
    shares = np.zeros(checkpoint.config.network.styles, np.float32)
    for name, weight in style:
        if name not in known:
            raise RequestError(
                f'{checkpoint.name} has no style "{name}"',
                source="--style",
                expected=f"one of {', '.join(known)}" if known else "a model that learned from several screenplays",
            )
        shares[known[name]] += weight
    return shares / shares.sum() @ checkpoint.weights["styles.weight"], tuple(np.flatnonzero(shares).tolist())


class Report(BaseModel):
    """What it took to write."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    symbols: int = 0
    """Chosen by the model; what was dictated is not counted."""
    elapsed_s: float = 0.0
    """Spent on writing, context and all; not on whoever reads the symbols."""
    overruled: dict[str, int] = Field(default_factory=dict)
    """Name of a constraint to how often it forbade what the model would have written. One symbol may count twice."""

    @property
    def slips_per_1000(self) -> float:
        """How often the grammar had to step in, per 1,000 symbols."""
        return 1000 * self.overruled.get("grammar", 0) / max(1, self.symbols)


class _Beginning(NamedTuple):
    """All that writing goes on from, once the context has been read."""

    lanes: Lanes
    start: LaneMark
    sampler: Sampler
    constraints: tuple[Constraint, ...]
    pointing: Pointing | None
    strangers: Strangers
    shapes: Sequence[SceneShape]
    """Which the scenes may have."""


class Writing:
    """Scenes being written: iterate over it to get the symbols, one by one, as they come.

    The same checkpoint, request and draft give the same symbols. A scene's chance depends on the seed
    and its number alone, so scene 3 is the same whether or not more scenes were asked for. Time grows
    with the symbols written and read; a scene's text is searched once a step.
    """

    def __init__(self, checkpoint: Checkpoint, request: Request, draft: Screenplay | None = None) -> None:
        """Check the request; nothing is computed before the first symbol is asked for.

        Raises:
            RequestError: A heading, name or prompt can't stand in a screenplay, or a scene of the draft is asked for.
            UnknownCharacterError: One of them has a character that the model doesn't know.
        """
        self._checkpoint = checkpoint
        self._vocabulary, self._sources = checkpoint.vocabulary, checkpoint.sources
        self._request = request
        self._context = encode(draft)[:-1] if draft is not None else ""
        self._written = self._context.count(SCENE)
        if draft is not None and request.first_scene <= self._written:
            raise RequestError(
                f"scene {request.first_scene} can't be written: the draft has it already",
                expected=f"scene {self._written + 1}, the next one, or a later one",
            )
        opening = opening_of(request.heading, request.cast, request.prompt)
        if "\n" not in self._vocabulary:
            opening = opening.on_one_line()
        self._opening = opening
        for text, source in (
            (opening.heading, "--heading"),
            ("".join(opening.cast), "--cast"),
            (opening.body, "--prompt"),
        ):
            self._vocabulary.require(text, model=checkpoint.name, source=source)
        style, self._scripts = style_of(checkpoint, request.style)
        self._styles = (None,) if style is None else (None, style)
        cast = draft.cast if draft is not None else ()
        self._present = cast
        names = {*opening.cast, *cast, *checkpoint.names_of(self._scripts)}
        self._known = tuple(sorted(filter(self._is_writable, names)))
        self._elapsed_s = 0.0
        self._written_by: Pen | None = None
        self._lane: Lane | None = None
        self._begun: list[_Beginning] = []
        """What has read the context, once it is needed; shared with those beside this one."""

    def beside(self, seed: int) -> Writing:
        """The same with another seed. Where both are written by turns, weights are read once for both of them.

        Then the time of that is reported by whichever came first.
        """
        other = copy(self)
        other._request = self._request.model_copy(update={"seed": seed})
        other._elapsed_s, other._written_by, other._lane = 0.0, None, None
        return other

    def _is_writable(self, name: str) -> bool:
        """Whether the grammar and the vocabulary let this name be spelled."""
        if not self._vocabulary.can_spell(name):
            return False
        try:
            return _LISTING.follow(name).may_close
        except GrammarError:
            return False

    @property
    def report(self) -> Report:
        """What it has taken so far."""
        pen = self._written_by
        if pen is None:
            return Report()
        return Report(symbols=pen.symbols, elapsed_s=self._elapsed_s, overruled=dict(pen.overruled))

    def __iter__(self) -> Iterator[str]:
        """Give the symbols of the scenes asked for, each from its `SCENE` on, and `END` after the last."""
        return chain.from_iterable(piece for _, piece in by_turns([self]) if piece is not None)

    @property
    def is_running(self) -> bool:
        """Whether words run on, so that there is nothing to do for it but its lanes' next step."""
        return self._lane is not None and self._lane.is_running

    def step(self) -> None:
        """Make a step of all those that are written by turns with this one; its time counts as this one's."""
        started = time.perf_counter()
        self._begun[0].lanes.step()
        self._elapsed_s += time.perf_counter() - started

    def turns(self) -> Generator[str, None, None]:
        """The symbols in pieces, some of them empty. After each, a step is to be made: see `by_turns`."""
        request, started = self._request, time.perf_counter()
        pen = self._written_by = self._pen()
        self._elapsed_s = time.perf_counter() - started
        try:
            for number in range(self._written + 1, request.last_scene + 1):
                opening = self._opening.for_next_scene() if number > request.first_scene else Opening()
                if number == request.first_scene:
                    opening = self._opening
                pieces = pen.scene(opening, self._generator(number), self._shape)
                while True:
                    started = time.perf_counter()
                    piece = next(pieces, None)
                    self._elapsed_s += time.perf_counter() - started
                    if piece is None:
                        break
                    yield piece if number >= request.first_scene else ""
        finally:
            if self._lane is not None:
                self._begun[0].lanes.close(self._lane)
                self._lane = None
        yield END

    def _pen(self) -> Pen:
        if not self._begun:
            self._begun.append(self._beginning())
        lanes, start, sampler, constraints, pointing, strangers, _ = self._begun[0]
        self._lane, power = lanes.open(start), lanes.network_power
        return Pen(self._lane, self._vocabulary, constraints, sampler, power, pointing, strangers.beside())

    def _beginning(self) -> _Beginning:
        alphabet, request = self._vocabulary.characters, self._request
        lexicon = self._lexicon() if request.lexicon else Lexicon()
        constraints: tuple[Constraint, ...] = (
            GrammarConstraint(alphabet),
            CastConstraint(alphabet, self._known),
            LengthGuard(alphabet),
            DebtConstraint(alphabet),
            PunctuationConstraint(alphabet),
            QuestionConstraint(alphabet),
            DashConstraint(alphabet),
            CapitalsConstraint(alphabet),
            *([LexiconConstraint(alphabet, lexicon)] if request.lexicon else []),
            CopyGuard(alphabet, self._sources.copies),
            TurnConstraint(alphabet, CastConstraint(alphabet, self._known)),
            LoopGuard(alphabet),
            EchoGuard(alphabet, echoes_of(self._context)),
        )
        weights = self._sources.pointer
        pointing = None
        if weights is not None:
            places = (
                h for n, h in self._sources.headings if (not self._scripts or n in self._scripts) and may_return(h)
            )
            pointing = Pointing.begin(self._vocabulary, weights, self._context, places)
        kept = self._vocabulary.is_token | np.isin(alphabet, list(_MARKS))
        sampler, recollections = Sampler(request.sampling, kept), self._recollections()
        lanes = Lanes(
            Stepper(self._checkpoint.config.network, self._checkpoint.weights, self._styles),
            recollections,
            sampler,
            lexicon.trie if lexicon.words else None,
            Letters.of(alphabet, letters_of(alphabet)),
            self._sources.copies,
            opener=self._vocabulary.id_of(SCENE),
            network_power=WRITING.network if recollections else 1.0,
            style_strength=_STRENGTH,
            never=self._vocabulary.unknown_id,
        )
        start = lanes.read(self._vocabulary.encode(END + last_scenes(self._context)).tolist())
        strangers = self._strangers(recollections[0] if recollections else None)
        shapes = fitting(self._sources.shapes, pages=request.length, scripts=self._scripts)
        return _Beginning(lanes, start, sampler, constraints, pointing, strangers, shapes)

    def _recollections(self) -> list[Recollection]:
        """The draft so far, all of it, beside the sources.

        A few screenplays of the model's own would be hardly heard among all that the model before brought along, so
        what they say counts once more.
        """
        recall = self._sources.recall
        if recall is None:
            return []
        known = self._checkpoint.styles
        shares: dict[int, float] = {}
        for name, weight in self._request.style:
            shares[known[name]] = shares.get(known[name], 0.0) + weight
        # Of what it writes itself, only whole scenes count.
        opener = self._vocabulary.id_of(SCENE)
        voices, few = Voices.among(self._vocabulary), recall.few
        if shares or not few:
            found = [Recollection(recall, voices, WRITING, shares=shares, opener=opener, brief=True, is_reminded=True)]
        else:
            everything = Recollection(recall, voices, WRITING_ALL, opener=opener, brief=True, is_reminded=True)
            found = [everything, Recollection(recall, voices, WRITING_OWN, shares=few, opener=opener, brief=True)]
        for recollection in found:
            for symbol in self._vocabulary.encode(self._context).tolist():
                recollection.read(symbol)
        return found

    def _strangers(self, recollection: Recollection | None) -> Strangers:
        """People of all screenplays that the model has met, but for those of the draft and of the one it follows."""
        checkpoint, vocabulary = self._checkpoint, self._vocabulary
        scripts, origin = list(checkpoint.config.scripts), checkpoint.config.origin
        own = checkpoint.names_of(self._scripts) if self._scripts or len(scripts) == 1 else ()
        while origin is not None:
            scripts += origin.scripts
            origin = origin.origin

        def is_name(word: str) -> bool:
            if recollection is None:
                return True
            name, other = (recollection.times(vocabulary.encode(f" {each} ").tolist()) for each in (word, word.lower()))
            return name > other

        return Strangers((name for script in scripts for name in script.cast), (*own, *self._present), is_name)

    def _lexicon(self) -> Lexicon:
        """The words of the sources, of the draft, and of what was dictated."""
        texts = [plain(self._context), plain(self._opening.dictated)]
        return self._sources.lexicon.merged(Lexicon.of(texts)) if any(texts) else self._sources.lexicon

    def _shape(self, uniform: float) -> tuple[Span, int | None]:
        """How long a scene becomes and how many speak in it, by its own chance; None: as the model likes."""
        length = self._request.length
        shape = shape_of(self._begun[0].shapes, uniform)
        # Real people alone do more than they say; the network would have them talk to nobody.
        speakers = None if shape is None else 2 if shape.speakers == 1 else shape.speakers
        if length is not None:
            return Span.asked(length), speakers
        return (Span.about(shape.lines) if shape is not None else Span()), speakers

    def _generator(self, number: int) -> np.random.Generator:
        """A scene's own chance."""
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence([self._request.seed, number])))
