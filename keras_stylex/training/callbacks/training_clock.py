"""How many steps a training has taken, and how much time."""

import time

import keras


class TrainingClock(keras.callbacks.Callback):
    """Counts steps and seconds, those of earlier starts included.

    Steps are batches: an optimizer that scales losses leaves out some of its own. The
    time starts after the first step, so that building the graph does not count.

    Args:
        step: Integer, steps taken before.
        seconds: Float, time trained before.
    """

    def __init__(self, step=0, seconds=0.0):
        super().__init__()
        self.step = step
        self.earlier_seconds = seconds
        self.start = None

    @property
    def seconds(self):
        """Seconds trained, of all starts together."""
        if self.start is None:
            return self.earlier_seconds
        return self.earlier_seconds + time.monotonic() - self.start

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        self.start = self.start or time.monotonic()
