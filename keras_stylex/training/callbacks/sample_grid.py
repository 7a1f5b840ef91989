"""Pictures of what has been learned so far."""

from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from keras_stylex.data.images import write_image
from keras_stylex.data.picture_grid import picture_grid


class SampleGrid(keras.callbacks.Callback):
    """Paints the same pictures after every epoch, as a PNG and for TensorBoard.

    It also paints them at the start, unless an earlier start has left some.

    Columns are pictures; the rows are content, style reference, result.

    Args:
        content: `(count, height, width, 3)` pictures, [0, 1].
        style: `(count, height, width, 3)` references, [0, 1].
        folder: Path, where to write `step_000500.png` and the like.
        log_dir: Path of TensorBoard logs, or `None` for none.
        every_epochs: Integer, how often. Defaults to 1.
    """

    def __init__(self, content, style, folder, log_dir=None, every_epochs=1):
        super().__init__()
        self.content = np.asarray(content)
        self.style = np.asarray(style)
        self.folder = Path(folder)
        self.every_epochs = every_epochs
        self.writer = tf.summary.create_file_writer(str(log_dir)) if log_dir else None

    def on_train_begin(self, logs=None):
        if not any(self.folder.glob("step_*.png")):
            self._paint()

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self.every_epochs == 0:
            self._paint()

    def on_train_end(self, logs=None):
        if self.writer:
            self.writer.close()

    def _paint(self):
        step = int(np.asarray(self.model.generator_optimizer.iterations))
        stylized = np.asarray(self.model([self.content, self.style]))
        grid = picture_grid([self.content, self.style, stylized])
        self.folder.mkdir(parents=True, exist_ok=True)
        write_image(self.folder / f"step_{step:06d}.png", grid)
        if self.writer:
            with self.writer.as_default():
                tf.summary.image("content, style, result", grid[None], step=step)
            self.writer.flush()
