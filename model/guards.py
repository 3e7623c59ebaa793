"""The constraints of a writing side by side, told of what is written word by word.

Inside of a word that is said or told, nothing forbids a small letter but the lexicon, and nothing else the space after
it. So all others are asked at its beginning, and hear of it at its end: most of what is written costs a look at the
lexicon.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

from model.constraints import (
    Alphabet,
    CastConstraint,
    Constraint,
    DebtConstraint,
    GrammarConstraint,
    TurnConstraint,
)
from model.copying import WINDOW, CopyGuard
from model.echoes import EchoGuard
from model.length_guard import LengthGuard
from model.lexicon import LexiconConstraint
from model.loops import LIMIT, LoopGuard
from model.marks import PunctuationConstraint
from model.trie import ANYWHERE, BETWEEN, NOWHERE
from screenplay.grammar import State

Kind = TypeVar(
    "Kind",
    CastConstraint,
    DebtConstraint,
    GrammarConstraint,
    LengthGuard,
    LexiconConstraint,
    PunctuationConstraint,
    TurnConstraint,
)
_TEXTS = ("words", "song", "aside", "direction", "action")
"""Places of the grammar where something is said or told."""
_NONE: frozenset[str] = frozenset()
_AT_ONCE = 32
"""Symbols that the constraints are told of at once, at most."""


def small_letters(alphabet: Alphabet) -> frozenset[str]:
    """Those that may run."""
    return frozenset(letter for letter in _letters(alphabet) if not letter.isupper())


@lru_cache(1 << 4)
def _letters(alphabet: Alphabet) -> frozenset[str]:
    """Those that the grammar lets stand inside of a word."""
    inside = State("words")
    return frozenset(symbol for symbol in alphabet if symbol.isalpha() and inside.allows(symbol))


class Guards:
    """Constraints that are asked and told together, one after the other; one of them is the grammar's."""

    def __init__(self, constraints: tuple[Constraint, ...]) -> None:
        """Begin where they stand."""
        self._told, self._untold = constraints, ""
        """What they have not heard of yet: letters, and spaces after some."""
        self._places = {type(constraint): place for place, constraint in enumerate(constraints)}
        self._known_letters = _letters(self.of(GrammarConstraint).alphabet)
        self._small = small_letters(self.of(GrammarConstraint).alphabet)
        lexicon = self.of(LexiconConstraint).lexicon if LexiconConstraint in self._places else None
        self._lexicon = lexicon if lexicon is not None and lexicon.words else None
        """None: any spelling is a word."""
        self._is_free = False
        """Whether a word of text may run here, as far as lengths are concerned."""
        self._word: str | None = None
        """What stands of one that is under way, in lower case; None where there is none that may run."""
        self._letters, self._may_close = _NONE, False
        """What it may go on with, and whether a space may follow, nobody else being asked."""

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """As they stand now."""
        if self._untold:
            self._settle()
        return self._told

    @constraints.setter
    def constraints(self, constraints: tuple[Constraint, ...]) -> None:
        self._told, self._untold, self._is_free = constraints, "", False
        self._leave_word()

    def of(self, kind: type[Kind]) -> Kind:
        """The one of a kind, as it stands now."""
        found = self.constraints[self._places[kind]]
        assert isinstance(found, kind)
        return found

    def allows(self, symbol: str) -> bool:
        """Whether all of them allow a symbol."""
        if symbol in self._letters or (symbol == " " and self._may_close):
            return True
        for constraint in self.constraints:  # noqa: SIM110 - many symbols pass here, and `all` takes twice as long
            if not constraint.allows(symbol):
                return False
        return True

    @property
    def rest_of_name(self) -> str:
        """What can only follow, as it is the rest of the only name that may be spelled in a cue."""
        if CastConstraint not in self._places or TurnConstraint not in self._places:
            return ""
        if DebtConstraint in self._places and self.of(DebtConstraint).owed:
            return ""
        return self.of(CastConstraint).rest(self.of(TurnConstraint).spoke)

    def tell(self, symbol: str) -> None:
        """They go on after one more symbol."""
        if self._is_free and symbol in self._known_letters:
            self._spell(symbol)
            self._untold += symbol
            if len(self._untold) >= _AT_ONCE:
                self._settle()
        elif symbol == " " and self._word is not None:
            self._untold += symbol
            self._leave_word()
        else:
            self._told = tuple([constraint.advance(symbol) for constraint in self.constraints])
            self._leave_word()
            self._look()

    @property
    def node(self) -> int:
        """Where in the lexicon's trie words stand that may run on, with hardly anybody else being asked."""
        if self._word is None:
            return BETWEEN if self._is_free and self._is_between and self.copied else NOWHERE
        if self._lexicon is None:
            return ANYWHERE
        return self._lexicon.node(self._word)

    @property
    def _is_between(self) -> bool:
        """Whether a space was the last symbol."""
        if self._untold:
            return self._untold[-1] == " "
        return PunctuationConstraint in self._places and self.of(PunctuationConstraint).last == " "

    @property
    def copied(self) -> CopyGuard | None:
        """The guard against copies, told of everything, where beside it none would forbid a small letter after a space.

        None: another may.
        """
        if CopyGuard not in self._places or EchoGuard not in self._places or LoopGuard not in self._places:
            return None
        echoes, copies, loops = (self._told[self._places[kind]] for kind in (EchoGuard, CopyGuard, LoopGuard))
        assert isinstance(echoes, EchoGuard)
        assert isinstance(copies, CopyGuard)
        assert isinstance(loops, LoopGuard)
        if echoes.earlier or len(copies.tail) < WINDOW - 1 or loops.limit != LIMIT:
            return None
        return copies.follow(self._untold) if self._untold else copies

    @property
    def room(self) -> int:
        """Symbols that may run on before they are to be told of, but for a last space."""
        return max(0, _AT_ONCE - 1 - len(self._untold))

    def tell_run(self, text: str) -> None:
        """They go on after letters that have run, and spaces."""
        *_, last = text.rpartition(" ")
        self._untold += text[: len(text) - len(last)]
        if len(last) < len(text):
            self._leave_word()
        if last:
            self._spell(last)
        self._untold += last
        if len(self._untold) >= _AT_ONCE:
            self._settle()

    def _settle(self) -> None:
        self._told = tuple([constraint.follow(self._untold) for constraint in self._told])
        self._untold = ""
        self._look()

    def _look(self) -> None:
        """Whether words may run from here on."""
        self._is_free = self.of(GrammarConstraint).standing.state.place in _TEXTS and (
            LengthGuard not in self._places or self.of(LengthGuard).lets_words_run(_AT_ONCE)
        )
        if not self._is_free:
            self._leave_word()

    def _spell(self, letters: str) -> None:
        """Letters of a word that may run."""
        if self._lexicon is None:
            self._word, self._letters, self._may_close = "", self._small, True
            return
        begun = self._word
        if begun is None:
            begun = "" if self._untold[-1:] == " " else self.of(LexiconConstraint).word
        self._word = begun + letters.lower()
        self._letters, self._may_close = self._lexicon.following(self._word)

    def _leave_word(self) -> None:
        self._word, self._letters, self._may_close = None, _NONE, False
