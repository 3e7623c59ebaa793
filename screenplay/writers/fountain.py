r"""Writes Fountain 1.1 that reads back as the same screenplay, whatever the screenplay holds.

Text stands as plainly as it can. Only where the plain form would read as something else does it get a
mark (`.` `!` `@` `>`) or a backslash. Three things Fountain has no form for are written so:

- a speech, or a part of one, without a cue of its own: a lone `@` where the cue would stand;
- a shot that doesn't begin as shots do: a forced action with a note, `!the ball, close [[shot]]`;
- an empty action: one more blank line between actions, else a lone `!`.

Source: https://fountain.io/syntax, version 1.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from screenplay import fountain_syntax as syntax
from screenplay.elements import (
    Action,
    Boneyard,
    Character,
    Dialogue,
    Element,
    Lyric,
    Note,
    PageBreak,
    Parenthetical,
    SceneHeading,
    Screenplay,
    Section,
    Shot,
    Synopsis,
    Transition,
)

_BYTE_ORDER_MARK = "\ufeff"
_LESS = re.compile(r"(?<!\\)\\*+<\Z")
_SPACED = re.compile(r"\\*+\s")


def render(screenplay: Screenplay) -> str:
    """The text of a Fountain file, ending in a line break if it isn't empty."""
    title_page = _title_page(screenplay.title_page)
    blocks = _blocks(screenplay.elements, opens_file=not title_page)
    if title_page:
        blocks.insert(0, _protected(title_page))
    if not blocks:
        return ""
    text = "\n\n".join(blocks) + "\n"
    # A blank first line keeps strict programs from taking `FADE IN:` for a title page, and a reader from
    # taking off a character that looks like a byte order mark.
    if text[0] == _BYTE_ORDER_MARK or (not title_page and ":" in text.split("\n", 1)[0]):
        return f"\n{text}"
    return text


class _Verbatim(str):
    """Lines with a note or boneyard, whose brackets must not be escaped."""

    __slots__ = ()


def _title_page(page: dict[str, tuple[str, ...]]) -> list[str]:
    first = next(iter(page), None)
    for forced in (None, first):
        lines: list[str] = []
        for key, values in page.items():
            opened = syntax.join_title_key(key, forced=key == forced)
            if len(values) == 1:
                lines.append(f"{opened} {values[0]}")
            else:
                lines += (opened, *(syntax.INDENT + value for value in values))
        if syntax.is_title_page(lines):
            break
    return lines


def _blocks(elements: tuple[Element, ...], *, opens_file: bool) -> list[str]:
    """What stands between blank lines."""
    blocks: list[str] = []
    at = 0
    while at < len(elements):
        element = elements[at]
        if isinstance(element, Note | Boneyard):
            blocks.append(_remark(element))
            at += 1
            continue
        gap = _gap(elements, at)
        at += gap
        end = _end_of_block(elements, at)
        block = _block(elements[at:end], forced=False)
        if opens_file:
            # The first line that isn't a remark must not pass for a title page's.
            opens_file = False
            if syntax.is_title_page([line for line in block if not isinstance(line, _Verbatim)]):
                block = _block(elements[at:end], forced=True)
        blocks.append("\n" * gap + _protected(block))
        at = end
    return blocks


def _protected(lines: list[str]) -> str:
    return "\n".join(line if isinstance(line, _Verbatim) else syntax.protect(line) for line in lines)


def _gap(elements: tuple[Element, ...], at: int) -> int:
    """How many empty actions from here on can be blank lines: those between two actions."""
    end = at
    while end < len(elements) and _is_empty(elements[end]):
        end += 1
    between = 0 < at < end < len(elements) and isinstance(elements[at - 1], Action)
    return end - at if between and isinstance(elements[end], Action) else 0


def _is_empty(element: Element) -> bool:
    return isinstance(element, Action) and not element.text and not element.centered


