from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import safetensors.torch
import torch

from model.checkpoint import CheckpointConfig, load, save
from model.errors import CheckpointError
from model.figures import Figures, Spent
from model.folder import CONFIG, COPIES, HABITS, LEXICON, TEXTS, VOCABULARY, WEIGHTS
from model.network import CharRNN
from model.pointer import PointerWeights
from model.records import ScriptRecord
from model.schedule import TrainingConfig
from model.shape import NetworkConfig
from model.sources import Sources
from model.vocabulary import UNKNOWN, Vocabulary
from screenplay.stream import TOKENS

WORDS = Vocabulary((UNKNOWN, *TOKENS.values(), "a", "b"))
SHAPE = NetworkConfig(vocabulary_size=len(WORDS), embedding=3, width=4)
SPENT = Spent(nats=2.0, symbols=3, letters=4, count=1)
SCRIPT = ScriptRecord(
    name="a", sha256="0", scenes=2, letters=9, held_out_scenes=1, held_out_letters=4, cast=("GUS", "NINA")
)


def example() -> tuple[CheckpointConfig, Vocabulary, CharRNN]:
    config = CheckpointConfig(
        network=SHAPE,
        training=TrainingConfig(steps=5),
        scripts=(SCRIPT, SCRIPT.model_copy(update={"name": "b", "cast": ("OTTO", "GUS")})),
        steps=5,
        elapsed_s=1.5,
        figures=Figures(nats=2.0, letters=4, symbols=3, unknown=0, by_element={"action": SPENT}),
    )
    return config, WORDS, CharRNN(SHAPE, generator=torch.Generator().manual_seed(3))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save(
        tmp_path / "bowling",
        *example(),
        sources=Sources.of([TOKENS["action"] + "the pins fall one by one and nobody minds"]),
    )
    return tmp_path / "bowling"


def test_what_is_saved_is_loaded(folder: Path) -> None:
    config, vocabulary, network = example()
    checkpoint = load(folder)
    assert checkpoint.name == "bowling"
    assert checkpoint.config == config
    assert checkpoint.vocabulary == vocabulary
    assert not checkpoint.network.training
    assert len(checkpoint.sources.copies.hashes) == 3
    assert checkpoint.sources.lexicon.words == ("and", "by", "fall", "minds", "nobody", "one", "pins", "the")
    weights = network.state_dict()
    for name, values in checkpoint.network.state_dict().items():
        assert torch.equal(values, weights[name])
    assert all(p.requires_grad and p.is_leaf for p in checkpoint.network.parameters())
    ids = torch.zeros(1, 3, dtype=torch.int64)
    assert torch.equal(
        checkpoint.network(ids, checkpoint.network.initial_hidden(1))[0], network(ids, network.initial_hidden(1))[0]
    )


def test_a_pointer_travels_with_the_model_and_older_models_have_none(folder: Path) -> None:
    assert load(folder).sources.pointer is None
    pointer = PointerWeights.fitted([])
    save(folder, *example(), sources=replace(load(folder).sources, pointer=pointer))
    assert load(folder).sources.pointer == pointer
    (folder / HABITS).write_text('{"weights": {}}')
    with pytest.raises(CheckpointError, match=r"habits\.json"):
        load(folder)


def test_only_json_and_safetensors_are_written(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [CONFIG, WEIGHTS, VOCABULARY, COPIES, LEXICON, TEXTS]
    )
    json.loads((folder / CONFIG).read_text())
    json.loads((folder / VOCABULARY).read_text())


