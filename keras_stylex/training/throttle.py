"""Holds back a discriminator that is about to win."""

from keras import ops

# Shares of the loss at chance: above the first a discriminator learns at its full rate,
# below the second not at all.
FULL, NONE = 0.85, 0.7


def throttle(loss, chance):
    """The factor for the gradients of a discriminator, 0 if it is too sure of itself.

    A sure discriminator teaches little, and drives a generator to patterns that fool
    it: dots and ringing at the finest scale, some thousand steps into a training.

    Args:
        loss: Scalar tensor, the mean loss of one discriminator over the whole batch.
        chance: Scalar tensor, the loss where it cannot tell.

    Returns: a scalar in [0, 1].
    """
    return ops.clip((loss / chance - NONE) / (FULL - NONE), 0.0, 1.0)
