"""Texts that a model learned from, sorted by the runs of symbols in them: what `model.recollection` goes by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.counted import Counted, Powers
from model.counting import OPENER, TOKEN
from model.finding import Small
from model.reminding import Passages
from model.runs import Runs, sorted_by_context
from model.sentences import Marks, rests
from model.vocabulary import Vocabulary
from screenplay.stream import DIALOGUE, END, LYRIC, is_token

MOST = 3 << 22
"""Symbols of sources that a model keeps to recall at most: all of them lie in memory while it writes."""
OTHERS = -1
"""In the place of a screenplay's number, where it is none of the model's own."""
_OWN = 0.08
"""What a model's own texts are of all that it recalls, at least: they are repeated to be as much."""
_OF_OTHERS = 0.3
"""What passages of other texts weigh beside those of a model's own."""
_FEW = 0.25
"""Of all texts, the share up to which a model's own are few."""


class Voices(NamedTuple):
    """How a vocabulary tells what is said from what is told: a run in speech is none of what people do.

    An id becomes two numbers: twice it, and for letters in speech one more.
    """

    size: int
    """Of the vocabulary."""
    tokens: frozenset[int]
    speech: frozenset[int]
    """Those of the tokens that open speech."""
    characters: str
    """Of all ids."""

    @classmethod
    def among(cls, vocabulary: Vocabulary) -> Voices:
        """Those of a vocabulary."""
        tokens = [id_ for id_, symbol in enumerate(vocabulary.characters) if is_token(symbol)]
        speech = [id_ for id_ in tokens if vocabulary.characters[id_] in (DIALOGUE, LYRIC)]
        return cls(len(vocabulary), frozenset(tokens), frozenset(speech), "".join(vocabulary.characters))

    def of(self, ids: Small) -> Small:
        """Texts, one after the other, each of which begins with a token, in these numbers."""
        is_token = np.isin(ids, list(self.tokens))
        last = np.maximum.accumulate(np.where(is_token, np.arange(len(ids)), 0))
        is_speech = np.isin(ids, list(self.speech))[last] & ~is_token
        found = 2 * ids.astype(np.int64) + is_speech
        return found.astype(np.uint8) if 2 * self.size < 1 << 8 else found.astype(np.uint16)

    @property
    def kinds(self) -> NDArray[np.uint8]:
        """Of each id, as `counting.read_all` wants it."""
        found = np.zeros(self.size, np.uint8)
        found[list(self.tokens)] = TOKEN
        found[list(self.speech)] = OPENER
        return found


class SortedTexts(NamedTuple):
    """Texts, sorted by what stands before each symbol."""

    following: Small
    """What follows each place, as `runs.sorted_by_context` gives it, (places,)."""
    rests: NDArray[np.uint8]
    """How far it is from there to the sentence's end, as `sentences.rests` says it, (places,)."""

    @classmethod
    def of(cls, ids: Small, starts: Sequence[int], voices: Voices) -> SortedTexts:
        """Those of texts, one after the other, that begin at these ids."""
        following, origins = sorted_by_context(voices.of(ids), starts)
        # An end of a text comes last among the ids.
        return cls(following, np.append(rests(ids, Marks.of(voices.characters)), np.uint8(0))[origins])


NOTHING_SORTED = SortedTexts(np.zeros(0, np.uint8), np.zeros(0, np.uint8))


class VoicedRuns(Runs):
    """Runs of such numbers."""

    def __init__(self, texts: SortedTexts, voices: Voices) -> None:
        super().__init__(texts.following, 2 * voices.size)
        self.rests, self._size = texts.rests, voices.size
        self._counted: dict[Powers, Counted] = {}

    def counted(self, powers: Powers) -> Counted:
        """What drafts are told with these powers."""
        if powers not in self._counted:
            self._counted[powers] = Counted(self._size, powers)
        return self._counted[powers]


