"""Which runs of a written stream stand in texts at hand, and where."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from model.copying import WINDOW, longest_shared, plain
from screenplay.elements import Screenplay
from screenplay.stream import AND, CAST, carried, is_token, opening


@dataclass(frozen=True, slots=True)
class Original:
    """A screenplay in which runs are looked for."""

    name: str
    text: str
    """Plain, as `model.copying.plain` gives it."""
    starts: tuple[int, ...]
    """Where each element's text begins in it."""
    lines: tuple[int | None, ...]
    """The line of the file where each element begins."""

    @classmethod
    def of(cls, name: str, screenplay: Screenplay) -> Original:
        """Lay a screenplay out as plain text, with the lines it came from."""
        pieces, starts, lines, length = [], [], [], 0
        for element in carried(screenplay).elements:
            piece = plain(opening(element))
            if piece:
                pieces.append(piece)
                starts.append(length)
                lines.append(element.line)
                length += len(piece) + 1
        return cls(name, " ".join(pieces), tuple(starts), tuple(lines))

    def line_at(self, offset: int) -> int | None:
        """The line where the element begins that has this character."""
        return self.lines[bisect_right(self.starts, offset) - 1]


@dataclass(frozen=True, slots=True)
class Recital:
    """A run that was written and stands in a text at hand."""

    text: str
    start: int
    """Of the run in the stream."""
    stop: int
    """Behind its last symbol."""
    name: str
    """Of the text."""
    line: int | None
    """Of the text's file, where the element begins in which the run does."""


def recitals(stream: str, originals: Sequence[Original], *, at_least: int = WINDOW) -> list[Recital]:
    """Every run of that many characters, white space folded, that one of the originals has; the first that has it.

    Runs may overlap, where one original goes on where another ends. Cost: that of `longest_shared`, and a
    search through the originals for each run.
    """
    text, places = folded(stream)
    found = []
    for start, end in longest_shared(text, [o.text for o in originals], at_least=at_least):
        # A space at an end may stand for a token, which nobody recites.
        start += text[start] == " "
        end -= text[end - 1] == " "
        run = text[start:end]
        original, offset = next((o, o.text.index(run)) for o in originals if run in o.text)
        found.append(Recital(run, places[start], places[end - 1] + 1, original.name, original.line_at(offset)))
    return found


def folded(stream: str) -> tuple[str, list[int]]:
    """Plain text, and for each of its characters the place in the stream that it comes from."""
    text: list[str] = []
    places: list[int] = []
    in_header = False
    for place, symbol in enumerate(stream):
        if is_token(symbol):
            in_header = symbol == CAST or (in_header and symbol == AND)
        elif in_header:
            continue
        if not is_token(symbol) and not symbol.isspace():
            text.append(symbol)
            places.append(place)
        elif text and text[-1] != " ":
            text.append(" ")
            places.append(place)
    if text and text[-1] == " ":
        del text[-1], places[-1]
    return "".join(text), places
