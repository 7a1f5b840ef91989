"""Structural similarity."""

import numpy as np

from keras_stylex.metrics.filters import gaussian_kernel, luma, smooth

_WINDOW, _SIGMA = 11, 1.5
_C1, _C2 = 0.01**2, 0.03**2


def ssim(images, reference):
    """Structural similarity of brightness, averaged over the picture.

    `(2 m n + c1)(2 cov + c2) / ((m^2 + n^2 + c1)(var_m + var_n + c2))` under a Gaussian
    window of 11 pixels and sigma 1.5, after
    [Wang et al., 2004](https://doi.org/10.1109/TIP.2003.819861).

    Args:
        images, reference: `(batch, h, w, 3)` floats in [0, 1], sides of at least 11.

    Returns: `(batch,)` float32 in [-1, 1], 1 for equal brightness.
    """
    x, y = luma(images), luma(reference)
    if min(x.shape[1:]) < _WINDOW:
        raise ValueError(
            f"Expected sides of at least {_WINDOW}. Received: shape={x.shape[1:]}"
        )
    kernel = gaussian_kernel(_SIGMA, _WINDOW)
    stacked = np.stack([x, y, x * x, y * y, x * y], -1)
    mean_x, mean_y, xx, yy, xy = np.moveaxis(smooth(stacked, kernel, "valid"), -1, 0)
    product, squares = mean_x * mean_y, mean_x**2 + mean_y**2
    brightness = (2 * product + _C1) / (squares + _C1)
    contrast = (2 * (xy - product) + _C2) / (xx + yy - squares + _C2)
    return (brightness * contrast).mean((1, 2))
