"""The penalty that keeps a discriminator smooth around real pictures."""

from keras import ops


def r1_penalty(gradients):
    """`1/2 |d logit / d picture|^2` per sample, `(batch,)` float32.

    R1 of [Mescheder et al., 2018](https://arxiv.org/abs/1801.04406), without gamma.

    Args:
        gradients: `(batch, height, width, channels)` gradients of each sample's mean
            logit with respect to its real picture.
    """
    gradients = ops.cast(gradients, "float32")  # squares underflow float16
    return 0.5 * ops.sum(ops.square(gradients), axis=(1, 2, 3))
