"""Make up scripts to learn layout from: real plays and screenplays as they are, and new ones in the shape of films.

A script here is a list of (kind, text) pairs before any layout; `layout_pages` types them out.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from pathlib import Path

from screenplay.elements import (
    Action,
    Character,
    Dialogue,
    Lyric,
    Parenthetical,
    SceneHeading,
    Screenplay,
    Shot,
    Transition,
)

Item = tuple[str, str]

_QUOTED = re.compile(r'"([^"]{4,600})"')
_SENTENCE = re.compile(r'(?<=[.!?])\s+(?=[A-Z"])')
PLACES = (
    "KITCHEN HALLWAY BEDROOM OFFICE STREET ALLEY BAR LOBBY ROOF GARAGE BEACH DINER MOTEL CHURCH COURTROOM HOSPITAL SUPERMARKET "
    "CELL DESERT HIGHWAY BRIDGE SUBWAY THEATRE CORRIDOR BATHROOM CASINO WAREHOUSE DOCK FOREST CABIN SCHOOL LABORATORY AIRPORT YARD "
    "LIVING+ROOM PARKING+LOT POLICE+STATION SWIMMING+POOL BOWLING+ALLEY COCKPIT ELEVATOR GYM LIBRARY MUSEUM PRISON STAGE TUNNEL VAN"
).replace("+", "_").split()  # fmt: skip
TIMES = (
    "DAY DAY DAY NIGHT NIGHT NIGHT MORNING EVENING DUSK DAWN LATER CONTINUOUS SAME AFTERNOON SUNSET MOMENTS_LATER LATE_AFTERNOON "
    "THE_NEXT_DAY SAME_TIME FLASHBACK EARLY_MORNING 1974"
).split()  # fmt: skip
NAMES = (
    "MARTA JOSEF WINIFRED DASHIELL GUS PHYLLIS NADINE LEVON VERONICA THADDEUS CARL IRIS DOLORES HANK WENDELL RUTH OTTO BEATRIZ TOMMY "
    "ABEL OFFICER_REYES DR._KESSLER MRS._PARK MR._OYELARAN OLD_MAN WOMAN_#2 GUARD_1 BARTENDER COP FIRST_WAITER RADIO_VOICE LT._COLE "
    "JEAN-LUC O'HARA McKENNA DE_LA_CRUZ KID NURSE TV_ANNOUNCER VOICE MARIE'S_FATHER SGT._BOYLE LITTLE_GIRL AGENT_Q ÉLODIE FOUR "
    "JUROR_#1 NIGHT_CLERK BUS_DRIVER PILAR AMBROSE JUDGE MAN_IN_HAT THE_COLONEL ZOE AL BO ROSALIND_ABERNATHY "
    "TERRY'S_COUSIN JIM HOLLIS FERN CAPTAIN_AHERN BOY SISTER_AGNES CROWD EVERYONE ALL BOTH THE_TWINS YOUNG_HANK PRIEST"
).split()  # fmt: skip
SHOTS = (
    "CLOSE ON {}|ANGLE ON {}|WIDER|WIDER ANGLE|{}'S POV|POV - {}|BACK TO {}|INSERT - {}|CLOSE SHOT - {}|MED. SHOT - {}|REVERSE ANGLE|"
    "ON {}|TIGHT ON {}|BACK TO SCENE|SERIES OF SHOTS|MONTAGE|CLOSE-UP - {}|TWO SHOT - {} AND {}|FULL SHOT|ANOTHER ANGLE|THE {}|{}|"
    "INSERT: THE {}|CLOSER|TRACKING SHOT|IN THE {}|AT THE {}|{} AND {}|THE {} - LATER|HIS POV|NEW ANGLE|LONG SHOT|EXTREME CLOSE UP:"
).split("|")  # fmt: skip
TRANSITIONS = (
    "CUT TO:|CUT TO:|CUT TO:|CUT TO:|DISSOLVE TO:|FADE OUT.|FADE OUT|FADE TO BLACK.|FADE TO BLACK|SMASH CUT TO:|MATCH CUT TO:|FADE TO:|"
    "JUMP CUT TO:|CUT TO BLACK.|WIPE TO:|LAP DISSOLVE TO:|CUT TO|DISSOLVE TO|CUT BACK TO:|FLASH CUT TO:|QUICK CUT TO:|TIME CUT:|"
    "INTERCUT WITH:|TRANSITION TO:|CUT BACK TO|SLOW DISSOLVE TO:|FADE IN:|CUT:|DISSOLVE:|BACK TO:|FADE OUT:|FADE TO WHITE."
).split("|")  # fmt: skip
HINTS = (
    "beat|a beat|pause|quietly|laughing|to Marta|into phone|smiles|turning|whispering|reading|not looking up|off his look|shouting|"
    "then|sotto|under his breath|to himself|looks around; nervous|after a long moment, not quite looking at her|angry|re: the dog|"
    "as he holds up the letter, to show it to the others|indicating|sighs|CONTINUING|to the bartender, who isn't listening|in Spanish|"
    "wiping her hands|(beat|quickly, before she can answer|Thinks|Nobody laughs|MUFFLED|calling out, over the noise of the engine"
).split("|")  # fmt: skip
EXTENSIONS = "V.O.|O.S.|V.O.|O.S.|O.C.|V.O|OS|VO|CONT'D|CONT'D|cont'd|contd|on phone|cont.|into phone|filtered|whispering|O.S.) (CONT'D".split(
    "|"
)

VERBS = (
    "looks at the door|turns|sits down|gets up|nods|walks to the window|picks up the phone|puts it down|takes the glass|smiles|shrugs|"
    "opens the box|closes the drawer|stares at the floor|leaves|comes in|runs|drives away|waits|laughs|shakes his head|drinks|pours|"
    "hands over the key|grabs a coat|steps back|points|stops|watches them go|hangs up|reads the note|pulls a chair|leans in|is gone|"
    "exits|enters|crosses to the bar|lights a cigarette|throws it away|falls|has no idea|does nothing|checks a watch|moves closer|"
    "kneels beside the body|tries the lock|finds nothing|looks around|slams the door|thinks about it|takes off the hat|REACTS"
).split("|")  # fmt: skip
THINGS = (
    "car door phone crowd dog light music train bus waiter guard boy girl clerk old man rain band camera engine".split()
)
LINKS = ("and", "then", "and", "as he", "while he", "-- and")
HOW = (
    "slowly|not quite believing it|a little drunk|as if nothing had happened|still holding the letter|out of breath|without a word|"
    "and everybody sees it|in the dark|looking for something|with great care|off screen|his back to us"
).split("|")  # fmt: skip


def from_screenplay(screenplay: Screenplay) -> list[Item]:
    """Flatten what a reader gave; unprinted elements are left out."""
    items: list[Item] = []
    for key, values in screenplay.title_page.items():
        if key.lower() in ("title", "credit", "author", "draft date", "contact"):
            items.append(("title_page", "\n".join(values)))
    for element in screenplay.elements:
        match element:
            case SceneHeading():
                items.append(("scene_heading", element.text))
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
        self.names = [name.replace("_", " ") for name in rng.sample(NAMES, rng.randint(3, 14))]
        self.talk = rng.choice([0.35, 0.55, 0.7, 0.85])
        self.hints = rng.choice([0.02, 0.1, 0.25, 0.5])
        self.shots = rng.choice([0, 0, 0.02, 0.06, 0.15])
        self.cuts = rng.choice([0, 0.05, 0.3, 0.9])
        self.extended = rng.choice([0.02, 0.08, 0.2])
        self.loud = rng.choice([0, 0.01, 0.04, 0.1])
        self.dotted = rng.choice([0, 0, 0.1, 0.4])
        self.beats = rng.choice([0.2, 0.5, 0.8])
        self.asides = rng.choice([0, 0, 0, 0, 0.01, 0.05, 0.3])
        self.cast: list[str] = self.names
        self.heading = rng.choice([
            "{p}. {x} - {t}", "{p}. {x} - {t}", "{p}. {x} - {t}", "{p}. {x} -- {t}", "{p} {x} - {t}", "{p} {x} {t}", "{p}. {x}. {t}.",
            "{p}. {x}, {t}", "{p}  {x}  {t}", "{p}. {x} ({t})", "{p}.  {x}", "{p}. {x} - {y} - {t}", "{p}. {x}/{y} - {t}", "{p}.-{x}-{t}",
            "{p}. {x}- {t}", "{p}. {x} - {t} - CLOSE SHOT", "{p}.{x}-{t}", "{p}. {x} \"{y}\" - {t}", "{p}: {x} - {t}", "{x} - {t}", "{x}",
        ])  # fmt: skip
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
            items.append(("action", rng.choice(["THE END", "THE END.", "END"])))
        return items

    def _title(self) -> list[Item]:
        rng = self.rng
        title = " ".join(rng.sample(PLACES, 2)).replace("_", " ")
        writer = f"{rng.choice(NAMES)} {rng.choice(NAMES)}".replace("_", " ").title()
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
        if rng.random() < 0.3:
            lines += [
                "Copyright 1999",
                "All rights reserved.",
                "(310) 555-0117",
                "No portion of this script may be performed or copied.",
            ]
        return [("title_page", line) for line in lines]

    def _place(self) -> str:
        rng = self.rng
        place = rng.choice(PLACES).replace("_", " ")
        if rng.random() < 0.4:
            place = f"{rng.choice(self.names)}'S {place}"
        return place

    def _scene(self) -> list[Item]:
        rng = self.rng
        heading = self.heading.format(
            p=rng.choice(self.wheres), x=self._place(), y=self._place(), t=rng.choice(TIMES).replace("_", " ")
        )
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
            text = rng.choice(
                [
                    "Yes.",
                    "No.",
                    "What?",
                    "Why?",
                    "Okay.",
                    "You",
                    "Hi",
                    "Oh, God!",
                    "I know.",
                    "Charlie --",
                    "NO!",
                    "HELP ME!",
                ]
            )
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
            words.insert(
                0,
                rng.choice(
                    [
                        "CLOSE ON:",
                        "CLOSE ON LETTER:",
                        "PHOTO:",
                        "FADE UP:",
                        "SUBTITLE:",
                        "ANGLE -",
                        "SUPER:",
                        "--",
                        "...",
                    ]
                ),
            )
        if rng.random() < 0.01:
            words = " ".join(words[:12]).upper().split(" ")
        text = " ".join(words)
        if rng.random() < self.dotted * 0.5:
            text = text.rstrip(".") + rng.choice(["...", " --", ":", " and --"])
        return text


_FOUNTAIN_HEADING = re.compile(r"\.(?=[^.])|(?=(?:INT|EXT|EST|I/E)[. ])", re.IGNORECASE)


def read_items(text: str) -> list[Item]:
    """The items of a Fountain file as the corpora have them: nothing nested, nothing over several lines but speeches."""
    items: list[Item] = []
    blocks = re.split(r"\n\s*\n", text.strip())
    if re.match(r"[A-Z][\w ]{1,20}:", blocks[0]):
        for line in blocks[0].split("\n"):
            key, _, value = line.partition(":")
            if key.strip().lower() in ("title", "author", "credit", "draft date") and value.strip():
                items.append(("title_page", value.strip()))
        blocks = blocks[1:]
    for block in blocks:
        items += _items_of(block.split("\n"))
    return items


def _items_of(lines: list[str]) -> list[Item]:
    first = lines[0].strip()
    if first[:1] in "#=" or first[:2] in ("/*", "[["):
        return []
    forced = _FOUNTAIN_HEADING.match(first)
    if forced and len(lines) == 1:
        return [("scene_heading", first[forced.end() :].strip())]
    if first.startswith(">") and len(lines) == 1:
        return [("transition", first[1:].strip())] if not first.endswith("<") else [("action", first[1:-1].strip())]
    if len(lines) == 1 and first.isupper() and first.endswith("TO:"):
        return [("transition", first)]
    if len(lines) > 1 and (first.startswith("@") or first.partition("(")[0].isupper()):
        items: list[Item] = [("character", first.lstrip("@").rstrip(" ^"))]
        for line in (line.strip() for line in lines[1:]):
            if line.startswith("(") and line.endswith(")"):
                items.append(("parenthetical", line[1:-1]))
            elif items[-1][0] == "dialogue":
                items[-1] = ("dialogue", f"{items[-1][1]}\n{line.lstrip('~')}")
            else:
                items.append(("dialogue", line.lstrip("~")))
        return items
    return [("action", "\n".join(line.lstrip("!") for line in lines))]
