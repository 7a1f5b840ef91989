"""Instance normalisation, for the content discriminator only."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_stylex")
class InstanceNormalization(keras.layers.Layer):
    """Gives each channel of each picture mean zero and variance one.

    `y = (x - mean(x)) / sqrt(var(x) + epsilon)`, statistics over height and width,
    after [Ulyanov et al., 2016](https://arxiv.org/abs/1607.08022), with no weights.

    Args:
        epsilon: Float, added to the variance. Defaults to `1e-3`.

    Call arguments:
        inputs: `(batch, height, width, channels)` features, any value range.

    Returns: a tensor of the inputs' shape, in the layer's compute dtype.
    """

    def __init__(self, epsilon=1e-3, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon
        self.built = True  # it has no weights

    def call(self, inputs):
        x = ops.cast(inputs, "float32")  # a float16 variance overflows
        mean, variance = ops.moments(x, axes=[1, 2], keepdims=True)
        x = (x - mean) * ops.rsqrt(variance + self.epsilon)
        return ops.cast(x, self.compute_dtype)

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}
