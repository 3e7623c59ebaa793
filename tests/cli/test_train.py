from __future__ import annotations

import io
import shlex
from pathlib import Path

import pytest
import typer
from running import Run, save_untrained

from cli import models, train
from cli.run_view import RunView, clock
from model.events import Event

SCENES = "".join(f"INT. LANES {i} - NIGHT\n\nRain falls.\n\nGUS\nNo, not lane {i}.\n\n" for i in range(12))


@pytest.fixture(autouse=True)
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model so small that a second of training does something."""
    folder = save_untrained(tmp_path / "tiny")
    monkeypatch.setattr(models, "bundled", lambda: folder)
    return folder


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "Night Lanes.fountain"
    path.write_text(SCENES, encoding="utf-8")
    return path


def stop_at(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Press Ctrl-C while an event of this kind is told."""
    tell = RunView._tell

    def stop(view: RunView, event: Event, bar: None) -> None:
        if type(event).__name__ == kind:
            raise KeyboardInterrupt
        tell(view, event, bar)

    monkeypatch.setattr(RunView, "_tell", stop)


def test_a_model_is_trained_told_about_and_can_write(run: Run, script: Path, home: Path) -> None:
    done = run("train", script, "--minutes", "0.02")
    assert (done.code, done.out) == (0, "")
    lines = done.err.splitlines()
    assert lines[0].startswith("Night-Lanes learns from Night Lanes.fountain, from tiny: 12 scenes, ")
    assert any("bits per letter" in line and "loss" in line and "symbols/s" in line for line in lines[1:])
    assert lines[-1] == "write with it: lebowski-gen write --model Night-Lanes"
    assert "\x1b" not in done.err
    assert models.known() == ["pretrained", "Night-Lanes"]
    assert run(*shlex.split(lines[-1])[4:], "--seed", "1").code == 0


