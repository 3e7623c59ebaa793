"""What the sources and the draft said before, and how it is mixed with a network."""

from __future__ import annotations

import math
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st
from tiny import tiny_corpus, tiny_screenplay

from model import recall as module
from model.checkpoint import Checkpoint, CheckpointConfig, load, save
from model.evaluation import nats_of
from model.folder import TEXTS
from model.generation import Request, Writing
from model.network import CharRNN
from model.recall import MOST, OTHERS, READING, Recall, Recollection, Voices
from model.shape import NetworkConfig
from model.sources import NO_SOURCES, Sources
from model.stepping import Walk
from model.vocabulary import UNKNOWN, Vocabulary
from screenplay.stream import ACTION, DIALOGUE, END, SCENE, TOKENS, encode

WORDS = Vocabulary((UNKNOWN, *TOKENS.values(), *"abc "))
VOICES = Voices.among(WORDS)
texts = st.text("abc ", max_size=40)


def known(*streams: str, vocabulary: Vocabulary = WORDS) -> Recall:
    found = Recall.of(enumerate(streams), vocabulary)
    assert found is not None
    return found


def after(recall: Recall, draft: str, shares: dict[int, float] | None = None) -> np.ndarray:
    recollection = Recollection(recall, VOICES, shares=shares)
    for symbol in WORDS.encode(draft).tolist():
        recollection.read(symbol)
    return recollection.hint()


def smoothed(sources: str, draft: str, here: str, base: dict[str, float], shortest: int) -> dict[str, float]:
    """The definition, by counting: `sources` and `draft` are searched for every end of `here`."""
    found = base
    for length in range(shortest, min(16, len(here)) + 1):
        run = here[len(here) - length :]
        followers = [
            text[at + length]
            for text in (sources, draft if length >= 3 else "")
            for at in range(len(text) - length)
            if text.startswith(run, at)
        ]
        if not followers:
            break
        discount = 0.6 if length < 4 else 0.7
        kept = {symbol: max(0.0, followers.count(symbol) - discount) / len(followers) for symbol in set(followers)}
        left = 1.0 - sum(kept.values())
        found = {symbol: kept.get(symbol, 0.0) + left * found[symbol] for symbol in found}
    return found


@given(texts, texts)
def test_it_is_what_counting_says(source: str, draft: str) -> None:
    text, here = END + source, END + draft
    flat = {symbol: 1 / len(WORDS) for symbol in WORDS.characters}
    short = smoothed(text, "", here[-2:], flat, 0)
    never_less = {symbol: chance + 1e-5 for symbol, chance in short.items()}
    everything = smoothed(text, here, here, never_less, 3)
    cached = smoothed("", here, here, never_less, 3)
    _, sources, own = READING
    expected = [sources * math.log(everything[symbol]) + own * math.log(cached[symbol]) for symbol in WORDS.characters]
    found = after(known(source), draft)
    np.testing.assert_allclose(found - found[0], np.array(expected) - expected[0], rtol=1e-6, atol=1e-9)


def test_what_was_said_before_is_expected_again() -> None:
    hint = after(known("abcabc cab ca"), "abca")
    assert hint.argmax() == WORDS.id_of("b")
    assert after(known("cccc"), "abbc abb").argmax() == WORDS.id_of("c")


def test_a_screenplay_without_a_share_says_nothing() -> None:
    recall = known("abcabcabc", "abaabaaba")
    assert after(recall, "ab", {0: 1.0}).argmax() == WORDS.id_of("c")
    assert after(recall, "ab", {1: 1.0}).argmax() == WORDS.id_of("a")
    np.testing.assert_allclose(after(recall, "ab", {0: 1.0}), after(known("abcabcabc"), "ab"), atol=1e-6)
    np.testing.assert_array_equal(after(recall, "ab", {0: 0.5, 1: 0.5}), after(recall, "ab"))


def test_of_too_much_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST > 500_000
    monkeypatch.setattr(module, "MOST", 6)
    assert Recall.of([(0, "abc"), (1, "a")], WORDS) is not None
    assert Recall.of([(0, "abc"), (1, "ab")], WORDS) is None
    assert Recall.of([], WORDS) is None


@pytest.mark.parametrize("kept", [True, False])
def test_pieces_are_the_same_again(kept: bool) -> None:
    recall, streams = known("abc abc bca"), ["abcabca", "cab"]
    hints = recall.hints(streams, WORDS, kept=kept)

    def read() -> list[np.ndarray]:
        ids = [WORDS.encode(stream).tolist() for stream in streams]
        return [np.concatenate([hints.piece(n, 0, i[:3]), hints.piece(n, 3, i[3:])]) for n, i in enumerate(ids)]

    first, second = read(), read()
    for n, stream in enumerate(streams):
        expected = [after(recall, stream[:place]) for place in range(len(stream))]
        np.testing.assert_allclose(first[n], expected, rtol=1e-5)
        np.testing.assert_array_equal(first[n], second[n])


