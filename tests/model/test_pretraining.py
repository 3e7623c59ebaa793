from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tiny import SHAPE, tiny_screenplay

from model.checkpoint import load
from model.errors import CorpusError
from model.events import Done, Progress
from model.pretraining import Manifest, gather, lines, main, pretrain
from model.schedule import TrainingConfig
from model.sources import Sources
from model.training import train
from screenplay.readers import fountain as fountain_reader
from screenplay.readers import prose
from screenplay.stream import encode
from screenplay.writers import fountain

ROOT = Path(__file__).parent.parent.parent
BASE = ROOT / "corpora" / "base.json"
BOOK = '# I\n\nThe rain fell. "No lanes tonight," said Otto, and went home over the hill.\n'
Write = Callable[..., Path]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    for name, text in {
        "books/one.txt": BOOK,
        "books/two.txt": BOOK.replace("Otto", "Nina"),
        "books/old.txt": BOOK.replace("rain", "snow"),
        "plays/play.fountain": fountain.render(tiny_screenplay(seed=3)),
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a manifest beside a screenplay of its own."""

    def write(name: str = "tiny.json", **changes: Any) -> Path:
        data = {
            "network": SHAPE.model_dump(),
            "training": {"batch": 4, "chunk": 16, "evaluations": 2, "seed": 1},
            "sets": [
                {"name": "books", "paths": ["books/*.txt"], "without": ["books/old.*"], "reader": "prose"},
                {"name": "plays", "paths": ["plays/*"], "repeats": 2, "guarded": False},
                {"name": "ours", "within": "manifest", "paths": ["*.fountain"], "repeats": 3, "held_out": 0.2},
            ],
            **changes,
        }
        folder = tmp_path / "ours"
        folder.mkdir(exist_ok=True)
        (folder / "film.fountain").write_text(fountain.render(tiny_screenplay(seed=4)), encoding="utf-8")
        (folder / name).write_text(json.dumps(data), encoding="utf-8")
        return folder / name

    return write


def test_a_manifest_says_what_is_read_how_and_how_often(root: Path, write: Write, tmp_path: Path) -> None:
    told: list[str] = []
    path = write()
    corpus = gather(Manifest.load(path), root, path.parent, tmp_path / "store", told.append)
    found = [(r.name, r.repeats, r.scenes, r.held_out_scenes) for r in corpus.records]
    assert found == [
        ("books/one.txt", 1, 0, 0),
        ("books/two.txt", 1, 0, 0),
        ("plays/play.fountain", 2, 12, 0),
        ("film.fountain", 3, 12, 2),
    ]
    streams = list(corpus.training_streams)
    assert len(streams) == 1 + 1 + 2 + 3
    assert streams[0] == encode(prose.read(BOOK))
    assert streams[2] == encode(fountain_reader.read((root / "plays/play.fountain").read_text("utf-8")))
    assert [len(told), told[0][:15], "read 3 times an epoch" in told[2]] == [3, "books: 2 texts,", True]
    # What stands in the store is all that is left of the texts.
    assert (tmp_path / "store").read_bytes().decode() == "".join(dict.fromkeys(streams))


def test_a_manifest_may_be_toml(root: Path, write: Write, tmp_path: Path) -> None:
    path = write().with_name("tiny.toml")
    path.write_text(
        '[network]\nembedding = 6\nwidth = 16\n\n[[sets]]\nname = "books"\nreader = "prose"\npaths = ["books/*"]\n',
        encoding="utf-8",
    )
    plan = Manifest.load(path)
    assert (plan.network, plan.sets[0].repeats, len(plan.sets[0].files(root))) == (SHAPE, 1, 3)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"sets": []}, "sets: "),
        ({"sets": [{"name": "a", "paths": []}]}, "sets.0.paths: "),
        ({"sets": [{"name": "a", "paths": ["../x"]}]}, "a pattern must stay inside its folder"),
        ({"sets": [{"name": "a", "paths": ["/etc/*"]}]}, "a pattern must stay inside its folder"),
        ({"sets": [{"name": "a", "paths": ["*"], "reader": "tea leaves"}]}, "there is no such reader"),
        ({"sets": [{"name": "a", "paths": ["*"], "held_out": 2}]}, "sets.0.held_out: "),
        ({"training": {"minutes": 5}}, "training.minutes is not for a manifest to say"),
        ({"training": {"batch": 0}}, "batch"),
        ({"training": {"btach": 9}}, "btach"),
        ({"surprise": 1}, "surprise: "),
    ],
)
def test_a_wrong_manifest_says_where(write: Write, changes: dict[str, Any], found: str) -> None:
    with pytest.raises(CorpusError) as caught:
        Manifest.load(write(**changes))
    assert found in str(caught.value)
    assert "\n  " not in str(caught.value)


def test_a_broken_file_is_no_manifest(tmp_path: Path) -> None:
    for name in ("a.json", "a.toml"):
        (tmp_path / name).write_text("{ no", encoding="utf-8")
        with pytest.raises(CorpusError, match="no JSON or TOML"):
            Manifest.load(tmp_path / name)


def test_a_pattern_that_finds_nothing_is_no_silent_gap(root: Path, write: Write, tmp_path: Path) -> None:
    path = write(sets=[{"name": "books", "paths": ["books/*.txt", "boks/*.txt"], "reader": "prose"}])
    with pytest.raises(CorpusError, match=r'set "books" finds no file boks/\*\.txt'):
        gather(Manifest.load(path), root, path.parent, tmp_path / "store")


def test_no_text_is_learned_in_two_sets(root: Path, write: Write, tmp_path: Path) -> None:
    path = write(sets=[{"name": "a", "paths": ["books/*"]}, {"name": "b", "paths": ["books/one.txt"]}])
    with pytest.raises(CorpusError, match=r'one\.txt: this stands in "a" and in "b"'):
        gather(Manifest.load(path), root, path.parent, tmp_path / "store")


def test_what_a_reader_guessed_is_told(root: Path, write: Write, tmp_path: Path) -> None:
    (root / "books" / "one.txt").write_bytes('"Café," said Otto.\n'.encode("cp1252"))
    told: list[str] = []
    path = write()
    gather(Manifest.load(path), root, path.parent, tmp_path / "store", told.append)
    assert told[0].startswith(f"warning: {root / 'books' / 'one.txt'}:1: not UTF-8")


def test_texts_that_may_be_recited_give_words_but_no_index(root: Path, write: Write, tmp_path: Path) -> None:
    path = write()
    corpus = gather(Manifest.load(path), root, path.parent, tmp_path / "store", [].append)
    book, play = corpus.scripts[0], corpus.scripts[2]
    assert (book.guarded, play.guarded) == (True, False)
    sources = Sources.of(corpus.streams(guarded=True), free=corpus.streams(guarded=False))
    everything = Sources.of(stream for script in corpus.scripts for stream in (script.training, script.held_out))
    assert sources.lexicon == everything.lexicon
    assert 0 < len(sources.copies.hashes) < len(everything.copies.hashes)
    guarded = Sources.of(corpus.streams(guarded=True))
    assert guarded.copies.hashes.tolist() == sources.copies.hashes.tolist()


def test_ids_on_disk_train_the_same_network(root: Path, write: Write, tmp_path: Path) -> None:
    path = write()
    corpus = gather(Manifest.load(path), root, path.parent, tmp_path / "store", [].append)
    config = TrainingConfig(steps=6, batch=4, chunk=16, evaluations=1)
    for name, on_disk in (("disk", True), ("memory", False)):
        events = train(corpus, config, tmp_path / name, shape=SHAPE, on_disk=on_disk)
        assert (tmp_path / name / "training" / "tokens-0.bin").is_file() == on_disk
        assert isinstance(list(events)[-1], Done)
    assert (tmp_path / "disk/model.safetensors").read_bytes() == (tmp_path / "memory/model.safetensors").read_bytes()
    assert sorted(p.name for p in (tmp_path / "disk").iterdir()) == sorted(
        p.name for p in (tmp_path / "memory").iterdir()
    )


def test_a_run_is_told_in_lines_and_leaves_nothing_but_a_model(
    root: Path, write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "deep" / "base"
    assert main([str(write()), "--root", str(root), "--minutes", "0.02", "--to", str(to)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    told = out.splitlines()
    assert [line.split(":")[0] for line in told[:3]] == ["books", "plays", "ours"]
    assert any("loss" in line and "symbols/s" in line for line in told)
    assert sum("bits per letter, the best so far (" in line for line in told) >= 1
    assert "over after" in told[-1]
    checkpoint = load(to)
    assert [script.name for script in checkpoint.config.scripts][-1] == "film.fountain"
    assert all(len(script.sha256) == 64 for script in checkpoint.config.scripts)
    assert checkpoint.config.training is not None
    assert (checkpoint.config.training.batch, checkpoint.config.training.minutes) == (4, 0.02)
    assert {p.name for p in to.iterdir()} == {
        "config.json",
        "vocabulary.json",
        "model.safetensors",
        "copies.safetensors",
        "lexicon.json",
        "habits.json",
        "texts.safetensors",
    }


def test_a_run_that_was_stopped_goes_on(root: Path, write: Write, tmp_path: Path) -> None:
    path, to = write(), tmp_path / "base"
    events = pretrain(path, to, root=root, minutes=0.03, tell=[].append)
    for event in events:
        if isinstance(event, Progress):
            break
    events.close()
    steps = event.step
    assert steps > 0
    told: list[str] = []
    after = list(pretrain(path, to, root=root, minutes=None, resume=True, tell=told.append))
    assert after[0].step >= steps
    assert isinstance(after[-1], Done)
    assert after[-1].elapsed_s >= 0.03 * 60
    assert told[0].startswith("books:")


@pytest.mark.parametrize(("asked", "expected"), [(24, 24), (8, SHAPE.width)])
def test_a_run_may_start_from_a_model_and_widen_it(
    root: Path, write: Write, tmp_path: Path, asked: int, expected: int
) -> None:
    path, first, second = write(), tmp_path / "first", tmp_path / "second"
    list(pretrain(path, first, root=root, minutes=0.01, tell=[].append))
    path = write(network={"width": asked})
    list(pretrain(path, second, root=root, minutes=0.01, start=first, tell=[].append))
    checkpoint = load(second)
    assert checkpoint.config.origin is not None
    assert checkpoint.config.origin.name == "first"
    assert checkpoint.config.network.width == expected
    assert checkpoint.config.network.embedding == SHAPE.embedding


def test_a_run_goes_on_with_the_same_texts_only(
    root: Path, write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, to = write(), tmp_path / "base"
    events = pretrain(path, to, root=root, minutes=0.03, tell=[].append)
    next(events)
    events.close()
    (root / "books" / "one.txt").write_text("Another book.\n", encoding="utf-8")
    assert main([str(path), "--root", str(root), "--to", str(to), "--resume"]) == 1
    assert "books/one.txt has changed since" in capsys.readouterr().err


def test_ctrl_c_says_how_to_go_on(
    root: Path, write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    arguments = [str(write()), "--root", str(root), "--to", str(tmp_path / "base")]
    with monkeypatch.context() as patch:
        patch.setattr("model.pretraining.gather", stop)
        assert main([*arguments, "--minutes", "0.02"]) == 130
    assert capsys.readouterr().out == "stopped before it began\n"
    with monkeypatch.context() as patch:
        patch.setattr("model.training._Trainer._step", stop)
        assert main([*arguments, "--minutes", "0.02"]) == 130
    assert capsys.readouterr().out.splitlines()[-1] == "stopped; the same with --resume goes on"
    assert main([*arguments, "--resume"]) == 0


@pytest.mark.parametrize(
    ("options", "found"),
    [([], "--minutes is needed"), (["--minutes", "0"], "no length of time"), (["--minutes", "nan"], "no length")],
)
def test_a_run_needs_a_length(
    root: Path, write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], found: str
) -> None:
    with pytest.raises(SystemExit):
        main([str(write()), "--root", str(root), "--to", str(tmp_path / "base"), *options])
    assert found in capsys.readouterr().err


def test_lines_come_every_so_often() -> None:
    def progress(elapsed_s: float) -> Progress:
        return Progress(step=1, elapsed_s=elapsed_s, left_s=None, loss_nats=1, symbols_per_s=1, learning_rate=1e-3)

    told = list(lines([progress(0.5), progress(1.0), progress(31.0), progress(40.0)], interval_s=30))
    assert [line.split(" min")[0] for line in told] == ["0.0", "0.5"]


def test_the_base_is_described() -> None:
    plan = Manifest.load(BASE)
    assert [(s.name, s.reader, s.repeats, s.held_out) for s in plan.sets] == [
        ("prose", "prose", 1, 0.0),
        ("plays", "fountain", 1, 0.0),
        ("screenplays", "fountain", 4, 0.0),
        ("ours", "fountain", 4, 0.1),
    ]
    ours = [path.stem for path in plan.sets[-1].files(BASE.parent)]
    titles = {path.stem for path in BASE.parent.glob("*.fountain")}
    assert set(ours) == titles - {"fifteen-a-day-and-carfare"}
    assert len(ours) >= 8
    assert len(set(plan.sets[1].paths)) == 57
    config = TrainingConfig(minutes=100, **plan.training)
    assert (config.batch, config.chunk, config.learning_rate, config.patience) == (64, 96, 2e-3, None)
    assert plan.network is not None
    assert (plan.network.width, plan.network.embedding, plan.network.layers) == (1024, 128, 1)


def test_the_last_lessons_are_described() -> None:
    plan = Manifest.load(BASE.with_name("ours.json"))
    (ours,) = plan.sets
    names = {path.stem for path in ours.files(BASE.parent)}
    assert names == {path.stem for path in BASE.parent.glob("*.fountain")} - {"fifteen-a-day-and-carfare"}
    assert (ours.held_out, ours.guarded, plan.training["styles"]) == (0.1, True, True)
