"""What a model remembers of a screenplay that it learned from."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class ScriptRecord(BaseModel):
    """What a checkpoint remembers of a screenplay: facts and names, none of its text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    sha256: str
    """Of the whole annotated stream, in UTF-8."""
    scenes: int
    letters: int
    held_out_scenes: int
    held_out_letters: int
    cast: tuple[str, ...] = ()
    """Who speaks in the training part, by number of speeches, most first."""
    repeats: int = 1
    """How often each epoch reads it."""
    rights: str | None = None
    """The title page's `Copyright`, where it has one."""
