"""Do the places of a picture that look alike still look alike in the result?"""

import numpy as np

from keras_stylex.metrics.filters import average_pool

PATCH = 8  # pixels
_CELL = 4  # pixels of a patch that are averaged, so that strokes do not count


def self_similarity(images, reference):
    """Correlation of the distances between a picture's patches with the reference's.

    A picture is cut into patches of 8x8 pixels, each described by the colours of its
    four quarters. `d[i, j]` is how far patch `i` is from patch `j`; the result is
    Pearson's correlation of all `d[i, j]`, `i < j`, of the two pictures. Colours may be
    exchanged, inverted or faded; what is alike must stay alike. After the
    self-similarity of [Shechtman & Irani, 2007](https://doi.org/10.1109/CVPR.2007.383198)
    and [Kolkin et al., 2019](https://arxiv.org/abs/1904.12785), on pixels.

    Args:
        images, reference: `(batch, h, w, 3)` floats in [0, 1], sides of at least 16;
            what is left over at the right and at the bottom is not looked at.

    Returns: `(batch,)` float32 in [-1, 1], 1 for the same arrangement, 0 for a flat
        picture.
    """
    pairs = zip(_patches(images), _patches(reference), strict=True)
    values = [_correlation(_distances(a), _distances(b)) for a, b in pairs]
    return np.array(values, "float32")


def _patches(images):
    """`(batch, patches, numbers)`."""
    images = np.asarray(images, "float32")
    if min(images.shape[1:3]) < 2 * PATCH:
        raise ValueError(
            f"Expected sides of at least {2 * PATCH}. Received: shape={images.shape}"
        )
    height, width = (side // PATCH * PATCH for side in images.shape[1:3])
    cells = average_pool(images[:, :height, :width], _CELL)
    batch, rows, columns, channels = cells.shape
    side = PATCH // _CELL
    cells = cells.reshape(batch, rows // side, side, columns // side, side, channels)
    return cells.transpose(0, 1, 3, 2, 4, 5).reshape(batch, -1, side * side * channels)


def _distances(patches):
    """Euclidean, of each pair once."""
    patches = patches.astype("float64")
    squares = (patches**2).sum(-1)
    squared = squares[:, None] + squares[None] - 2 * patches @ patches.T
    pairs = np.triu_indices(len(patches), 1)
    return np.sqrt(np.maximum(squared[pairs], 0))


def _correlation(a, b):
    a, b = a - a.mean(), b - b.mean()
    norm = np.sqrt((a**2).sum() * (b**2).sum())
    return (a * b).sum() / norm if norm > 1e-9 else 0.0
