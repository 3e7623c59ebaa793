"""What the words of one line say about its kind: known openings and endings, shapes of numbers and names."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import numpy.typing as npt


def _any(words: str) -> str:
    """A pattern for any of these words; an underscore stands for a space."""
    return f"(?:{'|'.join(words.replace('_', ' ').split('|'))})"


_SCENE_NUMBER = r"(?:[A-Z]{0,2}-?\d{1,4}(?:-?[A-Z]{1,3}|[A-Z][a-z]|\.\d{1,2})?|[A-Z]{1,2}\d{1,4})"
LEADING_NUMBER: Final = re.compile(rf"(?P<number>{_SCENE_NUMBER})(?:[.)]?\s+|[.)]\s*)(?=\S)")
TRAILING_NUMBER: Final = re.compile(rf"\s{{2,}}(?P<number>{_SCENE_NUMBER})[.)]?$")
TRAILING_NUMBER_CLOSE: Final = re.compile(rf"\s(?P<number>{_SCENE_NUMBER})[.)]?$")
_HEADING = re.compile(
    r"(?:(?:INT|EXT|I|E)(?:ERIOR|\.|ERNAL)?\s{0,2}[/&-]\s{0,2}(?:INT|EXT|I|E)(?:ERIOR|ERNAL)?\b\.?"
    r"|(?:INT|EXT|EST)(?:ERIOR|ERNAL|ABLISHING)?(?=[\s.:,\-–—(\[/]|$)[ .:]?|I/E[ .])",
    re.IGNORECASE,
)
_ABROAD = re.compile(
    r"(?:INNEN|AU(?:SS|ß)EN|ИНТ|НАТ|ЭКСТ|ΕΣΩΤ|ΕΞΩΤ|WNĘTRZE|PLENER|פנים|חוץ|داخلي|خارجي)(?=[\s.:,\-–—(\[/]|$)"
    r"|[内內外](?:景|[/.／]\s{0,2}[内內外]|(?=[\s.:：、．]))|第[0-9〇一二三四五六七八九十百]{1,5}[场場]|[○〇◯]\s?(?=[^\s○〇◯])",
    re.IGNORECASE,
)
"""How headings open in other languages than those that write INT and EXT."""
UNCASED: Final = re.compile(
    "[\u0590-\u08ff\u0900-\u109f\u1100-\u139f\u1780-\u18af\u3040-\u318f\u31a0-\u31ff\u3400-\u9fff\ua000-\ua4cf"
    "\uac00-\ud7ff\uf900-\ufaff\ufb1d-\ufdff\ufe70-\ufefc\U00020000-\U0003ffff]"
)
"""One letter of a script that has no capitals."""
_MISREAD = re.compile(r"(?:[T1lRBH]NT|BRT|[IT]N[FI]|E[HKR]T|EX[IF]|[FBR]XT)[.,] (?=[A-Z])")
"""What scanners make of `INT.` and `EXT.`."""
_INSIDE = re.compile(
    r"(?:[-–—.,:/(]\s?|\s)(?:INT(?:[ÉE]RIEUR|ERIOR|\.)|EXT(?:[ÉE]RIEUR|ERIOR|\.)|INTERNO|ESTERNO|INTERIEUR|INNEN|AUSSEN)(?=[\s./)\-–—]|$)"
)
"""Places that name what INT and EXT say at their end."""
SURE_HEADING: Final = re.compile(
    r"(?:\W?[A-Z]{0,2}\d{1,4}-?[A-Z]{0,2}[.)]?\s{1,20})?(?:INT|EXT|ИНТ|НАТ|ЭКСТ)(?:\.|/|\s?[-–—]) ?[^\W\d_]"
)
"""How a heading opens that nobody can mistake."""
_CUT_HOW = "SMASH|HARD|JUMP|MATCH|QUICK|SLOW|FAST|FLASH|SHOCK|TIME|DIRECT|INTER|LAP|RIPPLE|BACK|SLOWLY|WE|THEN"
_CUT = "CUT|CUTS|DISSOLVE|DISSOLVES|FADE|FADES|FADING|WIPE|WIPES|SEGUE|IRIS|TRANSITION|INTERCUT|CUTTING|LAP"
_TRANSITION = re.compile(
    rf"(?:(?:{_CUT_HOW})[ -]){{0,2}}(?:{_CUT})\b|BLACK ?OUT\b|END CREDITS|ROLL CREDITS|FADE-(?:IN|OUT)\b"
)
_SHOT_SIZE = _any(
    r"EXTREME|MEDIUM|MED\.?|FULL|VERY|REVERSE|NEW|ANOTHER|WIDER?|CLOSER?|TIGHT(?:ER)?|LOW|HIGH|LONG|AERIAL|TRACKING"
    r"|MOVING|OVERHEAD|POINT_OF_VIEW|SERIES_OF|TWO|GROUP|ESTABLISHING|DIFFERENT"
)
_SHOT_WORD = _any(
    r"CLOSE(?:R|UP)?(?:[- ](?:UP|ON|SHOT|IN|ANGLE))?|ANGLE|SHOTS?|WIDER?|INSERTS?|P\.?O\.?V\.?|BACK_TO|TIGHT(?:ER)?_ON"
    r"|MONTAGE|ON_THE|FAVORING|RESUME|INTERCUT|FLASHBACK|FLASH|SUPER(?:IMPOSE)?|TITLE|VIEW|CAMERA|ECU|CU|ON"
)
_SHOT = re.compile(rf"(?:{_SHOT_SIZE}[ -]){{0,2}}{_SHOT_WORD}\b")
_TITLE_WORD = _any(
    "written|screen ?play|teleplay|story|directed|adapted|based|revised|adaptation|revisions?|final|first|second|third"
    "|fourth|shooting|production|draft|copyright|©|all_rights|registered|contact|by$|by:|and$|from|rev\\.|title:"
    "|author|credit|wga|property|no_part|script|early"
)
_TITLE = re.compile(rf"(?:an? |the |original |story |screen ?)?{_TITLE_WORD}\b", re.IGNORECASE)
_TITLE_LETTERS = "aAtToOsSwWdDbBrRfFpPcC©nNeE"
_MONTH = _any(
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_DATE = re.compile(
    rf"\b\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d{{4}}|\d\d)\b|\b{_MONTH}\.?,? \d{{1,2}}(?:st|nd|rd|th)?,? ?\d{{0,4}}\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}\b",
    re.IGNORECASE,
)
_REVISION = re.compile(
    r"\b(?:revis(?:ion|ions|ed)|rev\.|draft|shooting script|final\b|goldenrod|salmon"
    r"|(?:blue|pink|yellow|green|white|buff|cherry|tan) (?:rev|pages?|draft|script|revis)"
    r"|screenplay|script|www\.|http|converted to|\.com\b|\.pdf\b|\.doc\b|\.fdr\b|©)",
    re.IGNORECASE,
)
_REVISION_SIGNS = (
    "rev", "draft", "script", "final", "page", "screenplay", "goldenrod", "salmon", "www.", "http", "converted", ".com",
    ".pdf", ".doc", ".fdr", "©",
)  # fmt: skip
_PAGE_NUMBER = r"[a-z]{0,2}\d{1,3}[a-z]{0,2}(?:\s?-\s?\d{1,3}[a-z]?)?"
_PAGE = re.compile(
    rf"[-–—(\[]?\s?(?:(?:page|pg|p)\.?\s?)?{_PAGE_NUMBER}\s?[-–—.)\]:]{{0,2}}$",
    re.IGNORECASE,
)
_CONTINUED = re.compile(
    r"(?:[a-z]{0,2}\d{1,4}[a-z]{0,2}\.?\s{1,30})?"
    r"[(\[]?\s?(?:continued|cont['’`]?d|cont\.)\s?:?\s?[)\]]?:?\s{0,5}(?:\(\s?\d{1,2}\s?\))?"
    r"(?:\s{1,80}[a-z]{0,2}\d{1,4}[a-z]{0,2}\.?)?$",
    re.IGNORECASE,
)
_MORE = re.compile(r"[(\[{]\s?more\s?[)\]}]$|more[)\]]$|\(more$", re.IGNORECASE)
_OMITTED = re.compile(
    r"(?:(?P<number>[A-Z0-9][A-Z0-9&,. -]{0,40}?)\s{1,60})?(?P<text>(?:SCENES? )?OMIT(?:TED)?)\b[\s\dA-Z.&,)-]{0,120}$"
)
_HEARD = _any(
    r"v\.?_?[o0]\.?|[o0]\.?_?[scq]\.?(?:[scq]\.?)?|off|voice|over|on|cont\b|cont['’`.]?d?\.?|continu|into|filter|through"
    r"|on[ -]?screen|subtitle|in_|pre-?lap|from|sings?|singing|t\.?v\.?|radio|phone"
)
_EXTENSION = re.compile(rf"[(\[]\s?{_HEARD}", re.IGNORECASE)
_TIME = re.compile(
    r"\b(?:DAY|NIGHT|MORNING|EVENING|AFTERNOON|DUSK|DAWN|LATER|CONTINUOUS|SAME|SUNSET|SUNRISE|NOON|MIDNIGHT|TWILIGHT"
    r"|CONTINUING|FLASHBACK|TIME|PRESENT|LATE|EARLY|RESUMING"
    r"|JOUR|NUIT|SOIR|MATIN|AUBE|CRÉPUSCULE|TAG|NACHT|ABEND|MORGEN|DÍA|DIA|NOCHE|TARDE|NOITE|GIORNO|NOTTE|SERA|ДЕНЬ|НОЧЬ|ВЕЧЕР"
    r"|УТРО)\b\)?\.?$"
)
_PLACE = re.compile(
    r"\b(?:ROOM|HOUSE|STREET|OFFICE|APARTMENT|HALL|HALLWAY|CORRIDOR|KITCHEN|BEDROOM|BATHROOM|CAR|ROAD|HOTEL|BAR|LOBBY"
    r"|BUILDING|STATION|SCHOOL|CHURCH|STORE|SHOP|GARAGE|ROOF|YARD|PARK|BEACH|HOSPITAL|CELL|DESK|DOOR|WINDOW)\b"
)
PLAY_MARK: Final = re.compile("[.:：「]")
"""What may stand between a name and its speech."""
TO: Final = re.compile(r"(?:IN)?TO(?: \w{1,12})?[:.]$")
"""The rest of a transition in a narrow column."""
_BARE_END = re.compile(r"\bTO(?: BLACK| WHITE)?[:.]?$|\bOUT[:.]{0,3}$|\bIN(?: ON)?:?$|\bON:?$|\bBLACK[.:]{0,3}$")
_ABBREVIATIONS = (
    "mr mrs ms messrs dr st ste capt col gen genl lt lieut sgt sergt serj maj cpl corp prof rev hon jr sr mme mlle mdme"
    " adm insp det no"
)
_SHORTENED = "|".join(rf"(?i:(?<![^\W_]{word}\.)(?<={word}\.))" for word in _ABBREVIATIONS.split())
_PLAY_CUE = re.compile(
    r"(?P<marks>[_*]{0,3})(?P<name>(?:\d{1,2}(?i:st|nd|rd|th) )?[^\W\d_]"
    rf"(?:[^.:：_*「\n]|\.(?:{_SHORTENED})){{0,38}}?)(?P=marks)?(?P<mark>(?!\.(?:{_SHORTENED}))[.:：]|(?=「))(?P=marks)?"
    r"(?=「|\s|$|—|-|(?<=:)[A-Z\u3040-\u9fff\uac00-\ud7af]|(?<=：))"
)
_LABEL = re.compile(
    r"(?:title|authors?|credit|source|draft ?date|date|contact|copyright|notes?|revisions?|licen[cs]e|rights|format"
    r"|episode|series|based on|e-?mail|phone|draft)\s{0,2}:",
    re.IGNORECASE,
)
_ACT = re.compile(
    r"(?:ACT|SCENE|PROLOGUE|EPILOGUE|PART|CHAPTER|INDUCTION)\b[\s.:]{0,3}"
    r"(?:[IVXLC]{1,7}|\d{1,3}|ONE|TWO|THREE|FOUR|FIVE|FIRST)?\b",
    re.IGNORECASE,
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


YOU_AND_I: Final = _set(
    "i i'm i'll i've i'd you you're you'll you've we we're we'll me my your yes no oh well hey okay ok yeah what why"
    " how don't can't let's please thank thanks sorry who where that's it's there's but and so because mr. mrs. look"
    " listen come maybe if just good did do are is was have will would could our us mine hello hi god jesus nothing"
    " never"
)
HE_AND_SHE: Final = _set(
    "he she they the a an his her their as at in on from behind through suddenly then into across another two several"
    " we with outside inside over around camera angle both one"
)
_TALK_WORDS = (
    "I I'm I'll I've I'd me my mine you your yours you're you'll you've us our let's don't can't won't it's that's"
    " what's gonna wanna"
)
_TALK: Final = frozenset(
    f"{before}{form}{after}"
    for word in _TALK_WORDS.split()
    for form in (
        word,
        word.capitalize(),
        word.replace("'", "’"),
        word.capitalize().replace("'", "’"),
    )
    for before in ("", '"', "-", "...", "(")
    for after in ("", ",", ".", "!", "...", ";", " --", '"', ":")
)
_SMALL_IN_NAMES: Final = _set("of the and de la von van du to in a with &")
_NOBODY: Final = _set("he she it they we i you there this that then and but")
_DEED = re.compile(
    r"(?P<who>[A-Z][\w'’.]{0,15}(?: [A-Z][\w'’.]{1,15}){0,2})(?: (?P<did>[a-z]{2,12}s|is|has|does|and)\b|(?P<comma>,) )"
)

SHAPES: Final = (
    "none", "heading", "numbered", "transition", "transition end", "shot", "omitted", "more", "continued",
    "page number", "date", "revision", "title", "extension", "time of day", "place", "act", "no letters", "twin",
    "the end", "label",
)  # fmt: skip
"""Names of what `shape` can say, by number."""
_AT: Final = {name: index for index, name in enumerate(SHAPES)}
HEADING_SHAPE: Final = _AT["heading"]


def in_shapes(shape: npt.NDArray[np.int32], names: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Which lines have one of these shapes."""
    return np.isin(shape, [_AT[name] for name in names])


