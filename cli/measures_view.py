"""The figures of a model as tables: each with a line on what it means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from cli import console

if TYPE_CHECKING:
    from rich.table import Table

    from model.habits import Comparison
    from model.measures import Measures

Row: TypeAlias = tuple[str, str, str]
"""What a figure is called, the figure, and what it means."""
NOT_MEASURED = "–"
_WIDTH = 160
"""Columns where no terminal says how many there are: room for the longest line."""


def shown(measures: Measures, comparisons: Sequence[Comparison], other: Measures | None = None) -> str:
    """Both tables as text, styled where standard output is a terminal; `other` are figures to show beside."""
    from rich.console import Console

    # Who pipes it wants a figure a line, however long.
    screen = console.screen() if console.shows_pages() else Console(width=_WIDTH, color_system=None)
    with screen.capture() as capture:
        figures = _figures(measures, other)
        for table in (figures, _habits(comparisons)) if comparisons else (figures,):
            screen.print(table, soft_wrap=False)
    return "\n".join(line.rstrip() for line in capture.get().strip("\n").split("\n")) + "\n"


def _figures(measures: Measures, other: Measures | None) -> Table:
    table = _table("figure", "", *(["beside"] if other is not None else []), "what it means")
    for column in table.columns[1:-1]:
        column.justify = "right"
        column.no_wrap = True
    beside = {name: value for name, value, _ in rows(other)} if other is not None else {}
    for name, value, meaning in rows(measures):
        table.add_row(name, value, *([beside.get(name, NOT_MEASURED)] if other is not None else []), meaning)
    return table


def rows(measures: Measures) -> Iterator[Row]:
    """Every figure; what was not measured is a dash."""
    letters = f"{measures.letters:,} letters" if measures.letters is not None else "text"
    yield "bits per letter", _number(measures.bits_per_letter), f"spent on {letters} it never learned; less is better"
    for kind, bits in (measures.bits_per_letter_by_element or {}).items():
        yield f"  {kind.replace('_', ' ')}", _number(bits), "the same, of its own letters"
    yield "bits per cue", _number(measures.bits_per_cue, 1), "to say who speaks, and how they are heard"
    yield "bits per heading", _number(measures.bits_per_heading, 1), "to say where the next scene plays"
    yield "cue accuracy", _share(measures.cue_accuracy), "next speaker guessed right, among those of the scene"
    yield (
        "  by a rule",
        _share(measures.cue_accuracy_rule),
        "the one before the last speaker, else the next to come in; to be beaten",
    )
    scenes = f"{measures.scenes:,} {'scene' if measures.scenes == 1 else 'scenes'}"
    yield (
        "slips per 1,000",
        _number(measures.slips_per_1000),
        f"symbols by which it would have broken the grammar, in {scenes} that it wrote",
    )
    for name, count in measures.overruled_per_1000.items():
        yield f"  {name}", _number(count), "symbols of 1,000 that this constraint overruled"
    yield "real words", _share(measures.real_words), "of what it wrote: in its sources or in an English list"
    copy = NOT_MEASURED if measures.longest_copy is None else f"{measures.longest_copy:,}"
    yield "longest copy", copy, "characters of the longest run that a text it learned from has too"
    yield "copied share", _share(measures.copied_share), "of what it wrote stands in such runs of 40 or more"
    yield "loops", _share(measures.loops), "of what it wrote stands in a run of 30 that the same scene already had"


def _habits(comparisons: Sequence[Comparison]) -> Table:
    table = _table("habit", "written", "real", "distance", "between real ones")
    for column in table.columns[1:]:
        column.justify = "right"
    for comparison in comparisons:
        table.add_row(
            comparison.habit,
            _number(comparison.written),
            _number(comparison.real),
            _number(comparison.distance),
            _number(comparison.between_real),
        )
    table.caption = (
        "Means, and Jensen-Shannon distances of their spread: 0 is the same, 1 has nothing in common. "
        "Written scripts do as real ones do where the two distances are alike."
    )
    return table


def _table(*columns: str) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    return Table(*columns, box=SIMPLE_HEAD, pad_edge=False, caption_justify="left", caption_style="dim")


def _number(value: float | None, places: int = 2) -> str:
    return NOT_MEASURED if value is None else f"{value:,.{places}f}"


def _share(value: float | None) -> str:
    return NOT_MEASURED if value is None else f"{100 * value:.1f} %"
