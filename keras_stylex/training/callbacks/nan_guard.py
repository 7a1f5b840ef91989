"""Stops a training that broke, and says what broke first."""

import keras

from keras_stylex.errors import TrainingError

SHOWN = 3  # names in a message


class NaNGuard(keras.callbacks.Callback):
    """Stops when a term or a gradient is infinite or not a number.

    The step that broke is remembered within the graph; it is looked up every so many
    steps and at the end of each epoch, so that devices need not wait for it. It should
    come last: once all others are done, it raises.

    Args:
        every_steps: Integer. Defaults to 20.

    Raises:
        TrainingError: at the end of a training that broke.
    """

    def __init__(self, every_steps=20):
        super().__init__()
        self.every_steps = every_steps

    def on_train_begin(self, logs=None):
        self.step = 0
        self.first = int(self.model.generator_optimizer.iterations.numpy())
        self.model.health.reset()

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        if self.step % self.every_steps == 0:
            self._look()

    def on_epoch_end(self, epoch, logs=None):
        self._look()

    def on_train_end(self, logs=None):
        failure = self.model.health.failure()
        if failure:
            raise TrainingError(_message(self.first + failure.step, failure.names))

    def _look(self):
        if self.model.health.failure():
            self.model.stop_training = True


def _message(step, names):
    others = len(names) - SHOWN
    what = ", ".join(names[:SHOWN]) + (f" and {others} more" if others > 0 else "")
    return (
        f"step {step} broke the training: first not a number: {what}. What was saved "
        "before is kept. Resume from it with lower --generator-rate and "
        "--discriminator-rate, or with --clip-norm."
    )
