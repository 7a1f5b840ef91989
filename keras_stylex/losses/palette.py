"""Do two pictures use the same colours?"""

import numpy as np
from keras import ops

from keras_stylex.losses.block_means import block_means
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
VARIETY = 2.0  # how much more colours may vary than those of the content
EPSILON = 1e-4  # for references of one colour


def palette_loss(images, references, contents):
    """Sliced Wasserstein distance between the colours of two pictures, `(batch,)`.

    Pictures are averaged over blocks of 4x4 pixels and cut into three horizontal bands;
    the colours of a band are projected on 13 fixed directions and sorted. The loss is
    the mean L1 distance: 0 where each band has the other's pixels in any order. After
    [Rabin et al., 2011](https://doi.org/10.1007/978-3-642-24785-9_37).

    A plain sky shall not get all the colours of a market: where the reference's colours
    vary more than twice as much as the content's, they are drawn towards their mean.

    Args:
        images: `(batch, height, width, 3)` pictures, [0, 1], height 12 or more.
        references: a tensor of the same shape.
        contents: a tensor of the same shape, what `images` show.
    """
    colors, targets, shown = (_bands(x) for x in (images, references, contents))
    targets = _draw_together(targets, VARIETY * _spread(shown))
    return per_sample(ops.abs(_sorted(colors) - _sorted(targets)))


def _bands(images):
    """Colours by band, `(batch, bands, pixels, 3)`."""
    pooled = block_means(images, POOL)
    rows, columns = pooled.shape[1] // BANDS, pooled.shape[2]
    return ops.reshape(pooled[:, : rows * BANDS], (-1, BANDS, rows * columns, 3))


def _spread(colors):
    """Root mean square distance from the mean colour, `(batch, bands, 1, 1)`."""
    squares = ops.square(colors - _mean(colors))
    return ops.sqrt(ops.mean(squares, axis=(2, 3), keepdims=True))


def _draw_together(colors, spread):
    """The colours with no larger spread."""
    share = ops.minimum(spread / (_spread(colors) + EPSILON), 1.0)
    return _mean(colors) + share * (colors - _mean(colors))


def _mean(colors):
    return ops.mean(colors, axis=2, keepdims=True)


def _sorted(colors):
    """`(batch, bands, directions, pixels)`, the last axis in rising order."""
    projected = ops.matmul(DIRECTIONS, ops.transpose(colors, (0, 1, 3, 2)))
    return ops.sort(projected, axis=-1)
