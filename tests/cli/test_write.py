from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from running import Run, save_untrained

import screenplay
from cli import console, models, write
from screenplay.elements import Action, Character, SceneHeading, Screenplay
from screenplay.page import LINES_PER_PAGE
from screenplay.readers import fountain
from screenplay.writers import layout

DRAFT = "INT. LANES - NIGHT\n\nRain.\n\nGUS\nNo.\n\nEXT. LOT - DAY\n\nSun.\n\nNINA\nYes.\n\nINT. BAR - DAY\n\nDust.\n"


@pytest.fixture(scope="session")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_untrained(tmp_path_factory.mktemp("models") / "untrained")


@pytest.fixture(autouse=True)
def bundled(untrained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "bundled", lambda: untrained)


def test_without_a_terminal_the_page_alone_is_printed(run: Run) -> None:
    done = run("write", "--seed", "1")
    assert done.code == 0
    assert done.out == layout.render(screenplay.read(run("write", "--seed", "1", "--format", "json").out))
    assert "\x1b" not in done.out + done.err
    assert done.err.startswith("seed 1, model pretrained: ")
    assert done.err.count("\n") == 1


def test_the_same_seed_writes_the_same_bytes(run: Run) -> None:
    first, again, other = (run("write", "--seed", seed).out for seed in ("1", "1", "2"))
    assert first == again != other


def test_a_seed_that_was_drawn_is_named_and_can_be_used_again(run: Run) -> None:
    done = run("write")
    seed = done.err.removeprefix("seed ").split(",")[0]
    assert run("write", "--seed", seed).out == done.out


def test_scene_three_alone_is_scene_three_of_five(run: Run) -> None:
    alone = run("write", "--seed", "7", "--scene", "3", "--format", "json").out
    all_five = run("write", "--seed", "7", "--scene", "1-5", "--format", "json").out
    assert screenplay.read(alone).elements == screenplay.read(all_five).scenes[2].elements
    assert len(screenplay.read(all_five).scenes) == 5


