from __future__ import annotations

import re
from pathlib import Path

import pytest
from running import Run, save_untrained
from test_terminal import on_terminal

import screenplay
from cli import models
from cli.page_view import Geometry, PageView
from cli.takes import _marks
from model.recitals import Recital
from screenplay.stream import ACTION, END, SCENE, TRANSITION

SCORE = re.compile(r"(\d+)\. seed (\d+), model pretrained: score ([+-][\d.]+); ")


@pytest.fixture(scope="session")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_untrained(tmp_path_factory.mktemp("models") / "untrained")


@pytest.fixture(autouse=True)
def bundled(untrained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "bundled", lambda: untrained)


def test_the_best_take_is_the_one_of_its_seed(run: Run) -> None:
    done = run("write", "--takes", "3", "--seed", "5")
    ranks = SCORE.findall(done.err)
    assert [rank for rank, _, _ in ranks] == ["1", "2", "3"]
    assert sorted(seed for _, seed, _ in ranks) == ["5", "6", "7"]
    scores = [float(score) for _, _, score in ranks]
    assert scores == sorted(scores, reverse=True)
    assert done.err.count("\n") == 3
    assert done.out == run("write", "--seed", ranks[0][1]).out


def test_all_takes_stand_one_after_the_other(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "takes.fountain"
    done = run("write", "--takes", "2", "--all-takes", "--seed", "5", "-o", path)
    assert (done.code, done.out) == (0, "")
    scenes = screenplay.read(path).scenes
    assert len(scenes) == 2
    for (_, seed, _), scene in zip(SCORE.findall(done.err), scenes, strict=True):
        alone = screenplay.read(run("write", "--seed", seed, "--format", "json").out)
        assert alone.elements == scene.elements


def test_a_look_for_recitals_changes_nothing_of_what_is_written(run: Run, tmp_path: Path) -> None:
    plain = run("write", "--seed", "5", "--format", "fountain")
    itself, other = tmp_path / "itself.fountain", tmp_path / "other.fountain"
    itself.write_text(plain.out, encoding="utf-8")
    other.write_text("INT. X\n\nRain.\n", encoding="utf-8")
    done = run("write", "--seed", "5", "--format", "fountain", "--check", other, "--check", itself)
    assert done.out == plain.out
    assert re.search(r"itself\.fountain:1: [\d]+ characters stand here too: ", done.err)
    assert "other.fountain" not in done.err
    none = run("write", "--seed", "5", "--check", other)
    assert none.err.endswith("no run of 24 characters or more stands in other.fountain\n")


@pytest.mark.parametrize(
    ("arguments", "code", "found"),
    [
        (["--takes", "0"], 2, "'--takes': "),
        (["--all-takes"], 2, "'--all-takes': there is one take; ask for more with --takes N"),
        (["--check", ""], 2, "'--check': it is empty"),
        (["--check", "nowhere.txt"], 3, "nowhere.txt: there is no such file"),
    ],
)
def test_what_is_wrong_is_one_line(run: Run, arguments: list[str], code: int, found: str) -> None:
    done = run("write", *arguments)
    assert (done.code, done.out) == (code, "")
    assert found in done.err
    assert done.err.count("\n") == 1


def test_on_a_terminal_what_is_recited_stands_out(untrained: Path, tmp_path: Path) -> None:
    path = tmp_path / "itself.fountain"
    command: list[str | Path] = ["write", "--seed", "5", "--model", untrained]
    assert on_terminal([*command, "-o", path], 80)[0] == 0
    code, seen = on_terminal([*command, "--check", path], 80)
    assert code == 0
    assert "\x1b[1;7m" in seen  # its heading
    assert "\x1b[1;7m" not in on_terminal(command, 80)[1]


def test_marks_follow_runs_that_overlap() -> None:
    runs = [Recital("", start, stop, "x", None) for start, stop in ((1, 3), (2, 4), (6, 7))]
    assert "".join("#" if m else "." for m in _marks(8, runs)) == ".###..#."


def test_words_with_a_mark_in_them_stand_out_and_margins_do_not() -> None:
    put: list[tuple[str, str | None]] = []
    view = PageView(lambda text, style: put.append((text, style)), Geometry.fitted(80))
    stream = SCENE + "X" + ACTION + "one two three" + TRANSITION + "CUT TO:" + END
    marked = {stream.index("n"), stream.index("w"), stream.index("U")}
    for place, symbol in enumerate(stream):
        view.feed(symbol, is_marked=place in marked)
    view.close()
    assert [(text, style) for text, style in put if style and "reverse" in style] == [
        ("one", "reverse"),
        (" two", "reverse"),
        ("CUT TO:", "dim reverse"),
    ]
    assert (" three", None) in put
