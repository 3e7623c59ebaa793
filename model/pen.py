"""Writes one scene, symbol by symbol: reads what it wrote, and asks the constraints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.constraints import CastConstraint, Constraint, DebtConstraint, GrammarConstraint
from model.ensemble import Recalling
from model.guards import Guards
from model.length_guard import LengthGuard
from model.lengths import Span
from model.marks import PunctuationConstraint
from model.pointing import Pointing
from model.prompt import Opening
from model.questions import QuestionConstraint
from model.recollection import WRITING
from model.sampling import Chances, Floats, Mask, Sampler, Sampling, draw, likeliest, uniforms, weighed
from model.stepping import Memory, Walk
from model.strangers import Strangers, called, is_title
from model.vocabulary import Vocabulary
from screenplay.stream import AND, CAST, CUES, END, SCENE, header, is_token

_HARDLY = 1e-3
"""The chance at least that somebody has to stand in for a stranger, beside that of how the name begins."""
_MARKS = ".!?"
"""With the tokens, what ends something: drawn with the model's own chances, or all would grow too long."""


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


class _Mark(NamedTuple):
    """Where writing stands between two symbols."""

    walked: tuple[Memory, NDArray[np.float32]]
    read: Any
    """Of the recollection, if there is one."""
    pointing: Pointing | None
    constraints: tuple[Constraint, ...]
    logits: Floats


