"""D: paints a content in a style."""

import keras
from keras import ops

from keras_stylex.layers import (
    EdgePadding2D,
    ModulatedConv2D,
    ModulatedResidualBlock,
    NoCheckerboard,
    PixelShuffle,
    StrokePattern,
    Upsampling2D,
)
from keras_stylex.layers.activation import leaky_relu

STROKES = 4  # features of brush strokes


@keras.saving.register_keras_serializable(package="keras_stylex")
class Decoder(keras.layers.Layer):
    """Maps a content code and a style code to a picture.

    Coarsest level first: modulated residual blocks, then a pointwise convolution
    to the next width, doubled in size; what the content code holds at that level is
    added through a modulated convolution, so that the style decides what of it
    survives. The finest level also gets features of brush strokes, which the style
    mixes from a fixed pattern, and makes twelve channels that are shuffled into pixels.

    Args:
        widths: Tuple of integers, the content encoder's widths, finest first.
        blocks: Tuple of integers, residual blocks at each level, finest first.

    Call arguments:
        content_code: list of features, as `ContentEncoder` returns it.
        style_code: `(batch, style_dim)` style codes.
        pattern: `(1 or batch, height, width, 24)` of the finest features' size, what
            strokes are made of; or `None` for `stroke_pattern`'s first window.

    Returns: `(batch, height, width, 3)` pictures, (0, 1), float32; height and width are
        twice those of the finest features.
    """

    def __init__(self, widths, blocks, **kwargs):
        super().__init__(**kwargs)
        self.widths = tuple(widths)
        self.blocks = tuple(blocks)

        # === Layers ===
        # One flat list: Keras before 3.15 does not save the layers of nested ones.
        self.residual = [
            self._make_block(width, level, index)
            for level, (width, count) in enumerate(
                zip(self.widths, self.blocks, strict=True)
            )
            for index in range(count)
        ]
        self.narrow = [
            self._make_conv(width, f"narrow{i}")
            for i, width in enumerate(self.widths[:-1])
        ]
        self.skip = [
            self._make_conv(width, f"skip{i}")
            for i, width in enumerate(self.widths[:-1])
        ]
        self.stroke_pattern = StrokePattern(dtype=self.dtype_policy, name="pattern")
        self.strokes = self._make_conv(STROKES, "strokes")
        # Clipped at 0, so that a style can have no strokes at all; some to begin with,
        # or it would never learn what they are good for.
        self.stroke_strength = keras.layers.Dense(
            STROKES,
            activation="relu",
            kernel_initializer="zeros",
            bias_initializer=keras.initializers.Constant(0.5),
            dtype=self.dtype_policy,
            name="stroke_strength",
        )
        self.upsample = Upsampling2D(dtype=self.dtype_policy, name="upsample")
        self.pad = EdgePadding2D(dtype=self.dtype_policy, name="pad")
        self.to_pixels = ModulatedConv2D(
            12,
            padding="valid",
            demodulate=False,
            constraint=NoCheckerboard(),
            dtype=self.dtype_policy,
            name="to_pixels",
        )
        self.shuffle = PixelShuffle(2, dtype=self.dtype_policy, name="shuffle")

    def _make_block(self, width, level, index):
        name = f"block{level}_{index}"
        return ModulatedResidualBlock(
            width,
            separable=level == len(self.widths) - 1,
            dtype=self.dtype_policy,
            name=name,
        )

    def _make_conv(self, width, name):
        return ModulatedConv2D(width, 1, dtype=self.dtype_policy, name=name)

    def build(self, content_code_shape, style_code_shape):
        for block in self.residual:
            block.build((None, None, None, block.filters), style_code_shape)
        # How much the coarse features count beside the fine ones, at each level.
        self.coarse_gain = self.add_weight(
            shape=(len(self.widths) - 1,),
            initializer=keras.initializers.Constant(1.0),
            name="coarse_gain",
        )
        for i, width in enumerate(self.widths[:-1]):
            self.narrow[i].build(
                (None, None, None, self.widths[i + 1]), style_code_shape
            )
            fine = width + STROKES if i == 0 else width
            self.skip[i].build((None, None, None, fine), style_code_shape)
        pattern_shape = self.stroke_pattern.compute_output_shape(content_code_shape[0])
        self.strokes.build(pattern_shape, style_code_shape)
        self.stroke_strength.build(style_code_shape)
        self.to_pixels.build((None, None, None, self.widths[0]), style_code_shape)

    def call(self, content_code, style_code, pattern=None):
        x, fine = content_code[-1], [*content_code[:-1]]
        fine[0] = self._add_strokes(fine[0], style_code, pattern)
        for level in reversed(range(len(self.widths))):
            if level < len(self.widths) - 1:
                x = self._rise(x, fine[level], style_code, level)
            for block in self.residual_at(level):
                x = block(x, style_code)
        x = self.shuffle(self.to_pixels(self.pad(leaky_relu(x)), style_code))
        return ops.sigmoid(ops.cast(x, "float32"))

    def _add_strokes(self, x, style_code, pattern):
        pattern = self.stroke_pattern(x) if pattern is None else pattern
        strokes = self.mix_strokes(pattern, style_code)
        strokes = strokes + ops.zeros_like(x[..., :1])  # one style serves a batch
        return ops.concatenate([x, strokes], axis=-1)

    def mix_strokes(self, pattern, style_code):
        """Features of the style's strokes, `(batch, height, width, 4)`."""
        strength = self.stroke_strength(style_code)[:, None, None]
        return strength * self.strokes(pattern, style_code)

    def residual_at(self, level):
        """The residual blocks of a level, 0 the finest."""
        start = sum(self.blocks[:level])
        return self.residual[start : start + self.blocks[level]]

    def _rise(self, x, fine, style_code, level):
        x = self.upsample(self.narrow[level](leaky_relu(x), style_code), fine)
        x = ops.cast(self.coarse_gain[level], x.dtype) * x
        return x + self.skip[level](leaky_relu(fine), style_code)

    def get_config(self):
        return {**super().get_config(), "widths": self.widths, "blocks": self.blocks}