@given(texts, st.text("abc ", max_size=3))
def test_what_is_counted_once_is_the_same(source: str, draft: str) -> None:
    """A draft this short has said nothing before."""
    found = after(known(source), draft)
    with mock.patch.object(module, "_MANY", 0), mock.patch.object(module, "_LEAST", 1e-300):
        counted = after(known(source), draft)
    with mock.patch.object(module, "_LEAST", 1e-300):
        looked_at = after(known(source), draft)
    assert not np.isnan(found).any()
    np.testing.assert_allclose(counted - counted[0], looked_at - looked_at[0], rtol=1e-6, atol=1e-9)


def test_texts_of_another_model_are_recalled_but_have_no_number() -> None:
    own, other = known("abcabcabc"), known("abaabaaba", "cc")
    both = own.merged(other)
    assert both.numbers == (0, OTHERS, OTHERS)
    np.testing.assert_array_equal(after(both, "ab"), after(known("abcabcabc", "abaabaaba", "cc"), "ab"))
    np.testing.assert_array_equal(after(both, "ab", {0: 1.0}), after(own, "ab"))


def test_a_model_of_before_there_was_an_index_still_loads(tmp_path: Path) -> None:
    checkpoint = example()
    recall, voices = checkpoint.sources.recall, Voices.among(checkpoint.vocabulary)
    assert recall is not None
    save(tmp_path, checkpoint.config, checkpoint.vocabulary, checkpoint.network, sources=checkpoint.sources)
    values = {"ids": recall.ids, "starts": recall.starts, "numbers": recall.numbers}
    safetensors.numpy.save_file({k: np.asarray(v, np.int32) for k, v in values.items()}, tmp_path / TEXTS)
    again = load(tmp_path).sources.recall
    assert again is not None
    np.testing.assert_array_equal(again.sorted_texts(voices).following, recall.sorted_texts(voices).following)


def test_no_more_texts_are_taken_over_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    own = known("abc")
    monkeypatch.setattr(module, "MOST", 7)
    assert own.merged(known("ab")).numbers == (0, OTHERS)
    assert own.merged(known("abca")) is own


def test_few_texts_of_its_own_stand_there_several_times() -> None:
    both = known("abca").merged(known("abaabaaba" * 20))
    assert both.numbers == (0, 0, 0, OTHERS)
    assert both.starts == (0, 5, 10, 15)


def test_what_people_do_is_not_what_they_say() -> None:
    recall = known(f"{ACTION}abcabc{DIALOGUE}abbabb")
    assert after(recall, f"{ACTION}cab").argmax() == WORDS.id_of("c")
    assert after(recall, f"{DIALOGUE}bab").argmax() == WORDS.id_of("b")


def test_of_a_screenplay_that_is_not_there_nothing_is_recalled() -> None:
    hint = after(known("abcabcabc"), "ab", {7: 1.0})
    np.testing.assert_allclose(hint, hint[0])


def test_a_smaller_share_is_less_text() -> None:
    recall = known("abcabcabc" * 4, "abaabaaba" * 4)
    assert len(recall.runs(VOICES, {0: 0.8, 1: 0.2}).following) == 37 + 1 + 9 + 1


def test_a_part_under_way_does_not_make_itself_likelier() -> None:
    recall, opener = known("abc"), WORDS.id_of(SCENE)

    def hint(draft: str) -> np.ndarray:
        recollection = Recollection(recall, VOICES, opener=opener)
        for symbol in WORDS.encode(draft).tolist():
            recollection.read(symbol)
        return recollection.hint()

    assert after(recall, SCENE + "ccbaccb").argmax() == WORDS.id_of("a")
    np.testing.assert_array_equal(hint(SCENE + "ccbaccb"), hint(SCENE + "bbbbccb"))
    assert hint(SCENE + "ccba" + SCENE + "ccb").argmax() == WORDS.id_of("a")


@given(texts, texts, texts)
def test_one_can_come_back_to_a_place_of_a_part_under_way(source: str, draft: str, more: str) -> None:
    opener = WORDS.id_of(SCENE)
    there, back = (Recollection(known(source), VOICES, opener=opener) for _ in range(2))
    for symbol in WORDS.encode(draft + SCENE + draft).tolist():
        there.read(symbol)
        back.read(symbol)
    mark = back.mark()
    for symbol in WORDS.encode(more).tolist():
        back.read(symbol)
    back.back(mark)
    for symbol in WORDS.encode("ab" + SCENE + draft).tolist():
        np.testing.assert_array_equal(back.hint(), there.hint())
        there.read(symbol)
        back.read(symbol)
    np.testing.assert_array_equal(back.hint(), there.hint())


def test_a_run_is_counted_outside_of_speech() -> None:
    recollection = Recollection(known(f"{ACTION}ab abc{DIALOGUE}ab{ACTION}b"), VOICES)
    assert [recollection.times(WORDS.encode(run).tolist()) for run in ("ab", "abc", "ca", "")] == [2, 1, 0, 14]


