"""Ds: does the style come from this reference?"""

import keras
from keras import ops

from keras_stylex.layers import StatisticsPooling2D
from keras_stylex.layers.activation import MIDDLE_GREY, leaky_relu
from keras_stylex.models.content_discriminator import strided_conv


@keras.saving.register_keras_serializable(package="keras_stylex")
class StyleDiscriminator(keras.layers.Layer):
    """Tells whether two pictures are painted in one style.

    Mean and standard deviation of un-normalised features of each picture; dense layers
    judge the pair. The idea of a critic that sees the reference is that of
    [Park et al., 2020](https://arxiv.org/abs/2007.00653).

    Args:
        width: Integer, channels of the first convolution.

    Call arguments:
        inputs: list `[image, reference]` of pictures `(batch, height, width, 3)`,
            [0, 1], float; the two may differ in size.

    Returns: `(batch, 1)` logits, positive for "one style".
    """

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.width = width
        self.convs = [
            strided_conv(width * factor, i, self.dtype_policy)
            for i, factor in enumerate((1, 2, 4))
        ]
        self.pool = StatisticsPooling2D(dtype=self.dtype_policy)
        self.dense = [
            keras.layers.Dense(units, dtype=self.dtype_policy, name=f"dense{i}")
            for i, units in enumerate((8 * width, 8 * width, 1))
        ]

    def build(self, input_shape):
        channels = input_shape[0][-1]
        for conv in self.convs:
            conv.build((None, None, None, channels))
            channels = conv.filters
        # Two pictures, mean and deviation.
        units = 4 * sum(conv.filters for conv in self.convs)
        for dense in self.dense:
            dense.build((None, units))
            units = dense.units

    def call(self, inputs):
        image, reference = inputs
        return self.compare(self.features(image), self.features(reference))

    def features(self, images):
        """The style of pictures as this critic sees it: `(batch, 14 * width)`."""
        x, pooled = images - MIDDLE_GREY, []
        for conv in self.convs:
            x = leaky_relu(conv(x))
            pooled.append(self.pool(x))
        return ops.concatenate(pooled, axis=-1)

    def compare(self, features, reference_features):
        """Logits `(batch, 1)` for two batches of features."""
        x = ops.concatenate([features, reference_features], axis=-1)
        for dense in self.dense[:-1]:
            x = leaky_relu(dense(x))
        return self.dense[-1](x)

    def get_config(self):
        return {**super().get_config(), "width": self.width}
