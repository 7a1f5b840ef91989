"""One pass of the generator over a batch: all pictures and codes the losses need."""

from typing import Any, NamedTuple

import keras
from keras import ops

from keras_stylex.layers.stroke_pattern import PERIOD
from keras_stylex.training.random_crop import random_crop
from keras_stylex.training.recolor import recolor

# Part of each side that a crop whose style is read keeps. The style of half a picture
# has to do for all of it, so that it cannot tell what stands where.
STYLE_SHARE = 0.5


class Translation(NamedTuple):
    """What the generator makes of a batch; every field is a tensor or list of them.

    Attributes:
        content_code: Ec(x), a list of features, finest first.
        content_style: Es of a crop of x.
        style_crop: a crop of y.
        style_code: Es of that crop.
        stylized: G(x, y).
        stroke_strength: of the style code, `(batch, 4)`, see `Decoder`.
        reconstructed_content: G(x, x).
        reconstructed_style: G(y, y).
        stylized_content_code: Ec(G(x, y)).
        stylized_style_code: Es(G(x, y)).
        cycled: y, painted by way of x's style: D(Ec(D(Ec(y'), Es(x))), Es(y)), where y'
            is y in other colours; without strokes.
        recolored_content_code: Ec of x in other colours, its coarsest features.
        recolored_style_code: Ec of y in other colours, its coarsest features.
    """

    content_code: Any
    content_style: Any
    style_crop: Any
    style_code: Any
    stylized: Any
    stroke_strength: Any
    reconstructed_content: Any
    reconstructed_style: Any
    stylized_content_code: Any
    stylized_style_code: Any
    cycled: Any
    recolored_content_code: Any
    recolored_style_code: Any


def translate(generator, content, style, seed_generator, strength=1.0):
    """Encodes, decodes and encodes again, with as few and as large calls as possible.

    Pictures are rebuilt from copies of themselves in other colours, which teaches
    that colours come from the style code. All get the pattern that strokes are made
    of: paintings without strokes teach their style to leave it out.

    Of each painting a photo is made, and that is painted as the painting was: here the
    truth is known. So do machines learn to translate from what they translated
    themselves ([Sennrich et al., 2016](https://doi.org/10.18653/v1/P16-1009)).

    Args:
        generator: `Generator`.
        content: `(batch, height, width, 3)` pictures, [0, 1], sides divisible by 2.
        style: a tensor of the same shape.
        seed_generator: `keras.random.SeedGenerator`.
        strength: Float in [0, 1], of the changes of colour, see `recolor`.

    Returns: `Translation`.
    """
    recolored = [
        recolor(images, seed_generator, strength) for images in (content, style)
    ]
    codes = generator.encode_content(ops.concatenate([*recolored, content], axis=0))
    recolored_content_code, recolored_style_code, content_code = _parts(codes, 3)
    crops = random_crop(
        ops.concatenate([content, style], axis=0), STYLE_SHARE, seed_generator
    )
    content_style, style_code = ops.split(generator.encode_style(crops), 2)
    # Another window for every batch, one for all of its pictures.
    pattern = generator.decoder.stroke_pattern(
        content_code[0], random_offset(seed_generator)
    )
    decoded = generator.decode(
        codes,
        ops.concatenate([content_style, style_code, style_code], axis=0),
        pattern,
    )
    reconstructed_content, reconstructed_style, stylized = ops.split(decoded, 3)
    photo = generator.decode(recolored_style_code, content_style, pattern)
    # No gradient: it would hide in the photo what helps to paint it (Chu et al., 2017).
    photo = ops.stop_gradient(photo)
    encoded = generator.encode_content(ops.concatenate([stylized, photo], axis=0))
    stylized_content_code, photo_code = _parts(encoded, 2)
    return Translation(
        content_code=content_code,
        content_style=content_style,
        style_crop=ops.split(crops, 2)[1],
        style_code=style_code,
        stylized=stylized,
        stroke_strength=generator.decoder.stroke_strength(style_code),
        reconstructed_content=reconstructed_content,
        reconstructed_style=reconstructed_style,
        stylized_content_code=stylized_content_code,
        stylized_style_code=generator.encode_style(stylized),
        # Where strokes lie cannot be known: to be told so would wear them away.
        cycled=generator.decode(photo_code, style_code, ops.zeros_like(pattern)),
        recolored_content_code=recolored_content_code[-1],
        recolored_style_code=recolored_style_code[-1],
    )


def _parts(codes, count):
    """The codes of each part of a batch of so many."""
    return zip(*(ops.split(code, count) for code in codes), strict=True)


def random_offset(seed_generator):
    """A place in the pattern of strokes, `(2,)` integers."""
    place = keras.random.uniform((2,), 0, PERIOD, seed=seed_generator)
    return ops.cast(ops.floor(place), "int32")
