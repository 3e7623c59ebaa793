"""Words that made-up scripts are made of."""

from __future__ import annotations


def _split(text: str) -> tuple[str, ...]:
    """Items between bars."""
    return tuple(text.split("|"))


BURSTS = _split("Yes.|No.|What?|Why?|Okay.|You|Hi|Oh, God!|I know.|Charlie --|NO!|HELP ME!")
EXTENSIONS = _split(
    "V.O.|O.S.|V.O.|O.S.|O.C.|V.O|OS|VO|CONT'D|CONT'D|cont'd|contd|on phone|cont.|into phone|filtered|whispering|"
    "O.S.) (CONT'D"
)
HEADINGS = _split(
    "{p}. {x} - {t}|{p}. {x} - {t}|{p}. {x} - {t}|{p}. {x} -- {t}|{p} {x} - {t}|{p} {x} {t}|{p}. {x}. {t}.|"
    "{p}. {x}, {t}|{p}  {x}  {t}|{p}. {x} ({t})|{p}.  {x}|{p}. {x} - {y} - {t}|{p}. {x}/{y} - {t}|{p}.-{x}-{t}|"
    "{p}. {x}- {t}|{p}. {x} - {t} - CLOSE SHOT|{p}.{x}-{t}|{p}. {x} '{y}' - {t}|{p}: {x} - {t}|{x} - {t}|{x}"
)
HINTS = _split(
    "beat|a beat|pause|quietly|laughing|to Marta|into phone|smiles|turning|whispering|reading|not looking up|"
    "off his look|shouting|then|sotto|under his breath|to himself|looks around; nervous|"
    "after a long moment, not quite looking at her|angry|re: the dog|"
    "as he holds up the letter, to show it to the others|indicating|sighs|CONTINUING|"
    "to the bartender, who isn't listening|in Spanish|wiping her hands|(beat|quickly, before she can answer|"
    "Thinks|Nobody laughs|MUFFLED|calling out, over the noise of the engine"
)
HOW = _split(
    "slowly|not quite believing it|a little drunk|as if nothing had happened|still holding the letter|"
    "out of breath|without a word|and everybody sees it|in the dark|looking for something|with great care|"
    "off screen|his back to us"
)
HEADS = _split(
    "{title} - {colour} Revisions - {date}|{colour} Revised   {date}|{title}|{title} - {date}|Rev. {date}|"
    "{title} - {colour} script - {date}|Converted to PDF by www.example.org|{colour} Revision {date}|"
    "{title} - Final Draft|{title}   Shooting Script   {date}|(C) 1999 {title}|FINAL {title}|"
    "NF|TLW|OC -|M.O.T.|{title} / {colour} {date}|{colour} REVISED 2nd DRAFT   {date}"
)
LABELS = _split("Draft date|Contact|Source|Copyright|Notes|Revision|Title|Author|Format|Episode")
LINKS = _split("and|then|and|as he|while he|-- and")
MONTHS = _split("January|March|April|June|July|August|October|November|December")
NAMES = _split(
    "MARTA|JOSEF|WINIFRED|DASHIELL|GUS|PHYLLIS|NADINE|LEVON|VERONICA|THADDEUS|CARL|IRIS|DOLORES|HANK|WENDELL|"
    "RUTH|OTTO|BEATRIZ|TOMMY|ABEL|OFFICER REYES|DR. KESSLER|MRS. PARK|MR. OYELARAN|OLD MAN|WOMAN #2|GUARD 1|"
    "BARTENDER|COP|FIRST WAITER|RADIO VOICE|LT. COLE|JEAN-LUC|O'HARA|McKENNA|DE LA CRUZ|KID|NURSE|TV ANNOUNCER|"
    "VOICE|MARIE'S FATHER|SGT. BOYLE|LITTLE GIRL|AGENT Q|ÉLODIE|FOUR|JUROR #1|NIGHT CLERK|BUS DRIVER|PILAR|"
    "AMBROSE|JUDGE|MAN IN HAT|THE COLONEL|ZOE|AL|BO|ROSALIND ABERNATHY|TERRY'S COUSIN|JIM|HOLLIS|FERN|"
    "CAPTAIN AHERN|BOY|SISTER AGNES|CROWD|EVERYONE|ALL|BOTH|THE TWINS|YOUNG HANK|PRIEST"
)
OPENERS = _split("CLOSE ON:|CLOSE ON LETTER:|PHOTO:|FADE UP:|SUBTITLE:|ANGLE -|SUPER:|--|...")
PLACES = _split(
    "KITCHEN|HALLWAY|BEDROOM|OFFICE|STREET|ALLEY|BAR|LOBBY|ROOF|GARAGE|BEACH|DINER|MOTEL|CHURCH|COURTROOM|"
    "HOSPITAL|SUPERMARKET|CELL|DESERT|HIGHWAY|BRIDGE|SUBWAY|THEATRE|CORRIDOR|BATHROOM|CASINO|WAREHOUSE|DOCK|"
    "FOREST|CABIN|SCHOOL|LABORATORY|AIRPORT|YARD|LIVING ROOM|PARKING LOT|POLICE STATION|SWIMMING POOL|"
    "BOWLING ALLEY|COCKPIT|ELEVATOR|GYM|LIBRARY|MUSEUM|PRISON|STAGE|TUNNEL|VAN"
)
SHOTS = _split(
    "CLOSE ON {}|ANGLE ON {}|WIDER|WIDER ANGLE|{}'S POV|POV - {}|BACK TO {}|INSERT - {}|CLOSE SHOT - {}|"
    "MED. SHOT - {}|REVERSE ANGLE|ON {}|TIGHT ON {}|BACK TO SCENE|SERIES OF SHOTS|MONTAGE|CLOSE-UP - {}|"
    "TWO SHOT - {} AND {}|FULL SHOT|ANOTHER ANGLE|THE {}|{}|INSERT: THE {}|CLOSER|TRACKING SHOT|IN THE {}|"
    "AT THE {}|{} AND {}|THE {} - LATER|HIS POV|NEW ANGLE|LONG SHOT|EXTREME CLOSE UP:"
)
THINGS = _split(
    "car|door|phone|crowd|dog|light|music|train|bus|waiter|guard|boy|girl|clerk|old|man|rain|band|camera|engine"
)
TIMES = _split(
    "DAY|DAY|DAY|NIGHT|NIGHT|NIGHT|MORNING|EVENING|DUSK|DAWN|LATER|CONTINUOUS|SAME|AFTERNOON|SUNSET|"
    "MOMENTS LATER|LATE AFTERNOON|THE NEXT DAY|SAME TIME|FLASHBACK|EARLY MORNING|1974"
)
TRANSITIONS = _split(
    "CUT TO:|CUT TO:|CUT TO:|CUT TO:|DISSOLVE TO:|FADE OUT.|FADE OUT|FADE TO BLACK.|FADE TO BLACK|SMASH CUT TO:|"
    "MATCH CUT TO:|FADE TO:|JUMP CUT TO:|CUT TO BLACK.|WIPE TO:|LAP DISSOLVE TO:|CUT TO|DISSOLVE TO|CUT BACK TO:|"
    "FLASH CUT TO:|QUICK CUT TO:|TIME CUT:|INTERCUT WITH:|TRANSITION TO:|CUT BACK TO|SLOW DISSOLVE TO:|FADE IN:|"
    "CUT:|DISSOLVE:|BACK TO:|FADE OUT:|FADE TO WHITE."
)
VERBS = _split(
    "looks at the door|turns|sits down|gets up|nods|walks to the window|picks up the phone|puts it down|"
    "takes the glass|smiles|shrugs|opens the box|closes the drawer|stares at the floor|leaves|comes in|runs|"
    "drives away|waits|laughs|shakes his head|drinks|pours|hands over the key|grabs a coat|steps back|points|"
    "stops|watches them go|hangs up|reads the note|pulls a chair|leans in|is gone|exits|enters|"
    "crosses to the bar|lights a cigarette|throws it away|falls|has no idea|does nothing|checks a watch|"
    "moves closer|kneels beside the body|tries the lock|finds nothing|looks around|slams the door|"
    "thinks about it|takes off the hat|REACTS"
)
