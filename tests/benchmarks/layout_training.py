"""Learn the weights of the layout reader: type scripts out, spoil them, and fit a conditional random field.

    python tests/benchmarks/layout_training.py --corpora corpora --minutes 12

writes `screenplay/readers/layout_weights.json`. `--corpora` may be given several times: folders that are searched for
`.fountain` files (plays and screenplays with exact structure) and for `prose/*.txt` (a paragraph a line).

Source: Lafferty, McCallum and Pereira 2001 (the model); Kingma and Ba 2015 (the optimiser).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).parent))

from layout_faults import Faults, spoil
from layout_page import BLANK
from layout_pages import Typist
from layout_scripts import Film, Item, Prose, from_screenplay

from screenplay.errors import ReadWarning
from screenplay.readers import fountain
from screenplay.readers import layout_model as model
from screenplay.readers import layout_templates as templates
from screenplay.readers.layout_features import Columns, Facts, facts
from screenplay.readers.layout_lines import Ints, cut, measure
from screenplay.readers.layout_states import LEGAL, STATES

S = len(STATES)
STRETCH = 128
"""How many lines are learned from in one piece."""
Floats = npt.NDArray[np.float32]
KINDS = ("film",) * 9 + ("flat",) * 3 + ("narrow",) * 2 + ("levelled",) * 2 + ("play",) * 4 + ("play_colon",) * 2
DEFAULT_OUT = Path(__file__).parents[2] / "screenplay/readers/layout_weights.json"


@dataclass(slots=True)
class Example:
    """One page or script with the right state of each filled line."""

    facts: Facts
    gold: Ints
    was: Ints | None = None
    """What the first pass took the lines for."""


def legal(gold: Ints) -> bool:
    """Whether the grammar of lines allows this sequence."""
    return bool(LEGAL[gold[:-1], gold[1:]].all())


def _is_place(kind: str, text: str) -> bool:
    return kind == "scene_heading" and text.upper().startswith(("INT", "EXT"))


class Press:
    """Makes examples without end from the texts of some folders."""

    def __init__(self, folders: list[Path], seed: int) -> None:
        self.rng = random.Random(seed)
        fountains = sorted(path for folder in folders for path in folder.rglob("*.fountain"))
        texts = sorted(path for folder in folders for path in folder.rglob("prose/*.txt"))
        self.rng.shuffle(texts)
        self.prose = Prose(texts[:24], self.rng)
        warnings.simplefilter("ignore", ReadWarning)
        scripts = [from_screenplay(fountain.read(path.read_text(encoding="utf-8"))) for path in fountains]
        self.plays = [items for items in scripts if sum(kind == "character" for kind, _ in items) > 5]
        self.films = [items for items in self.plays if sum(_is_place(*item) for item in items) > 8]

    def example(self) -> Example | None:
        """One example, or None where the spoiling went too far."""
        rng = self.rng
        kind = rng.choice(KINDS)
        items = self._items(kind)
        page = spoil(Typist(rng, kind).type(items), Faults.draw(rng), rng)
        lines, states = page.lines, page.states
        if rng.random() < 0.6:
            size = rng.choice([8, 15, 25, 40, 120, 380, 380, 380])
            start = rng.randrange(max(1, len(lines) - size))
            lines, states = lines[start : start + size], states[start : start + size]
        measured = measure(list(cut("\n".join(lines) + "\n")[0]))
        gold = np.array([state for state in states if state != BLANK], np.int32)
        numbered = np.array(states, np.int32)[measured.number]
        if len(measured) != len(gold) or not len(gold) or (numbered == BLANK).any() or not legal(gold):
            return None
        return Example(facts(measured), gold)

    def _items(self, kind: str) -> list[Item]:
        rng = self.rng
        play = kind.startswith("play")
        draw = rng.random()
        if draw < (0.2 if play else 0.6):
            return Film(self.prose, rng).write(rng.choice([1, 3, 8, 16]))
        whole = rng.choice(self.films if not play and self.films and draw < 0.9 else self.plays)
        size = rng.choice([20, 60, 150, 300, 500])
        start = 0 if rng.random() < 0.2 else rng.randrange(max(1, len(whole) - size))
        items = whole[start : start + size]
        while items and items[0][0] in ("dialogue", "parenthetical"):
            items = items[1:]
        return items or self._items(kind)

    def examples(self, lines: int) -> list[Example]:
        """As many as have this many filled lines together."""
        made: list[Example] = []
        while lines > 0:
            one = self.example()
            if one is not None:
                made.append(one)
                lines -= len(one.gold)
        return made


@dataclass(slots=True)
class Batch:
    """Examples of similar length, side by side; rows past an example's end are masked."""

    columns: Columns
    kinds: Ints
    """(lines,) step kinds."""
    gold: Ints
    place: tuple[npt.NDArray[np.int_], npt.NDArray[np.int_]]
    """(time, example) of each line."""
    shape: tuple[int, int]


