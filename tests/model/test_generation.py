import subprocess
import sys
from unittest import mock

import numpy as np
import pytest
import torch
from tiny import tiny_corpus

from model.checkpoint import Checkpoint, CheckpointConfig, load
from model.errors import RequestError, UnknownCharacterError
from model.generation import Request, Writing
from model.lengths import SceneShape
from model.lexicon import Lexicon
from model.network import CharRNN
from model.pointer import PointerWeights
from model.records import ScriptRecord
from model.sampling import Sampling
from model.shape import NetworkConfig
from model.shipping import SHIPPED
from model.sources import NO_SOURCES, Sources
from model.stepping import Stepper
from model.strangers import called
from model.vocabulary import UNKNOWN, Vocabulary
from screenplay.elements import Action, Character, Dialogue, SceneHeading, Screenplay
from screenplay.grammar import check
from screenplay.readers import fountain
from screenplay.stream import AND, CAST, END, SCENE, TOKENS, decode, show
from screenplay.writers import fountain as fountain_writer

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
VOCABULARY = Vocabulary((UNKNOWN, *TOKENS.values(), *" \n.,?!'-", *_LETTERS))


NAMES = (("GUS", "LEVON"), ("MRS. PARK",))


def fake(
    *,
    flat: bool = False,
    sources: Sources = NO_SOURCES,
    styles: int = 0,
    casts: tuple[tuple[str, ...], ...] = NAMES,
) -> Checkpoint:
    """A model that has learned nothing, but knows some names."""
    shape = NetworkConfig(vocabulary_size=len(VOCABULARY), embedding=4, width=8, styles=styles)
    network = CharRNN(shape)
    with torch.no_grad():
        network.head.weight.zero_() if flat else network.head.weight.mul_(20)
        if styles:
            network.styles.weight.normal_(generator=torch.Generator().manual_seed(1))
    scripts = tuple(
        ScriptRecord(name=name, sha256=name, scenes=2, letters=9, held_out_scenes=1, held_out_letters=4, cast=cast)
        for name, cast in zip(("bowling.txt", "noir.fountain"), casts, strict=False)
    )
    return Checkpoint.of("fake", CheckpointConfig(network=shape, scripts=scripts), VOCABULARY, network, sources)


def written(request: Request, draft: Screenplay | None = None, *, flat: bool = False) -> str:
    return "".join(Writing(fake(flat=flat), request, draft))


def request(**values: object) -> Request:
    return Request.model_validate({"length": 0.3, "sampling": Sampling(temperature=1.0, min_p=0.0)} | values)


DRAFT = Screenplay(
    elements=(
        SceneHeading(text="INT. LANES"),
        Action(text="Rain."),
        Character(name="NINA"),
        Dialogue(text="No."),
        SceneHeading(text="EXT. LOT"),
        Dialogue(text="Words without a cue."),
    )
)


@pytest.mark.parametrize("seed", range(30))
def test_a_network_that_knows_nothing_still_writes_readable_scenes(seed: int) -> None:
    stream = written(request(seed=seed, last_scene=2), flat=True)
    assert check(stream).place == "end"
    screenplay = decode(stream)
    assert len(screenplay.scenes) == 2
    assert fountain.read(fountain_writer.render(screenplay)) == screenplay
    assert set(screenplay.cast) <= {"GUS", "LEVON", "MRS. PARK"}
    assert all(set(scene.cast) <= set(header_of(stream, i)) for i, scene in enumerate(screenplay.scenes))


def test_a_quotation_ends_where_the_network_ends_the_element() -> None:
    vocabulary = VOCABULARY.extended('"')
    network = CharRNN(NetworkConfig(vocabulary_size=len(vocabulary), embedding=4, width=8))
    with torch.no_grad():
        network.head.weight.zero_()
        network.head.bias.copy_(torch.from_numpy(np.where(vocabulary.is_token, 9.0, 0.0)))
    made = Checkpoint.of("ender", CheckpointConfig(network=network.config), vocabulary, network, NO_SOURCES)
    writing = Writing(made, request(prompt='INT. BAR\n\nHe says, "No'))
    assert 'He says, "No"' in decode("".join(writing)).elements[1].text
    assert writing.report.overruled["punctuation"] == 1


