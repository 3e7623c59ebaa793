"""Gathers screenplays to learn from: in memory while they are few, in a file beside the model where they are many."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from model.corpus import Corpus, Script, StoredScript
from model.errors import CorpusError
from screenplay.elements import Screenplay

LARGE = 10_000_000
"""Symbols to learn from, some fifty screenplays, from which on they are read from disk."""
MOST_HELD_OUT = 500_000
"""Symbols to measure a model on, with so many that more would tell nothing new and cost time and memory."""
_PREFIX = ".streams-"


@contextlib.contextmanager
def gathered(
    screenplays: Iterable[tuple[str, Screenplay]],
    folder: Path,
    *,
    held_out: float = 0.1,
) -> Iterator[tuple[Corpus, bool]]:
    """Part screenplays by scene, one after the other, into a corpus for which memory does not grow with them.

    The last scenes of each are held out; of many screenplays, of every second, fourth, eighth … only, so that what is
    held out stays within `MOST_HELD_OUT`, unless one alone has more. The file that takes the streams is gone with the
    context, and with it the training part of a large corpus: `model.training.train` has read it by the time that it
    gives back its events.

    Args:
        screenplays: Names and screenplays; read once.
        folder: The model's, where the file is made if it is needed.
        held_out: Share of the scenes of each screenplay, in [0, 1).

    Yields:
        The corpus, and whether it is `LARGE`, so that its ids should lie on disk, too.

    Raises:
        CorpusError: Nothing is left to train on or to hold out, or the file can't be written.
    """
    with contextlib.ExitStack() as stack:
        gathering = _Gathering(folder, stack)
        try:
            for name, screenplay in screenplays:
                gathering.add(Script.part(name, screenplay, held_out=held_out))
        except OSError as error:
            raise CorpusError(f"what was read can't be kept ({error.strerror or error})", source=str(folder)) from error
        yield Corpus.from_scripts(gathering.scripts), gathering.is_large


class _Gathering:
    """Scripts that come one after the other."""

    def __init__(self, folder: Path, stack: contextlib.ExitStack) -> None:
        self.scripts: list[Script | StoredScript] = []
        self._folder, self._stack = folder, stack
        self._symbols = self._held_out = 0
        self._parted: list[int] = []
        """Numbers of the scripts of which something is held out."""
        self._could = 0
        """Of how many something could have been."""
        self._every = 1
        """Of so many of those it is one."""
        self._store: Path | None = None

    @property
    def is_large(self) -> bool:
        """Whether the scripts are kept in a file."""
        return self._store is not None

    def add(self, script: Script) -> None:
        """Take in one more. Raises OSError."""
        if script.held_out:
            if self._could % self._every:
                script = script.whole()
            else:
                self._parted.append(len(self.scripts))
            self._could += 1
        self._symbols += len(script.training)
        self._held_out += len(script.held_out)
        self.scripts.append(script if self._store is None else script.stored(self._store))
        if self._store is None and self._symbols > LARGE:
            self._spill()
        while self._held_out > MOST_HELD_OUT and len(self._parted) > 1:
            self._thin_out()

    def _spill(self) -> None:
        """From now on keep scripts in a file."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if os.environ.get("WORLD_SIZE", "1") == "1":
            # Left by one that was killed. Of several processes under torchrun each has its own.
            for left in self._folder.glob(f"{_PREFIX}*"):
                shutil.rmtree(left)
        # Beside the model, as a system's own folder for such files is often in memory.
        folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix=_PREFIX, dir=self._folder))
        self._store = store = Path(folder) / "streams"
        self.scripts = [script.stored(store) if isinstance(script, Script) else script for script in self.scripts]

    def _thin_out(self) -> None:
        """Learn all of every other script of which something is held out."""
        for number in self._parted[1::2]:
            self._held_out -= len(self.scripts[number].held_out)
            self.scripts[number] = self.scripts[number].whole()
        self._parted, self._every = self._parted[::2], 2 * self._every
