"""Padding that does not darken the border."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_stylex")
class EdgePadding2D(keras.layers.Layer):
    """Repeats the outermost row or column once on each side.

    Zeros around a picture's features would paint a frame around the picture. Made of
    slices, because delegates do not take symmetric padding in int8.

    Call arguments:
        inputs: `(batch, height, width, channels)` features, any value range.

    Returns: `(batch, height + 2, width + 2, channels)`.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.built = True  # it has no weights

    def call(self, inputs):
        x = ops.concatenate([inputs[:, :1], inputs, inputs[:, -1:]], axis=1)
        return ops.concatenate([x[:, :, :1], x, x[:, :, -1:]], axis=2)
