"""Reads laid-out plain text: screenplays as typed, scraped or pasted, and stage plays.

Every line is measured (`layout_lines`), described (`layout_features`) and scored for each element that it
could be; the best legal sequence wins (`layout_model`), and lines become elements again (`layout_build`). No
column is fixed: margins, tabs, lost indentation and lost blank lines are told from the text as a whole.

What is left out of the elements, and tagged `furniture`: page numbers, running heads, `(MORE)`, `CONTINUED`;
revision stars. A cue that a page break repeated (`NAME (CONT'D)` after nothing but furniture) is tagged
`character`, and its speech goes on as one. Fountain's emphasis marks stay as they stand. Page breaks are furniture.
"""

from __future__ import annotations

from screenplay.elements import Screenplay
from screenplay.readers import Reading
from screenplay.readers.layout_build import build
from screenplay.readers.layout_dual import part
from screenplay.readers.layout_features import facts
from screenplay.readers.layout_lines import cut, measure
from screenplay.readers.layout_model import decode
from screenplay.readers.layout_slugs import places_as_headings
from screenplay.readers.layout_states import TAGS


def scan(text: str, *, source: str = "<text>") -> Reading:
    r"""Read a screenplay, and say what each line was taken for.

    Lines end at `\n`, `\r\n` or `\r`. No text fails, and no word is lost but to furniture.
    """
    rows, total = cut(text)
    lines = measure(part(rows), total)
    if not len(lines):
        return Reading(Screenplay(), ("blank",) * lines.total)
    known = facts(lines)
    states = places_as_headings(known, decode(known))
    tags = ["blank"] * lines.total
    for number, state in zip(lines.number[::-1].tolist(), states[::-1].tolist(), strict=True):
        # Backwards: of two columns in one line, the left one gives the tag.
        tags[number] = TAGS[state]
    return Reading(build(known, states), tuple(tags))


def read(text: str, *, source: str = "<text>") -> Screenplay:
    """`scan` without the tags."""
    return scan(text, source=source).screenplay