def _end_of_block(elements: tuple[Element, ...], at: int) -> int:
    """Where the elements that share a block with this one end."""
    first = elements[at]
    end = at + 1
    if isinstance(first, Lyric):
        while end < len(elements) and isinstance(elements[end], Lyric):
            end += 1
    elif isinstance(first, Character | Dialogue | Parenthetical):
        next_ = end
        while next_ < len(elements):
            element = elements[next_]
            if isinstance(element, Dialogue) and isinstance(elements[next_ - 1], Dialogue):
                break
            next_ += 1
            if isinstance(element, Dialogue | Parenthetical | Lyric):
                end = next_
            elif not isinstance(element, Note | Boneyard):
                break
    return end


def _block(elements: tuple[Element, ...], *, forced: bool) -> list[str]:
    """The lines of one block."""
    first = elements[0]
    if isinstance(first, Character):
        return [_cue(first, forced=forced or len(elements) == 1), *_speech(elements[1:])]
    if isinstance(first, Dialogue | Parenthetical):
        return ["@", *_speech(elements)]
    if isinstance(first, Lyric):
        return list(_speech(elements))
    if isinstance(first, Action):
        return list(_centered(first) if first.centered else _action(first, forced=forced))
    if isinstance(first, Shot):
        return [_shot(first, forced=forced)]
    return [_line(first, forced=forced)]


def _line(element: Element, *, forced: bool) -> str:
    if isinstance(element, SceneHeading):
        line = syntax.join_heading(element.text, element.number)
        return line if not forced and syntax.PLAIN_HEADING.match(element.text) else syntax.force_heading(line)
    if isinstance(element, Transition):
        if not forced and syntax.is_plain_transition(element.text):
            return element.text
        return "> " + _LESS.sub(r"\\\g<0>", element.text)
    if isinstance(element, Section):
        return f"{'#' * element.level} {element.text}"
    if isinstance(element, Synopsis):
        return f"= {element.text}"
    assert isinstance(element, PageBreak)
    return "==="


def _shot(shot: Shot, *, forced: bool) -> str:
    if not forced and syntax.opening(shot.text) == syntax.SHOT:
        return shot.text
    return _Verbatim(f"!{syntax.protect(shot.text)} [[{syntax.SHOT_NOTE}]]")


def _action(action: Action, *, forced: bool) -> Iterator[str]:
    lines = action.text.split("\n")
    look = syntax.opening(lines[0].strip()) if lines[0] else syntax.FORCED_ACTION
    if look == syntax.CUE and len(lines) == 1:
        look = syntax.ACTION  # capitals with a blank line after them
    yield lines[0] if look == syntax.ACTION and not forced else f"!{lines[0]}"
    for line in lines[1:]:
        bare = line.strip()
        forced = not bare or bare[0] == "!" or syntax.ends_action(bare) or syntax.is_capital_heading(bare)
        yield f"!{line}" if forced else line


def _centered(action: Action) -> Iterator[str]:
    for line in action.text.split("\n"):
        yield f"> {_escape_indent(line)} <" if line else "> <"


def _escape_indent(line: str) -> str:
    return f"\\{line}" if _SPACED.match(line) else line


def _cue(cue: Character, *, forced: bool) -> str:
    line = syntax.join_cue(cue)
    if not forced and syntax.opening(line) == syntax.CUE:
        return line
    return f"@{line}"


def _speech(elements: Iterable[Element]) -> Iterator[str]:
    for element in elements:
        if isinstance(element, Dialogue):
            for line in element.text.split("\n"):
                yield syntax.escape_dialogue(line)
        elif isinstance(element, Parenthetical):
            yield syntax.join_parenthetical(element.text)
        elif isinstance(element, Lyric):
            yield f"~{element.text}"
        else:
            assert isinstance(element, Note | Boneyard)
            yield _remark(element)


def _remark(element: Note | Boneyard) -> _Verbatim:
    text = element.text
    if isinstance(element, Note):
        text = "\n".join(line or syntax.KEPT_OPEN for line in text.split("\n"))
        return _Verbatim(f"[[{text} ]]" if text.endswith("]") else f"[[{text}]]")
    return _Verbatim(f"/*\n{text}\n*/" if "\n" in text else f"/* {text} */")
