"""Residual blocks whose branch starts at zero: plain, and steered by a style."""

import keras
from keras import ops

from keras_stylex.layers.activation import leaky_relu
from keras_stylex.layers.modulated_conv2d import ModulatedConv2D


@keras.saving.register_keras_serializable(package="keras_stylex")
class ResidualBlock(keras.layers.Layer):
    """`x + gain * f(f(x))` with `f(x) = pointwise(depthwise(act(x)))`.

    The learned gain starts at zero, so that a new block changes nothing and bears
    high learning rates ([Bachlechner et al., 2020](https://arxiv.org/abs/2003.04887)).
    It folds into the last kernel. Depthwise-separable convolutions are those of
    [Howard et al., 2017](https://arxiv.org/abs/1704.04861).

    Args:
        filters: Integer, channels in and out.

    Call arguments:
        inputs: `(batch, height, width, filters)` features.

    Returns: a tensor of the inputs' shape.
    """

    def __init__(self, filters, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.depthwise = [_depthwise(i, self.dtype_policy) for i in range(2)]
        self.pointwise = [
            keras.layers.Conv2D(
                filters,
                1,
                kernel_initializer="he_normal",
                dtype=self.dtype_policy,
                name=f"pointwise{i}",
            )
            for i in range(2)
        ]

    def build(self, input_shape):
        self.gain = self.add_weight(shape=(), initializer="zeros", name="gain")
        for layer in (*self.depthwise, *self.pointwise):
            layer.build(input_shape)

    def call(self, inputs):
        x = inputs
        for depthwise, pointwise in zip(self.depthwise, self.pointwise, strict=True):
            x = pointwise(depthwise(leaky_relu(x)))
        return inputs + ops.cast(self.gain, x.dtype) * x

    def get_config(self):
        return {**super().get_config(), "filters": self.filters}


@keras.saving.register_keras_serializable(package="keras_stylex")
class ModulatedResidualBlock(keras.layers.Layer):
    """A residual block whose convolutions are modulated by a style code.

    `x + gain * f(f(x))`, where `f(x)` is a modulated 3x3 convolution of `act(x)`, or a
    depthwise convolution and a modulated pointwise one. Few channels are cheapest with
    the former, many with the latter. The gain starts at zero, as in `ResidualBlock`.

    Args:
        filters: Integer, channels in and out.
        separable: Boolean, whether to use depthwise-separable convolutions.

    Call arguments:
        inputs: `(batch, height, width, filters)` features.
        style_code: `(batch, style_dim)` style codes.

    Returns: a tensor of the inputs' shape.
    """

    def __init__(self, filters, separable, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.separable = separable
        kernel_size = 1 if separable else 3
        self.depthwise = [
            _depthwise(i, self.dtype_policy) for i in range(2 if separable else 0)
        ]
        self.convs = [
            ModulatedConv2D(
                filters, kernel_size, dtype=self.dtype_policy, name=f"conv{i}"
            )
            for i in range(2)
        ]

    def build(self, inputs_shape, style_code_shape):
        self.gain = self.add_weight(shape=(), initializer="zeros", name="gain")
        for depthwise in self.depthwise:
            depthwise.build(inputs_shape)
        for conv in self.convs:
            conv.build(inputs_shape, style_code_shape)

    def call(self, inputs, style_code):
        x = inputs
        for i, conv in enumerate(self.convs):
            x = leaky_relu(x)
            x = self.depthwise[i](x) if self.separable else x
            x = conv(x, style_code)
        return inputs + ops.cast(self.gain, x.dtype) * x

    def compute_output_shape(self, inputs_shape, style_code_shape):
        return inputs_shape

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "separable": self.separable,
        }


def _depthwise(index, dtype_policy):
    """A 3x3 depthwise convolution that keeps the variance of its input at the start.

    Keras' own initialisers count a depthwise kernel's channels into its fan-in. It has
    no bias: the pointwise convolution that follows has one.
    """
    return keras.layers.DepthwiseConv2D(
        3,
        padding="same",
        use_bias=False,
        depthwise_initializer=keras.initializers.RandomNormal(stddev=1 / 3),
        dtype=dtype_policy,
        name=f"depthwise{index}",
    )
