"""Draws what comes next in texts that are written side by side, and lets words run on: a part of `model.going_on`.

Within a word that is said or told, only the lexicon has a say; where the next one begins, whether it would go on with a
copy or with what the scene has said; and at most marks, little more. All else is left to whoever writes a text.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.compiling import compiled
from model.copying import LONGEST, WINDOW, CopyTables, rest_after
from model.counted import Floats
from model.finding import wide
from model.layered import Floats as Singles
from model.lexicon import folded
from model.loops import LIMIT
from model.questions import ASKS, FREE
from model.sampling import Settings, chosen
from model.trie import ANYWHERE, BETWEEN, NOWHERE, Trie, node_after
from screenplay.stream import is_token

MARKED, SILENT, GIVEN = -4, -5, -6
"""In the place of a word's node: there is a mark; nothing is even drawn; and what is read next has been given."""
LONGEST_RUN = 64
"""Symbols that run on at once, at most."""
LONGEST_SCENE = 1 << 13
"""Symbols of a scene up to which words may begin in it: each time, it is searched through."""
UNREAD, NODE, ROOM, RUN, COPIED, MARKS, ASKED, PLACE, DRAWN, LENGTH = range(10)
"""Numbers of a lane: the id that waits to be read, -1 for none; the node; how many symbols more may run; how many
have run; characters of the run that a source may have, too; what marks may run; where `questions` have the sentence;
place of the next uniform number; the id that was drawn, and has not run; and how many symbols of the scene are read."""
ENDS, CAPITALS = 1, 2
"""What may run besides commas: marks that end a sentence; capitals, where something is said."""
_NONE, _SMALL, _CAPITAL, _SPACE, _COMMA, _END, _STOP, _TOKEN, _OTHER_SPACE, _APOSTROPHE = range(10)
"""Kinds of symbols."""
_SPACE_CODE = ord(" ")
_OF_WORDS = (_SMALL, _CAPITAL, _APOSTROPHE)
_SHORT = 10
"""Symbols of a sentence that may be said twice: see `LoopGuard`."""
WORD, LETTERS = -1, -2
"""In the place of characters that a source may have: no word begins but the one under way, and that does not end."""


class Letters(NamedTuple):
    """What of a vocabulary may run."""

    codes: NDArray[np.uint32]
    """Of each id its code point, (vocabulary,)."""
    lowers: NDArray[np.uint32]
    """Of each letter and apostrophe that which stands for it in words, (vocabulary,)."""
    kinds: NDArray[np.uint8]
    """Of each id, (vocabulary,)."""

    @classmethod
    def of(cls, alphabet: Sequence[str], letters: Collection[str]) -> Letters:
        """Those letters, and spaces and marks besides."""
        kinds = [_kind(symbol, letters) for symbol in alphabet]
        codes = [ord(symbol) if kind else 0 for symbol, kind in zip(alphabet, kinds, strict=True)]
        words = [folded(symbol)[0] if kind in _OF_WORDS else "\0" for symbol, kind in zip(alphabet, kinds, strict=True)]
        lowers = [*map(ord, words)]
        return cls(np.array(codes, np.uint32), np.array(lowers, np.uint32), np.array(kinds, np.uint8))


def _kind(symbol: str, letters: Collection[str]) -> int:
    if is_token(symbol):
        return _TOKEN
    if symbol in letters:
        # Of a few capitals the small one is more than one letter.
        return _SMALL if not symbol.isupper() else _CAPITAL if len(symbol.lower()) == 1 else _NONE
    if symbol.isspace():
        return _SPACE if symbol == " " else _OTHER_SPACE
    return {",": _COMMA, "!": _END, "?": _END, ".": _STOP, "'": _APOSTROPHE, "’": _APOSTROPHE}.get(symbol, _NONE)


class Texts(NamedTuple):
    """What texts side by side are; each has a row in every part."""

    numbers: NDArray[np.int64]
    """As named above, (texts, 10)."""
    running: NDArray[np.bool_]
    """Whether it goes on by itself: it has been asked for what comes next, and has no answer yet, (texts,)."""
    runs: NDArray[np.int64]
    """Ids that have run, or have been given, (texts, `LONGEST_RUN`)."""
    plain: NDArray[np.uint32]
    """Code points of what stands before that, and of it, as copies are measured on, (texts, …)."""
    scenes: NDArray[np.uint16]
    """Ids of the scene under way, as far as there is room, (texts, `LONGEST_SCENE`)."""
    logits: Singles
    """Of the network, (texts, vocabulary)."""
    hints: Floats
    """What is recalled, from the second column on, (texts, 1 + vocabulary)."""
    uniforms: Floats
    """Uniform numbers, (texts, …)."""


class Rules(NamedTuple):
    """What is drawn by."""

    words: Trie
    root: int
    """The node that words begin at, or `ANYWHERE`."""
    questions: Trie
    letters: Letters
    copies: CopyTables
    settings: Settings
    opener: int
    """The id that opens a scene."""
    power: float
    """As for `sampling.chosen`, like the next."""
    never: int


