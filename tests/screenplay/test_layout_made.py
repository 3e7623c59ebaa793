"""Our own screenplays, typed out in many people's layouts and spoiled as scanners, pastes and sites do."""

import random
import sys
from pathlib import Path

import pytest

from screenplay.readers import fountain, layout
from screenplay.readers.layout_states import LEGAL, TAGS

TESTS = Path(__file__).parent.parent
sys.path.insert(0, str(TESTS / "benchmarks"))

from layout_faults import Faults, spoil  # noqa: E402
from layout_page import BLANK, Page, inside_brackets  # noqa: E402
from layout_pages import Typist  # noqa: E402
from layout_scripts import Item, from_screenplay  # noqa: E402

NAMES = ("cistern-city", "fifteen-a-day-and-carfare", "hollenbeck-overtime", "lane-nineteen", "nobody-parks-on-tuesday")
FILES = [TESTS.parent / "corpora" / f"{name}.fountain" for name in NAMES]


@pytest.fixture(scope="module")
def scripts() -> list[list[Item]]:
    return [from_screenplay(fountain.read(path.read_text(encoding="utf-8")))[:500] for path in FILES]


def accuracy(pages: list[Page]) -> float:
    right = total = 0
    for page in pages:
        tags = layout.scan("\n".join(page.lines) + "\n").tags
        pairs = [(TAGS[state], tag) for state, tag in zip(page.states, tags, strict=True) if state != BLANK]
        right += sum(wanted == tag for wanted, tag in pairs)
        total += len(pairs)
    return right / total


@pytest.mark.filterwarnings("ignore:.*the lines have no:screenplay.errors.ReadWarning")
@pytest.mark.parametrize(
    ("kind", "faults", "least"),
    [
        ("film", Faults(), 0.995),
        ("film", Faults(tabs=True, stars=0.3, trailing=True), 0.99),
        ("film", Faults(lost_blanks=1), 0.98),
        ("film", Faults(doubled=True), 0.99),
        ("film", Faults(noise=0.003, shifted=0.1), 0.98),
        ("film", Faults(lifted=1, lost_cues=0.2), 0.97),
        ("flat", Faults(), 0.98),
        ("levelled", Faults(), 0.98),
        ("play", Faults(), 0.97),
        ("play_colon", Faults(), 0.97),
    ],
)
def test_lines_are_told_apart(scripts: list[list[Item]], kind: str, faults: Faults, least: float) -> None:
    rng = random.Random(11)
    pages = [spoil(Typist(rng, kind).type(items), faults, rng) for items in scripts]
    assert accuracy(pages) >= least


def test_spoiling_keeps_every_letter_and_state() -> None:
    page = Page()
    page.add("INT. BAR - NIGHT", 0)
    page.blank(1)
    page.add("Rain.", 1)
    spoiled = spoil(page, Faults(doubled=True, tabs=True, stars=1), random.Random(1))
    assert "".join("".join(spoiled.lines).split()).replace("*", "") == "INT.BAR-NIGHTRain."
    assert [state for state in spoiled.states if state != BLANK] == [0, 1]
    assert LEGAL[0, 1]


def test_directions_within_a_speech() -> None:
    assert inside_brackets(["Well (he takes", "the ball and", "throws it)", "that is that."]) == {1, 2}
    assert inside_brackets(["Well (beat) no.", "(beat)", "Yes."]) == set()
