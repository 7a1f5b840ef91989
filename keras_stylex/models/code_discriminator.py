"""Dz: is a content code that of a style picture?"""

import keras

from keras_stylex.layers.activation import leaky_relu


@keras.saving.register_keras_serializable(package="keras_stylex")
class CodeDiscriminator(keras.layers.Layer):
    """Tells the content codes of style pictures from those of content pictures.

    The content encoder learns to leave it no clue, so that what the decoder learns from
    rebuilding paintings holds for photos. After
    [Lee et al., 2018](https://arxiv.org/abs/1808.00948). Each logit sees 9 by 9
    places of the code, since what a place is, its surroundings tell.

    Args:
        width: Integer, channels. Defaults to 128.

    Call arguments:
        content_code: `(batch, height, width, channels)` features at the coarsest level.

    Returns: `(batch, height / 2, width / 2, 1)` logits, sides rounded up, positive for
        style pictures.
    """

    def __init__(self, width=128, **kwargs):
        super().__init__(**kwargs)
        self.width = width
        self.convs = [
            keras.layers.Conv2D(
                filters,
                size,
                strides,
                padding="same",
                kernel_initializer="he_normal",
                dtype=self.dtype_policy,
                name=f"conv{i}",
            )
            for i, (filters, size, strides) in enumerate(
                ((width, 1, 1), (width, 3, 1), (width, 3, 2), (width, 3, 1), (1, 1, 1))
            )
        ]

    def build(self, input_shape):
        channels = input_shape[-1]
        for conv in self.convs:
            conv.build((None, None, None, channels))
            channels = conv.filters

    def call(self, content_code):
        x = content_code
        for conv in self.convs[:-1]:
            x = leaky_relu(conv(x))
        return self.convs[-1](x)

    def get_config(self):
        return {**super().get_config(), "width": self.width}
