"""What a model keeps of the texts it learned from: enough not to recite them and to spell, not the texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from model.copying import CopyIndex, plain
from model.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Sources:
    """An index of their word runs and the list of their words."""

    copies: CopyIndex
    lexicon: Lexicon

    @classmethod
    def of(cls, streams: Iterable[str]) -> Sources:
        """Take in annotated streams. Time and memory grow with their length."""
        texts = [plain(stream) for stream in streams]
        return cls(CopyIndex.of(texts), Lexicon.of(texts))

    def merged(self, other: Sources) -> Sources:
        """What both keep."""
        return Sources(self.copies.merged(other.copies), self.lexicon.merged(other.lexicon))


NO_SOURCES = Sources(CopyIndex.of([]), Lexicon())
"""Forbids nothing."""
