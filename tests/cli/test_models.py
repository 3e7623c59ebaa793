from __future__ import annotations

from pathlib import Path

import pytest

from cli import models
from model.errors import CheckpointError


@pytest.fixture(autouse=True)
def nothing_bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(models, "bundled", lambda: tmp_path / "bundled")
    return tmp_path / "bundled"


def make(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}", encoding="utf-8")
    return folder


def test_a_name_means_a_folder_among_the_users_own(home: Path) -> None:
    folder = make(home / "models" / "bowling-v2")
    assert models.find("bowling-v2") == folder


def test_the_bundled_model_has_a_name_too(nothing_bundled: Path) -> None:
    make(nothing_bundled)
    assert models.find("pretrained") == nothing_bundled
    assert models.known() == ["pretrained"]


def test_anything_else_is_a_path(tmp_path: Path) -> None:
    assert models.find(str(make(tmp_path / "elsewhere"))) == tmp_path / "elsewhere"


def test_a_folder_here_may_be_named_without_a_slash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path / "elsewhere")
    monkeypatch.chdir(tmp_path)
    assert models.find("elsewhere") == Path("elsewhere")


def test_a_model_whose_saving_was_cut_off_after_the_turn_counts(home: Path) -> None:
    make(home / "models" / "bowling" / ".pending")
    assert models.known() == ["bowling"]


def test_an_unknown_name_lists_what_there_is(home: Path) -> None:
    make(home / "models" / "bowling")
    make(home / "models" / "autumn")
    with pytest.raises(
        CheckpointError, match=r'no model "bowlin"; expected one of autumn, bowling. Did you mean bowling'
    ):
        models.find("bowlin")


def test_with_no_model_at_all_the_way_to_one_is_shown() -> None:
    with pytest.raises(CheckpointError, match="Make one: lebowski-gen train FILE --name NAME"):
        models.find("bowling")


@pytest.mark.parametrize("path", ["folder", "file", "a\0b", "x" * 500])
def test_what_is_no_model_is_said(tmp_path: Path, path: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CheckpointError):
        models.find(str(tmp_path / path))


@pytest.mark.parametrize(
    ("text", "good"), [("bowling-v2", True), ("Élodie 2", True), ("a/b", False), ("..", False), ("", False)]
)
def test_names(text: str, good: bool) -> None:
    assert models.is_name(text) is good


def test_without_a_home_of_its_own_models_live_where_the_system_keeps_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEBOWSKI_GEN_HOME")
    assert models.home().parts[-2:] == ("lebowski-gen", "models")
