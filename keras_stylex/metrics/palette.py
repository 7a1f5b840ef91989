"""Are the colours in the right places, whatever the strokes?"""

import numpy as np

from keras_stylex.metrics.filters import average_pool

POOL = 8  # pixels


def palette_error(images, truth):
    """Mean absolute difference after averaging `POOL x POOL` pixels.

    Args:
        images, truth: `(batch, h, w, 3)` floats in [0, 1], sides of at least `POOL`;
            what is left over at the right and at the bottom is not looked at.

    Returns: `(batch,)` float32 in [0, 1], 0 for equal palettes.
    """
    return np.abs(average_pool(images, POOL) - average_pool(truth, POOL)).mean(
        (1, 2, 3)
    )


def palette_gap(error, limit, copy_style):
    """`(error - limit) / (copy_style - limit)`: 0 is perfect, 1 no better than a copy.

    Args:
        error: Palette error of a method.
        limit: That of the truth drawn again with other strokes.
        copy_style: That of handing in the style picture unchanged.
    """
    return (error - limit) / (copy_style - limit)
