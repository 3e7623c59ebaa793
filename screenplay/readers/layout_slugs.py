"""Tell scenes from shots where a script names its places without `INT.` or `EXT.`."""

from __future__ import annotations

import re

import numpy as np

from screenplay.readers.layout_features import Facts
from screenplay.readers.layout_lines import Ints
from screenplay.readers.layout_states import ACTION, HEADING, SHOT
from screenplay.readers.layout_words import in_shapes

_SCENE_LINES = 60
"""Where a scene with a full heading is no longer than this on average, bare places are parts of scenes: shots."""
_PLACE = re.compile(
    r"\b(?:ROOM|HOUSE|STREET|ROAD|OFFICE|APARTMENT|FLAT|HALL|HALLWAY|CORRIDOR|KITCHEN|BEDROOM|BATHROOM|CAR|CAB|LIMO|TRUCK"
    r"|VAN|HOTEL|MOTEL|BAR|LOBBY|BUILDING|STATION|SCHOOL|CHURCH|STORE|SHOP|GARAGE|ROOF|YARD|PARK|BEACH|HOSPITAL|CELL|LOT"
    r"|BUNGALOW|LOFT|MANSION|THEATER|THEATRE|ALLEY|AREA|FOREST|DESERT|FARM|CASTLE|CAMP|COURTROOM|DINER|RESTAURANT"
    r"|CAFE|CLUB|LIBRARY|MUSEUM|PRISON|SQUARE|TUNNEL|BRIDGE|TRAIN|PLANE|CABIN|BASEMENT|ATTIC|PORCH|GARDEN|FIELD"
    r"|TOWN|VILLAGE|CITY|HIGHWAY|AIRPORT|HARBOR|DOCK|PIER|POOL|BALLROOM|CAFETERIA|WAREHOUSE|FACTORY|LABORATORY|STUDIO)"
    r"(?: (?:-{1,2}|–|—) .{1,40}| \(.{1,40}\))?$"
)
_PART_OF_A_SCENE = re.compile(
    r"(?:THE|A|AN|IN|INSIDE|OUTSIDE|AT|ON|ONTO|FROM|BACK|NEAR|BY|BEHIND|UNDER|THROUGH|ACROSS|ANOTHER|TRACK\w*|WIDER?|CLOSER?"
    r"|ANGLE|HIS|HER|THEIR|ITS)\b"
)


def places_as_headings(facts: Facts, states: Ints) -> Ints:
    """Make headings of the lines in capitals that are places, if the script has few headings of the usual form."""
    full = int(np.sum((states == HEADING) & in_shapes(facts.shape, ("heading",))))
    if full * _SCENE_LINES > len(states):
        return states
    alone = (facts.gap > 0) & np.append(facts.gap[1:] > 0, True)
    loud = (facts.lines.lower == 0) & (facts.lines.upper > 0)
    out = states.copy()
    for index in np.flatnonzero((states == SHOT) | ((states == ACTION) & alone & loud)).tolist():
        text = facts.lines.view[index].rstrip(": ")
        if _PLACE.search(text[-100:]) and not _PART_OF_A_SCENE.match(text):
            out[index] = HEADING
    return out
