"""The constraints of a writing side by side, told of what is written word by word.

Inside of a word that is said or told, nothing forbids a small letter but the lexicon, and nothing else the space after
it. So all others are asked at its beginning, and hear of it at its end: most of what is written costs a look at the
lexicon.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

from model.constraints import Alphabet, CastConstraint, Constraint, GrammarConstraint
from model.length_guard import LengthGuard
from model.lexicon import LexiconConstraint
from model.marks import PunctuationConstraint
from screenplay.grammar import State

Kind = TypeVar("Kind", CastConstraint, GrammarConstraint, LengthGuard, LexiconConstraint, PunctuationConstraint)
_TEXTS = ("words", "song", "aside", "direction", "action")
"""Places of the grammar where something is said or told."""
_NONE: frozenset[str] = frozenset()
_AT_ONCE = 32
"""Symbols that the constraints are told of at once, at most."""


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
        """What they have not heard of yet: letters, the last one maybe a space."""
        self._places = {type(constraint): place for place, constraint in enumerate(constraints)}
        self._known_letters = _letters(self.of(GrammarConstraint).alphabet)
        self._small = frozenset(letter for letter in self._known_letters if not letter.isupper())
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

    def tell(self, symbol: str) -> None:
        """They go on after one more symbol."""
        if self._untold[-1:] == " ":
            self._settle()
        if self._is_free and symbol in self._known_letters:
            self._spell(symbol)
            self._untold += symbol
            if len(self._untold) == _AT_ONCE:
                self._settle()
        elif symbol == " " and self._word is not None:
            self._untold += symbol
            self._leave_word()
        else:
            self._told = tuple([constraint.advance(symbol) for constraint in self.constraints])
            self._leave_word()
            self._look()

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

    def _spell(self, letter: str) -> None:
        """A letter of a word that may run."""
        if self._lexicon is None:
            self._word, self._letters, self._may_close = "", self._small, True
            return
        begun = self.of(LexiconConstraint).word if self._word is None else self._word
        self._word = begun + letter.lower()
        self._letters, self._may_close = self._lexicon.following(self._word)

    def _leave_word(self) -> None:
        self._word, self._letters, self._may_close = None, _NONE, False