def is_extension(text: str) -> bool:
    """Whether there is a bracket that says how a speaker is heard: off screen, on the phone."""
    return _EXTENSION.search(text) is not None


def names_revision(text: str) -> bool:
    """Whether it names a draft, a revision or where a file is from."""
    small = text.lower()
    # The pattern is tried at every letter: most lines are spared it.
    return any(map(small.__contains__, _REVISION_SIGNS)) and _REVISION.search(text) is not None


def without_numbers(text: str) -> tuple[str, str | None]:
    """Take scene numbers off both ends: the rest, and the number; a number at the end alone is kept in the text.

    >>> without_numbers("36     EXT. YARD - DAY          36")
    ('EXT. YARD - DAY', '36')
    """
    lead = LEADING_NUMBER.match(text)
    if lead is None:
        trail = TRAILING_NUMBER.search(text[-40:]) if text[-1:].isalnum() or text[-1:] in ".)" else None
        if trail is None or not text[: len(text) - (len(text[-40:]) - trail.start())].strip():
            return text, None
        return text[: len(text) - len(trail[0])].rstrip(), trail["number"]
    rest = text[lead.end() :]
    for pattern in (TRAILING_NUMBER, TRAILING_NUMBER_CLOSE):
        trail = pattern.search(rest[-40:])
        if trail is not None and (pattern is TRAILING_NUMBER or trail["number"] == lead["number"]):
            rest = rest[: len(rest) - len(trail[0])].rstrip()
            break
    return rest, lead["number"]


