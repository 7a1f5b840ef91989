"""Distances between what came out and what should have."""

from keras import ops

from keras_stylex.losses.block_means import block_means
from keras_stylex.losses.reduction import per_sample

COARSE = 8  # pixels


def l1_loss(values, targets):
    """`mean |values - targets|` per sample, `(batch,)` float32.

    Args:
        values: `(batch, ...)` pictures or codes.
        targets: a tensor of the same shape.
    """
    return per_sample(ops.abs(values - targets))


def two_scale_l1_loss(values, targets):
    """`mean |values - targets|`, plus twice that of 8x8 means, per sample, `(batch,)`.

    To the first, the grain of brush strokes is so much noise that it hardly sees
    whether colours are right; the second does.

    Args:
        values: `(batch, height, width, 3)` pictures, sides 8 or more.
        targets: a tensor of the same shape.
    """
    coarse = (block_means(images, COARSE) for images in (values, targets))
    return l1_loss(values, targets) + 2 * l1_loss(*coarse)


def relative_l1_loss(values, targets, epsilon=1e-3):
    """`mean |values - targets| / (mean |targets| + epsilon)` per sample, `(batch,)`.

    Its weight keeps its meaning however large the values grow: codes have no scale.

    Args:
        values: `(batch, ...)` codes.
        targets: a tensor of the same shape.
        epsilon: Float, for targets that are zero.
    """
    return l1_loss(values, targets) / (per_sample(ops.abs(targets)) + epsilon)
