"""Keeps what a run needs to go on, and the generator that others load."""

import os
import time
from pathlib import Path

import keras

from keras_stylex.errors import unwritable


class Checkpoint(keras.callbacks.Callback):
    """Saves the model and its averaged generator, never half a file.

    Args:
        model_path: Path ending in `.keras`, for the whole `StyleTransferGAN` with both
            optimizers: what a run resumes from.
        generator_path: Path ending in `.keras`, for the averaged generator alone.
        every_seconds: Float, least time between two saves. Defaults to 60.
    """

    def __init__(self, model_path, generator_path, every_seconds=60.0):
        super().__init__()
        self.model_path = Path(model_path)
        self.generator_path = Path(generator_path)
        self.every_seconds = every_seconds
        self.last = time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        if time.monotonic() - self.last >= self.every_seconds:
            self.save()

    def on_train_end(self, logs=None):
        self.save()

    def save(self):
        """Saves both files now."""
        save_atomically(self.model.averaged_generator, self.generator_path)
        save_atomically(self.model, self.model_path)
        self.last = time.monotonic()


def save_atomically(model, path):
    """Saves a Keras model under a temporary name and renames it when it is whole.

    Raises:
        InputError: when it cannot be written; an older file of that name stays.
    """
    partial = path.with_name(f".partial-{path.name}")
    try:
        model.save(partial)
        os.replace(partial, path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        partial.unlink(missing_ok=True)
