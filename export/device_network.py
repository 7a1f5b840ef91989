"""The networks that go into TFLite files: what they take, and what they give."""

from dataclasses import dataclass

import keras

from keras_stylex.export.bake import bake_filter
from keras_stylex.export.equalize import equalize
from keras_stylex.export.image_size import check_image_size


@dataclass(frozen=True)
class DeviceNetwork:
    """A functional model of static shapes, under the name of its signature.

    Attributes:
        signature: Name of the TFLite signature.
        model: `keras.Model`, batch 1, whose inputs bear the signature's names.
        output: Name of its output.
    """

    signature: str
    model: keras.Model
    output: str

    @property
    def inputs(self):
        """Shapes of the inputs by name, ordered as the model takes them."""
        return {tensor.name: tuple(tensor.shape) for tensor in self.model.inputs}

    def __call__(self, **inputs):
        """Computes with Keras: arrays by input name to one array."""
        ordered = [inputs[name] for name in self.inputs]
        return keras.ops.convert_to_numpy(self.model(ordered))


def filter_network(generator, style, strength=1.0, image_size=256, pictures=()):
    """`frame -> stylized`, one style folded in: see `bake_filter`.

    Real pictures, when given, even out the ranges of its channels: see `equalize`.
    """
    model = bake_filter(generator, style, strength, image_size)
    if len(pictures):
        equalize(model, pictures)
    return DeviceNetwork("stylize", _listed(model), "stylized")


def style_encoder_network(generator, image_size=256):
    """`style -> style_code`: `(1, height, width, 3)` to `(1, style_dim)`."""
    height, width = check_image_size(image_size)
    style = keras.Input((height, width, 3), batch_size=1, name="style")
    code = generator.encode_style(style)
    return DeviceNetwork("encode_style", keras.Model([style], code), "style_code")


def stylizer_network(generator, image_size=256):
    """`frame, style_code, strength -> stylized`, for apps that switch styles.

    `style_code` is `(1, style_dim)`, `strength` `(1, 1)` in [0, 1].
    """
    height, width = check_image_size(image_size)
    frame = keras.Input((height, width, 3), batch_size=1, name="frame")
    code = keras.Input((generator.style_dim,), batch_size=1, name="style_code")
    strength = keras.Input((1,), batch_size=1, name="strength")
    stylized = generator.stylize(frame, code, strength)
    model = keras.Model([frame, code, strength], stylized)
    return DeviceNetwork("stylize_with_code", model, "stylized")


def _listed(model):
    """The same model, which takes its one input in a list, as those of several do."""
    return keras.Model([*model.inputs], model.outputs[0])
