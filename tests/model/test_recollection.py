"""What the sources and the draft said before, and how it is mixed with a network."""

from __future__ import annotations

import math
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_recall import VOICES, WORDS, example, known, texts
from tiny import tiny_corpus, tiny_screenplay

from model import drafts as drafts_module
from model import recollection as module
from model.checkpoint import Checkpoint, CheckpointConfig
from model.evaluation import nats_of
from model.generation import Request, Writing
from model.network import CharRNN
from model.recall import OTHERS, Recall, Voices
from model.recollection import READING, Hints, Recollection
from model.shape import NetworkConfig
from model.sources import NO_SOURCES, Sources
from model.stepping import Stepper
from model.vocabulary import UNKNOWN, Vocabulary
from screenplay.stream import ACTION, DIALOGUE, END, SCENE, TOKENS, encode


def after(
    recall: Recall, draft: str, shares: dict[int, float] | None = None, *, opener: int | None = None
) -> np.ndarray:
    recollection = Recollection(recall, VOICES, shares=shares, opener=opener)
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


@given(texts, st.text("abc " + SCENE, max_size=40), st.booleans())
def test_it_is_what_counting_says(source: str, draft: str, in_parts: bool) -> None:
    text, here = END + source, END + draft
    past = here[: here.rfind(SCENE) + 1] if in_parts else here
    flat = {symbol: 1 / len(WORDS) for symbol in WORDS.characters}
    short = smoothed(text, "", here[-2:], flat, 0)
    never_less = {symbol: chance + 1e-5 for symbol, chance in short.items()}
    everything = smoothed(text, past, here, never_less, 3)
    cached = smoothed("", past, here, never_less, 3)
    _, sources, own, _ = READING
    expected = [sources * math.log(everything[symbol]) + own * math.log(cached[symbol]) for symbol in WORDS.characters]
    found = after(known(source), draft, opener=WORDS.id_of(SCENE) if in_parts else None)
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


@pytest.mark.parametrize("kept", [True, False])
def test_pieces_are_the_same_again(kept: bool) -> None:
    recall, streams = known("abc abc bca"), ["abcabca", "cab"]
    hints = Hints(recall, streams, WORDS, kept=kept)

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
    with mock.patch.object(drafts_module, "LEAST", 1e-300):
        looked_at = after(known(source), draft)
        with mock.patch.object(drafts_module, "_MANY", 0):
            counted = after(known(source), draft)
    assert not np.isnan(found).any()
    np.testing.assert_allclose(counted - counted[0], looked_at - looked_at[0], rtol=1e-6, atol=1e-9)


def test_texts_of_another_model_are_recalled_but_have_no_number() -> None:
    own, other = known("abcabcabc"), known("abaabaaba", "cc")
    both = own.merged(other)
    assert both.numbers == (0, OTHERS, OTHERS)
    np.testing.assert_array_equal(after(both, "ab"), after(known("abcabcabc", "abaabaaba", "cc"), "ab"))
    np.testing.assert_array_equal(after(both, "ab", {0: 1.0}), after(own, "ab"))


def test_what_people_do_is_not_what_they_say() -> None:
    recall = known(f"{ACTION}abcabc{DIALOGUE}abbabb")
    assert after(recall, f"{ACTION}cab").argmax() == WORDS.id_of("c")
    assert after(recall, f"{DIALOGUE}bab").argmax() == WORDS.id_of("b")


def test_of_a_screenplay_that_is_not_there_nothing_is_recalled() -> None:
    hint = after(known("abcabcabc"), "ab", {7: 1.0})
    np.testing.assert_allclose(hint, hint[0])


def test_a_part_under_way_does_not_make_itself_likelier() -> None:
    recall = known("abc")

    def hint(draft: str) -> np.ndarray:
        return after(recall, draft, opener=WORDS.id_of(SCENE))

    assert after(recall, SCENE + "ccbaccb").argmax() == WORDS.id_of("a")
    np.testing.assert_array_equal(hint(SCENE + "ccbaccb"), hint(SCENE + "bbbbccb"))
    assert hint(SCENE + "ccba" + SCENE + "ccb").argmax() == WORDS.id_of("a")


