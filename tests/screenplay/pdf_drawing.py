"""PDFs as other programs might draw them, and a screenplay with everything in it."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from pdfminer.high_level import extract_text
from reportlab.pdfgen.canvas import Canvas

from screenplay.elements import Action, Character, Dialogue, Element, Lyric, Parenthetical, SceneHeading, Transition


def page_texts(data: bytes) -> list[str]:
    """Each page's text, as pdfminer reads it."""
    return extract_text(io.BytesIO(data)).split("\f")[:-1]


def drawn(draw: Callable[[Canvas], None]) -> bytes:
    """A PDF as another program might draw it."""
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=(612, 792), invariant=1)
    draw(canvas)
    canvas.save()
    return data.getvalue()


def page_of(canvas: Canvas, rows: Sequence[tuple[float, float, str]], font: str = "Courier") -> None:
    """One page with texts at places counted in columns and rows."""
    canvas.setFont(font, 12)
    for column, row, text in rows:
        canvas.drawString(108 + 7.2 * column, 711 - 12 * row, text)
    canvas.showPage()


BODY: tuple[Element, ...] = (
    Transition(text="FADE IN:"),
    SceneHeading(text="INT. HOUSE - DAY", number="12A"),
    Action(text="Some *action* & **there**, and _more of it_ so that the line has to wrap somewhere, ***now***."),
    Action(text="THE END OF **PART** ONE", centered=True),
    Character(name="BRICK", extension="V.O."),
    Parenthetical(text="quietly"),
    Dialogue(text="Screw retirement.\nYes."),
    Character(name="STEEL", dual=True),
    Dialogue(text="Screw it _all_, and then a longer line that wraps around the narrow column."),
    Action(text="They sing."),
    Character(name="BRICK"),
    Lyric(text="La la la"),
    Lyric(text="la la, a rather long line that has to wrap around somewhere"),
    Transition(text="CUT TO:"),
    SceneHeading(text="EXT. STREET - NIGHT", number="13"),
    Action(text="He dies of \\*something\\*."),
)
