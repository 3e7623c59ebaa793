"""Measure how much of a screenplay comes back from each format: Fountain to PDF, FDX, JSON and HTML, and back.

    python tests/benchmarks/round_trips.py FOLDER_OR_FILE... [--only pdf,fdx] [--every 10] [--show]

prints for each format the files that come back whole, the share of elements that are equal, in order, over all files;
the worst files; and what became what. From a PDF only what a page shows can come back, so sections, synopses, notes,
boneyard and page breaks are not counted there; the other formats keep them, and they are. Emphasis marks are compared
by what they mean, for only JSON keeps how they were typed: needless backslashes, `_*both*_` for `*_both_*`.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from screenplay.elements import UNPRINTED, Element, PageBreak, Screenplay
from screenplay.emphasis import compose, parse
from screenplay.errors import ReadWarning, WriteWarning
from screenplay.readers import fdx, fountain, html, json, pdf
from screenplay.writers import fdx as fdx_writer
from screenplay.writers import html as html_writer
from screenplay.writers import json as json_writer
from screenplay.writers import pdf as pdf_writer

FORMATS: dict[str, tuple[Callable[[Screenplay], str | bytes], Callable[..., Screenplay]]] = {
    "pdf": (pdf_writer.render, pdf.read),
    "fdx": (fdx_writer.render, fdx.read),
    "json": (json_writer.render, lambda text: json.scan(text).screenplay),
    "html": (html_writer.render, html.read),
}
_PAGE = (*UNPRINTED, PageBreak)


@dataclass
class Tally:
    """What came back from one format."""

    files: int = 0
    whole: int = 0
    """Files of which all elements and the title page are equal."""
    titles: int = 0
    same: int = 0
    total: int = 0
    seconds_written: float = 0.0
    seconds_read: float = 0.0
    shares: list[tuple[float, str]] = field(default_factory=list)
    changes: Counter[str] = field(default_factory=Counter)


def main() -> None:
    """Write every file in every format and read it again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--only", default=",".join(FORMATS), help="formats, with commas between them")
    parser.add_argument("--every", type=int, default=1, help="take one file in so many")
    parser.add_argument("--show", action="store_true", help="print every difference")
    options = parser.parse_args()
    warnings.simplefilter("ignore", ReadWarning)
    warnings.simplefilter("ignore", WriteWarning)
    found = sorted(file for path in options.paths for file in ([path] if path.is_file() else path.rglob("*.fountain")))
    screenplays = {
        file.name: fountain.read(file.read_text(encoding="utf-8", errors="replace")) for file in found[:: options.every]
    }
    for name in options.only.split(","):
        tally = Tally()
        for file, screenplay in screenplays.items():
            compare(name, file, screenplay, tally, show=options.show)
        report(name, tally)


def compare(name: str, file: str, screenplay: Screenplay, tally: Tally, *, show: bool) -> None:
    """Send one screenplay through one format, and count what came back."""
    write, read = FORMATS[name]
    unprinted = _PAGE if name == "pdf" else ()
    wanted = [element for element in screenplay.elements if not isinstance(element, unprinted)]
    if not wanted:
        return
    begun = time.process_time()
    content = write(screenplay)
    written = time.process_time()
    back = read(content)
    tally.seconds_written += written - begun
    tally.seconds_read += time.process_time() - written
    got = list(back.elements)
    equal = len(wanted)
    if got != wanted and name != "json":
        wanted, got = list(map(respelled, wanted)), list(map(respelled, got))
    if got != wanted:
        matcher = SequenceMatcher(None, keys(wanted), keys(got), autojunk=False)
        equal = sum(block.size for block in matcher.get_matching_blocks())
        for tag, low, high, start, end in matcher.get_opcodes():
            if tag == "equal":
                continue
            tally.changes[f"{kinds(wanted[low:high])} -> {kinds(got[start:end])}"] += 1
            if show:
                print(name, file, *(f"\n  - {one!r:.400}" for one in wanted[low:high]), end="")
                print(*(f"\n  + {one!r:.400}" for one in got[start:end]))
    is_titled = list(back.title_page.items()) == list(screenplay.title_page.items())
    if show and not is_titled:
        print(name, file, f"\n  - {screenplay.title_page}\n  + {back.title_page}")
    tally.files += 1
    tally.titles += is_titled
    tally.whole += is_titled and got == wanted
    tally.same, tally.total = tally.same + equal, tally.total + len(wanted)
    tally.shares.append((equal / len(wanted), file))


def respelled(element: Element) -> Element:
    """The element with its emphasis marks as this program sets them."""
    texts = {name: getattr(element, name, None) for name in ("text", "name", "extension")}
    return element.model_copy(update={name: compose(parse(text)) for name, text in texts.items() if text})


def report(name: str, tally: Tally) -> None:
    """Print what came back."""
    share = tally.same / tally.total if tally.total else 1.0
    print(f"{name}: {share:.5f} of {tally.total} elements in {tally.files} files equal")
    print(f"  {tally.titles} title pages equal, {tally.whole} files whole")
    print(f"  written in {tally.seconds_written:.0f} s, read in {tally.seconds_read:.0f} s")
    for part, file in sorted(tally.shares)[:10]:
        if part < 1:
            print(f"  {part:.4f}  {file}")
    for change, count in tally.changes.most_common(25):
        print(f"  {count:5}  {change}")


def keys(elements: list[Element]) -> list[str]:
    """What makes two elements equal, as text."""
    return [element.model_dump_json(exclude={"line"}) for element in elements]


def kinds(elements: list[Element]) -> str:
    """The kinds of a few elements."""
    return " ".join(element.kind for element in elements[:3]) + ("..." if len(elements) > 3 else "")


if __name__ == "__main__":
    main()
