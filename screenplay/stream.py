"""The annotated stream: a screenplay as one string in which each format token is one private-use character.

```
⟨scene⟩INT. LANE NINE - NIGHT⟨cast⟩GUS⟨and⟩LEVON⟨action⟩A pin falls.⟨character⟩GUS⟨dialogue⟩Finally.⟨end⟩
```

One token opens each element. There is no indentation, no wrapping and no page furniture; writers put
them back. Title page, scene numbers, page breaks, extra blank lines and what no page shows (sections,
synopses, notes, boneyard) stay out by rule: `carried` says what is left.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator

from pydantic import ValidationError

from screenplay.elements import (
    UNPRINTED,
    Action,
    Character,
    Dialogue,
    Element,
    Lyric,
    PageBreak,
    Parenthetical,
    SceneHeading,
    Screenplay,
    Shot,
    Transition,
    cast_of,
)
from screenplay.errors import GrammarError, ReadWarning

_NAMES = (
    "end", "scene", "cast", "and", "action", "centered", "character", "dual", "extension",
    "parenthetical", "dialogue", "lyric", "transition", "shot",
)  # fmt: skip
_FIRST = 0xE000
_RESERVED = re.compile("[\ue000-\ue01f]")
TOKENS: dict[str, str] = {name: chr(_FIRST + index) for index, name in enumerate(_NAMES)}
"""Name of each format token to its character. 32 characters from U+E000 are reserved for them."""
(
    END, SCENE, CAST, AND, ACTION, CENTERED, CHARACTER, DUAL, EXTENSION,
    PARENTHETICAL, DIALOGUE, LYRIC, TRANSITION, SHOT,
) = TOKENS.values()  # fmt: skip
# END also stands before a screenplay: it is what a network reads first.
CUES = (CHARACTER, DUAL)
"""What opens a cue."""

_SHOWN = {token: f"⟨{name}⟩" for name, token in TOKENS.items()}
_ELEMENT_OF = {
    END: "end",
    SCENE: "scene_heading",
    CAST: "cast",
    AND: "cast",
    ACTION: "action",
    CENTERED: "action",
    CHARACTER: "character",
    DUAL: "character",
    EXTENSION: "character",
    PARENTHETICAL: "parenthetical",
    DIALOGUE: "dialogue",
    LYRIC: "lyric",
    TRANSITION: "transition",
    SHOT: "shot",
}
_ALL = "".join(TOKENS.values())
_PIECE = re.compile(f"([{_ALL}])([^{_ALL}]*)")
_HEADER = re.compile(f"{CAST}(?:[^{_ALL}]|{AND})*")
_TOKEN_TABLE = dict.fromkeys(range(_FIRST, _FIRST + 32))
_UNCARRIED = (*UNPRINTED, PageBreak)


def is_token(symbol: str) -> bool:
    """Whether this character is a format token."""
    return symbol in _SHOWN


def element_of(token: str) -> str:
    """The kind of element that a token belongs to: an element's `kind`, `cast` or `end`."""
    return _ELEMENT_OF[token]


def encode(screenplay: Screenplay) -> str:
    """Turn a screenplay into its annotated stream, ending in `END`.

    Each scene heading is followed by the computed cast of its scene, in order of first speech. A
    reserved character in a text becomes U+FFFD, with a ReadWarning.
    """
    return "".join(_encoded(carried(screenplay))) + END


def carried(screenplay: Screenplay) -> Screenplay:
    """Keep what the stream keeps: decoding an encoded screenplay gives back just this."""
    return Screenplay.model_construct(title_page={}, elements=tuple(_carried(screenplay.elements)))


def decode(stream: str) -> Screenplay:
    """Turn an annotated stream into a screenplay. Cast headers are read over: they are computed from the cues.

    Raises:
        GrammarError: Text stands where a token must, a token where it means nothing, or an element is
            empty. What merely reads oddly (speech without a cue) is the grammar's to judge.
    """
    if not stream.endswith(END):
        raise GrammarError(f"the stream breaks off after {show(stream[-20:])!r}", expected="⟨end⟩")
    body = stream[:-1]
    first = next((i for i, symbol in enumerate(body) if symbol in _SHOWN), len(body))
    if first:
        raise GrammarError(f"text stands before the first token: {body[: min(first, 20)]!r}", column=1)
    return Screenplay.model_construct(title_page={}, elements=tuple(_decoded(body)))


