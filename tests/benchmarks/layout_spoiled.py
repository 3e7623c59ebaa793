"""Measure the layout reader on typed pages, clean and with one kind of fault at a time.

    python tests/benchmarks/layout_spoiled.py FOLDER... [--scripts 40] [--seed 7] [--kinds film play]

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
from layout_scripts import Item, from_screenplay

from screenplay.errors import ReadWarning
from screenplay.readers import fountain, layout
from screenplay.readers.layout_states import TAGS

KINDS = ("film", "flat", "narrow", "levelled", "play", "play_colon")
NO_FURNITURE: dict[str, object] = {"furniture": False, "breaks": False}
FURNITURE: dict[str, object] = {"furniture": True, "breaks": True, "bottom": "(CONTINUED)", "top": "CONTINUED:"}
HABITS: dict[str, dict[str, object]] = {
    "clean": NO_FURNITURE,
    "page numbers, (MORE), CONTINUED": FURNITURE | {"more": True},
    "running heads": FURNITURE | {"head": "with"},
    "scene numbers in both margins": NO_FURNITURE | {"numbers": "both"},
    "cues in the middle": NO_FURNITURE | {"centred_cues": True},
    "action in capitals": NO_FURNITURE | {"capital_action": True},
    "margins shift from page to page": FURNITURE | {"shift": 9, "left": 10},
}
"""What a typist always does."""
FAULTS = {
    "all indentation lost": Faults(flattened=True),
    "half of the blank lines lost": Faults(lost_blanks=0.5),
    "all blank lines lost": Faults(lost_blanks=1),
    "indentation and blank lines lost": Faults(flattened=True, lost_blanks=1),
    "blank lines added": Faults(added_blanks=0.1),
    "a blank line after every line": Faults(doubled=True),
    "a tenth of the lines shifted": Faults(shifted=0.1),
    "1 letter in 300 misread": Faults(noise=0.003),
    "1 letter in 50 misread": Faults(noise=0.02),
    "tabs": Faults(tabs=True),
    "lines cut at 60 columns": Faults(cut=60),
    "short last lines taken for cues": Faults(lifted=1),
    "a fifth of the cues at the margin": Faults(lost_cues=0.2),
    "revision stars": Faults(stars=0.3),
    "spaces on blank lines": Faults(trailing=True),
    "Hebrew letters": Faults(alphabet="hebrew"),
    "Chinese letters": Faults(alphabet="chinese"),
}
"""What happened to the pages later, whatever the typist's habits."""


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


def typed(scripts: list[list[Item]], kind: str, habits: dict[str, object], seed: int) -> list[Page]:
    """Each script as another typist would type it, who has these habits too."""
    rng = random.Random(seed)
    pages = []
    for items in scripts:
        typist = Typist(rng, kind)
        for name, value in habits.items():
            assert hasattr(typist, name)
            setattr(typist, name, value)
        pages.append(typist.type(items))
    return pages


def main() -> None:
    """Type, spoil, read, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--scripts", type=int, default=40)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=["film"], help="sorts of page (default: film)")
    options = parser.parse_args()
    warnings.simplefilter("ignore", ReadWarning)
    rng = random.Random(options.seed)
    files = sorted(file for folder in options.folders for file in folder.rglob("*.fountain"))
    scripts = []
    for file in rng.choices(files, k=options.scripts):
        items = from_screenplay(fountain.read(file.read_text(encoding="utf-8")))
        start = rng.randrange(max(1, len(items) - 400))
        scripts.append(items[start : start + 400])
    print(f"{'':36}" + "".join(f"{kind:>12}" for kind in options.kinds))
    pages = {kind: typed(scripts, kind, {}, options.seed) for kind in options.kinds}
    for name, habits in HABITS.items():
        shares = [
            accuracy(typed(scripts, kind, habits, options.seed), Faults(), options.seed) for kind in options.kinds
        ]
        print(f"{name:36}" + "".join(f"{share:12.4f}" for share in shares), flush=True)
    for name, faults in FAULTS.items():
        shares = [accuracy(pages[kind], faults, options.seed) for kind in options.kinds]
        print(f"{name:36}" + "".join(f"{share:12.4f}" for share in shares), flush=True)


if __name__ == "__main__":
    main()
