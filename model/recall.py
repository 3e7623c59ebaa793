"""What a text has said before, beside what a network knows: a mixture with the n-grams of the sources and of the draft.

A network needs many steps to take in a turn of phrase, and forgets it as fast; counting does it at once. So every
symbol's chance is a product of three: the network's, that of the sources and the draft together, and that of the draft
alone, each to a power (Hinton 2002, a product of experts). The last two go by what followed the longest run of up to
`LONGEST` symbols that stands there as it stands here, smoothed towards ever shorter runs by a constant discount (Ney,
Essen and Kneser 1994). The draft's own, read as it is written, is a cache (Kuhn and De Mori 1990).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.counting import DISCOUNT, DISCOUNT_SHORT, SHORTEST, Floats, Small, raised
from model.runs import Bounds, DraftRuns, Mark, Runs, sorted_by_context
from model.sentences import rests
from model.vocabulary import Vocabulary
from screenplay.stream import DIALOGUE, END, LYRIC, is_token

MOST = 3 << 22
"""Symbols of sources that a model keeps to recall at most: all of them lie in memory while it writes."""
OTHERS = -1
"""In the place of a screenplay's number, where it is none of the model's own."""
_MOST_KEPT = 25_000_000
"""Numbers of 4 bytes that are kept at most for streams that are read repeatedly."""
_OWN = 0.08
"""What a model's own texts are of all that it recalls, at least: they are repeated to be as much."""


_Mark = tuple[bool, Bounds, tuple[int, int], Mark]


class Powers(NamedTuple):
    """What each of three chances is raised to in their product."""

    network: float
    sources: float
    """With the draft's own."""
    draft: float


READING = Powers(0.56, 0.09, 0.11)
"""Fitted to held-out scenes of film scripts, five minutes after the bundled model."""
WRITING = Powers(0.3, 0.6, 0.12)
"""Chosen by reading: what the network finds likely is often no sentence, what has been said before mostly is one."""
WRITING_ALL, WRITING_OWN = Powers(0.3, 0.5, 0.12), Powers(0.3, 0.1, 0.0)
"""The same, of all texts and once more of a model's own, where these are few among those of the model before."""
_FEW = 0.25
"""Of all texts, the share up to which a model's own are few."""
_LEAST = 1e-5
"""Of what hardly ever follows, the sources know too little to call it less likely."""
_BRIEF, _ANY = 34, 1 << 30
"""Symbols of a run and of the rest of its sentence together, at most: with what of the run is not seen, as it is longer
than `LONGEST`, it mostly stays below what counts as copied; and where that does not matter."""
_MANY = 256
"""Places of a run that are too many to be looked at for each symbol: what follows is then counted once, and kept."""


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


class Told(NamedTuple):
    """What is counted once of a run."""

    hint: Floats
    """Where there is nothing else to say: (vocabulary + 1,), as all of these."""
    shortest: Floats
    """Chances in the sources alone after its end, where that is too short for a draft."""
    chances: Floats
    """And after all of it."""


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
        characters = np.array(list(voices.characters))
        pieces = [rests("".join(characters[part])) for part in np.split(ids, starts[1:])] if starts else []
        # An end of a text comes last among the ids.
        return cls(following, np.concatenate([*pieces, np.zeros(1, np.uint8)])[origins])


NOTHING_SORTED = SortedTexts(np.zeros(0, np.uint8), np.zeros(0, np.uint8))


class VoicedRuns(Runs):
    """Runs of such numbers, and what follows as an id and one, or 0 for a text's end."""

    def __init__(self, texts: SortedTexts, voices: Voices) -> None:
        super().__init__(texts.following, 2 * voices.size)
        self.symbols, self.rests = texts.following // 2 + texts.following % 2, texts.rests
        self.chances: dict[tuple[int, int], Floats] = {}
        self.told: dict[Powers, dict[tuple[int, int], Told]] = {}
        """What is kept of a run of so many symbols, from this first place on."""


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

    def hints(self, streams: Sequence[str], vocabulary: Vocabulary, *, kept: bool = False) -> Hints:
        """What these texts say of some streams, each a draft of its own; `kept` for those that are read repeatedly."""
        kept = kept and sum(map(len, streams)) * len(vocabulary) <= _MOST_KEPT
        return Hints(self, Voices.among(vocabulary), kept=kept)


class Hints:
    """What texts say of streams that are read piece by piece, and, as no network matters to it, maybe once for all."""

    def __init__(self, recall: Recall, voices: Voices, *, kept: bool) -> None:
        self._recall, self._voices, self._is_kept = recall, voices, kept
        self._open: dict[int, Recollection] = {}
        self._pieces: dict[tuple[int, int], NDArray[np.float32]] = {}

    def piece(self, stream: int, start: int, ids: Sequence[int]) -> NDArray[np.float32]:
        """What to add to a network's logits for each of these ids, (ids, vocabulary).

        The pieces of a stream come in order, and always the same; from its start on it begins anew.
        """
        found = self._pieces.get((stream, start))
        if found is not None:
            return found
        if start == 0:
            self._open[stream] = Recollection(self._recall, self._voices)
        recollection = self._open[stream]
        found = np.zeros((len(ids), self._voices.size), np.float32)
        for place, symbol in enumerate(ids):
            found[place] = recollection.hint()
            recollection.read(symbol)
        if self._is_kept:
            self._pieces[stream, start] = found
        return found


