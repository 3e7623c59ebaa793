"""Texts that are written side by side, in each of which network, recall and chance go on by a symbol at the same time.

What takes a thought is left to whoever writes a text; but within a word, where only the lexicon has a say, they run on
here, in one call for all. So most symbols cost little more than the network's step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.compiling import for_types_of
from model.copying import WINDOW, CopyGuard, CopyIndex, codes_of
from model.counted import Floats
from model.counting import NOTHING
from model.drafts import Mark as DraftMark
from model.drawing import (
    ASKED,
    COPIED,
    DRAWN,
    GIVEN,
    LENGTH,
    LETTERS,
    LONGEST_RUN,
    LONGEST_SCENE,
    MARKS,
    NODE,
    PLACE,
    ROOM,
    RUN,
    SILENT,
    UNREAD,
    WORD,
    Letters,
    Rules,
    Texts,
)
from model.going_on import RECALLED, STEPS, WAITING, Network, Recalled, go_on, in_style
from model.layered import Floats as Singles
from model.layered import Memory, Room
from model.questions import FREE, questions
from model.recollection import Recollection
from model.sampling import Sampler
from model.stepping import Stepper
from model.trie import ANYWHERE, Trie

_BLOCK = 512
"""Uniform numbers that are drawn at once."""
_FEW_LEFT = _BLOCK - LONGEST_RUN - 2
"""So many of them have been used when more are drawn."""


class Start(NamedTuple):
    """What is to be known where words begin."""

    copies: CopyGuard
    """What a source goes on with, told of everything."""
    marks: int
    """Which may run: of `ENDS` and `CAPITALS`."""
    asked: int
    """Where `questions` have the sentence under way."""


class Lanes:
    """Texts side by side, that go on from the same context. A step of them all is one call of each kind."""

    def __init__(
        self,
        stepper: Stepper,
        recollections: Sequence[Recollection],
        sampler: Sampler,
        words: Trie | None,
        letters: Letters,
        copies: CopyIndex,
        *,
        opener: int,
        network_power: float,
        style_strength: float,
        never: int,
    ) -> None:
        """None is open yet.

        Args:
            stepper: The network, in no style, and maybe in one besides. Then the difference counts `style_strength`
                times: alone it is small beside what the text itself says. Source: Ho and Salimans 2022,
                arXiv:2207.12598; for language, Sanchez et al. 2023, arXiv:2306.17806.
            recollections: Of the context; what they say adds up.
            sampler: Draws.
            words: Which may run; None: any.
            letters: Which may.
            copies: Of texts whose words may not be gone on with: see `CopyGuard`.
            opener: The id that opens a scene, within which nothing is said again: see `LoopGuard`.
            network_power: See `counted.Powers`.
            style_strength: See `stepper`.
            never: The id that is never drawn.
        """
        self._stepper, self._strength = stepper, np.float32(style_strength)
        self._recollections, self.network_power = recollections, network_power
        self._rules = Rules(
            words if words is not None else Trie.of(()), ANYWHERE if words is None else 0, questions(), letters,
            copies.tables, sampler.settings, opener, network_power, never,
        )  # fmt: skip
        size = len(letters.codes)
        self._texts = Texts(
            np.zeros((0, 10), np.int64), np.zeros(0, np.bool_), np.zeros((0, LONGEST_RUN), np.int64),
            np.zeros((0, WINDOW - 1 + LONGEST_RUN), np.uint32), np.zeros((0, LONGEST_SCENE), np.uint16),
            np.zeros((0, size), np.float32), np.zeros((0, 1 + size)), np.zeros((0, _BLOCK)),
        )  # fmt: skip
        self._memory = stepper.unread(0)
        self._drafts = np.zeros((len(recollections), 0), np.int64)
        """Of each recollection the drafts' numbers, (recollections, lanes)."""
        self._standing = np.zeros(6, np.int64)
        """As `going_on` names it."""
        self._open: list[Lane] = []
        self._go_on: Callable[..., bool] | None = None
        self._make_room()

    @property
    def steps(self) -> int:
        """How often the network has read, all lanes at once; not what stands before them."""
        return int(self._standing[STEPS])

    def read(self, ids: Sequence[int]) -> LaneMark:
        """Where a text stands that the network has read these ids of, one at least, and the recollections their own."""
        memory = self._stepper.unread()
        for symbol in ids:
            self._stepper.read([symbol], memory)
        logits = np.zeros(memory.logits.shape[1], np.float32)
        in_style(0, self._network_of(memory, self._stepper.room_for(1)), logits)
        hint = np.sum([recollection.hint() for recollection in self._recollections], axis=0)
        marks = [each.drafts.mark(each.draft) for each in self._recollections]
        return LaneMark(memory, logits, hint, marks, LONGEST_SCENE)

    def open(self, mark: LaneMark) -> Lane:
        """A text that goes on from there."""
        lane = Lane(self, len(self._open))
        self._open.append(lane)
        self._memory = Memory(*map(_and_rows, self._memory, mark.memory))
        empty = (np.zeros_like(part, shape=(1, *part.shape[1:])) for part in self._texts)
        self._texts = Texts._make(map(_and_rows, self._texts, empty))
        texts = self._texts
        texts.numbers[-1] = -1, SILENT, 0, 0, WORD, 0, FREE, 0, -1, LONGEST_SCENE
        texts.logits[-1], texts.hints[-1, 1:] = mark.logits, mark.hint
        drafts = [each.drafts.beside(each.draft) for each in self._recollections]
        self._drafts = np.append(self._drafts, np.array(drafts, np.int64).reshape(-1, 1), axis=1)
        self._make_room()
        return lane

    def close(self, lane: Lane) -> None:
        """It is written to its end, or given up."""
        at, styles = lane.number, self._stepper.styles
        for each, draft in zip(self._recollections, self._drafts_of(at), strict=True):
            each.drafts.close(draft)
        self._standing[WAITING] -= lane.waits
        rows = slice(at * styles, (at + 1) * styles)
        self._memory = Memory(*(np.delete(part, rows, 0) for part in self._memory))
        self._texts = Texts._make(np.delete(part, at, 0) for part in self._texts)
        self._drafts = np.delete(self._drafts, at, 1)
        del self._open[at]
        for number, other in enumerate(self._open):
            other.number = number
        self._make_room()

    def _make_room(self) -> None:
        """For a step of those that are open."""
        lanes, size = len(self._open), self._texts.hints.shape[1]
        self._numbers = np.empty(lanes, np.int64), np.empty(lanes, np.int64)
        self._network = self._network_of(self._memory, self._stepper.room_for(lanes))
        hints = np.empty((len(self._recollections), lanes, size))
        self.running = self._texts.running.data
        """Of each, whether it goes on by itself: it has been asked for what comes next, and has no answer yet."""
        self._recalled = Recalled(self._drafts, np.empty((lanes, 3), np.int64), hints)
        for lane in self._open:
            lane.own = self._texts.numbers[lane.number].data

    def _network_of(self, memory: Memory, room: Room) -> Network:
        return Network(self._stepper.layers, room, memory, self._stepper.styles, self._strength)

    def _drafts_of(self, lane: int) -> list[int]:
        found: list[int] = self._drafts[:, lane].tolist()
        return found

    def step(self) -> None:
        """Read what waits, and draw where that is wanted; what may run, waits again: until it is somebody's turn."""
        drafts = [each.drafts for each in self._recollections]
        for each in drafts:
            each.make_room(LONGEST_RUN + 1)
        is_over = False
        while not is_over:
            known = [each.known for each in drafts] + [NOTHING] * 2
            arguments: tuple[Any, ...] = (
                self._standing, *self._numbers, self._texts, self._rules, self._network, self._recalled, *known[:2],
            )  # fmt: skip
            if self._go_on is None:
                self._go_on = for_types_of(go_on, *arguments)
            is_over = self._go_on(*arguments)
            if not is_over:
                drafts[self._standing[RECALLED]].count_more()


