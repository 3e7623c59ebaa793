from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import Run, save_untrained

from cli import models
from cli.evaluate import repeated
from cli.measures_view import NOT_MEASURED
from model.checkpoint import CheckpointConfig, load, save
from model.corpus import Corpus
from screenplay.elements import Screenplay
from screenplay.readers import fountain

KEYS = [
    "bits_per_letter", "bits_per_letter_by_element", "bits_per_cue", "bits_per_heading", "slips_per_1000",
    "overruled_per_1000", "real_words", "longest_copy", "copied_share", "loops", "cue_accuracy", "cue_accuracy_rule",
    "letters", "scenes",
]  # fmt: skip
FILM = (
    "INT. LANES - NIGHT\n\nRain.\n\nGUS\nNo.\n\nNINA\nYes.\n\nGUS\nAll right.\n\n"
    "EXT. LOT - DAY\n\nSun.\n\nNINA\nYes.\n\nGUS\nNo.\n"
)


@pytest.fixture(scope="session")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_untrained(tmp_path_factory.mktemp("models") / "untrained")


@pytest.fixture(autouse=True)
def bundled(untrained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "bundled", lambda: untrained)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.fountain"
    path.write_text(FILM, encoding="utf-8")
    return path


@pytest.fixture
def taught(home: Path, untrained: Path) -> str:
    """A model whose records say that it learned the first scene of the film and held out the second."""
    screenplay: Screenplay = fountain.read(FILM)
    checkpoint = load(untrained)
    corpus = Corpus.from_screenplays([("film.fountain", screenplay)], held_out=0.5)
    config = CheckpointConfig(network=checkpoint.config.network, scripts=corpus.records)
    save(home / "models" / "taught", config, checkpoint.vocabulary, checkpoint.network)
    return "taught"


def test_json_has_the_documented_keys_and_nothing_else_is_printed(run: Run) -> None:
    done = run("evaluate", "--json", "--scenes", "1")
    assert done.code == 0
    found = json.loads(done.out)
    assert list(found) == KEYS
    assert found["scenes"] == 1
    assert found["bits_per_letter"] is found["longest_copy"] is found["cue_accuracy"] is found["letters"] is None
    assert done.err == "what needs texts is not measured; name some with --on FILE\n"


def test_the_same_seed_gives_the_same_figures(run: Run) -> None:
    first, again, other = (run("evaluate", "--scenes", "1", "--seed", seed, "--json").out for seed in ("1", "1", "2"))
    assert first == again != other


def test_held_out_scenes_of_what_it_learned_are_found_again(run: Run, film: Path, taught: str) -> None:
    done = run("evaluate", taught, "--on", film, "--json", "--scenes", "1")
    found = json.loads(done.out)
    assert done.err == ""
    assert None not in found.values()
    assert found["letters"] == len("EXT.LOT-DAY" + "Sun." + "NINA" + "Yes." + "GUS" + "No.")
    assert found["cue_accuracy_rule"] == 1.0


def test_a_stranger_is_measured_whole_and_no_copy_is_sought_in_it(run: Run, film: Path) -> None:
    done = run("evaluate", "--on", film, "--json", "--scenes", "1")
    found = json.loads(done.out)
    assert found["letters"] > 60
    assert found["longest_copy"] is found["copied_share"] is None
    assert done.err == "the model learned none of these texts, so copies are not measured\n"


def test_another_draft_is_told(run: Run, film: Path, taught: str) -> None:
    film.write_text(FILM + "\nNINA\nOr maybe.\n", encoding="utf-8")
    done = run("evaluate", taught, "--on", film, "--json", "--scenes", "1")
    assert "film.fountain is not the text of this name that the model learned from" in done.err


