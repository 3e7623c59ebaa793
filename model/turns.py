"""Texts that are written by turns: each does what takes a thought, and then all make a step."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Sequence
from itertools import islice
from typing import Protocol

from threadpoolctl import threadpool_limits

_ABREAST = 32
"""So many are written by turns; measured, 16 are a tenth slower, and more gain little."""


class Turning(Protocol):
    """What is written by turns."""

    def turns(self) -> Generator[str, None, None]:
        """Give pieces of it, some of them empty; after each, a step is to be made."""

    @property
    def is_running(self) -> bool:
        """Whether it goes on with the next step, so that it is not its turn."""

    def step(self) -> None:
        """Make a step of all that are written by turns with it."""


def by_turns(writings: Sequence[Turning]) -> Iterator[tuple[int, str | None]]:
    """A piece of each by turns, with its number, and None at its end. Where one ends, the next of all begins."""
    coming = iter(enumerate(writings))
    # One core: what is left to BLAS is too small to share, and threads that wait for one another take others' time.
    with threadpool_limits(limits=1, user_api="blas"), contextlib.ExitStack() as stack:
        under_way: list[tuple[int, Turning, Generator[str, None, None]]] = []
        while True:
            for number, writing in islice(coming, _ABREAST - len(under_way)):
                pieces = writing.turns()
                stack.callback(pieces.close)
                under_way.append((number, writing, pieces))
            if not under_way:
                return
            for each in under_way[:]:
                number, writing, pieces = each
                if writing.is_running:
                    continue
                piece = next(pieces, None)
                if piece is None:
                    under_way.remove(each)
                if piece != "":
                    yield number, piece
            if under_way:
                under_way[0][1].step()
