"""Ds: does the style come from this reference?"""

import keras
from keras import ops

from keras_stylex.layers import StatisticsPooling2D
from keras_stylex.layers.activation import MIDDLE_GREY, leaky_relu
from keras_stylex.models.content_discriminator import strided_conv


@keras.saving.register_keras_serializable(package="keras_stylex")
class StyleDiscriminator(keras.layers.Layer):
    """Tells whether two pictures are painted in one style, patch by patch.

    Features of the image, which are not normalised, meet mean and standard deviation of
    those of the reference; dense layers judge every patch. The idea of a patch critic
    that sees the reference is that of
    [Park et al., 2020](https://arxiv.org/abs/2007.00653). It looks at pictures of half
    the size, as `ContentDiscriminator` does.

    Args:
        width: Integer, channels of the first convolution.

    Call arguments:
        inputs: list `[image, reference]` of pictures `(batch, height, width, 3)`,
            [0, 1], float; the two may differ in size.

    Returns: `(batch, height / 32, width / 32, 1)` logits, positive for "one style".
    """

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.width = width
        self.halve = keras.layers.AveragePooling2D(
            2, padding="same", dtype=self.dtype_policy
        )
        self.convs = [
            strided_conv(width * factor, i, self.dtype_policy)
            for i, factor in enumerate((1, 2, 4, 8))
        ]
        self.pool = StatisticsPooling2D(dtype=self.dtype_policy)
        self.of_image, self.of_reference, self.hidden, self.to_logits = (
            keras.layers.Dense(units, dtype=self.dtype_policy, name=name)
            for name, units in (
                ("of_image", 8 * width),
                ("of_reference", 8 * width),
                ("hidden", 8 * width),
                ("to_logits", 1),
            )
        )

    def build(self, input_shape):
        channels = input_shape[0][-1]
        for conv in self.convs:
            conv.build((None, None, None, channels))
            channels = conv.filters
        # Mean and deviation, of every convolution.
        self.of_reference.build((None, 2 * sum(conv.filters for conv in self.convs)))
        for dense in (self.of_image, self.hidden, self.to_logits):
            dense.build((None, None, None, channels))

    def call(self, inputs):
        image, reference = inputs
        return self.compare(self.features(image), self.features(reference))

    def features(self, images):
        """What this critic sees of pictures: one list, all of batch size.

        Returns: `[patches, style]`: `(batch, height / 32, width / 32, 8 * width)` and
            `(batch, 30 * width)`.
        """
        x, pooled = self.halve(images) - MIDDLE_GREY, []
        for conv in self.convs:
            x = leaky_relu(conv(x))
            pooled.append(self.pool(x))
        return [x, ops.concatenate(pooled, axis=-1)]

    def compare(self, features, reference_features):
        """Logits for the features of images and those of their references."""
        style = self.of_reference(reference_features[1])[:, None, None]
        x = leaky_relu(self.of_image(features[0]) + style)
        return self.to_logits(leaky_relu(self.hidden(x)))

    def get_config(self):
        return {**super().get_config(), "width": self.width}
