"""Which characters a model knows, and the id of each."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.errors import UnknownCharacterError
from screenplay.stream import is_token

UNKNOWN = "\ufffd"
"""Stands for every character that the vocabulary lacks. Always id 0; learned from rare characters, never written."""

_LARGEST = 1 << 16
_PLAIN = str.maketrans({
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "…": ".", "•": "*", "·": ".",
})  # fmt: skip


@dataclass(frozen=True)
class Vocabulary:
    """Characters in the order of their ids. Any script's; a format token is a character like the others."""

    characters: tuple[str, ...]
    """`UNKNOWN` first. An id never changes its meaning: `extended` only appends."""

    def __post_init__(self) -> None:
        if not self.characters or self.characters[0] != UNKNOWN:
            raise ValueError("the first character must be U+FFFD, which stands for the unknown")
        if any(len(character) != 1 for character in self.characters):
            raise ValueError("every entry must be one character")
        if len(set(self.characters)) != len(self.characters):
            twice = next(c for c, count in Counter(self.characters).items() if count > 1)
            raise ValueError(f"U+{ord(twice):04X} stands in it twice")
        if len(self.characters) > _LARGEST:
            raise ValueError(f"{len(self.characters)} characters; ids reach only to {_LARGEST - 1}")

    @classmethod
    def from_streams(cls, streams: Iterable[str], *, always: Iterable[str] = (), minimum_count: int = 2) -> Vocabulary:
        """Take the characters of a training text.

        Args:
            streams: Read once; grows with their length.
            always: Characters that get an id though no stream has them (format tokens), first, in this order.
            minimum_count: Rarer characters stay out, so that training meets `UNKNOWN` and
                the network learns what to make of it.
        """
        counts: Counter[str] = Counter()
        for stream in streams:
            counts.update(stream)
        first = dict.fromkeys(always)
        frequent = sorted(c for c, count in counts.items() if count >= minimum_count)
        return cls(tuple(dict.fromkeys([UNKNOWN, *first, *frequent])))

    @property
    def unknown_id(self) -> int:
        """The id that generation must never emit."""
        return 0

    def __len__(self) -> int:
        return len(self.characters)

    def __contains__(self, character: object) -> bool:
        return character in self._ids

    def can_spell(self, text: str) -> bool:
        """Whether all of its characters have an id."""
        return self._ids.keys() >= set(text)

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {character: index for index, character in enumerate(self.characters)}

    @cached_property
    def is_token(self) -> NDArray[np.bool_]:
        """Of each id, whether it is a format token, (vocabulary,)."""
        return np.array([is_token(character) for character in self.characters])

    @cached_property
    def _codes(self) -> NDArray[np.uint32]:
        return np.array([ord(character) for character in self.characters], dtype=np.uint32)

    @cached_property
    def _table(self) -> NDArray[np.uint16]:
        # One entry a code point, up to the highest known, and one that all beyond share.
        table = np.zeros(int(self._codes.max()) + 2, dtype=np.uint16)
        table[self._codes] = np.arange(len(self), dtype=np.uint16)
        return table

    def id_of(self, character: str) -> int:
        """The id of one character, `unknown_id` where there is none."""
        return self._ids.get(character, 0)

    def encode(self, text: str) -> NDArray[np.uint16]:
        """Turn text into ids; what is not known becomes `unknown_id`. Linear, about 200 M characters a second."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        table = self._table
        ids: NDArray[np.uint16] = table[np.minimum(codes, len(table) - 1)]
        return ids

    def decode(self, ids: Sequence[int] | NDArray[np.integer]) -> str:
        """Turn ids into text; `unknown_id` becomes `UNKNOWN`. Raises IndexError for an id beyond the last."""
        codes = self._codes[np.asarray(ids, dtype=np.intp)]
        return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")

    def nearest(self, character: str) -> str | None:
        """A known character that a reader would take for this one: `-` for an en dash, `e` for é; else None."""
        plain = character.translate(_PLAIN)
        candidates: list[str] = [plain, *unicodedata.normalize("NFKD", plain), character.lower(), character.upper()]
        for candidate in candidates:
            if len(candidate) == 1 and candidate != UNKNOWN and candidate in self._ids:
                return candidate
        return None

    def require(self, text: str, *, model: str, source: str = "prompt") -> None:
        """Raise UnknownCharacterError, with line and column, at the first character that has no id."""
        for offset, character in enumerate(text):
            if character == UNKNOWN or character not in self._ids:
                raise UnknownCharacterError(
                    character,
                    model=model,
                    size=len(self) - 1,
                    source=source,
                    line=text.count("\n", 0, offset) + 1,
                    column=offset - text.rfind("\n", 0, offset),
                    instead=self.nearest(character),
                )

    def extended(self, characters: Iterable[str]) -> Vocabulary:
        """Append what is new, sorted; every old id keeps its meaning."""
        new = sorted(set(characters) - set(self.characters))
        return Vocabulary((*self.characters, *new)) if new else self

    def to_json(self) -> str:
        """ASCII only, so that private-use characters can be read in any editor."""
        return json.dumps({"characters": self.characters}, indent=0) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Vocabulary:
        """Read what `to_json` wrote. Raises ValueError that says what is wrong with it."""
        try:
            data = json.loads(text)
        except RecursionError as error:
            raise ValueError("it is nested too deeply") from error
        characters = data.get("characters") if isinstance(data, dict) else None
        if not isinstance(characters, list) or not all(isinstance(c, str) for c in characters):
            raise ValueError('it has no list of "characters"')
        return cls(tuple(characters))
