"""Trains in a run's folder: from its newest checkpoint, or from the start."""

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
    ResumedEpoch,
    SampleGrid,
    StopSignal,
    TrainingClock,
    TrainingLimit,
    TrainingProgress,
)
from keras_stylex.training.position import Position
from keras_stylex.training.rewind import rewind_events, rewind_log, rewind_samples
from keras_stylex.training.run_saver import RunSaver
from keras_stylex.training.style_transfer_gan import StyleTransferGAN

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

    def train(self):
        """Trains to the end, or until Ctrl-C; see `Run.train`."""
        keras.utils.set_random_seed(self.config.seed)
        keras.config.set_dtype_policy(self.config.precision)
        self.checkpoint = self._newest()
        self.position = self.checkpoint.position if self.checkpoint else Position()
        self.clock = TrainingClock(self.position.step, self.position.seconds)
        model = self._make()
        if self.checkpoint:
            self.checkpoint.restore(model)
        limit = TrainingLimit(self.clock, self.config.steps, self.config.minutes)
        if limit.reached:  # `fit` would take one step more
            self.console.print(f"{NOTHING_LEFT} ({self.position.step} steps)")
        else:
            self._go_on(model, limit)
        return model

    def _go_on(self, model, limit):
        saver = RunSaver(self.run, self.config)
        saver.check_room(model)
        samples, dataset = self._samples(), self._dataset()
        self.run.write_config(self.config)
        self._rewind()
        reports, last = self._reports(samples), self._last_callbacks(saver)
        with StopSignal() as stop:
            self._fit(model, dataset, [*reports, limit, stop, *last])
        if stop.received:
            raise KeyboardInterrupt

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
        )
        adam = keras.optimizers.Adam
        model.compile(
            adam(config.generator_rate, beta_1=0.5, beta_2=0.99),
            adam(config.discriminator_rate, beta_1=0.0, beta_2=0.99),
            loss_weights=config.loss_weights,
            objective=config.objective,
        )
        return model

    def _dataset(self):
        config = self.config
        return unpaired_dataset(
            config.content,
            config.style,
            config.image_size,
            config.batch_size,
            seed=config.seed,
            cache=config.cache,
            repeat=True,
            first_batch=self.position.step,
            skipped=self.run.skipped,
        )

    def _samples(self):
        """`SAMPLE_COUNT` pictures of either source; those of a small one repeat."""
        sources, size = (self.config.content, self.config.style), self.config.image_size
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
            keras.callbacks.TerminateOnNaN(),
        ]

    def _last_callbacks(self, saver):
        """What must see whether another callback stops the training."""
        config, earlier = self.config, self.checkpoint
        weights = config.loss_weights
        best = None
        if earlier and earlier.options["loss_weights"] == weights.to_dict():
            best = earlier.position.best
        save = Checkpoint(
            saver,
            self.clock,
            self.run.log_file,
            config.epoch_steps,
            weights,
            best,
            self.checkpoint_seconds,
        )
        done = self.position.step % config.epoch_steps
        if not done:
            return [save]
        same = self.position.epoch_steps == config.epoch_steps
        arrays = earlier.arrays if same else None
        return [ResumedEpoch(config.epoch_steps - done, arrays), save]
