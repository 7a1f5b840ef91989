"""The first epoch of a training that goes on within an epoch."""

import keras

from keras_stylex.training.training_state import restore_metrics


class ResumedEpoch(keras.callbacks.Callback):
    """Gives the first epoch the steps that it lacks, and the means it had so far.

    Must come after every callback that may stop the training.

    Args:
        steps_left: Integer, steps of the first epoch.
        arrays: dict with the means that the epoch had, see `state_arrays`.
    """

    def __init__(self, steps_left, arrays):
        super().__init__()
        self.steps_left = steps_left
        self.arrays = arrays
        self.stopped = False

    def on_epoch_begin(self, epoch, logs=None):
        if self.steps_left and self.arrays:
            restore_metrics(self.model, self.arrays)

    def on_train_batch_end(self, batch, logs=None):
        self.steps_left -= 1
        if self.steps_left == 0 and not self.model.stop_training:
            self.model.stop_training = self.stopped = True

    def on_epoch_end(self, epoch, logs=None):
        if self.stopped:  # the epoch, not the training
            self.model.stop_training = self.stopped = False
        self.arrays = None