class Pen:
    """The one place where symbols come into being: reads what it wrote, and asks the constraints."""

    def __init__(
        self,
        walk: Walk,
        vocabulary: Vocabulary,
        constraints: tuple[Constraint, ...],
        sampling: Sampling,
        pointing: Pointing | None,
        recollection: Recalling | None = None,
        strangers: Strangers | None = None,
    ) -> None:
        self._walk, self._recollection, self._strangers = walk, recollection, strangers
        self._vocabulary = vocabulary
        kept = vocabulary.is_token | np.isin(vocabulary.characters, list(_MARKS))
        self._sampler, self._is_certain = Sampler(sampling, kept), sampling.temperature == 0.0
        self._guards = Guards(constraints)
        self._pointing, self._unpointed = pointing, ""
        """And what that has not heard of yet."""
        self._points = pointing is not None and pointing.beliefs.are_open
        self._known: Floats | None = None
        """Logits for the next symbol, once somebody has asked."""
        self._alone: Chances | None = None
        """What the network alone gives the next symbol, once somebody has asked."""
        self.overruled: Counter[str] = Counter()
        self.symbols = 0

    def scene(
        self, opening: Opening, generator: np.random.Generator, shape: Callable[[float], tuple[Span, int | None]]
    ) -> Iterator[str]:
        """Write one scene, from its `SCENE` to the last symbol before the next scene or the end.

        What comes is mostly one symbol each time; nothing, or several, where a name may be taken back.

        `shape` says how long it becomes and how many speak in it, from a uniform number.
        """
        chance = uniforms(generator)
        span, speakers = shape(next(chance))
        if opening.cast or opening.body:
            speakers = None
        constraints = self._guards.constraints
        self._guards.constraints = tuple(_shaped(each, span, speakers, opening.cast) for each in constraints)
        if self._strangers is not None:
            self._strangers.begin_scene()
        yield self._put(SCENE)
        yield from self._dictate(opening.heading)
        token = yield from self._text(chance, tokens_only=bool(opening.heading) and opening.heading_is_whole)
        if opening.cast:
            yield from self._dictate(header(opening.cast))
            token = "" if opening.cast_is_whole else (yield from self._text(chance, tokens_only=True, through=AND))
        elif opening.body and token == CAST:
            yield self._put(CAST)
            token = yield from self._text(chance, through=AND)
        if opening.body:
            yield from self._dictate(opening.body)
            token = ""
        if not token:
            over = opening.body_is_whole if opening.body else True
            token = yield from self._text(chance, tokens_only=over, never=AND if not opening.body else "")
        while token not in (SCENE, END):
            yield self._put(token)
            token = yield from self._text(chance)

    def _text(
        self, chance: Iterator[float], *, tokens_only: bool = False, through: str = "", never: str = ""
    ) -> Generator[str, None, str]:
        """Write text up to the next token, which is returned and not yet written.

        Args:
            chance: Uniform numbers.
            tokens_only: Whether the first symbol must be a token.
            through: A token that does not end it.
            never: A token that may not be the first symbol.
        """
        extra = None
        if tokens_only:
            extra = np.array([is_token(s) and s != never for s in self._vocabulary.characters])
        symbol, hidden = self._next(chance, extra), ""
        while not is_token(symbol) or symbol == through:
            if self._strangers is not None and symbol.isupper() and self._begins_word():
                found, symbol = yield from self._capitalised(symbol, chance, self._strangers)
                hidden += found
                continue
            yield hidden + self._put(symbol)
            symbol, hidden = self._next(chance), ""
        if hidden:
            yield hidden
        return symbol

    def _begins_word(self) -> bool:
        """Whether a word of the action is next."""
        last = self._guards.of(PunctuationConstraint).last
        return self._guards.of(GrammarConstraint).standing.state.place == "action" and not last.isalpha()

    def _capitalised(
        self, symbol: str, chance: Iterator[float], strangers: Strangers
    ) -> Generator[str, None, tuple[str, str]]:
        """Write what begins with this symbol in the action, or another name, if it is that of a stranger.

        Nothing of it is to be shown before its end, so it is returned; and what is chosen after it, not yet written.
        Meanwhile nothing is given, again and again: others, where they are written by turns, go on.
        """
        start, found = self._mark(), ""
        while symbol.isalpha() or is_title(found + symbol):
            found += self._put(symbol)
            yield ""
            symbol = self._next(chance)
        cast = self._guards.of(CastConstraint).cast
        strangers.meet(cast)
        if strangers.is_stranger(found):
            beginnings = self._sampler.chances(start.logits)

            def choose(names: list[str]) -> str:
                weights = np.array([beginnings[self._vocabulary.id_of(name[0])] + _HARDLY for name in names])
                return names[draw(weights, next(chance))]

            known = [name for name in cast if self._vocabulary.can_spell(called(name))]
            instead = strangers.stand_in(found, known, choose)
            if instead:
                self._back(start)
                self.overruled["stranger"] += 1
                for letter in instead:
                    self._put(letter)
                    yield ""
                found, symbol = instead, self._next(chance)
        strangers.tell(found)
        return found, symbol

    def _mark(self) -> _Mark:
        """Where writing stands, once the next symbol has been chosen and before it is written."""
        read = self._recollection.mark() if self._recollection is not None else None
        if self._pointing is not None:
            self._pointing = self._heard(self._pointing)
        return _Mark(self._walk.mark(), read, self._pointing, self._guards.constraints, self._logits())

    def _back(self, mark: _Mark) -> None:
        """As if nothing had been written since."""
        walked, read, self._pointing, self._guards.constraints, self._known = mark
        self._points = self._pointing is not None and self._pointing.beliefs.are_open
        self._unpointed = ""
        self._walk.back(walked)
        if self._recollection is not None and read is not None:
            self._recollection.back(read)
        self._alone = None

    def _dictate(self, text: str) -> Iterator[str]:
        for symbol in text:
            yield self._put(symbol)

    def _put(self, symbol: str) -> str:
        """Make a symbol part of the text: network and constraints go on after it."""
        pointing = self._pointing
        if pointing is not None and (self._points or is_token(symbol)):
            self._pointing = self._heard(pointing).advance(symbol, self._chance_of(symbol))
            self._points = self._pointing.beliefs.are_open
        elif pointing is not None:
            self._unpointed += symbol
        self._guards.tell(symbol)
        id_ = self._vocabulary.id_of(symbol)
        if self._recollection is not None:
            self._recollection.read(id_)
        self._walk.read(id_)
        self._known = self._alone = None
        return symbol

    def _logits(self) -> Floats:
        """For the next symbol, (vocabulary,)."""
        if self._known is None:
            logits, recollection = self._walk.logits(), self._recollection
            found = logits.astype(np.float64)
            if recollection is not None:
                found = weighed(logits, recollection.hint(), WRITING.network)
            found[self._vocabulary.unknown_id] = -np.inf
            self._known = found
        return self._known

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
        return likeliest(mixed) if self._is_certain else mixed

    def _next(self, chance: Iterator[float], extra: Mask | None = None) -> str:
        """Choose the next symbol.

        The model's own choice stands if nothing forbids it; else another is drawn from what is allowed. Both
        together draw from the allowed part of the distribution, and the first tells what was overruled.
        """
        chosen = self._chosen(next(chance))
        symbol = self._vocabulary.characters[chosen]
        if extra is not None or not self._guards.allows(symbol):
            chosen = self._overruled(chosen, chance, extra)
        elif symbol in CUES and not self._leads_on(symbol):
            self.overruled["turn"] += 1
            chosen = self._overruled(chosen, chance, ~np.isin(self._vocabulary.characters, CUES))
        self.symbols += 1
        return self._vocabulary.characters[chosen]

    def _chosen(self, uniform: float) -> int:
        """What the model would have next."""
        if self._recollection is None or self._known is not None or self._points:
            return draw(self._chances(), uniform)
        # The network comes last: its weights drive all else out of the core's own cache.
        hint = self._recollection.hint()
        return self._sampler.choose(self._walk.logits(), hint, WRITING.network, self._vocabulary.unknown_id, uniform)

    def _leads_on(self, symbol: str) -> bool:
        """Whether something may stand after this symbol that no constraint has anything against.

        After a cue's token nothing may, where everybody else who might speak would carry on a copy.
        """
        after = [constraint.advance(symbol) for constraint in self._guards.constraints]
        letters = {name[0] for name in self._guards.of(CastConstraint).cast}
        return any(all(constraint.allows(letter) for constraint in after) for letter in letters)

    def _overruled(self, chosen: int, chance: Iterator[float], extra: Mask | None) -> int:
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
        return draw(self._chances(allowed), next(chance)) if is_overruled else chosen
