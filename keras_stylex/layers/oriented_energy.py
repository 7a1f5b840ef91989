"""How much of a picture's fine detail runs in which direction, and how wide it is."""

import keras
import numpy as np
from keras import ops

from keras_stylex.layers.edge_padding import EdgePadding2D

ORIENTATIONS = 8
SCALES = 3
WAVELENGTH = 3.5  # pixels, at the first scale; twice as long at each further one
_SIGMA = 1.4  # pixels
_RADIUS = 4  # pixels
_LUMA = np.array([0.299, 0.587, 0.114], "float32")  # ITU-R BT.601
_FLOOR = 0.003  # a detail of less contrast is as good as none
_MIDDLE = 4.5  # minus the usual logarithm of a painting's detail


@keras.saving.register_keras_serializable(package="keras_stylex")
class OrientedEnergy(keras.layers.Layer):
    """Describes the texture of pictures by the strength of its oriented details.

    Brightness is filtered by pairs of even and odd Gabor functions, of eight directions
    and wavelengths of 3.5, 7 and 14 pixels. An energy is the mean over the picture of
    the logarithm of a pair's amplitude: places vote regardless of their contrast, so
    that brush strokes count and the few edges of what is painted do not. After
    [Portilla & Simoncelli, 2000](https://doi.org/10.1023/A:1026553619983).

    Call arguments:
        images: `(batch, height, width, 3)` pictures, [0, 1], any size.

    Returns: `(batch, 24)` float32: the directions, from strokes that stand upright, of
        the finest scale first; -1.3 for flat pictures, about 0 to 2 for painted ones.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.pad = EdgePadding2D(_RADIUS, dtype="float32")
        self.built = True  # it has no weights

    def call(self, images):
        x = ops.sum(ops.cast(images, "float32") * _LUMA, axis=-1, keepdims=True)
        energies = []
        for scale in range(SCALES):
            if scale:
                x = ops.average_pool(x, 2, strides=2, padding="same")
            # Every second place will do where there are many.
            strides = 1 if scale else 2
            energies.append(self._energies(x, strides))
        return ops.concatenate(energies, axis=-1)

    def _energies(self, x, strides):
        even = ops.conv(self.pad(x), _EVEN, strides=strides, padding="valid")
        odd = ops.conv(self.pad(x), _ODD, strides=strides, padding="valid")
        amplitude = ops.square(even) + ops.square(odd) + _FLOOR**2
        return ops.mean(0.5 * ops.log(amplitude), axis=(1, 2)) + _MIDDLE

    def compute_output_shape(self, input_shape):
        return (input_shape[0], SCALES * ORIENTATIONS)


def _gabor(wave):
    """`(side, side, 1, orientations)` filters that see no mean; absolute sums of 1."""
    y, x = np.mgrid[-_RADIUS : _RADIUS + 1, -_RADIUS : _RADIUS + 1]
    window = np.exp(-(x**2 + y**2) / (2 * _SIGMA**2))
    angles = np.pi * np.arange(ORIENTATIONS) / ORIENTATIONS
    across = x[..., None] * np.cos(angles) + y[..., None] * np.sin(angles)
    filters = window[..., None] * wave(2 * np.pi * across / WAVELENGTH)
    filters -= window[..., None] * filters.sum((0, 1)) / window.sum()
    filters /= np.abs(filters).sum((0, 1))
    return filters[:, :, None].astype("float32")


_EVEN, _ODD = _gabor(np.cos), _gabor(np.sin)
