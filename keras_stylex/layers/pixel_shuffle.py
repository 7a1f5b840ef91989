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
    """Keeps a kernel before a `PixelShuffle` from painting a grid.

    Each pixel of a block has taps of its own. They are projected to where flat features
    give flat pixels, and evenly rising features evenly rising pixels; what the taps do
    at edges is left free. An adversary otherwise drives a generator to make its texture
    from grids.

    Args:
        block_size: Integer, side of a block of pixels. Defaults to 2.
    """

    def __init__(self, block_size=2):
        self.block_size = block_size

    def __call__(self, w):
        side = w.shape[0] if len(w.shape) == 4 else 1  # the taps of a bias: one
        pixels, inputs = self.block_size**2, w.shape[-2:-1]
        taps = ops.reshape(w, (side**2, -1, pixels, w.shape[-1] // pixels))
        taps = ops.transpose(taps, (0, 2, 1, 3))
        smooth = ops.matmul(
            ops.cast(_projection(side, self.block_size), w.dtype),
            ops.reshape(taps, (side**2 * pixels, -1)),
        )
        smooth = ops.transpose(ops.reshape(smooth, taps.shape), (0, 2, 1, 3))
        return ops.reshape(smooth, w.shape)

    def get_config(self):
        return {"block_size": self.block_size}


def _projection(side, block):
    """Projects taps to those that keep flat features flat, and even slopes even.

    A pixel's response to a slope of 1 is its taps' first moment; it has to rise by a
    pixel's width times the response to 1 from each pixel of a block to the next.

    Returns: `(side**2 * block**2,)` square matrix, over taps and pixels of a block.
    """
    tap = np.stack(np.indices((side, side)), -1).reshape(-1, 2) - (side - 1) / 2
    place = np.stack(np.indices((block, block)), -1).reshape(-1, 2)
    place = (place + 0.5) / block - 0.5
    own = np.eye(block**2)
    total = np.tile(own, (1, side**2))  # of each pixel's taps
    rules = [total]
    if side > 1:
        moments = (np.kron(tap[:, axis], own) for axis in range(2))
        slopes = (np.outer(place[:, axis], total.mean(0)) for axis in range(2))
        rules += [m - s for m, s in zip(moments, slopes, strict=True)]
    rules = np.concatenate([rule - rule.mean(0) for rule in rules])
    return np.eye(side**2 * block**2) - np.linalg.pinv(rules) @ rules