class LaneMark(NamedTuple):
    """Where a text stands."""

    memory: Memory
    logits: Singles
    hint: Floats
    drafts: list[DraftMark]
    scene: int
    """Symbols of the scene."""


class Lane:
    """One of these texts."""

    def __init__(self, lanes: Lanes, number: int) -> None:
        """Of some others; `number` is its place among those that are open."""
        self._lanes, self.number = lanes, number
        self.own = np.zeros(0, np.int64).data
        """Its numbers, where one is set or told in less time than in an array."""
        self._generator: np.random.Generator | None = None

    def begin(self, generator: np.random.Generator) -> None:
        """Go by another chance from here on."""
        self._generator = generator
        self.own[PLACE] = _BLOCK
        self._renew_uniforms()

    def uniform(self) -> float:
        """A uniform number in [0, 1)."""
        place = self.own[PLACE]
        self.own[PLACE] = place + 1
        found = float(self._lanes._texts.uniforms[self.number, place])
        if place >= _FEW_LEFT:
            self._renew_uniforms()
        return found

    def _renew_uniforms(self) -> None:
        """Have a block of them: a call for each would cost more than the rest of the step."""
        assert self._generator is not None, "no chance has begun"
        uniforms, used = self._lanes._texts.uniforms[self.number], self.own[PLACE]
        uniforms[:] = np.append(uniforms[used:], self._generator.random(used))
        self.own[PLACE] = 0

    def read(self, symbol: int) -> None:
        """Go on with one id, at the next step."""
        assert not self.waits, "a symbol waits to be read"
        self.own[UNREAD], self.own[NODE] = symbol, SILENT
        self._lanes._standing[WAITING] += 1

    def read_on(self, ids: Sequence[int]) -> None:
        """After what waits, go on with these, at one step each, which use up a uniform number each.

        The last one waits, when it is somebody's turn again.
        """
        own = self.own
        own[NODE], own[ROOM], own[RUN] = GIVEN, len(ids), 0
        self._lanes._texts.runs[self.number, : len(ids)] = ids
        if own[PLACE] >= _FEW_LEFT:
            self._renew_uniforms()

    def remind(self) -> None:
        """Recall, from here on, what was said and told in scenes like the one under way."""
        lanes = self._lanes
        for recollection, draft in zip(lanes._recollections, lanes._drafts_of(self.number), strict=True):
            recollection.drafts.remind(draft)

    @property
    def is_running(self) -> bool:
        """Whether it goes on by itself."""
        return bool(self._lanes.running[self.number])

    @property
    def waits(self) -> bool:
        """Whether an id is to be read, so that nothing can be said of the next."""
        return self.own[UNREAD] >= 0

    def ask(self, node: int, room: int = 0, start: Start | None = None, *, only_letters: bool = False) -> None:
        """Have what comes next drawn once what waits is read.

        Then, what has run is `taken`, and what has not is `drawn`.

        Args:
            node: From which letters may run: a word's, or one of `NOWHERE`, `ANYWHERE`, `BETWEEN` and `SILENT`.
            room: How many symbols may, besides a last space.
            start: Where other words may begin after the one under way; None: none may.
            only_letters: Whether not even a space may run.
        """
        own = self.own
        own[NODE], own[ROOM], own[RUN] = node, room, 0
        if start is None:
            own[COPIED] = LETTERS if only_letters else WORD
        else:
            own[COPIED], own[MARKS], own[ASKED] = start.copies.run, start.marks, start.asked
            self._lanes._texts.plain[self.number, : WINDOW - 1] = codes_of(start.copies.tail)
        if own[PLACE] >= _FEW_LEFT:
            self._renew_uniforms()

    @property
    def taken(self) -> list[int]:
        """The ids that have run on."""
        count = self.own[RUN]
        found: list[int] = self._lanes._texts.runs[self.number, :count].tolist() if count else []
        return found

    @property
    def drawn(self) -> int:
        """The id that was drawn after them."""
        return self.own[DRAWN]

    @property
    def logits(self) -> Singles:
        """Of the network, for the id after the last, (vocabulary,)."""
        assert not self.waits, "a symbol waits to be read"
        found: Singles = self._lanes._texts.logits[self.number]
        return found

    @property
    def hint(self) -> Floats:
        """What is recalled, (vocabulary,): see `Recollection.hint`."""
        return self._lanes._texts.hints[self.number, 1:]

    def mark(self) -> LaneMark:
        """Where the text stands, to come `back` to while the part under way is not over. Nothing waits."""
        lanes, at = self._lanes, self.number
        styles = lanes._stepper.styles
        memory = Memory(*(part[at * styles : (at + 1) * styles].copy() for part in lanes._memory))
        drafts = zip(lanes._recollections, lanes._drafts_of(at), strict=True)
        marks = [recollection.drafts.mark(draft) for recollection, draft in drafts]
        return LaneMark(memory, self.logits.copy(), self.hint.copy(), marks, self.own[LENGTH])

    def back(self, mark: LaneMark) -> None:
        """As if nothing had been read since; nothing waits here, too."""
        assert not self.waits, "a symbol waits to be read"
        lanes, at = self._lanes, self.number
        styles = lanes._stepper.styles
        for part, values in zip(lanes._memory, mark.memory, strict=True):
            part[at * styles : (at + 1) * styles] = values
        texts, self.own[LENGTH] = lanes._texts, mark.scene
        texts.logits[at], texts.hints[at, 1:] = mark.logits, mark.hint
        drafts = zip(lanes._recollections, lanes._drafts_of(at), mark.drafts, strict=True)
        for recollection, draft, each in drafts:
            recollection.drafts.back(draft, each)


def _and_rows(part: NDArray[Any], rows: NDArray[Any]) -> NDArray[Any]:
    """The same and some rows more."""
    return np.concatenate([part, rows])
