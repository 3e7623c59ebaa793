"""Writes one self-contained web page: a screenplay's page in print, readable on a telephone.

Every element is a block with its kind as class, so that the page can be read back (`readers/html`). What no page shows
(sections, synopses, notes, boneyard) is there, but hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from screenplay.dual import SideBySide, grouped
from screenplay.elements import (
    UNPRINTED,
    Action,
    Character,
    Element,
    PageBreak,
    Parenthetical,
    SceneHeading,
    Screenplay,
    Section,
    Transition,
)
from screenplay.emphasis import parse, plain
from screenplay.writers.html_style import style

GENERATOR = "lebowski-gen"
"""Whom the page names as its maker; the reader keeps white space as it stands on such pages."""
_CENTERED_KEYS = ("title", "credit", "author", "authors", "source")
_COMMON_WORDS = frozenset(["and", "he", "her", "his", "it", "she", "the", "they", "to", "you"])
_SAMPLE_WORDS, _LEAST_WORDS, _COMMON_SHARE = 2000, 20, 0.08
"""Of English words, one in six is one of these; of another language's, next to none."""
_TAGS = (("bold", "strong"), ("italic", "em"), ("underline", "u"))


def render(screenplay: Screenplay) -> str:
    """The page's text."""
    title = " ".join(plain(line) for line in screenplay.title_page.get("Title", ())) or "Screenplay"
    lines = [
        "<!DOCTYPE html>",
        f"<html{_language(screenplay)}>",
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta name="generator" content="{GENERATOR}">',
        f"<title>{escape(title)}</title>",
        f"<style>\n{style(title_page=bool(screenplay.title_page))}</style>",
        "</head>",
        "<body>",
        '<main class="screenplay">',
        *_title_page(screenplay.title_page),
        *_body(screenplay.elements),
        "</main>",
        "</body>",
        "</html>",
        "",
    ]
    return "\n".join(lines)


def _language(screenplay: Screenplay) -> str:
    """The attribute that tells a program which reads aloud how to; none where the words do not look like English."""
    words: list[str] = []
    for element in screenplay.elements:
        words += getattr(element, "text", "").lower().split()
        if len(words) > _SAMPLE_WORDS:
            break
    common = sum(word in _COMMON_WORDS for word in words)
    return ' lang="en"' if common > _COMMON_SHARE * max(len(words), _LEAST_WORDS) else ""


def _title_page(page: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """The keys in their order; the style sheet puts title and authors in the middle, the rest at the foot."""
    if not page:
        return
    yield '<header class="title-page">'
    for key, values in page.items():
        where = "middle" if key.lower() in _CENTERED_KEYS else "foot"
        yield f'<div class="{where}" data-key="{escape(key)}">'
        if key.lower() == "title" and values:
            yield f"<h1>{'<br>'.join(map(_inner, values))}</h1>"
        else:
            yield from (f"<p>{_inner(value)}</p>" for value in values)
        yield "</div>"
    yield "</header>"


def _body(elements: Iterable[Element]) -> Iterator[str]:
    for unit in grouped(tuple(elements)):
        if not isinstance(unit, SideBySide):
            yield _block(unit)
            continue
        yield '<div class="side-by-side">'
        for side in (unit.left, unit.right):
            yield "<div>"
            yield from map(_block, side)
            yield "</div>"
        yield "</div>"


def _block(element: Element) -> str:
    """One element as one line of HTML."""
    kind = element.kind.replace("_", "-")
    if isinstance(element, PageBreak):
        return f'<hr class="{kind}">'
    if isinstance(element, UNPRINTED):
        level = f' data-level="{element.level}"' if isinstance(element, Section) else ""
        return f'<p class="{kind}"{level} hidden>{_lines(element.text)}</p>'
    if isinstance(element, SceneHeading):
        if element.number is None:
            return f'<h2 class="{kind}">{_inner(element.text)}</h2>'
        number = escape(element.number)
        return (
            f'<h2 class="{kind}" data-number="{number}"><span class="number">{number}</span>{_inner(element.text)}</h2>'
        )
    if isinstance(element, Character):
        dual = " dual" if element.dual else ""
        extension = (
            "" if element.extension is None else f' <span class="extension">({_inner(element.extension)})</span>'
        )
        return f'<p class="{kind}{dual}">{_inner(element.name)}{extension}</p>'
    if isinstance(element, Parenthetical):
        return f'<p class="{kind}">({_inner(element.text)})</p>'
    if isinstance(element, Action) and element.centered:
        kind += " centered"
    if isinstance(element, Transition) and element.text.upper().startswith("FADE IN"):
        kind += " opening"
    return f'<p class="{kind}">{_inner(element.text)}</p>'


def _lines(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")


def _inner(text: str) -> str:
    """Text with its emphasis as tags."""
    parts: list[str] = []
    for run in parse(text):
        tags = [tag for name, tag in _TAGS if getattr(run, name)]
        parts += (f"<{tag}>" for tag in tags)
        parts.append(_lines(run.text))
        parts += (f"</{tag}>" for tag in reversed(tags))
    return "".join(parts)