def omitted(text: str) -> tuple[str, str | None] | None:
    """What stands where a scene was taken out, and the numbers of the scenes; None if it is no such line."""
    found = _OMITTED.match(text)
    if found is None:
        return None
    number, rest = found["number"], text[found.end("text") :].strip(" .")
    if number is not None and rest in ("", number):
        return found["text"], number
    return (found["text"], rest or None) if number is None and any(map(str.isdigit, rest)) else (text, None)


def is_heading_opening(text: str) -> bool:
    """Whether it begins with INT, EXT or what people write for them."""
    return _HEADING.match(text) is not None or _ABROAD.match(text) is not None


def shape(text: str, *, capitals: bool, letters: int, digits: int) -> int:
    """Name one line's most telling shape, as an index into SHAPES."""
    if not letters:
        if digits and _PAGE.match(text):
            return _AT["page number"]
        return _AT["no letters"]
    bare = text
    if digits:
        if letters < 6 and _PAGE.match(text):
            return _AT["page number"]
        if "OMIT" in text and _OMITTED.match(text):
            return _AT["omitted"]
        bare, number = without_numbers(text)
        if number is not None and letters > 2:
            if _CONTINUED.match(bare):
                return _AT["continued"]
            if is_heading_opening(bare):
                return _AT["heading"]
    first = text[0]
    if ":" in text[:14] and _LABEL.match(text):
        return _AT["label"]
    if first in "([{cCmM" and (_MORE.match(text) or _CONTINUED.match(text)):
        return _AT["more"] if _MORE.match(text) else _AT["continued"]
    if first in "IiEe" and _HEADING.match(text):
        return _AT["heading"]
    if ((first in "AIPW" and text[1:2].isupper()) or first > "\x7f") and _ABROAD.match(text):
        return _AT["heading"]
    if len(text) < 100 and digits and (_DATE.search(text) or names_revision(text)):
        return _AT["date"] if _DATE.search(text) else _AT["revision"]
    if digits and capitals and bare != text:
        return _AT["numbered"]
    if capitals:
        return _shape_of_capitals(bare)
    if "(" in text and _EXTENSION.search(text):
        return _AT["extension"]
    if len(text) < 40 and first in "aspeciASPECI" and _ACT.match(text):
        return _AT["act"]
    if len(text) < 60 and names_revision(text):
        return _AT["revision"]
    if first in "cCfFdDwWsS" and len(text) < 40 and _TRANSITION.match(text.upper()) and text.rstrip()[-1:] in ":.":
        return _AT["transition"]
    if len(text) < 60 and first in _TITLE_LETTERS and _TITLE.match(text):
        return _AT["title"]
    return _AT["none"]