def letters(stream: str) -> int:
    """Non-space characters of the text: no tokens, and no cast headers, which are computed and never printed."""
    text = _HEADER.sub("", stream) if CAST in stream else stream
    return len("".join(text.translate(_TOKEN_TABLE).split()))


def show(stream: str) -> str:
    """Name the tokens, for people: `⟨scene⟩INT. BAR⟨action⟩…`."""
    return "".join(_SHOWN.get(symbol, symbol) for symbol in stream)


def opening(element: Element) -> str:
    """The stream of one element alone, without a cast header; the empty string where it isn't carried."""
    match element:
        case SceneHeading(text=text):
            return SCENE + text
        case Action(text=text, centered=centered):
            return (CENTERED if centered else ACTION) + text
        case Character(name=name, extension=extension, dual=dual):
            return (DUAL if dual else CHARACTER) + name + (EXTENSION + extension if extension else "")
        case Parenthetical(text=text):
            return PARENTHETICAL + text
        case Dialogue(text=text):
            return DIALOGUE + text
        case Lyric(text=text):
            return LYRIC + text
        case Transition(text=text):
            return TRANSITION + text
        case Shot(text=text):
            return SHOT + text
        case _:
            return ""


def header(cast: Iterable[str]) -> str:
    """The cast header of a scene; the empty string where nobody speaks."""
    names = AND.join(cast)
    return CAST + names if names else ""


def _encoded(screenplay: Screenplay) -> Iterator[str]:
    yield from map(opening, screenplay.preamble)
    for scene in screenplay.scenes:
        yield opening(scene.heading)
        yield header(cast_of(scene.body))
        yield from map(opening, scene.body)


def _carried(elements: Iterable[Element]) -> Iterator[Element]:
    for element in elements:
        if isinstance(element, _UNCARRIED) or (isinstance(element, Action) and not element.text.strip()):
            continue
        changes: dict[str, str | None] = {}
        for field in ("text", "name", "extension"):
            value = getattr(element, field, None)
            if value is not None and _RESERVED.search(value):
                message = "a private-use character that is kept for format tokens became \ufffd"
                warnings.warn(ReadWarning(message, line=element.line), stacklevel=3)
                changes[field] = _RESERVED.sub("\ufffd", value)
        if isinstance(element, SceneHeading) and element.number is not None:
            changes["number"] = None
        yield element.model_copy(update=changes) if changes else element


def _decoded(body: str) -> Iterator[Element]:
    pieces = [(match[1], match[2], match.start() + 1) for match in _PIECE.finditer(body)]
    before = ""
    index = 0
    while index < len(pieces):
        token, text, column = pieces[index]
        index += 1
        try:
            match _ELEMENT_OF[token]:
                case "scene_heading":
                    yield SceneHeading(text=text)
                case "cast":
                    if before not in ((SCENE,) if token == CAST else (CAST, AND)):
                        raise _misplaced(token, before, column)
                case "action":
                    yield Action(text=_filled(text), centered=token == CENTERED)
                case "character":
                    if token == EXTENSION:
                        raise _misplaced(token, before, column)
                    extension = None
                    if index < len(pieces) and pieces[index][0] == EXTENSION:
                        extension = _filled(pieces[index][1])
                        index += 1
                    yield Character(name=text, extension=extension, dual=token == DUAL)
                case "parenthetical":
                    yield Parenthetical(text=text)
                case "dialogue":
                    yield Dialogue(text=text)
                case "lyric":
                    yield Lyric(text=text)
                case "transition":
                    yield Transition(text=text)
                case "shot":
                    yield Shot(text=text)
                case _:
                    raise _misplaced(token, before, column)
        except ValidationError as error:
            raise GrammarError(f"{_SHOWN[token]} has no text", column=column) from error
        before = token


def _filled(text: str) -> str:
    if not text.strip():
        raise GrammarError("an element has no text")
    return text


def _misplaced(token: str, before: str, column: int) -> GrammarError:
    place = f"after {_SHOWN[before]}" if before else "at the start"
    return GrammarError(f"{_SHOWN[token]} stands {place}", column=column)
