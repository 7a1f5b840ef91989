"""Trains in a run's folder: from its newest checkpoint, or from the start."""

import contextlib
import json
from dataclasses import asdict

import keras
import numpy as np
from rich.console import Console

from keras_stylex.data import load_pictures, unpaired_dataset
from keras_stylex.errors import InputError
from keras_stylex.models import Discriminator, Generator
from keras_stylex.training.callbacks import (
    Checkpoint,
    EarlyWarning,
    EpochLog,
    EpochScalars,
    NaNGuard,
    ResumedEpoch,
    SampleGrid,
    StopSignal,
    StopTogether,
    TrainingClock,
    TrainingLimit,
    TrainingProgress,
)
from keras_stylex.training.chosen_options import (
    PictureSet,
    choose_options,
    open_options,
    summary,
)
from keras_stylex.training.loss_weights import LossWeights
from keras_stylex.training.position import Position
from keras_stylex.training.rewind import rewind_events, rewind_log, rewind_samples
from keras_stylex.training.run_lock import RunLock
from keras_stylex.training.run_saver import RunSaver
from keras_stylex.training.strategies import (
    check_batch,
    is_chief,
    is_multi_worker,
    make_strategy,
    share_batches,
)
from keras_stylex.training.style_transfer_gan import StyleTransferGAN
from keras_stylex.training.workers import agreeing, check_alike, gather, watching

SAMPLE_COUNT = 8  # pictures on a sample grid
MANY_EPOCHS = 1_000_000
NOTHING_LEFT = "this run is done; give --steps or --minutes to train on"