def _shape_of_capitals(text: str) -> int:
    if text[3:4] in ".," and _MISREAD.match(text):
        return _AT["heading"]
    # Asking for the letters first is what makes this cheap.
    if ("INT" in text or "EXT" in text or "ERNO" in text or "NNEN" in text or "USSEN" in text) and _INSIDE.search(text):
        return _AT["none" if text[0] in "([" else "heading"]
    if _TRANSITION.match(text):
        return _AT["transition end"] if _BARE_END.search(text) else _AT["transition"]
    if "(" in text and _EXTENSION.search(text):
        return _AT["extension"]
    if text.endswith(("TO:", "TO BLACK.", "TO BLACK")):
        return _AT["transition end"]
    if _OMITTED.match(text):
        return _AT["omitted"]
    if _ACT.match(text):
        return _AT["act"]
    if _TIME.search(text):
        return _AT["time of day"]
    if _SHOT.match(text):
        return _AT["shot"]
    if text.startswith(("THE END", "END OF")):
        return _AT["the end"]
    if "     " in text:
        return _AT["twin"]
    if _PLACE.search(text):
        return _AT["place"]
    if len(text) < 60 and (_TITLE.match(text) or names_revision(text)):
        return _AT["title"]
    return _AT["none"]


_FIRSTS: Final = {
    "(": 1, "[": 1, "{": 1, '"': 2, "'": 2, "“": 2, "‘": 2, "`": 2, "-": 3, "–": 3, "—": 3, ".": 4, "…": 4,
    "「": 2, "『": 2, "*": 5, "#": 5, "=": 6, "_": 6, "|": 6, "/": 6, "<": 6,
}  # fmt: skip
FIRSTS = 10
BRACKET: Final = _FIRSTS["("]


