r"""What Fountain's reader and writer must agree on: what a line looks like, and how it is escaped.

Fountain itself has no escape but `\*`; a screenplay can hold any text. Wherever text would pass for
syntax, one backslash stands before it, and a reader takes one off: text that had a backslash there
already gets a second one, so nothing is ambiguous. The places are named below, one function each.

Source: https://fountain.io/syntax, version 1.1.
"""

from __future__ import annotations

import re

from screenplay.elements import MOST_LEVEL, Character

# --- Over the whole text -------------------------------------------------------------------

OPENER = re.compile(r"(?<!\\)(\\*+)(\[\[|/\*)")
"""Where a note or a boneyard begins, unless backslashes stand before it."""
NOTE_END = re.compile(r"\n(?!  \n)[^\S\n]*\n")
"""The empty line that no note reaches over. A line of exactly two spaces is not empty."""
KEPT_OPEN = "  "
"""A line that is blank on the page but ends neither a speech nor a note."""
SHOT_NOTE = "shot"
"""The note that makes a forced action of one line a shot: `!the ball, close [[shot]]`."""


def protect(text: str) -> str:
    """Keep `[[` and `/*` in a text from opening a note or a boneyard."""
    if "[[" not in text and "/*" not in text:
        return text
    return OPENER.sub(r"\\\1\2", text)


# --- The line that opens a block -----------------------------------------------------------

HEADING = re.compile(r"[*_]{0,4}(?:INT|EXT|EST|INT\.?\s?/\s?EXT|EXT\.?\s?/\s?INT|I\.?\s?/\s?E)[.\s]", re.IGNORECASE)
"""How a scene heading begins that nobody forced; emphasis before it does no harm."""
PLAIN_HEADING = re.compile(r"(?:INT|EXT|EST|INT\.?/EXT|I/E)[. ]", re.IGNORECASE)
"""The part of it that every other program reads as a heading, too."""
_TRANSITION = re.compile(
    r"[*_]{0,4}(?:.*\bTO:"
    r"|FADE (?:IN|UP|OUT|TO BLACK|TO WHITE)[:.]?"
    r"|(?:SMASH |MATCH |JUMP |HARD )?CUT(?: TO BLACK| TO WHITE)?[:.]"
    r"|(?:CROSS ?FADE|DISSOLVE|WIPE|IRIS IN|IRIS OUT)[:.])[*_]{0,4}"
)
_SHOT = re.compile(
    r"(?:(?:EXTREME |BIG )?CLOSE(?:R|[ -]?UP| ON| SHOT)|TIGHT(?:ER)? ON"
    r"|(?:NEW |REVERSE |ANOTHER |HIGH |LOW |WIDE |WIDER )?ANGLE|WIDE ON|WIDER|(?:WIDE|TRACKING|AERIAL|CRANE|DOLLY) SHOT"
    r"|INSERT|P\.?O\.?V)(?![\w'’])"
    r"|.*\bP\.?O\.?V\.?(?![\w'’])"
)
"""How a shot begins that nobody marked; the line is in capitals from end to end."""
_SECTION = re.compile(rf"#{{1,{MOST_LEVEL}}}+(?!#)\s*+\S")
PAGE_BREAK = re.compile(r"={3,}")
_HEADING_START = r"""[("'“‘«*_]*+[^\W_]"""
_FORCED_HEADING = re.compile(rf"\.(?:\\.|{_HEADING_START})")

SECTION, SYNOPSIS, BREAK, CENTERED, LYRIC = "section", "synopsis", "page_break", "centered", "lyric"
HEADING_LINE, TRANSITION, SHOT, CUE, ACTION = "scene_heading", "transition", "shot", "character", "action"
FORCED_HEADING, FORCED_TRANSITION, FORCED_CUE, FORCED_ACTION = "forced .", "forced >", "forced @", "forced !"


def opening(line: str) -> str:
    """What a block's first line (without outer spaces, not empty) looks like, whatever follows it."""
    mark = line[0]
    if mark in "!@#=~>.":
        forced = _marked(mark, line)
        if forced is not None:
            return forced
    if HEADING.match(line):
        return HEADING_LINE
    if line.isupper():
        if _TRANSITION.fullmatch(line):
            return TRANSITION
        if _SHOT.match(line):
            return SHOT
        if "(" not in line:
            return CUE
    if "(" in line and mark != "(" and split_cue(line)[0].isupper():
        return CUE
    return ACTION


def _marked(mark: str, line: str) -> str | None:
    if mark == "!":
        return FORCED_ACTION
    if mark == "@":
        return FORCED_CUE
    if mark == "#":
        return SECTION if _SECTION.match(line) else None
    if mark == "=":
        if line.strip("=") == "":
            return BREAK if len(line) >= 3 else None
        return SYNOPSIS
    if mark == "~":
        return LYRIC if len(line) > 1 else None
    if mark == ">":
        if is_centered(line):
            return CENTERED
        return FORCED_TRANSITION if len(line) > 1 else None
    return FORCED_HEADING if _FORCED_HEADING.match(line) else None