def test_a_long_draft_is_read_to_its_end() -> None:
    recollection = Recollection(known("abc"), VOICES)
    for symbol in WORDS.encode("ab c" * 3000).tolist():
        recollection.read(symbol)
    assert recollection.hint().argmax() == WORDS.id_of("a")


def example() -> Checkpoint:
    corpus = tiny_corpus()
    vocabulary = corpus.vocabulary()
    network = CharRNN(NetworkConfig(vocabulary_size=len(vocabulary), embedding=4, width=8))
    recall = Recall.of(corpus.numbered_streams, vocabulary)
    config = CheckpointConfig(network=network.config, scripts=corpus.records)
    sources = Sources(NO_SOURCES.copies, NO_SOURCES.lexicon, recall=recall)
    return Checkpoint.of("tiny", config, vocabulary, network, sources)


def test_reading_many_symbols_is_reading_them_one_by_one() -> None:
    checkpoint, stream = example(), encode(tiny_screenplay(2))
    recall, vocabulary = checkpoint.sources.recall, checkpoint.vocabulary
    assert recall is not None
    costs = nats_of(checkpoint.network, vocabulary, [stream], hints=recall.hints([stream], vocabulary))[0]
    walk, recollection = (
        Walk(checkpoint.config.network, checkpoint.weights),
        Recollection(recall, Voices.among(vocabulary)),
    )
    walk.read(vocabulary.id_of(END))
    for symbol, cost in zip(vocabulary.encode(stream).tolist(), costs, strict=True):
        values = READING.network * walk.logits() + recollection.hint()
        chances = np.exp(values - values.max())
        if vocabulary.characters[symbol] != UNKNOWN:
            assert cost == pytest.approx(-math.log(chances[symbol] / chances.sum()), rel=1e-2)  # steps have 8 bits
        recollection.read(symbol)
        walk.read(symbol)


def test_it_travels_with_the_model_and_decides_what_is_written(tmp_path: Path) -> None:
    checkpoint = example()
    folder = tmp_path / "tiny"
    save(folder, checkpoint.config, checkpoint.vocabulary, checkpoint.network, sources=checkpoint.sources)
    again, voices = load(folder), Voices.among(checkpoint.vocabulary)
    assert again.sources.recall is not None
    assert checkpoint.sources.recall is not None
    np.testing.assert_array_equal(again.sources.recall.ids, checkpoint.sources.recall.ids)
    for got, expected in zip(
        again.sources.recall.sorted_texts(voices), checkpoint.sources.recall.sorted_texts(voices), strict=True
    ):
        np.testing.assert_array_equal(got, expected)
    assert again.sources.recall.starts == checkpoint.sources.recall.starts
    assert again.sources.recall.numbers == checkpoint.sources.recall.numbers
    request = Request(seed=4, length=0.25)
    written = "".join(Writing(again, request))
    assert written == "".join(Writing(checkpoint, request))
    save(folder, checkpoint.config, checkpoint.vocabulary, checkpoint.network)
    assert load(folder).sources.recall is None
    assert "".join(Writing(load(folder), request)) != written


def test_a_model_of_before_goes_by_all_sentences(tmp_path: Path) -> None:
    checkpoint = example()
    save(tmp_path, checkpoint.config, checkpoint.vocabulary, checkpoint.network, sources=checkpoint.sources)
    tensors = safetensors.numpy.load_file(tmp_path / TEXTS)
    assert tensors.pop("rests").any()
    safetensors.numpy.save_file(tensors, tmp_path / TEXTS)
    again = load(tmp_path).sources.recall
    assert again is not None
    assert not again.sorted_texts(Voices.among(checkpoint.vocabulary)).rests.any()


def test_in_brief_what_leads_to_no_end_is_not_followed() -> None:
    letters = Vocabulary((UNKNOWN, *TOKENS.values(), *" .abcdefghijklmnopqrstuvwxyz"))
    long = "a quick fox has jumped over the lazy dog so often"
    recall = known(f"{SCENE}bar{ACTION}a quail sat. {long}. the hen ran to the old barn.", vocabulary=letters)

    def gained(text: str) -> float:
        """By going on with the last symbol, in brief and otherwise: how much less in brief."""
        found = []
        for brief in (False, True):
            recollection = Recollection(recall, Voices.among(letters), brief=brief)
            for symbol in letters.encode(SCENE + "bar" + ACTION + text[:-1]).tolist():
                recollection.read(symbol)
            found.append(float(recollection.hint()[letters.id_of(text[-1])]))
        return found[0] - found[1]

    with mock.patch.object(module, "_MANY", 1):
        assert gained("a quick fo") > 0.1
        assert gained(long[:30]) > 0.1
        assert gained(f"a quail sat. {long[:9]}") > 0.1
        # A brief one is followed, unless it is too long with what stands before it.
        assert gained("a quai") <= 0.0
        assert gained("a quail sat.") == 0.0
        assert gained("the h") <= 0.0
        assert gained(f"{long}. the h") > 0.1
