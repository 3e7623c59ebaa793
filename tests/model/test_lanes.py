"""Texts that are written side by side, and what runs on in them by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from unittest import mock

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from test_recall import VOICES, WORDS, example, known, texts
from tiny import tiny_corpus

from model import counted, drafts
from model.checkpoint import weights_of
from model.copying import CopyIndex
from model.drawing import SILENT, Letters
from model.generation import Request, Writing
from model.guards import Guards
from model.lanes import Lanes
from model.network import CharRNN
from model.recollection import WRITING_ALL, WRITING_OWN, Recollection
from model.sampling import Sampler, Sampling, chosen
from model.shape import NetworkConfig
from model.sources import Sources
from model.stepping import Stepper
from model.trie import ANYWHERE, NOWHERE, Trie
from screenplay.stream import SCENE

OPENER = WORDS.id_of(SCENE)
SPACE, LETTERS = WORDS.id_of(" "), WORDS.encode("abc").tolist()
NEVER = WORDS.unknown_id
SAMPLER = Sampler(Sampling(temperature=1.0, min_p=0.0), [False] * len(WORDS))
KNOWN = ("a", "aab", "aabbc", "ab", "abc", "abca", "bab", "c", "cabcab", "cc")


def stepper_of(vocabulary: int = len(WORDS), width: int = 8, styles: Sequence[np.ndarray | None] = (None,)) -> Stepper:
    """What is drawn by it depends on what it has read; most are letters, and what is never drawn would be the most."""
    network = CharRNN(
        NetworkConfig(vocabulary_size=vocabulary, embedding=4, width=width, layers=2),
        generator=torch.Generator().manual_seed(5),
    )
    with torch.no_grad():
        network.head.weight.mul_(9)
        network.head.bias[[NEVER, SPACE, *LETTERS]] += torch.tensor([9.0, 3.0, 4.0, 4.0, 4.0])
    return Stepper(network.config, weights_of(network), styles)


STEPPER = stepper_of()


def lanes_of(
    stepper: Stepper = STEPPER,
    recollections: Sequence[Recollection] = (),
    *,
    words: Sequence[str] | None = None,
    vocabulary: int = len(WORDS),
    strength: float = 1.0,
) -> Lanes:
    nothing = np.zeros(vocabulary, np.uint32)
    letters = Letters(nothing, nothing, nothing.astype(np.uint8))
    if vocabulary == len(WORDS):
        letters = Letters.of(WORDS.characters, "abc")
    sampler = SAMPLER if vocabulary == len(WORDS) else Sampler(Sampling(), [False] * vocabulary)
    return Lanes(
        stepper,
        recollections,
        sampler,
        None if words is None else Trie.of(words),
        letters,
        CopyIndex.of([]),
        opener=OPENER,
        network_power=1.0,
        style_strength=strength,
        never=NEVER,
    )


@pytest.mark.parametrize("style", [None, np.full(4, 0.5, np.float32)])
def test_what_is_read_beside_other_texts_is_what_it_is_alone(style: np.ndarray | None) -> None:
    """Texts come and go, and one lags behind; the width is no round number."""
    stepper = stepper_of(90, 301, (None,) if style is None else (None, style))
    lanes, chance = lanes_of(stepper, vocabulary=90, strength=2.0), np.random.default_rng(3)
    start, found, read = lanes.read([7]), {}, {}
    for step in range(30):
        for number in range(5):
            if step == 3 * number:
                found[number], read[number] = lanes.open(start), [7]
            if step == 12 + 3 * number:
                lanes.close(found.pop(number))
        here = [number for number in found if number != 3 or step % 3]
        for number in here:
            read[number].append(int(chance.integers(90)))
            found[number].read(read[number][-1])
        lanes.step()
        for number, lane in found.items():
            alone = lanes_of(stepper, vocabulary=90, strength=2.0).read(read[number])
            np.testing.assert_array_equal(lane.logits, alone.logits)


def test_a_text_that_is_given_up_need_not_be_read_to_its_end() -> None:
    lanes = lanes_of()
    start = lanes.read([7])
    first, given_up, last = (lanes.open(start) for _ in range(3))
    for symbol, lane in ((3, first), (4, given_up), (5, last)):
        lane.read(symbol)
    lanes.close(given_up)
    lanes.step()
    for symbol, lane in ((3, first), (5, last)):
        np.testing.assert_array_equal(lane.logits, lanes_of().read([7, symbol]).logits)
    last.read(6)
    lanes.close(last)
    before = lanes.steps
    lanes.step()
    assert lanes.steps == before
    first.read(5)
    lanes.step()
    np.testing.assert_array_equal(first.logits, lanes_of().read([7, 3, 5]).logits)


def test_a_style_is_made_more_of_by_its_strength() -> None:
    style, ids = np.ones(4, np.float32), [7, *LETTERS, SPACE]
    beside, alone = stepper_of(styles=(None, style)), stepper_of(styles=(style,))
    found = {strength: lanes_of(beside, strength=strength).read(ids).logits for strength in (0.0, 1.0, 3.0)}
    plain, styled = lanes_of().read(ids).logits, lanes_of(alone).read(ids).logits
    assert np.abs(styled - plain).max() > 0.1
    np.testing.assert_allclose(found[0.0], plain, atol=1e-6)
    np.testing.assert_allclose(found[1.0], styled, atol=1e-5)
    np.testing.assert_allclose(found[3.0], plain + 3 * (styled - plain), atol=1e-5)


def test_a_symbol_that_waits_is_read_before_anything_is_said_of_the_next() -> None:
    lanes = lanes_of()
    lane = lanes.open(lanes.read([7]))
    mark = lane.mark()
    assert not lane.waits
    lane.read(3)
    assert lane.waits
    with pytest.raises(AssertionError, match="waits"):
        lane.read(4)
    with pytest.raises(AssertionError, match="waits"):
        assert lane.logits.any()
    with pytest.raises(AssertionError, match="waits"):
        lane.mark()
    with pytest.raises(AssertionError, match="waits"):
        lane.back(mark)
    lanes.step()
    assert not lane.waits
    lane.back(mark)


def test_texts_side_by_side_are_one_reading_of_the_weights() -> None:
    lanes = lanes_of()
    start = lanes.read([7])
    open_ = [lanes.open(start) for _ in range(3)]
    for symbol in (1, 4, 1, 5):
        for lane in open_:
            lane.read(symbol)
        lanes.step()
    assert lanes.steps == 4
    open_[1].read(2)
    lanes.step()
    assert lanes.steps == 5
    lanes.close(open_.pop())
    for lane in open_:
        lane.read(2)
    lanes.step()
    assert lanes.steps == 6
    lanes.step()
    assert lanes.steps == 6


def members(own: str, others: str, read: str = "") -> list[Recollection]:
    recall = known(own).merged(known(others * 9))
    found = [
        Recollection(recall, VOICES, WRITING_ALL, opener=OPENER),
        Recollection(recall, VOICES, WRITING_OWN, shares={0: 1.0}, opener=OPENER),
    ]
    for symbol in WORDS.encode(read).tolist():
        for member in found:
            member.read(symbol)
    return found


def hint_of(own: str, others: str, read: str) -> np.ndarray:
    everything, few = members(own, others, read)
    return everything.hint() + few.hint()


@given(texts, texts, texts, st.text("abc ", max_size=9), st.text("abc " + SCENE, max_size=9))
def test_a_text_goes_on_as_it_does_alone_by_network_and_all_that_is_recalled(
    own: str, others: str, begun: str, given_up: str, more: str
) -> None:
    """Where it comes back to a place, too; and beside a text that goes on elsewhere."""
    lanes = lanes_of(recollections=members(own, others, begun))
    start = lanes.read([7])
    lane, beside = lanes.open(start), lanes.open(start)
    np.testing.assert_array_equal(lane.hint, hint_of(own, others, begun))
    mark = lane.mark()
    for symbol in WORDS.encode(given_up).tolist():
        for each in (lane, beside):
            each.read(symbol)
            lanes.step()
    lane.back(mark)
    for symbol in WORDS.encode(more).tolist():
        lane.read(symbol)
        lanes.step()
    np.testing.assert_array_equal(lane.hint, hint_of(own, others, begun + more))
    np.testing.assert_array_equal(lane.logits, lanes_of().read([7, *WORDS.encode(more).tolist()]).logits)
    np.testing.assert_array_equal(beside.hint, hint_of(own, others, begun + given_up))


def test_a_few_texts_are_heard_among_many() -> None:
    few = known("abcabcabc").merged(known("abbabbabb" * 40)).few
    assert few == {0: 1.0}
    hint = lanes_of(recollections=members("abcabcabc", "abbabbabb" * 5, "ab")).read([7]).hint
    assert hint[WORDS.id_of("c")] > hint[WORDS.id_of("a")] + 1.0


def test_uniform_numbers_are_those_of_the_generator() -> None:
    lanes = lanes_of()
    start = lanes.read([7])
    lane, other = lanes.open(start), lanes.open(start)
    lane.begin(np.random.default_rng(7))
    other.begin(np.random.default_rng(8))
    assert [lane.uniform() for _ in range(1500)] == np.random.default_rng(7).random(1500).tolist()
    assert other.uniform() == np.random.default_rng(8).random()
    lane.begin(np.random.default_rng(9))
    assert [lane.uniform() for _ in range(3)] == np.random.default_rng(9).random(3).tolist()


class Single:
    """One text, written symbol by symbol; what may run is looked up in a list of words."""

    def __init__(self, seed: int, words: Sequence[str] | None) -> None:
        self._chance, self._words = np.random.default_rng(seed), words
        self._memory = STEPPER.unread()
        self.read(7)

    def read(self, symbol: int) -> None:
        STEPPER.read([symbol], self._memory)

    def uniform(self) -> float:
        return self._chance.random()

    def _drawn(self) -> int:
        nothing = np.zeros(len(WORDS))
        return chosen(self._memory.logits[0], nothing, 1.0, NEVER, *SAMPLER.settings, self.uniform())

    def runs(self, word: str, room: int) -> tuple[list[int], int]:
        """What runs on from a word's beginning, and what is drawn after it."""
        taken: list[int] = []
        while True:
            symbol = self._drawn()
            word += WORDS.characters[symbol]
            is_letter = symbol in LETTERS and len(taken) < room
            may_run = self._words is None or any(each.startswith(word) for each in self._words)
            ends = symbol == SPACE and (self._words is None or word[:-1] in self._words)
            if not (is_letter and may_run) and not ends:
                return taken, symbol
            taken.append(symbol)
            self.read(symbol)
            if ends:
                return taken, self._drawn()


