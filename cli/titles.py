"""Which title a file goes by: told from its first page, from the line that heads its pages, or from its name."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

_ARTICLES = frozenset({"the", "a", "an"})
_NOISE = frozenset({
    "by", "written", "screenplay", "script", "teleplay", "draft", "drafts", "final", "shooting", "revised", "revision",
    "revisions", "rev", "version", "original", "early", "first", "second", "third", "fourth", "fifth", "copy", "scan",
    "ocr", "transcript", "production", "unproduced", "white", "blue", "pink", "yellow", "green", "goldenrod", "buff",
    "salmon", "cherry", "imsdb",
})  # fmt: skip
"""What may come after a title, up to the end: `chinatown-third-draft`, `CHINATOWN - Rev. 10/9/73`."""
_LATER = re.compile(r"v\d+|\d+(st|nd|rd|th)|19\d\d|20[0-3]\d")
"""The same, with figures. Not any number: `Die Hard 2` is another film, and so is `Blade Runner 2049`."""
_YEAR = re.compile(r"19\d\d|20[0-3]\d")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PAGE_NUMBER = re.compile(r"^\s*\d{1,4}[A-Z]?\.?(?:\s{2,}|\s*$)|(?:^|\s{2,})\d{1,4}[A-Z]?\.?\s*$")
_CONTINUED = re.compile(r"\W*(?:continued|cont['’]?d|more)\b.*", re.IGNORECASE)
_HEADS_PAGES = 3
"""How often a line stands above pages before it is taken for a running title."""


def fold(text: str) -> tuple[str, ...]:
    """The words of a title without case, accents and marks; initials are one word: `L. A.`, `L.A.` and `LA`."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in ".'’")
    words: list[str] = []
    before = ""
    for word in "".join(c if c.isalnum() else " " for c in plain).split():
        if len(word) == 1 == len(before) and words:
            words[-1] += word
        else:
            words.append(word)
        before = word
    return tuple(words)


def is_called(text: str, title: str, *, before: int | None = None) -> bool:
    """Whether a text is this title, with nothing after it but what drafts are marked with.

    Args:
        text: A line of a page, or a file's name without its suffix.
        title: The title.
        before: The last year that may stand in the text; a later one means a film made anew.
    """
    words, wanted = fold(text), _bare(fold(title))
    if words and words[0].isdigit() and len(words) > 1 and words[: len(wanted)] != wanted:
        words = words[1:]  # a list's number
    later = [int(word) for word in words if _YEAR.fullmatch(word)]
    if before is not None and any(year > before for year in later):
        return False
    cuts = [index for index, word in enumerate(words) if word in _NOISE or _LATER.fullmatch(word)]
    # `bladerunner` is `Blade Runner`: words are compared without what parts them.
    return any("".join(_bare(words[:cut])) == "".join(wanted) for cut in (*cuts, len(words)))


def of_file(stem: str) -> str:
    """A file's name as a title: `TheBigLebowski` and `the.big.lebowski` in words."""
    return _HUMP.sub(" ", stem.replace(".", " "))


def running_title(lines: Iterable[str]) -> str | None:
    """The line that heads most pages, without its page number.

    Args:
        lines: Page furniture, as it stands.
    """
    heads = (" ".join(_PAGE_NUMBER.sub("", line).split()) for line in lines)
    counts = Counter(head for head in heads if any(map(str.isalpha, head)) and not _CONTINUED.fullmatch(head))
    head, count = max(counts.items(), key=lambda item: item[1], default=("", 0))
    return head if count >= _HEADS_PAGES else None


def _bare(words: Sequence[str]) -> tuple[str, ...]:
    """Without an article at either end: `Big Lebowski, The`."""
    if len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    if len(words) > 1 and words[-1] in _ARTICLES:
        words = words[:-1]
    return tuple(words)
