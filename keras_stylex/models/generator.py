"""G(x, y) = D(Ec(x), Es(y))."""

import keras
from keras import ops

from keras_stylex.errors import InputError
from keras_stylex.layers.edge_padding import EdgePadding2D, trim_edges
from keras_stylex.models.content_encoder import ContentEncoder
from keras_stylex.models.decoder import Decoder
from keras_stylex.models.presets import preset_config
from keras_stylex.models.style_codes import fade_style
from keras_stylex.models.style_encoder import StyleEncoder
from keras_stylex.weights import read_shipped


@keras.saving.register_keras_serializable(package="keras_stylex")
class Generator(keras.Model):
    """Paints the content of one picture in the style of another.

    `G(x, y) = D(Ec(x), Es(y))`: a content encoder, a style encoder, a decoder.
    `neutral_style` is the running mean of the style codes of content pictures, which
    training keeps: where the strength of a style is 0.

    Args:
        widths: Tuple of integers, channels at 1/2, 1/4, ... of the picture's size.
        encoder_blocks: Integer, residual blocks of the content encoder.
        decoder_blocks: Tuple of integers, the decoder's residual blocks at each level,
            finest first.
        style_widths: Tuple of integers, channels of the style encoder.
        style_dim: Integer, size of a style code.

    Call arguments:
        inputs: list `[content, style]` of pictures `(batch, height, width, 3)`,
            [0, 1], float; the two may differ in size, and any size will do.

    Returns: `(batch, height, width, 3)` float32 pictures of the content's size, (0, 1).
    """

    def __init__(
        self,
        widths=(32, 48, 96),
        encoder_blocks=2,
        decoder_blocks=(0, 2, 2),
        style_widths=(16, 32, 64, 64),
        style_dim=64,
        **kwargs,
    ):
        super().__init__(**kwargs)

        # === Layers ===
        options = {"dtype": self.dtype_policy}
        self.content_encoder = ContentEncoder(widths, encoder_blocks, **options)
        self.style_encoder = StyleEncoder(style_widths, style_dim, **options)
        self.decoder = Decoder(widths, decoder_blocks, **options)
        # Painted beyond the border and trimmed: what convolutions make of the nothing
        # around a picture is cut off. One place of the coarsest features.
        self.margin = EdgePadding2D(2 ** len(widths), **options)

        # === Config ===
        self.widths = tuple(widths)
        self.encoder_blocks = encoder_blocks
        self.decoder_blocks = tuple(decoder_blocks)
        self.style_widths = tuple(style_widths)
        self.style_dim = style_dim

        self.build([(None, None, None, 3)] * 2)

    def build(self, input_shape):
        content_shape, style_shape = input_shape
        self.content_encoder.build(content_shape)
        self.style_encoder.build(style_shape)
        self.decoder.build(
            [(None, None, None, width) for width in self.widths],
            (None, self.style_dim),
        )
        self.neutral_style = self.add_weight(
            shape=(self.style_dim,),
            initializer="zeros",
            trainable=False,
            name="neutral_style",
        )
        self.built = True

    @classmethod
    def from_preset(cls, preset, weights=None, **kwargs):
        """Makes a generator of a named size: see `keras_stylex.presets()`.

        Args:
            preset: String, for example `"stylex_mobile"`.
            weights: String, trained weights that ship inside the package: see
                `keras_stylex.shipped_weights()`; or `None` for an untrained generator.
            **kwargs: Arguments that replace the preset's.

        Raises:
            InputError: when there is no preset or there are no weights of that name, or
                the weights are those of another network.
        """
        config = {**preset_config(preset), **kwargs}
        if weights is None:
            return cls(**config)
        shipped = read_shipped(weights)
        shipped.check_preset(preset)
        generator = cls(**config)
        shipped.load_into(generator)
        return generator

    def call(self, inputs):
        content, style = inputs
        return self.stylize(content, self.encode_style(style))

    def stylize(self, content, style_code, strength=None):
        """Paints pictures `(batch, height, width, 3)` with style codes.

        Args:
            content: `(batch, height, width, 3)` pictures, [0, 1].
            style_code: `(batch, style_dim)` or `(1, style_dim)` style codes.
            strength: Float or `(batch, 1)` in [0, 1], or `None` for 1: how far to go
                from `neutral_style` to the style code.
        """
        if strength is not None:
            style_code = fade_style(self.neutral_style, style_code, strength)
        pictures = self.decode(self.encode_content(self.margin(content)), style_code)
        return trim_edges(pictures, self.margin.size, content)

    def encode_content(self, images):
        """The content code of pictures: a list of features, finest first."""
        return self.content_encoder(images)

    def encode_style(self, images):
        """The style code `(batch, style_dim)` of pictures, unit root mean square."""
        return self.style_encoder(images)

    def decode(self, content_code, style_code, pattern=None):
        """The pictures of a content code and a style code; sides rounded up to even.

        What brush strokes are made of may be given: see `Decoder`.
        """
        return self.decoder(content_code, style_code, pattern)

    def export(self, filepath, format="tf_saved_model", *args, **options):
        """Writes the generator for inference: see `keras.Model.export`.

        For TensorFlow Serving and for devices, rather use `keras_stylex.export`: what
        it writes is smaller or faster, and was compared with this generator.

        Raises:
            InputError: when the file would not load on a device.
        """
        if format == "litert" and self.compute_dtype != "float32":
            raise InputError(
                f"LiteRT cannot load a file that computes in {self.compute_dtype}. Use "
                "keras_stylex.export.export_folder: its files are float32, float16 or "
                "int8, whatever the generator computes in."
            )
        pictures = ops.zeros((1, 32, 32, 3))
        self([pictures, pictures])  # Keras exports only what has been called
        super().export(filepath, format, *args, **options)

    @property
    def architecture(self):
        """The arguments that decide what weights it has, a dict."""
        return {
            "widths": self.widths,
            "encoder_blocks": self.encoder_blocks,
            "decoder_blocks": self.decoder_blocks,
            "style_widths": self.style_widths,
            "style_dim": self.style_dim,
        }

    def get_config(self):
        return {**super().get_config(), **self.architecture}
