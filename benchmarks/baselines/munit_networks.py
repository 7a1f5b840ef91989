"""MUNIT's networks: content and style encoders, AdaIN decoder, multi-scale critic.

[Huang et al., 2018](https://arxiv.org/abs/1804.04732), section 5.1 and appendix B, in
its notation; what the paper leaves open (paddings, an epsilon of 1e-5) is as usual.
Pictures are in [-1, 1] here.
"""

import keras
from keras import layers, ops

from baselines.cyclegan_networks import ReflectionPadding2D
from keras_stylex.layers import InstanceNormalization

STYLE_DIM = 8
SCALES = 3


@keras.saving.register_keras_serializable(package="baselines")
class AdaptiveInstanceNormalization(layers.Layer):
    """`gamma * (x - mean(x)) / sqrt(var(x) + epsilon) + beta`, of each channel.

    Call arguments:
        inputs: `(batch, height, width, channels)` features.
        parameters: `(batch, 2 * channels)`, gamma and beta.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.normalize = InstanceNormalization(1e-5)

    def call(self, inputs, parameters):
        gamma, beta = ops.split(parameters[:, None, None], 2, axis=-1)
        return gamma * self.normalize(inputs) + beta


@keras.saving.register_keras_serializable(package="baselines")
class PictureNormalization(layers.Layer):
    """Layer normalization over height, width and channels, weights by channel."""

    def build(self, input_shape):
        shape = (input_shape[-1],)
        self.gamma = self.add_weight(shape=shape, initializer="ones", name="gamma")
        self.beta = self.add_weight(shape=shape, initializer="zeros", name="beta")

    def call(self, inputs):
        mean, variance = ops.moments(inputs, axes=(1, 2, 3), keepdims=True)
        return self.gamma * (inputs - mean) * ops.rsqrt(variance + 1e-5) + self.beta


def content_encoder(filters=64, blocks=4, name=None):
    """`c7s1-64, d128, d256, R256 x blocks`, instance-normalised.

    Returns: a `keras.Model` from pictures `(batch, height, width, 3)` in [-1, 1], sides
        divisible by 4, to `(batch, height / 4, width / 4, 4 * filters)`.
    """
    pictures = keras.Input((None, None, 3))
    x = _normalized_relu(_convolution(pictures, filters, 7))
    for width in (2 * filters, 4 * filters):
        x = _normalized_relu(_convolution(x, width, 4, strides=2))
    for _ in range(blocks):
        y = _normalized_relu(_convolution(x, 4 * filters, 3))
        y = InstanceNormalization(1e-5)(_convolution(y, 4 * filters, 3))
        x = layers.Add()([x, y])
    return keras.Model(pictures, x, name=name)


def style_encoder(filters=64, name=None):
    """`c7s1-64, d128, d256, d256, d256, GAP, fc8`, without normalisation.

    Returns: a `keras.Model` from pictures `(batch, height, width, 3)` in [-1, 1] to
        style codes `(batch, 8)`.
    """
    pictures = keras.Input((None, None, 3))
    x = layers.ReLU()(_convolution(pictures, filters, 7))
    for width in (2 * filters, 4 * filters, 4 * filters, 4 * filters):
        x = layers.ReLU()(_convolution(x, width, 4, strides=2))
    x = layers.Dense(STYLE_DIM)(layers.GlobalAveragePooling2D()(x))
    return keras.Model(pictures, x, name=name)


def decoder(filters=64, blocks=4, name=None):
    """`R256 x blocks` with AdaIN, `u128, u64` with layer normalisation, `c7s1-3`.

    A multilayer perceptron maps the style code to the parameters of every AdaIN.

    Returns: a `keras.Model` from `[content_code, style_code]` to pictures in [-1, 1].
    """
    content_code = keras.Input((None, None, 4 * filters))
    style_code = keras.Input((STYLE_DIM,))
    hidden = style_code
    for _ in range(2):
        hidden = _dense(hidden, 4 * filters, activation="relu")
    x = content_code
    for _ in range(blocks):
        y = layers.ReLU()(_adaptive_convolution(x, hidden))
        x = layers.Add()([x, _adaptive_convolution(y, hidden)])
    for width in (2 * filters, filters):
        x = _convolution(layers.UpSampling2D(2)(x), width, 5)
        x = layers.ReLU()(PictureNormalization()(x))
    x = _convolution(x, 3, 7, activation="tanh", kernel_initializer="glorot_normal")
    return keras.Model([content_code, style_code], x, name=name)


def multi_scale_critic(filters=64, name=None):
    """`d64, d128, d256, d512` and one logit per place, at three scales.

    Returns: a `keras.Model` from pictures `(batch, height, width, 3)` in [-1, 1] to a
        list of logits `(batch, height, width, 1)`, finest scale first.
    """
    pictures = keras.Input((None, None, 3))
    scaled, logits = pictures, []
    for scale in range(SCALES):
        if scale:
            scaled = layers.AveragePooling2D(3, 2, padding="same")(scaled)
        logits.append(_patch_logits(scaled, filters))
    return keras.Model(pictures, logits, name=name)


def _patch_logits(x, filters):
    initializer = keras.initializers.RandomNormal(0.0, 0.02)
    for width in (filters, 2 * filters, 4 * filters, 8 * filters):
        x = layers.Conv2D(
            width, 4, strides=2, padding="same", kernel_initializer=initializer
        )(x)
        x = layers.LeakyReLU(0.2)(x)
    return layers.Conv2D(1, 1, kernel_initializer=initializer)(x)


def _convolution(x, filters, size, strides=1, **options):
    options = {"kernel_initializer": "he_normal", **options}
    x = ReflectionPadding2D((size - strides + 1) // 2)(x)
    return layers.Conv2D(filters, size, strides, padding="valid", **options)(x)


def _normalized_relu(x):
    return layers.ReLU()(InstanceNormalization(1e-5)(x))


def _adaptive_convolution(x, hidden):
    width = x.shape[-1]
    parameters = _dense(hidden, 2 * width)
    return AdaptiveInstanceNormalization()(_convolution(x, width, 3), parameters)


def _dense(x, units, **options):
    return layers.Dense(units, kernel_initializer="he_normal", **options)(x)
