"""Dc: does the content look like the target domain's?"""

import keras

from keras_stylex.layers import InstanceNormalization
from keras_stylex.layers.activation import MIDDLE_GREY, leaky_relu


@keras.saving.register_keras_serializable(package="keras_stylex")
class ContentDiscriminator(keras.layers.Layer):
    """A patch critic that is blind to palette and contrast.

    Its features are instance-normalised from the second convolution on, so it judges
    the arrangement of edges and strokes. Fully convolutional, after
    [Isola et al., 2017](https://arxiv.org/abs/1611.07004): any picture size.

    It looks at pictures of half the size. In their finest details paintings differ from
    what a decoder makes in ways that nobody sees, and a generator that is judged by
    them answers with dots and ringing.

    Args:
        width: Integer, channels of the first convolution.

    Call arguments:
        images: `(batch, height, width, 3)` pictures, [0, 1], float.

    Returns: `(batch, height / 16, width / 16, 1)` logits, positive for "real".
    """

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.width = width
        self.halve = keras.layers.AveragePooling2D(
            2, padding="same", dtype=self.dtype_policy
        )
        self.convs = [
            strided_conv(width * factor, i, self.dtype_policy)
            for i, factor in enumerate((1, 2, 4))
        ]
        self.normalize = InstanceNormalization(dtype=self.dtype_policy)
        self.to_logits = keras.layers.Conv2D(
            1, 4, padding="same", dtype=self.dtype_policy, name="to_logits"
        )

    def build(self, input_shape):
        channels = input_shape[-1]
        for conv in self.convs:
            conv.build((None, None, None, channels))
            channels = conv.filters
        self.to_logits.build((None, None, None, channels))

    def call(self, images):
        x = leaky_relu(self.convs[0](self.halve(images) - MIDDLE_GREY))
        for conv in self.convs[1:]:
            x = leaky_relu(self.normalize(conv(x)))
        return self.to_logits(x)

    def get_config(self):
        return {**super().get_config(), "width": self.width}


def strided_conv(filters, index, dtype_policy):
    """A 4x4 convolution that halves its input."""
    return keras.layers.Conv2D(
        filters,
        4,
        strides=2,
        padding="same",
        kernel_initializer="he_normal",
        dtype=dtype_policy,
        name=f"conv{index}",
    )
