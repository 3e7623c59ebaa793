"""Histograms of a model's habits, as a picture. matplotlib is asked for only here, and only when one is wanted."""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import PurePath
from typing import TYPE_CHECKING

import typer

from screenplay.errors import LebowskiGenError

if TYPE_CHECKING:
    from screenplay.elements import Screenplay

_INSTALL = "pip install 'lebowski-gen[plot]'"
_SIZE_IN = (12.0, 6.5)
_COLUMNS = 3


def check(path: str) -> None:
    """Refuse early what could not be drawn.

    Raises:
        typer.BadParameter: The name promises another kind of picture.
        LebowskiGenError: matplotlib is not installed.
        WriteError: The file can't be written.
    """
    from screenplay import files

    if PurePath(path).suffix.lower() != ".png":
        raise typer.BadParameter(f"{path!r} is no name for a PNG picture", param_hint="'--plot'")
    if find_spec("matplotlib") is None:
        raise LebowskiGenError("matplotlib, which draws, is not installed", todo=f"Add it: {_INSTALL}")
    files.check_writable(path)


def drawn(written: Sequence[Screenplay], real: Sequence[Screenplay], *, title: str) -> bytes:
    """A PNG with a histogram of each habit: of what was written, and of real screenplays if there are any."""
    from matplotlib.figure import Figure  # 0.5 s; without pyplot, so that no window is thought of

    from model.habits import HABITS

    figure = Figure(figsize=_SIZE_IN, layout="constrained")
    figure.suptitle(f"{title}: what it writes{' and real screenplays' if real else ''}")
    axes = figure.subplots(-(-len(HABITS) // _COLUMNS), _COLUMNS)
    for habit, axis in zip(HABITS, axes.flat, strict=True):
        shares = []
        for name, screenplays in (("written", written), ("real", real)):
            counts = habit.histogram(screenplays)
            if counts.any():
                shares.append((name, counts / counts.sum()))
        bins = max((int(share.nonzero()[0].max()) + 1 for _, share in shares), default=1)
        for index, (name, share) in enumerate(shares):
            width = 0.8 / len(shares)
            axis.bar([place + index * width for place in range(bins)], share[:bins], width, label=name)
        middle = 0.4 - 0.4 / max(1, len(shares))
        axis.set_xticks([place + middle for place in range(bins)], [habit.label(place) for place in range(bins)])
        axis.set_title(habit.name)
    axes.flat[0].legend()
    target = io.BytesIO()
    figure.savefig(target, format="png", metadata={"Software": None})
    return target.getvalue()
