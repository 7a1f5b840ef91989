"""Doubles a feature map and fits it to the finer one it meets."""

import keras
from keras import ops


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
        self.built = True  # it has no weights, nor does its part
        self.double.built = True

    def build(self, inputs_shape, like_shape):
        pass

    def call(self, inputs, like):
        return crop_like(self.double(inputs), like)

    def compute_output_shape(self, inputs_shape, like_shape):
        return (*like_shape[:3], inputs_shape[-1])


def crop_like(inputs, like):
    """Cuts `inputs` down to the height and width of `like`, from the top left."""
    height, width = ops.shape(like)[1:3]
    if inputs.shape[1] == height and inputs.shape[2] == width:
        return inputs
    return inputs[:, :height, :width]
