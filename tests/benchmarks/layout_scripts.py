"""Make up scripts to learn layout from: real plays and screenplays as they are, and new ones in the shape of films.

A script here is a list of (kind, text) pairs before any layout; `layout_pages` types them out.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from pathlib import Path

from layout_lists import (
    BURSTS,
    EXTENSIONS,
    HEADINGS,
    HINTS,
    HOW,
    LABELS,
    LINKS,
    MONTHS,
    NAMES,
    OPENERS,
    PLACES,
    SHOTS,
    THINGS,
    TIMES,
    TRANSITIONS,
    VERBS,
)

from screenplay.elements import (
    Action,
    Character,
    Dialogue,
    Lyric,
    Parenthetical,
    SceneHeading,
    Screenplay,
    Section,
    Shot,
    Transition,
)

Item = tuple[str, str]

_QUOTED = re.compile(r'"([^"]{4,600})"')
_SENTENCE = re.compile(r'(?<=[.!?])\s+(?=[A-Z"])')


def from_screenplay(screenplay: Screenplay) -> list[Item]:
    """Flatten what a reader gave; unprinted elements are left out."""
    items: list[Item] = []
    for key, values in screenplay.title_page.items():
        items += [("title_page", f"{key}: {value}") for value in values]
    for element in screenplay.elements:
        match element:
            case SceneHeading():
                items.append(("scene_heading", element.text))
            case Section():
                items.append(("section", element.text))
            case Action() if element.text.strip():
                items.append(("action", element.text))
            case Character():
                items.append(
                    ("character", f"{element.name} ({element.extension})" if element.extension else element.name)
                )
            case Parenthetical():
                items.append(("parenthetical", element.text))
            case Dialogue() | Lyric():
                items.append(("dialogue", element.text))
            case Transition():
                items.append(("transition", element.text))
            case Shot():
                items.append(("shot", element.text))
            case _:
                pass
    return items


class Prose:
    """Sentences of old novels: what is told goes into action, what is quoted into speeches."""

    def __init__(self, files: Iterable[Path], rng: random.Random, letters: int = 60_000) -> None:
        self.told: list[str] = []
        self.said: list[str] = []
        for path in files:
            text = path.read_text(encoding="utf-8")
            start = rng.randrange(max(1, len(text) - letters))
            for paragraph in text[start : start + letters].split("\n")[1:-1]:
                self.said += [quote for quote in _QUOTED.findall(paragraph) if quote[0].isupper()]
                if '"' not in paragraph and len(paragraph) > 20 and not paragraph.startswith("#"):
                    self.told += _SENTENCE.split(paragraph)
        self.told = [sentence for sentence in self.told if 10 < len(sentence) < 300]


class Film:
    """Writes scripts that mean nothing and look like films."""

    def __init__(self, prose: Prose, rng: random.Random) -> None:
        self.prose = prose
        self.rng = rng

    def write(self, scenes: int) -> list[Item]:
        """Make one script with its own habits."""
        rng = self.rng
        self.names = rng.sample(NAMES, rng.randint(3, 14))
        self.talk = rng.choice([0.35, 0.55, 0.7, 0.85])
        self.hints = rng.choice([0.02, 0.1, 0.25, 0.5])
        self.shots = rng.choice([0, 0, 0.02, 0.06, 0.15])
        self.cuts = rng.choice([0, 0.05, 0.3, 0.9])
        self.extended = rng.choice([0.02, 0.08, 0.2])
        self.loud = rng.choice([0, 0.01, 0.04, 0.1])
        self.dotted = rng.choice([0, 0, 0.1, 0.4])
        self.long_places = rng.choice([0, 0.05, 0.3, 0.6])
        self.cards = rng.choice([0, 0, 0, 0.01, 0.03])
        self.beats = rng.choice([0.2, 0.5, 0.8])
        self.asides = rng.choice([0, 0, 0, 0, 0.01, 0.05, 0.3])
        self.cast: list[str] = self.names
        self.heading = rng.choice(HEADINGS)
        self.wheres = rng.choice(
            [("INT", "EXT"), ("INT", "EXT"), ("INT", "EXT"), ("INTERIOR", "EXTERIOR"), ("INT", "EXT", "INT./EXT")]
        )
        items: list[Item] = []
        if rng.random() < 0.4:
            items += self._title()
        if rng.random() < 0.4:
            items.append(
                (
                    rng.choice(["transition", "transition"]),
                    rng.choice(["FADE IN:", "FADE IN", "FADE IN ON:", "OVER BLACK:"]),
                )
            )
        for _ in range(scenes):
            items += self._scene()
        if rng.random() < 0.3:
            items.append((rng.choice(["action", "centered"]), rng.choice(["THE END", "THE END.", "END"])))
        if rng.random() < 0.05:
            items += [
                ("centered", rng.choice([name.title(), name, "played", "Directed by"])) for name in self.names * 2
            ]
        return items

    def _title(self) -> list[Item]:
        rng = self.rng
        title = " ".join(rng.sample(PLACES, 2))
        writer = f"{rng.choice(NAMES)} {rng.choice(NAMES)}".title()
        lines = [rng.choice([title, f'"{title}"', title.title(), " ".join(title)])]
        lines += [
            rng.choice(
                ["by", "Written by", "Screenplay by", "An original screenplay by", "written by", "a screenplay by"]
            ),
            writer,
        ]
        if rng.random() < 0.5:
            lines += [
                rng.choice(["Based on the novel by", "Story by", "Revisions by", "From a story by"]),
                writer[::-1].title(),
            ]
        if rng.random() < 0.6:
            lines.append(
                rng.choice(["FIRST DRAFT", "Final Draft", "Shooting Script", "Revised Draft", "Third draft (revised)"])
            )
        if rng.random() < 0.6:
            lines.append(rng.choice(["May 20, 1995", "5/4/98", "June 1986", "Rev. 03/02/07", "October 14, 2003"]))
        if rng.random() < 0.15:
            # A site prints the title once more, and what the text may be used for.
            lines = [lines[0].title(), *lines]
        if rng.random() < 0.05:
            lines += ["FOR EDUCATIONAL", "PURPOSES ONLY"]
        if rng.random() < 0.3:
            lines += [
                "Copyright 1999",
                "All rights reserved.",
                "(310) 555-0117",
                "No portion of this script may be performed or copied.",
            ]
        if rng.random() < 0.3:
            values = [writer, title.title(), "1998", "name@example.org", "as played last winter"]
            lines += [f"{rng.choice(LABELS)}: {rng.choice(values)}" for _ in range(3)]
        return [("title_page", line) for line in lines]

    def _place(self) -> str:
        rng = self.rng
        place = rng.choice(PLACES)
        if rng.random() < 0.4:
            place = f"{rng.choice(self.names)}'S {place}"
        while rng.random() < self.long_places:
            place += rng.choice([", ", " - ", " AND ", " IN "]) + rng.choice(PLACES)
        return place

    def _scene(self) -> list[Item]:
        rng = self.rng
        heading = self.heading.format(p=rng.choice(self.wheres), x=self._place(), y=self._place(), t=rng.choice(TIMES))
        items: list[Item] = [("scene_heading", heading)]
        cast = self.cast = rng.sample(self.names, min(len(self.names), rng.randint(1, 4)))
        if rng.random() < 0.9:
            items.append(("action", self._told()))
        for _ in range(rng.randint(0, rng.choice([3, 8, 25]))):
            if rng.random() < self.shots:
                shot = rng.choice(SHOTS)
                items.append(
                    ("shot", shot.format(*(rng.choice([rng.choice(self.names), self._place()]) for _ in range(2))))
                )
                items.append(("action", self._told()))
            if rng.random() < self.cards:
                items.append(("centered", self._card()))
            if rng.random() < self.talk:
                items += self._speech(rng.choice(cast))
            else:
                items.append(("action", self._told()))
        if rng.random() < self.cuts:
            items.append(("transition", rng.choice(TRANSITIONS)))
        return items

    def _speech(self, name: str) -> list[Item]:
        rng = self.rng
        if rng.random() < 0.03:
            name = f"{name}/{rng.choice(self.names)}" if rng.random() < 0.5 else f"{name} AND {rng.choice(self.names)}"
        cue = f"{name} ({rng.choice(EXTENSIONS)})" if rng.random() < self.extended else name
        items: list[Item] = [("character", cue)]
        if rng.random() < self.hints:
            items.append(("parenthetical", rng.choice(HINTS)))
        items.append(("dialogue", self._said()))
        while rng.random() < self.hints * 0.6:
            items.append(("parenthetical", rng.choice(HINTS)))
            if rng.random() < 0.95:
                items.append(("dialogue", self._said()))
        return items

    def _said(self) -> str:
        rng = self.rng
        text = rng.choice(self.prose.said)
        draw = rng.random()
        if draw < 0.45:
            sentences = _SENTENCE.split(text)
            text = " ".join(sentences[: rng.choice([1, 1, 2])])
        elif draw < 0.55:
            text += " " + rng.choice(self.prose.said)
        elif draw < 0.6:
            text = rng.choice(BURSTS)
        elif draw < 0.65:
            # Calls somebody, or speaks of somebody: names are no sign of action by themselves.
            other = rng.choice(self.names).title()
            text = rng.choice(
                [f"{other}, {text[0].lower()}{text[1:]}", f"{other} is here.", f"{text} {other}?", f"{other}!"]
            )
        elif draw < 0.665:
            text = text.upper()[:120]
        elif draw < 0.68:
            text = f"{text[:60]} (pause) {rng.choice(self.prose.said)}"
        if rng.random() < self.asides:
            mark = rng.choice(["", "...", "!", " ... "])
            text = f"{text}{mark} ({rng.choice([self._beat()[:-1], *HINTS])}){mark} {rng.choice(self.prose.said)}"
        text = text.replace("--", rng.choice(["--", " -- ", "...", " - ", "---"]))
        if rng.random() < self.dotted:
            text = (
                rng.choice(["...", "-- ", ""])
                + text.replace(", ", rng.choice(["... ", " ... "]))
                + rng.choice(["...", " --", ""])
            )
        elif text.endswith(","):
            text = text[:-1] + "."
        return text

    def _card(self) -> str:
        rng = self.rng
        place = rng.choice(PLACES)
        day = f"{rng.choice(MONTHS)} {rng.randint(1, 30)}"
        year = rng.choice(["1917", "1969", "1984"])
        name, other = rng.sample(self.names, 2)
        return rng.choice([
            f"CHAPTER {rng.randint(1, 9)}: {place}", f"TITLE CARD: {self._beat().upper()}",
            f"SUPER: {place}, {year}.",
            f"{day}, {year}", f'"{place}"', f"-{day.upper()}, {year}-", "MUSIC OVER:", "SUDDENLY:", "WHAT HE SEES",
            name, self._beat(), "BANG!", f"{name} + {other}", place.title(), f"TITLE: {place}", "...",
        ])  # fmt: skip

    def _beat(self) -> str:
        """What scripts mostly tell: somebody does something, now."""
        rng = self.rng
        name = rng.choice(self.cast)
        if rng.random() < 0.8 or not self.loud:
            name = name.title().replace("'S", "'s")
        draw = rng.random()
        verb = rng.choice(VERBS)
        if draw < 0.55:
            who = name
        elif draw < 0.8:
            who = rng.choice(["He", "She", "He", "She", "It"])
        elif draw < 0.9:
            who, verb = (
                "They",
                rng.choice(["look at each other", "sit", "nod", "go out", "stare", "start the car", "wait"]),
            )
        else:
            who = f"The {rng.choice(THINGS)}"
        text = f"{who} {verb}"
        if rng.random() < 0.3:
            text += f" {rng.choice(LINKS)} {rng.choice(VERBS)}"
        if rng.random() < 0.3:
            text += f", {rng.choice(HOW)}"
        return text + rng.choice([".", ".", ".", ".", ".", "...", " --", ":", "!"])

    def _told(self) -> str:
        rng = self.rng
        if rng.random() < self.beats:
            text = " ".join(self._beat() for _ in range(rng.choice([1, 1, 1, 2, 3])))
            if rng.random() < 0.3:
                text += " " + rng.choice(self.prose.told)
            return text
        count = rng.choice([1, 1, 2, 3, 5])
        start = rng.randrange(len(self.prose.told) - count)
        text = " ".join(self.prose.told[start : start + count])
        words = text.split(" ")
        if self.loud:
            words = [word.upper() if rng.random() < self.loud else word for word in words]
        for _ in range(rng.randint(0, 3)):
            at = rng.randrange(len(words) + 1)
            words.insert(at, rng.choice(self.names) if rng.random() < 0.5 else rng.choice(self.names).title())
        if rng.random() < 0.04:
            words = words[: rng.randint(1, 6)]
        if rng.random() < 0.03:
            words.insert(0, rng.choice(OPENERS))
        if rng.random() < 0.01:
            words = " ".join(words[:12]).upper().split(" ")
        text = " ".join(words)
        if rng.random() < self.dotted * 0.5:
            text = text.rstrip(".") + rng.choice(["...", " --", ":", " and --"])
        return text
