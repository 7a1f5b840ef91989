"""How light a pixel is, whatever its hue."""

from keras import ops

LUMA = (0.299, 0.587, 0.114)  # of red, green and blue (ITU-R BT.601)


def luma(images):
    """`(batch, height, width, 1)` float32 of `(batch, height, width, 3)` pictures."""
    return ops.sum(ops.cast(images, "float32") * LUMA, axis=-1, keepdims=True)
