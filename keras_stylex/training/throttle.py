"""Holds back a discriminator that is about to win."""

import tensorflow as tf
from keras import ops

# Shares of the loss at chance: above the first a discriminator learns at its full rate,
# below the second not at all.
FULL, NONE = 0.92, 0.84


def throttle(values, chance):
    """Fades out the loss of a discriminator that tells real from fake too well.

    A sure discriminator teaches little, and drives a generator to patterns that fool
    it: dots and ringing at the finest scale, some thousand steps into a training.

    Args:
        values: `(batch,)` losses of one discriminator.
        chance: Scalar tensor, the loss where it cannot tell.

    Returns: the losses, all times one factor in [0, 1].
    """
    mean = tf.distribute.get_replica_context().all_reduce(
        tf.distribute.ReduceOp.MEAN, ops.mean(ops.stop_gradient(values))
    )
    return values * ops.clip((mean / chance - NONE) / (FULL - NONE), 0.0, 1.0)
