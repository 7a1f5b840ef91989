"""Do two pictures have the same colours, wherever they are?"""

import numpy as np

# sRGB primaries to CIE XYZ, and the white point D65 (IEC 61966-2-1).
_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_WHITE = _TO_XYZ.sum(1)
_QUANTILES = np.linspace(0.025, 0.975, 20)


def srgb_to_lab(images):
    """CIE L*a*b* (1976, D65): L in [0, 100], a and b about [-110, 110].

    Args:
        images: `(..., 3)` sRGB floats in [0, 1].
    """
    images = np.asarray(images, "float64")
    linear = np.where(
        images <= 0.04045, images / 12.92, ((images + 0.055) / 1.055) ** 2.4
    )
    xyz = linear @ _TO_XYZ.T / _WHITE
    delta = 6 / 29
    f = np.where(xyz > delta**3, np.cbrt(xyz), xyz / (3 * delta**2) + 4 / 29)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1)


def color_distance(images, reference):
    """Distance between the colour distributions of two pictures, in units of Lab.

    The distance each of L, a and b would have to be moved on average for the
    distributions to agree (Wasserstein-1, on 20 quantiles), combined as
    `sqrt(dL^2 + da^2 + db^2)` like a colour difference: about 2 is just noticeable.

    Args:
        images, reference: `(batch, h, w, 3)` floats in [0, 1]; sizes may differ.

    Returns: `(batch,)` float32, `>= 0`.
    """
    moved = np.abs(_quantiles(images) - _quantiles(reference)).mean(0)
    return np.sqrt((moved**2).sum(-1)).astype("float32")


def color_description(images):
    """The 20 quantiles of each of L, a and b, `(batch, 60)`: colours as a vector."""
    quantiles = np.moveaxis(_quantiles(images), 0, 1)
    return quantiles.reshape(len(quantiles), -1)


def _quantiles(images):
    """`(quantiles, batch, 3)`."""
    return np.quantile(srgb_to_lab(images), _QUANTILES, axis=(1, 2))
