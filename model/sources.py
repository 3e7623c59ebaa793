"""What a model keeps of the texts it learned from: enough not to recite them and to spell; if they are few, them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.copying import CopyIndex, plain, windows
from model.lengths import SceneShape
from model.lexicon import Lexicon
from model.pointer import PointerWeights
from model.recall import Recall


@dataclass(frozen=True, slots=True)
class Sources:
    """An index of their word runs, the list of their words, and what they do with names and places."""

    copies: CopyIndex
    lexicon: Lexicon
    pointer: PointerWeights | None = None
    """None for a model that has learned nothing, or before there were pointers."""
    shapes: tuple[SceneShape, ...] = ()
    """How long their scenes are and how many speak in them; none where nobody knows."""
    headings: tuple[tuple[int, str], ...] = ()
    """Where their scenes play, each heading with the number of its screenplay."""
    recall: Recall | None = None
    """The texts themselves, where they are few enough to be recalled word for word."""

    @classmethod
    def of(cls, streams: Iterable[str], *, free: Iterable[str] = ()) -> Sources:
        """Take in annotated streams, one after the other; of those that are free to be recited, words only.

        Time grows with their length; memory with the longest, and by 8 bytes for each word that isn't free, at the end
        for a moment by 18.
        """
        found: list[NDArray[np.uint64]] = []

        def read() -> Iterator[str]:
            for stream in streams:
                text = plain(stream)
                found.append(windows(text))
                # Many small ones would leave memory full of holes.
                while len(found) > 1 and len(found[-2]) <= 2 * len(found[-1]):
                    found[-2:] = [np.concatenate(found[-2:])]
                yield text
            yield from map(plain, free)

        lexicon = Lexicon.of(read())
        return cls(CopyIndex.joined(found), lexicon)

    def merged(self, other: Sources) -> Sources:
        """What both keep; this one's habits, where it has any."""
        copies, lexicon = self.copies.merged(other.copies), self.lexicon.merged(other.lexicon)
        # One whose own texts were too many would recall those of others alone.
        recall = self.recall
        if recall is not None and other.recall is not None:
            recall = recall.merged(other.recall)
        return Sources(
            copies,
            lexicon,
            self.pointer or other.pointer,
            self.shapes or other.shapes,
            self.headings or other.headings,
            recall,
        )


NO_SOURCES = Sources(CopyIndex.of([]), Lexicon())
"""Forbids nothing."""
