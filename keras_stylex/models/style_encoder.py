"""Es: how a picture is painted."""

import keras
from keras import ops

from keras_stylex.layers import OrientedEnergy, StatisticsPooling2D
from keras_stylex.layers.activation import MIDDLE_GREY, leaky_relu
from keras_stylex.models.style_codes import normalize_style

BANDS = 4  # horizontal bands whose statistics make a style


@keras.saving.register_keras_serializable(package="keras_stylex")
class StyleEncoder(keras.layers.Layer):
    """Maps a picture to its style code, of unit root mean square.

    Strided convolutions without normalisation (which would remove the style); mean and
    standard deviation of every channel of each, over four horizontal bands: fine maps
    tell strokes, coarse ones what is painted in which colour; the direction and width
    of strokes, which colours would drown, from `OrientedEnergy`; two dense layers.

    Args:
        widths: Tuple of integers, channels after each strided convolution.
        style_dim: Integer, size of a style code.

    Call arguments:
        images: `(batch, height, width, 3)` pictures, [0, 1], any size.

    Returns: `(batch, style_dim)` style codes.
    """

    def __init__(self, widths, style_dim, **kwargs):
        super().__init__(**kwargs)
        self.widths = tuple(widths)
        self.style_dim = style_dim

        # === Layers ===
        self.convs = [
            keras.layers.Conv2D(
                width,
                4,
                strides=2,
                padding="same",
                kernel_initializer="he_normal",
                dtype=self.dtype_policy,
                name=f"conv{i}",
            )
            for i, width in enumerate(self.widths)
        ]
        self.oriented_energy = OrientedEnergy(dtype=self.dtype_policy)
        self.pool = StatisticsPooling2D(BANDS, dtype=self.dtype_policy)
        self.dense = [
            keras.layers.Dense(style_dim, dtype=self.dtype_policy, name=f"dense{i}")
            for i in range(2)
        ]

    def build(self, input_shape):
        channels = input_shape[-1]
        for layer, width in zip(self.convs, self.widths, strict=True):
            layer.build((None, None, None, channels))
            channels = width
        energies = self.oriented_energy.compute_output_shape(input_shape)[-1]
        self.dense[0].build((None, BANDS * 2 * sum(self.widths) + energies))
        self.dense[1].build((None, self.style_dim))

    def call(self, images):
        x, pooled = images - MIDDLE_GREY, []
        energies = ops.cast(self.oriented_energy(images), x.dtype)
        for conv in self.convs:
            x = leaky_relu(conv(x))
            pooled.append(self.pool(x))
        x = leaky_relu(self.dense[0](ops.concatenate([*pooled, energies], axis=-1)))
        return normalize_style(self.dense[1](x))

    def get_config(self):
        return {
            **super().get_config(),
            "widths": self.widths,
            "style_dim": self.style_dim,
        }
