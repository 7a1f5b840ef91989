"""How far what a file paints is from what Keras paints."""

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Parity:
    """Differences over all values of all pictures, in units of [0, 1].

    Attributes:
        max: Largest absolute difference.
        mean: Mean absolute difference.
        psnr: Peak signal-to-noise ratio, decibels: the mean over pictures, each at
            most 150, which is as good as equal.
    """

    max: float
    mean: float
    psnr: float


def compare(values, expected):
    """The parity of lists of arrays; of a peak of 1.

    Raises:
        ValueError: when shapes differ.
    """
    maxima, means, ratios = [], [], []
    for value, target in zip(values, expected, strict=True):
        if value.shape != target.shape:
            raise ValueError(f"Expected shape {target.shape}. Received: {value.shape}.")
        difference = np.abs(value.astype("float64") - target)
        maxima.append(difference.max())
        means.append(difference.mean())
        ratios.append(_psnr(np.square(difference).mean()))
    return Parity(float(np.max(maxima)), float(np.mean(means)), float(np.mean(ratios)))


def _psnr(mean_square):
    return -10 * math.log10(max(mean_square, 1e-15))
