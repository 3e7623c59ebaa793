"""What can be told of a written text alone: whether it repeats itself, recites, and is made of words.

All of it is measured on plain text as `model.copying.plain` gives it, so that any program's writing compares.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache

from model.copying import longest_shared
from model.lexicon import words_of

COPIED = 40
"""Characters of a run shared with a source from which on it counts as copied."""
LOOPED = 30
"""Characters of a run that a scene has twice from which on it counts as a loop."""
_POSSESSIVE = "'s"


def looped(scene: str, *, run: int = LOOPED) -> int:
    """How many characters of one scene's text stand inside a run of this length that the scene already had."""
    seen: set[str] = set()
    found, counted = 0, 0
    for start in range(len(scene) - run + 1):
        gram = scene[start : start + run]
        if gram in seen:
            found += start + run - max(start, counted)
            counted = start + run
        seen.add(gram)
    return found


def copied(text: str, sources: Iterable[str], *, run: int = COPIED) -> int:
    """How many characters stand inside a run of at least this length that a source has."""
    found, counted = 0, 0
    for start, end in longest_shared(text, sources, at_least=run):
        found += end - max(start, counted)
        counted = end
    return found


def longest_copy(text: str, sources: Sequence[str]) -> int:
    """The length of the longest run that a source has. Reads the sources once for each halving below `COPIED`."""
    at_least = COPIED
    while at_least:
        runs = longest_shared(text, sources, at_least=at_least)
        if runs:
            return max(end - start for start, end in runs)
        at_least //= 2
    return 0


@cache
def english() -> frozenset[str]:
    """160,000 English words in lower case, inflected ones and contractions among them, but no proper names.

    Source: the frequency list of the package pyspellchecker, which its makers cleaned of misspellings.
    """
    from spellchecker import SpellChecker  # half a second to load, for those who ask

    return frozenset(SpellChecker(language="en"))


def real_words(text: str, known: Collection[str]) -> tuple[int, int]:
    """How many words of a text are known or in the list of `english`, and how many there are.

    Args:
        text: Plain text.
        known: More words, in lower case; looked into once a word, so a set.
    """
    words = words_of(text)
    return sum(_is_real(word, known) for word in words), len(words)


def _is_real(word: str, known: Collection[str]) -> bool:
    if word in known or word in english():
        return True
    # Whose it is may be said of anybody.
    return word.endswith(_POSSESSIVE) and _is_real(word.removesuffix(_POSSESSIVE), known)