def test_in_action_nobody_of_another_screenplay_appears() -> None:
    """By the bundled model, which would like to."""
    bundled = load(SHIPPED)
    known = {called(name).rpartition(" ")[2] for name in bundled.names}
    replaced = 0
    for seed in (502, 507):
        writing = Writing(bundled, Request(seed=seed, length=0.6))
        screenplay = decode("".join(writing))
        replaced += writing.report.overruled.get("stranger", 0)
        here = {called(name).rpartition(" ")[2] for name in header_of("".join(writing), 0)}
        told = {word for element in screenplay.elements if element.kind == "action" for word in element.text.split()}
        assert not told & known - here
    assert replaced > 0


def header_of(stream: str, scene: int) -> list[str]:
    body = stream.split(SCENE)[scene + 1]
    if CAST not in body:
        return []
    header = body.split(CAST)[1]
    end = next(i for i, s in enumerate(header) if s in TOKENS.values() and s != AND)
    return header[:end].split(AND)


POINTING = Sources(
    NO_SOURCES.copies,
    NO_SOURCES.lexicon,
    PointerWeights.fitted(tiny_corpus(seed=seed).scripts[0].training for seed in range(3)),
)


@pytest.mark.parametrize("seed", range(20))
def test_a_pointer_brings_people_and_places_back(seed: int) -> None:
    made = fake(flat=True, sources=POINTING)
    writing = Writing(made, request(seed=seed, last_scene=3, first_scene=3), DRAFT)
    stream = "".join(writing)
    assert check(stream).place == "end"
    screenplay = decode(stream)
    assert fountain.read(fountain_writer.render(screenplay)) == screenplay
    again = Writing(made, request(seed=seed, last_scene=3, first_scene=3), DRAFT)
    assert "".join(again) == stream


def test_with_a_pointer_scenes_come_back_to_places_of_the_draft() -> None:
    """By chance alone no heading would ever be that of an earlier scene."""

    def returns(sources: Sources) -> int:
        made = fake(flat=True, sources=sources)
        scenes = 0
        for seed in range(20):
            writing = Writing(made, request(seed=seed, first_scene=3, last_scene=3), DRAFT)
            heading = decode("".join(writing)).scenes[0].heading.text
            scenes += heading in ("INT. LANES", "EXT. LOT")
        return scenes

    assert returns(NO_SOURCES) == 0
    assert returns(POINTING) > 0


def test_same_seed_same_scene_and_another_seed_another() -> None:
    assert written(request(seed=5)) == written(request(seed=5))
    assert written(request(seed=5)) != written(request(seed=6))


def test_temperature_zero_ignores_the_seed() -> None:
    cold = Sampling(temperature=0.0)
    assert written(request(seed=1, sampling=cold)) == written(request(seed=2, sampling=cold))


def test_scene_three_alone_is_scene_three_of_five() -> None:
    alone = written(request(seed=3, first_scene=3, last_scene=3))
    together = written(request(seed=3, first_scene=1, last_scene=5))
    assert alone.rstrip(END) == SCENE + together.rstrip(END).split(SCENE)[3]


def test_scenes_stream_as_they_are_written() -> None:
    writing = Writing(fake(), request(seed=1))
    symbols = iter(writing)
    assert next(symbols) == SCENE
    next(symbols)
    assert 0 < writing.report.symbols < 5


def test_the_draft_is_the_context_of_the_next_scene() -> None:
    after = written(request(seed=1, first_scene=3, last_scene=3), DRAFT)
    other = Screenplay(elements=(*DRAFT.elements[:-1], Dialogue(text="XYZZY")))
    assert after != written(request(seed=1, first_scene=3, last_scene=3), other)
    assert len(decode(after).scenes) == 1


