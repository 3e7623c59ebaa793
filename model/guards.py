"""The constraints of a writing side by side, told of what is written word by word.

Inside of a word that is said or told, nothing forbids a small letter but the lexicon, and nothing else the space after
it. So all others are asked at its beginning, and hear of it at its end; and of words that run on in `model.drawing`,
several at once: most of what is written costs a look at the lexicon.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

from model.constraints import Alphabet, Constraint, GrammarConstraint
from model.copying import WINDOW, CopyGuard
from model.drawing import CAPITALS, ENDS, LONGEST_RUN
from model.echoes import EchoGuard
from model.lanes import Start
from model.length_guard import LengthGuard
from model.lexicon import LexiconConstraint, folded
from model.loops import LIMIT, LoopGuard
from model.marks import PunctuationConstraint
from model.questions import FREE, QuestionConstraint
from model.speakers import CastConstraint, DebtConstraint, TurnConstraint
from model.trie import ANYWHERE, BETWEEN, NOWHERE
from screenplay.grammar import State
from screenplay.stream import DIALOGUE, is_token

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
_AT_ONCE = LONGEST_RUN
"""Symbols that the constraints are told of at once, at most."""
_TOLD = "action"
"""The place where capitals begin names, and someone else has to look."""


@lru_cache(1 << 4)
def letters_of(alphabet: Alphabet) -> frozenset[str]:
    """Those that the grammar lets stand inside of a word."""
    inside = State("words")
    return frozenset(symbol for symbol in alphabet if symbol.isalpha() and inside.allows(symbol))


class Guards:
    """Constraints that are asked and told together, one after the other; one of them is the grammar's."""

    def __init__(self, constraints: tuple[Constraint, ...]) -> None:
        """Begin where they stand."""
        self._places = {type(constraint): place for place, constraint in enumerate(constraints)}
        self._told: list[Constraint] = []
        self._untold = self._kept = ""
        """What they have not heard of yet, words and marks after them; and what those have not that are idle."""
        self._asked: list[int] = []
        """Places of those that are not."""
        self._ahead: tuple[list[Constraint], str, list[Constraint]] = [], "", []
        """What was asked last of `after`, where all stood, and what it gave."""
        self._is_free = False
        """Whether a word of text may run here, as far as lengths are concerned."""
        self._word: str | None = None
        """What stands of one that is under way, in lower case; None where there is none that may run."""
        self._letters, self._may_close = _NONE, False
        """What it may go on with, and whether a space may follow, nobody else being asked."""
        self.constraints = constraints
        self._known_letters = letters_of(self.of(GrammarConstraint).alphabet)
        self._small = frozenset(letter for letter in self._known_letters if not letter.isupper())
        lexicon = self.of(LexiconConstraint).lexicon if LexiconConstraint in self._places else None
        self._lexicon = lexicon if lexicon is not None and lexicon.words else None
        """None: any spelling is a word."""

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """As they stand now."""
        self._settle_all()
        return tuple(self._told)

    @constraints.setter
    def constraints(self, constraints: tuple[Constraint, ...]) -> None:
        self._told, self._untold, self._is_free = [*constraints], "", False
        self._leave_word()
        self._sort_out()

    def of(self, kind: type[Kind]) -> Kind:
        """The one of a kind, as it stands now, but for text that an idle one has yet to hear of."""
        if self._untold:
            self._settle()
        found = self._told[self._places[kind]]
        assert isinstance(found, kind)
        return found

    def allows(self, symbol: str) -> bool:
        """Whether all of them allow a symbol."""
        if symbol in self._letters or (symbol == " " and self._may_close):
            return True
        if is_token(symbol):
            return all(constraint.allows(symbol) for constraint in self.constraints)
        if self._untold:
            self._settle()
        for place in self._asked:  # noqa: SIM110 - many symbols pass here, and `all` takes twice as long
            if not self._told[place].allows(symbol):
                return False
        return True

    @property
    def is_listing(self) -> bool:
        """Whether a name of a header is next, or under way."""
        return CastConstraint in self._places and self.of(CastConstraint).listing

    @property
    def rest_of_name(self) -> str:
        """What can only follow, as it is the rest of the only name that may be spelled."""
        if CastConstraint not in self._places or TurnConstraint not in self._places:
            return ""
        if DebtConstraint in self._places and self.of(DebtConstraint).owed:
            return ""
        return self.of(CastConstraint).rest(self.of(TurnConstraint).spoke)

    def after(self, token: str) -> list[Constraint]:
        """As they stand after one more token. Who asks that mostly tells of it then."""
        self._settle_all()
        told, known, after = self._ahead
        if told is not self._told or known != token:
            after = [constraint.advance(token) for constraint in self._told]
            self._ahead = self._told, token, after
        return after

    def tell(self, symbol: str) -> None:
        """They go on after one more symbol."""
        if self._is_free and symbol in self._known_letters:
            self._spell(symbol)
            self._untold += symbol
            self._kept += symbol
            if len(self._untold) >= _AT_ONCE:
                self._settle()
        elif symbol == " " and self._word is not None:
            self._untold += symbol
            self._kept += symbol
            self._leave_word()
        else:
            if is_token(symbol):
                self._told = self.after(symbol)
                self._sort_out()
            else:
                if self._untold:
                    self._settle()
                told = self._told.copy()
                for place in self._asked:
                    told[place] = told[place].advance(symbol)
                self._told = told
                self._kept += symbol
            self._leave_word()
            self._look()

    @property
    def node(self) -> int:
        """Where in the lexicon's trie words stand that may run on, with hardly anybody else being asked."""
        if self._word is None:
            return BETWEEN if self._is_free and self._is_between and self._may_begin else NOWHERE
        if self._lexicon is None:
            return ANYWHERE
        return self._lexicon.node(self._word)

    @property
    def _is_between(self) -> bool:
        """Whether a space was the last symbol, or somebody begins to speak."""
        if self._untold:
            return self._untold[-1] == " "
        return PunctuationConstraint in self._places and self.of(PunctuationConstraint).last in (" ", DIALOGUE)

    @property
    def _may_begin(self) -> bool:
        """Whether none but those against copies and loops would forbid a small letter after a space."""
        echoes, copies, loops = (self._of_maybe(kind) for kind in (EchoGuard, CopyGuard, LoopGuard))
        return (
            isinstance(echoes, EchoGuard)
            and not echoes.earlier
            and isinstance(copies, CopyGuard)
            and len(copies.tail) == WINDOW - 1
            and isinstance(loops, LoopGuard)
            and loops.limit == LIMIT
        )

    def _of_maybe(self, kind: type[Constraint]) -> Constraint | None:
        place = self._places.get(kind)
        return None if place is None else self._told[place]

    @property
    def start(self) -> Start | None:
        """What is to be known where words begin, if they may."""
        if not self._may_begin:
            return None
        copies = self._told[self._places[CopyGuard]]
        assert isinstance(copies, CopyGuard)
        return Start(copies.follow(self._untold) if self._untold else copies, self._marks, self._question)

    @property
    def _marks(self) -> int:
        """Which marks may run."""
        told, marks = self._told[self._places[GrammarConstraint]], 0
        assert isinstance(told, GrammarConstraint)
        if told.standing.state.place != _TOLD:
            marks |= CAPITALS
        lengths = self._of_maybe(LengthGuard)
        if isinstance(lengths, LengthGuard) and lengths.lets_sentences_end(_AT_ONCE):
            marks |= ENDS
        return marks

    @property
    def _question(self) -> int:
        """Where `questions` have the sentence under way."""
        found = self._of_maybe(QuestionConstraint)
        if not isinstance(found, QuestionConstraint):
            return FREE
        return found.follow(self._untold).node if self._untold else found.node

    @property
    def room(self) -> int:
        """Symbols that may run on before they are to be told of, but for a last space."""
        return max(0, _AT_ONCE - 1 - len(self._untold))

    def tell_run(self, text: str) -> None:
        """They go on after what has run: letters, spaces and marks."""
        end = len(text)
        while end and (text[end - 1].isalpha() or text[end - 1] in "'’"):
            end -= 1
        self._kept += text
        self._untold += text[:end]
        if end:
            self._leave_word()
        if end < len(text):
            self._spell(text[end:])
        self._untold += text[end:]
        if len(self._untold) >= _AT_ONCE:
            self._settle()

    def tell_name(self, text: str) -> None:
        """They go on after a part of a name, symbol by symbol."""
        if self._untold:
            self._settle()
        told = self._told.copy()
        for place in self._asked:
            for symbol in text:
                told[place] = told[place].advance(symbol)
        self._told = told
        self._kept += text
        self._leave_word()
        self._look()

    def _settle(self) -> None:
        told = self._told.copy()
        for place in self._asked:
            told[place] = told[place].follow(self._untold)
        self._told, self._untold = told, ""
        self._look()

    def _settle_all(self) -> None:
        if self._untold:
            self._settle()
        if self._kept:
            kept, self._kept = self._kept, ""
            asked = {*self._asked}
            self._told = [each if place in asked else each.follow(kept) for place, each in enumerate(self._told)]

    def _sort_out(self) -> None:
        self._asked, self._kept = [place for place, each in enumerate(self._told) if not each.is_idle], ""

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
        self._word = begun + folded(letters)
        if self._word[-1] == "'":
            # After that, as where a word begins, others are to be asked.
            self._letters, self._may_close = _NONE, False
        else:
            self._letters, self._may_close = self._lexicon.following(self._word)

    def _leave_word(self) -> None:
        self._word, self._letters, self._may_close = None, _NONE, False
