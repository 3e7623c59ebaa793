"""Turns a trained model into the one that ships: weights in 16 bits, and a card that says what it is.

python -m model.shipping FOLDER --machine WORDS [--history WORDS]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from model.checkpoint import Checkpoint, Origin, load, save
from model.records import ScriptRecord

SHIPPED = Path(__file__).parent / "pretrained"
"""Where the model lies that `write` and `train` use unless told otherwise."""
CARD = "README.md"


def ship(source: Path, target: Path = SHIPPED, *, machine: str, history: str = "") -> None:
    """Write a model to `target` in half precision, with its card.

    Args:
        source: Folder of a trained model.
        target: Replaced.
        machine: What it was trained on, in words for the card.
        history: How, and for how long: the commands, of this run and those before it.

    Raises:
        CheckpointError: One can't be read, or the other not written.
    """
    checkpoint = load(source)
    config = checkpoint.config.model_copy(update={"origin": _without_casts(checkpoint.config.origin)})
    text = card(checkpoint, machine=machine, history=history).encode()
    save(
        target,
        config,
        checkpoint.vocabulary,
        checkpoint.network,
        sources=checkpoint.sources,
        half=True,
        besides={CARD: text},
    )


def card(checkpoint: Checkpoint, *, machine: str, history: str = "") -> str:
    """What a model is, what it learned from, how long, and what it is worth: Markdown."""
    return "\n".join(_card(checkpoint, machine, history)) + "\n"


def _card(checkpoint: Checkpoint, machine: str, history: str) -> Iterator[str]:
    config, network = checkpoint.config, checkpoint.config.network
    parameters = sum(values.numel() for values in checkpoint.network.parameters())
    layers = f"{network.layers} LSTM layer{'s' if network.layers > 1 else ''} of width {network.width}"
    yield "# The bundled model\n"
    yield f"A character RNN: {layers}, embeddings of {network.embedding}, {len(checkpoint.vocabulary)} symbols,"
    yield f"{parameters:,} parameters in 16 bits. Made by `python -m model.shipping`; trained on {machine}.\n"
    if history:
        yield f"{history}\n"
    yield "An index of word runs, `copies.safetensors`, keeps it from reciting the screenplays that it learned from. Of"
    yield "the books and plays of the base there is none, so they may be recited where they stuck.\n"
    if config.network.styles:
        yield f"Styles for `write --style`: {', '.join(f'`{name}`' for name in checkpoint.styles)}.\n"
    if config.figures is not None:
        yield f"Bits per letter on its held-out scenes ({config.figures.letters:,} letters): "
        yield f"**{config.figures.bits_per_letter:.2f}**.\n"
        yield "| element | bits per letter | bits each |\n|---|---|---|"
        for kind, spent in config.figures.by_element.items():
            each, letter = spent.bits_each, spent.bits_per_letter
            yield f"| {kind} | {f'{letter:.2f}' if letter else ''} | {f'{each:.1f}' if each else ''} |"
        yield ""
    yield from _learned("Trained", config.elapsed_s, config.steps, config.scripts)
    origin = config.origin
    while origin is not None:
        yield from _learned(f'Before that, as "{origin.name}",', None, None, origin.scripts)
        origin = origin.origin
    yield "Licence of the weights: CC0 1.0, like the screenplays that they were last trained on."


def _learned(when: str, elapsed_s: float | None, steps: int | None, scripts: tuple[ScriptRecord, ...]) -> Iterator[str]:
    time = f" for {elapsed_s / 60:.1f} minutes ({steps:,} steps)" if elapsed_s is not None else ""
    letters = sum(script.letters - script.held_out_letters for script in scripts)
    yield f"{when}{time} on {len(scripts)} texts, {letters:,} letters without what is held out:\n"
    yield "| text | letters | held out | read an epoch | sha256 of its stream |\n|---|---|---|---|---|"
    for script in scripts:
        yield (
            f"| {script.name} | {script.letters:,} | {script.held_out_letters:,} | {script.repeats} "
            f"| `{script.sha256[:16]}` |"
        )
    yield ""


def _without_casts(origin: Origin | None) -> Origin | None:
    """The same history without names of people: only the last training's may be written."""
    if origin is None:
        return None
    scripts = tuple(script.model_copy(update={"cast": ()}) for script in origin.scripts)
    return origin.model_copy(update={"scripts": scripts, "origin": _without_casts(origin.origin)})


def main() -> None:
    """Ship the folder that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--machine", required=True, help="what it was trained on, for the card")
    parser.add_argument("--history", default="", help="how and for how long, for the card")
    options = parser.parse_args()
    ship(options.folder, machine=options.machine, history=options.history)


if __name__ == "__main__":
    main()