def test_people_of_the_draft_may_speak() -> None:
    alone = fake(flat=True, casts=())
    casts = []
    for seed in range(20):
        stream = "".join(Writing(alone, request(seed=seed, first_scene=3, last_scene=3, length=0.125), DRAFT))
        casts.append(header_of(stream, 0))
    assert {name for cast in casts for name in cast} == {"NINA"}


def test_a_scene_that_the_draft_has_is_not_written_again() -> None:
    with pytest.raises(RequestError, match="the draft has it already"):
        written(request(first_scene=2, last_scene=2), DRAFT)


def test_heading_and_cast_can_be_dictated() -> None:
    stream = written(request(heading="int. roof - night", cast=("Nina", "OTTO"), last_scene=2))
    first, second = decode(stream).scenes
    assert first.heading.text == "INT. ROOF - NIGHT"
    assert header_of(stream, 0) == header_of(stream, 1) == ["NINA", "OTTO"]
    assert {*first.cast, *second.cast} <= {"NINA", "OTTO"}


@pytest.mark.parametrize(
    ("prompt", "begins"),
    [
        ("OTTO", "⟨and⟩|⟨character⟩OTTO"),
        (
            "INT. ROOF - NIGHT\n\nOTTO\nDo you kn",
            "⟨scene⟩INT. ROOF - NIGHT⟨cast⟩OTTO|⟨character⟩OTTO⟨dialogue⟩Do you kn",
        ),
        ("INT. ROO", "⟨scene⟩INT. ROO|"),
        ("OTTO (O.S.)\n(low)\n", "⟨cast⟩OTTO|⟨character⟩OTTO⟨extension⟩O.S.⟨parenthetical⟩low⟨"),
        ("Rain on the ", "|⟨action⟩Rain on the "),
        ("Rain.\n\nGUS\nNo.", "⟨cast⟩GUS|⟨action⟩Rain.⟨character⟩GUS⟨dialogue⟩No."),
    ],
)
def test_the_network_goes_on_from_the_prompt(prompt: str, begins: str) -> None:
    for seed in range(5):
        stream = written(request(seed=seed, prompt=prompt))
        shown = show(stream)
        if begins.startswith("⟨and⟩"):
            assert "OTTO" in header_of(stream, 0)
        else:
            assert begins.split("|")[0] in shown
        assert begins.split("|")[1] in shown
        check(stream)


def test_a_name_alone_is_a_cue_that_gets_its_words() -> None:
    scene = decode(written(request(prompt="JACKIE TREEHORN".replace("TREEHORN", "PARK")))).scenes[0]
    assert scene.body[0] == Character(name="JACKIE PARK") or isinstance(scene.body[0], Character)
    assert scene.speeches[0].lines


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"heading": "  "}, "empty"),
        ({"cast": ("",)}, "empty"),
        ({"cast": ("?",)}, "can't stand"),
        ({"prompt": " \n "}, "no text"),
        ({"prompt": "[[a note]]"}, "no text"),
        ({"prompt": "INT. A\n\nRain.\n\nINT. B\n\nSun."}, "second scene heading"),
        ({"prompt": "INT. A", "heading": "INT. B"}, "both"),
    ],
)
def test_what_cannot_be_dictated_is_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        written(request(**values))


def test_a_character_that_the_model_lacks_is_named() -> None:
    with pytest.raises(UnknownCharacterError, match=r"U\+2013"):
        written(request(prompt="Rain – and sun"))


@pytest.mark.parametrize(
    "values", [{"first_scene": 0}, {"first_scene": 3, "last_scene": 2}, {"length": 0.1}, {"length": 1000}]
)
def test_a_request_without_sense_is_refused(values: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"scene|greater|less"):
        Request.model_validate(values)


def test_the_report_says_what_was_overruled() -> None:
    writing = Writing(fake(flat=True), request(seed=1))
    stream = "".join(writing)
    report = writing.report
    assert report.symbols >= len(stream) - 10
    assert report.overruled["grammar"] > 0
    assert report.overruled["cast"] > 0
    assert report.elapsed_s > 0
    assert report.slips_per_1000 == 1000 * report.overruled["grammar"] / report.symbols