@pytest.mark.parametrize("words", [KNOWN, None])
@pytest.mark.parametrize("room", [0, 1, 2, 31])
def test_words_run_as_far_as_they_are_words_and_there_is_room(words: tuple[str, ...] | None, room: int) -> None:
    """Side by side they do what they do alone, each with a uniform number for a symbol."""
    lanes = lanes_of(words=words)
    start = lanes.read([7])
    open_, singles = [lanes.open(start) for _ in range(4)], [Single(seed, words) for seed in range(4)]
    begun, ended, longest = [""] * 4, set(), 0

    def go_on(number: int, symbol: int) -> None:
        open_[number].read(symbol)
        singles[number].read(symbol)
        is_begun = symbol in LETTERS and (words is None or WORDS.characters[symbol] in {word[0] for word in words})
        begun[number] = WORDS.characters[symbol] if is_begun else ""
        node = ANYWHERE if words is None else Trie.of(words).after(0, begun[number]) if is_begun else NOWHERE
        open_[number].ask(node if is_begun else NOWHERE, room)

    for seed, lane in enumerate(open_):
        lane.begin(np.random.default_rng(seed))
        go_on(seed, LETTERS[seed % 3])
    for turn in range(900):
        lanes.step()
        for number, lane in enumerate(open_):
            if lanes.running[number]:
                assert lane.waits
                continue
            single = singles[number]
            expected = single.runs(begun[number], room) if begun[number] else ([], single._drawn())
            assert (lane.taken, lane.drawn) == expected
            longest = max(longest, len(lane.taken))
            ended.add(lane.drawn)
            if turn % 7 == 0:
                assert lane.uniform() == single.uniform()
            go_on(number, lane.drawn)
    assert NEVER not in ended
    assert longest == room + 1 if room < 3 else longest > 4


