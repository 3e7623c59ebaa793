"""Reads laid-out plain text: screenplays as typed, scraped or pasted, and stage plays.

Every line is measured (`layout_lines`), described (`layout_features`) and scored for each element that it
could be; the best legal sequence wins (`layout_model`), and lines become elements again (`layout_build`). No
column is fixed: margins, tabs, lost indentation and lost blank lines are told from the text as a whole.

What is left out of the elements, and tagged `furniture`: page numbers, running heads, `(MORE)`, `CONTINUED`;
revision stars. A cue that a page break repeated (`NAME (CONT'D)` after nothing but furniture) is tagged
`character`, and its speech goes on as one. Fountain's emphasis marks stay as they stand. Page breaks are furniture.
"""

from __future__ import annotations

import warnings
from itertools import islice

from screenplay.elements import Element, Screenplay
from screenplay.readers import Reading
from screenplay.readers.layout_build import build
from screenplay.readers.layout_dual import part
from screenplay.readers.layout_features import facts
from screenplay.readers.layout_guesses import guesses
from screenplay.readers.layout_lines import cut, measure
from screenplay.readers.layout_model import decode
from screenplay.readers.layout_slugs import places_as_headings
from screenplay.readers.layout_states import TAGS
from screenplay.readers.layout_table import part as names_above_speeches

PART_LINES = 100_000
"""So many filled lines are read as one whole: a long novel's worth, or twenty screenplays; it bounds the memory."""


def scan(text: str, *, source: str = "<text>") -> Reading:
    r"""Read a screenplay, and say what each line was taken for.

    Lines end at `\n`, `\r\n` or `\r`. No text fails, and no word is lost but to furniture. What had to be guessed is
    named by a `screenplay.errors.ReadWarning`.
    """
    rows, total = cut(text)
    tags = ["blank"] * total
    title_page: dict[str, tuple[str, ...]] = {}
    elements: list[Element] = []
    while some := part(names_above_speeches(list(islice(rows, PART_LINES)))):
        known = facts(measure(some))
        first = decode(known)
        states = places_as_headings(known, first)
        for guess in guesses(known, first, states, source=source):
            warnings.warn(guess, stacklevel=2)
        for row, state in zip(reversed(some), reversed(states.tolist()), strict=True):
            # Backwards: of two columns in one line, the left one gives the tag.
            tags[row.number] = TAGS[state]
        screenplay = build(known, states)
        title_page |= screenplay.title_page
        elements += screenplay.elements
    return Reading(Screenplay(title_page=title_page, elements=tuple(elements)), tuple(tags))


def read(text: str, *, source: str = "<text>") -> Screenplay:
    """`scan` without the tags."""
    return scan(text, source=source).screenplay
