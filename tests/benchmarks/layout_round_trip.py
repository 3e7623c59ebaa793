"""Measure how much of a screenplay comes back from the page: Fountain to laid-out text to elements.

    python tests/benchmarks/layout_round_trip.py FOLDER_OR_FILE... [--show]

prints the share of elements that are equal, in order, over all files; the worst files; and what became what.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

from screenplay.elements import UNPRINTED, Element, PageBreak
from screenplay.errors import ReadWarning
from screenplay.readers import fountain, layout
from screenplay.writers import layout as writer


def main() -> None:
    """Read, write and read every file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--show", action="store_true", help="print every difference")
    options = parser.parse_args()
    warnings.simplefilter("ignore", ReadWarning)
    files = sorted(file for path in options.paths for file in ([path] if path.is_file() else path.rglob("*.fountain")))
    same = total = letters = titles = 0
    seconds = 0.0
    shares: list[tuple[float, str]] = []
    changes: Counter[str] = Counter()
    for file in files:
        screenplay = fountain.read(file.read_text(encoding="utf-8", errors="replace"))
        wanted = [element for element in screenplay.elements if not isinstance(element, (*UNPRINTED, PageBreak))]
        if not wanted:
            continue
        text = writer.render(screenplay)
        begun = time.perf_counter()
        back = layout.read(text)
        seconds += time.perf_counter() - begun
        letters += len(text)
        titles += back.title_page == screenplay.title_page
        matcher = SequenceMatcher(None, keys(wanted), keys(list(back.elements)), autojunk=False)
        equal = sum(block.size for block in matcher.get_matching_blocks())
        same, total = same + equal, total + len(wanted)
        shares.append((equal / len(wanted), file.name))
        for tag, low, high, start, end in matcher.get_opcodes():
            if tag != "equal":
                changes[f"{kinds(wanted[low:high])} -> {kinds(back.elements[start:end])}"] += 1
                if options.show:
                    print(file.name, *(f"\n  - {one!r:.300}" for one in wanted[low:high]), end="")
                    print(*(f"\n  + {one!r:.300}" for one in back.elements[start:end]))
    print(f"{same / total:.5f} of {total} elements in {len(shares)} files equal; {titles} title pages equal")
    print(f"{letters / seconds / 1e6:.2f} MB/s read")
    for share, name in sorted(shares)[:10]:
        print(f"  {share:.4f}  {name}")
    for change, count in changes.most_common(25):
        print(f"  {count:5}  {change}")


def keys(elements: list[Element]) -> list[str]:
    """What makes two elements equal, as text."""
    return [element.model_dump_json(exclude={"line"}) for element in elements]


def kinds(elements: list[Element] | tuple[Element, ...]) -> str:
    """The kinds of a few elements."""
    return " ".join(element.kind for element in elements[:3]) + ("..." if len(elements) > 3 else "")


if __name__ == "__main__":
    main()
