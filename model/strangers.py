"""Keeps people of other screenplays out of what happens in a scene.

A turn of phrase brings along the name that stood in it. Where something is told, and not said, of a name that nobody
here has, somebody of the scene stands in, the same each time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from copy import copy

_TITLES = ("MR.", "MRS.", "MS.", "MISS", "DR.")
_BEGINNINGS = tuple(f"{title.capitalize()} " for title in _TITLES)


def called(name: str) -> str:
    """How action calls somebody who speaks under this name: `Gus`, `Mrs. Park`; nothing for `MAN IN SUIT`, `COP #2`."""
    words = name.split()
    if not 0 < len(words) <= 2 or not words[-1].isalpha() or not (words[0].isalpha() or words[0] in _TITLES):
        return ""
    return " ".join(word.capitalize() for word in words)


def is_title(text: str) -> bool:
    """Whether a name is still to come after this, as after `Mrs.`, or the rest of that."""
    return any(beginning.startswith(text) for beginning in _BEGINNINGS)


class Strangers:
    """Names that nobody has in the scenes of a writing, but people elsewhere."""

    def __init__(self, names: Iterable[str], here: Iterable[str], is_name: Callable[[str], bool]) -> None:
        """Know people.

        Args:
            names: Of all there are.
            here: Those who may be told of in any scene.
            is_name: Whether a word with a capital is one mostly because it is a name.
        """
        self._names, self._here = _words(names), _words(here)
        self._is_name = is_name
        self._stand_ins: dict[str, str] = {}
        self._last = ""
        """Who of the scene's cast was told of last."""

    def beside(self) -> Strangers:
        """The same for another writing, which meets its own people."""
        found = copy(self)
        found._here, found._stand_ins = {*self._here}, {**self._stand_ins}
        return found

    def begin_scene(self) -> None:
        """In another scene somebody else may stand in."""
        self._stand_ins.clear()
        self._last = ""

    def meet(self, cast: Collection[str]) -> None:
        """From now on, these may be told of."""
        self._here |= _words(cast)

    def tell(self, name: str) -> None:
        """Of somebody who is here."""
        if _last(name) in self._here:
            self._last = _last(name)

    def is_stranger(self, name: str) -> bool:
        """Whether what stands in the action, `Gus` or `Mrs. Park`, is the name of somebody who is not here."""
        word = _last(name)
        return word in self._names and word not in self._here and self._is_name(word)

    def stand_in(self, name: str, cast: Collection[str], choose: Callable[[list[str]], str]) -> str:
        """Whom to write of instead of a stranger; nothing where nobody of the scene's cast will do.

        Args:
            name: As it stands in the action.
            cast: The scene's.
            choose: One of several.
        """
        known = self._stand_ins.get(name)
        if known is not None:
            return known
        possible = [each for each in dict.fromkeys(map(called, cast)) if self._is_free(each)]
        title = name.rpartition(" ")[0]
        possible = [each for each in possible if title and each.startswith(f"{title} ")] or possible
        if not possible:
            return ""
        found = self._stand_ins[name] = choose(possible)
        return found

    def _is_free(self, name: str) -> bool:
        """Whether this is somebody who does not stand in yet, and would not meet themselves."""
        word = _last(name)
        return bool(name) and name not in self._stand_ins.values() and word != self._last and self._is_name(word)


def _last(name: str) -> str:
    return name.rpartition(" ")[2]


def _words(names: Iterable[str]) -> set[str]:
    return {word for name in names for word in called(name).split() if word.isalpha() and word != "Miss"}
