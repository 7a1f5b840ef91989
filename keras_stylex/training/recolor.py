"""Random changes of colour that keep what a picture shows."""

import math

import keras
import numpy as np
from keras import ops

# Red, green, blue to luma and two chroma axes (YIQ, NTSC 1953), and back.
TO_YIQ = np.array(
    [[0.299, 0.587, 0.114], [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]], "float32"
)
FROM_YIQ = np.linalg.inv(TO_YIQ).astype("float32")

SATURATION = (0.2, 1.2)
LUMA_SHARE = (-0.5, 1.2)  # of a channel, before all three are made to sum up to 1
LOG_GAMMA = (-0.6, 0.6)


def recolor(images, seed_generator, strength=1.0):
    """Changes hue, luma, saturation and gamma at random.

    Luma becomes another sum of red, green and blue, so that a picture's code cannot
    tell how bright things are: photos and paintings of them differ in that.

    All pictures of a batch change alike, so the result does not depend on how a batch
    is divided over replicas.

    Args:
        images: `(batch, height, width, 3)` pictures, [0, 1].
        seed_generator: `keras.random.SeedGenerator`.
        strength: Float in [0, 1], 1 turns the hue by any angle and makes luma of any
            channel; with less, both stay nearer to what they were.

    Returns: a tensor of the same shape, [0, 1].
    """
    hue, saturation, gamma, *shares = ops.unstack(
        keras.random.uniform((6,), seed=seed_generator), 6
    )
    saturation = _between(SATURATION, saturation)
    gamma = ops.exp(_between(LOG_GAMMA, gamma))
    shares = _between(LUMA_SHARE, ops.stack(shares))
    shares = shares + (1 - ops.sum(shares)) / 3
    shares = TO_YIQ[0] + strength * (shares - TO_YIQ[0])
    angle = strength * _between((-math.pi, math.pi), hue)
    matrix = _hue_matrix(angle, saturation, shares)
    changed = ops.matmul(ops.cast(images, "float32"), ops.transpose(matrix))
    # A power has no finite gradient at zero.
    changed = ops.power(ops.clip(changed, 1e-3, 1.0), gamma)
    return ops.cast(changed, images.dtype)


def _hue_matrix(angle, saturation, shares):
    """The matrix that turns the chroma plane and scales it, and makes luma anew."""
    cosine, sine = saturation * ops.cos(angle), saturation * ops.sin(angle)
    one, zero = ops.ones_like(cosine), ops.zeros_like(cosine)
    turn = ops.reshape(
        ops.stack([one, zero, zero, zero, cosine, -sine, zero, sine, cosine]), (3, 3)
    )
    to_yiq = ops.concatenate([shares[None], TO_YIQ[1:]], axis=0)
    return ops.matmul(FROM_YIQ, ops.matmul(turn, to_yiq))


def _between(bounds, share):
    low, high = bounds
    return low + (high - low) * share
