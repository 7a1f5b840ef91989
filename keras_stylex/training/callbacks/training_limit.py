"""When training has had enough."""

import time

import keras


class TrainingLimit(keras.callbacks.Callback):
    """Stops training after so many steps in all, or so many minutes from now.

    The clock starts after the first step, so that building the graph does not count.

    Args:
        steps: Integer, or `None` for no limit.
        minutes: Float, or `None` for no limit.
    """

    def __init__(self, steps=None, minutes=None):
        super().__init__()
        self.steps = steps
        self.seconds = None if minutes is None else 60 * minutes
        self.start = None

    def on_train_begin(self, logs=None):
        self.step = int(self.model.generator_optimizer.iterations)

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        self.start = self.start or time.monotonic()
        if self.steps is not None and self.step >= self.steps:
            self.model.stop_training = True
        if self.seconds is not None and time.monotonic() - self.start >= self.seconds:
            self.model.stop_training = True
