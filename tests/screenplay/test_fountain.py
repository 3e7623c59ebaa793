from __future__ import annotations

from hypothesis import given, settings
from strategies import printable_screenplays, screenplays

from screenplay.elements import Screenplay
from screenplay.readers.fountain import read
from screenplay.writers.fountain import render


@settings(max_examples=1500)
@given(screenplays())
def test_any_screenplay_reads_back_as_it_was_written(screenplay: Screenplay) -> None:
    assert read(render(screenplay)) == screenplay


@given(printable_screenplays())
def test_an_ordinary_screenplay_reads_back_as_it_was_written(screenplay: Screenplay) -> None:
    assert read(render(screenplay)) == screenplay