def batches(examples: list[Example], size: int, second: bool, rng: random.Random) -> list[Batch]:
    """Features are made for whole examples; these are then cut into stretches, which a batch holds side by side."""
    stretches: list[tuple[Columns, Ints, Ints]] = []
    for one in examples:
        was = one.was if second else None
        columns = {name: (width, values) for name, width, values in templates.columns(one.facts, was)}
        kinds = templates.step_kinds(one.facts, was)
        for start in range(0, len(one.gold), STRETCH):
            cut_ = slice(start, start + STRETCH)
            part = {name: (width, column[cut_]) for name, (width, column) in columns.items()}
            stretches.append((part, kinds[cut_], one.gold[cut_]))
    rng.shuffle(stretches)
    out: list[Batch] = []
    group: list[tuple[Columns, Ints, Ints]] = []
    lines = 0
    for stretch in stretches:
        group.append(stretch)
        lines += len(stretch[2])
        if lines >= size:
            out.append(_join(group))
            group, lines = [], 0
    return out


def _join(group: list[tuple[Columns, Ints, Ints]]) -> Batch:
    names = group[0][0]
    columns = {
        name: (names[name][0], np.concatenate([one[0][name][1] for one in group]).astype(np.int32)) for name in names
    }
    lengths = [len(one[2]) for one in group]
    time_ = np.concatenate([np.arange(length) for length in lengths])
    which = np.repeat(np.arange(len(group)), lengths)
    kinds, gold = (np.concatenate([one[at] for one in group]) for at in (1, 2))
    return Batch(columns, kinds, gold, (time_, which), (max(lengths), len(group)))