@given(texts, st.lists(st.tuples(st.integers(0, 2), st.text("abc ", min_size=1, max_size=9)), max_size=9))
def test_beside_others_a_draft_is_told_what_it_is_told_alone(source: str, pieces: list[tuple[int, str]]) -> None:
    """One of them begins after what the first has read until then; nobody asks before the end."""
    first = Recollection(known(source), VOICES)
    drafts, read = [first], [""]
    for number, piece in pieces:
        if number >= len(drafts):
            drafts.append(first.beside())
            read.append(read[0])
        at = min(number, len(drafts) - 1)
        for symbol in WORDS.encode(piece).tolist():
            drafts[at].read(symbol)
        read[at] += piece
    for draft, text in zip(drafts, read, strict=True):
        np.testing.assert_array_equal(draft.hint(), after(known(source), text))


@given(texts, texts, texts.filter(bool))
def test_along_a_text_is_told_what_is_told_symbol_by_symbol(source: str, draft: str, text: str) -> None:
    recall = known(source)
    recollection = Recollection(recall, VOICES)
    for symbol in WORDS.encode(draft).tolist():
        recollection.read(symbol)
    expected = [after(recall, draft + text[:place]) for place in range(len(text) + 1)]
    np.testing.assert_array_equal(recollection.along(WORDS.encode(text).tolist()), expected[:-1])
    np.testing.assert_array_equal(recollection.hint(), expected[-1])


def test_a_run_is_counted_outside_of_speech() -> None:
    recollection = Recollection(known(f"{ACTION}ab abc{DIALOGUE}ab{ACTION}b"), VOICES)
    assert [recollection.times(WORDS.encode(run).tolist()) for run in ("ab", "abc", "ca", "")] == [2, 1, 0, 14]


def test_a_long_draft_is_read_to_its_end() -> None:
    recollection = Recollection(known("abc"), VOICES)
    for symbol in WORDS.encode("ab c" * 3000).tolist():
        recollection.read(symbol)
    assert recollection.hint().argmax() == WORDS.id_of("a")


def test_reading_many_symbols_is_reading_them_one_by_one() -> None:
    checkpoint, stream = example(), encode(tiny_screenplay(2))
    recall, vocabulary = checkpoint.sources.recall, checkpoint.vocabulary
    assert recall is not None
    costs = nats_of(checkpoint.network, vocabulary, [stream], hints=Hints(recall, [stream], vocabulary))[0]
    stepper = Stepper(checkpoint.config.network, checkpoint.weights)
    recollection = Recollection(recall, Voices.among(vocabulary))
    memory = stepper.unread()
    stepper.read([vocabulary.id_of(END)], memory)
    for symbol, cost in zip(vocabulary.encode(stream).tolist(), costs, strict=True):
        values = READING.network * memory.logits[0] + recollection.hint()
        chances = np.exp(values - values.max())
        if vocabulary.characters[symbol] != UNKNOWN:
            assert cost == pytest.approx(-math.log(chances[symbol] / chances.sum()), rel=1e-2)  # steps have 8 bits
        recollection.read(symbol)
        stepper.read([symbol], memory)


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

    with mock.patch.object(drafts_module, "_MANY", 1):
        assert gained("a quick fo") > 0.1
        assert gained(long[:30]) > 0.1
        assert gained(f"a quail sat. {long[:9]}") > 0.1
        # A brief one is followed, unless it is too long with what stands before it.
        assert gained("a quai") <= 0.0
        assert gained("a quail sat.") == 0.0
        assert gained("the h") <= 0.0
        assert gained(f"{long}. the h") > 0.1


def test_a_model_of_few_texts_writes_as_they_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BRIEF", 1000)  # theirs are long, all of them
    own, others = tiny_corpus(seed=3, words=("parrot", "spare", "gutter")), tiny_corpus(seed=4)
    vocabulary = own.vocabulary().extended(others.vocabulary().characters)
    before = Recall.of([(0, script.training) for script in others.scripts] * 12, vocabulary)
    recall = Recall.of(own.numbered_streams, vocabulary)
    assert recall is not None
    assert before is not None
    network = CharRNN(NetworkConfig(vocabulary_size=len(vocabulary), embedding=4, width=8))
    config = CheckpointConfig(network=network.config, scripts=own.records)
    sources = Sources(NO_SOURCES.copies, NO_SOURCES.lexicon, recall=recall.merged(before))
    made = Checkpoint.of("tiny", config, vocabulary, network, sources)

    def own_share() -> float:
        written = ["".join(Writing(made, Request(seed=seed, length=0.5))) for seed in range(3)]
        runs = [text[at : at + 12] for text in written for at in range(len(text) - 12)]
        return sum(run in own.scripts[0].training for run in runs) / len(runs)

    with mock.patch.object(Recall, "few", {}):
        without = own_share()
    assert own_share() > without + 0.05
