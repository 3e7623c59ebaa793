"""Texts side by side go on until it is somebody's turn: recall, network and chance, in one compiled call."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.compiling import compiled
from model.counted import Floats
from model.counting import Known, read_all
from model.drawing import UNREAD, Rules, Texts, draw_all
from model.finding import wide
from model.layered import Layers, Memory, Room, step

WAITING, RUNNING, STEPS, RECALLED, READ, IS_READ = range(6)
"""Numbers of a standing: in how many texts a symbol is to be read; how many go on by themselves; steps so far; and,
where recall was left, which recollection is next, how many symbols have been read in it, and whether one more has."""


class Network(NamedTuple):
    """A network as it reads the texts."""

    layers: Layers
    room: Room
    memory: Memory
    styles: int
    """One, or two: then what the second makes different counts `strength` times."""
    strength: np.float32


class Recalled(NamedTuple):
    """What recollections need beside what they know."""

    drafts: NDArray[np.int64]
    """Of each recollection the drafts' numbers, (recollections, texts)."""
    reads: NDArray[np.int64]
    """Room for what is read in one of them, (texts, 3)."""
    hints: Floats
    """Room for what each of them says, (recollections, texts, 1 + vocabulary)."""


@compiled
def go_on(
    standing: NDArray[np.int64],
    lanes: NDArray[np.int64],
    symbols: NDArray[np.int64],
    texts: Texts,
    rules: Rules,
    network: Network,
    recalled: Recalled,
    first: Known,
    second: Known,
) -> bool:
    """Read what waits, and draw where that is wanted; what may run, waits again: until it is somebody's turn.

    Args:
        standing: As named above, (6,); changed.
        lanes: Room for numbers of texts, (texts,).
        symbols: Room for ids, (texts,).
        texts: What they are; changed.
        rules: What is drawn by.
        network: Its memory is changed.
        recalled: As many recollections as there are, of which
        first: these
        second: are, or the first two of them; where there are fewer, one that is not asked.

    Returns:
        Whether it is somebody's turn, or nothing waits. Else the recollection where it was left has no room for more
        runs that are counted once; with that it goes on.
    """
    every = len(texts.numbers)
    while standing[WAITING]:
        number = wide(0)
        for lane in range(every):
            if texts.numbers[lane, UNREAD] >= 0:
                lanes[number], symbols[number] = lane, texts.numbers[lane, UNREAD]
                number += 1
        while standing[RECALLED] < len(recalled.drafts):
            each = standing[RECALLED]
            for at in range(number):
                recalled.reads[at, 0], recalled.reads[at, 1] = recalled.drafts[each, lanes[at]], symbols[at]
                recalled.reads[at, 2] = 1
            start, is_read = standing[READ], standing[IS_READ] > 0
            if each == 0:
                done = read_all(recalled.reads, start, is_read, number, first, recalled.hints[each])
            else:
                done = read_all(recalled.reads, start, is_read, number, second, recalled.hints[each])
            if done < number:
                standing[READ], standing[IS_READ] = done, 1
                return False
            standing[RECALLED], standing[READ], standing[IS_READ] = each + 1, 0, 0
        standing[RECALLED] = 0
        for at in range(number):
            hint = texts.hints[lanes[at]]
            for id_ in range(len(hint)):
                hint[id_] = 0.0
                for each in range(len(recalled.drafts)):
                    hint[id_] += recalled.hints[each, at, id_]
        # The network comes last: its weights drive all else out of the core's own cache.
        step(lanes, symbols, number, network.styles, network.layers, network.room, network.memory)
        standing[STEPS] += 1
        for at in range(number):
            in_style(lanes[at], network, texts.logits[lanes[at]])
        standing[WAITING], standing[RUNNING] = draw_all(lanes, number, texts, rules)
        if standing[RUNNING] < every:
            break
    return True


@compiled
def in_style(lane: int, network: Network, logits: NDArray[np.float32]) -> None:
    """Write what is made of a text's logits in no style and in one."""
    found, styles = network.memory.logits, network.styles
    for id_ in range(len(logits)):
        logits[id_] = found[lane * styles, id_]
        if styles > 1:
            logits[id_] += network.strength * (found[lane * styles + 1, id_] - found[lane * styles, id_])
