"""Does the content's layout survive the translation?"""

import numpy as np

from keras_stylex.metrics.filters import gaussian_kernel, gradients, smooth

_SIGMA = 1.5  # pixels; wide enough that single strokes do not count as edges


def structure(images, layout):
    """Correlation of edges with those of the flat layout.

    Both pictures are smoothed (Gaussian, 1.5 pixels); `g = sqrt(sum of squared
    differences down and across, over the three channels)`; the result is Pearson's
    correlation of the two `g`. Which colours meet at an edge hardly matters.

    Args:
        images, layout: `(batch, h, w, 3)` floats in [0, 1].

    Returns: `(batch,)` float32 in [-1, 1], 1 for the same edges.
    """
    a, b = _edges(images), _edges(layout)
    a, b = (e - e.mean((1, 2), keepdims=True) for e in (a, b))
    norms = np.sqrt((a**2).sum((1, 2)) * (b**2).sum((1, 2)))
    return (a * b).sum((1, 2)) / np.maximum(norms, 1e-12)


def _edges(images):
    smoothed = smooth(np.asarray(images, "float32"), gaussian_kernel(_SIGMA))
    return np.sqrt(sum((g**2).sum(-1) for g in gradients(smoothed)))
