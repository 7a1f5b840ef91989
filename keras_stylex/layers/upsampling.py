"""Doubles a feature map and fits it to the finer one it meets."""

import keras
from keras import ops

from keras_stylex.layers.pixel_shuffle import PixelShuffle


@keras.saving.register_keras_serializable(package="keras_stylex")
class Upsampling2D(keras.layers.Layer):
    """Doubles height and width bilinearly, then crops to the size of another map.

    The crop is what lets a network with strided convolutions take pictures of any
    size: an odd side of 25 is halved to 13, doubled to 26 and cropped to 25. Bilinear
    resizing is a single op that CPU and GPU delegates take; nearest is not.

    Call arguments:
        inputs: `(batch, height, width, channels)` features.
        like: `(batch, 2 * height or one less, 2 * width or one less, ...)`, the map
            whose height and width to take.

    Returns: the doubled features, with the height and width of `like`.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.double = keras.layers.UpSampling2D(
            2, interpolation="bilinear", dtype=self.dtype_policy
        )
        self.shuffle = PixelShuffle(2, dtype=self.dtype_policy)
        self.built = True  # it has no weights, nor do its parts
        self.double.built = True

    def build(self, inputs_shape, like_shape):
        pass

    def call(self, inputs, like):
        if all(isinstance(side, int) for side in ops.shape(inputs)[1:3]):
            return crop_like(self.double(inputs), like)
        # 2026-11: Keras 3.15 cannot resize in a graph that takes any size.
        return crop_like(self._double_any_size(inputs), like)

    def _double_any_size(self, inputs):
        """What `double` computes, out of slices, sums and a shuffle."""
        x = ops.cast(inputs, "float32")  # resizing, too, rounds once
        up, down = _halves(x[:, :1], x, x[:, -1:], axis=1)
        parts = []
        for x in (up, down):
            parts += _halves(x[:, :, :1], x, x[:, :, -1:], axis=2)
        return self.shuffle(ops.cast(ops.concatenate(parts, axis=-1), inputs.dtype))

    def compute_output_shape(self, inputs_shape, like_shape):
        return (*like_shape[:3], inputs_shape[-1])


def _halves(first, x, last, axis):
    """Each value moved a quarter of the way to the one before, and to the one after."""
    padded = ops.concatenate([first, x, last], axis=axis)
    if axis == 1:
        before, after = padded[:, :-2], padded[:, 2:]
    else:
        before, after = padded[:, :, :-2], padded[:, :, 2:]
    return [0.75 * x + 0.25 * before, 0.75 * x + 0.25 * after]


def crop_like(inputs, like):
    """Cuts `inputs` down to the height and width of `like`, from the top left."""
    height, width = ops.shape(like)[1:3]
    if inputs.shape[1] == height and inputs.shape[2] == width:
        return inputs
    return inputs[:, :height, :width]