def is_centered(line: str) -> bool:
    """Whether `>` and `<` enclose a line without outer spaces."""
    return line.startswith(">") and line.endswith("<") and not line.endswith("\\<") and len(line) > 1


def ends_action(line: str) -> bool:
    """Whether a line (without outer spaces, not empty) can't be the second or a later one of an action."""
    mark = line[0]
    if mark == "#" or mark == "=":
        return _marked(mark, line) is not None
    return mark == ">" and is_centered(line)


def is_capital_heading(line: str) -> bool:
    """Whether a line is a heading in capitals throughout, which needs fewer blank lines around it."""
    return line.isupper() and HEADING.match(line) is not None


def is_plain_transition(text: str) -> bool:
    """Whether a text needs no mark to be set as a transition by every program.

    Others take `FADE IN:` for action, which puts it at the left margin, where it belongs.
    """
    return text == "FADE IN:" or (text.isupper() and text.endswith("TO:") and opening(text) == TRANSITION)


# --- Scene headings ------------------------------------------------------------------------

NO_NUMBER = "##"
"""Ends a heading whose own text ends in `#`, so that it isn't taken for a scene number."""
_NUMBER = re.compile(r"(?:[^\s#\\]|\\[ #\\])*")
_NUMBER_ESCAPE = re.compile(r"\\([ #\\])")
_UNLIKE_HEADING = re.compile(rf"\\*+(?!{_HEADING_START})")


def split_heading(line: str) -> tuple[str, str | None]:
    """Part a heading's text from its scene number."""
    if not line.endswith("#") or len(line) < 2:
        return line, None
    opens = line.rfind("#", 0, -1)
    while opens > 0 and line[opens - 1] == "\\" and _is_escaped(line, opens):
        opens = line.rfind("#", 0, opens)
    if opens < 1:
        return line, None
    inside = line[opens + 1 : -1]
    text = line[:opens].rstrip()
    if not text or not _NUMBER.fullmatch(inside):
        return line, None
    return text, " ".join(_NUMBER_ESCAPE.sub(r"\1", inside).split()) or None


def _is_escaped(line: str, place: int) -> bool:
    slash = place
    while slash and line[slash - 1] == "\\":
        slash -= 1
    return (place - slash) % 2 == 1


def join_heading(text: str, number: str | None) -> str:
    """A heading's line, without a force mark."""
    if number is not None:
        escaped = re.sub(r"[ #\\]", r"\\\g<0>", number)
        return f"{text} #{escaped}#"
    return f"{text} {NO_NUMBER}" if text.endswith("#") else text


def force_heading(line: str) -> str:
    """A heading's line with its force mark, and a backslash where no letter or digit follows (or one in quotes)."""
    return f".\\{line}" if _UNLIKE_HEADING.match(line) else f".{line}"


def unforce_heading(line: str) -> str:
    """What the force mark stood before."""
    line = line[1:].lstrip()
    return line[1:] if line.startswith("\\") and _UNLIKE_HEADING.match(line) else line


# --- Cues ----------------------------------------------------------------------------------

_CUE_SPECIAL = re.compile(r"[(^\\]")
_OPEN_BRACKET = re.compile(r"(?<!\\)(\\*+)\(")
_ESCAPED_BRACKET = re.compile(r"(?<!\\)\\(\\*+\()")
_ESCAPED_CARET = re.compile(r"(?<!\\)\\(\\*+\^)\Z")
_CARET = re.compile(r"(?<!\\)\\*+\^\Z")


def split_cue(line: str) -> tuple[str, str | None, bool]:
    """Part a cue's line, without its force mark, into name, extension and dual mark."""
    if not _CUE_SPECIAL.search(line):
        return line, None, False
    body, dual = line, False
    if line.endswith("^") and not line.endswith("\\^"):
        body, dual = line[:-1].rstrip(), True
    name, extension = body, None
    if body.endswith(")"):
        for bracket in _OPEN_BRACKET.finditer(body):
            if not bracket[1]:
                name = body[: bracket.start()].rstrip()
                extension = " ".join(body[bracket.end() : -1].split()) or None
                break
    if not name:
        name, extension, dual = line, None, False
    if "\\" in name:
        name = _ESCAPED_BRACKET.sub(r"\1", name)
        if not dual and extension is None:
            name = _ESCAPED_CARET.sub(r"\1", name)
    return " ".join(name.split()), extension, dual


def join_cue(cue: Character) -> str:
    """A cue's line, without a force mark."""
    line = _OPEN_BRACKET.sub(r"\\\1(", cue.name) if "(" in cue.name else cue.name
    if cue.extension is not None:
        line = f"{line} ({cue.extension})"
    elif not cue.dual and line.endswith("^"):
        line = _CARET.sub(lambda caret: "\\" + caret[0], line)
    return f"{line} ^" if cue.dual else line


# --- Speeches ------------------------------------------------------------------------------

