"""Distances between what came out and what should have."""

from keras import ops

from keras_stylex.losses.reduction import per_sample


def l1_loss(values, targets):
    """`mean |values - targets|` per sample, `(batch,)` float32.

    Args:
        values: `(batch, ...)` pictures or codes.
        targets: a tensor of the same shape.
    """
    return per_sample(ops.abs(values - targets))


def relative_l1_loss(values, targets, epsilon=1e-3):
    """`mean |values - targets| / (mean |targets| + epsilon)` per sample, `(batch,)`.

    Its weight keeps its meaning however large the values grow: codes have no scale.

    Args:
        values: `(batch, ...)` codes.
        targets: a tensor of the same shape.
        epsilon: Float, for targets that are zero.
    """
    return l1_loss(values, targets) / (per_sample(ops.abs(targets)) + epsilon)
