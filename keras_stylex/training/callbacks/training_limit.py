"""When training has had enough."""

import keras


class TrainingLimit(keras.callbacks.Callback):
    """Stops training after so many steps or minutes, earlier starts included.

    Args:
        clock: `TrainingClock`, called before this.
        steps: Integer, or `None` for no limit.
        minutes: Float, or `None` for no limit.
    """

    def __init__(self, clock, steps=None, minutes=None):
        super().__init__()
        self.clock = clock
        self.steps = steps
        self.seconds = None if minutes is None else 60 * minutes

    @property
    def reached(self):
        """Whether there is nothing left to do."""
        if self.steps is not None and self.clock.step >= self.steps:
            return True
        return self.seconds is not None and self.clock.seconds >= self.seconds

    def on_train_batch_end(self, batch, logs=None):
        if self.reached:
            self.model.stop_training = True
