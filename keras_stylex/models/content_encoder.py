"""Ec: what a picture shows."""

import keras

from keras_stylex.layers import ResidualBlock
from keras_stylex.layers.activation import MIDDLE_GREY, leaky_relu


@keras.saving.register_keras_serializable(package="keras_stylex")
class ContentEncoder(keras.layers.Layer):
    """Maps a picture to its content code, a list of feature maps, finest first.

    Strided convolutions halve the picture once per entry of `widths`; residual
    blocks follow at the coarsest level. No normalisation layer: the network needs no
    statistics of the picture at run time, so its filters neither flicker nor resist
    quantisation.

    Args:
        widths: Tuple of integers, channels at 1/2, 1/4, ... of the picture's size.
        blocks: Integer, residual blocks at the coarsest level.

    Call arguments:
        images: `(batch, height, width, 3)` pictures, [0, 1], any size.

    Returns: a list of features `(batch, height / 2**i, width / 2**i, widths[i - 1])`
        for `i = 1, 2, ...`, sides rounded up.
    """

    def __init__(self, widths, blocks, **kwargs):
        super().__init__(**kwargs)
        self.widths = tuple(widths)
        self.blocks = blocks

        # === Layers ===
        self.downsample = [
            keras.layers.Conv2D(
                width,
                4,
                strides=2,
                padding="same",
                kernel_initializer="he_normal",
                dtype=self.dtype_policy,
                name=f"downsample{i}",
            )
            for i, width in enumerate(self.widths)
        ]
        self.residual = [
            ResidualBlock(self.widths[-1], dtype=self.dtype_policy, name=f"residual{i}")
            for i in range(blocks)
        ]

    def build(self, input_shape):
        channels = input_shape[-1]
        for layer, width in zip(self.downsample, self.widths, strict=True):
            layer.build((None, None, None, channels))
            channels = width
        for layer in self.residual:
            layer.build((None, None, None, channels))

    def call(self, images):
        code, x = [], images - MIDDLE_GREY
        for layer in self.downsample:
            x = layer(leaky_relu(x) if code else x)
            code.append(x)
        for layer in self.residual:
            x = layer(x)
        return [*code[:-1], x]

    def get_config(self):
        return {**super().get_config(), "widths": self.widths, "blocks": self.blocks}