@pytest.mark.parametrize("suffix", [".fountain", ".txt", ".json", ".fdx", ".html"])
def test_the_suffix_decides_the_format(run: Run, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"scene{suffix}"
    done = run("write", "--seed", "1", "-o", path)
    assert (done.code, done.out) == (0, "")
    written = screenplay.read(run("write", "--seed", "1", "--format", "json").out)
    screenplay.write(written, tmp_path / f"same{suffix}")
    assert path.read_bytes() == (tmp_path / f"same{suffix}").read_bytes()


def test_fountain_reads_back_as_what_was_written(run: Run) -> None:
    written = run("write", "--seed", "3", "--scene", "1-3", "--format", "fountain").out
    assert fountain.read(written) == screenplay.read(
        run("write", "--seed", "3", "--scene", "1-3", "--format", "json").out
    )


def test_a_format_named_wins_over_the_suffix_but_a_page_is_for_the_screen(run: Run, tmp_path: Path) -> None:
    run("write", "--seed", "1", "-o", tmp_path / "scene.txt", "--format", "json")
    assert json.loads((tmp_path / "scene.txt").read_text(encoding="utf-8"))["elements"]
    run("write", "--seed", "1", "-o", tmp_path / "scene.json", "--format", "page")
    assert json.loads((tmp_path / "scene.json").read_text(encoding="utf-8"))["elements"]


def test_standard_output_may_be_named(run: Run) -> None:
    assert run("write", "--seed", "1", "-o", "-").out == run("write", "--seed", "1").out


def test_heading_cast_and_prompt_are_kept_to(run: Run) -> None:
    done = run(
        "write", "--seed", "1", "--heading", "int. barn - day", "--cast", "VERA", "--cast", "Gus",
        "--prompt", "Rain.\n\nVERA\nListen, ", "--format", "json",
    )  # fmt: skip
    scene = screenplay.read(done.out).scenes[0]
    assert scene.heading == SceneHeading(text="INT. BARN - DAY")
    assert scene.body[:2] == (Action(text="Rain."), Character(name="VERA"))
    assert scene.body[2].model_dump()["text"].startswith("Listen, ")
    assert set(scene.cast) <= {"VERA", "GUS"}


def test_names_may_stand_in_one_value(run: Run) -> None:
    several = run("write", "--seed", "1", "--cast", "VERA", "--cast", "Gus", "--cast", "HENRY JONES, JR.").out
    assert run("write", "--seed", "1", "--cast", "VERA, Gus,HENRY JONES, JR.,").out == several
    assert run("write", "--seed", "1", "--cast", ", ,").code == 2


def test_half_a_page_needs_no_nought(run: Run) -> None:
    assert run("write", "--seed", "1", "--length", ".5").out == run("write", "--seed", "1", "--length", "4/8").out


def test_a_draft_is_gone_on_from_after_its_last_scene(run: Run, tmp_path: Path) -> None:
    draft = tmp_path / "draft.fountain"
    draft.write_text(DRAFT, encoding="utf-8")
    after = run("write", "--seed", "1", "--draft", draft)
    assert after.code == 0
    assert after.out == run("write", "--seed", "1", "--draft", draft, "--scene", "4").out
    assert after.out != run("write", "--seed", "1", "--scene", "4").out


def test_a_scene_of_the_draft_is_written_anew_from_those_before_it(run: Run, tmp_path: Path) -> None:
    whole, cut = tmp_path / "draft.fountain", tmp_path / "cut.fountain"
    whole.write_text(DRAFT, encoding="utf-8")
    cut.write_text(DRAFT[: DRAFT.index("INT. BAR")], encoding="utf-8")
    anew = run("write", "--seed", "1", "--draft", whole, "--scene", "3")
    assert anew.code == 0
    assert anew.out == run("write", "--seed", "1", "--draft", cut, "--scene", "3").out


def test_without_the_lexicon_words_are_free(run: Run, tmp_path: Path, untrained: Path) -> None:
    shutil.copytree(untrained, tmp_path / "wordy")
    (tmp_path / "wordy" / "lexicon.json").write_text('{"words": ["rain"]}', encoding="utf-8")
    bound, free = (
        run("write", "--model", str(tmp_path / "wordy"), "--seed", "1", option)
        for option in ("--lexicon", "--no-lexicon")
    )
    assert " lexicon " in bound.err
    assert " lexicon " not in free.err
    assert bound.out != free.out


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("a", (("a", 1.0),)),
        ("a:0.7,b:0.3", (("a", 0.7), ("b", 0.3))),
        (" a , b:2", (("a", 1.0), ("b", 2.0))),
        ("x:y:2", (("x:y", 2.0),)),
    ],
)
def test_styles_are_names_and_weights(text: str, style: tuple[tuple[str, float], ...]) -> None:
    assert write.blend(text) == style


@pytest.mark.parametrize("text", [",", "a:", "a:x", "a:0", "a:-1", "a:nan", ":1", "a:1e9"])
def test_what_is_no_style_is_said(run: Run, text: str) -> None:
    done = run("write", "--style", text)
    assert done.code == 2
    assert "A:0.7,B:0.3" in done.err


@pytest.mark.parametrize(
    ("text", "length"),
    [("1", 1.0), ("1.5", 1.5), ("3/8", 0.375), ("1 2/8", 1.25), (" 10 1/2 ", 10.5), ("1/8", 0.125), ("100", 100.0)],
)
def test_lengths_are_pages_or_eighths_of_them(text: str, length: float) -> None:
    assert write.pages(text) == length


@pytest.mark.parametrize("text", ["", "0", "1/0", "101", "one", "1.5 1/8", "-1", "1/16"])
def test_what_is_no_length_is_said(run: Run, text: str) -> None:
    done = run("write", "--length", text)
    assert done.code == 2
    assert "give pages" in done.err


@pytest.mark.parametrize("length", ["2/8", "1", "2"])
def test_a_scene_is_as_long_as_it_was_asked_to_be(run: Run, length: str) -> None:
    for seed in range(3):
        lines = run("write", "--seed", str(seed), "--length", length).out.count("\n") + 2
        assert lines == pytest.approx(write.pages(length) * LINES_PER_PAGE, rel=0.1, abs=4)


