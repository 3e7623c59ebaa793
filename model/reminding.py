"""What a scene is about, from passages of the sources that are like it: a draft is reminded of them as it goes on.

What follows a few letters in all of the sources is about everything, and so about nothing. In passages that share rare
words with the scene under way it is what people say at such a place; and of those, what counts most is about what was
just said. So names, places and things persist. Source: Khandelwal et al. 2020, arXiv:1911.00172, for a model that goes
by what it finds in a memory of examples; Spärck Jones 1972 for the weight of a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.compiling import compiled
from model.counting import Reminded
from model.finding import LONGEST, REMINDING, REST, REST_MASK, SPEECH, WEIGHT, Places, Small, head_of, wide
from model.passages import BITS, LETTERS, OPENS, OPENS_SCENE, OTHER, Index, Symbols, by_word, parted, word_of
from model.sentences import FAR, Marks, rests

ROOM = 1 << 16
"""Symbols of passages that a draft is reminded of at once, at most."""
_CHOSEN = 160
"""Passages, at most."""
_STEPS = 1 << 10
"""In which scores are told apart before they are sorted."""
_BEST, _TIMES = 20, 3
"""So many passages, the most alike, count so often."""
_HEADING, _CAST, _AGING = 2.0, 1.0, 0.8
"""What a word in the scene's heading weighs, and one in its cast; and in what was last said or told, to the power of
how many parts have come since."""
_LITTLE = 0.01
"""What weighs less, says nothing."""
_MANY = 12
"""A word that so large a part of the passages has says nothing."""
_SAID = 1 << 10
"""Places for the sentences of a scene. Those beyond half of them may be said again."""


class Room(NamedTuple):
    """What choosing passages needs besides."""

    weights: NDArray[np.float32]
    """Of each word, (words,); all 0."""
    scores: NDArray[np.float32]
    """Of each passage, (passages,)."""
    said: NDArray[np.int64]
    """Sentences of the scene, (`_SAID`,)."""
    filled: Places
    """How far the places of each chain are known, and more, (chains + 2,) at least."""


class Passages:
    """Passages of texts.

    Opening it takes a look at each symbol, 8 ns in all; a reminder one at each passage, and at each symbol of those
    that are chosen, .3 to .5 ms. Memory is 20 bytes a symbol at most, once all passages have been chosen.
    """

    def __init__(self, ids: Small, texts: Sequence[tuple[int, int, float]], characters: Sequence[str]) -> None:
        """Index texts.

        Args:
            ids: Of all symbols.
            texts: Where each text begins and ends, and what its passages weigh beside others.
            characters: Of the vocabulary.
        """
        self._symbols = Symbols.of(characters)
        bounds, words, passages = parted(
            ids, np.array([text[:2] for text in texts], np.int64).reshape(-1, 2), self._symbols
        )
        shares = np.array([share for _, _, share in texts], np.float32)
        starts = np.array([start for start, _, _ in texts], np.int64)
        each = shares[np.searchsorted(starts, bounds[:, 0], side="right") - 1]
        firsts, places = by_word(words, passages)
        marked, found = np.empty(len(ids), np.int32), np.empty((len(ids), 2), np.uint16)
        sentences, numbers = np.empty((len(ids) // 2 + 1, 2), np.int64), np.full((len(bounds), 3), -1, np.int32)
        self._index = Index(ids, bounds, each, firsts, places, marked, found, sentences, numbers)
        size = 1 << BITS
        weights, scores = np.zeros(size, np.float32), np.zeros(len(bounds), np.float32)
        self._room = Room(weights, scores, np.zeros(_SAID, np.int64), np.zeros(ROOM + 2, np.int32))

    def remind(self, scene: NDArray[np.integer], reminded: Reminded) -> None:
        """Write down passages like a scene under way, of which the ids are given, for one draft, in its rows."""
        ids: Small = scene.astype(np.uint8) if self._index.ids.dtype == np.uint8 else scene.astype(np.uint16)
        remind(ids, self._index, self._symbols, self._room, reminded)


@compiled
def remind(scene: Small, index: Index, symbols: Symbols, room: Room, reminded: Reminded) -> None:
    """As `Passages.remind` has it."""
    score(scene, index, symbols, room)
    chosen = likest(room.scores, index.bounds, _CHOSEN, len(reminded.passages))
    told(scene, symbols.marks, room.said)
    chains = len(reminded.firsts) - 1
    room.filled[: chains + 2] = 0
    for passage in chosen:
        if index.numbers[passage, 0] < 0:
            mark(passage, index, symbols, chains)
        first = index.bounds[passage, 0]
        for each in range(first, first + index.numbers[passage, 1]):
            room.filled[index.found[each, 1] + 1] += 1
    for chain in range(chains):
        room.filled[chain + 1] += room.filled[chain]
    for chain in range(chains + 1):
        reminded.firsts[chain] = room.filled[chain]
    end = wide(0)
    for rank in range(len(chosen)):
        passage = chosen[rank]
        times = _TIMES if rank < _BEST and room.scores[passage] > 0.0 else 1
        end = taken(passage, index, room, reminded, end, times)


@compiled
def told(scene: Small, marks: Marks, said: NDArray[np.int64]) -> None:
    """Keep the numbers of a scene's sentences that are not long."""
    far, filled, at = rests(scene, marks), 0, 0
    said[:] = 0
    while at < len(scene):
        rest = wide(far[at])
        if rest == 0 or rest == FAR:
            at += 1
            continue
        if filled < len(said) // 2 and not is_said(sentence_of(scene, at, at + rest), said, True):
            filled += 1
        at += rest


