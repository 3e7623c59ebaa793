"""What a scene is about: passages that are like it, and what a draft that is reminded of them expects."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import chain
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_recall import WORDS, known
from test_recollection import smoothed

from model import drafts
from model import reminding as module
from model.checkpoint import Checkpoint, CheckpointConfig
from model.counted import Powers
from model.counting import Reminded
from model.finding import ID_MASK, LONGEST, REMINDING, REST, REST_MASK, SPEECH, WEIGHT, head_of, reminders
from model.generation import Request, Writing
from model.lanes import Lane
from model.network import CharRNN
from model.passages import PASSAGE, Symbols, by_word, parted
from model.recall import OTHERS, Recall, Voices
from model.recollection import Recollection
from model.reminding import ROOM, likest
from model.sentences import FAR
from model.shape import NetworkConfig
from model.sources import NO_SOURCES, Sources
from model.vocabulary import UNKNOWN, Vocabulary
from screenplay.stream import ACTION, CAST, CHARACTER, DIALOGUE, END, SCENE, TOKENS

LETTERS = Vocabulary((UNKNOWN, *TOKENS.values(), *" .,?'-", *map(chr, range(65, 91)), *map(chr, range(97, 123))))
VOICES = Voices.among(LETTERS)
NUMBERS = [one + other for one in ("one", "two", "six", "ten") for other in map(chr, range(97, 117))]
ELSEWHERE = "".join(
    f"{SCENE}EXT. {number.upper()}{ACTION}{number} and more of what is never said." for number in NUMBERS
)
"""Scenes in which hardly a word is that of another, in sentences that are too long to be followed."""
BOWLING = (
    f"{SCENE}INT. LANES{CAST}GUS{ACTION}A ball rolls down. {'Nobody looks at anybody else in here. ' * 11}"
    f"{CHARACTER}GUS{DIALOGUE}That is a gutter ball."
)
COURT = f"{SCENE}INT. COURT{CAST}JUDGE{ACTION}The clerk stands.{CHARACTER}JUDGE{DIALOGUE}That is an exhibit."


def recall_of(*texts: str) -> Recall:
    return known(*texts, ELSEWHERE, vocabulary=LETTERS)


def reminded_of(recall: Recall, scene: str, shares: dict[int, float] | None = None) -> Reminded:
    rows = Reminded.nothing(1, ROOM)
    reminded = Reminded(*(part[0] for part in rows))
    recall.passages(VOICES, shares).remind(LETTERS.encode(scene), reminded)
    return reminded


def shown(reminded: Reminded) -> str:
    return LETTERS.decode((reminded.passages & ID_MASK)[reminded.passages > 0])


def parts_of(text: str) -> tuple[list[str], dict[int, set[int]]]:
    """Passages, and of each word's number those that have it."""
    ids = LETTERS.encode(text).astype(np.uint8)
    bounds, words, passages = parted(ids, np.array([[0, len(ids)]]), Symbols.of(LETTERS.characters))
    firsts, places = by_word(words, passages)
    found = {
        word: {*places[firsts[word] : firsts[word + 1]].tolist()} for word in np.flatnonzero(np.diff(firsts)).tolist()
    }
    assert all(len(found[word]) == firsts[word + 1] - firsts[word] for word in found)
    return [text[first:end] for first, end in bounds], found


def number_of(word: str) -> int:
    ((number, _),) = parts_of(f"{SCENE}{word}")[1].items()
    return number


def test_a_passage_ends_with_its_scene_or_once_it_is_long_with_its_paragraph() -> None:
    found, words = parts_of(END + BOWLING + COURT + END + COURT)
    first = BOWLING[: BOWLING.index(CHARACTER)]
    assert found == [first, BOWLING[len(first) :], COURT, COURT]
    assert words[number_of("gutter")] == {1}
    assert words[number_of("exhibit")] == {2, 3}
    assert words[number_of("Lanes")] == {0, 1}, "all passages of a scene have its heading's words"
    assert words[number_of("ball")] == {0, 1}
    assert number_of("gutter") == number_of("GUTTER")


def test_what_stands_in_no_scene_is_in_no_passage_and_nothing_is_lost_else() -> None:
    text = f"{END}{BOWLING}{COURT}{BOWLING * 3}{END}"
    assert "".join(parts_of(text)[0]) == text.replace(END, "")
    assert parts_of("what is this")[0] == []
    assert parts_of("")[0] == []