def test_where_nothing_is_asked_for_nothing_is_drawn() -> None:
    lanes = lanes_of()
    lane = lanes.open(lanes.read([7]))
    lane.begin(np.random.default_rng(7))
    for symbol in (LETTERS[0], LETTERS[1]):
        lane.read(symbol)
        lanes.step()
    lane.read(LETTERS[2])
    lane.ask(SILENT)
    lanes.step()
    assert lane.taken == []
    assert lane.uniform() == np.random.default_rng(7).random()


@pytest.mark.parametrize("lexicon", [True, False])
@pytest.mark.parametrize("seed", [4, 5, 6, 8])
def test_what_runs_is_what_is_written_symbol_by_symbol(seed: int, lexicon: bool) -> None:
    """However much the model would like to copy, and to say again."""
    model, corpus = example(), tiny_corpus()
    sources = Sources.of(corpus.training_streams)
    assert sources.lexicon.words
    model = replace(model, sources=Sources(sources.copies, sources.lexicon, recall=model.sources.recall))
    request = Request(seed=seed, length=1, last_scene=2, lexicon=lexicon, sampling=Sampling(temperature=0.3))
    running, stopped = Writing(model, request), Writing(model, request)
    with mock.patch.object(Guards, "tell_run", autospec=True, side_effect=Guards.tell_run) as tell:
        stream = "".join(running)
    with mock.patch.object(Guards, "node", NOWHERE):
        assert "".join(stopped) == stream
    assert running.report.symbols == stopped.report.symbols
    assert running.report.overruled == stopped.report.overruled
    assert running.report.overruled["copy"] > 0
    ran = [call.args[1] for call in tell.call_args_list]
    assert all(each in stream for each in ran)
    assert sum(map(len, ran)) > 0.3 * len(stream)


def test_where_there_is_no_more_room_for_counts_writing_goes_on_the_same() -> None:
    def written(room: int) -> tuple[str, int]:
        model = example()
        assert model.sources.recall is not None
        model.sources.recall._runs.clear()
        with mock.patch.object(counted, "_ROOM", room), mock.patch.object(drafts, "_MANY", 0):
            stream = "".join(Writing(model, Request(seed=3, last_scene=2)))
        [runs] = model.sources.recall._runs.values()
        [known] = runs._counted.values()
        model.sources.recall._runs.clear()
        return stream, len(known.table.told)

    (stream, slots), (expected, room) = written(32), written(1 << 14)
    assert stream == expected
    assert 64 <= slots < room == 1 << 14
