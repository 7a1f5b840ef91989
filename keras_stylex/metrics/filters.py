"""Gaussian smoothing and differences of picture batches, in NumPy."""

import numpy as np

# Rec. 601, as video and JPEG use it.
_LUMA = np.array([0.299, 0.587, 0.114], "float32")
_LEVEL = np.array([0.037659, 0.249153, 0.426375, 0.249153, 0.037659], "float32")
_SLOPE = np.array([-0.109604, -0.276691, 0, 0.276691, 0.109604], "float32")


def luma(images):
    """Brightness of `(batch, h, w, 3)` pictures, `(batch, h, w)`; both in [0, 1]."""
    return np.asarray(images, "float32") @ _LUMA


def gaussian_kernel(sigma, size=None):
    """A Gaussian of `size` taps that sums to 1; six sigmas wide unless said."""
    size = 2 * int(np.ceil(3 * sigma)) + 1 if size is None else size
    offsets = np.arange(size, dtype="float32") - (size - 1) / 2
    kernel = np.exp(-0.5 * (offsets / sigma) ** 2)
    return kernel / kernel.sum()


def smooth(images, kernel, padding="reflect"):
    """Convolves height and width of `(batch, h, w, ...)` with a one-dimensional kernel.

    Args:
        padding: `valid`, or one of `numpy.pad`'s modes that keep the size.
    """
    for axis in (1, 2):
        images = _convolve(images, kernel, axis, padding)
    return images


def gradients(images):
    """Slopes `(down, across)` of `(batch, h, w, ...)` at each pixel, same shapes.

    Plain differences of neighbours would turn the direction of fine gratings by up to
    15 degrees; these pairs of filters are made to keep it
    ([Farid & Simoncelli, 2004](https://doi.org/10.1109/TIP.2004.823819)).
    """
    down = _convolve(_convolve(images, _SLOPE, 1), _LEVEL, 2)
    return down, _convolve(_convolve(images, _LEVEL, 1), _SLOPE, 2)


def average_pool(images, side):
    """Averages `side x side` pixels of `(batch, h, w, channels)` pictures.

    What is left over at the right and at the bottom is not looked at.
    """
    images = np.asarray(images, "float32")
    batch, height, width, channels = images.shape
    rows, columns = height // side, width // side
    if not rows * columns:
        raise ValueError(
            f"Expected sides of at least {side}. Received: shape={images.shape}"
        )
    tiles = images[:, : rows * side, : columns * side].reshape(
        batch, rows, side, columns, side, channels
    )
    return tiles.mean((2, 4))


def _convolve(images, kernel, axis, padding="reflect"):
    """Weighs each pixel's neighbours along `axis`, the first weight for the first."""
    if padding != "valid":
        pads = [(0, 0)] * images.ndim
        pads[axis] = ((len(kernel) - 1) // 2, len(kernel) // 2)
        images = np.pad(images, pads, mode=padding)
    images = np.moveaxis(images, axis, 0)
    count = len(images) - len(kernel) + 1
    taps = (w * images[i : i + count] for i, w in enumerate(kernel))
    return np.moveaxis(sum(taps), 0, axis)