@given(st.lists(st.integers(0, 6), max_size=60), st.integers(1, 12), st.integers(1, 40))
def test_the_passages_that_are_likest(points: list[int], chosen: int, room: int) -> None:
    scores = np.array(points, np.float32) / np.float32(3)
    sizes = np.arange(len(points)) % 4 + 1
    bounds = np.stack([np.cumsum(sizes) - sizes, np.cumsum(sizes)], axis=1)
    expected = sorted((each for each in range(len(points)) if points[each]), key=lambda each: (-points[each], each))
    expected = expected[:chosen]
    expected += [each for each in range(0, len(points), max(1, len(points) // chosen)) if not points[each]]
    taken, filled = [], 0
    for each in expected:
        if filled + sizes[each] <= room:
            taken.append(each)
            filled += sizes[each]
    assert likest(scores, bounds, chosen, room).tolist() == taken


def test_a_scene_reminds_of_those_like_it_first() -> None:
    recall = recall_of(COURT, BOWLING, COURT)
    for scene, first in ((f"{SCENE}INT. LANES", BOWLING[:30]), (f"{SCENE}INT. COURT", COURT[:30])):
        assert shown(reminded_of(recall, scene)).startswith(first)
    # What was said last weighs more than what was said before.
    talk = f"{SCENE}INT. BAR{CHARACTER}A{DIALOGUE}%s{CHARACTER}B{DIALOGUE}No.{CHARACTER}A{DIALOGUE}%s"
    assert shown(reminded_of(recall, talk % ("exhibit", "gutter"))).startswith(BOWLING[BOWLING.index(CHARACTER) :])
    assert shown(reminded_of(recall, talk % ("gutter", "exhibit"))).startswith(COURT)


def test_of_others_than_were_chosen_nothing_is_shown() -> None:
    recall = recall_of(COURT, BOWLING)
    assert "ball" not in shown(reminded_of(recall, f"{SCENE}INT. LANES", {0: 1.0}))
    assert shown(reminded_of(recall, f"{SCENE}INT. LANES", {7: 1.0})) == ""
    # A smaller share counts for less.
    both = f"{SCENE}INT. COURT LANES"
    assert shown(reminded_of(recall, both, {0: 1.0, 1: 0.1, 2: 1.0})).startswith(COURT)
    assert shown(reminded_of(recall, both, {0: 0.1, 1: 1.0, 2: 1.0})).startswith(BOWLING[:9])


def test_a_text_that_is_there_several_times_is_one() -> None:
    own, others = known(BOWLING, vocabulary=LETTERS), recall_of(*[COURT] * 600)
    merged = own.merged(others)
    assert merged.numbers.count(0) > 1
    reminded = shown(reminded_of(merged, f"{SCENE}INT. LANES"))
    assert reminded.count("gutter") == 1
    assert merged.numbers.count(OTHERS) == 601


def test_what_was_said_is_not_to_be_said_again() -> None:
    recall = recall_of(COURT)
    far = {
        said: (reminded_of(recall, f"{SCENE}INT. COURT{ACTION}{said}").passages >> REST) & REST_MASK
        for said in ("The clerk sits.", "The clerk stands.")
    }
    place = COURT.index("The clerk")
    assert far["The clerk sits."][place] == len("The clerk stands.")
    assert set(far["The clerk stands."][place : place + len("The clerk stands.")].tolist()) == {FAR}
    place = COURT.index("That is")
    assert far["The clerk stands."][place] == len("That is an exhibit.")


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, 40), st.booleans(), st.integers(1, 3)), max_size=60),
    st.lists(st.integers(1, 3), max_size=30),
    st.booleans(),
    st.sampled_from([1, 8]),
)
def test_what_stands_in_passages_after_the_same(
    passages: list[tuple[int, int, bool, int]], text: list[int], is_speech: bool, chains: int
) -> None:
    marked = np.array([i | r << REST | s << SPEECH | w << WEIGHT for i, r, s, w in passages], np.int32)
    found = [[] for _ in range(chains)]  # type: ignore[var-annotated]
    for place in range(REMINDING, len(marked)):
        found[head_of(marked, place, REMINDING, chains)].append(place)
    places = np.array([*chain.from_iterable(found)], np.uint16)
    firsts = np.cumsum([0, *map(len, found)]).astype(np.uint16)
    expected: Counter[tuple[int, int]] = Counter()
    for place, (id_, rest, speaks, times) in enumerate(passages):
        length = 0
        while length < min(LONGEST, place, len(text)) and passages[place - length - 1][0] == text[-length - 1]:
            length += 1
        if length >= REMINDING and rest + length <= 34 and speaks == is_speech:
            expected[id_ + 1, length] += times
    ids = np.array([*text, 9, 9], np.int32)
    said, lengths = reminders(ids, len(text), marked, places, firsts, is_speech, 34)
    assert Counter(zip(said.tolist(), lengths.tolist(), strict=True)) == expected