_BRACKET = re.compile(r"(?<!\\)\\*+[()]")
_ESCAPED_BRACKETS = re.compile(r"(?<!\\)\\(\\*+[()])")
_BRACKETS_ONLY = re.compile(r"[()\s]*")
_EMPHASIZED = re.compile(r"([*_]{1,4})(\(.*\))([*_]{1,4})")
CLOSED, OPEN = "closed", "open"


def bracketing(line: str) -> str | None:
    """Whether brackets enclose all of a speech's line (`closed`), or one opens it and stays `open`."""
    if line[0] in "*_":
        emphasized = _EMPHASIZED.fullmatch(line)
        if not emphasized or emphasized[1] != emphasized[3][::-1]:
            return None
        line = emphasized[2]
        return CLOSED if bracketing(line) == CLOSED else None
    if line[0] != "(":
        return None
    depth = 0
    for bracket in _BRACKET.finditer(line):
        if bracket[0] == "(":
            depth += 1
        elif bracket[0] == ")":
            depth -= 1
            if not depth:
                return CLOSED if bracket.end() == len(line) and not _BRACKETS_ONLY.fullmatch(line) else None
    return OPEN


def split_parenthetical(line: str) -> str:
    """The text of a parenthetical whose line is `closed`; emphasis around the brackets goes inside."""
    before = after = ""
    if line[0] != "(":
        emphasized = _EMPHASIZED.fullmatch(line)
        assert emphasized is not None
        before, line, after = emphasized[1], emphasized[2], emphasized[3]
    inside = line[1:-1].strip()
    if "\\" in inside:
        inside = _ESCAPED_BRACKETS.sub(r"\1", inside)
    return before + inside + after


def join_parenthetical(text: str) -> str:
    """A parenthetical's line. Brackets in its text that don't pair up are escaped."""
    if "(" in text or ")" in text:
        inside = _ESCAPED_BRACKETS.sub(r"\\\g<0>", text)
        if bracketing(f"({inside})") != CLOSED:
            inside = _BRACKET.sub(r"\\\g<0>", text)
    else:
        inside = text
    return f"({inside} )" if inside.endswith("\\") else f"({inside})"


def is_special_in_speech(line: str) -> bool:
    """Whether a speech's line (without outer spaces, not empty) is more than dialogue."""
    mark = line[0]
    if mark == "~":
        return len(line) > 1
    if mark == "=":
        return PAGE_BREAK.fullmatch(line) is not None
    return mark in "(*_" and bracketing(line) is not None


def escape_dialogue(line: str) -> str:
    """A line of dialogue that nothing else is read from."""
    if not line:
        return KEPT_OPEN
    bare = line.lstrip("\\")
    return f"\\{line}" if bare and is_special_in_speech(bare) else line


def unescape_dialogue(line: str) -> str:
    """Take off the backslash that `escape_dialogue` put."""
    bare = line.lstrip("\\")
    return line[1:] if bare and is_special_in_speech(bare) else line


# --- Title page ----------------------------------------------------------------------------

_KNOWN_KEYS = frozenset(
    (
        "title", "credit", "author", "authors", "written by", "source", "based on", "notes", "draft", "draft date",
        "date", "revision", "contact", "contact info", "copyright", "episode", "series", "font",
    )
)  # fmt: skip
_KEY = re.compile(r"([^\s:\\.!@>~#=(\[/][^:\\]{0,79}):(.*)")
_FORCED_KEY = re.compile(r"\\((?:[^\\:]|\\[\\:])*+):(.*)")
INDENT = "    "


def title_key(line: str) -> tuple[str, str] | None:
    """Part a title page's line into key and value, if it has them."""
    if line.startswith("\\"):
        forced = _FORCED_KEY.fullmatch(line)
        key = " ".join(re.sub(r"\\([\\:])", r"\1", forced[1]).split()) if forced else ""
        return (key, forced[2]) if forced and key else None
    if line.startswith(INDENT[:3]):
        return None
    found = _KEY.fullmatch(line.lstrip())
    if not found or HEADING.match(found[0]) or _TRANSITION.fullmatch(f"{found[1]}:"):
        return None
    return " ".join(found[1].split()), found[2]


def is_title_page(lines: list[str]) -> bool:
    """Whether the lines before a text's first blank one are a title page.

    `NIGHT: he wakes` as a first line is action, and `MARTA: Hi.` above `BO: No.` is a play's dialogue. So one
    key must be well known (or forced), or there must be two or more and not all in capitals.
    """
    if not lines or title_key(lines[0]) is None:
        return False
    keys = [key for key in map(title_key, lines) if key is not None]
    if lines[0].startswith("\\") or any(key.lower() in _KNOWN_KEYS for key, _ in keys):
        return True
    if len(keys) < 2 or all(key.isupper() for key, _ in keys):
        return False
    return all(title_key(line) is not None or line.startswith(INDENT[:3]) for line in lines)


def join_title_key(key: str, *, forced: bool) -> str:
    """A key with its colon, and the mark that makes it one wherever that is needed."""
    if not forced and title_key(f"{key}:") == (key, ""):
        return f"{key}:"
    return "\\" + re.sub(r"([\\:])", r"\\\1", key) + ":"
