"""Do two sets of pictures use the same colours, and the same together?"""

from itertools import product

import numpy as np
from keras import ops

from keras_stylex.metrics.color import srgb_to_lab

_BIN = 10.0  # units of Lab
_LOWEST = np.array([0.0, -110.0, -110.0])
_SHAPE = (12, 23, 23)  # bins of L, a and b: up to 110, 110 and 110
CUBES = int(np.prod(_SHAPE))


def lab_histogram_distance(images, reference):
    """Hellinger distance of the joint Lab histograms of two sets of pictures.

    `sqrt(1 - sum(sqrt(p * q)))`, `p` and `q` being the shares of pixels in cubes of
    side 10 in CIE L*a*b*; a pixel counts for its eight nearest cubes, linearly, so that
    a small change of colour is a small change of the distance. Other than
    `color_distance`, it sees which lightness comes with which hue.

    Args:
        images, reference: `(count, h, w, 3)` floats in [0, 1]; numbers and sizes may
            differ.

    Returns: a float in [0, 1]: 0 for the same colours, 1 for none in common.
    """
    return float(hellinger_distance(lab_counts(images), lab_counts(reference)))


def hellinger_distance(counts, others):
    """That of two histograms, float64 of any sums, a scalar tensor."""
    shares, other_shares = (each / ops.sum(each) for each in (counts, others))
    return ops.sqrt(ops.relu(1 - ops.sum(ops.sqrt(shares * other_shares))))


def lab_histogram(images):
    """Shares of all pixels of `(count, h, w, 3)` pictures in each cube; sums to 1."""
    counts = lab_counts(images)
    return counts / counts.sum()


def lab_counts(images):
    """Pixels of `(count, h, w, 3)` pictures in each cube, `(CUBES,)` float64."""
    histogram = np.zeros(CUBES)
    for picture in images:  # one at a time, to save memory
        place = (srgb_to_lab(picture).reshape(-1, 3) - _LOWEST) / _BIN
        lowest = np.floor(place).astype(int)
        share = place - lowest
        for corner in product((0, 1), repeat=3):
            weights = np.where(corner, share, 1 - share).prod(-1)
            cubes = np.ravel_multi_index((lowest + corner).T, _SHAPE)
            histogram += np.bincount(cubes, weights, histogram.size)
    return histogram
