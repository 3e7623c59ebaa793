"""A training run, shown while it goes: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from cli import console
from cli.page_view import Geometry, PageView

if TYPE_CHECKING:
    from model.events import Done, Evaluated, Event

_SAMPLES = 5
"""How many times, evenly over a run, something is written with what has been learned so far."""
_SAMPLE_SYMBOLS = 320
_WIDE_CHARS = 76
"""Terminals narrower than this are told less."""


class RunView:
    """Tells of a run on standard error, and follows its events to the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        """Where its best model is."""
        self._loss = self._bits = self._speed = ""
        self._samples = 0

    def follow(self, events: Iterable[Event]) -> None:
        """Run the training; its exceptions and Ctrl-C come through, with the bar gone."""
        with console.Bar() if console.watched() else contextlib.nullcontext() as bar:
            for event in events:
                self._tell(event, bar)

    def _tell(self, event: Event, bar: console.Bar | None) -> None:
        from model.events import Done, Evaluated, Progress  # torch is there by now

        match event:
            case Progress():
                self._loss = f"loss {event.loss_nats:.3f}"
                self._speed = f"{event.symbols_per_s:,.0f} symbols/s"
            case Evaluated():
                self._evaluated(event, bar)
            case Done():
                self._done(event, bar)
            case _:
                pass
        if bar is not None:
            bar.show(_fraction(event), self._figures(event))

    def _figures(self, event: Event) -> str:
        left = f"{clock(event.left_s)} left" if event.left_s is not None else ""
        parts = (
            (self._loss, self._bits, self._speed, left) if console.talk().width >= _WIDE_CHARS else (self._bits, left)
        )
        return "  ".join(part for part in parts if part)

    def _evaluated(self, event: Evaluated, bar: console.Bar | None) -> None:
        bits = event.figures.bits_per_letter
        self._bits = f"{bits:.3f} bits/letter"
        if bar is None:
            best = ", the best so far" if event.is_best else ""
            loss = f"{self._loss}, " if self._loss else ""
            speed = f"; {self._speed}" if self._speed else ""
            left = f", {clock(event.left_s)} left" if event.left_s is not None else ""
            text = f"{clock(event.elapsed_s)}{left}: step {event.step:,}, {loss}{bits:.3f} bits per letter{best}{speed}"
            console.say(text, None)
        if _fraction(event) * _SAMPLES >= self._samples + 1:
            self._samples = int(_fraction(event) * _SAMPLES)
            pieces = self._sample(seed=event.step)
            if bar is None:
                console.say_all(pieces)
            else:
                bar.above(pieces)

    def _sample(self, seed: int) -> list[console.Piece]:
        """The opening of a scene by the best model so far."""
        from model.checkpoint import load
        from model.generation import Request, Writing

        pieces: list[console.Piece] = [("\n", None)]
        view = PageView(lambda text, style: pieces.append((text, style)), Geometry.fitted(console.talk().width))
        for symbol in itertools.islice(Writing(load(self._folder), Request(seed=seed)), _SAMPLE_SYMBOLS):
            view.feed(symbol)
        view.feed("…")
        view.close()
        return pieces

    def _done(self, event: Done, bar: console.Bar | None) -> None:
        why = "as nothing better came of it any more" if event.is_early else f"in {clock(event.elapsed_s)}"
        when = f"step {event.best_step:,}" if event.best_step else "what it started from"
        text = f"learned {event.step:,} steps {why}; best was {when}: {event.best.bits_per_letter:.3f} bits per letter"
        if bar is None:
            console.say(text, None)
        else:
            bar.above([(text, None)])


def clock(seconds: float) -> str:
    """A length of time, as `4:05` or `1:04:05`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _fraction(event: Event) -> float:
    if event.left_s is None:
        return 0.0
    whole = event.elapsed_s + event.left_s
    return event.elapsed_s / whole if whole else 1.0
