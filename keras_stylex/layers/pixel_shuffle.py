"""Rearranges channels into pixels, without a checkerboard."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_stylex")
class PixelShuffle(keras.layers.Layer):
    """Turns blocks of channels into blocks of pixels (depth to space).

    After [Shi et al., 2016](https://arxiv.org/abs/1609.05158).

    Args:
        block_size: Integer, side of a block of pixels. Defaults to 2.

    Call arguments:
        inputs: `(batch, height, width, channels * block_size**2)`.

    Returns: `(batch, height * block_size, width * block_size, channels)`.
    """

    def __init__(self, block_size=2, **kwargs):
        super().__init__(**kwargs)
        self.block_size = block_size
        self.built = True  # it has no weights

    def call(self, inputs):
        if hasattr(ops, "depth_to_space"):  # Keras 3.14 and later: one op on device
            return ops.depth_to_space(inputs, self.block_size)
        size = self.block_size
        batch, height, width, channels = ops.shape(inputs)
        x = ops.reshape(inputs, (batch, height, width, size, size, -1))
        x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
        return ops.reshape(x, (batch, height * size, width * size, channels // size**2))

    def get_config(self):
        return {**super().get_config(), "block_size": self.block_size}


@keras.saving.register_keras_serializable(package="keras_stylex")
class NoCheckerboard(keras.constraints.Constraint):
    """Keeps a kernel before a `PixelShuffle` from painting a grid on flat features.

    Where features are flat, a pixel is the sum of its kernel's taps times the
    features; the sums are made equal for all pixels of a block. What tells the pixels
    of a block apart, namely how features change around them, is left free. An adversary
    otherwise drives a generator to make its texture from such grids.

    Args:
        block_size: Integer, side of a block of pixels. Defaults to 2.
    """

    def __init__(self, block_size=2):
        self.block_size = block_size

    def __call__(self, w):
        pixels = self.block_size**2
        taps = ops.reshape(w, (-1, *self._inputs(w), pixels, w.shape[-1] // pixels))
        response = ops.sum(taps, axis=0, keepdims=True)
        excess = response - ops.mean(response, axis=-2, keepdims=True)
        return ops.reshape(taps - excess / taps.shape[0], w.shape)

    @staticmethod
    def _inputs(w):
        """The input channels of a kernel; a bias has none."""
        return w.shape[-2:-1]

    def get_config(self):
        return {"block_size": self.block_size}