def first_kind(letter: str) -> int:
    """Sort a line's first character: bracket, quote, dash, dots, digit, capital, small letter or other."""
    kind = _FIRSTS.get(letter)
    if kind is not None:
        return kind
    if letter.islower():
        return 7
    if letter.isdigit():
        return 8
    return 9 if letter.isupper() else 0


_LASTS: Final = {
    ".": 1, "?": 2, "!": 3, ":": 4, ",": 5, ";": 5, "-": 6, "–": 6, "—": 6, ")": 7, "]": 7, "}": 7,
    '"': 8, "'": 8, "”": 8, "’": 8, "」": 8, "』": 8, "…": 9,
}  # fmt: skip
LASTS = 13
COLON: Final = _LASTS[":"]


def last_kind(text: str) -> int:
    """Sort a line's end: stop, question, colon, comma, dash, bracket, quote, dots, digit, capital, small letter."""
    kind = _LASTS.get(text[-1])
    if kind is not None:
        return 9 if kind == 1 and text.endswith("..") else kind
    if text[-1].islower():
        return 10
    if text[-1].isdigit():
        return 11
    return 12 if text[-1].isupper() else 0


def play_cue(text: str) -> re.Match[str] | None:
    """Match `NAME.` or `Name:` at the start of a line, as plays print cues before the speech."""
    return _PLAY_CUE.match(text)


def is_name(text: str) -> bool:
    """Whether a speaker may be called so: not more than one word that is written small, and no pronoun first."""
    first, *others = text.partition("(")[0].partition("[")[0].split() or ("",)
    small = [word for word in others if word[0].islower() and word not in _SMALL_IN_NAMES]
    return len(small) < 2 and first.lower() not in _NOBODY


def talks(text: str) -> bool:
    """Whether somebody speaks of himself or to another."""
    return "?" in text or not _TALK.isdisjoint(text.split())


def subject(text: str) -> tuple[str, bool]:
    """The capitalised words that a line begins with, and whether they do something (else a comma follows)."""
    deed = _DEED.match(text)
    return (deed["who"].upper(), deed["did"] is not None) if deed is not None else ("", False)