def test_the_name_is_the_folders_however_it_was_reached(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert load(".").name == "bowling"


def test_names_are_those_of_the_last_training(folder: Path) -> None:
    assert load(folder).names == ("GUS", "NINA", "OTTO")
    assert load(folder).as_origin.scripts == load(folder).config.scripts


def test_half_precision_halves_the_file_and_loads_as_single(folder: Path) -> None:
    large = NetworkConfig(vocabulary_size=len(WORDS), embedding=64, width=64)
    network = CharRNN(large)
    config = CheckpointConfig(network=large)
    save(folder, config, WORDS, network)
    whole = (folder / WEIGHTS).stat().st_size
    save(folder, config, WORDS, network, half=True)
    assert (folder / WEIGHTS).stat().st_size < 0.52 * whole
    loaded = load(folder).network.state_dict()
    for name, values in network.state_dict().items():
        assert loaded[name].dtype == torch.float32
        torch.testing.assert_close(loaded[name], values, atol=1e-3, rtol=1e-3)


def test_saving_what_does_not_belong_together_is_refused(folder: Path) -> None:
    config, vocabulary, network = example()
    with pytest.raises(ValueError, match="not of one model"):
        save(folder, config, vocabulary.extended("c"), network)


def changed(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        (folder / name).write_bytes(change((folder / name).read_bytes()))

    return damage


def with_json(name: str, **values: object) -> Callable[[Path], None]:
    return changed(name, lambda data: json.dumps(json.loads(data) | values).encode())


def with_weights(**values: torch.Tensor | None) -> Callable[[Path], None]:
    def change(data: bytes) -> bytes:
        weights = safetensors.torch.load(data) | values
        return safetensors.torch.save({name: v for name, v in weights.items() if v is not None})

    return changed(WEIGHTS, change)


def without(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def with_texts(**changes: list[int]) -> Callable[[Path], None]:
    """Texts of an older model; with an index, of one of today."""
    values = {"ids": [1, 2, 3], "starts": [0], "numbers": [0]} | changes
    kinds = {name: torch.uint8 for name in ("ids", "following") if "following" in values}
    tensors = {name: torch.tensor(each, dtype=kinds.get(name, torch.int32)) for name, each in values.items()}
    return changed(TEXTS, lambda _: safetensors.torch.save(tensors))


DAMAGE: dict[str, tuple[Callable[[Path], None], str]] = {
    "no config": (without(CONFIG), "has no config.json"),
    "no vocabulary": (without(VOCABULARY), "has no vocabulary.json"),
    "no weights": (without(WEIGHTS), "has no model.safetensors"),
    "config a folder": (lambda f: ((f / CONFIG).unlink(), (f / CONFIG).mkdir()), "is a directory"),  # type: ignore[dict-item]
    "config empty": (changed(CONFIG, lambda _: b""), "Invalid JSON"),
    "config cut off": (changed(CONFIG, lambda data: data[:-30]), "Invalid JSON"),
    "config binary": (changed(CONFIG, lambda _: os.urandom(100)), "config.json"),
    "config a list": (changed(CONFIG, lambda _: b"[]"), "config.json"),
    "config too deep": (changed(CONFIG, lambda _: b"[" * 100_000), "config.json"),
    "config of the future": (with_json(CONFIG, version=2, attention=1), "format version 2; expected version 1"),
    "config with a stranger": (with_json(CONFIG, attention=1), '"attention": Extra inputs'),
    "config without a shape": (with_json(CONFIG, network={}), '"network.vocabulary_size"'),
    "config of a giant": (
        with_json(CONFIG, network={"vocabulary_size": len(WORDS), "width": 16384, "layers": 1}),
        "has the shape",
    ),
    "config of more layers": (
        with_json(CONFIG, network={"vocabulary_size": len(WORDS), "embedding": 3, "width": 4, "layers": 2}),
        "is missing",
    ),
    "vocabulary empty": (changed(VOCABULARY, lambda _: b""), "no vocabulary"),
    "vocabulary cut off": (changed(VOCABULARY, lambda data: data[:-9]), "no vocabulary"),
    "vocabulary short": (with_json(VOCABULARY, characters=WORDS.characters[:-1]), "16 characters stand here"),
    "vocabulary twice": (with_json(VOCABULARY, characters=[*WORDS.characters[:-1], "a"]), "stands in it twice"),
    "weights empty": (changed(WEIGHTS, lambda _: b""), "broken or cut off"),
    "weights cut off": (changed(WEIGHTS, lambda data: data[:-1]), "broken or cut off"),
    "weights cut off early": (changed(WEIGHTS, lambda data: data[:20]), "broken or cut off"),
    "weights random": (changed(WEIGHTS, lambda _: os.urandom(999)), "broken or cut off"),
    "weights pickled": (changed(WEIGHTS, lambda _: pickle.dumps({"a": 1})), "broken or cut off"),
    "a weight missing": (with_weights(**{"head.bias": None}), '"head.bias" is missing'),
    "a weight too many": (with_weights(extra=torch.zeros(3)), '"extra" belongs to no network'),
    "a weight of another shape": (with_weights(**{"head.bias": torch.zeros(3, 2)}), r"shape 3 × 2; expected 17"),
    "no copies": (without(COPIES), "has no copies.safetensors"),
    "copies cut off": (changed(COPIES, lambda data: data[:-1]), "broken or cut off"),
    "no lexicon": (without(LEXICON), "has no lexicon.json"),
    "lexicon cut off": (changed(LEXICON, lambda data: data[:-9]), "Invalid JSON"),
    "texts cut off": (changed(TEXTS, lambda data: data[:-1]), "broken or cut off"),
    "texts of another kind": (
        changed(TEXTS, lambda _: safetensors.torch.save({"ids": torch.zeros(3)})),
        "these are no texts",
    ),
    "texts without a beginning": (with_texts(starts=[1]), "out of order"),
    "texts back to front": (with_texts(starts=[0, 2, 1], numbers=[0, 1, 2]), "out of order"),
    "texts with an index of others": (with_texts(following=[0, 2, 3, 3]), "no index of these texts"),
    "texts with too short an index": (with_texts(following=[2, 3, 4]), "no index of these texts"),
    "texts of fewer screenplays": (with_texts(numbers=[]), "these are no texts"),
    "texts of other characters": (with_texts(ids=[1, 2, len(WORDS)]), "characters that it does not know"),
    "copies of another kind": (
        changed(COPIES, lambda _: safetensors.torch.save({"hashes": torch.zeros(3)})),
        "no index of sources",
    ),
    "copies of which some are missing": (
        changed(
            COPIES, lambda _: safetensors.torch.save({"hashes": torch.zeros(3).int(), "rests": torch.zeros(2).byte()})
        ),
        "no index of sources",
    ),
    "a weight not a number": (
        with_weights(**{"head.bias": torch.full((len(WORDS),), torch.nan)}),
        "not finite",
    ),
}


def test_an_index_of_before_says_nothing_of_sentences(folder: Path) -> None:
    hashes = safetensors.torch.load_file(folder / COPIES)["hashes"]
    changed(COPIES, lambda _: safetensors.torch.save({"hashes": hashes}))(folder)
    copies = load(folder).sources.copies
    assert copies.rests.tolist() == [255] * 3
    assert copies.hashes.tolist() == sorted(copies.hashes.tolist())


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_checkpoint_is_refused(kind: str, folder: Path) -> None:
    damage, message = DAMAGE[kind]
    damage(folder)
    with pytest.raises(CheckpointError, match=message):
        load(folder)


def test_no_folder_and_no_model(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no such folder"):
        load(tmp_path / "nothing")
    (tmp_path / "file").write_text("x")
    with pytest.raises(CheckpointError, match="not a folder"):
        load(tmp_path / "file")
    with pytest.raises(CheckpointError, match=r"has no config\.json"):
        load(tmp_path)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CheckpointError, match="can't be saved"):
        save(tmp_path / "file", *example())
