"""Keeps what is written from reciting its sources, by an index small enough to travel with the weights.

The text of a stream is its characters as a page shows them, white space and format tokens folded into
single spaces, cast headers left out. The index has two numbers for each word of the sources: a hash of the
`WINDOW` characters that end with the word's first letter, and how far it is from there to the sentence's end. A
writer that has followed a source that far may not begin the source's next word, so a shared run ends at a word's end
and never leaves half a word; but where the sentence is over before the run is too long, it may be brought to its end.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.compiling import compiled
from model.constraints import NAMING, Alphabet
from model.finding import wide
from model.sampling import Mask
from model.sentences import FAR, SENTENCE_END
from screenplay.stream import AND, CAST, CUES, SCENE, is_token

WINDOW = 24
"""Characters of a shared run after which no further word of it is begun. With the word under way it stays under 40."""
LONGEST = 39
"""Characters of a shared run that ends with a sentence, the space after it included."""
_OWN, _LAST_WORD, _LONGEST_HEADING = 18, 28, 31
"""Characters of a heading: so many that a window has little of what stands before it; so many that no word of it is
begun any more that a source goes on with; and those of a whole one that may return, even after a few that stood before
it in the source, too."""
_BASE = 0x9E3779B97F4A7C15
"""Odd, and its powers fill all 64 bits."""
_POWERS = np.array([pow(_BASE, power, 1 << 64) for power in range(WINDOW)], np.uint64)
_UPPER_BITS = 16
_SPACE = ord(" ")
_SHIFT, _REST_BITS = np.uint64(32), np.uint64(8)


def may_return(heading: str) -> bool:
    """Whether a source's heading is short enough to be written as it is."""
    return len(heading) <= _LONGEST_HEADING and heading.rfind(" ") < _LAST_WORD


def plain(stream: str) -> str:
    """The text of a stream as copies are measured on: no headers, tokens and white space as single spaces."""
    pieces: list[str] = []
    in_header = False
    for symbol in stream:
        if is_token(symbol):
            in_header = symbol == CAST or (in_header and symbol == AND)
            pieces.append(" ")
        elif not in_header:
            pieces.append(symbol)
    return " ".join("".join(pieces).split())


class CopyIndex:
    """All windows of some sources that end with a word's first letter: 5 bytes a word.

    A hash is of 32 bits, so one of 4,000,000,000 / words innocent windows is taken for a copy; that
    costs a choice of another word, nothing more.
    """

    def __init__(self, hashes: NDArray[np.uint32], rests: NDArray[np.uint8]) -> None:
        self.hashes = hashes
        """Sorted, each once."""
        self.rests = rests
        """Of each, characters from the word's first letter to its sentence's end, the most of all its places."""
        self._latest: tuple[str, int] = ("", 0)
        """What was looked up last, and what it gave: who asks whether a letter may stand mostly writes it then."""

    @cached_property
    def tables(self) -> CopyTables:
        """For looking into it."""
        halves = np.arange(1 << _UPPER_BITS, dtype=np.uint32) << np.uint32(_UPPER_BITS)
        firsts = np.searchsorted(self.hashes, halves)
        return CopyTables(self.hashes, self.rests, np.append(firsts, len(self.hashes)).astype(np.int32))

    @classmethod
    def of(cls, texts: Iterable[str]) -> CopyIndex:
        """Index plain texts. Time and memory grow with their length."""
        return cls.joined([windows(text) for text in texts])

    @classmethod
    def joined(cls, found: list[NDArray[np.uint64]]) -> CopyIndex:
        """Index what `windows` found in several texts; the list is emptied, so that memory does not hold it twice."""
        whole = np.concatenate(found) if found else np.zeros(0, np.uint64)
        found.clear()
        # In place: to tell what is there twice, `np.unique` takes 40 bytes for each of 8.
        whole.sort()
        rests = whole.astype(np.uint8)  # the last eight bits
        whole >>= _REST_BITS
        hashes, is_last = whole.astype(np.uint32), np.ones(len(whole), np.bool_)
        del whole
        np.not_equal(hashes[1:], hashes[:-1], out=is_last[:-1])
        return cls(hashes[is_last], rests[is_last])

    def merged(self, other: CopyIndex) -> CopyIndex:
        """An index of the sources of both."""
        return CopyIndex.joined([_joined(each.hashes, each.rests) for each in (self, other)])

    def rest(self, before: str, letter: str) -> int:
        """How far a sentence's end is where a source goes on so after these WINDOW - 1 characters; 0: none does."""
        window, found = self._latest
        if window[:-1] == before and window[-1:] == letter:
            return found
        found = rest_after(codes_of(before), ord(letter), *self.tables)
        self._latest = before + letter, found
        return found

    def all_rests(self, before: str, letters: NDArray[np.uint64]) -> NDArray[np.uint8]:
        """For each letter, by code point, what `rest` says of one."""
        return _rests_after(codes_of(before), letters, *self.tables)


