"""Screenplays to learn from: what is trained on, and what is held out."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from model.errors import CorpusError
from model.records import ScriptRecord
from model.vocabulary import Vocabulary
from screenplay.elements import Screenplay
from screenplay.stream import CHARACTER, DUAL, END, SCENE, TOKENS, encode, letters

RAREST = 200_000
"""A character seen less than once in so many symbols teaches a network nothing but noise."""
_CUE = re.compile(f"[{CHARACTER}{DUAL}]([^{''.join(TOKENS.values())}]+)")


@dataclass(frozen=True, slots=True)
class Script:
    """One screenplay's stream, parted into what is learned and what is held out. Either may be empty."""

    name: str
    training: str
    """The first scenes and what stands before them, closed by `END`."""
    held_out: str
    """The last scenes, closed by `END`."""
    sha256: str
    repeats: int = 1
    """How often each epoch reads the training part."""
    rights: str | None = None
    guarded: bool = True
    """Whether what is written later must not recite it."""

    @classmethod
    def part(
        cls, name: str, screenplay: Screenplay, *, held_out: float, repeats: int = 1, guarded: bool = True
    ) -> Script:
        """Hold out the last scenes: `held_out` of them, rounded, at least one; none where there is but one."""
        stream = encode(screenplay)
        cuts = [position for position, symbol in enumerate(stream) if symbol == SCENE]
        training, rest = stream, ""
        if held_out >= 1.0:
            training, rest = "", stream
        elif held_out > 0.0 and len(cuts) > 1:
            cut = cuts[-min(len(cuts) - 1, max(1, round(held_out * len(cuts))))]
            training, rest = stream[:cut] + END, stream[cut:]
        rights = next((" ".join(v) for k, v in screenplay.title_page.items() if k.casefold() == "copyright"), None)
        sha256 = hashlib.sha256(stream.encode()).hexdigest()
        return cls(name, training, rest, sha256, repeats, rights, guarded)

    @property
    def learns(self) -> bool:
        """Whether there is a training part."""
        return bool(self.training)

    def record(self) -> ScriptRecord:
        """The facts that travel in a checkpoint."""
        scenes, held_out_scenes = self.training.count(SCENE), self.held_out.count(SCENE)
        held_out_letters = letters(self.held_out)
        return ScriptRecord(
            name=self.name,
            sha256=self.sha256,
            scenes=scenes + held_out_scenes,
            letters=letters(self.training) + held_out_letters,
            held_out_scenes=held_out_scenes,
            held_out_letters=held_out_letters,
            cast=tuple(name for name, _ in Counter(_CUE.findall(self.training)).most_common()),
            repeats=self.repeats,
            rights=self.rights,
        )

    def whole(self) -> Script:
        """The same with nothing held out; one that is held out altogether stays so."""
        if not (self.training and self.held_out):
            return self
        return replace(self, training=self.training.removesuffix(END) + self.held_out, held_out="")

    def stored(self, file: Path) -> StoredScript:
        """Put the training part at the end of a file, so that it need not stay in memory. Raises OSError."""
        data = self.training.encode()
        with file.open("ab") as end:
            start = end.tell()
            end.write(data)
        return StoredScript(self.record(), file, start, len(data), self.held_out, self.guarded)