def test_ctrl_c_keeps_the_best_and_says_how_to_go_on(
    run: Run, script: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        stop_at("Progress", patch)
        done = run("train", script, "--minutes", "0.02", "--name", "lanes")
    command = f"lebowski-gen train '{script}' --name lanes --resume"
    assert (done.code, done.out) == (130, "")
    assert done.err.splitlines()[-2:] == ["stopped; lanes is as it was at its best", f"go on with it: {command}"]
    assert run("write", "--model", "lanes", "--seed", "1").code == 0
    again = run(*shlex.split(command)[1:])
    assert again.code == 0
    assert "Traceback" not in again.err


def test_ctrl_c_before_there_is_a_model_can_be_gone_on_from_too(
    run: Run, script: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        stop_at("Saved", patch)
        done = run("train", script, "--minutes", "0.02", "--name", "lanes")
    assert done.code == 130
    assert "stopped before a first model" in done.err
    refused = run("train", script, "--minutes", "0.02", "--name", "lanes")
    assert refused.code == 1
    assert "training of lanes was stopped, and is not over. Go on with it: lebowski-gen train" in refused.err
    assert run("train", script, "--name", "lanes", "--resume").code == 0


def test_a_model_is_not_trained_over_unless_forced(run: Run, script: Path, home: Path) -> None:
    folder = save_untrained(home / "models" / "lanes")
    before = (folder / "model.safetensors").read_bytes()
    done = run("train", script, "--name", "lanes", "--minutes", "0.02")
    assert done.code == 1
    assert done.err == (
        "error: there is a model lanes already. Choose another --name, or replace it: "
        f"lebowski-gen train '{script}' --name lanes --force\n"
    )
    assert (folder / "model.safetensors").read_bytes() == before
    assert run("train", script, "--name", "lanes", "--minutes", "0.02", "--force").code == 0
    assert (folder / "model.safetensors").read_bytes() != before


def test_several_screenplays_make_one_model(run: Run, script: Path, tmp_path: Path, home: Path) -> None:
    other = tmp_path / "other.fountain"
    other.write_text(SCENES.replace("GUS", "NINA"), encoding="utf-8")
    done = run("train", script, other, "--from", tmp_path / "tiny", "--name", "both", "--minutes", "0.02")
    assert done.code == 0
    assert "both learns from 2 screenplays, from tiny: 24 scenes" in done.err


def test_a_device_that_is_not_there_is_refused_before_anything_is_read(
    run: Run, script: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    done = run("train", script, "--name", "lanes", "--minutes", "0.02", "--device", "cuda")
    assert done.code == 1
    assert "torch finds no cuda device here" in done.err
    assert not (home / "models" / "lanes").exists()
    assert run("train", script, "--name", "lanes", "--minutes", "0.02", "--device", "cpu").code == 0


@pytest.mark.slow
def test_a_model_can_be_made_from_nothing(run: Run, script: Path, home: Path) -> None:
    done = run("train", script, "--from", "scratch", "--minutes", "0.02")
    assert done.code == 0
    assert "from scratch" in done.err


@pytest.mark.parametrize(
    ("arguments", "code", "found"),
    [
        (["--minutes", "0"], 2, "0 is no length of time"),
        (["--minutes", "nan"], 2, "nan is no length of time"),
        (["--name", "a/b"], 2, "'a/b' is no name"),
        (["--name", ""], 2, "'' is no name"),
        (["--name", "pretrained"], 2, "pretrained is taken"),
        (["--name", "scratch"], 2, "scratch is taken"),
        (["--resume", "--force"], 2, "leave --force out"),
        (["--resume", "--minutes", "3"], 2, "leave --minutes out"),
        (["--resume", "--from", "scratch"], 2, "leave --from out"),
        (["--resume"], 4, "there is no unfinished training to resume"),
        (["--from", "nothing-of-the-kind"], 4, 'there is no model "nothing-of-the-kind"'),
    ],
)
def test_what_can_not_be_done_is_one_line(
    run: Run, script: Path, home: Path, arguments: list[str], code: int, found: str
) -> None:
    done = run("train", script, *arguments)
    assert (done.code, done.out) == (code, "")
    assert found in done.err
    assert done.err.count("\n") == 1
    assert models.known() == ["pretrained"]


def test_unreadable_or_sceneless_files_make_no_model(run: Run, tmp_path: Path, home: Path) -> None:
    assert run("train", tmp_path / "nowhere.txt").code == 3
    path = tmp_path / "poem.fountain"
    path.write_text("Just a line.\n", encoding="utf-8")
    done = run("train", path)
    assert done.code == 1
    assert "no scene can be held out" in done.err
    assert models.known() == ["pretrained"]


@pytest.mark.parametrize(
    ("file", "name"),
    [("a/b/film.fountain", "film"), ("The Big One (draft 2).txt", "The-Big-One-draft-2"), ("Élodie.fdx", "Élodie")],
)
def test_a_model_is_called_as_its_first_file(file: str, name: str) -> None:
    assert train.name_after(file) == name
    assert models.is_name(name)


@pytest.mark.parametrize("file", ["-", "???.txt", "scratch.txt", "pretrained.fountain"])
def test_some_files_give_no_name(file: str) -> None:
    with pytest.raises(typer.BadParameter, match="gives no name"):
        train.name_after(file)


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (245, "4:05"), (3845, "1:04:05")])
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def test_standard_input_can_be_learned_from(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(SCENES.encode())))
    assert run("train", "-", "--name", "lanes", "--minutes", "0.02").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "found"),
    [
        ([], 2, "learn from what?"),
        (["--collection", "nope"], 1, 'there is no collection "nope"'),
        (["--collection", "scratch"], 2, "'scratch' gives no name; choose one"),
    ],
)
def test_training_needs_something_to_learn_from(
    run: Run, home: Path, arguments: list[str], code: int, found: str
) -> None:
    done = run("train", *arguments)
    assert (done.code, done.out) == (code, "")
    assert found in done.err
    assert done.err.count("\n") == 1