class Recall:
    """Texts that a model learned from, by the runs of symbols in them. A value."""

    def __init__(
        self,
        ids: NDArray[np.integer],
        starts: Sequence[int],
        numbers: Sequence[int],
        sorted_texts: SortedTexts | None = None,
    ) -> None:
        """Keep texts.

        Args:
            ids: Of all their symbols, one text after the other, (symbols,).
            starts: Where each text begins.
            numbers: Of which screenplay each is; `OTHERS` where of none that the model has a style for.
            sorted_texts: The same texts sorted, where that has been done.
        """
        self.ids: Small = ids.astype(np.uint8) if ids.max() < 1 << 8 else ids.astype(np.uint16)
        self.starts, self.numbers = tuple(starts), tuple(numbers)
        self._sorted = sorted_texts
        self._runs: dict[tuple[tuple[int, float], ...], VoicedRuns] = {}
        self._passages: dict[tuple[tuple[int, float], ...], Passages] = {}

    @classmethod
    def of(cls, streams: Iterable[tuple[int, str]], vocabulary: Vocabulary) -> Recall | None:
        """Take in numbered streams; None if they have none, or more than `MOST` symbols."""
        pieces: list[NDArray[np.integer]] = []
        starts, numbers, length = [], [], 0
        for number, stream in streams:
            pieces.append(vocabulary.encode(END + stream))
            starts.append(length)
            numbers.append(number)
            length += len(pieces[-1])
            if length > MOST:
                return None
        return cls(np.concatenate(pieces), starts, numbers) if pieces else None

    def merged(self, other: Recall) -> Recall:
        """These texts and those of a model that this one started from, as far as there is room for all of them.

        A few texts of its own would be lost among many of the other's, so they are there several times.
        """
        own, others = len(self.ids), len(other.ids)
        times = max(1, round(_OWN * others / own))
        if times * own + others > MOST:
            return self
        starts = [copy * own + start for copy in range(times) for start in self.starts]
        starts += [times * own + start for start in other.starts]
        ids = np.concatenate([np.tile(self.ids, times), other.ids])
        return Recall(ids, starts, self.numbers * times + (OTHERS,) * len(other.numbers))

    @property
    def others(self) -> list[Small]:
        """The ids of each text that came with the model which this one started from."""
        ends = (*self.starts[1:], len(self.ids))
        return [self.ids[s:e] for s, e, n in zip(self.starts, ends, self.numbers, strict=True) if n == OTHERS]

    @property
    def few(self) -> dict[int, float]:
        """The model's own screenplays, each with a share of one; none where they are not few among others."""
        ends = (*self.starts[1:], len(self.ids))
        own = sum(e - s for s, e, n in zip(self.starts, ends, self.numbers, strict=True) if n != OTHERS)
        is_few = own <= _FEW * len(self.ids)
        return {number: 1.0 for number in self.numbers if number != OTHERS and is_few}

    def sorted_texts(self, voices: Voices) -> SortedTexts:
        """All texts sorted, by what speech is and what is not."""
        if self._sorted is None:
            self._sorted = SortedTexts.of(self.ids, self.starts, voices)
        return self._sorted

    def runs(self, voices: Voices, shares: Mapping[int, float] | None = None) -> VoicedRuns:
        """The runs of the texts.

        Where screenplays have shares, of those alone: all of the one with the largest, and of others as much less as
        their share is less.
        """
        key = tuple(sorted((shares or {}).items()))
        found = self._runs.get(key)
        if found is None:
            texts = self._shared(voices, dict(key)) if key else self.sorted_texts(voices)
            found = self._runs[key] = VoicedRuns(texts, voices)
        return found

    def passages(self, voices: Voices, shares: Mapping[int, float] | None = None) -> Passages:
        """Their passages, of those screenplays that `runs` has, which weigh as much as their shares."""
        key = tuple(sorted((shares or {}).items()))
        found = self._passages.get(key)
        if found is None:
            known, most, ends = dict(key), max(dict(key).values(), default=1.0), (*self.starts[1:], len(self.ids))
            met, texts = set(), []
            for number, start, end in zip(self.numbers, self.starts, ends, strict=True):
                share = known.get(number, 0.0) / most if known else 1.0 if number != OTHERS else _OF_OTHERS
                # What is there several times is one text.
                text = number, self.ids[start:end].tobytes()
                if share and text not in met:
                    met.add(text)
                    texts.append((start, end, share))
            found = self._passages[key] = Passages(self.ids, texts, voices.characters)
        return found

    def _shared(self, voices: Voices, shares: Mapping[int, float]) -> SortedTexts:
        ends, most = (*self.starts[1:], len(self.ids)), max(shares.values())
        each = [shares.get(number, 0.0) / most for number in self.numbers]
        texts = [
            self.ids[start : start + round(share * (end - start))]
            for share, start, end in zip(each, self.starts, ends, strict=True)
            if share
        ]
        starts = np.cumsum([0, *map(len, texts)])[:-1].tolist()
        return SortedTexts.of(np.concatenate([self.ids[:0], *texts]), starts, voices)
