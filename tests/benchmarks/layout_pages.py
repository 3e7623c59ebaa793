"""Type out scripts in many people's layouts, and keep each line's state."""

from __future__ import annotations

import random
import textwrap

from layout_lists import HEADS
from layout_page import BLANK, Page, inside_brackets
from layout_scripts import Item

from screenplay.readers.layout_states import (
    ACTION,
    CHARACTER,
    CUE_AND_SPEECH,
    DIALOGUE,
    FURNITURE,
    HEADING,
    PARENTHETICAL,
    SHOT,
    TITLE_PAGE,
    TRANSITION,
)

_STATE = {
    "scene_heading": HEADING, "action": ACTION, "character": CHARACTER, "parenthetical": PARENTHETICAL,
    "dialogue": DIALOGUE, "transition": TRANSITION, "shot": SHOT, "title_page": TITLE_PAGE, "centered": ACTION,
}  # fmt: skip


class Typist:
    """One person's habits of layout, drawn at random; `kind` says what sort of page."""

    def __init__(self, rng: random.Random, kind: str) -> None:
        self.rng = rng
        self.kind = kind
        self.spoken, self.waiting = "", False
        """In plays, who speaks, and whether the speech has still to begin on the line of the name."""
        pick = rng.choice
        self.left = pick([0, 0, 0, 0, 5, 7, 10, 10, 15, 3])
        self.dialogue = self.left + pick([10, 10, 10, 8, 9, 11, 12, 13, 14, 15, 5, 16])
        self.parenthetical = self.dialogue + pick([5, 5, 6, 4, 7, 3, 8, 10, 15])
        self.cue = self.dialogue + pick([10, 10, 10, 11, 12, 15, 14, 8, 16])
        self.centred_cues = rng.random() < 0.15
        self.cue_jitter = pick([0, 0, 0, 0, 2])
        self.action_width = pick([58, 60, 60, 61, 62, 55, 65, 70])
        self.dialogue_width = pick([34, 35, 35, 36, 38, 40, 30, 32, 42])
        self.parenthetical_width = pick([20, 22, 25, 28, 18])
        self.transition = pick(["right", "right", "right", "left", "cue", "column"])
        self.transition_column = self.left + pick([40, 45, 50])
        self.hanging = pick([0, 0, 1])
        self.before_heading = pick([1, 1, 2, 2, 3])
        self.after_heading = pick([1, 1, 1, 1, 0, 2])
        self.before_action = pick([1, 1, 1, 1, 1, 0])
        self.after_speech = self.before_action if rng.random() < 0.9 else 0
        self.before_cue = pick([1, 1, 1, 1, 1, 0])
        self.after_cue = 1 if rng.random() < 0.06 else 0
        """Blank lines after cues and directions, in pages that part all elements."""
        self.capital_action = rng.random() < 0.03
        self.apart = pick([0] * 12 + [1])
        self.numbers = pick(["", "", "", "left", "both", "both", "close", "apart"])
        self.continued = pick(["", "", "", "(CONT'D)", "(cont'd)", "(contd)", "(CONT'D)", "(cont.)", "(CONTINUED)"])
        self.two_spaces = rng.random() < 0.4
        self.capital_hints = rng.random() < 0.1
        self.furniture = rng.random() < 0.7
        self.breaks = rng.random() < 0.5
        self.page_lines = rng.randint(46, 58)
        self.page_number = pick(
            ["{n}.", "{n}.", "{n}.", "{n}", "- {n} -", "Page {n}", "p. {n}", "{n}A.", "({n})", "{n}-{m}.", "pg. {n}"]
        )
        self.page_column = pick([self.left, self.left + 20, 50, 60, 65, 68, 70])
        self.head = pick(["", "", "", "with", "before", "after"])
        title = pick(
            ["NIGHT FERRY", "THE LONG WEEKEND", "Orange Crate", "MOTEL", '"Deep Water"', "LAST CALL: a comedy"]
        )
        date = pick(["3/4/30", "8/24/07", "21st May 2008", "05/20/95", "9/19/2007", "Nov. 3, 1999", "12-01-88"])
        colour = pick(["Blue", "Pink", "Yellow", "WHITE", "Goldenrod", "Green", "Salmon", "Buff", "Cherry"])
        self.head_text = pick(HEADS).format(title=title, colour=pick([colour, colour.upper()]), date=date)
        self.head_column = pick([self.left, self.left + 2, 20, 26, 40])
        self.more = rng.random() < 0.6
        self.bottom = pick(["", "(CONTINUED)", "(CONTINUED)", "CONTINUED", "CONT'D"])
        self.top = pick(["", "CONTINUED:", "CONTINUED:", "CONT.", "CONTINUED"])
        self.around_number = pick([0, 1, 1, 2, 3, 5])
        self.stars = pick([0, 0, 0, 0.05, 0.3])
        self.star_column = pick([70, 75, 78, 62])
        self.shift = pick([0, 0, 0, 0, 2, 5, 9])
        self.scene = rng.randint(1, 90)
        self.number = rng.randint(1, 120)
        self.omits = pick([0, 0, 0.03])
        self.odd_case = pick(["upper"] * 9 + ["title"])
        self.brackets = pick(["()", "()", "[]"]) if kind.startswith("play") else "()"
        self.cue_mark = pick([".", ".", ":", ":", ".--"])
        self.cue_gap = pick([" ", " ", " ", "  ", "   "]) if self.cue_mark != ".--" else ""
        self.own_mark = pick([":", ":", ":", ".", ""])
        """What follows a name that stands alone above its speech."""
        self.slanted = rng.random() < 0.12
        """Names and directions of plays stand between marks for italics."""
        self.play_width = pick([72, 72, 72, 60, 100, 10_000])
        self.wide = pick([10_000, 10_000, 72, 72, 70, 90, 180])
        self.sections = rng.random() < 0.7
        self.numbered_action = rng.random() < 0.02
        self.cue_case = pick(["upper", "upper", "title"])
        if self.cue_mark == ":" and self.cue_case == "upper" and rng.random() < 0.1:
            self.cue_gap = ""
        self.bare_hints = kind == "film" and rng.random() < 0.03
        if kind == "flat":
            self.dialogue = self.parenthetical = self.cue = self.left
            self.transition, self.shift, self.apart, self.centred_cues = "left", 0, 0, False
            self.page_column = self.head_column = self.left
            self.before_cue = pick([1, 1, 1, 0])
            self.before_action = self.before_cue if rng.random() < 0.7 else 1
            self.after_speech = self.before_action if rng.random() < 0.7 else 0
            if rng.random() < 0.3:
                self.action_width = self.dialogue_width = self.parenthetical_width = pick([10_000, 72, 60])
        elif self.capital_action and rng.random() < 0.4:
            # Two columns: what is seen on the left, what is heard on the right.
            self.action_width = pick([18, 22, 30])
            self.dialogue = self.parenthetical = self.left + pick([32, 36, 44])
            self.cue = self.dialogue + pick([0, 8])
        elif kind == "narrow":
            self.dialogue = self.left + pick([0, 1, 1, 2])
            self.parenthetical = self.dialogue + pick([0, 10, 15])
            self.cue = self.left + pick([10, 15, 16])
            self.cue_jitter, self.centred_cues = 0, False
        elif kind == "levelled":
            # Cues at one column, all the rest at the margin; or cues at the margin and all else too but speeches.
            self.cue = self.left + pick([0, 10, 15, 20])
            self.dialogue = self.left + pick([0, 0, 5, 10])
            self.parenthetical = pick([self.dialogue, self.cue, self.dialogue + 5])
            self.after_speech = pick([0, self.before_action])

    def type(self, items: list[Item]) -> Page:
        """Type a whole script."""
        page = Page()
        self.page = page
        last_cue, shift, on_page = "", 0, 0
        started = len(page.lines)
        story = False
        for index, (kind, text) in enumerate(items):
            if kind == "title_page":
                self._title(items, index)
                continue
            if not story:
                story = True
                if index:
                    page.blank(self.rng.randint(2, 8))
            if kind == "section":
                if self.sections and self.kind in ("play", "play_colon"):
                    self._play(items, index, "scene_heading", text)
                continue
            if kind == "scene_heading":
                last_cue = ""
                if self.omits and self.rng.random() < self.omits:
                    self._omitted(shift)
            if self.kind in ("play", "play_colon"):
                self._play(items, index, kind, text)
            else:
                if kind == "character":
                    name = text.partition(" (")[0]
                    if self.continued and name == last_cue and "CONT" not in text.upper():
                        text = f"{text} {self.continued}"
                    last_cue = name
                following = items[index + 1][0] if index + 1 < len(items) else ""
                self._film(kind, text, shift, following)
            on_page = len(page.lines) - started
            ends = (
                items[index + 1][0] in ("scene_heading", "action", "character", "transition")
                if index + 1 < len(items)
                else False
            )
            split = page.speaking and kind == "dialogue" and self.rng.random() < 0.3
            if (
                self.furniture
                and on_page > self.page_lines
                and (ends or split)
                and kind not in ("character", "parenthetical")
            ):
                self._page_break(last_cue if split and not ends else "", shift)
                started = len(page.lines)
                shift = self.rng.randint(-min(self.shift, self.left), self.shift) if self.shift else 0
        return page

    def _put(self, text: str, column: int, width: int, state: int, *, hang: int = 0, rest: int | None = None) -> None:
        """Wrap and add a block; in the middle of a speech or paragraph the page may end."""
        rng = self.rng
        page = self.page
        if self.two_spaces:
            text = text.replace(". ", ".  ").replace("? ", "?  ")
        lines: list[str] = []
        for part in text.split("\n"):
            lines += textwrap.wrap(part, max(12, width), subsequent_indent=" " * hang, break_long_words=False) or [""]
        within = inside_brackets(lines) if state == DIALOGUE else set()
        for index, line in enumerate(lines):
            if index and self.apart:
                page.blank(1)
            here = PARENTHETICAL if index in within else state if not index or rest is None else rest
            page.add(" " * max(0, column) + line, here)
            middle = 1 < index < len(lines) - 2 and state in (ACTION, DIALOGUE)
            if middle and self.furniture and self.breaks and rng.random() < 0.02:
                self._page_break("", 0, more=False)

    def _film(self, kind: str, text: str, shift: int, following: str) -> None:
        rng = self.rng
        page = self.page
        match kind:
            case "scene_heading":
                page.blank(self.before_heading)
                self._heading(text, shift)
                page.blank(self.after_heading)
                self.fresh = True
            case "action":
                self._space(self.after_speech if page.speaking else self.before_action)
                if self.capital_action:
                    text = text.upper()
                if self.numbered_action:
                    text = f"{self.scene + len(page.lines)}   {text}"
                self._put(text, self.left + shift, self.action_width, ACTION)
            case "centered":
                self._space(max(1, self.before_action))
                page.add(" " * (self.left + max(0, (min(self.action_width, 60) - len(text)) // 2)) + text, ACTION)
                page.blank(1)
            case "shot":
                self._space(max(1, self.before_action))
                text = (
                    f"{self.scene}   {text}   {self.scene}" if self.numbers == "both" and rng.random() < 0.3 else text
                )
                self._put(text, self.left + shift, self.action_width, SHOT)
                page.blank(1)
            case "character":
                self._space(self.before_cue)
                column = self.cue + rng.randint(-self.cue_jitter, self.cue_jitter) + shift
                if self.centred_cues:
                    column = self.dialogue + max(0, (self.dialogue_width - len(text)) // 2) + shift
                if self.odd_case == "title" and self.kind == "film":
                    text = text.title()
                page.add(" " * column + text, CHARACTER)
                page.blank(self.after_cue + self.apart)
            case "parenthetical":
                if self.after_cue:
                    self._space(1)
                text = text if text.startswith("(") else f"({text})"
                if self.bare_hints:
                    text = text.strip("()")
                text = text.upper() if self.capital_hints else text
                self._put(text, self.parenthetical + shift, self.parenthetical_width, PARENTHETICAL, hang=self.hanging)
                page.blank(max(self.apart, self.after_cue))
            case "dialogue":
                self._put(text, self.dialogue + shift, self.dialogue_width, DIALOGUE)
            case "transition":
                self._space(1)
                right = self.left + self.action_width - len(text)
                columns = {"right": right, "left": self.left, "cue": self.cue, "column": self.transition_column}
                column = columns[self.transition]
                if text.startswith(("FADE IN", "OVER")):
                    column = self.left
                page.add(" " * max(0, column + shift) + text, TRANSITION)
                if self.before_heading == 0 or following != "scene_heading":
                    page.blank(1)

    def _space(self, count: int) -> None:
        if self.page.lines and self.page.states[-1] != BLANK:
            self.page.blank(max(count, 0) + (self.apart if count else 0))

    def _heading(self, text: str, shift: int) -> None:
        rng = self.rng
        self.scene += 1
        label = f"{self.scene}{rng.choice(['', '', '', '', 'A', 'B'])}"
        if rng.random() < 0.05:
            label = f"{rng.choice('AB')}{self.scene}"
        column = self.left + shift
        if self.numbers == "left":
            room = max(len(label) + 1, rng.choice([3, 5, 7]))
            head = label.ljust(room) + text
            self.page.add(" " * max(0, column - (room if rng.random() < 0.5 else 0)) + head, HEADING)
        elif self.numbers == "both":
            head = label.ljust(max(len(label) + 1, rng.choice([4, 5, 6, 7]))) + text
            self.page.add(" " * max(0, column - 5) + head.ljust(max(len(head) + 2, 66)) + label, HEADING)
        elif self.numbers == "close":
            self.page.add(" " * column + f"{label} {text} {label}", HEADING)
        elif self.numbers == "apart":
            self.page.add(" " * (column + rng.choice([0, 15])) + f"{label} {label}", HEADING)
            self.page.blank(rng.choice([0, 1]))
            self.page.add(" " * (column + 1) + text, HEADING)
        else:
            self._put(text, column, self.action_width, HEADING)

    def _omitted(self, shift: int) -> None:
        self.scene += 1
        word = self.rng.choice(["OMITTED", "OMITTED", "OMIT", "SCENE OMITTED"])
        self.page.blank(self.before_heading)
        tail = str(self.scene) if self.rng.random() < 0.6 else ""
        self.page.add((" " * (self.left + shift) + f"{self.scene}".ljust(5) + word).ljust(66) + tail, HEADING)
        self.page.blank(self.after_heading)

    def _title(self, items: list[Item], index: int) -> None:
        """One line of the title page: in the middle, or under its key."""
        page, rng = self.page, self.rng
        text = items[index][1]
        if not index:
            self.labels = rng.choice(["all", "low", "low", "none"])
            self.ragged = rng.random() < 0.15
            """The lines stand anywhere, and not in the middle."""
            page.blank(rng.choice([0, 0, 1, 4, 12]))
        key, colon, value = text.partition(":")
        labelled = bool(colon) and len(key) < 20 and key[:1].isupper()
        low = key.strip().lower() not in ("title", "credit", "author")
        if labelled and (self.labels == "none" or (self.labels == "low" and not low)):
            text, labelled = value.strip(), False
        for line in textwrap.wrap(text, 1000 if labelled else 60, break_long_words=False):
            column = 0 if labelled or self.kind == "flat" or self.ragged else max(0, (60 - len(line)) // 2)
            if self.ragged and rng.random() < 0.5:
                column = rng.choice([0, 8, 14, 20, 26])
            page.add(" " * (self.left + column) + line, TITLE_PAGE)
        page.blank(rng.choice([0, 0, 0, 1]) if labelled else rng.choice([0, 1, 1, 2, 4]))

    def _page_break(self, cue: str, shift: int, *, more: bool = True) -> None:
        """End a page and begin the next; `cue` is who goes on speaking, where somebody does."""
        rng = self.rng
        page = self.page
        self.number += 1
        left = max(0, self.left + shift)
        if cue and self.more and more:
            page.add(" " * (self.cue + shift) + rng.choice(["(MORE)", "(MORE)", "(more)", "MORE)"]), FURNITURE)
        if self.bottom and self.breaks:
            page.blank(rng.choice([0, 1, 2]))
            page.add(" " * rng.choice([left + 40, left + 45, left]) + self.bottom, FURNITURE)
        page.blank(self.around_number)
        number = self.page_number.format(n=self.number, m=self.number + 2)
        head = " " * self.head_column + self.head_text
        if self.head == "before" or (self.head == "with" and rng.random() < 0.05):
            page.add(head, FURNITURE)
            page.blank(rng.choice([0, 1]))
        if self.head == "with":
            page.add(head.ljust(self.page_column) + rng.choice([" ", "   "]) + number, FURNITURE)
        elif rng.random() < 0.95:
            page.add(" " * max(0, self.page_column + rng.choice([0, 0, 1, -1])) + number, FURNITURE)
        if self.head == "after":
            page.blank(rng.choice([0, 1]))
            page.add(head, FURNITURE)
        page.blank(self.around_number)
        if self.top and self.breaks:
            times = rng.choice(["", "", " (2)", " (3)"])
            label = {"both": f"{self.scene}   ", "close": f"{self.scene} "}.get(self.numbers, "")
            line = f"{label}{self.top}{times}"
            if self.numbers == "both":
                line = line.ljust(66) + str(self.scene)
            elif self.numbers == "close":
                line += f" {self.scene}"
            page.add(" " * max(0, left - (5 if self.numbers == "both" else 0)) + line, FURNITURE)
            page.blank(rng.choice([1, 1, 0]))
        if cue and more and rng.random() < 0.8:
            # The same speaker goes on under a repeated cue.
            page.add(" " * (self.cue + shift) + f"{cue} {self.continued or '(CONT' + chr(39) + 'D)'}", CHARACTER)

    def _play(self, items: list[Item], index: int, kind: str, text: str) -> None:
        """Plays: the cue on the line of the speech, or alone with a colon; directions in brackets."""
        page = self.page
        width = self.play_width if self.kind == "play" else self.wide
        left, right = self.brackets
        if self.slanted:
            left, right = f"{left}_", f"_{right}"
        match kind:
            case "scene_heading":
                self._space(2)
                page.add(" " * (0 if self.left < 6 else 25) + text, HEADING)
                page.blank(1)
            case "action":
                self._space(1)
                if self.before_heading > 1 and len(text) < 400:
                    text = f"{left}{text}{right}"
                self._put(text, 0 if self.left < 8 else 8, width, ACTION)
            case "character":
                self._space(1 if self.before_cue or self.kind == "play_colon" else 0)
                name = text.partition(" (")[0]
                self.spoken = name.title() if self.cue_case == "title" else name.upper()
                self.waiting = True
                if self.kind == "play_colon":
                    page.add(f"{self.spoken}{self.own_mark}", CHARACTER)
                    page.blank(self.after_cue)
                    self.waiting = False
            case "parenthetical" if not self.waiting:
                self._put(f"{left}{text.strip('()')}{right}", 0, width, PARENTHETICAL)
            case "parenthetical" | "dialogue":
                if kind == "parenthetical":
                    text = f"{left}{text.strip('()')}{right}"
                if self.waiting:
                    # A direction before the first word stands on the cue's line, with the speech after it.
                    if kind == "parenthetical" and index + 1 < len(items) and items[index + 1][0] == "dialogue":
                        self.spoken = f"{self.spoken} {text}" if self.cue_mark != ".--" else self.spoken
                        return
                    self.waiting = False
                    cue = f"_{self.spoken}{self.cue_mark}_" if self.slanted else f"{self.spoken}{self.cue_mark}"
                    text = f"{cue}{self.cue_gap}{text}"
                    hang = 4 if self.hanging and "\n" not in text else 0
                    self._put(text, 0, width, CUE_AND_SPEECH, hang=hang, rest=DIALOGUE)
                else:
                    self._put(text, 0 if not self.hanging else 4, width, DIALOGUE)
            case _:
                self._space(1)
                page.add(text, _STATE[kind])
