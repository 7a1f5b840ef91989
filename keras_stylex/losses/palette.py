"""Do two pictures use the same colours?"""

import numpy as np
from keras import ops

from keras_stylex.losses.reduction import per_sample

# Directions in colour space: the axes, the diagonals of its faces, those of its body.
_DIRECTIONS = np.array(
    [
        *([1, 0, 0], [0, 1, 0], [0, 0, 1]),
        *([1, 1, 0], [1, 0, 1], [0, 1, 1], [1, -1, 0], [1, 0, -1], [0, 1, -1]),
        *([1, 1, 1], [1, 1, -1], [1, -1, 1], [-1, 1, 1]),
    ],
    "float32",
)
DIRECTIONS = _DIRECTIONS / np.linalg.norm(_DIRECTIONS, axis=1, keepdims=True)
POOL = 4  # pixels: colours are compared, not grain
BANDS = 3  # compared each on its own: a painter's sky differs from the ground


def palette_loss(images, references):
    """Sliced Wasserstein distance between the colours of two pictures, `(batch,)`.

    Pictures are averaged over blocks of 4x4 pixels and cut into three horizontal bands;
    the colours of a band are projected on 13 fixed directions and sorted. The loss is
    the mean L1 distance: 0 where each band has the other's pixels in any order. After
    [Rabin et al., 2011](https://doi.org/10.1007/978-3-642-24785-9_37).

    Args:
        images: `(batch, height, width, 3)` pictures, [0, 1], height 12 or more.
        references: a tensor of the same shape.
    """
    return per_sample(ops.abs(_sorted_colors(images) - _sorted_colors(references)))


def _sorted_colors(images):
    """`(batch, bands, directions, pixels)`, the last axis in rising order."""
    pooled = ops.average_pool(images, POOL, strides=POOL, padding="valid")
    rows, columns = pooled.shape[1] // BANDS, pooled.shape[2]
    colors = ops.reshape(
        ops.cast(pooled[:, : rows * BANDS], "float32"), (-1, BANDS, rows * columns, 3)
    )
    projected = ops.matmul(DIRECTIONS, ops.transpose(colors, (0, 1, 3, 2)))
    return ops.sort(projected, axis=-1)
