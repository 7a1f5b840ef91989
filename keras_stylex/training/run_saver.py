"""Writes what a run's folder keeps of a training."""

import math
import shutil
import warnings
from dataclasses import replace

from keras_stylex.errors import InputError, unwritable
from keras_stylex.training.checkpoints import KEPT, Checkpoints, CheckpointWarning
from keras_stylex.training.durable_file import durable_file, link_durably, sync_file
from keras_stylex.training.training_state import (
    is_finite,
    state_arrays,
    state_variables,
)

NOT_FINITE = (
    "some weights are not numbers at step {}: not saved. Resume from the checkpoint "
    "before, with lower learning rates."
)


class RunSaver:
    """Writes checkpoints and the averaged generator of a run, and keeps the best.

    The best is the one of least `distance` among those taken at the end of an epoch. It
    is kept in `best/`, which is the folder of a run itself.

    Args:
        run: `Run`.
        config: `RunConfig`.
    """

    def __init__(self, run, config):
        self.run = run
        self.config = config

    def __call__(self, model, position, distance):
        """Saves; or does not, when a weight is not a number.

        Args:
            model: `StyleTransferGAN`.
            position: `Position`.
            distance: Float or `None`, see `keras_stylex.training.position`.

        Returns: the least distance so far, or `None`.

        Raises:
            InputError: when a file cannot be written; older ones stay.
        """
        arrays = state_arrays(model)
        if not is_finite(arrays):
            warnings.warn(NOT_FINITE.format(position.step), CheckpointWarning, 2)
            return position.best
        least = math.inf if position.best is None else position.best
        is_best = distance is not None and distance < least
        if is_best:
            position = replace(position, best=distance)
        file = self._write(model, arrays, position)
        if is_best:
            self._keep_best(file)
        return position.best

    def check_room(self, model):
        """Tries whether the folder can be written, and whether its disk has the room.

        Raises:
            InputError: when not.
        """
        size = sum(array.nbytes for array in state_arrays(model).values())
        # One is written aside, one is the best; the generator is smaller than one.
        new = KEPT + 3 - len(self.run.checkpoints.files)
        probe = self.run.folder / ".partial-probe"
        try:
            probe.write_bytes(bytes(size))
            free = shutil.disk_usage(self.run.folder).free
        except OSError as error:
            raise unwritable(self.run.folder, error) from error
        finally:
            probe.unlink(missing_ok=True)
        if free < (max(new, 1) - 1) * size:
            raise InputError(
                f"{self.run.folder}: too little space for checkpoints of "
                f"{size / 1e6:.0f} MB each ({free / 1e6:.0f} MB are free); free some "
                "space first"
            )

    def _write(self, model, arrays, position):
        generator, folder = self.run.generator_file, self.run.checkpoints.folder
        paths = {name: each.path for name, each in state_variables(model).items()}
        try:
            # First: a run whose last checkpoint is there is done.
            with durable_file(generator) as partial:
                model.averaged_generator.save(partial)
        except OSError as error:
            raise unwritable(generator, error) from error
        try:
            if self.run.log_file.exists():
                sync_file(self.run.log_file)
            return self.run.checkpoints.write(arrays, paths, position, self.config)
        except OSError as error:
            raise unwritable(folder, error) from error

    def _keep_best(self, checkpoint):
        best = self.run.best
        own = best / checkpoint.relative_to(self.run.folder)
        try:
            for file in (checkpoint, self.run.generator_file, self.run.config_file):
                link_durably(file, best / file.relative_to(self.run.folder))
            for file in Checkpoints(own.parent).files:
                if file != own:
                    file.unlink()
        except OSError as error:
            raise unwritable(best, error) from error
