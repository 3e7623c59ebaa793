"""What a text has said before, beside what a network knows: a mixture with the n-grams of the sources and of the draft.

A network needs many steps to take in a turn of phrase, and forgets it as fast; counting does it at once. So every
symbol's chance is a product of three: the network's, that of the sources and the draft together, and that of the draft
alone, each to a power (Hinton 2002, a product of experts). The last two go by what followed the longest run of up to
`LONGEST` symbols that stands there as it stands here, smoothed towards ever shorter runs by a constant discount (Ney,
Essen and Kneser 1994). The draft's own, read as it is written, is a cache (Kuhn and De Mori 1990).
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

from model.counted import Floats, Powers
from model.drafts import Drafts
from model.recall import Recall, Voices
from model.vocabulary import Vocabulary

READING = Powers(0.56, 0.09, 0.11)
"""Fitted to held-out scenes of film scripts, five minutes after the bundled model."""
WRITING = Powers(0.3, 0.2, 0.12, 0.8)
"""Chosen by reading: what the network finds likely is often no sentence, what has been said before mostly is one."""
WRITING_ALL, WRITING_OWN = Powers(0.3, 0.2, 0.12, 0.7), Powers(0.3, 0.1, 0.0)
"""The same, of all texts and once more of a model's own, where these are few among those of the model before."""
_BRIEF, _ANY = 34, 1 << 30
"""Symbols of a run and of the rest of its sentence together, at most: with what of the run is not seen, as it is longer
than `LONGEST`, it mostly stays below what counts as copied; and where that does not matter."""
_MOST_KEPT = 25_000_000
"""Numbers of 4 bytes that are kept at most for streams that are read repeatedly."""
_AT_ONCE = 1 << 10
"""Symbols that are read at once, at most."""


class Hints:
    """What texts say of streams that are read piece by piece, and, as no network matters to it, maybe once for all."""

    def __init__(self, recall: Recall, streams: Sequence[str], vocabulary: Vocabulary, *, kept: bool = False) -> None:
        """Of some streams, each a draft of its own; `kept` for those that are read repeatedly."""
        self._recall, self._voices = recall, Voices.among(vocabulary)
        self._is_kept = kept and sum(map(len, streams)) * len(vocabulary) <= _MOST_KEPT
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
        for first in range(0, len(ids), _AT_ONCE):
            part = ids[first : first + _AT_ONCE]
            found[first : first + len(part)] = recollection.along(part)
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
        is_reminded: bool = False,
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
            is_reminded: Whether drafts can be reminded of passages of the sources.
        """
        self._runs = recall.runs(voices, shares)
        most = _BRIEF if brief else _ANY
        passages = recall.passages(voices, shares) if is_reminded else None
        counted = self._runs.counted(powers)
        self.drafts = Drafts(self._runs, counted, voices.kinds, opener=opener, most=most, passages=passages)
        self._waiting: list[tuple[Recollection, int]] = []
        """What all drafts side by side have yet to read."""
        self._is_read, self._hint = True, np.zeros(0)
        self._take(self.drafts.open())
        # A draft begins as a text of the sources does.
        self.read(int(recall.ids[0]))

    def _take(self, draft: int) -> None:
        self.draft = draft
        weakref.finalize(self, self.drafts.close, draft)

    def beside(self) -> Recollection:
        """Another draft that begins with all that was read. Where both wait to be read, one call reads them."""
        self._go_on()
        found = copy(self)
        found._take(self.drafts.beside(self.draft))
        return found

    def read(self, symbol: int) -> None:
        """Go on with one id. It is read when somebody needs to know what comes next."""
        self._waiting.append((self, symbol))
        self._is_read = False
        if len(self._waiting) >= _AT_ONCE:
            self._go_on()

    def along(self, symbols: Sequence[int]) -> Floats:
        """Read ids; what there is to add to the network's logits before each, (ids, vocabulary)."""
        first = self.hint()
        hints = self.drafts.read([(self.draft, symbol, True) for symbol in symbols])[:, 1:]
        self._hint = hints[-1]
        return np.concatenate([first[None], hints[:-1]])

    def times(self, ids: Sequence[int]) -> int:
        """How often a run of up to `LONGEST` ids stands in the sources, outside of speech."""
        return self._runs.times([2 * id_ for id_ in ids])

    def hint(self) -> Floats:
        """What to add to the network's logits for the next symbol, (vocabulary,), but for what is the same for all."""
        if not self._is_read:
            self._go_on()
        return self._hint

    def _go_on(self) -> None:
        """Read what waits, in this draft and in those beside it."""
        if not self._waiting:
            return
        # Only where each stands at last does somebody ask.
        last = {each: place for place, (each, _) in enumerate(self._waiting)}
        hints = self.drafts.read(
            [(each.draft, symbol, last[each] == place) for place, (each, symbol) in enumerate(self._waiting)]
        )
        self._waiting.clear()
        for each, place in last.items():
            each._is_read, each._hint = True, hints[place, 1:]
