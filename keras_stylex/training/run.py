"""A training run and its folder."""

import zipfile
from pathlib import Path

import keras
import tensorflow as tf

from keras_stylex.data import SkippedFiles
from keras_stylex.errors import InputError, full_disk, unwritable
from keras_stylex.models import Generator
from keras_stylex.training.checkpoints import Checkpoints
from keras_stylex.training.durable_file import durable_file, remove_partial_files
from keras_stylex.training.run_config import RunConfig
from keras_stylex.training.run_lock import RunLock
from keras_stylex.training.run_training import RunTraining
from keras_stylex.training.strategies import is_chief


class Run:
    """A folder that holds a training run.

    Attributes:
        folder: Path of the folder.
        config_file: All options, JSON.
        generator_file: The averaged generator: what others load.
        checkpoints: `Checkpoints`: what the run resumes from.
        best: Folder of the best of them, a run itself; see `RunSaver`.
        evaluation_file: Figures of the last evaluation, JSON.
        log_file: The terms of every epoch, CSV.
        samples: Folder of sample grids.
        tensorboard: Folder of TensorBoard logs.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self.config_file = self.folder / "run.json"
        self.generator_file = self.folder / "generator.keras"
        self.checkpoints = Checkpoints(self.folder / "checkpoints")
        self.best = self.folder / "best"
        self.evaluation_file = self.folder / "evaluation.json"
        self.log_file = self.folder / "log.csv"
        self.samples = self.folder / "samples"
        self.tensorboard = self.folder / "tensorboard"
        self.skipped = SkippedFiles()

    @property
    def exists(self):
        """Whether the folder holds a run, trained or not."""
        return self.config_file.is_file() or self.generator_file.is_file()

    @property
    def config(self):
        """The options the run was started or last resumed with."""
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
            InputError: when it already holds a run, another process is training in it,
                or it cannot be written.
        """
        if not is_chief(config.strategy):
            return  # the chief makes it
        if self.generator_file.exists() or self.checkpoints.files:
            raise InputError(
                f"{self.folder}: already holds a run. Continue it with `keras-stylex "
                f"train --resume --out {self.folder}`, or choose another folder."
            )
        with RunLock(self.folder):
            self.write_config(config)

    def resumed(self, minutes=None, **changes):
        """The run's options to go on with.

        Args:
            minutes: Float, how many minutes to train from now on; or `None` for what is
                left of the run's own time.
            **changes: As for `RunConfig.resumed`.

        Raises:
            InputError: as from `RunConfig.resumed`, or all checkpoints are damaged.
        """
        if minutes is not None:
            checkpoint = self.checkpoints.newest()
            seconds = checkpoint.position.seconds if checkpoint else 0.0
            changes["minutes"] = seconds / 60 + minutes
        return self.config.resumed(**changes)

    def write_config(self, config):
        """Writes down the options of the run.

        Raises:
            InputError: when they cannot be written.
        """
        try:
            with durable_file(self.config_file) as partial:
                partial.write_text(config.to_json())
        except OSError as error:
            raise unwritable(self.folder, error) from error

    def train(self, config, console=None, checkpoint_seconds=60.0):
        """Trains from the newest checkpoint, or from the start where there is none.

        Args:
            config: `RunConfig`. One that differs from the run's own replaces it once
                its sources turn out to hold pictures.
            console: `rich.console.Console` for progress, or `None` for standard error.
            checkpoint_seconds: Float, least time between two checkpoints.

        Returns: `StyleTransferGAN`.

        Raises:
            InputError: when a source holds no pictures, no checkpoint can be used,
                another process is training in the folder, or it cannot be written.
            TrainingError: when the training broke, or another worker has gone.
            KeyboardInterrupt: on Ctrl-C in any worker, after everything has been saved.
        """
        training = RunTraining(self, config, console, checkpoint_seconds)
        try:
            return training.train()
        except (OSError, tf.errors.OpError) as error:  # the latter from TensorBoard
            if not full_disk(error):
                raise
            raise unwritable(self.folder, error) from error

    def remove_partial_files(self):
        """Removes what a killed process was writing."""
        folders = (self.folder, self.best, self.samples)
        kept = (Run(folder).checkpoints.folder for folder in folders[:2])
        remove_partial_files([*folders, *kept, *self.tensorboard.glob("*")])


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