def test_a_draft_expects_what_it_is_reminded_of() -> None:
    """By the definition: to a power of their own, the chances in the passages alone."""
    said = "caab bcab ca cabca"
    source, here = f"{SCENE}a{ACTION}{said}", f"{SCENE}a{ACTION}ca ab bca"
    powers = Powers(0.3, 0.2, 0.0, 0.8)

    def hint(is_reminded: bool) -> np.ndarray:
        recollection = Recollection(
            known(source), Voices.among(WORDS), powers, opener=WORDS.id_of(SCENE), is_reminded=is_reminded
        )
        recollection.drafts.remind(recollection.draft)
        for symbol in WORDS.encode(here).tolist():
            recollection.read(symbol)
        return recollection.hint()

    flat = {symbol: 1 / len(WORDS) for symbol in WORDS.characters}
    short = {symbol: chance + 1e-5 for symbol, chance in smoothed(END + source, "", "ca", flat, 0).items()}
    known_of = smoothed(END + source, "", END + here, short, 3)
    reminded = smoothed(source, "", here, short, REMINDING)
    with mock.patch.object(module, "rests", lambda ids, marks: np.zeros(len(ids), np.uint8)):
        found = {is_reminded: hint(is_reminded) for is_reminded in (False, True)}
    for is_reminded, last in ((True, reminded), (False, known_of)):
        # Who is reminded of nothing goes by the sources instead.
        expected = [
            powers.sources * math.log(known_of[symbol]) + powers.reminded * math.log(last[symbol])
            for symbol in WORDS.characters
        ]
        more = found[is_reminded]
        np.testing.assert_allclose(more - more[0], np.array(expected) - expected[0], rtol=1e-4, atol=1e-4)
    assert max(reminded[symbol] / short[symbol] for symbol in "abc ") > 1.5


def test_a_heading_decides_what_a_scene_is_about() -> None:
    words = {
        "LANES": ("ball", "pins", "gutter", "spare", "lane", "shoe"),
        "COURT": ("judge", "clerk", "gavel", "exhibit", "oath", "jury"),
    }
    streams = []
    for place, things in words.items():
        said = [f"The {one} has a {other}." for one in things for other in things]
        scenes = (
            f"{SCENE}INT. {place}{CAST}GUS{ACTION}{said[at]}{CHARACTER}GUS{DIALOGUE}{said[at + 9]} {said[at + 18]}"
            f"{CHARACTER}GUS{DIALOGUE}{said[at + 27]}"
            for at in range(9)
        )
        streams.append("".join(scenes))
    network = CharRNN(NetworkConfig(vocabulary_size=len(LETTERS), embedding=4, width=8))
    sources = Sources(NO_SOURCES.copies, NO_SOURCES.lexicon, recall=recall_of(*streams))
    made = Checkpoint.of("tiny", CheckpointConfig(network=network.config), LETTERS, network, sources)

    def share(place: str) -> float:
        """Of the words of both places, those of this one."""
        found: Counter[str] = Counter()
        for seed in range(6):
            request = Request(heading=f"INT. {place}", cast=("GUS",), seed=seed, length=0.5, lexicon=False)
            found.update(re.findall("[a-z]{4,}", "".join(Writing(made, request))))
        own, both = (sum(found[word] for word in each) for each in (words[place], words["LANES"] + words["COURT"]))
        return own / both

    # No more than the scenes of one place.
    with mock.patch.object(drafts, "ROOM", 1 << 10):
        with mock.patch.object(Lane, "remind"):
            assert sum(map(share, words)) == pytest.approx(1.0, abs=0.2)
        assert sum(map(share, words)) > 1.5


def test_places_of_passages_have_sixteen_bits() -> None:
    assert PASSAGE < ROOM <= 1 << 16
