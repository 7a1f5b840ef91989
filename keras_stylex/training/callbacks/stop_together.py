"""All workers stop after the same step."""

import keras


class StopTogether(keras.callbacks.Callback):
    """Makes every worker stop where one wants to stop, one step later.

    Must come after the callbacks that stop by what only this worker knows (a clock, a
    signal), and before those that stop by what all know (a number of steps).
    """

    def __init__(self):
        super().__init__()
        self.voted = False

    def on_train_begin(self, logs=None):
        self.voted = False
        self.model.ballot.reset()

    def on_train_batch_end(self, batch, logs=None):
        if self.model.stop_training and not self.voted:
            self.model.ballot.vote()
            self.voted = True
        self.model.stop_training = self.model.ballot.decided
