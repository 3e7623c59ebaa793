"""Texts that are written side by side, in each of which network, recall and chance go on by a symbol at the same time.

What takes a thought is left to whoever writes a text; but within a word, where only the lexicon has a say, they run on
here, in one call for all. So most symbols cost little more than the network's step.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.copying import WINDOW, CopyGuard, CopyIndex, codes_of
from model.counting import Floats
from model.drafts import Mark as DraftMark
from model.drawing import (
    COPIED,
    DRAWN,
    GIVEN,
    LENGTH,
    LETTERS,
    LONGEST_RUN,
    LONGEST_SCENE,
    NODE,
    PLACE,
    ROOM,
    RUN,
    SILENT,
    UNREAD,
    WORD,
    Letters,
    draw_all,
)
from model.layered import Floats as Singles
from model.recollection import Recollection
from model.sampling import Sampler
from model.stepping import Memory, Stepper
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
    """Which may run: of `ENDS`, `STOPS` and `CAPITALS`."""


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
        known = words if words is not None else Trie.of(())
        root = ANYWHERE if words is None else 0
        self._fixed: tuple[Any, ...] = (
            *known, *letters, *copies.tables, root, opener, network_power, never, *sampler.settings,
        )  # fmt: skip
        self._styles = stepper.styles
        self._memory = stepper.unread(0)
        size = len(letters.codes)
        self._logits: Singles = np.zeros((0, size), np.float32)
        self._hints: Floats = np.zeros((0, 1 + size))
        """What is recalled, from the second column on."""
        self._reads = np.zeros((len(recollections), 0, 3), np.int64)
        """What is read in each of the recollections': a draft's number, id, and that what comes next is asked for."""
        self._numbers, self._uniforms = np.zeros((0, 9), np.int64), np.zeros((0, _BLOCK))
        self._runs = np.zeros((0, LONGEST_RUN), np.int64)
        self._plain = np.zeros((0, WINDOW - 1 + LONGEST_RUN), np.uint32)
        """Code points of what stands before that, and of it, as copies are measured on."""
        self._scenes = np.zeros((0, LONGEST_SCENE), np.uint16)
        """Ids of the scene under way, as far as there is room."""
        self._open: list[Lane] = []
        self._every = np.arange(0)
        self._waiting = self._are_running = 0
        """In how many a symbol is to be read; and how many go on by themselves."""
        self.running = np.zeros(0, np.bool_)
        """Of each, whether it goes on by itself: it has been asked for what comes next, and has no answer yet."""

    def read(self, ids: Sequence[int]) -> LaneMark:
        """Where a text stands that the network has read these ids of, one at least, and the recollections their own."""
        memory = self._stepper.unread()
        for symbol in ids:
            self._stepper.read([symbol], memory)
        hint = np.sum([recollection.hint() for recollection in self._recollections], axis=0)
        marks = [each.drafts.mark(each.draft) for each in self._recollections]
        return LaneMark(memory, self._in_style(memory.logits)[0], hint, marks, LONGEST_SCENE)

    def open(self, mark: LaneMark) -> Lane:
        """A text that goes on from there."""
        lane = Lane(self, len(self._open))
        self._open.append(lane)
        self._every, self.running = np.arange(len(self._open)), np.append(self.running, False)
        self._memory = Memory(*map(_and_rows, self._memory, mark.memory))
        self._logits = _and_rows(self._logits, mark.logits[None])
        self._hints = _and_rows(self._hints, np.zeros((1, self._hints.shape[1])))
        self._hints[-1, 1:] = mark.hint
        self._numbers = _and_rows(self._numbers, np.array([[-1, SILENT, 0, 0, WORD, 0, 0, -1, LONGEST_SCENE]]))
        self._uniforms = _and_rows(self._uniforms, np.zeros((1, _BLOCK)))
        self._runs = _and_rows(self._runs, np.zeros((1, LONGEST_RUN), np.int64))
        self._plain = _and_rows(self._plain, np.zeros((1, self._plain.shape[1]), np.uint32))
        self._scenes = _and_rows(self._scenes, np.zeros((1, LONGEST_SCENE), np.uint16))
        drafts = [each.drafts.beside(each.draft) for each in self._recollections]
        rows = np.array([[[draft, 0, True]] for draft in drafts], np.int64).reshape(-1, 1, 3)
        self._reads = np.concatenate([self._reads, rows], axis=1)
        return lane

    def _in_style(self, logits: Singles) -> Singles:
        """What is made of logits in no style and in one, (texts · styles, vocabulary)."""
        if self._styles == 1:
            return logits
        return logits[::2] + self._strength * (logits[1::2] - logits[::2])

    def close(self, lane: Lane) -> None:
        """It is written to its end, or given up."""
        at, styles = lane.number, self._styles
        for each, draft in zip(self._recollections, self._drafts_of(at), strict=True):
            each.drafts.close(draft)
        self._waiting -= lane.waits
        rows = slice(at * styles, (at + 1) * styles)
        self._memory = Memory(*(np.delete(part, rows, 0) for part in self._memory))
        self._logits, self._hints = np.delete(self._logits, at, 0), np.delete(self._hints, at, 0)
        self._numbers, self._uniforms = np.delete(self._numbers, at, 0), np.delete(self._uniforms, at, 0)
        self._runs, self._plain = np.delete(self._runs, at, 0), np.delete(self._plain, at, 0)
        self._scenes = np.delete(self._scenes, at, 0)
        self._reads = np.delete(self._reads, at, 1)
        del self._open[at]
        self._every, self.running = np.arange(len(self._open)), np.delete(self.running, at)
        for number, other in enumerate(self._open):
            other.number = number

    def _drafts_of(self, lane: int) -> list[int]:
        found: list[int] = self._reads[:, lane, 0].tolist()
        return found

    def step(self) -> None:
        """Read what waits, and draw where that is wanted; what may run, waits again: until it is somebody's turn."""
        while self._waiting:
            every = self._waiting == len(self._open)
            lanes = self._every if every else np.flatnonzero(self._numbers[:, UNREAD] >= 0)
            symbols = self._numbers[lanes, UNREAD]
            self._reads[:, lanes, 1] = symbols
            # The network comes last: its weights drive all else out of the core's own cache.
            self._hints[lanes] = self._hints_after(self._reads[:, lanes])
            self._stepper.read(symbols, self._memory, lanes)
            self._logits = self._in_style(self._memory.logits)
            self._waiting, self._are_running = draw_all(
                lanes, self._numbers, self.running, self._runs, self._plain, self._scenes,
                self._logits, self._hints, self._uniforms,
                *self._fixed,
            )  # fmt: skip
            if self._are_running < len(self._open):
                return

    def _hints_after(self, reads: NDArray[np.int64]) -> Floats:
        """What is recalled after these symbols, (lanes, 1 + vocabulary)."""
        if not self._recollections:
            return np.zeros((reads.shape[1], self._hints.shape[1]))
        first, *others = (each.drafts.read(own) for each, own in zip(self._recollections, reads, strict=True))
        for other in others:
            first = first + other
        return first


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
        self._generator: np.random.Generator | None = None

    def begin(self, generator: np.random.Generator) -> None:
        """Go by another chance from here on."""
        self._generator = generator
        self._lanes._numbers[self.number, PLACE] = _BLOCK
        self._renew_uniforms()

    def uniform(self) -> float:
        """A uniform number in [0, 1)."""
        lanes, at = self._lanes, self.number
        place = int(lanes._numbers[at, PLACE])
        lanes._numbers[at, PLACE] = place + 1
        found = float(lanes._uniforms[at, place])
        if place >= _FEW_LEFT:
            self._renew_uniforms()
        return found

    def _renew_uniforms(self) -> None:
        """Have a block of them: a call for each would cost more than the rest of the step."""
        assert self._generator is not None, "no chance has begun"
        numbers, uniforms = self._lanes._numbers[self.number], self._lanes._uniforms[self.number]
        used = int(numbers[PLACE])
        uniforms[:] = np.append(uniforms[used:], self._generator.random(used))
        numbers[PLACE] = 0

    def read(self, symbol: int) -> None:
        """Go on with one id, at the next step."""
        assert not self.waits, "a symbol waits to be read"
        self._lanes._numbers[self.number, :ROOM] = symbol, SILENT
        self._lanes._waiting += 1

    def read_on(self, ids: Sequence[int]) -> None:
        """After what waits, go on with these, at one step each, which use up a uniform number each.

        The last one waits, when it is somebody's turn again.
        """
        numbers = self._lanes._numbers[self.number]
        numbers[NODE:COPIED] = GIVEN, len(ids), 0
        self._lanes._runs[self.number, : len(ids)] = ids
        if numbers[PLACE] >= _FEW_LEFT:
            self._renew_uniforms()

    @property
    def waits(self) -> bool:
        """Whether an id is to be read, so that nothing can be said of the next."""
        return bool(self._lanes._numbers[self.number, UNREAD] >= 0)

    def ask(self, node: int, room: int = 0, start: Start | None = None, *, only_letters: bool = False) -> None:
        """Have what comes next drawn once what waits is read.

        Then, what has run is `taken`, and what has not is `drawn`.

        Args:
            node: From which letters may run: a word's, or one of `NOWHERE`, `ANYWHERE`, `BETWEEN` and `SILENT`.
            room: How many symbols may, besides a last space.
            start: Where other words may begin after the one under way; None: none may.
            only_letters: Whether not even a space may run.
        """
        numbers = self._lanes._numbers[self.number]
        if start is None:
            numbers[NODE:PLACE] = node, room, 0, LETTERS if only_letters else WORD, 0
        else:
            numbers[NODE:PLACE] = node, room, 0, start.copies.run, start.marks
            self._lanes._plain[self.number, : WINDOW - 1] = codes_of(start.copies.tail)
        if numbers[PLACE] >= _FEW_LEFT:
            self._renew_uniforms()

    @property
    def taken(self) -> list[int]:
        """The ids that have run on."""
        lanes, at = self._lanes, self.number
        count = int(lanes._numbers[at, RUN])
        found: list[int] = lanes._runs[at, :count].tolist() if count else []
        return found

    @property
    def drawn(self) -> int:
        """The id that was drawn after them."""
        return int(self._lanes._numbers[self.number, DRAWN])

    @property
    def logits(self) -> Singles:
        """Of the network, for the id after the last, (vocabulary,)."""
        assert not self.waits, "a symbol waits to be read"
        found: Singles = self._lanes._logits[self.number]
        return found

    @property
    def hint(self) -> Floats:
        """What is recalled, (vocabulary,): see `Recollection.hint`."""
        return self._lanes._hints[self.number, 1:]

    def mark(self) -> LaneMark:
        """Where the text stands, to come `back` to while the part under way is not over. Nothing waits."""
        lanes, at = self._lanes, self.number
        styles = lanes._styles
        memory = Memory(*(part[at * styles : (at + 1) * styles].copy() for part in lanes._memory))
        drafts = zip(lanes._recollections, lanes._drafts_of(at), strict=True)
        marks = [recollection.drafts.mark(draft) for recollection, draft in drafts]
        return LaneMark(memory, self.logits.copy(), self.hint.copy(), marks, int(lanes._numbers[at, LENGTH]))

    def back(self, mark: LaneMark) -> None:
        """As if nothing had been read since; nothing waits here, too."""
        assert not self.waits, "a symbol waits to be read"
        lanes, at = self._lanes, self.number
        styles = lanes._styles
        for part, values in zip(lanes._memory, mark.memory, strict=True):
            part[at * styles : (at + 1) * styles] = values
        lanes._logits[at], lanes._hints[at, 1:], lanes._numbers[at, LENGTH] = mark.logits, mark.hint, mark.scene
        drafts = zip(lanes._recollections, lanes._drafts_of(at), mark.drafts, strict=True)
        for recollection, draft, each in drafts:
            recollection.drafts.back(draft, each)


def _and_rows(part: NDArray[Any], rows: NDArray[Any]) -> NDArray[Any]:
    """The same and some rows more."""
    return np.concatenate([part, rows])
