"""The crops that styles are read off and that discriminators see."""

import keras
from keras import ops


def crop_shape(height, width, share):
    """The height and width of a crop that takes `share` of each side."""
    return max(1, round(height * share)), max(1, round(width * share))


def random_crop(images, share, seed_generator):
    """Cuts one window out of every picture of a batch, at one random place.

    All pictures are cut at the same place, so the result does not depend on how a
    batch is divided over replicas.

    Args:
        images: `(batch, height, width, 3)` pictures of static size.
        share: Float in (0, 1], the part of each side to keep.
        seed_generator: `keras.random.SeedGenerator`.
    """
    height, width = images.shape[1:3]
    rows, columns = crop_shape(height, width, share)
    place = keras.random.uniform((2,), seed=seed_generator)
    spare = ops.cast([height - rows + 1, width - columns + 1], "float32")
    top, left = ops.unstack(ops.cast(ops.floor(place * spare), "int32"), 2)
    # Not `ops.slice`: XLA would compile its gradient anew for every place.
    images = ops.take(images, top + ops.arange(rows), axis=1)
    return ops.take(images, left + ops.arange(columns), axis=2)
