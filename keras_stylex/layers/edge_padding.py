"""Padding that looks like more of the picture."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_stylex")
class EdgePadding2D(keras.layers.Layer):
    """Repeats the outermost rows and columns.

    Zeros around a picture, or around its features, would paint a frame around it. Made
    of slices, because delegates do not take symmetric padding in int8.

    Args:
        size: Integer, how many rows or columns to add on each side: 1, 2, 4, 8, ...
            Defaults to 1.

    Call arguments:
        inputs: `(batch, height, width, channels)` pictures or features.

    Returns: `(batch, height + 2 * size, width + 2 * size, channels)`.
    """

    def __init__(self, size=1, **kwargs):
        super().__init__(**kwargs)
        self.size = size
        self.built = True  # it has no weights

    def call(self, inputs):
        first, last = inputs[:, :1], inputs[:, -1:]
        x = ops.concatenate([self._repeat(first, 1), inputs, self._repeat(last, 1)], 1)
        first, last = x[:, :, :1], x[:, :, -1:]
        return ops.concatenate([self._repeat(first, 2), x, self._repeat(last, 2)], 2)

    def _repeat(self, x, axis):
        """Doubles `x` until it has the size: delegates join few tensors at a time."""
        for _ in range(self.size.bit_length() - 1):
            x = ops.concatenate([x, x], axis)
        return x

    def get_config(self):
        return {**super().get_config(), "size": self.size}


def trim_edges(inputs, size, like):
    """Cuts out what lay inside of `EdgePadding2D(size)`: height and width of `like`."""
    height, width = ops.shape(like)[1:3]
    return inputs[:, size : size + height, size : size + width]