@pytest.mark.parametrize(("scene", "scenes"), [(1, 0), (2, 1), (3, 2), (4, 3), (9, 3)])
def test_what_stands_before_a_scene(scene: int, scenes: int) -> None:
    draft = fountain.read("FADE IN:\n\n" + DRAFT)
    before = write.before(draft, scene)
    assert len(before.scenes) == scenes
    assert before.elements == draft.elements[: len(before.elements)]
    assert before.preamble == draft.preamble


@pytest.mark.parametrize(
    ("arguments", "code", "found"),
    [
        (["--model", "nothing-of-the-kind"], 4, 'there is no model "nothing-of-the-kind"; expected one of pretrained'),
        (["--draft", "nowhere.fountain"], 3, "there is no such file"),
        (["--prompt", "Ωmega"], 2, 'model "untrained" has no token for "Ω" (U+03A9)'),
        (["--cast", "ΩMEGA"], 2, 'has no token for "Ω"'),
        (["--style", "noir"], 2, 'untrained has no style "noir"; expected a model that learned from several'),
        (["--heading", "INT. A", "--prompt", "INT. B\n\n"], 2, "both have a scene heading"),
        (["-o", "scene.docx"], 1, "the suffix .docx names no format to write"),
        (["-o", "nowhere/scene.fountain"], 1, "its folder does not exist"),
    ],
)
def test_what_can_not_be_done_is_one_line(run: Run, arguments: list[str], code: int, found: str) -> None:
    done = run("write", *arguments)
    assert (done.code, done.out) == (code, "")
    assert found in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("name", ["config.json", "vocabulary.json", "model.safetensors"])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "noise"])
def test_a_damaged_model_is_said(run: Run, untrained: Path, tmp_path: Path, name: str, damage: str) -> None:
    folder = shutil.copytree(untrained, tmp_path / "broken")
    data = (folder / name).read_bytes()
    if damage == "missing":
        (folder / name).unlink()
    else:
        (folder / name).write_bytes({"empty": b"", "cut": data[: len(data) // 2], "noise": b"\x00\xff" * 999}[damage])
    done = run("write", "--model", folder)
    assert (done.code, done.out) == (4, "")
    assert done.err.count("\n") == 1
    assert "broken" in done.err


def test_a_file_is_written_whole_or_not_at_all(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "scene.fountain"
    path.write_text("old", encoding="utf-8")

    def stop(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(write, "told", stop)
    done = run("write", "--seed", "1", "-o", path)
    assert done.code == 130
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["scene.fountain"]


def test_on_a_terminal_the_page_comes_word_by_word(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    put: list[str] = []
    monkeypatch.setattr(console, "shows_pages", lambda: True)
    monkeypatch.setattr(console, "width", lambda: 61)
    monkeypatch.setattr(console, "put", lambda text, style=None: put.append(text))
    done = run("write", "--seed", "1", "-o", tmp_path / "scene.txt")
    assert done.code == 0
    assert len(put) > 20
    page = (tmp_path / "scene.txt").read_text(encoding="utf-8")
    assert [line.rstrip() for line in "".join(put).rstrip("\n").splitlines()] == [
        line.rstrip() for line in page.splitlines()
    ]


def test_told_names_what_overruled() -> None:
    from model.generation import Report

    report = Report(symbols=1200, elapsed_s=2.0, overruled={"loop": 0, "grammar": 3, "cast": 1001})
    assert write.told(report, model="base", seed=4) == (
        "seed 4, model base: 1,200 characters, 600 a second; overruled by cast 1,001, grammar 3"
    )
    assert write.told(Report(), model="base", seed=4).endswith("0 characters, at once; nothing overruled")


def test_a_draft_without_scenes_is_context_too() -> None:
    assert write.before(Screenplay(elements=(Action(text="x"),)), 1).elements == (Action(text="x"),)