@dataclass(frozen=True, slots=True)
class StoredScript:
    """A script whose training part lies in a file, and is read anew each time that it is asked for."""

    facts: ScriptRecord
    file: Path
    start: int
    """Where it begins in the file, in bytes."""
    length: int
    """In bytes of UTF-8."""
    held_out: str
    guarded: bool

    @property
    def name(self) -> str:
        """As the script's."""
        return self.facts.name

    @property
    def repeats(self) -> int:
        """As the script's."""
        return self.facts.repeats

    @property
    def learns(self) -> bool:
        """Whether there is a training part, which need not be read to tell."""
        return self.length > 0

    @property
    def training(self) -> str:
        """The first scenes and what stands before them, closed by `END`. Raises OSError."""
        with self.file.open("rb") as file:
            file.seek(self.start)
            return file.read(self.length).decode()

    def record(self) -> ScriptRecord:
        """The facts that travel in a checkpoint."""
        return self.facts

    def whole(self) -> StoredScript:
        """As the script's, put anew at the end of the file. Raises OSError."""
        if not (self.learns and self.held_out):
            return self
        facts = self.facts
        script = Script(
            facts.name, self.training, self.held_out, facts.sha256, facts.repeats, facts.rights, self.guarded
        )
        return script.whole().stored(self.file)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Screenplays, each with its held-out part."""

    scripts: tuple[Script | StoredScript, ...]

    @classmethod
    def from_screenplays(
        cls,
        screenplays: Iterable[tuple[str, Screenplay]],
        *,
        held_out: float = 0.1,
        held_out_scripts: Collection[str] = (),
    ) -> Corpus:
        """Part each screenplay by scene, or hold it out whole.

        Args:
            screenplays: Names and screenplays; read once.
            held_out: Share of each one's scenes, its last ones, in [0, 1).
            held_out_scripts: Names of those of which nothing is trained on.

        Raises:
            CorpusError: Nothing is left to train on or to hold out.
        """
        return cls.from_scripts(
            Script.part(name, screenplay, held_out=1.0 if name in held_out_scripts else held_out)
            for name, screenplay in screenplays
        )

    @classmethod
    def from_scripts(cls, parted: Iterable[Script | StoredScript]) -> Corpus:
        """Take scripts that are already parted; stored ones cost no memory but for what is held out.

        Raises:
            CorpusError: Nothing is left to train on or to hold out.
        """
        scripts = tuple(parted)
        names = ", ".join(script.name for script in scripts) or "no screenplay at all"
        if not any(letters(script.training) for script in scripts):
            raise CorpusError("there is nothing to train on", source=names, expected="a screenplay with some text")
        if not any(letters(script.held_out) for script in scripts):
            raise CorpusError(
                "no scene can be held out to see how well the model learns",
                source=names,
                expected="at least two scene headings such as INT. BOWLING ALLEY - NIGHT",
                todo="See what was recognised: lebowski-gen parse FILE",
            )
        return cls(scripts)

    @property
    def training_streams(self) -> Iterator[str]:
        """What is learned, one stream for each time that an epoch reads a screenplay."""
        for script in self.scripts:
            if training := script.training:
                yield from itertools.repeat(training, script.repeats)

    @property
    def training_numbers(self) -> tuple[int, ...]:
        """Of which script, counted from 0, each of the training streams is."""
        parts = ((n, script.repeats) for n, script in enumerate(self.scripts) if script.learns)
        return tuple(number for number, repeats in parts for _ in range(repeats))

    @property
    def numbered_streams(self) -> Iterator[tuple[int, str]]:
        """What is learned, each screenplay once, with its number."""
        return ((number, training) for number, s in enumerate(self.scripts) if (training := s.training))

    @property
    def learned_streams(self) -> Iterator[str]:
        """The same without numbers."""
        return (stream for _, stream in self.numbered_streams)

    @property
    def held_out_streams(self) -> tuple[str, ...]:
        """What is never learned, one stream a screenplay."""
        return tuple(script.held_out for script in self.scripts if script.held_out)

    @property
    def held_out_numbers(self) -> tuple[int | None, ...]:
        """Of which script each of those is; None where nothing of it is learned."""
        return tuple(n if s.learns else None for n, s in enumerate(self.scripts) if s.held_out)

    def streams(self, *, guarded: bool) -> Iterator[str]:
        """All that was read, once: of the scripts that must not be recited, or of those that may be."""
        for script in self.scripts:
            if script.guarded == guarded:
                yield from (script.training, script.held_out)

    @property
    def records(self) -> tuple[ScriptRecord, ...]:
        """The facts that travel in a checkpoint, and by which a resumed run knows its data again."""
        return tuple(script.record() for script in self.scripts)

    def vocabulary(self) -> Vocabulary:
        """Every format token, and the characters that the training part has more than once, and once in 200,000."""
        minimum = max(2, sum(map(len, self.training_streams)) // RAREST)
        return Vocabulary.from_streams(self.training_streams, always=TOKENS.values(), minimum_count=minimum)
