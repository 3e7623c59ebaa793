"""Writes one scene, symbol by symbol: reads what it wrote, and asks the constraints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator
from typing import NamedTuple

import numpy as np

from model.constraints import Constraint, GrammarConstraint
from model.copying import LONGEST, CopyGuard
from model.drawing import LONGEST_RUN, SILENT
from model.guards import Guards
from model.lanes import Lane, LaneMark
from model.layered import Floats as Singles
from model.length_guard import LengthGuard
from model.lengths import Span
from model.marks import PunctuationConstraint
from model.pointing import Pointing
from model.prompt import Opening
from model.questions import QuestionConstraint
from model.sampling import Chances, Floats, Mask, Sampler, draw, likeliest, weighed
from model.speakers import CastConstraint, DebtConstraint
from model.strangers import Strangers, called, is_title
from model.trie import NOWHERE
from model.vocabulary import Vocabulary
from screenplay.stream import ACTION, AND, CAST, CUES, DIALOGUE, END, LYRIC, SCENE, header, is_token

_REMINDING = (CAST, ACTION, DIALOGUE, LYRIC)
"""Where a scene goes on by what it is about, so far."""
_HARDLY = 1e-3
"""The chance at least that somebody has to stand in for a stranger, beside that of how the name begins."""


def _shaped(constraint: Constraint, span: Span, speakers: int | None, named: tuple[str, ...]) -> Constraint:
    match constraint:
        case LengthGuard():
            return constraint._replace(span=span)
        case CastConstraint():
            return constraint._replace(size=speakers)
        case DebtConstraint():
            return DebtConstraint(constraint.alphabet, named)
        case _:
            return constraint


def _is_copied(name: str, constraints: tuple[Constraint, ...]) -> bool:
    """Whether a name would carry on with a run of the sources, or make one too long."""
    for guard in constraints:
        if isinstance(guard, CopyGuard):
            if guard.in_cue and guard.run + len(name) < LONGEST:
                return not guard.allows(name[0])
            for symbol in name:
                if not guard.allows(symbol):
                    return True
                guard = guard.advance(symbol)
            return guard.run >= LONGEST
    return False


class _Mark(NamedTuple):
    """Where writing stands between two symbols."""

    lane: LaneMark
    pointing: Pointing | None
    constraints: tuple[Constraint, ...]
    shown: str


class Pen:
    """The one place where symbols come into being: reads what it wrote, and asks the constraints.

    Its generators give pieces of what is written, empty ones, too, and with each want their lane's next step made.
    """

    def __init__(
        self,
        lane: Lane,
        vocabulary: Vocabulary,
        constraints: tuple[Constraint, ...],
        sampler: Sampler,
        network_power: float,
        pointing: Pointing | None,
        strangers: Strangers | None = None,
    ) -> None:
        """Begin where a lane stands, with constraints that stand there, too; `network_power` as for `Lanes`."""
        self._lane, self._strangers = lane, strangers
        self._vocabulary, self._sampler, self._power = vocabulary, sampler, network_power
        self._guards = Guards(constraints)
        self._pointing, self._unpointed = pointing, ""
        """And what that has not heard of yet."""
        self._points = pointing is not None and pointing.beliefs.are_open
        self._known: Floats | None = None
        """Logits for the next symbol, once somebody has asked."""
        self._alone: Chances | None = None
        """What the network alone gives the next symbol, once somebody has asked."""
        self._shown = ""
        """What has been written since something was given."""
        self.overruled: Counter[str] = Counter()
        self.symbols = 0

    def scene(
        self, opening: Opening, generator: np.random.Generator, shape: Callable[[float], tuple[Span, int | None]]
    ) -> Iterator[str]:
        """Write one scene, from its `SCENE` to the last symbol before the next scene or the end.

        `shape` says how long it becomes and how many speak in it, from a uniform number.
        """
        self._lane.begin(generator)
        span, speakers = shape(self._lane.uniform())
        if opening.cast or opening.body:
            speakers = None
        constraints = self._guards.constraints
        self._guards.constraints = tuple(_shaped(each, span, speakers, opening.cast) for each in constraints)
        if self._strangers is not None:
            self._strangers.begin_scene()
        yield from self._dictate(SCENE + opening.heading)
        token = yield from self._text(tokens_only=bool(opening.heading) and opening.heading_is_whole)
        if opening.cast:
            yield from self._dictate(header(opening.cast))
            token = "" if opening.cast_is_whole else (yield from self._text(tokens_only=True, through=AND))
        elif opening.body and token == CAST:
            yield from self._dictate(CAST)
            token = yield from self._text(through=AND)
        if opening.body:
            yield from self._dictate(opening.body)
            self._lane.remind()
            token = ""
        if not token:
            over = opening.body_is_whole if opening.body else True
            token = yield from self._text(tokens_only=over, never=AND if not opening.body else "")
        while token not in (SCENE, END):
            if token in _REMINDING:
                self._lane.remind()
            yield from self._dictate(token)
            token = yield from self._text(first=self._speakers() if token in CUES else None)
        if self._shown:
            yield self._show()

    def _text(
        self, *, tokens_only: bool = False, through: str = "", never: str = "", first: Mask | None = None
    ) -> Generator[str, None, str]:
        """Write text up to the next token, which is returned and not yet written.

        Args:
            tokens_only: Whether the first symbol must be a token.
            through: A token that does not end it.
            never: A token that may not be the first symbol.
            first: What may be; None: anything.
        """
        extra = first
        if tokens_only:
            extra = np.array([is_token(s) and s != never for s in self._vocabulary.characters])
        symbol, lists = (yield from self._next(extra)), self._guards.is_listing
        while not is_token(symbol) or symbol == through:
            if self._strangers is not None and symbol.isupper() and self._begins_word():
                symbol = yield from self._capitalised(symbol, self._strangers)
            else:
                self._put(symbol)
                rest = self._guards.rest_of_name if self._points or lists else ""
                if rest and len(rest) < LONGEST_RUN:
                    self._put_rest(rest)
                    yield self._show()
                symbol = yield from self._next()
        return symbol

    def _begins_word(self) -> bool:
        """Whether a word of the action is next."""
        last = self._guards.of(PunctuationConstraint).last
        return self._guards.of(GrammarConstraint).standing.state.place == "action" and not last.isalpha()

    def _capitalised(self, symbol: str, strangers: Strangers) -> Generator[str, None, str]:
        """Write what begins with this symbol in the action, or another name, if it is that of a stranger.

        Gives what is chosen after it, not yet written. Before that, nothing of it is shown.
        """
        start, found = self._mark(), ""
        while symbol.isalpha() or is_title(found + symbol):
            self._put(symbol)
            symbol = yield from self._next(is_shown=False)
            found = self._shown[len(start.shown) :]
        cast = self._guards.of(CastConstraint).cast
        strangers.meet(cast)
        if strangers.is_stranger(found):

            def choose(names: list[str]) -> str:
                chances = self._sampler.chances(self._weighed(start.lane.logits, start.lane.hint))
                weights = np.array([chances[self._vocabulary.id_of(name[0])] + _HARDLY for name in names])
                return names[draw(weights, self._lane.uniform())]

            known = [
                name
                for name in cast
                if self._vocabulary.can_spell(called(name)) and not _is_copied(called(name), start.constraints)
            ]
            instead = strangers.stand_in(found, known, choose)
            if instead:
                self._back(start)
                self.overruled["stranger"] += 1
                yield from self._dictate(instead)
                found, symbol = instead, (yield from self._next())
        strangers.tell(found)
        return symbol

    def _mark(self) -> _Mark:
        """Where writing stands, once the next symbol has been chosen and before it is written."""
        if self._pointing is not None:
            self._pointing = self._heard(self._pointing)
        return _Mark(self._lane.mark(), self._pointing, self._guards.constraints, self._shown)

    def _back(self, mark: _Mark) -> None:
        """As if nothing had been written since."""
        lane, self._pointing, self._guards.constraints, self._shown = mark
        self._points = self._pointing is not None and self._pointing.beliefs.are_open
        self._unpointed = ""
        self._lane.back(lane)
        self._known = self._alone = None

    def _show(self) -> str:
        """All that has not been given."""
        shown, self._shown = self._shown, ""
        return shown

    def _dictate(self, text: str) -> Iterator[str]:
        """Write what is given; its last symbol has yet to be read."""
        for symbol in text:
            if self._lane.waits:
                yield self._show()
            self._put(symbol)

    def _put(self, symbol: str) -> None:
        """Make a symbol part of the text: network and constraints go on after it."""
        pointing = self._pointing
        if pointing is not None and (self._points or is_token(symbol)):
            self._pointing = self._heard(pointing).advance(symbol, self._chance_of(symbol))
            self._points = self._pointing.beliefs.are_open
        elif pointing is not None:
            self._unpointed += symbol
        self._guards.tell(symbol)
        self._lane.read(self._vocabulary.id_of(symbol))
        self._known = self._alone = None
        self._shown += symbol

    def _put_rest(self, text: str) -> None:
        """Make part of the text what can only follow in a name; that nobody else is meant is known to the pointer."""
        if self._pointing is not None and self._points:
            self._pointing = self._pointing.spell(text)
        elif self._pointing is not None:
            self._unpointed += text
        self._guards.tell_name(text)
        self._points = self._pointing is not None and self._pointing.beliefs.are_open
        self._lane.read_on(self._vocabulary.encode(text).tolist())
        self.symbols += len(text)
        self._shown += text

    def _take(self, ids: list[int]) -> None:
        """What has run on is part of the text."""
        characters = self._vocabulary.characters
        text = "".join([characters[id_] for id_ in ids])
        if self._pointing is not None:
            self._unpointed += text
        self._guards.tell_run(text)
        self.symbols += len(text)
        self._shown += text

    def _logits(self) -> Floats:
        """For the next symbol, (vocabulary,)."""
        if self._known is None:
            self._known = self._weighed(self._lane.logits, self._lane.hint)
        return self._known

    def _weighed(self, logits: Singles, hint: Floats) -> Floats:
        """What network and recall say together."""
        found = weighed(logits, hint, self._power)
        found[self._vocabulary.unknown_id] = -np.inf
        return found

    def _by_network(self) -> Chances:
        """What the network alone gives the next symbol."""
        if self._alone is None:
            self._alone = self._sampler.chances(self._logits())
        return self._alone

    def _heard(self, pointing: Pointing) -> Pointing:
        """It has heard of all that is written."""
        text, self._unpointed = self._unpointed, ""
        return pointing.follow(text) if text else pointing

    def _chance_of(self, symbol: str) -> float:
        """The chance that the network alone gave a symbol, where somebody needs to know; else 1."""
        if not self._points:
            return 1.0
        return float(self._by_network()[self._vocabulary.id_of(symbol)])

    def _chances(self, allowed: Mask | None = None) -> Chances:
        """What is drawn from: the network's own distribution, with the pointer's where it points.

        Sampling settings change what the network spells, not how often somebody speaks or a place returns.
        """
        chances = self._by_network() if allowed is None else self._sampler.chances(self._logits(), allowed)
        if self._pointing is None or not self._points:
            return chances
        mixed = self._pointing.beliefs.mixed(chances, self._vocabulary)
        if allowed is not None:
            mixed = np.where(allowed, mixed, 0.0)
            if not mixed.any():
                # What is pointed at may not be written, and the network had no share in it.
                return chances
        return likeliest(mixed) if self._sampler.is_certain else mixed

    def _next(self, extra: Mask | None = None, *, is_shown: bool = True) -> Generator[str, None, str]:
        """Choose the next symbol. Before it, letters of the word under way may run on; and words, if all may be shown.

        The model's own choice stands if nothing forbids it; else another is drawn from what is allowed. Both
        together draw from the allowed part of the distribution, and the first tells what was overruled.
        """
        lane = self._lane
        if self._points:
            lane.ask(SILENT)
        elif extra is None and (node := self._guards.node) != NOWHERE:
            lane.ask(node, self._guards.room, self._guards.start if is_shown else None, only_letters=not is_shown)
        else:
            lane.ask(NOWHERE)
        yield self._show() if is_shown else ""
        if ids := lane.taken:
            self._take(ids)
        chosen = draw(self._chances(), lane.uniform()) if self._points else lane.drawn
        symbol = self._vocabulary.characters[chosen]
        if extra is not None or not self._guards.allows(symbol):
            chosen = self._overruled(chosen, extra)
        elif symbol in CUES and not self._leads_on(symbol):
            self.overruled["turn"] += 1
            chosen = self._overruled(chosen, ~np.isin(self._vocabulary.characters, CUES))
        self.symbols += 1
        return self._vocabulary.characters[chosen]

    def _leads_on(self, symbol: str) -> bool:
        """Whether something may stand after this symbol that no constraint has anything against.

        After a cue's token nothing may, where everybody else who might speak would carry on a copy.
        """
        after = tuple(self._guards.after(symbol))
        names = (n for n in self._guards.of(CastConstraint).cast if all(each.allows(n[0]) for each in after))
        return any(not _is_copied(name, after) for name in names)

    def _speakers(self) -> Mask | None:
        """What a cue may begin with, where not everybody's name may stand in it; None: whatever begins one."""
        cast, constraints = self._guards.of(CastConstraint).cast, self._guards.constraints
        names = [name for name in cast if not _is_copied(name, constraints)]
        if not names or len(names) == len(cast):
            return None
        return np.isin(self._vocabulary.characters, [name[0] for name in names])

    def _overruled(self, chosen: int, extra: Mask | None) -> int:
        """Choose again, among what is allowed, if what was chosen is forbidden by anything that does not yield.

        Where something is over, but for a mark, that mark is next, and not whatever else would do.
        """
        allowed, symbol, mark = extra, self._vocabulary.characters[chosen], ""
        is_overruled = extra is not None and not extra[chosen]
        for constraint in self._guards.constraints:
            mask = constraint.mask()
            if mask is None:
                continue
            both = mask if allowed is None else allowed & mask
            if constraint.yields and not both.any():
                continue
            allowed = both
            if not mask[chosen]:
                is_overruled = True
                self.overruled[constraint.name] += 1
                if isinstance(constraint, PunctuationConstraint | QuestionConstraint | LengthGuard):
                    mark = constraint.instead(symbol) or mark
        if mark in self._vocabulary and allowed is not None and allowed[self._vocabulary.id_of(mark)]:
            return self._vocabulary.id_of(mark)
        return draw(self._chances(allowed), self._lane.uniform()) if is_overruled else chosen
