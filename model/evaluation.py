"""What a model is worth, in figures: bits per letter, whole and by element."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from model.errors import CorpusError
from model.figures import Figures, Spent
from model.network import CharRNN
from model.pointer import PointerWeights
from model.pointing import mixed_nats
from model.reading import CHOICE_OF_UNKNOWN_NATS
from model.recollection import READING, Hints
from model.vocabulary import UNKNOWN, Vocabulary
from screenplay.stream import AND, END, EXTENSION, TOKENS, element_of, is_token, letters

_CHUNK = 512
_ROWS = 16
_KINDS = tuple(dict.fromkeys(element_of(token) for token in TOKENS.values()))


@dataclass(frozen=True, slots=True)
class Costs:
    """What a network spends on a stream, (symbols,) of nats each."""

    nats: NDArray[np.float64]
    """On each symbol."""
    endings: NDArray[np.float64]
    """On there being some format token at its place."""


def nats_of(
    network: CharRNN,
    vocabulary: Vocabulary,
    streams: Sequence[str],
    pointer: PointerWeights | None = None,
    style: Tensor | None = None,
    hints: Hints | None = None,
) -> list[NDArray[np.float64]]:
    """What each symbol of each stream costs, in nats, after all that came before it in that stream.

    `style` is a vector for each stream, (streams, embedding), as `CharRNN.styled` gives them; None: without.
    `hints` are those of these streams; None: the network alone. State starts empty at the start symbol and is carried
    to the stream's end; with a pointer, the stage too. Streams are read side by side, longest first, so the cost grows
    with the symbols, not with the longest stream.
    """
    found = costs_of(network, vocabulary, streams, style, hints)
    if pointer is None:
        return [costs.nats for costs in found]
    pairs = zip(streams, found, strict=True)
    return [mixed_nats(stream, costs.nats, costs.endings, pointer, vocabulary) for stream, costs in pairs]


@torch.inference_mode()
def costs_of(
    network: CharRNN,
    vocabulary: Vocabulary,
    streams: Sequence[str],
    style: Tensor | None = None,
    hints: Hints | None = None,
) -> list[Costs]:
    """As `nats_of` without a pointer, and what an ending would have cost."""
    device = network.head.weight.device
    found = [Costs(np.zeros(0), np.zeros(0))] * len(streams)
    tokens = torch.tensor([i for i, c in enumerate(vocabulary.characters) if is_token(c)], device=device)
    order = sorted((i for i, stream in enumerate(streams) if stream), key=lambda i: -len(streams[i]))
    for group in (order[i : i + _ROWS] for i in range(0, len(order), _ROWS)):
        rows = [vocabulary.encode(END + streams[i]).astype(np.int64) for i in group]
        tables: list[list[NDArray[np.float64]]] = [[] for _ in rows]
        hidden = network.initial_hidden(len(rows))
        for start in range(0, len(rows[0]) - 1, _CHUNK):
            # Longest first: the rows still running are the first ones.
            running = sum(len(row) - 1 > start for row in rows)
            if running < hidden.output.shape[1]:
                hidden = hidden.rows(torch.arange(running, device=device))
            time = min(_CHUNK, len(rows[0]) - 1 - start)
            ids = np.zeros((running, time + 1), np.int64)
            for index, row in enumerate(rows[:running]):
                piece = row[start : start + time + 1]
                ids[index, : len(piece)] = piece
            tensor = torch.from_numpy(ids).to(device)
            logits, hidden = network(
                tensor[:, :-1], hidden, style=style[group[:running]] if style is not None else None
            )
            if hints is not None:
                added = np.zeros(logits.shape, np.float32)
                for index, row in enumerate(rows[:running]):
                    piece = row[start + 1 : start + time + 1]
                    added[index, : len(piece)] = hints.piece(group[index], start, piece.tolist())
                logits = READING.network * logits.float() + torch.from_numpy(added).to(device)
            chances = functional.log_softmax(logits.float(), dim=-1)
            spent = -chances.gather(-1, tensor[:, 1:, None])[..., 0]
            # A vocabulary of nothing but text has no ending, which then costs without bound.
            ending = -chances[..., tokens].logsumexp(dim=-1)
            table = torch.stack([spent, ending]).cpu().double().numpy()
            for index, row in enumerate(rows[:running]):
                tables[index].append(table[:, index, : len(row) - 1 - start])
        for index, i in enumerate(group):
            nats, endings = np.concatenate(tables[index], axis=1)
            nats[rows[index][1:] == vocabulary.unknown_id] += CHOICE_OF_UNKNOWN_NATS
            found[i] = Costs(nats, endings)
    return found


def evaluate(
    network: CharRNN,
    vocabulary: Vocabulary,
    streams: Sequence[str],
    pointer: PointerWeights | None = None,
    style: Tensor | None = None,
    hints: Hints | None = None,
) -> Figures:
    """Measure a network, and a pointer, on held-out streams. Sums nats and letters over all, and divides once.

    `style` and `hints` as for `nats_of`.

    Raises:
        CorpusError: The streams have no letters.
    """
    tables = {kind: [0.0, 0, 0, 0] for kind in _KINDS}
    unknown = 0
    for stream, costs in zip(streams, nats_of(network, vocabulary, streams, pointer, style, hints), strict=True):
        unknown += sum(c == UNKNOWN or c not in vocabulary for c in stream)
        kinds, is_opener, is_letter = _parts(stream)
        size = len(_KINDS)
        columns = (
            np.bincount(kinds, costs, size),
            np.bincount(kinds, minlength=size),
            np.bincount(kinds[is_letter], minlength=size),
            np.bincount(kinds[is_opener], minlength=size),
        )
        for index, kind in enumerate(_KINDS):
            tables[kind] = [sum_ + column[index] for sum_, column in zip(tables[kind], columns, strict=True)]
    by_element = {
        kind: Spent(nats=float(nats), symbols=int(symbols), letters=int(letters), count=int(count))
        for kind, (nats, symbols, letters, count) in tables.items()
        if symbols
    }
    letters = sum(spent.letters for spent in by_element.values())
    if not letters:
        raise CorpusError("there are no letters to measure a model on", expected="a stream with some text")
    return Figures(
        nats=sum(spent.nats for spent in by_element.values()),
        letters=letters,
        symbols=sum(spent.symbols for spent in by_element.values()),
        unknown=unknown,
        by_element=by_element,
    )


def _parts(stream: str) -> tuple[NDArray[np.intp], NDArray[np.bool_], NDArray[np.bool_]]:
    """For each symbol: the index in `_KINDS` of its element, whether it opens one, whether it is a letter."""
    alphabet, places = np.unique(np.frombuffer(stream.encode("utf-32-le", "surrogatepass"), "<u4"), return_inverse=True)
    symbols = [chr(code) for code in alphabet]
    is_marker = np.array([is_token(symbol) for symbol in symbols], np.bool_)[places]
    kind_of = np.array([_KINDS.index(element_of(s)) if is_token(s) else 0 for s in symbols], np.intp)[places]
    # Text belongs to the token before it; what stands before the first one, to that one.
    last = np.maximum.accumulate(np.where(is_marker, np.arange(len(stream)), 0))
    kinds = kind_of[last]
    is_opener = is_marker & np.array([symbol not in (AND, EXTENSION) for symbol in symbols], np.bool_)[places]
    is_text = np.array([letters(symbol) > 0 for symbol in symbols], np.bool_)[places]
    return kinds, is_opener, is_text & (kinds != _KINDS.index("cast"))
