"""What a model keeps of the texts it learned from: enough not to recite them and to spell; if they are few, them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from model.copying import CopyIndex, plain
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

        Time grows with their length; memory with the longest, and by 4 bytes for each word that isn't free.
        """
        indexes = [CopyIndex.of([])]

        def read() -> Iterator[str]:
            for stream in streams:
                text = plain(stream)
                indexes.append(CopyIndex.of([text]))
                yield text
            yield from map(plain, free)

        lexicon = Lexicon.of(read())
        return cls(indexes[0].merged(*indexes[1:]), lexicon)

    def merged(self, other: Sources) -> Sources:
        """What both keep; this one's habits, where it has any, and its texts alone."""
        copies, lexicon = self.copies.merged(other.copies), self.lexicon.merged(other.lexicon)
        return Sources(
            copies,
            lexicon,
            self.pointer or other.pointer,
            self.shapes or other.shapes,
            self.headings or other.headings,
            self.recall,
        )


NO_SOURCES = Sources(CopyIndex.of([]), Lexicon())
"""Forbids nothing."""