class CopyTables(NamedTuple):
    """An index as compiled loops look into it."""

    hashes: NDArray[np.uint32]
    rests: NDArray[np.uint8]
    firsts: NDArray[np.int32]
    """Where the hashes with each upper half begin, so that looking one up reads little memory, (1 + 2**16,)."""


def codes_of(text: str) -> NDArray[np.uint32]:
    """Code points, (characters,)."""
    # It may be written to, as others may: for what may not, all would be compiled once more.
    return np.frombuffer(bytearray(text.encode("utf-32-le", "surrogatepass")), "<u4")


@compiled
def _rests_after(
    codes: NDArray[np.uint32],
    letters: NDArray[np.uint64],
    hashes: NDArray[np.uint32],
    rests: NDArray[np.uint8],
    firsts: NDArray[np.int32],
) -> NDArray[np.uint8]:
    found = np.zeros(len(letters), np.uint8)
    for number in range(len(letters)):
        found[number] = rest_after(codes, wide(letters[number]), hashes, rests, firsts)
    return found


@compiled
def rest_after(
    codes: NDArray[np.uint32],
    letter: int,
    hashes: NDArray[np.uint32],
    rests: NDArray[np.uint8],
    firsts: NDArray[np.int32],
) -> int:
    """What `CopyIndex.rest` says, from the code points of WINDOW - 1 characters and of a letter, and its tables."""
    total = np.uint64(letter)
    for number in range(WINDOW - 1):
        total += np.uint64(codes[number]) * _POWERS[WINDOW - 1 - number]
    wanted = ((total ^ (total >> _SHIFT)) * np.uint64(_BASE)) >> _SHIFT
    upper = np.int64(wanted >> np.uint64(_UPPER_BITS))
    for place in range(firsts[upper], firsts[upper + 1]):
        if hashes[place] == wanted:
            return int(rests[place])
    return 0


@compiled
def _followed(
    codes: NDArray[np.uint32],
    start: int,
    run: int,
    hashes: NDArray[np.uint32],
    rests: NDArray[np.uint8],
    firsts: NDArray[np.int32],
) -> int:
    """What `CopyGuard.run` is after words, from `start` on, from what it was there."""
    for place in range(start, len(codes)):
        is_begun = codes[place] != _SPACE and codes[place - 1] == _SPACE and place >= WINDOW - 1
        if is_begun and run >= WINDOW - 1:
            rest = rest_after(codes[place - WINDOW + 1 :], wide(codes[place]), hashes, rests, firsts)
            run = run if rest else WINDOW - 2
        run += 1
    return run


def windows(text: str) -> NDArray[np.uint64]:
    """Of each window of a plain text that ends with a word's first letter: its hash, how far the sentence goes on."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
    if len(codes) < WINDOW:
        return np.zeros(0, np.uint64)
    words = np.flatnonzero(codes[WINDOW - 2 : -1] == ord(" ")) + WINDOW - 1
    sums = np.zeros(len(words), np.uint64)
    for back in range(WINDOW):
        sums += codes[words - back] * _POWERS[back]
    ends = np.array([match.end() for match in SENTENCE_END.finditer(text)] + [len(text) + FAR])
    rests = np.minimum(ends[np.searchsorted(ends, words, side="right")] - words, FAR)
    return _joined(_short(sums), rests)


def _joined(hashes: NDArray[np.uint32], rests: NDArray[np.integer[Any]]) -> NDArray[np.uint64]:
    return (hashes.astype(np.uint64) << _REST_BITS) | rests.astype(np.uint64)


def _short(sums: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The upper half of a mixed sum: the lower bits of a polynomial mod 2**64 hang on few of the letters."""
    mixed = (sums ^ (sums >> _SHIFT)) * np.uint64(_BASE)
    return (mixed >> _SHIFT).astype(np.uint32)


