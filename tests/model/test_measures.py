from __future__ import annotations

import math

import pytest
import torch
from tiny import SHAPE, tiny_screenplay

from model.checkpoint import Checkpoint, CheckpointConfig, Origin
from model.copying import plain
from model.corpus import Corpus
from model.evaluation import evaluate
from model.generation import Request, Writing
from model.measures import Evidence, Measures, Sample, compare_habits, measure, write_sample
from model.network import CharRNN
from model.shape import NetworkConfig
from model.sources import NO_SOURCES, Sources
from screenplay.elements import Action, SceneHeading, Screenplay
from screenplay.grammar import check
from screenplay.stream import ACTION, END, SCENE, encode, letters

FIRST, SECOND = tiny_screenplay(seed=1), tiny_screenplay(seed=2)
CORPUS = Corpus.from_screenplays([("first.fountain", FIRST), ("second.fountain", SECOND)], held_out=0.25)
VOCABULARY = CORPUS.vocabulary()


def model(*, corpus: Corpus = CORPUS, origin: Origin | None = None, sources: Sources = NO_SOURCES) -> Checkpoint:
    network = CharRNN(NetworkConfig.of(SHAPE, len(VOCABULARY)), generator=torch.Generator().manual_seed(5)).eval()
    config = CheckpointConfig(network=network.config, scripts=corpus.records, origin=origin)
    return Checkpoint.of("tiny", config, VOCABULARY, network, sources)


def sample(*streams: str, symbols: int = 1000, **overruled: int) -> Sample:
    return Sample(streams, symbols, overruled)


def test_held_out_scenes_are_found_again_by_the_records() -> None:
    evidence = Evidence.of(model(), [("renamed.txt", SECOND), ("first.fountain", FIRST)])
    assert evidence.held_out == (CORPUS.scripts[1].held_out, CORPUS.scripts[0].held_out)
    assert evidence.learned == (CORPUS.scripts[1].training, CORPUS.scripts[0].training)
    assert (evidence.scenes, evidence.strangers, evidence.changed) == (6, (), ())


def test_of_an_unknown_screenplay_all_is_held_out() -> None:
    other = tiny_screenplay(seed=9)
    evidence = Evidence.of(model(), [("other", other)])
    assert (evidence.held_out, evidence.learned, evidence.strangers) == ((encode(other),), (), ("other",))
    assert evidence.changed == ()


def test_another_draft_of_what_was_learned_is_named() -> None:
    draft = Screenplay(elements=FIRST.elements[:-2])
    assert Evidence.of(model(), [("first.fountain", draft)]).changed == ("first.fountain",)


def test_what_an_earlier_model_learned_counts_as_learned() -> None:
    before = Corpus.from_screenplays([("first", FIRST)], held_out=0.5)
    corpus = Corpus.from_screenplays([("second", SECOND)], held_out=0.25)
    checkpoint = model(corpus=corpus, origin=Origin(name="base", origin=Origin(name="older", scripts=before.records)))
    evidence = Evidence.of(checkpoint, [("first", FIRST)])
    assert evidence.learned == (before.scripts[0].training,)


def test_of_two_trainings_the_one_that_held_out_less_decides() -> None:
    more = Corpus.from_screenplays([("first", FIRST)], held_out=0.5)
    for corpus, before in ((CORPUS, more), (more, CORPUS)):
        checkpoint = model(corpus=corpus, origin=Origin(name="base", scripts=before.records))
        assert Evidence.of(checkpoint, [("first", FIRST)]).held_out == (CORPUS.scripts[0].held_out,)


def test_a_script_that_was_held_out_whole_and_one_that_was_not_at_all() -> None:
    whole = Corpus.from_screenplays([("first", FIRST), ("second", SECOND)], held_out=0.0, held_out_scripts=["first"])
    evidence = Evidence.of(model(corpus=whole), [("first", FIRST), ("second", SECOND)])
    assert (evidence.held_out, evidence.learned) == ((encode(FIRST),), (encode(SECOND),))


def test_a_sample_is_what_write_writes() -> None:
    told: list[int] = []
    checkpoint = model()
    found = write_sample(checkpoint, scenes=22, seed=7, on_scene=told.append)
    assert told == list(range(1, 23))
    assert len(found.scenes) == 22
    assert [stream.count(SCENE) for stream in found.streams] == [20, 2]
    writing = Writing(checkpoint, Request(last_scene=2, seed=8))
    assert found.streams[1] == "".join(writing)
    assert "".join(found.scenes) == "".join(stream[:-1] for stream in found.streams)
    for stream in found.streams:
        check(stream)
    assert found.symbols > writing.report.symbols > 0
    assert found.overruled["length"] > writing.report.overruled["length"]


