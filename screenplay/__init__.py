"""What a screenplay is; reads and writes files.

    import screenplay

    film = screenplay.read("film.fountain")
    for scene in film.scenes:
        print(scene.heading.text, scene.cast)
    screenplay.write(film, "film.txt")

Everything that can go wrong is a `screenplay.errors.LebowskiGenError`; what a reader had to guess is
a `screenplay.errors.ReadWarning`, given by Python's `warnings`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screenplay.elements import Screenplay

__all__ = ["read", "write"]

# The imports below are inside the functions because they cost 0.2 s (pydantic builds thirteen models),
# which whoever only wants `screenplay.errors` or `lebowski-gen --help` need not wait for.


def read(path_or_text: str | os.PathLike[str], format: str | None = None) -> Screenplay:
    """Read a screenplay from a file or from text.

    Args:
        path_or_text: A Path names a file. A str with a line break in it is a screenplay's text; one
            without names a file, `-` being standard input.
        format: One of `screenplay.formats.readable()`: `fountain`, `text` (a laid-out page), `json`, `fdx`,
            `html`; without it, the suffix and then the content decide.

    Raises:
        screenplay.errors.ReadError: The file can't be read, or is not in the format that it claims to be
            in. Fountain and laid-out text never fail.
    """
    from screenplay import formats

    if isinstance(path_or_text, str) and ("\n" in path_or_text or "\r" in path_or_text):
        return formats.open_text(path_or_text, format).scan().screenplay
    return formats.open_source(path_or_text, format).scan().screenplay


def write(screenplay: Screenplay, path: str | os.PathLike[str], format: str | None = None) -> None:
    """Write a screenplay to a file, whole or not at all.

    Args:
        screenplay: What to write.
        path: Where; `-` is standard output.
        format: One of `screenplay.formats.writable()`; without it, the suffix decides.

    Raises:
        screenplay.errors.WriteError: Neither suffix nor format says how, or the file can't be written.
    """
    from screenplay import files, formats

    files.write(path, formats.render(screenplay, formats.format_for(path, format)))
