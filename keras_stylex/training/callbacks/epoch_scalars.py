"""The means of every epoch, for TensorBoard."""

import keras
import tensorflow as tf


class EpochScalars(keras.callbacks.Callback):
    """Writes what an epoch logged, at the step at which it ended.

    What was written is on its way to the disk before the epoch's checkpoint is.

    Args:
        folder: Path of TensorBoard logs.
        clock: `TrainingClock`.
    """

    def __init__(self, folder, clock):
        super().__init__()
        self.clock = clock
        self.writer = tf.summary.create_file_writer(str(folder))

    def on_epoch_end(self, epoch, logs=None):
        with self.writer.as_default():
            for name, value in (logs or {}).items():
                tf.summary.scalar(name, float(value), step=self.clock.step)
        self.writer.flush()

    def on_train_end(self, logs=None):
        self.writer.close()
