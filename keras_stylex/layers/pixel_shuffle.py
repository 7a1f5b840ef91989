"""Rearranges channels into pixels, without a checkerboard."""

import keras
import numpy as np
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
    """Keeps a 3x3 kernel before a `PixelShuffle` from painting a grid.

    The kernel makes four pixels of each place, with taps of their own for each. They
    are projected to what doubling the features bilinearly and then convolving them with
    one 3x3 kernel would give: the resize-convolution of
    [Odena et al., 2016](https://doi.org/10.23915/distill.00003), at the cost of a
    convolution at half the size. Without it training makes its texture from grids.

    Biases, of one tap, are made equal for the four.
    """

    def __call__(self, w):
        side = w.shape[0] if len(w.shape) == 4 else 1  # the taps of a bias: one
        taps = ops.reshape(w, (side**2, -1, PIXELS, w.shape[-1] // PIXELS))
        taps = ops.transpose(taps, (0, 2, 1, 3))
        smooth = ops.matmul(
            ops.cast(_projection(side), w.dtype),
            ops.reshape(taps, (side**2 * PIXELS, -1)),
        )
        smooth = ops.transpose(ops.reshape(smooth, taps.shape), (0, 2, 1, 3))
        return ops.reshape(smooth, w.shape)


PIXELS = 4  # of a block


def _projection(side):
    """Onto the columns of `_resize_convolution`, `(side**2 * 4,)` square."""
    columns = _resize_convolution() if side == 3 else np.ones((PIXELS, 1))
    return columns @ np.linalg.pinv(columns)


def _resize_convolution():
    """Taps of the four pixels for each tap of a kernel at the doubled size, `(36, 9)`.

    Rows are taps at the single size times pixels, as in a kernel before `PixelShuffle`.
    """
    rows = np.zeros((3, 2, 3))  # along one axis: tap, pixel, tap at the doubled size
    for pixel, fine in np.ndindex(2, 3):
        place = pixel + fine - 1  # of a doubled pixel, from the first of the block
        nearest, second = place // 2, place // 2 + (1 if place % 2 else -1)
        rows[nearest + 1, pixel, fine] += 0.75
        rows[second + 1, pixel, fine] += 0.25
    return np.einsum("tpf,sqg->tspqfg", rows, rows).reshape(9 * PIXELS, 9)
