"""The terms of both losses by name, each `(batch,)` float32."""

from keras import ops

from keras_stylex.layers import OrientedEnergy
from keras_stylex.layers.oriented_energy import ORIENTATIONS, SCALES
from keras_stylex.losses import (
    color_transfer_loss,
    l1_loss,
    palette_loss,
    per_sample,
    relative_l1_loss,
    stroke_loss,
    structure_loss,
    texture_losses,
    two_scale_l1_loss,
)
from keras_stylex.training.verdict import Verdict

_oriented_energy = OrientedEnergy()
# Scales at which details are strokes; at coarser ones they are what is painted.
FINE = 2
# What strokes cost, so that none remain that nothing asks for: what they do to a
# picture which is rebuilt is lost in its other errors.
STROKE_PRICE = 0.01

GENERATOR_TERMS = (
    "adversarial_content",
    "adversarial_style",
    "adversarial_code",
    "reconstruction",
    "content_code",
    "style_code",
    "cycle",
    "palette",
    "color_transfer",
    "strokes",
    "texture",
    "canvas",
    "structure",
)
DISCRIMINATOR_TERMS = ("content", "style", "code", "r1")

# Everything a step reports, in the order it is shown.
LOG_NAMES = (
    *(f"generator/{name}" for name in GENERATOR_TERMS),
    *(f"discriminator/{name}" for name in DISCRIMINATOR_TERMS),
    *(f"logits/{name}" for name in Verdict._fields),
)


def generator_terms(
    content, style, translation, verdict, objective, filters, content_moments
):
    """What the generator is told: named like the fields of `LossWeights`.

    `filters` are those of `texture_losses`, `content_moments` those of
    `color_transfer_loss`.
    """
    own = translation
    texture, canvas = texture_losses(own.stylized, style, content, filters)
    return {
        "adversarial_content": objective.generator(verdict.content_fake),
        "adversarial_style": objective.generator(verdict.style_fake),
        # What the discriminator is told, with the labels swapped.
        "adversarial_code": objective.discriminator(
            verdict.code_fake, verdict.code_real
        ),
        "reconstruction": two_scale_l1_loss(own.reconstructed_content, content)
        + two_scale_l1_loss(own.reconstructed_style, style),
        "content_code": relative_l1_loss(
            own.stylized_content_code[-1], ops.stop_gradient(own.content_code[-1])
        ),
        "style_code": l1_loss(
            own.stylized_style_code, ops.stop_gradient(own.style_code)
        ),
        "cycle": two_scale_l1_loss(own.cycled, style),
        "palette": palette_loss(own.stylized, style, content),
        "color_transfer": color_transfer_loss(
            own.stylized, own.style_crop, content, content_moments
        ),
        "strokes": _strokes(own.stylized, style)
        + STROKE_PRICE * per_sample(own.stroke_strength),
        "texture": texture,
        "canvas": canvas,
        "structure": structure_loss(own.stylized, content),
    }


def _strokes(stylized, style):
    shape = -1, SCALES, ORIENTATIONS
    energies = ops.reshape(_oriented_energy(stylized), shape)
    quarters = ops.reshape(_oriented_energy(_quarters(style)), (4, *shape))
    return stroke_loss(energies[:, :FINE], quarters[:, :, :FINE])


def _quarters(images):
    """`(4 * batch, height / 2, width / 2, 3)`: all upper left ones first."""
    rows, columns = (side // 2 for side in images.shape[1:3])
    return ops.concatenate(
        [
            images[:, top : top + rows, left : left + columns]
            for top in (0, rows)
            for left in (0, columns)
        ],
        axis=0,
    )


def discriminator_terms(verdict, objective):
    """What each discriminator is told."""
    return {
        "content": objective.discriminator(verdict.content_real, verdict.content_fake),
        "style": objective.discriminator(verdict.style_real, verdict.style_fake),
        "code": objective.discriminator(verdict.code_real, verdict.code_fake),
    }


def mean_logits(verdict):
    """The mean of each kind of logits per sample, to watch who wins."""
    return {
        name: ops.mean(
            ops.cast(logits, "float32"), axis=list(range(1, len(logits.shape)))
        )
        for name, logits in verdict._asdict().items()
    }
