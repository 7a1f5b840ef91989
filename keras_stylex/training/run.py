"""A training run and its folder."""

import os
import zipfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from keras_stylex.data import SkippedFiles, load_pictures, unpaired_dataset
from keras_stylex.errors import InputError, full_disk, unwritable
from keras_stylex.models import Discriminator, Generator
from keras_stylex.training.callbacks import (
    Checkpoint,
    EarlyWarning,
    SampleGrid,
    TrainingLimit,
    TrainingProgress,
)
from keras_stylex.training.run_config import RunConfig
from keras_stylex.training.style_transfer_gan import StyleTransferGAN

SAMPLE_COUNT = 8  # pictures on a sample grid
MANY_EPOCHS = 1_000_000


class Run:
    """A folder that holds a training run.

    Attributes:
        folder: Path of the folder.
        config_file: All options, JSON.
        generator_file: The averaged generator: what others load.
        checkpoint_file: The whole model with its optimizers: what a run resumes from.
        log_file: The terms of every epoch, CSV.
        samples: Folder of sample grids.
        tensorboard: Folder of TensorBoard logs.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self.config_file = self.folder / "run.json"
        self.generator_file = self.folder / "generator.keras"
        self.checkpoint_file = self.folder / "checkpoint.keras"
        self.log_file = self.folder / "log.csv"
        self.samples = self.folder / "samples"
        self.tensorboard = self.folder / "tensorboard"
        self.skipped = SkippedFiles()

    @property
    def config(self):
        """The options the run was started with."""
        return RunConfig.read(self.config_file)

    @property
    def steps(self):
        """About how many steps were trained, by the log: whole epochs, rounded up."""
        config, log = self.config, ""
        if self.log_file.exists():
            log = self.log_file.read_text(errors="replace")
        logged = [line.partition(",")[0] for line in log.splitlines()]
        logged = [int(epoch) for epoch in logged if epoch.isdecimal()]
        if not logged:
            return 0
        # The last epoch's number: a resumed run may count epochs of another length.
        steps = (logged[-1] + 1) * config.epoch_steps
        return steps if config.steps is None else min(steps, config.steps)

    def load_generator(self):
        """The averaged generator of the run.

        Raises:
            InputError: when the folder holds none, or a damaged one.
        """
        if not self.generator_file.is_file():
            raise InputError(
                f"{self.folder}: is no run: it has no {self.generator_file.name}. "
                "Give the folder that `keras-stylex train --out` wrote."
            )
        advice = "copy it again, or train again"
        return _load(self.generator_file, Generator, advice, compile=False)

    def create(self, config):
        """Makes the folder of a new run.

        One that has trained nothing yet may be started again, with other options.

        Raises:
            InputError: when it already holds a run, or cannot be written.
        """
        if self.checkpoint_file.exists() or self.generator_file.exists():
            raise InputError(
                f"{self.folder}: already holds a run. Continue it with `keras-stylex "
                f"train --resume --out {self.folder}`, or choose another folder."
            )
        self._write_config(config)

    def _write_config(self, config):
        partial = self.config_file.with_name(".partial-run.json")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                partial.write_text(config.to_json())
                os.replace(partial, self.config_file)
            finally:
                partial.unlink(missing_ok=True)
        except OSError as error:
            raise unwritable(self.folder, error) from error

    def train(self, config, console=None):
        """Trains from the checkpoint, or from the start where there is none.

        Args:
            config: `RunConfig`. One that differs from the run's own replaces it once
                its sources turn out to hold pictures.
            console: `rich.console.Console` for progress, or `None` for standard error.

        Returns: `StyleTransferGAN`.

        Raises:
            InputError: when a source holds no pictures, the checkpoint is damaged, or
                the folder cannot be written.
            KeyboardInterrupt: after everything has been saved.
        """
        keras.utils.set_random_seed(config.seed)
        keras.config.set_dtype_policy(config.precision)
        model = self._load_or_make(config)
        step = int(model.generator_optimizer.iterations)
        if config.steps is not None and step >= config.steps:
            return model  # `fit` would take one step more
        try:
            self._fit(model, config, step, console)
        except (OSError, tf.errors.OpError) as error:  # the latter from TensorBoard
            if not full_disk(error):
                raise
            raise unwritable(self.folder, error) from error
        return model

    def _fit(self, model, config, step, console):
        progress = TrainingProgress(
            config.batch_size, config.steps, config.minutes, console
        )
        checkpoint = Checkpoint(self.checkpoint_file, self.generator_file)
        callbacks = keras.callbacks.CallbackList(
            [progress, *self._callbacks(config), checkpoint],
            add_history=True,
            model=model,
        )
        dataset = self._dataset(config)
        self._write_config(config)
        try:
            model.fit(
                dataset,
                steps_per_epoch=config.epoch_steps,
                initial_epoch=step // config.epoch_steps,
                epochs=MANY_EPOCHS,  # TrainingLimit ends it
                callbacks=callbacks,
                shuffle=False,  # the data set is shuffled
                verbose=0,
            )
        except KeyboardInterrupt:
            callbacks.on_train_end()  # `fit` has not: saves, and closes files
            raise
        finally:
            progress.on_train_end()  # gives the terminal its cursor back

    def _dataset(self, config):
        return unpaired_dataset(
            config.content,
            config.style,
            config.image_size,
            config.batch_size,
            seed=config.seed,
            cache=config.cache,
            repeat=True,
            skipped=self.skipped,
        )

    def _load_or_make(self, config):
        if self.checkpoint_file.exists():
            advice = "delete it to begin this run from its start"
            model = _load(self.checkpoint_file, StyleTransferGAN, advice)
            model.loss_weights = config.loss_weights
            model.generator_optimizer.learning_rate = config.generator_rate
            model.discriminator_optimizer.learning_rate = config.discriminator_rate
            return model
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

    def _callbacks(self, config):
        content, style = (
            self._samples(source, config.image_size)
            for source in (config.content, config.style)
        )
        return [
            EarlyWarning(content, style),
            keras.callbacks.CSVLogger(str(self.log_file), append=True),
            keras.callbacks.TensorBoard(str(self.tensorboard), write_graph=False),
            SampleGrid(content, style, self.samples, self.tensorboard / "samples"),
            keras.callbacks.TerminateOnNaN(),
            TrainingLimit(config.steps, config.minutes),
        ]

    def _samples(self, source, image_size):
        """`SAMPLE_COUNT` pictures; those of a small source repeat."""
        pictures = load_pictures(source, SAMPLE_COUNT, image_size, skipped=self.skipped)
        return np.resize(pictures, (SAMPLE_COUNT, *pictures.shape[1:]))


def _load(path, kind, advice, **options):
    """Loads a `.keras` file that holds a `kind`; what goes wrong names the file."""
    try:
        if not zipfile.is_zipfile(path):
            raise ValueError("it is not a whole .keras file")
        model = keras.saving.load_model(path, **options)
        if not isinstance(model, kind):
            raise ValueError(f"it holds a {type(model).__name__}")
    except Exception as error:  # Keras raises anything at all on damaged files
        reason = " ".join(str(error).split())[:200]
        raise InputError(
            f"{path}: cannot be loaded as a {kind.__name__} ({reason}); {advice}"
        ) from error
    return model
