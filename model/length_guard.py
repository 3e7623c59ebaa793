"""The constraint that keeps scenes and elements to their lengths, and breaks nothing off where it wants to go on."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from model.constraints import STANDING, Alphabet, Standing, mask_of, tokens_of
from model.lengths import LineCount, Span
from model.sampling import Mask
from model.sentences import TITLES
from screenplay.stream import END, SCENE, is_token

_MARKS = ".!?…"
_AFTER_MARKS = "\"'”’)]*_"
_APOSTROPHES = "'’"
_LONGEST_WORD = 40
_YOUNG = 15
"""Symbols of a text that has hardly begun."""
LONGEST_TEXTS: dict[str, int] = {
    "heading": 80,
    "extension": 30,
    "direction": 60,
    "aside": 60,
    "words": 900,
    "song": 120,
    "action": 900,
    "line": 80,
}
"""Symbols of one element's text, by its place in the grammar, after which no word of it is begun."""
_SENTENCES = ("words", "action")
"""Places whose texts end at a sentence's end, from half their longest on."""
_PHRASES = ("direction", "aside")
"""Places whose texts end at the first sentence's end. Of 2,920 in our screenplays 2 go on after it (to Mr. Abell)."""
_LEADING_WORDS = (
    "a an the my your his her its our their this these i he she we they of to at by for from with into onto and or but "
    "if as than because is are was were be been has had would should not no can't don't didn't i'm you're he's she's "
    "it's we're they're i've you've we've i'll you'll we'll , ; :"
)
_LEADING = frozenset(_LEADING_WORDS.split())
"""Words and marks after which nothing is broken off, as they want another word."""


class _Stage(IntEnum):
    """How far something is over."""

    RUNNING = 0
    SENTENCE = 1
    """Where a sentence ends, it ends."""
    WORD = 2
    """Where a word ends, it ends, with a full stop."""
    NOW = 3