def loss_and_marginals(scores: Floats, steps: Floats, batch: Batch) -> tuple[float, Floats, Floats]:
    """Negative log-likelihood, (lines, S) marginals, and (step kinds, S, S) expected steps."""
    longest, count = batch.shape
    emit = np.zeros((longest, count, S), np.float32)
    top = scores.max(axis=1, keepdims=True)
    emit[batch.place] = np.exp(scores - top)
    mask = np.zeros((longest, count), np.bool_)
    mask[batch.place] = True
    kinds = np.zeros((longest, count), np.int32)
    kinds[batch.place] = batch.kinds
    psi = np.exp(np.maximum(steps, -60.0)) * LEGAL[None]
    alpha = np.zeros((longest, count, S), np.float32)
    scale = np.ones((longest, count), np.float32)
    now = emit[0] / S
    scale[0] = now.sum(axis=1)
    alpha[0] = now / scale[0][:, None]
    for t in range(1, longest):
        now = np.matmul(alpha[t - 1][:, None, :], psi[kinds[t]])[:, 0] * emit[t]
        total = now.sum(axis=1)
        live = mask[t]
        scale[t] = np.where(live, total, 1.0)
        alpha[t] = np.where(live[:, None], now / np.maximum(total, 1e-30)[:, None], alpha[t - 1])
    beta = np.ones((longest, count, S), np.float32)
    paired = np.zeros((longest, count, S, S), np.float32)
    for t in range(longest - 1, 0, -1):
        live = mask[t]
        ahead = np.where(live[:, None], emit[t] * beta[t] / scale[t][:, None], 0.0)
        table = psi[kinds[t]]
        paired[t] = alpha[t - 1][:, :, None] * table * ahead[:, None, :]
        beta[t - 1] = np.where(live[:, None], np.matmul(table, ahead[:, :, None])[:, :, 0], 1.0)
    marginal = (alpha * beta)[batch.place]
    later = batch.place[0] > 0
    flat = paired[batch.place][later].reshape(-1, S * S)
    expected = np.zeros((len(steps), S * S), np.float32)
    kind = batch.kinds[later]
    order = np.argsort(kind, kind="stable")
    starts = np.flatnonzero(np.diff(kind[order], prepend=-1))
    expected[kind[order][starts]] = np.add.reduceat(flat[order], starts, axis=0)
    gold = batch.gold
    before = gold[:-1][later[1:]]
    after = gold[1:][later[1:]]
    logz = float(np.log(scale).sum()) + float(top.sum()) + count * float(np.log(S))
    score = float(scores[np.arange(len(gold)), gold].sum()) + float(steps[kind, before, after].sum())
    np.subtract.at(expected.reshape(-1, S, S), (kind, before, after), 1.0)
    return logz - score, marginal, expected.reshape(-1, S, S)


class Adam:
    """Adam with weight decay, over a dictionary of arrays."""

    def __init__(self, values: dict[str, Floats], decay: float) -> None:
        self.values = values
        self.decay = decay
        self.mean = {name: np.zeros_like(value) for name, value in values.items()}
        self.square = {name: np.zeros_like(value) for name, value in values.items()}
        self.count = 0

    def step(self, gradients: dict[str, Floats], rate: float) -> None:
        """One step downhill."""
        self.count += 1
        first, second = 1 - 0.9**self.count, 1 - 0.99**self.count
        for name, gradient in gradients.items():
            mean, square, value = self.mean[name], self.square[name], self.values[name]
            mean *= 0.9
            mean += 0.1 * gradient
            square *= 0.99
            square += 0.01 * gradient * gradient
            value -= rate * ((mean / first) / (np.sqrt(square / second) + 1e-6) + self.decay * value)


def fit(
    train: Iterator[list[Batch]],
    seconds: float,
    rate: float,
    decay: float,
    drop: float,
    rng: random.Random,
    start: dict[str, Floats] | None = None,
) -> dict[str, Floats]:
    """Fit one pass for a time; `train` gives ever new examples.

    Whole features are left out at random, so that no line hangs on one of them alone: real pages differ from made ones.
    """
    values = dict(start or {})
    adam: Adam | None = None
    begun = shown = time.process_time()
    spent_elsewhere = 0.0
    seen, lost = 0, 0.0
    while True:
        paused = time.process_time()
        made = next(train)
        spent_elsewhere += time.process_time() - paused
        for batch in made:
            if adam is None:
                for name, (size, _) in batch.columns.items():
                    values.setdefault(name, np.zeros((size, S), np.float32))
                values.setdefault("steps", np.zeros((templates.STEP_KINDS, S, S), np.float32))
                adam = Adam(values, decay)
            spent = (time.process_time() - begun - spent_elsewhere) / seconds
            if spent >= 1:
                return values
            used = {name: column for name, column in batch.columns.items() if rng.random() >= drop}
            boost = np.float32(len(batch.columns) / max(1, len(used)))
            scores = np.zeros((len(batch.gold), S), np.float32)
            for name, (_, column) in used.items():
                scores += values[name][column]
            loss, delta, steps = loss_and_marginals(scores * boost, values["steps"], batch)
            delta[np.arange(len(batch.gold)), batch.gold] -= 1.0
            scale = boost / np.float32(len(batch.gold))
            gradients: dict[str, Floats] = {"steps": steps / np.float32(len(batch.gold))}
            states = np.arange(S)
            for name, (size, column) in used.items():
                index = (column[:, None] * S + states).reshape(-1)
                gradients[name] = (
                    (np.bincount(index, delta.reshape(-1), size * S) * scale).reshape(size, S).astype(np.float32)
                )
            adam.step(gradients, rate * (1 - spent))
            seen += len(batch.gold)
            lost += loss
            if time.process_time() - shown > 30:
                print(
                    f"  {spent:4.0%}  {lost / seen:.4f} nats a line over {seen} lines",
                    flush=True,
                )
                seen, lost, shown = 0, 0.0, time.process_time()


