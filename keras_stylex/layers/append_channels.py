"""Features that are the same for every picture."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_stylex")
class AppendChannels(keras.layers.Layer):
    """Appends fixed channels to its input: `y = [x, channels]`.

    Args:
        shape: Tuple of integers, `(height, width, count)` of the channels.

    Call arguments:
        inputs: `(1, height, width, channels)` features.

    Returns: `(1, height, width, channels + count)`.
    """

    def __init__(self, shape, **kwargs):
        super().__init__(**kwargs)
        self.shape = tuple(shape)
        self.channels = self.add_weight(
            shape=(1, *self.shape), trainable=False, name="channels"
        )
        self.built = True

    def call(self, inputs):
        channels = ops.cast(self.channels, self.compute_dtype) + 0
        return ops.concatenate([inputs, channels], axis=-1)

    def get_config(self):
        return {**super().get_config(), "shape": self.shape}