@compiled
def draw_all(lanes: NDArray[np.int64], number: int, texts: Texts, rules: Rules) -> tuple[int, int]:
    """Draw in some lanes what comes after what they have just read, and let run what may; how many wait then, and run.

    Args:
        lanes: Which of them, (number and more,).
        number: How many.
        texts: What they are; changed, but for logits, hints and uniform numbers.
        rules: What is drawn by.
    """
    words, letters, copies, settings = rules.words, rules.letters, rules.copies, rules.settings
    kinds, plain, runs, running = letters.kinds, texts.plain, texts.runs, texts.running
    waiting, are_running = 0, 0
    for at in range(number):
        lane = lanes[at]
        own, scene, running[lane] = texts.numbers[lane], texts.scenes[lane], False
        if own[UNREAD] == rules.opener:
            own[LENGTH] = 0
        if own[LENGTH] < LONGEST_SCENE:
            scene[own[LENGTH]] = own[UNREAD]
            own[LENGTH] += 1
        own[UNREAD], node = -1, own[NODE]
        if node == GIVEN:
            own[UNREAD] = runs[lane, own[RUN]]
            own[RUN] += 1
            own[PLACE] += 1
            waiting += 1
            if own[RUN] == own[ROOM]:
                own[NODE] = SILENT
            else:
                running[lane] = True
                are_running += 1
        if node <= SILENT:
            continue
        uniform = texts.uniforms[lane, own[PLACE]]
        own[PLACE] += 1
        id_ = chosen(
            texts.logits[lane], texts.hints[lane, 1:], rules.power, rules.never, settings.is_kept,
            settings.temperature, settings.k, settings.share, settings.floor, uniform,
        )  # fmt: skip
        kind, runs_on, after, copied, marks = kinds[id_], False, NOWHERE, own[COPIED] + 1, own[MARKS]
        is_over = node == ANYWHERE or (node >= 0 and words.is_word[node])
        if kind == _SPACE:
            runs_on = is_over and own[COPIED] != LETTERS
            if node == MARKED:
                runs_on = not _is_run_said(scene, own[LENGTH], id_)
            after = BETWEEN if own[COPIED] >= 0 else NOWHERE
        elif own[ROOM] <= 0:
            pass
        elif kind == _SMALL or (kind == _CAPITAL and node == BETWEEN and marks & CAPITALS):
            if node > MARKED and node != NOWHERE:
                after = node_after(
                    words.letters, words.firsts, rules.root if node == BETWEEN else node, wide(letters.lowers[id_])
                )
                runs_on = after != NOWHERE
            if runs_on and kinds[scene[own[LENGTH] - 1]] == _APOSTROPHE:
                runs_on = not _is_run_said(scene, own[LENGTH], id_)
            if runs_on and node == BETWEEN:
                known = copies.hashes, copies.rests, copies.firsts
                rest = rest_after(plain[lane, own[RUN] :], wide(letters.codes[id_]), *known)
                runs_on = not (rest and copied - 1 + rest >= LONGEST) and not _is_run_said(scene, own[LENGTH], id_)
                if not rest:
                    copied = min(copied, WINDOW - 1)
        elif kind == _APOSTROPHE:
            # Inside of a word, as in don't; what follows has to be a letter.
            if node >= 0 and own[COPIED] >= 0 and own[LENGTH] < LONGEST_SCENE:
                after = node_after(words.letters, words.firsts, node, wide(letters.lowers[id_]))
                runs_on = after != NOWHERE
        elif is_over and own[COPIED] >= 0 and kind in (_COMMA, _END, _STOP):
            after, runs_on = MARKED, kind == _COMMA
            if marks & ENDS and (kind == _END or (kind == _STOP and own[ASKED] != ASKS)):
                runs_on = not _is_sentence_said(scene, own[LENGTH], kinds)
        if not runs_on:
            own[DRAWN] = id_
            continue
        own[ROOM] -= 1
        own[ASKED] = _asked_after(own[ASKED], kind, wide(letters.lowers[id_]), rules.questions)
        if own[COPIED] >= 0:
            own[COPIED] = copied
        runs[lane, own[RUN]], plain[lane, WINDOW - 1 + own[RUN]] = id_, letters.codes[id_]
        own[RUN] += 1
        own[UNREAD], own[NODE], running[lane] = id_, after, True
        waiting += 1
        are_running += 1
    return waiting, are_running


@compiled
def _asked_after(node: int, kind: int, letter: int, questions: Trie) -> int:
    """Where `questions` have a sentence after one more symbol that runs: see `QuestionConstraint.advance`."""
    if node == FREE:
        return FREE
    if kind in (_END, _STOP):
        return 0
    if kind not in (_SPACE, _COMMA):
        return node_after(questions.letters, questions.firsts, node, letter) if node >= 0 else node
    # Before the first word there may be spaces.
    if node <= 0:
        return node
    return ASKS if questions.is_word[node] else node_after(questions.letters, questions.firsts, node, _SPACE_CODE)


@compiled
def _is_run_said(scene: NDArray[np.uint16], length: int, symbol: int) -> bool:
    """Whether a scene has a run that its last symbols would go on as with one more, `LIMIT` of them; or is too long."""
    if length == LONGEST_SCENE:
        return True
    for end in range(LIMIT - 1, length):
        back = 1
        if scene[end] == symbol:
            while back < LIMIT and scene[end - back] == scene[length - back]:
                back += 1
            if back == LIMIT:
                return True
    return False


@compiled
def _is_sentence_said(scene: NDArray[np.uint16], length: int, kinds: NDArray[np.uint8]) -> bool:
    """Whether a scene has had the sentence that it ends with, but for the mark; or is too long to tell."""
    if length == LONGEST_SCENE:
        return True
    start = length
    while start and not (kinds[scene[start - 1]] == _END or kinds[scene[start - 1]] == _STOP):
        if kinds[scene[start - 1]] == _TOKEN:
            break
        start -= 1
    first = start
    while first < length and (kinds[scene[first]] == _SPACE or kinds[scene[first]] == _OTHER_SPACE):
        first += 1
    size = length - first
    if size <= _SHORT:
        return False
    for place in range(start - size):
        same = 0
        while same < size and scene[place + same] == scene[first + same]:
            same += 1
        if same == size and kinds[scene[place + size]] in (_END, _STOP):
            return True
    return False