def weights_of(values: dict[str, Floats]) -> model.Weights:
    """In the shape that the reader uses."""
    steps = np.where(LEGAL[None], values["steps"], np.float32(model.FORBIDDEN)).astype(np.float32)
    return model.Weights({name: value for name, value in values.items() if name != "steps"}, steps)


def guess(example: Example, weights: model.Weights, was: Ints | None) -> Ints:
    """One pass over one example."""
    columns = templates.columns(example.facts, was)
    return model.best_path(
        model.emissions(columns, weights, len(example.gold)),
        templates.step_kinds(example.facts, was),
        weights.steps,
    )


def save(passes: list[dict[str, Floats]], out: Path) -> None:
    """Write the data file."""
    data = {
        "command": "python tests/benchmarks/layout_training.py",
        "states": list(STATES),
        "passes": [
            {
                "steps": model.pack(np.where(LEGAL[None], one["steps"], 0).astype(np.float32)),
                "rows": {name: model.pack(value) for name, value in one.items() if name != "steps"},
            }
            for one in passes
        ],
    }
    out.write_text(json.dumps(data, indent=0) + "\n", encoding="utf-8")
    print(f"{out}: {out.stat().st_size} bytes", flush=True)


def saved(path: Path) -> tuple[dict[str, Floats], ...]:
    """What an earlier training wrote."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return tuple(
        {name: model.unpack(packed) for name, packed in one["rows"].items()} | {"steps": model.unpack(one["steps"])}
        for one in data["passes"]
    )


def main() -> None:
    """Make data, fit both passes, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, action="append", required=True)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--lines", type=int, default=200_000, help="filled lines made at a time")
    parser.add_argument("--rounds", type=int, default=4, help="how often each is learned from")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=0.05)
    parser.add_argument("--decay", type=float, default=1e-3)
    parser.add_argument(
        "--drop",
        type=float,
        default=0.1,
        help="share of features left out at each step",
    )
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT)
    options = parser.parse_args()
    press = Press(options.corpora, options.seed)
    passes: list[dict[str, Floats]] = []
    starts = saved(options.start) if options.start else ({}, {})
    rng = random.Random(options.seed)
    for second in (False, True):
        first = weights_of(passes[0]) if second else None

        def make(lines: int, first: model.Weights | None = first) -> list[Example]:
            examples = press.examples(lines)
            if first is not None:
                for one in examples:
                    one.was = guess(one, first, None)
            return examples

        def rounds(second: bool = second) -> Iterator[list[Batch]]:
            while True:
                made = batches(make(options.lines), 8_000, second, rng)
                for _ in range(options.rounds):
                    rng.shuffle(made)
                    yield made

        print(f"pass {1 + second}", flush=True)
        values = fit(rounds(), options.minutes * 30, options.rate, options.decay, options.drop, rng, starts[second])
        passes.append(values)
        held = make(30_000)
        weights = weights_of(values)
        right = sum(int((guess(one, weights, one.was) == one.gold).sum()) for one in held)
        share = right / sum(len(one.gold) for one in held)
        print(f"pass {1 + second}: {share:.4f} of unseen made lines", flush=True)
    save(passes, options.out)


if __name__ == "__main__":
    main()
