"""CycleGAN's two networks: the residual generator and the 70x70 PatchGAN.

[Zhu et al., 2017](https://arxiv.org/abs/1703.10593), appendix 7.2; what the paper
leaves open (biases, instance normalisation without weights, an epsilon of 1e-5,
paddings) is as in the authors' PyTorch code. Pictures are in [-1, 1] here.
"""

import keras
from keras import layers, ops

from keras_stylex.layers import InstanceNormalization


@keras.saving.register_keras_serializable(package="baselines")
class ReflectionPadding2D(layers.Layer):
    """Continues pictures over their border by `margin` mirrored pixels."""

    def __init__(self, margin, **kwargs):
        super().__init__(**kwargs)
        self.margin = margin

    def call(self, inputs):
        sides = (self.margin, self.margin)
        return ops.pad(inputs, [(0, 0), sides, sides, (0, 0)], mode="reflect")

    def get_config(self):
        return {**super().get_config(), "margin": self.margin}


def resnet_generator(filters=64, blocks=9, name=None):
    """`c7s1-64, d128, d256, R256 x blocks, u128, u64, c7s1-3` in the paper's notation.

    Args:
        filters: Integer, channels at full resolution; 64 in the paper.
        blocks: Integer, residual blocks: 6 for 128x128 in the paper, 9 from 256x256 on.

    Returns: a `keras.Model` from pictures `(batch, height, width, 3)` in [-1, 1], sides
        divisible by 4, to such pictures.
    """
    pictures = keras.Input((None, None, 3))
    x = _convolution(ReflectionPadding2D(3)(pictures), filters, 7, padding="valid")
    x = _normalized_relu(x)
    for width in (2 * filters, 4 * filters):
        x = _normalized_relu(_convolution(x, width, 3, strides=2, padding="same"))
    for _ in range(blocks):
        x = _residual_block(x)
    for width in (2 * filters, filters):
        x = _normalized_relu(_transposed_convolution(x, width))
    x = ReflectionPadding2D(3)(x)
    x = _convolution(x, 3, 7, padding="valid", activation="tanh")
    return keras.Model(pictures, x, name=name)


def patch_critic(filters=64, name=None):
    """`C64, C128, C256, C512` and one logit for each patch of 70x70 pixels.

    Args:
        filters: Integer, channels of the first convolution; 64 in the paper.

    Returns: a `keras.Model` from pictures `(batch, height, width, 3)` in [-1, 1], sides
        of at least 24 pixels, to logits `(batch, height // 8 - 2, width // 8 - 2, 1)`.
    """
    pictures = keras.Input((None, None, 3))
    x = _patch_convolution(pictures, filters, strides=2)
    x = layers.LeakyReLU(0.2)(x)
    for width, strides in ((2 * filters, 2), (4 * filters, 2), (8 * filters, 1)):
        x = _patch_convolution(x, width, strides)
        x = layers.LeakyReLU(0.2)(InstanceNormalization(1e-5)(x))
    return keras.Model(pictures, _patch_convolution(x, 1, strides=1), name=name)


def _initializer():
    return keras.initializers.RandomNormal(0.0, 0.02)


def _convolution(x, filters, size, **options):
    convolution = layers.Conv2D(
        filters, size, kernel_initializer=_initializer(), **options
    )
    return convolution(x)


def _transposed_convolution(x, filters):
    convolution = layers.Conv2DTranspose(
        filters, 3, strides=2, padding="same", kernel_initializer=_initializer()
    )
    return convolution(x)


def _patch_convolution(x, filters, strides):
    x = layers.ZeroPadding2D(1)(x)
    return _convolution(x, filters, 4, strides=strides, padding="valid")


def _normalized_relu(x):
    return layers.ReLU()(InstanceNormalization(1e-5)(x))


def _residual_block(x):
    width = x.shape[-1]
    y = _convolution(ReflectionPadding2D(1)(x), width, 3, padding="valid")
    y = _normalized_relu(y)
    y = _convolution(ReflectionPadding2D(1)(y), width, 3, padding="valid")
    return layers.Add()([x, InstanceNormalization(1e-5)(y)])