class CopyGuard(NamedTuple):
    """No word is begun that goes on with a run of the sources `WINDOW` characters long; nobody speaks who would.

    But a sentence that is over soon is brought to its end. Names in headers are left alone, and those of cues once
    they are begun. A place may return, so a heading is, once it is begun, until it is long.
    """

    alphabet: Alphabet
    sources: CopyIndex
    tail: str = " "
    """Up to WINDOW - 1 characters of what stands already, as `plain` has it."""
    run: int = 0
    """Characters at the end of it, that at most stand in a source, too."""
    naming: bool = False
    """Whether a name is under way."""
    in_header: bool = False
    in_cue: bool = False
    """Whether it is that of somebody who speaks, of which no letter has been written."""
    heading: int = 0
    """Characters of the heading under way; 0 elsewhere, and where it is not begun."""
    in_heading: bool = False
    name: str = "copy"
    yields: bool = True

    @property
    def is_idle(self) -> bool:
        """In headers."""
        return self.in_header

    def allows(self, symbol: str) -> bool:
        """Where a word may begin, forbid the letters that a source would go on with."""
        if not self._may_copy() or is_token(symbol) or symbol.isspace():
            return True
        rest = self.sources.rest(self.tail, symbol)
        return not rest or self.run + rest < LONGEST

    def mask(self) -> Mask | None:
        """The same for all symbols."""
        if not self._may_copy():
            return None
        letters = _letters(self.alphabet)
        rests = self.sources.all_rests(self.tail, letters)
        known = (rests > 0) & (rests >= LONGEST - self.run) & (letters > 0)
        return ~known if known.any() else None

    def _may_copy(self) -> bool:
        is_free = (self.naming and not self.in_cue) or _OWN <= self.heading < _LAST_WORD
        return self.tail[-1] == " " and len(self.tail) == WINDOW - 1 and not is_free

    def advance(self, symbol: str) -> CopyGuard:
        """Follow the text."""
        alphabet, sources, tail, run, naming, in_header, _, heading, in_heading, _, _ = self
        if is_token(symbol):
            in_header = symbol == CAST or (in_header and symbol == AND)
            run += tail[-1] != " "
            tail, naming = _after(tail, " "), symbol in NAMING
            return CopyGuard(alphabet, sources, tail, run, naming, in_header, symbol in CUES, 0, symbol == SCENE)
        if in_header:
            return self
        if symbol.isspace():
            run, tail = run + (tail[-1] != " "), _after(tail, " ")
        else:
            if run >= WINDOW - 1 and tail[-1] == " " and not self.sources.rest(tail, symbol):
                run = WINDOW - 2
            run, tail = run + 1, (tail + symbol)[1 - WINDOW :]
        return CopyGuard(alphabet, sources, tail, run, naming, heading=heading + in_heading, in_heading=in_heading)

    def follow(self, text: str) -> CopyGuard:
        """Follow words that are no names but those of headers."""
        if self.in_header:
            return self
        whole = self.tail + text
        run = _followed(codes_of(whole), len(self.tail), self.run, *self.sources.tables)
        return CopyGuard(self.alphabet, self.sources, whole[1 - WINDOW :], run)


def _after(tail: str, symbol: str) -> str:
    if symbol == " " and tail[-1] == " ":
        return tail
    return (tail + symbol)[1 - WINDOW :]


@lru_cache(1 << 4)
def _letters(alphabet: Alphabet) -> NDArray[np.uint64]:
    """The code point of each symbol; 0 for a token or a space, which no window can end with."""
    return np.array([0 if is_token(s) or s.isspace() else ord(s) for s in alphabet], np.uint64)


def longest_shared(text: str, sources: Iterable[str], *, at_least: int) -> list[tuple[int, int]]:
    """Runs of a text, as (start, end), that stand in a source and are as long as that; none inside another.

    Cost: the sources' length once, to look up each of its runs, and for each place of a run found the run's length.
    """
    grams: dict[str, list[tuple[int, int]]] = {}
    sources = list(sources)
    wanted = {text[i : i + at_least] for i in range(len(text) - at_least + 1)}
    for number, source in enumerate(sources):
        for at in range(len(source) - at_least + 1):
            gram = source[at : at + at_least]
            if gram in wanted:
                grams.setdefault(gram, []).append((number, at))
    runs: list[tuple[int, int]] = []
    ends: dict[tuple[int, int], int] = {}
    for start in range(len(text) - at_least + 1):
        places = grams.get(text[start : start + at_least])
        if not places:
            continue
        for number, at in places:
            # Places on one diagonal belong to one run, which is followed once.
            if ends.get((number, at - start), 0) < start + at_least:
                ends[number, at - start] = _reach(text, start, sources[number], at)
        end = max(ends[number, at - start] for number, at in places)
        # From inside a run another may reach beyond it, in another place of the sources.
        if not runs or end > runs[-1][1]:
            runs.append((start, end))
    return runs


def _reach(text: str, start: int, source: str, at: int) -> int:
    end, limit = start, min(len(text) - start, len(source) - at)
    while end - start < limit and text[end] == source[at + end - start]:
        end += 1
    return end
