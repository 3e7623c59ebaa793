"""Learns a corpus by truncated BPTT, says how it goes, and keeps the best model and the way to go on."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.utils import clip_grad_norm_

from model.batches import IGNORED, Batches, Tokens
from model.checkpoint import Checkpoint, CheckpointConfig, save
from model.corpus import Corpus
from model.errors import CheckpointError, TrainingError
from model.evaluation import evaluate
from model.events import Done, Evaluated, Event, Progress, Saved, When
from model.figures import Figures
from model.folder import write
from model.kept import read_sources, sources_files
from model.learning import Learner
from model.lengths import usual_shapes
from model.network import CharRNN
from model.optimizer import Optimizer
from model.parallel import World
from model.pointer import PointerWeights
from model.precision import require
from model.recall import Recall
from model.recollection import Hints
from model.run import FOLDER, Run, RunRecord, load_run
from model.schedule import TrainingConfig
from model.shape import NetworkConfig, NetworkShape
from model.sources import Sources
from model.stage import headings_of
from model.storage import remove_folder
from model.vocabulary import Vocabulary

_TOKENS = "tokens-{}.bin"
_REPORT_S = 0.5


def train(
    corpus: Corpus,
    config: TrainingConfig | None,
    directory: str | os.PathLike[str],
    *,
    start: Checkpoint | None = None,
    shape: NetworkShape | None = None,
    resume: bool = False,
    on_disk: bool = False,
    device: torch.device | str = "cpu",
) -> Generator[Event, None, None]:
    """Train a model into a folder; the run goes on as far as its events are asked for.

    The folder has the best model so far from the first evaluation on; before, what it had. Closing the
    iterator, or Ctrl-C inside it, saves the run, to be resumed. A run by steps gives the same weights bit for
    bit whether or not it was killed and resumed, on the same machine with as many threads.

    Args:
        corpus: What is learned, and what is held out. Must be the same when a run is resumed.
        config: How; when a run is resumed, None or the same as at its start.
        directory: The model's folder.
        start: Model to start from. Its vocabulary is extended by what the corpus needs. Of the texts that it recalls,
            `config.mixed` says how much is read beside.
        shape: Of a network from scratch.
        resume: Whether to go on with the run that was under way in `directory`.
        on_disk: Whether ids lie in a file beside the run, for a corpus too large for memory; stored scripts are
            read before the first event, and not again.
        device: Where to compute.

    Raises:
        CheckpointError: The run can't be resumed or saved.
        DeviceError: The device can't learn in the configuration's precision.
        TrainingError: The loss is no longer a number.
    """
    directory = Path(directory)
    if resume:
        if start is not None or shape is not None:
            raise ValueError("a run that is resumed has its network")
        run = load_run(directory)
        _check_same(run.record, corpus, config, directory)
        sources = read_sources(directory, folder=f"{FOLDER}/")
    else:
        if config is None:
            raise ValueError("a new run needs a configuration")
        if start is not None and shape is not None:
            raise ValueError("a run that starts from a model has its shape")
        run = _new_run(corpus, config, start, shape or NetworkShape())
        sources = Sources.of(corpus.streams(guarded=True), free=corpus.streams(guarded=False))
        pointer = PointerWeights.fitted(corpus.learned_streams, prior=start.sources.pointer if start else None)
        habits = usual_shapes(corpus.numbered_streams), headings_of(corpus.numbered_streams)
        recall = Recall.of(corpus.numbered_streams, run.vocabulary)
        sources = replace(sources, pointer=pointer, shapes=habits[0], headings=habits[1], recall=recall)
        sources = sources.merged(start.sources) if start is not None else sources
    place = torch.device(device)
    require(run.record.training.precision, place, source=str(directory))
    return _Trainer(corpus, run, sources, directory, place, on_disk=on_disk).events()


def _check_same(record: RunRecord, corpus: Corpus, config: TrainingConfig | None, directory: Path) -> None:
    """Raise CheckpointError where a run would go on with something else than it began with."""
    if record.scripts != corpus.records:
        old, new = ([script.name for script in scripts] for scripts in (record.scripts, corpus.records))
        changed = [a.name for a, b in zip(record.scripts, corpus.records, strict=False) if a != b and a.name == b.name]
        found = f"{', '.join(changed)} has changed since" if old == new else f"this run learns from {', '.join(old)}"
        raise CheckpointError(
            found, source=str(directory), expected="the same screenplays", todo="Start anew: the same without --resume"
        )
    if config is not None and config != record.training:
        was, asked = record.training.model_dump(), config.model_dump()
        changes = ", ".join(f"{name} {was[name]}, not {asked[name]}" for name in was if was[name] != asked[name])
        raise CheckpointError(
            f"this run has {changes}", source=str(directory), todo="Start anew: the same without --resume"
        )


def _new_run(corpus: Corpus, config: TrainingConfig, start: Checkpoint | None, shape: NetworkShape) -> Run:
    generator = torch.Generator().manual_seed(config.seed)
    styles = len(corpus.scripts) if config.styles else 0
    if start is None:
        vocabulary = corpus.vocabulary()
        network = CharRNN(NetworkConfig.of(shape, len(vocabulary), styles=styles), generator=generator)
    else:
        vocabulary = start.vocabulary.extended(corpus.vocabulary().characters)
        network = start.network.extended(len(vocabulary), styles=styles, generator=generator)
    origin = start.as_origin if start is not None else None
    record = RunRecord(network=network.config, training=config, scripts=corpus.records, origin=origin)
    return Run.new(record, vocabulary, network)


def _tokens(corpus: Corpus, vocabulary: Vocabulary, file: Path | None) -> Tokens:
    if file is None:
        return Tokens.from_streams(corpus.training_streams, vocabulary)
    try:
        return Tokens.mapped(corpus.training_streams, vocabulary, file)
    except OSError as error:
        raise CheckpointError("the ids can't be kept on disk", source=str(file)) from error


class _Meter:
    """What happened since the last report."""

    def __init__(self) -> None:
        self.losses: list[Tensor] = []
        """Of each step, in nats a symbol."""
        self.symbols = 0
        self._began = time.monotonic()

    @property
    def loss_nats(self) -> float:
        """Their mean. Waits for the last step."""
        return float(torch.stack(self.losses).mean()) if self.losses else 0.0

    def seconds(self) -> float:
        return max(1e-9, time.monotonic() - self._began)


class _Trainer:
    """A run under way."""

    def __init__(
        self, corpus: Corpus, run: Run, sources: Sources, directory: Path, device: torch.device, *, on_disk: bool
    ) -> None:
        self._world = world = World.join(device)
        self._held_out, self._sources = corpus.held_out_streams, sources
        self._held_out_numbers = corpus.held_out_numbers
        recall = sources.recall
        self._hints = Hints(recall, self._held_out, run.vocabulary, kept=True) if recall is not None else None
        self._record, self._vocabulary, self._directory, self._device = run.record, run.vocabulary, directory, device
        self._config = config = run.record.training
        self._network = run.network.to(device).train()
        self._optimizer = Optimizer.of(run)
        tokens = _tokens(corpus, run.vocabulary, directory / FOLDER / _TOKENS.format(world.rank) if on_disk else None)
        others = Tokens.of(recall.others) if recall is not None and config.mixed else None
        self._batches = Batches(tokens, config.batch, config.chunk, config.seed, others, config.mixed)
        self._epoch = self._batches.epoch(run.record.epoch)
        self._generator = torch.Generator(device).manual_seed(config.seed)
        # The state of another kind of device has another size, and says nothing here: then chance begins anew.
        if run.chance is not None and run.chance.shape == self._generator.get_state().shape:
            self._generator.set_state(run.chance)
        self._chance = self._generator.get_state()
        # Its state after the last whole step: one that breaks off has drawn from it.
        hidden = run.hidden if run.hidden is not None else run.network.initial_hidden(self._epoch.rows)
        if hidden.output.shape[1] != self._epoch.rows or run.record.position > len(self._epoch):
            raise CheckpointError("this run does not fit its screenplays", source=str(directory / FOLDER))
        self._hidden = hidden.to(device).part(world.rows(self._epoch.rows))
        self._learner = Learner(self._network, world, self._epoch.rows, config, device, corpus.training_numbers)
        self._is_whole = True
        # False while a step changes weights and all that goes with them, and when all is over.
        self._now = self._saved = world.agree(time.monotonic())
        self._began = self._now - run.record.elapsed_s

    def events(self) -> Generator[Event, None, None]:
        try:
            yield from self._run()
        except (KeyboardInterrupt, GeneratorExit):
            # Of several processes none can wait for the others now: what was saved last is what there is.
            if self._is_whole and self._world.size == 1:
                write(self._directory, self._snapshot(self._record).files())
            raise

    def _run(self) -> Iterator[Event]:
        if self._record.step == 0 and self._record.best is None:
            # From now on there is something to resume.
            yield self._save(self._record)
            if self._record.origin is not None:
                # Should nothing be better than what it started from, that is what it keeps.
                yield from self._evaluate()
        meter = _Meter()
        while True:
            self._tick()
            is_due = math.floor(self._fraction() * self._config.evaluations) > self._record.evaluated
            if meter.losses and (is_due or meter.seconds() >= _REPORT_S):
                self._heed(meter.loss_nats)
                yield self._progress(meter)
                meter = _Meter()
            if is_due:
                yield from self._evaluate()
                meter = _Meter()
            elif self._now - self._saved >= self._config.save_interval_s:
                self._heed(meter.loss_nats)
                yield self._save(self._record)
                meter = _Meter()
            if self._is_over():
                break
            self._step(meter)
        yield self._finish()

    def _is_over(self) -> bool:
        return self._record.evaluated >= self._config.evaluations or self._is_early()

    def _is_early(self) -> bool:
        return self._config.patience is not None and self._record.since_best >= self._config.patience

    def _tick(self) -> None:
        """Look at the clock: all processes at that of the leading one, so that they decide alike."""
        self._now = self._world.agree(time.monotonic())

    def _elapsed_s(self) -> float:
        return self._now - self._began

    def _fraction(self) -> float:
        return self._config.fraction(self._record.step, self._elapsed_s())

    def _when(self) -> When:
        elapsed_s, fraction = self._elapsed_s(), self._fraction()
        left_s = elapsed_s / fraction - elapsed_s if fraction > 0 else None
        return {"step": self._record.step, "elapsed_s": elapsed_s, "left_s": left_s}

    def _progress(self, meter: _Meter) -> Progress:
        return Progress(
            **self._when(),
            loss_nats=meter.loss_nats,
            symbols_per_s=meter.symbols / meter.seconds(),
            learning_rate=self._config.learning_rate_at(self._fraction()),
        )

    def _step(self, meter: _Meter) -> None:
        """Learn from one batch."""
        config, record = self._config, self._record
        epoch, position = record.epoch, record.position
        if position == len(self._epoch):
            epoch, position = epoch + 1, 0
            self._epoch = self._batches.epoch(epoch)
        batch = self._epoch[position]
        loss, hidden = self._learner.learn(batch, self._hidden, self._generator)
        if loss.device.type == "cpu":
            self._heed(float(loss))
        clip_grad_norm_(self._network.parameters(), config.clip)
        rate = config.learning_rate_at(self._fraction())
        self._is_whole = False
        self._optimizer.step(rate)
        self._hidden, self._chance = hidden, self._generator.get_state()
        self._record = record.model_copy(update={"step": record.step + 1, "epoch": epoch, "position": position + 1})
        self._is_whole = True
        meter.losses.append(loss)
        meter.symbols += int((batch.targets != IGNORED).sum())

    def _heed(self, loss_nats: float) -> None:
        """Stop where nothing more can be learned. On a GPU, one sees it only when the loss is looked at."""
        if not math.isfinite(loss_nats):
            raise TrainingError(
                f"the loss is no longer a number after {self._record.step} steps",
                source=str(self._directory),
                todo=f"Lower the learning rate, now {self._config.learning_rate:g}",
            )

    def _evaluate(self) -> Iterator[Event]:
        """Read the held-out scenes, and keep the model if it is the best so far."""
        figures = self._world.agree(self._figures() if self._world.leads else None)
        assert figures is not None
        self._tick()
        record = self._record
        if not math.isfinite(figures.nats):
            raise TrainingError(
                f"the weights are no longer numbers after {record.step} steps",
                source=str(self._directory),
                todo=f"Lower the learning rate, now {self._config.learning_rate:g}",
            )
        is_best = record.best is None or figures.bits_per_letter < record.best.bits_per_letter
        update: dict[str, object] = {"evaluated": math.floor(self._fraction() * self._config.evaluations)}
        if is_best:
            update |= {"best": figures, "best_step": record.step, "since_best": 0}
        else:
            update["since_best"] = record.since_best + 1
        record = record.model_copy(update=update)
        saved = self._save(record, is_best=is_best)
        # Only now, so that a run that breaks off above evaluates again.
        self._record = record
        yield Evaluated(**self._when(), figures=figures, is_best=is_best)
        yield saved

    @torch.no_grad()
    def _figures(self) -> Figures:
        style = self._network.styled(self._held_out_numbers)
        return evaluate(self._network, self._vocabulary, self._held_out, self._sources.pointer, style, self._hints)

    def _snapshot(self, record: RunRecord) -> Run:
        """The run between two steps."""
        record = record.model_copy(update={"elapsed_s": self._elapsed_s()})
        if record.step == 0:
            return Run.new(record, self._vocabulary, self._network)
        means, squares = self._optimizer.past()
        hidden = self._world.gathered(self._hidden)
        return Run(record, self._vocabulary, self._network, means, squares, hidden, self._chance)

    def _save(self, record: RunRecord, *, is_best: bool = False) -> Saved:
        """Write the run down; the model too, if it is the best so far."""
        self._tick()
        run = self._snapshot(record)
        if self._world.leads:
            self._write(run, is_best=is_best)
        self._saved = self._now
        return Saved(**self._when())

    def _write(self, run: Run, *, is_best: bool) -> None:
        record = run.record
        if is_best:
            config = CheckpointConfig(
                network=record.network,
                training=record.training,
                scripts=record.scripts,
                origin=record.origin,
                steps=record.step,
                elapsed_s=record.elapsed_s,
                figures=record.best,
            )
            save(self._directory, config, self._vocabulary, self._network, sources=self._sources, besides=run.files())
        else:
            # What does not change in a run is written once, before its first step.
            once = sources_files(self._sources, self._vocabulary, folder=f"{FOLDER}/") if record.step == 0 else {}
            write(self._directory, run.files() | once)

    def _finish(self) -> Done:
        """Take away what only a resumption needs."""
        assert self._record.best is not None
        # Not everywhere can a file be removed that is still mapped.
        del self._epoch, self._batches
        self._tick()
        try:
            if self._world.leads:
                remove_folder(self._directory, FOLDER)
        except OSError as error:
            raise CheckpointError("this can't be removed", source=str(self._directory / FOLDER)) from error
        self._is_whole = False
        self._world.leave()
        return Done(**self._when(), best=self._record.best, best_step=self._record.best_step, is_early=self._is_early())
