"""One pass of the discriminator over a batch: all logits the losses need."""

from typing import Any, NamedTuple

from keras import ops

from keras_stylex.training.random_crop import random_crop

# Part of each side that a crop for the style discriminator keeps: large enough to hold
# a style, small enough that two crops of one picture differ.
STYLE_SHARE = 0.75

# The content discriminator sees nearly everything, but never at a fixed place: strided
# convolutions look at odd and even pixels differently, and would drive the generator to
# paint a grid.
CONTENT_SHARE = 0.95


class Verdict(NamedTuple):
    """The logits of both discriminators; positive is "real".

    Attributes:
        content_real: Dc of a crop of y, `(batch, rows, columns, 1)`.
        content_fake: Dc of a crop of G(x, y), the same shape.
        style_real: Ds of two crops of y, `(batch, rows, columns, 1)`.
        style_fake: Ds of a crop of G(x, y) and a crop of y, the same shape.
        code_real: Dz of the content code of y, `(batch, rows, columns, 1)`.
        code_fake: Dz of the content code of x, the same shape.
    """

    content_real: Any
    content_fake: Any
    style_real: Any
    style_fake: Any
    code_real: Any
    code_fake: Any


def judge(discriminator, code_discriminator, translation, style, seed_generator):
    """Asks all discriminators about a batch of results and their references.

    Args:
        discriminator: `Discriminator`.
        code_discriminator: `CodeDiscriminator`.
        translation: `Translation`.
        style: `(batch, height, width, 3)` references, [0, 1].
        seed_generator: `keras.random.SeedGenerator`, for the crops.

    Returns: `Verdict`.
    """
    critic = discriminator.style

    def crop(images, share):
        return random_crop(images, share, seed_generator)

    crops = [crop(style, STYLE_SHARE), crop(style, STYLE_SHARE)]
    features = critic.features(ops.concatenate(crops, axis=0))
    reference, other = zip(*(ops.split(each, 2) for each in features), strict=True)
    stylized = translation.stylized
    return Verdict(
        content_real=discriminator.content(crop(style, CONTENT_SHARE)),
        content_fake=discriminator.content(crop(stylized, CONTENT_SHARE)),
        style_real=critic.compare(other, reference),
        style_fake=critic.compare(
            critic.features(crop(stylized, STYLE_SHARE)), reference
        ),
        code_real=code_discriminator(translation.recolored_style_code),
        code_fake=code_discriminator(translation.recolored_content_code),
    )
