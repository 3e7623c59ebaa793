"""Films that a collection is meant to have, and which of the user's files they are. No film ships."""

from __future__ import annotations

from functools import cache
from pathlib import Path, PurePath

from pydantic import BaseModel, ConfigDict

from cli.collection import Entry
from cli.titles import fold, is_called, of_file

_FOLDER = Path(__file__).parent / "manifests"
_SLACK_YEARS = 1
"""A script is not dated later than its film, but for a year on its cover."""


class Film(BaseModel):
    """A film, and what its screenplay may be called."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    year: int
    variants: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.title} ({self.year})"

    def is_named(self, text: str) -> bool:
        """Whether a line of a page or a file's name is one of its titles."""
        return any(is_called(text, title, before=self.year + _SLACK_YEARS) for title in (self.title, *self.variants))


class FilmManifest(BaseModel):
    """The films of one collection."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    """The collection's, too."""
    about: str
    films: tuple[Film, ...]

    def recognise(self, entry: Entry) -> tuple[Film, str] | None:
        """The film that a file is, and by what it was known; what the script says goes before what the file says."""
        clues = [("its title page", line) for line in entry.titles]
        clues += [("its first page", line) for line in entry.opening]
        clues += [("its running title", entry.running_title)] if entry.running_title else []
        clues += [("its file name", of_file(PurePath(entry.path).stem))]
        for how, text in clues:
            for film in self.films:
                if film.is_named(text):
                    return film, how
        return None


@cache
def manifests() -> tuple[FilmManifest, ...]:
    """All that ship, by name."""
    found = [FilmManifest.model_validate_json(path.read_bytes()) for path in _FOLDER.glob("*.json")]
    return tuple(sorted(found, key=lambda manifest: manifest.name))


def manifest_for(collection: str) -> FilmManifest | None:
    """The manifest for a collection of this name."""
    return next((manifest for manifest in manifests() if fold(manifest.name) == fold(collection)), None)
