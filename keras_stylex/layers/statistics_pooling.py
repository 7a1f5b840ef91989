"""What of a picture's features is style: their mean and their spread."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_stylex")
class StatisticsPooling2D(keras.layers.Layer):
    """Pools each channel to its mean and its standard deviation over the picture.

    `y = [mean(x), sqrt(var(x) + epsilon)]`: the statistics that adaptive instance
    normalisation ([Huang & Belongie, 2017](https://arxiv.org/abs/1703.06868))
    takes for the style of a picture. With several bands, they are taken over as many
    soft horizontal bands, top to bottom: a painter's sky differs from the ground.

    Args:
        bands: Integer, number of bands. Defaults to 1, the whole picture.
        epsilon: Float, added to the variance, so that the root has a gradient on
            flat pictures. Defaults to `1e-4`.

    Call arguments:
        inputs: `(batch, height, width, channels)` features, any value range.

    Returns: `(batch, bands * 2 * channels)` in the layer's compute dtype.
    """

    def __init__(self, bands=1, epsilon=1e-4, **kwargs):
        super().__init__(**kwargs)
        self.bands = bands
        self.epsilon = epsilon
        self.built = True  # it has no weights

    def call(self, inputs):
        x = ops.cast(inputs, "float32")  # a float16 variance overflows
        weights = self._band_weights(ops.shape(x)[1])
        # Around the picture's mean first: E[x^2] - E[x]^2 of large values cancels.
        centre = ops.mean(x, axis=(1, 2), keepdims=True)
        x = x - centre
        mean = _weighted_sum(weights, ops.mean(x, axis=2))
        mean_square = _weighted_sum(weights, ops.mean(ops.square(x), axis=2))
        variance = ops.relu(mean_square - ops.square(mean))
        deviation = ops.sqrt(variance + self.epsilon)
        # Squeezed, not indexed: GPU delegates take no slice that drops an axis.
        mean = mean + ops.squeeze(centre, axis=1)
        pooled = ops.concatenate([mean, deviation], axis=-1)
        size = self.bands * 2 * inputs.shape[-1]
        return ops.cast(ops.reshape(pooled, (-1, size)), self.compute_dtype)

    def _band_weights(self, height):
        """The share of each row in each band, `(bands, height)`; shares sum to one."""
        rows = (ops.arange(height, dtype="float32") + 0.5) / ops.cast(height, "float32")
        if self.bands == 1:
            return ops.ones_like(rows)[None] / ops.cast(height, "float32")
        centres = (ops.arange(self.bands, dtype="float32") + 0.5) / self.bands
        distance = (rows[None] - centres[:, None]) * (2 * self.bands)
        # Not `ops.softmax`, which warns of pictures one row high.
        shares = ops.exp(-ops.square(distance) / 2)
        return shares / ops.sum(shares, axis=-1, keepdims=True)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.bands * 2 * input_shape[-1])

    def get_config(self):
        return {**super().get_config(), "bands": self.bands, "epsilon": self.epsilon}


def _weighted_sum(weights, rows):
    """`(bands, height)` times `(batch, height, channels)`: `(batch, bands, channels)`.

    Not `ops.matmul`: the gradient of its broadcasting, inside the gradient penalty that
    is computed every few steps, makes XLA compile every step anew.
    """
    return ops.sum(weights[:, :, None] * rows[:, None], axis=2)
