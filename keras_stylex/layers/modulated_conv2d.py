"""The convolution that a style code steers, and that folds into a plain one."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_stylex")
class ModulatedConv2D(keras.layers.Layer):
    """A convolution whose kernel and bias depend on a style code.

    `y = conv(x * g(s), k) * d(s) + b(s)` with `g(s) = A s + 1` and
    `d(s) = 1 / sqrt(sum((k * g(s))^2) + epsilon)`, the sum over all but the
    output channels. It is StyleGAN2's weight modulation written on activations,
    plus a bias that follows the style. For one fixed style it equals a plain
    convolution with the kernel `k * g * d` and the bias `b`: see `fold`.

    Args:
        filters: Integer, number of output channels.
        kernel_size: Integer, height and width of the kernel. Defaults to 3.
        padding: String, `same` (zeros) or `valid`. Defaults to `same`.
        demodulate: Boolean, whether to divide by the norm of the modulated kernel.
            Defaults to `True`.
        constraint: Keras constraint on kernel and style-dependent bias, or `None`.
        epsilon: Float, added to the squared norm. Defaults to `1e-6`.

    Call arguments:
        inputs: `(batch, height, width, channels)` features, any value range.
        style_code: `(batch, style_dim)` style codes.

    Returns: `(batch, height, width, filters)` in the layer's compute dtype; with
        `valid` padding, sides are shorter by `kernel_size - 1`.

    Reference: [Karras et al., 2020](https://arxiv.org/abs/1912.04958)
    """

    def __init__(
        self,
        filters,
        kernel_size=3,
        padding="same",
        demodulate=True,
        constraint=None,
        epsilon=1e-6,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.filters = filters
        self.kernel_size = kernel_size
        self.padding = padding
        self.demodulate = demodulate
        self.constraint = keras.constraints.get(constraint)
        self.epsilon = epsilon

    def build(self, inputs_shape, style_code_shape):
        channels = inputs_shape[-1]
        self.kernel = self.add_weight(
            shape=(self.kernel_size, self.kernel_size, channels, self.filters),
            initializer="he_normal",
            constraint=self.constraint,
            name="kernel",
        )
        self.affine = keras.layers.Dense(
            channels,
            bias_initializer="ones",
            dtype=self.dtype_policy,
            name="affine",
        )
        self.affine.build(style_code_shape)
        self.style_bias = keras.layers.Dense(
            self.filters,
            kernel_initializer="zeros",
            kernel_constraint=self.constraint,
            bias_constraint=self.constraint,
            dtype=self.dtype_policy,
            name="style_bias",
        )
        self.style_bias.build(style_code_shape)

    def call(self, inputs, style_code):
        scale = self.affine(style_code)
        kernel = ops.cast(self.kernel, self.compute_dtype)
        outputs = ops.conv(inputs * scale[:, None, None], kernel, padding=self.padding)
        if self.demodulate:
            outputs = outputs * self._demodulation(scale)[:, None, None]
        return outputs + self.style_bias(style_code)[:, None, None]

    def _demodulation(self, scale):
        scale = ops.cast(scale, "float32")  # squares overflow float16
        squared_kernel = ops.square(ops.cast(self.kernel, "float32"))
        squared_norm = ops.matmul(
            ops.square(scale), ops.sum(squared_kernel, axis=(0, 1))
        )
        factor = ops.rsqrt(squared_norm + self.epsilon)
        return ops.cast(factor, self.compute_dtype)

    def fold(self, style_code):
        """Gives the plain convolution that the layer is for one fixed style.

        Args:
            style_code: `(style_dim,)` one style code.

        Returns: `(kernel, bias)` tensors of the shapes `(kernel_size, kernel_size,
            channels, filters)` and `(filters,)`, float32.
        """
        style_code = ops.convert_to_tensor(style_code)[None]
        scale = ops.cast(self.affine(style_code), "float32")
        kernel = ops.cast(self.kernel, "float32") * scale[0][:, None]
        if self.demodulate:
            kernel = kernel * ops.cast(self._demodulation(scale)[0], "float32")
        return kernel, ops.cast(self.style_bias(style_code)[0], "float32")

    def compute_output_shape(self, inputs_shape, style_code_shape):
        if self.padding == "same":
            return (*inputs_shape[:-1], self.filters)
        sides = (side and side - self.kernel_size + 1 for side in inputs_shape[1:-1])
        return (inputs_shape[0], *sides, self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "padding": self.padding,
            "demodulate": self.demodulate,
            "constraint": keras.constraints.serialize(self.constraint),
            "epsilon": self.epsilon,
        }
