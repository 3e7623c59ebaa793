"""What can go wrong with a model, said so that a person can act on it."""

from __future__ import annotations

from screenplay.errors import LebowskiGenError


class CheckpointError(LebowskiGenError):
    """A checkpoint that can't be loaded, saved or resumed; `source` names the file."""


class CorpusError(LebowskiGenError):
    """Screenplays that can't be learned from: none, or too little of one to hold scenes out."""


class TrainingError(LebowskiGenError):
    """A run that can't go on: the loss is no longer a number."""


class DeviceError(LebowskiGenError):
    """A device that this machine does not have, or what it can't do."""


class UnknownCharacterError(LebowskiGenError):
    """A character that the model's vocabulary doesn't have, where one is needed exactly."""

    def __init__(
        self, character: str, *, model: str, size: int, source: str, line: int, column: int, instead: str | None
    ) -> None:
        self.character = character
        """The character that is missing."""
        self.instead = instead
        """The nearest one that the vocabulary does have, if any."""
        todo = f'Write "{instead}" instead' if instead else "Leave it out, or train on a text that has it"
        super().__init__(
            f'model "{model}" has no token for "{character}" (U+{ord(character):04X})',
            source=source,
            line=line,
            column=column,
            expected=f"one of the {size} characters of its vocabulary",
            todo=todo,
        )


class RequestError(LebowskiGenError):
    """A scene that can't be written as it was asked for."""
