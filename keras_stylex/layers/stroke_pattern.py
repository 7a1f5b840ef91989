"""The noise that brush strokes are made of."""

import keras
import numpy as np
from keras import ops

PERIOD = 64  # places, after which the pattern repeats
ORIENTATIONS = 8
WAVELENGTHS = 2.0, 3.0, 5.0
CHANNELS = ORIENTATIONS * len(WAVELENGTHS)
_OCTAVES = 0.6  # spread of wavelengths, as a standard deviation
_SPREAD = np.radians(11)  # of directions


@keras.saving.register_keras_serializable(package="keras_stylex")
class StrokePattern(keras.layers.Layer):
    """A window of a fixed, endless pattern of streaks, in eight directions.

    A convolutional network has nothing to make strokes of where a picture is flat.
    Noise gives it that ([Karras et al., 2019](https://arxiv.org/abs/1812.04948)); and
    noise that already runs in some direction ([Perlin, 1985](
    https://doi.org/10.1145/325165.325247) builds textures of such) only needs to be
    mixed. It is the same for every picture, so that videos do not flicker.

    Call arguments:
        inputs: `(batch, height, width, channels)` features to make a window for.
        offset: `(2,)` integers, row and column of the window in the pattern; or `None`
            for 0.

    Returns: `(1, height, width, 24)`, mean 0 and variance 1 over the whole pattern.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        # Made once: every graph would hold a copy of an array, a SavedModel of four.
        self.pattern = ops.convert_to_tensor(_PATTERN)
        self.built = True  # the pattern is fixed

    def call(self, inputs, offset=None):
        start = ops.zeros(2, "int32") if offset is None else ops.cast(offset, "int32")
        top, left = ops.unstack(start, 2)
        height, width = ops.shape(inputs)[1:3]
        rows = ops.mod(top + ops.arange(height), PERIOD)
        columns = ops.mod(left + ops.arange(width), PERIOD)
        window = ops.take(ops.take(self.pattern, rows, axis=1), columns, axis=2)
        return ops.cast(window, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return (1, *input_shape[1:3], CHANNELS)


def _make_pattern():
    """`(1, period, period, channels)`: white noise, filtered for each channel."""
    # Not a `Generator`, whose numbers may change with NumPy's version.
    noise = np.random.RandomState(0).standard_normal((PERIOD, PERIOD))
    spectrum = np.fft.fft2(noise)
    down, right = np.meshgrid(*[np.fft.fftfreq(PERIOD)] * 2, indexing="ij")
    radius = np.maximum(np.hypot(down, right), 1e-9)
    direction = np.arctan2(down, right)
    planes = []
    for wavelength in WAVELENGTHS:
        octaves = np.log2(radius * wavelength) / _OCTAVES
        for angle in np.pi * np.arange(ORIENTATIONS) / ORIENTATIONS:
            turn = np.mod(direction - angle + np.pi / 2, np.pi) - np.pi / 2
            power = np.exp(-(octaves**2 + (turn / _SPREAD) ** 2) / 2)
            planes.append(np.fft.ifft2(spectrum * power).real)
    planes = np.stack(planes, -1)
    planes = (planes - planes.mean((0, 1))) / planes.std((0, 1))
    return planes[None].astype("float32")


_PATTERN = _make_pattern()
