"""Which symbol may follow which in an annotated stream: one table, used as validator, decoding mask and metric.

The table says which tokens may follow in each place of a screenplay; a rule for each kind of text says
what it may hold. `State` is where one stands: immutable, and one of a few dozen, so masks can be kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from screenplay.elements import clean
from screenplay.errors import GrammarError
from screenplay.stream import (
    ACTION,
    AND,
    CAST,
    CENTERED,
    CHARACTER,
    DIALOGUE,
    DUAL,
    END,
    EXTENSION,
    LYRIC,
    PARENTHETICAL,
    SCENE,
    SHOT,
    TRANSITION,
    is_token,
    show,
)

_ANYWHERE = {ACTION: "action", CENTERED: "action", CHARACTER: "cue", TRANSITION: "line", SHOT: "line"}
_CLOSERS = {SCENE: "heading", END: "end"}
_SPOKEN = {DIALOGUE: "words", LYRIC: "song"}
_AFTER_SPEECH = _ANYWHERE | _CLOSERS | {DUAL: "cue"}

SUCCESSORS: dict[str, dict[str, str]] = {
    "start": _ANYWHERE | _CLOSERS,
    "heading": _ANYWHERE | {CAST: "cast"},
    "cast": _ANYWHERE | {AND: "cast"},
    "action": _ANYWHERE | _CLOSERS,
    "line": _ANYWHERE | _CLOSERS,
    "cue": _SPOKEN | {EXTENSION: "extension", PARENTHETICAL: "direction"},
    "extension": _SPOKEN | {PARENTHETICAL: "direction"},
    "direction": _SPOKEN,
    "words": _AFTER_SPEECH | {PARENTHETICAL: "aside", LYRIC: "song"},
    "song": _AFTER_SPEECH | _SPOKEN | {PARENTHETICAL: "aside"},
    "aside": _AFTER_SPEECH | _SPOKEN,
    "end": {},
}
"""Place to the tokens that may follow its text, each with the place it leads to.

A heading has a scene below it; a speech has words. `direction` is a parenthetical before the first
words of a speech, `aside` one after them.
"""


class Within(IntEnum):
    """How far the text of an element has come."""

    OPENING = 0
    """Nothing of it is there yet."""
    WORD = 1
    """It could end here."""
    SPACE = 2
    BREAK = 3
    """A line break was the last symbol."""


@dataclass(frozen=True, slots=True)
class _Text:
    """What may stand inside one kind of text."""

    capitals: bool = False
    """No lower-case letters, and the first symbol is a letter or a digit."""
    lines: bool = False
    """It may have several lines, and runs of spaces."""
    brackets: bool = True
    """It may begin with a bracket."""


_HEADING, _LINE, _BLOCK = _Text(capitals=True), _Text(), _Text(lines=True)
_TEXTS = {
    "heading": _HEADING,
    "cast": _HEADING,
    "cue": _HEADING,
    "extension": _LINE,
    "direction": _Text(brackets=False),
    "aside": _Text(brackets=False),
    "words": _BLOCK,
    "song": _LINE,
    "action": _BLOCK,
    "line": _LINE,
}


@dataclass(frozen=True, slots=True)
class State:
    """Where in a screenplay one stands. Equal states allow the same symbols, now and for ever after."""

    place: str = "start"
    """A key of `SUCCESSORS`."""
    within: Within = Within.WORD

    def allows(self, symbol: str) -> bool:
        """Whether this symbol may come next."""
        return _step(self, symbol) is not None

    def advance(self, symbol: str) -> State:
        """The state after one more symbol.

        Raises:
            GrammarError: It may not come next.
        """
        after = _step(self, symbol)
        if after is None:
            raise GrammarError(f"{show(symbol)!r} may not stand {self._where()}", expected=self._expected())
        return after

    def allowed(self, alphabet: tuple[str, ...]) -> tuple[bool, ...]:
        """For each symbol of an alphabet, whether it may come next. Kept, so asking again costs nothing."""
        return _allowed(self, alphabet)

    def may_end(self) -> bool:
        """Whether the screenplay could be over here."""
        return self.place == "end" or self.allows(END)

    def may_close(self) -> bool:
        """Whether the text of the element could be over here."""
        return self.within is Within.WORD

    def _where(self) -> str:
        if self.place == "start":
            return "at the start"
        part = {Within.OPENING: "at the opening of", Within.WORD: "in or after"}.get(self.within, "after a space in")
        return f"{part} {self.place}"

    def _expected(self) -> str:
        tokens = "".join(show(token) for token in SUCCESSORS[self.place])
        if not self.may_close():
            return "text"
        return f"text or {tokens}" if self.place in _TEXTS else tokens or "nothing more"


START = State()
"""Before the first symbol of a screenplay (after the start symbol)."""


@lru_cache(1 << 16)
def _step(state: State, symbol: str) -> State | None:
    if is_token(symbol):
        place = SUCCESSORS[state.place].get(symbol) if state.within is Within.WORD else None
        if place is None:
            return None
        if place == "end":
            return State("end")
        return State(place, Within.OPENING)
    if state.place not in _TEXTS:
        return None
    within = _within(state, symbol)
    return None if within is None else State(state.place, within)


def _within(state: State, symbol: str) -> Within | None:
    """How far the text has come after a character that is no token; None where it may not stand."""
    text, within = _TEXTS[state.place], state.within
    if symbol == "\n":
        return Within.BREAK if text.lines and within in (Within.WORD, Within.BREAK) else None
    if clean(symbol) != symbol:
        return None
    if symbol.isspace():
        if text.lines:
            return Within.SPACE if within in (Within.WORD, Within.SPACE) else None
        return Within.SPACE if symbol == " " and within is Within.WORD else None
    if within is Within.OPENING and ((text.capitals and not symbol.isalnum()) or (not text.brackets and symbol == "(")):
        return None
    if text.capitals and symbol.upper() != symbol:
        return None
    return Within.WORD


@lru_cache(1 << 10)
def _allowed(state: State, alphabet: tuple[str, ...]) -> tuple[bool, ...]:
    return tuple(_step(state, symbol) is not None for symbol in alphabet)


def check(stream: str, state: State = START) -> State:
    """Read a stream and give the state after it. Linear in its length.

    Raises:
        GrammarError: With the column of the first symbol that may not stand where it does.
    """
    for index, symbol in enumerate(stream):
        after = _step(state, symbol)
        if after is None:
            try:
                state.advance(symbol)
            except GrammarError as error:
                raise GrammarError(error.found, column=index + 1, expected=error.expected) from None
        assert after is not None
        state = after
    return state


def slips(stream: str) -> int:
    """How many symbols of a stream break the grammar. After a slip, reading goes on as if a new element began."""
    state, found = START, 0
    for symbol in stream:
        after = _step(state, symbol)
        if after is None:
            found += 1
            after = _recovered(state, symbol)
        state = after
    return found


def _recovered(state: State, symbol: str) -> State:
    """Where to go on after a slip, so that one fault is counted once: a token is believed, a character passed over."""
    if not is_token(symbol):
        return State(state.place, Within.WORD) if state.place in _TEXTS else state
    for place in SUCCESSORS:
        after = _step(State(place), symbol)
        if after is not None:
            return after
    return START
