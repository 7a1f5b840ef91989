"""Running averages over the steps: of the weights, which are shown and shipped."""

from keras import ops


def average_decay(step, decay):
    """`min(decay, (1 + step) / (4 + step))`: the last third of the steps, at first.

    Args:
        step: Scalar tensor, number of updates so far.
        decay: Float in [0, 1), the share of the old average in the long run.
    """
    step = ops.cast(step, "float32")
    return ops.minimum(decay, (1 + step) / (4 + step))


def update_average(averaged, values, decay):
    """Moves each averaged variable towards its value: `a += (1 - decay)(v - a)`."""
    for average, value in zip(averaged, values, strict=True):
        average.assign_add((1 - decay) * (value - average))