@pytest.fixture(scope="module")
def measured() -> tuple[Checkpoint, Evidence, Sample, Measures]:
    checkpoint = model(sources=Sources.of(CORPUS.training_streams))
    evidence = Evidence.of(checkpoint, [("first", FIRST), ("second", SECOND)])
    written = write_sample(checkpoint, scenes=2, seed=0)
    return checkpoint, evidence, written, measure(checkpoint, evidence, written)


def test_the_figures_are_those_of_their_definitions(measured: tuple[Checkpoint, Evidence, Sample, Measures]) -> None:
    checkpoint, evidence, _, found = measured
    figures = evaluate(checkpoint.network, VOCABULARY, CORPUS.held_out_streams)
    assert found.bits_per_letter == pytest.approx(figures.nats / math.log(2) / figures.letters)
    assert found.letters == sum(map(letters, evidence.held_out)) == figures.letters
    assert found.bits_per_cue == figures.by_element["character"].bits_each
    assert found.bits_per_heading == figures.by_element["scene_heading"].bits_each
    assert found.bits_per_letter_by_element is not None
    assert set(found.bits_per_letter_by_element) == {"scene_heading", "action", "character", "dialogue"}
    assert found.scenes == 2
    assert found.cue_accuracy is not None
    assert found.cue_accuracy_rule is not None
    assert found.overruled_per_1000["grammar"] == found.slips_per_1000 > 0


def test_the_same_seed_gives_the_same_figures(measured: tuple[Checkpoint, Evidence, Sample, Measures]) -> None:
    checkpoint, evidence, _, found = measured
    assert measure(checkpoint, evidence, write_sample(checkpoint, scenes=2, seed=0)) == found
    assert write_sample(checkpoint, scenes=2, seed=1) != write_sample(checkpoint, scenes=2, seed=0)


def test_without_texts_only_what_needs_none_is_measured() -> None:
    found = measure(model(), Evidence(), sample(SCENE + "X" + ACTION + "Rain. Rain." + END, grammar=2, cast=5))
    assert {name for name, value in found if value is None} == {
        "bits_per_letter", "bits_per_letter_by_element", "bits_per_cue", "bits_per_heading", "longest_copy",
        "copied_share", "cue_accuracy", "cue_accuracy_rule", "letters",
    }  # fmt: skip
    assert found.overruled_per_1000 == {"cast": 5.0, "grammar": 2.0}
    assert (found.slips_per_1000, found.real_words, found.loops, found.scenes) == (2.0, 1.0, 0.0, 1)
    assert compare_habits(Evidence(), sample()) == ()


def test_a_recital_is_found_out() -> None:
    evidence = Evidence.of(model(), [("first", FIRST)])
    found = measure(model(), evidence, sample(CORPUS.scripts[0].training))
    assert found.copied_share == 1.0
    assert found.longest_copy == len(plain(CORPUS.scripts[0].training))
    strange = measure(model(), evidence, sample(SCENE + "QZ" + ACTION + "Jq zvx." + END))
    assert strange.copied_share == 0.0
    assert strange.longest_copy is not None
    assert strange.longest_copy < 5


def test_a_run_from_one_script_into_the_next_is_no_copy() -> None:
    evidence = Evidence.of(model(), [("first", FIRST)])
    text = CORPUS.scripts[0].training
    body = plain(text)[:60]
    half = [SCENE + "X" + ACTION + part + END for part in (body[:30], body[30:])]
    found = measure(model(), evidence, sample(*half))
    assert found.copied_share == 0.0
    assert found.longest_copy is not None
    assert found.longest_copy <= 32


def test_a_scene_that_repeats_itself_is_a_loop_but_two_that_are_alike_are_none() -> None:
    line = "The ball rolls on and on and on into the night."
    once = SCENE + "X" + ACTION + line
    assert measure(model(), Evidence(), sample(once + once + END)).loops == 0.0
    assert measure(model(), Evidence(), sample(once + ACTION + line + END)).loops > 0.4


def test_words_of_the_sources_and_names_are_real() -> None:
    text = SCENE + "X" + ACTION + "Habotai, Gus and Switchen." + END
    bare = measure(model(corpus=CORPUS), Evidence(), sample(text)).real_words
    source = encode(Screenplay(elements=(SceneHeading(text="INT. X"), Action(text="Habotai."))))
    read = measure(model(sources=Sources.of([source])), Evidence(), sample(text)).real_words
    assert (bare, read) == (pytest.approx(3 / 5), pytest.approx(4 / 5))


def test_nothing_written_is_nothing_measured() -> None:
    found = measure(model(), Evidence(), sample(END, symbols=0))
    assert (found.real_words, found.loops, found.scenes) == (None, 0.0, 0)
