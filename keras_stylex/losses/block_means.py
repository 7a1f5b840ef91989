"""Pictures made smaller, to compare areas and not grain."""

from keras import ops


def block_means(images, side):
    """Means of blocks of `side` by `side` pixels, float32; what is left over is cut.

    Args:
        images: `(batch, height, width, channels)`, `side` pixels or more each way.
        side: Integer, pixels.
    """
    images = ops.cast(images, "float32")
    return ops.average_pool(images, side, strides=side, padding="valid")
