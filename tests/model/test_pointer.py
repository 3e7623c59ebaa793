from __future__ import annotations

import random

import numpy as np
import pytest
from pydantic import ValidationError

from model.pointer import CHOICES, LEAST, PointerWeights, cast_choice, choice_after, cue_choice, heading_choice
from model.stage import REACH, Stage, mentioned, parts
from screenplay.stream import ACTION, CAST, CHARACTER, DIALOGUE, END, SCENE, header

A, B, C = "ANNA", "BEN", "CARLA"


def staged(stream: str) -> Stage:
    stage = Stage()
    for _, token, text in parts(stream):
        stage = stage.after(token, text)
    return stage


def scene(heading: str, *names: str, cast: tuple[str, ...] | None = None) -> str:
    listed = tuple(dict.fromkeys(names)) if cast is None else cast
    return SCENE + heading + header(listed) + "".join(f"{CHARACTER}{name}{DIALOGUE}Yes." for name in names)


def test_parts_are_all_of_a_stream() -> None:
    stream = scene("INT. BAR - DAY", A, B) + END
    assert "".join(token + text for _, token, text in parts(stream)) == stream
    assert [stream[start] for start, _, _ in parts(stream)] == [token for _, token, _ in parts(stream)]
    assert list(parts("")) == list(parts("no token")) == []


def test_a_stage_knows_who_spoke_and_who_has_not() -> None:
    stage = staged(scene("INT. BAR - DAY", A, B, A, cast=(A, B, C)) + ACTION + "Carla looks up.")
    assert (stage.last, stage.before, stage.unmet, stage.met) == (A, B, (C,), (A, B))
    assert stage.seen == " Carla looks up."
    assert stage.guess() == B
    after = staged(scene("INT. BAR - DAY", A, B) + scene("EXT. LOT - DAY"))
    assert after.past[-1].speakers == (A, B)
    assert after.past[-1].heading == "INT. BAR - DAY"
    assert (after.heading, after.cast, after.last) == ("EXT. LOT - DAY", (), None)


def test_a_stage_stays_bounded() -> None:
    stage = staged(scene("INT. BAR - DAY", *([A, B] * REACH)))
    assert len(stage.speakers) == REACH
    assert len(staged("".join(scene(f"INT. ROOM {n} - DAY", A) for n in range(3 * REACH))).past) == REACH


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("ANNA", "Listen, Anna, no.", True),
        ("ANNA", "Annabel said so.", False),
        ("THE OLD MAN", "The old dog and the man.", False),
        ("MRS. VARGA", "Ask Varga.", True),
        ("AL", "Al is here.", False),
    ],
)
def test_a_name_is_mentioned_by_a_word_that_tells_it_from_others(name: str, text: str, found: bool) -> None:
    assert mentioned(name, text) is found


def test_a_cue_is_one_of_the_header() -> None:
    choice = cue_choice(staged(scene("INT. BAR - DAY", A, B, cast=(A, B, C))))
    assert [c.text for c in choice.candidates] == [A, B, C]
    assert choice.index_of(B) == 2
    assert choice.index_of("DORA") == 0


def test_a_header_lists_people_of_earlier_scenes_who_are_not_listed_yet() -> None:
    stage = staged(
        scene("INT. BAR - DAY", A, B) + scene("INT. LOT - DAY", C, A) + SCENE + "INT. BAR - NIGHT" + CAST + A
    )
    assert {c.text for c in cast_choice(stage).candidates} == {B, C}


def test_a_heading_comes_back_whole_or_with_another_time_of_day() -> None:
    before = staged(scene("INT. BAR - DAY", A) + scene("EXT. LOT - NIGHT", A))
    choice = choice_after(SCENE, before)
    assert choice.candidates == heading_choice(before.after(SCENE, "")).candidates
    texts = {c.text: c.is_whole for c in choice.candidates}
    assert texts == {"INT. BAR - DAY": True, "EXT. LOT - NIGHT": True, "INT. BAR - ": False, "EXT. LOT - ": False}
    whole, other = choice.index_of("INT. BAR - DAY"), choice.index_of("INT. BAR - LATER")
    assert choice.candidates[whole - 1].is_whole
    assert not choice.candidates[other - 1].is_whole
    assert choice.index_of("INT. CAR - DAY") == 0


def test_features_are_finite_and_as_many_everywhere() -> None:
    stages = [Stage(), staged(scene("X", A)), staged(scene("INT. BAR", A, B, C, A) + scene("INT. BAR", B))]
    for choose in CHOICES.values():
        sizes = set()
        for stage in stages:
            choice = choose(stage)
            assert choice.features.shape[0] == len(choice.candidates) + 1
            assert np.isfinite(choice.features).all()
            sizes.add(choice.features.shape[1])
        assert len(sizes) == 1


def two_hands(seed: int, scenes: int) -> str:
    """Scripts in which people strictly take turns, and scenes come back to one of three places."""
    rng = random.Random(seed)
    found = []
    for _ in range(scenes):
        first, second = rng.sample([A, B, C], 2)
        found.append(scene(f"INT. {rng.choice('XYZ')} - DAY", *([first, second] * 5)))
    return "".join(found) + END


def test_what_is_fitted_foretells_scripts_of_the_same_kind() -> None:
    weights = PointerWeights.fitted([two_hands(1, 30), two_hands(2, 30)])
    stage = staged(scene("INT. BAR - DAY", A, B, A, cast=(A, B)))
    choice = choice_after(CHARACTER, stage)
    shares = weights.shares(CHARACTER, choice)
    assert shares[choice.index_of(B)] > 0.9
    assert shares.sum() == pytest.approx(1)
    assert shares[0] >= LEAST * 0.999


def test_with_nothing_to_learn_from_all_are_as_likely() -> None:
    choice = cue_choice(staged(scene("INT. BAR - DAY", A, B)))
    np.testing.assert_allclose(PointerWeights.fitted([]).shares(CHARACTER, choice), 1 / 3)
    assert PointerWeights.fitted([]).shares(CHARACTER, cue_choice(Stage())).tolist() == [1.0]


def test_little_to_learn_from_changes_little_of_what_was_known() -> None:
    much = PointerWeights.fitted([two_hands(seed, 30) for seed in range(4)])
    little = scene("INT. BAR - DAY", A, B, B) + END
    kept, alone = PointerWeights.fitted([little], prior=much), PointerWeights.fitted([little])
    choice = choice_after(CHARACTER, staged(scene("INT. BAR - DAY", A, B, A, cast=(A, B))))
    expected = much.shares(CHARACTER, choice)
    near, far = (abs(w.shares(CHARACTER, choice) - expected).max() for w in (kept, alone))
    assert near < far / 2


def test_weights_of_other_features_are_refused() -> None:
    with pytest.raises(ValidationError, match="features"):
        PointerWeights(weights={"cue": (0.0,)})
