"""Join wrapped lines: which line ends are the typist's, which the writer's, and which hyphens belong to the word."""

from __future__ import annotations

import re
from functools import cached_property

import numpy as np

from screenplay.page import COLUMNS, DUAL_COLUMNS
from screenplay.readers.layout_features import Facts
from screenplay.readers.layout_lines import LEFT, RIGHT, Ints
from screenplay.readers.layout_states import ACTION, CUE_AND_SPEECH, DIALOGUE
from screenplay.readers.layout_words import UNCASED

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_CUT = re.compile(r"[^\W\d_]-$")
_UNIT = re.compile(r"(?:[-–—]{1,2} )?(?:\S{0,60}[^\W\d_]- ){0,4}\S{1,80}")
"""A line's first word, and the next one too where the first ends in a hyphen or is a dash."""
_SURE = 30
"""From so many wraps on, a few odd ones are left out of account."""
_RAGGED_CHARS = 2
"""Where wraps differ by more than this, lines that might just have taken another word are wrapped too."""
_SENTENCE_END = tuple(".?!")
_LAST_CASED = "\u058f"
_LAST_SPACED = "\u3000"
_UNSPACED = re.compile("[\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff0f\uff1a-\uff20]")
"""Letters and marks of scripts that set no spaces between words."""
_ALWAYS_CAPITAL = re.compile(r"I(?![^\W\d_])")
"""A word that begins with a capital wherever it stands."""
_SMALL_SHARE = 0.2
"""Of the lines that go on with prose, far more begin with a small letter."""
_DEFAULT_WIDTH = {ACTION: COLUMNS["action"].width_chars, DIALOGUE: COLUMNS["dialogue"].width_chars}


class Wraps:
    """Knows where the lines of one text were wrapped."""

    def __init__(self, facts: Facts, states: Ints) -> None:
        self.facts = facts
        self.states = states
        self.prose: set[tuple[int, int]] = set()
        """Where the lines were wrapped by a typist, and not ended by a poet."""
        self.limits = {
            (state, column): self._limit(state, column) for state in (ACTION, DIALOGUE) for column in (0, LEFT, RIGHT)
        }
        """Where a line stands to the length at which it is known to have been full."""

    def _limit(self, state: int, column: int) -> int:
        """The least length that did not fit on a line: that of the line and the first word of the next."""
        lines = self.facts.lines
        here = (self.states == state) & (lines.column == column)
        before = here | (self.states == CUE_AND_SPEECH) if state == DIALOGUE else here
        rest = before[:-1] & here[1:] & (self.facts.gap[1:] == 0)
        # A line that begins with a small letter is the rest of the one before.
        small = [
            index
            for index in (np.flatnonzero(rest) + 1).tolist()
            if lines.text[index][0].islower() and not lines.ended[index - 1]
        ]
        is_verse = len(small) < _SMALL_SHARE * int(rest.sum())
        lengths = [] if is_verse else [self._needed(index) for index in small]
        if lengths:
            self.prose.add((state, column))
        if len(lengths) >= _SURE:
            least, usual = np.percentile(lengths, [0.4, 3])
            return int(usual if usual - least <= _RAGGED_CHARS else least - _RAGGED_CHARS)
        default = DUAL_COLUMNS[0]["dialogue"].width_chars if column else _DEFAULT_WIDTH[state]
        # A line that is longer than usual was not wrapped at the usual width: so verse, and what nobody wrapped.
        longest = int((lines.edge - lines.indent)[here].max(initial=0))
        return min([max(default, longest) + 1, *lengths])

    def _needed(self, index: int) -> int:
        """How long the line before would have been with this one's first word."""
        lines = self.facts.lines
        before = int(lines.edge[index - 1] - lines.indent[index - 1])
        word = _UNIT.match(lines.text[index])
        spaces = self._sentence_spaces if lines.text[index - 1].endswith(_SENTENCE_END) else 1
        return before + spaces + (len(word[0]) if word else 0)

    def is_break(self, index: int) -> bool:
        """Whether the writer ended the line before this one, though there was room for its first word."""
        if self.facts.lines.ended[index - 1]:
            return True
        text = self.facts.lines.text[index]
        before = self.facts.lines.text[index - 1]
        if text[0].islower() or (text[0] > _LAST_CASED and UNCASED.match(text)) or self.glue(before, text) != " ":
            return False
        place = ACTION if self.states[index] == ACTION else DIALOGUE, int(self.facts.lines.column[index])
        if place in self.prose and _ALWAYS_CAPITAL.match(text) and before[-1].isalpha():
            return False
        return self._needed(index) < self.limits[place]

    @cached_property
    def _sentence_spaces(self) -> int:
        """How many spaces this typist sets after a sentence: one or two."""
        whole = "\n".join(self.facts.lines.text)
        wide = whole.count(".  ") + whole.count("?  ")
        return 2 if 2 * wide > whole.count(". ") + whole.count("? ") else 1

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        return frozenset(_WORD.findall("\n".join(self.facts.lines.text).lower()))

    def glue(self, before: str, after: str) -> str | None:
        """What stands between two halves of a paragraph: a space or nothing; None for nothing, and no hyphen either."""
        if before[-1:] != "-" or not _CUT.search(before[-2:]):
            return "" if after[0] > _LAST_SPACED and _UNSPACED.match(after) and _UNSPACED.match(before[-1]) else " "
        head, tail = _WORD.findall(before[-41:-1]), _WORD.match(after)
        if not head or tail is None:
            return " "
        first, second = head[-1], tail[0]
        if second[0].isupper() and not first[0].isupper():
            # Speech that breaks off, and the next sentence.
            return " "
        known = self._vocabulary
        whole, compound = f"{first}{second}".lower(), f"{first}-{second}".lower()
        if whole in known and compound not in known:
            return None
        is_name = second[0].isupper() and second[1:2].islower()
        if compound in known or is_name or (first.lower() in known and second.lower() in known):
            return ""
        return None
