"""The one reduction of all losses."""

from keras import ops


def per_sample(values):
    """The mean over all but the first axis, in float32: `(batch,)`."""
    values = ops.cast(values, "float32")
    return ops.mean(values, axis=list(range(1, len(values.shape))))