class Recollection:
    """A draft that is read symbol by symbol, and what the sources and its own past say comes next.

    Opening it takes a sorting of the sources, where shares choose among them. A step's time hardly grows with them.
    """

    def __init__(
        self,
        recall: Recall,
        voices: Voices,
        powers: Powers = READING,
        *,
        shares: Mapping[int, float] | None = None,
        opener: int | None = None,
        brief: bool = False,
    ) -> None:
        """Begin an empty draft.

        Args:
            recall: The sources.
            voices: Of the vocabulary.
            powers: For reading or for writing.
            shares: Of screenplays, as for `Recall.runs`.
            opener: Id that opens a part of the draft which counts only once the next part is opened. For what is being
                written: a phrase that makes itself likelier comes again and again. None: all counts at once.
            brief: Whether runs of the sources are followed only into sentences that are short, and where that leads to
                their end in time. A writer who follows one that he may not follow to its end has to leave it in the
                middle, and what comes of that is mostly no sentence.
        """
        self._size, self._voices, self._powers = voices.size, voices, powers
        self._runs = recall.runs(voices, shares)
        self._longest = _BRIEF if brief else _ANY
        self._told = self._runs.told.setdefault(powers, {})
        self._is_speech = False
        self._bounds = self._runs.anywhere()
        self._counted = 0, 0
        """Length and first place of the run that ends here and is counted once."""
        self._draft = DraftRuns(opener)
        # A draft begins as a text of the sources does.
        self.read(int(recall.ids[0]))

    def beside(self) -> Recollection:
        """Another draft that begins with all that was read."""
        found = copy(self)
        found._draft = self._draft.beside()
        return found

    def read(self, symbol: int) -> None:
        """Go on with one id."""
        is_token = symbol in self._voices.tokens
        if is_token:
            self._is_speech = symbol in self._voices.speech
        voiced = 2 * symbol + (self._is_speech and not is_token)
        # What follows a run that is everywhere is counted once, and what the draft has to say of it is little.
        self._bounds, length, first = self._runs.after(self._bounds, voiced, _MANY)
        self._counted = length, first
        self._draft.read(symbol)

    def mark(self) -> _Mark:
        """Where the draft stands, to come `back` to while the part under way is not over."""
        return self._is_speech, self._bounds, self._counted, self._draft.mark()

    def back(self, mark: _Mark) -> None:
        """As if nothing had been read since."""
        self._is_speech, self._bounds, self._counted, draft = mark
        self._draft.back(draft)

    def times(self, ids: Sequence[int]) -> int:
        """How often a run of up to `LONGEST` ids stands in the sources, outside of speech."""
        bounds = self._runs.anywhere()
        for id_ in ids:
            bounds, _, _ = self._runs.after(bounds, 2 * id_)
        return int(bounds[1, len(ids)] - bounds[0, len(ids)]) if len(ids) < bounds.shape[1] else 0

    def hint(self) -> Floats:
        """What to add to the network's logits for the next symbol, (vocabulary,), but for what is the same for all."""
        told = self._told.get(self._counted)
        if told is None:
            told = self._told[self._counted] = self._tell(self._counted[0])
        powers = self._powers
        return raised(
            told.hint, self._runs.symbols, self._bounds, self._counted[0], *self._draft.recent(),
            told.shortest, told.chances, powers.draft, powers.sources, _LEAST, self._runs.rests, self._longest,
        )  # fmt: skip

    def _tell(self, length: int) -> Told:
        """Of the sources' run of this length that ends here."""
        sources, draft = self._powers.sources, self._powers.draft
        shortest, chances = self._chances(min(length, SHORTEST - 1)), self._chances(length)
        hint = sources * np.log(chances + _LEAST) + draft * np.log(shortest + _LEAST)
        return Told(hint, shortest, chances)

    def _chances(self, length: int) -> Floats:
        """Of each symbol after that run, in the sources alone, (vocabulary + 1,): an end of a text comes first."""
        runs, (first, end) = self._runs, self._bounds[:, length].tolist()
        key = length, first
        found = runs.chances.get(key)
        if found is None:
            shorter = self._chances(length - 1) if length else np.full(self._size + 1, 1.0 / self._size)
            counts = np.bincount(runs.symbols[first:end], minlength=self._size + 1)
            # An end says nothing.
            total = end - first - int(counts[0])
            if not total:
                return shorter
            counts[0] = 0
            kept = np.maximum(counts - (DISCOUNT_SHORT if length <= SHORTEST else DISCOUNT), 0.0)
            kept *= 1.0 / total
            kept += (1.0 - float(kept.sum())) * shorter
            found = runs.chances[key] = kept
        return found
