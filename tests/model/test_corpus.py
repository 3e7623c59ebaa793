from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tiny import tiny_screenplay

from model.batches import IGNORED, Batches, Epoch, Tokens
from model.corpus import RAREST, Corpus, Script
from model.errors import CorpusError
from model.vocabulary import UNKNOWN, Vocabulary
from screenplay.elements import Action, SceneHeading, Screenplay
from screenplay.stream import END, SCENE, TOKENS, encode, letters

LETTERS = Vocabulary((UNKNOWN, *TOKENS.values(), *"abcdefghijklmnopqrstuvwxyz"))


@pytest.mark.parametrize(
    ("scenes", "share", "held_out"), [(10, 0.1, 1), (14, 0.1, 1), (165, 0.1, 16), (2, 0.1, 1), (3, 0.9, 2), (5, 0.0, 0)]
)
def test_the_last_scenes_are_held_out(scenes: int, share: float, held_out: int) -> None:
    screenplay = tiny_screenplay(scenes)
    script = Script.part("tiny", screenplay, held_out=share)
    assert script.held_out.count(SCENE) == held_out
    assert script.training.count(SCENE) == scenes - held_out
    assert script.training.removesuffix(END) + (script.held_out or END) == encode(screenplay)
    assert script.training.endswith(END)


def test_a_single_scene_is_all_for_training_and_a_whole_script_may_be_held_out() -> None:
    alone = Script.part("one", tiny_screenplay(1), held_out=0.1)
    assert (alone.training.count(SCENE), alone.held_out) == (1, "")
    whole = Script.part("one", tiny_screenplay(1), held_out=1.0)
    assert (whole.training, whole.held_out.count(SCENE)) == ("", 1)


def test_the_text_before_the_first_scene_is_learned() -> None:
    screenplay = Screenplay(elements=(Action(text="Black."), SceneHeading(text="INT. A"), SceneHeading(text="INT. B")))
    assert "Black." in Script.part("s", screenplay, held_out=0.5).training


def test_a_record_has_facts_and_names_but_no_text() -> None:
    screenplay = tiny_screenplay(10)
    record = Script.part("tiny", screenplay, held_out=0.1).record()
    assert record.letters == letters(encode(screenplay))
    assert (record.scenes, record.held_out_scenes, record.rights) == (10, 1, "CC0")
    assert set(record.cast) == {"GUS", "NINA", "OTTO"}
    counts = [sum(s.cue.name == n for x in screenplay.scenes[:9] for s in x.speeches if s.cue) for n in record.cast]
    assert counts == sorted(counts, reverse=True)
    assert "lanes" not in record.model_dump_json()


def test_held_out_scenes_decide_nothing_about_the_vocabulary() -> None:
    elements = (SceneHeading(text="INT. AA"), SceneHeading(text="INT. ZZ"))
    corpus = Corpus.from_screenplays([("s", Screenplay(elements=elements))], held_out=0.5)
    assert "A" in corpus.vocabulary()
    assert "Z" not in corpus.vocabulary()
    assert set(TOKENS.values()) <= set(corpus.vocabulary().characters)


def test_whole_scripts_are_held_out_by_name() -> None:
    corpus = Corpus.from_screenplays(
        [("a", tiny_screenplay(4)), ("b", tiny_screenplay(5, seed=2))], held_out=0.0, held_out_scripts=["b"]
    )
    assert [s.count(SCENE) for s in corpus.training_streams] == [4]
    assert [s.count(SCENE) for s in corpus.held_out_streams] == [5]