@compiled
def score(scene: Small, index: Index, symbols: Symbols, room: Room) -> None:
    """Say of each passage how much it is like a scene: by the weights of words in both, and the rarer, the more."""
    parts = 0
    for symbol in scene:
        parts += symbols.kinds[symbol] in (OPENS, OTHER)
    weight, key, length, met = 0.0, wide(0), 0, 0
    words = np.empty(len(scene) // (LETTERS + 1) + 1, np.int64)
    for at in range(len(scene) + 1):
        letter = symbols.letters[scene[at]] if at < len(scene) else 0
        if letter:
            key, length = (key * 1000003 + letter) & 0xFFFFFFFFFFFF, length + 1
            continue
        if length >= LETTERS:
            word = word_of(key)
            if room.weights[word] == 0.0:
                words[met] = word
                met += 1
            room.weights[word] = max(room.weights[word], np.float32(weight))
        key, length = wide(0), 0
        kind = symbols.kinds[scene[at]] if at < len(scene) else 0
        if kind in (OPENS, OTHER):
            parts -= 1
            weight = _AGING**parts
        elif kind:
            weight = _HEADING if kind == OPENS_SCENE else _CAST
    every = len(index.bounds)
    room.scores[:] = 0.0
    for each in range(met):
        word = words[each]
        first, end = index.firsts[word], index.firsts[word + 1]
        if room.weights[word] >= _LITTLE and end > first and end - first <= every // _MANY + 1:
            rare = room.weights[word] * np.float32(np.log(every / (end - first)))
            for at in range(first, end):
                room.scores[index.places[at]] += rare
        room.weights[word] = 0.0
    for passage in range(every):
        room.scores[passage] *= index.shares[passage]


@compiled
def likest(scores: NDArray[np.float32], bounds: NDArray[np.int64], most: int, symbols: int) -> NDArray[np.int64]:
    """So many passages at most with the highest scores, these first, that have so many symbols together at most.

    Where few are like a scene at all, others come after them, from all over the texts.
    """
    # A heap, the least of them on top: of two that are as much alike the later one.
    heap, size, least = np.empty(most, np.int64), 0, limit(scores, most)
    for passage in range(len(scores)):
        if (
            scores[passage] <= 0.0
            or scores[passage] < least
            or (size == len(heap) and not is_less(scores, heap[0], passage))
        ):
            continue
        if size < len(heap):
            at, size = size, size + 1
            while at and is_less(scores, passage, heap[(at - 1) // 2]):
                heap[at] = heap[(at - 1) // 2]
                at = (at - 1) // 2
            heap[at] = passage
        else:
            sink(scores, heap, size, passage)
    found = np.empty(len(heap) + len(scores) // max(1, len(scores) // len(heap)) + 1, np.int64)
    for left in range(size - 1, -1, -1):
        found[left] = heap[0]
        sink(scores, heap, left, heap[left])
    for passage in range(0, len(scores), max(1, len(scores) // len(heap))):
        if scores[passage] == 0.0:
            found[size] = passage
            size += 1
    number, filled = 0, wide(0)
    for at in range(size):
        length = bounds[found[at], 1] - bounds[found[at], 0]
        if filled + length <= symbols:
            found[number], filled, number = found[at], filled + length, number + 1
    return found[:number]


@compiled
def limit(scores: NDArray[np.float32], most: int) -> np.float32:
    """A score that so many passages have or exceed, if so many have any, and hardly any others do."""
    highest, number = np.float32(0.0), 0
    for score in scores:
        highest = max(highest, score)
    if highest == 0.0:
        return highest
    counts, scale = np.zeros(_STEPS + 1, np.int32), np.float32(_STEPS) / highest
    for score in scores:
        counts[int(score * scale)] += 1
    step = _STEPS
    while step and number + counts[step] < most:
        number += counts[step]
        step -= 1
    # What is rounded down there may be rounded up here.
    return np.float32(step - 1) / scale if step > 1 else np.float32(0.0)


@compiled
def is_less(scores: NDArray[np.float32], one: int, other: int) -> bool:
    """Whether the score of one passage is less than that of another, or it is the same and it comes later."""
    return scores[one] < scores[other] or (scores[one] == scores[other] and one > other)


@compiled
def sink(scores: NDArray[np.float32], heap: NDArray[np.int64], size: int, passage: int) -> None:
    """Put a passage in the place of a heap's top."""
    at, below = 0, 1
    while below < size:
        if below + 1 < size and is_less(scores, heap[below + 1], heap[below]):
            below += 1
        if not is_less(scores, heap[below], passage):
            break
        heap[at] = heap[below]
        at, below = below, 2 * below + 1
    heap[at] = passage


@compiled
def mark(passage: int, index: Index, symbols: Symbols, chains: int) -> None:
    """Write down of a passage's symbols what goes with them, where they are found, and which sentences they make.

    What stands in a long sentence is not followed, so of those the end is enough: no run is longer.
    """
    first, end = index.bounds[passage]
    far, is_speech = rests(index.ids[first:end], symbols.marks), 0
    near, is_kept = end - first, np.empty(end - first, np.bool_)
    for at in range(end - first - 1, -1, -1):
        if far[at] != FAR:
            near = at
        is_kept[at] = near - at <= LONGEST
    size, found, sentences, rest_before = 0, 0, 0, 0
    for at in range(end - first):
        symbol, rest = index.ids[first + at], wide(far[at])
        if is_kept[at]:
            index.marked[first + size] = symbol | rest << REST | is_speech << SPEECH
            if REMINDING <= size < ROOM and rest != FAR:
                index.found[first + found, 0] = size
                index.found[first + found, 1] = head_of(index.marked, first + size, REMINDING, chains)
                found += 1
            if rest and rest != FAR and rest_before != rest + 1:
                index.sentences[first // 2 + sentences, 0] = size
                index.sentences[first // 2 + sentences, 1] = sentence_of(index.ids, first + at, first + at + rest)
                sentences += 1
            size += 1
        rest_before = rest if rest != FAR else 0
        if symbols.kinds[symbol]:
            is_speech = int(symbols.speech[symbol])
    index.numbers[passage, 0], index.numbers[passage, 1], index.numbers[passage, 2] = size, found, sentences


@compiled
def taken(passage: int, index: Index, room: Room, reminded: Reminded, first: int, times: int) -> int:
    """Write a passage down for a draft, from a place on, to count so often; what was said is far. Gives its end."""
    start = index.bounds[passage, 0]
    size, found, sentences = index.numbers[passage]
    for at in range(size):
        reminded.passages[first + at] = index.marked[start + at] | times << WEIGHT
    for each in range(start // 2, start // 2 + sentences):
        if is_said(index.sentences[each, 1], room.said, False):
            at = first + index.sentences[each, 0]
            for place in range(at, at + ((reminded.passages[at] >> REST) & REST_MASK)):
                reminded.passages[place] |= FAR << REST
    for each in range(start, start + found):
        chain = index.found[each, 1]
        reminded.places[room.filled[chain]] = first + wide(index.found[each, 0])
        room.filled[chain] += 1
    return first + wide(size)


@compiled
def sentence_of(ids: Small, first: int, end: int) -> int:
    """A number for a sentence, above 0."""
    key = wide(1)
    for at in range(first, end):
        key = (key * 1000003 + ids[at]) & 0xFFFFFFFFFFFF
    return key + 1


@compiled
def is_said(sentence: int, said: NDArray[np.int64], is_now: bool) -> bool:
    """Whether a sentence is among those; `is_now`: from now on it is."""
    at = (sentence ^ (sentence >> 20)) & (len(said) - 1)
    while said[at]:
        if said[at] == sentence:
            return True
        at = (at + 1) & (len(said) - 1)
    if is_now:
        said[at] = sentence
    return False
