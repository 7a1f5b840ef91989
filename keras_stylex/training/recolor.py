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
LOG_GAMMA = (-0.6, 0.6)


def recolor(images, seed_generator):
    """Turns the hue by any angle, and changes saturation and gamma at random.

    All pictures of a batch change alike, so the result does not depend on how a batch
    is divided over replicas.

    Args:
        images: `(batch, height, width, 3)` pictures, [0, 1].
        seed_generator: `keras.random.SeedGenerator`.

    Returns: a tensor of the same shape, [0, 1].
    """
    hue, saturation, gamma = ops.unstack(
        keras.random.uniform((3,), seed=seed_generator), 3
    )
    saturation = _between(SATURATION, saturation)
    gamma = ops.exp(_between(LOG_GAMMA, gamma))
    matrix = _hue_matrix(2 * math.pi * hue, saturation)
    changed = ops.matmul(ops.cast(images, "float32"), ops.transpose(matrix))
    # A power has no finite gradient at zero.
    changed = ops.power(ops.clip(changed, 1e-3, 1.0), gamma)
    return ops.cast(changed, images.dtype)


def _hue_matrix(angle, saturation):
    """The colour matrix that turns the chroma plane and scales it."""
    cosine, sine = saturation * ops.cos(angle), saturation * ops.sin(angle)
    one, zero = ops.ones_like(cosine), ops.zeros_like(cosine)
    turn = ops.reshape(
        ops.stack([one, zero, zero, zero, cosine, -sine, zero, sine, cosine]), (3, 3)
    )
    return ops.matmul(FROM_YIQ, ops.matmul(turn, TO_YIQ))


def _between(bounds, share):
    low, high = bounds
    return low + (high - low) * share
