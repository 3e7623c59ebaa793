"""Where models live, and which one a name means."""

from __future__ import annotations

import contextlib
import os
import re
from difflib import get_close_matches
from pathlib import Path

from model.errors import CheckpointError

BUNDLED = "pretrained"
"""The name of the model that ships."""
_CONFIG = "config.json"
_NAME = re.compile(r"\w[\w .+-]*")


def home() -> Path:
    """The user's folder for trained models: `LEBOWSKI_GEN_HOME`, else where this system keeps such things."""
    chosen = os.environ.get("LEBOWSKI_GEN_HOME")
    if chosen:
        return Path(chosen) / "models"
    from platformdirs import user_data_path  # 20 ms, for those who need it

    return user_data_path("lebowski-gen", appauthor=False) / "models"


def bundled() -> Path:
    """The folder of the model that ships."""
    import model

    return Path(model.__file__).parent / BUNDLED


def is_name(text: str) -> bool:
    """Whether a model may be called this; anything else is a path."""
    return _NAME.fullmatch(text) is not None and text not in (".", "..")


def named(name: str) -> Path:
    """The folder that a model of this name has, or would have."""
    return bundled() if name == BUNDLED else home() / name


def find(name_or_folder: str) -> Path:
    """The folder of a model that is there: a name first, then a path.

    Raises:
        CheckpointError: There is none.
    """
    if is_name(name_or_folder) and is_model(named(name_or_folder)):
        return named(name_or_folder)
    folder = Path(name_or_folder)
    if is_model(folder):
        return folder
    with contextlib.suppress(OSError, ValueError):  # a name too long, a NUL in it: there is none such
        if folder.exists():
            what = "this folder holds no model" if folder.is_dir() else "this is no model's folder"
            raise CheckpointError(what, source=name_or_folder, expected=f"a folder with {_CONFIG}, or {_listed()}")
    near = get_close_matches(name_or_folder, known(), n=1)
    todo = f"Did you mean {near[0]}?" if near else "Make one: lebowski-gen train FILE --name NAME"
    raise CheckpointError(f'there is no model "{name_or_folder}"', expected=_listed(), todo=todo)


def known() -> list[str]:
    """Names of all models that are there, the bundled one first."""
    folder = home()
    trained = sorted(p.name for p in folder.iterdir() if is_model(p)) if folder.is_dir() else []
    return [name for name in (BUNDLED,) if is_model(bundled())] + [name for name in trained if name != BUNDLED]


def is_model(folder: Path) -> bool:
    """Whether a model has been saved here, whole or not."""
    try:
        return (folder / _CONFIG).is_file() or (folder / ".pending" / _CONFIG).is_file()
    except (OSError, ValueError):
        return False


def is_begun(folder: Path) -> bool:
    """Whether training in this folder was stopped, and could go on."""
    return (folder / "training").is_dir() or (folder / ".pending" / "training").is_dir()


def _listed() -> str:
    names = known()
    return f"one of {', '.join(names)}" if names else "a folder with a model: none is known by name yet"
