"""When a run is saved, and what is known of it then."""

import time
from pathlib import Path

import keras

from keras_stylex.training.position import Position, distance


class Checkpoint(keras.callbacks.Callback):
    """Saves a run every now and then, and at its end.

    Must come last: what is saved is what the other callbacks leave.

    Args:
        save: `save(model, position, distance)`, with a `Position` and the `distance` of
            the epoch that has just ended, or `None` within an epoch. Returns the least
            distance so far.
        clock: `TrainingClock`.
        log_file: Path of the run's log.
        epoch_steps: Integer, steps of an epoch.
        best: Float, least distance of earlier starts, or `None`.
        every_seconds: Float, least time between two saves. Defaults to 60.
    """

    def __init__(
        self,
        save,
        clock,
        log_file,
        epoch_steps,
        best=None,
        every_seconds=60.0,
    ):
        super().__init__()
        self.save_run = save
        self.clock = clock
        self.log_file = Path(log_file)
        self.epoch_steps = epoch_steps
        self.best = best
        self.every_seconds = every_seconds
        self.last = time.monotonic()
        self.saved_step = None

    def on_epoch_begin(self, epoch, logs=None):
        self.distance = None
        self._measure_log()

    def on_train_batch_end(self, batch, logs=None):
        # At the end of an epoch its line in the log is still to come.
        if not (self._epoch_is_whole or self.model.stop_training):
            self._save_if_due()

    def on_epoch_end(self, epoch, logs=None):
        if self._epoch_is_whole:
            self.distance = distance(logs, self.model.term_weights)
            self._measure_log()
            self._save_if_due()

    def on_train_end(self, logs=None):
        if self.saved_step != self.clock.step:
            self.save()

    def save(self):
        """Saves the run now."""
        position = Position(
            step=self.clock.step,
            seconds=self.clock.seconds,
            epoch_steps=self.epoch_steps,
            log_bytes=self.log_bytes,
            best=self.best,
        )
        self.best = self.save_run(self.model, position, self.distance)
        self.saved_step = self.clock.step
        self.last = time.monotonic()

    @property
    def _epoch_is_whole(self):
        return self.clock.step % self.epoch_steps == 0

    def _save_if_due(self):
        if time.monotonic() - self.last >= self.every_seconds:
            self.save()

    def _measure_log(self):
        """Notes where the log of whole epochs ends; what follows is written again."""
        exists = self.log_file.exists()
        self.log_bytes = self.log_file.stat().st_size if exists else 0
