"""The web page's style sheet: the industry's page in print, its columns on a screen, narrower on a telephone."""

from __future__ import annotations

from screenplay.page import (
    COLUMNS,
    LEFT_MARGIN_IN,
    LINES_PER_INCH,
    PAPER_HEIGHT_IN,
    PAPER_WIDTH_IN,
    RIGHT_MARGIN_IN,
    TEXT_WIDTH_CHARS,
    TOP_MARGIN_IN,
)

_FIXED = """\
:root { color-scheme: light dark; }
* { box-sizing: border-box; margin: 0; padding: 0; }
body { padding: 1.5em 1em 4em; }
main { max-width: 100%; margin: 0 auto; font: 12pt/1 "Courier Prime", "Courier Final Draft", Courier, "Courier New",
  "Liberation Mono", monospace; font-variant-ligatures: none; }
p, h1, h2 { font: inherit; white-space: pre-wrap; overflow-wrap: break-word; min-height: 1em; }
[hidden] { display: none; }
hr { height: 0; border: 0; break-after: page; }
.character, .scene-heading, .parenthetical { break-after: avoid; }
.scene-heading, .transition, .shot, .parenthetical { break-inside: avoid; }
.action, .dialogue { orphans: 2; widows: 2; }
.scene-heading { position: relative; }
.number { position: absolute; right: calc(100% + 2ch); }
.scene-heading[data-number]::after { content: attr(data-number); position: absolute; left: calc(100% + 2ch); }
.centered { text-align: center; }
.transition { text-align: right; }
.transition.opening { text-align: left; }
.lyric { font-style: italic; }
.side-by-side { display: grid; grid-template-columns: 1fr 1fr; column-gap: 2ch; margin-top: 1em; break-inside: avoid; }
.side-by-side p { margin-left: 0; width: auto; }
.side-by-side .character { margin: 0 0 0 6ch; }
.side-by-side .parenthetical { margin-left: 3ch; }
.title-page { display: flex; flex-direction: column; min-height: 30em; margin-bottom: 4em; }
.title-page .middle { text-align: center; margin-bottom: 1em; }
.title-page .foot { order: 1; }
.title-page::before { content: ""; flex: 1; }
.title-page::after { content: ""; flex: 1; order: 0; }
"""
_NARROW = """\
@media (max-width: 68ch) {
  main { font-size: 16px; line-height: 1.25; }
  .character { margin-left: 25%; width: auto; }
  .parenthetical { margin-left: 15%; width: 65%; }
  .dialogue, .lyric { margin-left: 8%; width: 84%; }
  .number, .scene-heading[data-number]::after { position: static; margin-right: 1ch; }
  .scene-heading[data-number]::after { content: none; }
  .side-by-side { column-gap: 1ch; }
  .side-by-side .character { margin-left: 1ch; }
  .side-by-side .parenthetical, .side-by-side .dialogue, .side-by-side .lyric { margin-left: 0; width: auto; }
}
"""

_SHEET_MARGIN_IN = 0.5
_AFTER_TITLE_PAGE = """\
@page title { counter-reset: page 0; @top-right { content: none; } }
@page :nth(2) { @top-right { content: none; } }
"""


def style(*, title_page: bool) -> str:
    """The sheet's text, its columns from `screenplay.page`. The first page of the script has no number."""
    rules = [_FIXED, f"main {{ width: {TEXT_WIDTH_CHARS}ch; }}\n"]
    for kind, column in COLUMNS.items():
        selector = "." + kind.replace("_", "-")
        rule = f"margin-top: {column.blank_lines_before}em;" if column.blank_lines_before else ""
        if column.indent_chars:
            rule += f" margin-left: {column.indent_chars}ch;"
        if column.width_chars != TEXT_WIDTH_CHARS:
            rule += f" width: {column.width_chars}ch;"
        if rule:
            rules.append(f"{selector} {{ {rule.strip()} }}\n")
    rules += [_NARROW, _print()]
    if title_page:
        rules.append(_AFTER_TITLE_PAGE)
    return "".join(rules)


def _print() -> str:
    # Scene numbers stand in the margins, where browsers print nothing; so the sheet's own margins are smaller.
    left, right = LEFT_MARGIN_IN - _SHEET_MARGIN_IN, RIGHT_MARGIN_IN - _SHEET_MARGIN_IN
    return f"""\
@page {{ size: {PAPER_WIDTH_IN}in {PAPER_HEIGHT_IN}in; margin: {TOP_MARGIN_IN}in {_SHEET_MARGIN_IN}in;
  @top-right {{ content: counter(page) "."; padding-right: {right}in;
    font: 12pt "Courier Prime", Courier, "Courier New", monospace; }} }}
@page :first {{ @top-right {{ content: none; }} }}
@media print {{
  :root {{ color-scheme: light; }}
  body {{ padding: 0; }}
  main {{ font-size: 12pt; line-height: {1 / LINES_PER_INCH:.4f}in; }}
  main {{ width: {TEXT_WIDTH_CHARS}ch; max-width: none; margin: 0 0 0 {left}in; }}
  .title-page {{ page: title; height: {PAPER_HEIGHT_IN - 2 * TOP_MARGIN_IN}in; margin: 0; break-after: page; }}
}}
"""
