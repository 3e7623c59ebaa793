"""Measure the layout reader on typed pages, clean and with one kind of fault at a time.

    python tests/benchmarks/layout_spoiled.py FOLDER... [--scripts 40] [--seed 7]

types scripts out in as many layouts, spoils them, and prints the share of filled lines whose tag is right.
"""

from __future__ import annotations

import argparse
import random
import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from layout_faults import Faults, spoil
from layout_page import BLANK, Page
from layout_pages import Typist
from layout_scripts import from_screenplay

from screenplay.errors import ReadWarning
from screenplay.readers import fountain, layout
from screenplay.readers.layout_states import TAGS

FAULTS = {
    "clean": Faults(),
    "all indentation lost": Faults(flattened=True),
    "half of the blank lines lost": Faults(lost_blanks=0.5),
    "all blank lines lost": Faults(lost_blanks=1),
    "both lost": Faults(flattened=True, lost_blanks=1),
    "blank lines added": Faults(added_blanks=0.1),
    "a blank line after every line": Faults(doubled=True),
    "a tenth of the lines shifted": Faults(shifted=0.1),
    "1 letter in 300 misread": Faults(noise=0.003),
    "1 letter in 50 misread": Faults(noise=0.02),
    "tabs": Faults(tabs=True),
    "short last lines taken for cues": Faults(lifted=1),
    "a fifth of the cues at the margin": Faults(lost_cues=0.2),
    "revision stars": Faults(stars=0.3),
    "spaces on blank lines": Faults(trailing=True),
}


def accuracy(pages: list[Page], faults: Faults, seed: int) -> float:
    """Share of the filled lines that get the right tag."""
    rng = random.Random(seed)
    right = total = 0
    for page in pages:
        spoiled = spoil(page, faults, rng)
        tags = layout.scan("\n".join(spoiled.lines) + "\n").tags
        for state, tag in zip(spoiled.states, tags, strict=True):
            if state != BLANK:
                total += 1
                right += TAGS[state] == tag
    return right / total


def main() -> None:
    """Type, spoil, read, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--scripts", type=int, default=40)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--kind", default="film", help="film, flat, narrow, levelled, play or play_colon")
    options = parser.parse_args()
    warnings.simplefilter("ignore", ReadWarning)
    rng = random.Random(options.seed)
    files = sorted(file for folder in options.folders for file in folder.rglob("*.fountain"))
    pages = []
    for file in rng.choices(files, k=options.scripts):
        items = from_screenplay(fountain.read(file.read_text(encoding="utf-8")))
        start = rng.randrange(max(1, len(items) - 400))
        pages.append(Typist(rng, options.kind).type(items[start : start + 400]))
    for name, faults in FAULTS.items():
        print(f"{accuracy(pages, faults, options.seed):.4f}  {name}", flush=True)


if __name__ == "__main__":
    main()