@pytest.mark.parametrize(
    ("screenplays", "message"),
    [
        ([], "no screenplay at all: there is nothing to train on"),
        ([("empty", Screenplay())], "empty: there is nothing to train on"),
        ([("one", tiny_screenplay(1))], "one: no scene can be held out"),
    ],
)
def test_what_cannot_be_learned_is_refused(screenplays: list[tuple[str, Screenplay]], message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        Corpus.from_screenplays(screenplays)


def test_every_stream_follows_the_start_symbol() -> None:
    tokens = Tokens.from_streams(["ab" + END, "c" + END], LETTERS)
    assert LETTERS.decode(tokens.ids) == END + "ab" + END + END + "c" + END
    assert tokens.bounds.tolist() == [0, 4, 7]
    assert tokens.predicted == 5
    assert Tokens.from_streams([], LETTERS).predicted == 0


def test_ids_may_lie_in_a_file(tmp_path: Path) -> None:
    texts = ["ab" + END, "c" + END, "é" + END]
    file = tmp_path / "new" / "tokens.bin"
    mapped, held = Tokens.mapped(iter(texts), LETTERS, file), Tokens.from_streams(texts, LETTERS)
    assert file.stat().st_size == 2 * len(held.ids)
    assert mapped.ids.tolist() == held.ids.tolist()
    assert mapped.bounds.tolist() == held.bounds.tolist()
    again = Tokens.mapped(["abc" + END], LETTERS, file)
    assert (len(again.ids), len(mapped.ids)) == (5, len(held.ids))
    assert mapped.ids.tolist() == held.ids.tolist()
    assert Tokens.mapped([], LETTERS, file).predicted == 0
    assert [path.name for path in file.parent.iterdir()] == ["tokens.bin"]


def test_a_stored_script_is_the_same_to_learn_from(tmp_path: Path) -> None:
    scripts = [
        Script.part("a", tiny_screenplay(seed=1, words=("élan", "🎳")), held_out=0.2, repeats=2),
        Script.part("b", tiny_screenplay(seed=2), held_out=1.0),
        Script.part("c", tiny_screenplay(seed=3), held_out=0.0, guarded=False),
    ]
    corpus = Corpus.from_scripts(scripts)
    stored = Corpus.from_scripts(script.stored(tmp_path / "streams") for script in scripts)
    assert tuple(stored.training_streams) == tuple(corpus.training_streams)
    assert stored.held_out_streams == corpus.held_out_streams
    assert stored.records == corpus.records
    assert stored.vocabulary() == corpus.vocabulary()
    assert list(stored.streams(guarded=False)) == [scripts[2].training, ""]
    assert list(stored.streams(guarded=True)) == list(corpus.streams(guarded=True))
    assert [(s.name, s.repeats) for s in stored.scripts] == [("a", 2), ("b", 1), ("c", 1)]


streams = st.lists(st.text("abcdefgh", max_size=40).map(lambda text: text + END), min_size=1, max_size=6)


@given(streams, st.integers(1, 7), st.integers(1, 9), st.integers(0, 99))
def test_an_epoch_predicts_every_symbol_once_after_the_right_one(
    texts: list[str], batch: int, chunk: int, seed: int
) -> None:
    # Every position gets an id of its own, so that one can see which was read.
    tokens = Tokens.from_streams(texts, LETTERS)
    numbered = Tokens(np.arange(len(tokens.ids), dtype=np.uint16), tokens.bounds)
    epoch = Epoch(numbered, batch=batch, chunk=chunk, generator=torch.Generator().manual_seed(seed))
    seen: list[int] = []
    before = [-1] * epoch.rows
    for step in range(len(epoch)):
        found = epoch[step]
        assert found.inputs.shape == found.targets.shape == (epoch.rows, chunk)
        for row in range(epoch.rows):
            is_read = found.targets[row] != IGNORED
            targets = found.targets[row][is_read].tolist()
            inputs = found.inputs[row][is_read].tolist()
            assert targets == [i + 1 for i in inputs]
            if not inputs:
                continue
            assert inputs == list(range(inputs[0], inputs[0] + len(inputs)))
            # A row goes on where it was, or says that it does not.
            assert bool(found.opens[row]) or inputs[0] == before[row]
            # It never runs from one screenplay into the next.
            assert not {int(b) for b in tokens.bounds} & set(targets)
            before[row] = targets[-1]
            seen += targets
    starts = {int(bound) for bound in tokens.bounds}
    assert sorted(seen) == [i for i in range(len(tokens.ids)) if i not in starts]


def test_the_rows_of_an_epoch_are_of_one_length() -> None:
    tokens = Tokens.from_streams(["a" * 999 + END, "b" * 999 + END], LETTERS)
    epoch = Epoch(tokens, batch=8, chunk=10, generator=torch.Generator().manual_seed(0))
    read = sum((epoch[step].targets != IGNORED).sum(dim=1) for step in range(len(epoch)))
    assert isinstance(read, torch.Tensor)
    assert read.tolist() == [250] * 8
    assert len(epoch) <= 27
    with pytest.raises(IndexError):
        epoch[len(epoch)]


def test_an_epoch_depends_on_seed_and_number_alone() -> None:
    tokens = Tokens.from_streams(["abcdefgh" * 9 + END] * 3, LETTERS)

    def first(seed: int, number: int) -> list[list[int]]:
        return Batches(tokens, batch=4, chunk=8, seed=seed).epoch(number)[0].inputs.tolist()

    assert first(1, 3) == first(1, 3)
    assert first(1, 3) != first(1, 4)
    assert first(1, 3) != first(2, 3)


@pytest.mark.parametrize("mixed", [0.1, 0.25, 0.6])
def test_other_texts_are_mixed_in(mixed: float) -> None:
    """As many symbols as the share says, each time other ones, and all of what is learned as without them."""
    own = Tokens.from_streams(["abcdefgh" * 200 + END, "ijkl" * 100 + END], LETTERS)
    others = Tokens.from_streams(["rstuvw" * 1500 + END, "xyz" * 900 + END], LETTERS)
    foreign = set(LETTERS.encode("rstuvwxyz").tolist())

    def read(number: int) -> tuple[list[int], list[int]]:
        epoch = Batches(own, batch=4, chunk=16, seed=1, others=others, mixed=mixed).epoch(number)
        known, new = [], []
        for step in range(len(epoch)):
            batch = epoch[step]
            for row in range(epoch.rows):
                targets = batch.targets[row][batch.targets[row] != IGNORED].tolist()
                if targets:
                    is_foreign = int(batch.streams[row]) >= 2
                    assert is_foreign == (batch.inputs[row, 0].item() in foreign or targets[0] in foreign)
                    (new if is_foreign else known).extend(targets)
        return known, new

    known, new = read(0)
    assert sorted(known) == sorted(LETTERS.encode("abcdefgh" * 200 + END + "ijkl" * 100 + END).tolist())
    assert len(new) / (len(known) + len(new)) == pytest.approx(mixed, abs=0.01)
    assert read(0) == (known, new)
    assert read(1)[1] != new


def test_of_few_other_texts_all_are_mixed_in() -> None:
    own, others = (Tokens.from_streams([text + END], LETTERS) for text in ("a" * 5000, "z" * 20))
    epoch = Batches(own, batch=4, chunk=16, seed=1, others=others, mixed=0.5).epoch(0)
    foreign = sum(
        int((batch.targets == LETTERS.encode("z")[0]).sum()) for batch in map(epoch.__getitem__, range(len(epoch)))
    )
    assert 0 < foreign <= 21


def test_a_script_can_be_read_more_than_once_an_epoch() -> None:
    once = Script.part("a", tiny_screenplay(seed=1), held_out=0.2)
    thrice = Script.part("b", tiny_screenplay(seed=2), held_out=0.2, repeats=3)
    corpus = Corpus.from_scripts([once, thrice])
    assert tuple(corpus.training_streams) == (once.training, *[thrice.training] * 3)
    assert corpus.held_out_streams == (once.held_out, thrice.held_out)
    assert [record.repeats for record in corpus.records] == [1, 3]


def test_characters_too_rare_for_so_long_a_text_stay_unknown() -> None:
    screenplay = Screenplay(elements=(Action(text="é" * 3 + "ab" * RAREST), Action(text="xx")))
    vocabulary = Corpus.from_scripts(
        [Script.part("a", screenplay, held_out=0.0), Script.part("b", tiny_screenplay(), held_out=0.5)]
    ).vocabulary()
    assert "a" in vocabulary
    assert "é" in vocabulary
    longer = Screenplay(elements=(Action(text="é" * 3 + "ab" * 4 * RAREST),))
    vocabulary = Corpus.from_scripts(
        [Script.part("a", longer, held_out=0.0), Script.part("b", tiny_screenplay(), held_out=0.5)]
    ).vocabulary()
    assert "é" not in vocabulary
