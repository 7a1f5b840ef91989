"""Disc(x) = (Dc(x), Ds(x)): content and style judged apart."""

import keras

from keras_stylex.models.content_discriminator import ContentDiscriminator
from keras_stylex.models.style_discriminator import StyleDiscriminator


@keras.saving.register_keras_serializable(package="keras_stylex")
class Discriminator(keras.Model):
    """Judges the content of a picture and, against a reference, its style.

    Args:
        width: Integer, channels of the first convolutions. Defaults to 16.

    Call arguments:
        inputs: list `[image, reference]` of pictures `(batch, height, width, 3)`,
            [0, 1], float; the two may differ in size.

    Returns: `(content_logits, style_logits)`, each `(batch, rows, columns, 1)`, one
        logit per patch of the image; positive is "real".
    """

    def __init__(self, width=16, **kwargs):
        super().__init__(**kwargs)
        self.width = width
        self.content = ContentDiscriminator(width, dtype=self.dtype_policy)
        self.style = StyleDiscriminator(width, dtype=self.dtype_policy)
        self.build([(None, None, None, 3)] * 2)

    def build(self, input_shape):
        self.content.build(input_shape[0])
        self.style.build(input_shape)
        self.built = True

    def call(self, inputs):
        image, reference = inputs
        return self.content(image), self.style([image, reference])

    def get_config(self):
        return {**super().get_config(), "width": self.width}