def styled(*style: tuple[str, float], seed: int = 1, flat: bool = False) -> str:
    return "".join(Writing(fake(flat=flat, styles=2), request(seed=seed, style=style, length=1)))


def test_styles_write_differently_and_a_blend_by_its_proportions() -> None:
    one, other = styled(("bowling", 1.0)), styled(("noir", 1.0))
    assert one != other
    assert styled(("bowling", 2.0)) == one
    assert styled(("bowling", 0.5), ("bowling", 0.5)) == one
    assert styled(("bowling", 0.6), ("noir", 0.4)) not in (one, other)


def test_in_a_style_its_own_people_speak() -> None:
    for name, cast in (("bowling", NAMES[0]), ("noir", NAMES[1])):
        spoken = {who for seed in range(8) for who in decode(styled((name, 1.0), seed=seed, flat=True)).cast}
        assert spoken
        assert spoken <= set(cast)


def test_a_style_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(RequestError, match=r'no style "western"; expected one of bowling, noir'):
        styled(("western", 1.0))
    with pytest.raises(RequestError, match="learned from several"):
        Writing(fake(), request(style=(("noir", 1.0),)))
    with pytest.raises(ValueError, match="above nothing"):
        request(style=(("noir", 0.0),))


def test_writing_needs_no_torch() -> None:
    """It takes longer to import than a scene to begin."""
    code = (
        "import sys; from model.checkpoint import load; from model.generation import Request, Writing; "
        "from model.shipping import SHIPPED; writing = Writing(load(SHIPPED), Request(length=0.125)); "
        "assert len(list(writing)) > 20; assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("speakers", [0, 1, 2, 5])
def test_a_scene_has_as_many_speakers_as_its_shape_says_but_nobody_talks_alone(speakers: int) -> None:
    shaped = Sources(NO_SOURCES.copies, NO_SOURCES.lexicon, POINTING.pointer, (SceneShape(40, speakers),))
    for seed in range(25):
        stream = "".join(Writing(fake(flat=True, sources=shaped), Request(seed=seed, last_scene=2)))
        for scene, part in enumerate(stream.split(SCENE)[1:]):
            assert len(header_of(stream, scene)) == {0: 0, 1: 2, 2: 2, 5: 3}[speakers], part


@pytest.mark.parametrize("seed", range(10))
def test_dictated_speakers_do_speak_newcomers_too(seed: int) -> None:
    cast = ("NINA", "GUS", "THE STRANGER")
    screenplay = decode(written(request(seed=seed, cast=cast, last_scene=2, length=1.5), flat=True))
    assert [set(scene.cast) for scene in screenplay.scenes] == [set(cast), set(cast)]


def test_places_of_the_draft_come_back_though_no_source_has_their_words() -> None:
    """The lexicon would not let them be spelled; and the unknown character is never written."""
    lexicon = Sources(NO_SOURCES.copies, Lexicon(("rain",)), POINTING.pointer)
    found = []
    for seed in range(40):
        made = Writing(fake(flat=True, sources=lexicon), request(seed=seed, first_scene=3, last_scene=3), DRAFT)
        stream = "".join(made)
        assert UNKNOWN not in stream
        found.append(decode(stream).scenes[0].heading.text)
    assert {"INT. LANES", "EXT. LOT"} & set(found)


def test_of_a_long_draft_the_last_scenes_are_read() -> None:
    """Time to the first symbol must not grow with it."""
    scene = (SceneHeading(text="INT. LANES"), Action(text="Rain. " * 40))

    def steps_for(scenes: int) -> int:
        writing = Writing(
            fake(flat=True), request(first_scene=scenes + 1, last_scene=scenes + 1), Screenplay(elements=scene * scenes)
        )
        with mock.patch.object(Stepper, "read", autospec=True, side_effect=Stepper.read) as read:
            next(iter(writing))
        return read.call_count

    assert steps_for(10) < steps_for(30) < 8100
    assert steps_for(300) == steps_for(200) < 8100