def test_on_takes_several_files(run: Run, film: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.fountain"
    other.write_text(FILM.replace("GUS", "VERA"), encoding="utf-8")
    both = run("evaluate", "--on", film, other, "--json", "--scenes", "1").out
    twice = run("evaluate", "--scenes", "1", "--json", "--on", film, "--on", other).out
    assert both == twice
    assert (
        json.loads(both)["letters"]
        > 1.5 * json.loads(run("evaluate", "--on", film, "--json", "--scenes", "1").out)["letters"]
    )


def test_the_table_says_what_each_figure_means(run: Run, film: Path, taught: str) -> None:
    done = run("evaluate", taught, "--on", film, "--scenes", "2")
    assert (done.code, done.err) == (0, "")
    assert "\x1b" not in done.out
    assert sum(line.strip().startswith("bits per") for line in done.out.splitlines()) == 3
    for text in (
        "bits per letter",
        "less is better",
        "in 2 scenes that it wrote",
        "by a rule",
        "100.0 %",
        "words a speech",
    ):
        assert text in done.out


def test_the_table_shows_what_was_not_measured(run: Run) -> None:
    lines = run("evaluate", "--scenes", "1").out.splitlines()
    for name in ("bits per letter", "cue accuracy", "longest copy", "copied share"):
        line = next(line for line in lines if line.strip().startswith(name))
        assert f" {NOT_MEASURED} " in line
    assert not any("words a speech" in line for line in lines)


@pytest.mark.parametrize(
    ("arguments", "code", "found"),
    [
        (["--scenes", "0"], 2, "'--scenes': "),
        (["--seed", "-1"], 2, "'--seed': "),
        (["--on"], 2, "'--on' requires an argument"),
        (["nothing"], 4, 'there is no model "nothing"'),
        (["--on", "nowhere.txt"], 3, "nowhere.txt: there is no such file"),
    ],
)
def test_what_is_wrong_is_one_line(run: Run, arguments: list[str], code: int, found: str) -> None:
    done = run("evaluate", *arguments)
    assert (done.code, done.out) == (code, "")
    assert found in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", ""),
        ("m --on a b c", "m --on a --on b --on c"),
        ("--on a b --json c", "--on a --on b --json c"),
        ("--on=a b --on c", "--on=a --on b --on c"),
        ("--on - b", "--on - --on b"),
        ("--scenes 3 --on a --seed 2", "--scenes 3 --on a --seed 2"),
        ("--on a -- b", "--on a -- b"),
    ],
)
def test_each_file_gets_the_option(given: str, expected: str) -> None:
    assert repeated(given.split(), "--on") == expected.split()


def test_a_picture_is_drawn_and_the_same_again(run: Run, film: Path, tmp_path: Path) -> None:
    pictures = [tmp_path / "a.png", tmp_path / "b.png"]
    for picture in pictures:
        done = run("evaluate", "--on", film, "--scenes", "2", "--json", "--plot", picture)
        assert (done.code, json.loads(done.out)["scenes"]) == (0, 2)
    assert pictures[0].read_bytes().startswith(b"\x89PNG")
    assert pictures[0].read_bytes() == pictures[1].read_bytes()


def test_a_picture_needs_a_name_of_its_kind(run: Run) -> None:
    assert "'x.pdf' is no name for a PNG picture" in run("evaluate", "--plot", "x.pdf").err


def test_without_matplotlib_the_way_to_it_is_shown(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("cli.plots.find_spec", lambda name: None)
    done = run("evaluate", "--plot", tmp_path / "x.png")
    assert (done.code, done.err) == (
        1,
        "error: matplotlib, which draws, is not installed. Add it: pip install 'lebowski-gen[plot]'\n",
    )


def test_figures_of_another_model_stand_beside(run: Run, film: Path, tmp_path: Path) -> None:
    figures = json.loads(run("evaluate", "--json", "--scenes", "1", "--on", str(film)).out)
    figures |= {"bits_per_letter": 3.21, "slips_per_1000": None, "overruled_per_1000": {}}
    other = tmp_path / "other.json"
    other.write_text(json.dumps(figures), encoding="utf-8")
    done = run("evaluate", "--scenes", "1", "--on", str(film), "--beside", str(other))
    assert done.code == 0
    lines = {line.strip().split("  ")[0]: line for line in done.out.splitlines()}
    assert "beside" in done.out
    assert "3.21" in lines["bits per letter"]
    assert NOT_MEASURED in lines["slips per 1,000"]


@pytest.mark.parametrize("text", ["", "[]", "{}", "no figures", '{"scenes": "many"}'])
def test_what_is_no_figures_is_said(run: Run, tmp_path: Path, text: str) -> None:
    other = tmp_path / "other.json"
    other.write_text(text, encoding="utf-8")
    done = run("evaluate", "--scenes", "1", "--beside", str(other))
    assert done.code == 3
    assert "these are no figures" in done.err
    assert "other.json" in done.err