class RunTraining:
    """One start of a run's training.

    Args:
        run: `Run`.
        config: `RunConfig`, written down once its sources turn out to hold pictures.
        console: `rich.console.Console` for progress, or `None` for standard error.
        checkpoint_seconds: Float, least time between two checkpoints.
    """

    def __init__(self, run, config, console=None, checkpoint_seconds=60.0):
        self.run = run
        self.config = config
        self.console = console or Console(stderr=True)
        self.checkpoint_seconds = checkpoint_seconds
        self.summary = None

    def train(self):
        """Trains to the end, or until Ctrl-C; see `Run.train`."""
        config = self.config
        self.chief = is_chief(config.strategy)
        # First: workers cannot be connected once TensorFlow has done anything.
        self.strategy = make_strategy(
            config.strategy, config.worker_seconds, self.console
        )
        folder = self.run.folder
        with watching(self.strategy, folder), contextlib.ExitStack() as lock:
            with agreeing(self.strategy):
                if self.chief:
                    lock.enter_context(RunLock(folder))
                    self.run.remove_partial_files()
                self._look_up()
            self._choose()
            check_alike(self.strategy, self.config, self.position.step)
            return self._train()

    def _look_up(self):
        """Finds out where the run is."""
        config = self.config
        check_batch(config.batch_size, self.strategy, config.accumulate)
        self.checkpoint = self._newest()
        self.position = self.checkpoint.position if self.checkpoint else Position()
        self.clock = TrainingClock(self.position.step, self.position.seconds)

    def _choose(self):
        """Settles what is left to the data; all workers take what the chief chose."""
        values, config = {}, self.config
        with agreeing(self.strategy):
            if self.chief and open_options(config):
                colors = None in (config.recolor, config.look)
                content = PictureSet.of(config.content)
                style = PictureSet.of(config.style, colors=colors)
                choices = choose_options(config, content, style)
                self.summary = summary(choices, content, style)
                values = {name: choice.value for name, choice in choices.items()}
        first, *_ = map(json.loads, gather(self.strategy, json.dumps(values)))
        chosen = {name: first.get(name) for name in open_options(config)}
        self.config = config.with_changes(**chosen)

    def _train(self):
        keras.utils.set_random_seed(self.config.seed)
        keras.config.set_dtype_policy(self.config.precision)
        with self.strategy.scope():
            model = self._make()
        limit = TrainingLimit(self.clock, self.config.steps, self.config.minutes)
        with agreeing(self.strategy):
            if self.checkpoint:
                self.checkpoint.restore(model)
            training = None if limit.reached else self._prepare(model)
        if training:  # or else `fit` would take one step more
            self._go_on(model, limit, *training)
        else:
            self.console.print(f"{NOTHING_LEFT} ({self.position.step} steps)")
        return model

    def _prepare(self, model):
        """The pictures, callbacks that report, and those that save."""
        reports, save = [], []
        if self.chief:
            saver = RunSaver(self.run, self.config)
            saver.check_room(model)
            reports, save = self._reports(self._samples()), [self._checkpoint(saver)]
        dataset = self._dataset()
        if self.chief:
            self.run.write_config(self.config)
            self._rewind()
        return dataset, reports, save

    def _go_on(self, model, limit, dataset, reports, save):
        if self.summary:
            self.console.print(self.summary, highlight=False, soft_wrap=True)
        with StopSignal() as stop:
            callbacks = [*reports, *self._stops(limit, stop), *self._rest(), *save]
            self._fit(model, dataset, [*callbacks, NaNGuard()])
        # The others wait here, too, until the first has saved.
        if any(gather(self.strategy, "stopped" if stop.received else "")):
            raise KeyboardInterrupt

    def _stops(self, limit, stop):
        """What ends the training; that of all workers, when the chief's time is up."""
        if not is_multi_worker(self.strategy):
            return [limit, stop]
        time_limit = TrainingLimit(self.clock, None, self.config.minutes)
        own = [time_limit, stop] if self.chief else [stop]
        return [*own, StopTogether(), TrainingLimit(self.clock, self.config.steps)]

    def _fit(self, model, dataset, callbacks):
        config, minutes = self.config, self.config.minutes
        if minutes is not None:
            minutes -= self.position.seconds / 60
        progress = TrainingProgress(
            config.batch_size, config.steps, minutes, self.console
        )
        try:
            model.fit(
                dataset,
                steps_per_epoch=config.epoch_steps,
                initial_epoch=self.position.step // config.epoch_steps,
                epochs=MANY_EPOCHS,  # TrainingLimit ends it
                callbacks=[progress, self.clock, *callbacks],
                shuffle=False,  # the data set is shuffled
                verbose=0,
            )
        finally:
            progress.on_train_end()  # gives the terminal its cursor back

    def _newest(self):
        """The checkpoint to go on from, or `None`."""
        checkpoint = self.run.checkpoints.newest()
        if checkpoint:
            checkpoint.check(self.config)
        elif self.run.generator_file.exists():
            raise InputError(
                f"{self.run.checkpoints.folder}: holds no checkpoint to go on from. "
                f"Delete {self.run.generator_file.name} to begin this run from its "
                "start, or choose another folder."
            )
        return checkpoint

    def _rewind(self):
        """Takes the logs back to the end of the last whole epoch."""
        step = self.position.step - self.position.step % self.position.epoch_steps
        rewind_log(self.run.log_file, self.position.log_bytes)
        rewind_samples(self.run.samples, step)
        rewind_events(self.run.tensorboard, step)

    def _make(self):
        config = self.config
        model = StyleTransferGAN(
            Generator.from_preset(config.preset),
            Discriminator(),
            seed=config.seed,
            recolor=config.recolor,
        )
        rates = [
            config.rate_schedule(rate)
            for rate in (config.generator_rate, config.discriminator_rate)
        ]
        model.compile(
            keras.optimizers.Adam(rates[0], beta_1=0.5, beta_2=0.99),
            keras.optimizers.Adam(rates[1], beta_1=0.0, beta_2=0.99),
            loss_weights=config.all_loss_weights,
            objective=config.objective,
            accumulate=config.accumulate,
            clip_norm=config.clip_norm,
        )
        return model

    def _dataset(self):
        config = self.config

        def make_dataset(batch_size, shard):
            return unpaired_dataset(
                config.content,
                config.style,
                config.image_size,
                batch_size,
                load_size=config.load_size,
                seed=config.seed,
                augment="strong" if config.strong_augmentation else True,
                cache=config.cache,
                shard=shard,
                repeat=True,
                first_batch=self.position.step,
                skipped=self.run.skipped,
            )

        return share_batches(self.strategy, make_dataset, config.batch_size)

    def _samples(self):
        """`SAMPLE_COUNT` pictures of either source; those of a small one repeat."""
        sources, size = (self.config.content, self.config.style), self.config.whole_size
        return [
            np.resize(pictures, (SAMPLE_COUNT, *pictures.shape[1:]))
            for pictures in (
                load_pictures(source, SAMPLE_COUNT, size, skipped=self.run.skipped)
                for source in sources
            )
        ]

    def _reports(self, samples):
        content, style = samples
        run = self.run
        return [
            EarlyWarning(content, style),
            EpochLog(run.log_file),
            EpochScalars(run.tensorboard / "train", self.clock),
            SampleGrid(content, style, run.samples, run.tensorboard / "samples"),
        ]

    def _checkpoint(self, saver):
        config, earlier = self.config, self.checkpoint
        alike = earlier and _counts(earlier.options) == _counts(asdict(config))
        best = earlier.position.best if alike else None
        return Checkpoint(
            saver,
            self.clock,
            self.run.log_file,
            config.epoch_steps,
            best,
            self.checkpoint_seconds,
        )

    def _rest(self):
        """What ends the first epoch where one was under way."""
        config = self.config
        done = self.position.step % config.epoch_steps
        if not done:
            return []
        same = self.position.epoch_steps == config.epoch_steps
        arrays = self.checkpoint.arrays if same else None
        return [ResumedEpoch(config.epoch_steps - done, arrays)]


def _counts(options):
    """How much terms count, of the options of a run: then their distances compare."""
    look = options.get("look", "any")  # as before there were looks
    return LossWeights.of_look(look, options["loss_weights"]), options["recolor"]
