"""Folds a style into plain convolutions: from a generator to a filter."""

import keras
import numpy as np

from keras_stylex.export.image_size import check_image_size
from keras_stylex.layers import (
    AppendChannels,
    EdgePadding2D,
    PixelShuffle,
    Upsampling2D,
)
from keras_stylex.layers.activation import MIDDLE_GREY, leaky_relu
from keras_stylex.layers.edge_padding import trim_edges
from keras_stylex.models.style_codes import as_style_code, check_strength, fade_style


def bake_filter(generator, style, strength=1.0, image_size=256):
    """Makes a plain convolutional network that paints in one style.

    The style scales and shifts channels in a way that does not depend on the picture,
    so it folds into kernels and biases (see `ModulatedConv2D.fold`), and so do the
    gains of residual blocks. What strokes are made of becomes fixed channels.

    Args:
        generator: `Generator`.
        style: A reference `(height, width, 3)`, [0, 1]; a list of references, mixed
            equally; or a style code `(1, style_dim)`, such as `mix_references` makes of
            references with weights.
        strength: Float in [0, 1]: 0 keeps the look of a photo, 1 is the style.
        image_size: Integer or `(height, width)`, pixels, divisible by 4, 32 or more.

    Returns: a functional `keras.Model` from frames `(1, height, width, 3)`, [0, 1], to
        frames of the same shape, (0, 1), float32.

    Raises:
        InputError: when strength or size cannot be used.
    """
    height, width = check_image_size(image_size)
    check_strength(strength)
    code = as_style_code(generator, style)
    code = fade_style(generator.neutral_style, code, strength)[0]
    frame = keras.Input((height, width, 3), batch_size=1, dtype="float32", name="frame")
    margin = generator.margin.size
    # Centred before it is padded: otherwise int8 files give both one scale, and do not
    # take raw pixels.
    centred = EdgePadding2D(margin)(frame - MIDDLE_GREY)
    content_code = _encode(generator.content_encoder, centred)
    painted = _decode(generator.decoder, content_code, code)
    return keras.Model(frame, trim_edges(painted, margin, frame), name="filter")


def _encode(encoder, centred):
    code, x = [], centred
    for layer in encoder.downsample:
        x = leaky_relu(x) if code else x
        x = _conv(x, *_weights(layer), layer.name, strides=2)
        code.append(x)
    for block in encoder.residual:
        x = x + _branch(x, block, [_weights(layer) for layer in block.pointwise])
    return [*code[:-1], x]


def _decode(decoder, content_code, code):
    x = content_code[-1]
    for level in reversed(range(len(decoder.widths))):
        if level < len(decoder.widths) - 1:
            x = _rise(x, content_code[level], decoder, level, code)
        for block in decoder.residual_at(level):
            x = x + _branch(x, block, [conv.fold(code) for conv in block.convs])
    x = EdgePadding2D()(leaky_relu(x))
    pixels = decoder.to_pixels.fold(code)
    x = PixelShuffle(2)(_conv(x, *pixels, "to_pixels", padding="valid"))
    return keras.ops.sigmoid(x)


def _rise(x, fine, decoder, level, code):
    """To the next finer level; the gain of the coarse one folds, resizing is linear."""
    gain = decoder.coarse_gain[level]
    kernel, bias = decoder.narrow[level].fold(code)
    x = _conv(leaky_relu(x), gain * kernel, gain * bias, f"narrow{level}")
    x = Upsampling2D()(x, fine)
    fine = leaky_relu(fine)
    fine = fine if level else _with_strokes(fine, decoder, code)
    return x + _conv(fine, *decoder.skip[level].fold(code), f"skip{level}")


def _with_strokes(fine, decoder, code):
    """The finest features and, as they are after activation, those of strokes."""
    pattern = decoder.stroke_pattern(keras.ops.zeros(fine.shape))
    strokes = leaky_relu(decoder.mix_strokes(pattern, code[None]))
    layer = AppendChannels(strokes.shape[1:], dtype="float32", name="strokes")
    return _with_weights(layer, fine, [strokes])


def _branch(x, block, convs):
    """The branch of a residual block: its gain goes into the last convolution."""
    for i, (kernel, bias) in enumerate(convs):
        gain = block.gain if i == len(convs) - 1 else 1.0
        x, name = leaky_relu(x), f"{block.name}_{i}"
        if block.depthwise:
            x = _depthwise(x, block.depthwise[i].kernel, f"{name}_depthwise")
        x = _conv(x, gain * kernel, gain * bias, name)
    return x


def _weights(layer):
    return layer.kernel, layer.bias


def _conv(x, kernel, bias, name, strides=1, padding="same"):
    layer = keras.layers.Conv2D(
        kernel.shape[-1],
        kernel.shape[:2],
        strides,
        padding,
        dtype="float32",
        name=name,
    )
    return _with_weights(layer, x, [kernel, bias])


def _depthwise(x, kernel, name):
    layer = keras.layers.DepthwiseConv2D(
        kernel.shape[:2], padding="same", use_bias=False, dtype="float32", name=name
    )
    return _with_weights(layer, x, [kernel])


def _with_weights(layer, x, weights):
    y = layer(x)
    layer.set_weights([np.asarray(weight) for weight in weights])
    return y