class LengthGuard(NamedTuple):
    """A scene is neither over before it has begun nor without end, and so is each element; no word is cut.

    What must end does so after a sentence; what has none for long, after a word, which gets a full stop.
    """

    alphabet: Alphabet
    span: Span = Span()
    filled: LineCount = LineCount()
    text_length: int = 0
    """Symbols of the element under way."""
    standing: Standing = STANDING
    last: str = SCENE
    is_ended: bool = False
    """Whether the last symbols of the text end a sentence."""
    word: str = ""
    """What stands of the last word: letters, and apostrophes after them; or a mark that stands after it."""
    name: str = "length"
    yields: bool = False

    @property
    def is_idle(self) -> bool:
        """Never."""
        return False

    def allows(self, symbol: str) -> bool:
        """Forbid endings early; late, forbid beginnings wherever element or scene may be over."""
        lines, limit = self.filled.lines, LONGEST_TEXTS.get(self.standing.state.place)
        if lines < self.span.longest and (limit is None or 2 * self.text_length < limit) and not self._is_phrase_over:
            # Neither scene nor text is near its end.
            return lines >= self.span.shortest or symbol not in (SCENE, END)
        no_end, over, stage = self._ends()
        if not (over or stage):
            return not (no_end and symbol in (SCENE, END))
        return bool(self._mask(no_end, over, stage)[self.alphabet.index(symbol)])

    def mask(self) -> Mask | None:
        """The same for all symbols."""
        no_end, over, stage = self._ends()
        if not (no_end or over or stage):
            return None
        return self._mask(no_end, over, stage)

    def _mask(self, no_end: bool, over: bool, stage: _Stage) -> Mask:
        return _length_mask(self.alphabet, no_end, over, stage, self._is_sentence, self._is_in_word)

    def instead(self, symbol: str) -> str:
        """A full stop, where a word was over and its text has to end; else nothing."""
        _, _, stage = self._ends()
        return "." if stage >= _Stage.WORD and self._is_sentence and self._is_in_word and not symbol.isalnum() else ""

    @property
    def _is_in_word(self) -> bool:
        """An apostrophe after a letter may stand inside of one."""
        return self.last.isalnum() or (self.last in _APOSTROPHES and self.filled.word > 1)

    @property
    def _is_sentence(self) -> bool:
        return self.standing.state.place in _SENTENCES

    @property
    def _is_phrase_over(self) -> bool:
        return self.is_ended and self.standing.state.place in _PHRASES

    def _ends(self) -> tuple[bool, bool, _Stage]:
        """Whether it is too early for the scene's end, whether it is time for it, and how far the text is over."""
        lines, span = self.filled.lines, self.span
        over, stage = False, self._text_stage()
        if lines >= span.longest and self.standing.may_end:
            over, late = True, self._scene_stage(lines)
            # What has just begun may become a sentence, however late it is.
            is_young = self._is_sentence and self.text_length < _YOUNG
            stage = max(stage, min(late, _Stage.SENTENCE) if is_young else late)
        if self._is_phrase_over:
            stage = max(stage, _Stage.SENTENCE)
        elif stage is _Stage.SENTENCE:
            stage = stage if self.is_ended and self._is_sentence else _Stage.RUNNING
        elif stage is _Stage.WORD and not self.is_ended and self.word.lower() in _LEADING:
            stage = _Stage.RUNNING
        return lines < span.shortest, over, stage

    def _text_stage(self) -> _Stage:
        limit = LONGEST_TEXTS.get(self.standing.state.place)
        if limit is None or 2 * self.text_length < limit or not self.standing.may_close:
            return _Stage.RUNNING
        if self.text_length < limit:
            return _Stage.SENTENCE
        return _Stage.WORD if self.text_length < limit + _LONGEST_WORD else _Stage.NOW

    def _scene_stage(self, lines: int) -> _Stage:
        if lines < self.span.hard:
            return _Stage.SENTENCE
        return _Stage.WORD if lines < self.span.hard + 2 else _Stage.NOW

    def advance(self, symbol: str) -> LengthGuard:
        """Count from each scene's start, and from each element's."""
        alphabet, span, filled, length, standing, last, is_ended, word, _, _ = self
        if is_token(symbol):
            length, is_ended, word = 0, False, ""
            filled = (LineCount() if symbol == SCENE else filled).advance(symbol)
        else:
            length, filled = length + 1, filled.advance(symbol)
            is_ended = (symbol in _MARKS and word not in TITLES) or (is_ended and symbol in _AFTER_MARKS)
            word = _spelled(word, last, symbol)
        return LengthGuard(alphabet, span, filled, length, standing.advance(symbol), symbol, is_ended, word)

    def follow(self, text: str) -> LengthGuard:
        """Count all of them."""
        alphabet, span, filled, length, standing, _, _, _, _, _ = self
        last, is_ended, word = self.last, self.is_ended, self.word
        for symbol in text:
            is_ended = (symbol in _MARKS and word not in TITLES) or (is_ended and symbol in _AFTER_MARKS)
            last, word = symbol, _spelled(word, last, symbol)
        length += len(text)
        return LengthGuard(alphabet, span, filled.follow(text), length, standing.follow(text), last, is_ended, word)

    def lets_sentences_end(self, symbols: int) -> bool:
        """Whether whatever ends one, in so many symbols, is not the end of its text or scene."""
        lines, width, place = self.filled.lines, self.filled.width, self.standing.state.place
        is_early = place in _SENTENCES and 2 * (self.text_length + symbols) < LONGEST_TEXTS[place]
        return is_early and width > 0 and lines + symbols // width + 2 < self.span.longest

    def lets_words_run(self, symbols: int) -> bool:
        """Whether neither scene nor text comes, in so many symbols, to where words have to end."""
        limit = LONGEST_TEXTS.get(self.standing.state.place)
        is_far = self.filled.lines + symbols // self.filled.width + 2 < self.span.hard if self.filled.width else False
        return is_far and (limit is None or self.text_length + symbols < limit)


def _spelled(word: str, last: str, symbol: str) -> str:
    """The last word after one more symbol of text, from that word and the symbol before."""
    goes_on = last.isalpha() or (last in _APOSTROPHES and word[-1:] == "'")
    if symbol.isalpha():
        return word + symbol if goes_on else symbol
    if symbol in _APOSTROPHES:
        return word + "'" if goes_on else ""
    if symbol in _MARKS:
        return ""
    return symbol if symbol in _LEADING else word


@lru_cache(1 << 8)
def _length_mask(alphabet: Alphabet, no_end: bool, over: bool, stage: _Stage, is_sentence: bool, in_word: bool) -> Mask:
    tokens = tokens_of(alphabet)
    marks = {symbol for symbol in alphabet if symbol in _MARKS} if is_sentence else set()
    texts = set(alphabet) - tokens
    forbidden: set[str] = set()
    if no_end:
        forbidden |= {SCENE, END}
    if over:
        forbidden |= tokens - {SCENE, END}
    if stage is _Stage.SENTENCE:
        # No further marks either, or of all that may stand there they are what is left to be drawn.
        forbidden |= {symbol for symbol in texts if symbol not in _AFTER_MARKS}
    elif stage is _Stage.WORD and in_word:
        # A sentence gets its full stop, wherever it is broken off.
        forbidden |= {symbol for symbol in texts if not symbol.isalnum()} - marks
        forbidden |= tokens if marks else set()
    elif stage:
        forbidden |= texts
    return ~mask_of(alphabet, forbidden)
