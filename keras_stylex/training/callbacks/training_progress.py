"""How far the training is, and how long it will take."""

import time
from datetime import timedelta

import keras
import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn


class TrainingProgress(keras.callbacks.Callback):
    """Shows steps done, pictures per second and time left.

    On a terminal it is a bar; elsewhere (a log file) it is a line after each epoch.

    Args:
        batch_size: Integer, pictures per step.
        steps: Integer, steps of the whole training, those of an earlier start
            included; or `None` when `minutes` decides.
        minutes: Float, or `None` when `steps` decides.
        console: `rich.console.Console`, or `None` for standard error.
    """

    def __init__(self, batch_size, steps=None, minutes=None, console=None):
        super().__init__()
        self.batch_size = batch_size
        self.total_steps = steps
        self.seconds = None if minutes is None else 60 * minutes
        self.console = console or Console(stderr=True)
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[state]}"),
            console=self.console,
            disable=not self.console.is_terminal,
        )

    def on_train_begin(self, logs=None):
        iterations = self.model.generator_optimizer.iterations
        self.step = int(np.asarray(iterations))
        self.timed_steps, self.start = 0, None
        self.bar.start()
        self.task = self.bar.add_task("building the graph", total=1, state="")

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        if self.start is None:  # the first step builds the graph: not timed
            self.start = time.monotonic()
            self.bar.update(self.task, description="training")
            return
        self.timed_steps += 1
        self.elapsed = time.monotonic() - self.start
        self.bar.update(self.task, completed=self._share(), state=self._state())

    def on_epoch_end(self, epoch, logs=None):
        if not self.console.is_terminal and self.timed_steps:
            left = self.elapsed * (1 / max(self._share(), 1e-6) - 1)
            left = timedelta(seconds=max(0, round(left)))
            self.console.print(f"training: {self._state()}, {left} left")

    def on_train_end(self, logs=None):
        self.bar.stop()

    def _share(self):
        """The part of this start's work that is done, in [0, 1]."""
        if self.seconds is not None:
            return min(1.0, self.elapsed / self.seconds)
        first = self.step - self.timed_steps
        return self.timed_steps / max(1, self.total_steps - first)

    def _state(self):
        speed = self.timed_steps * self.batch_size / self.elapsed
        goal = "" if self.total_steps is None else f" of {self.total_steps}"
        return f"step {self.step}{goal}, {speed:.1f} pictures/s"
