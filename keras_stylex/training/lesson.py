"""What there is to learn from a batch, or from a part of one."""

import keras
import tensorflow as tf
from keras import ops

from keras_stylex.losses import color_moments, texture_filters
from keras_stylex.training.lazy_r1 import lazy_r1
from keras_stylex.training.terms import (
    LOG_NAMES,
    discriminator_terms,
    generator_terms,
    mean_logits,
)
from keras_stylex.training.translation import translate
from keras_stylex.training.verdict import judge

TEXTURE_FILTERS = 4  # drawn anew for each step
# One pass backwards each. R1 has its own: it is not held back with the verdicts.
GRADIENT_NAMES = ("gradient/generator", "gradient/discriminator", "gradient/r1")


def learn(model, content, style):
    """Gradients and figures of some pictures.

    Args:
        model: `StyleTransferGAN`.
        content: `(batch, height, width, 3)` pictures, [0, 1].
        style: a tensor of the same shape.

    Returns: a dict of lists, the gradients of the mean losses; and a dict of sums over
        the samples: every term, the style codes and the moments of the colours of
        content pictures, their number.
    """
    with tf.GradientTape(persistent=True) as tape:
        values, content_style = judged(model, model.generator, content, style)
        step = model.discriminator_optimizer.iterations
        values["discriminator/r1"] = lazy_r1(
            model.discriminator, style, step, model.r1_interval
        )
        losses = _losses(model, values)
    gradients = {
        name: _or_zeros(tape.gradient(losses[name], variables), variables)
        for name, variables in variables_of(model).items()
    }
    averages = {
        "style": ops.sum(ops.cast(content_style, "float32"), axis=0),
        "moments": ops.sum(color_moments(content), axis=0),
    }
    return gradients, {**sums(values), **_sizes(gradients, model), **averages}


def nothing(model):
    """Tensors or variables of the structure and shapes that `learn` returns."""
    names = (*LOG_NAMES, *GRADIENT_NAMES, "batch")
    zeros = {name: tf.zeros(()) for name in names}
    averages = {
        "style": model.generator.neutral_style,
        "moments": model.content_moments,
    }
    return variables_of(model), {**zeros, **averages}


def judged(model, generator, content, style):
    """Every term and logit per sample, by `LOG_NAMES`, but R1; and Es(x)."""
    seed = model.seed_generator
    translation = translate(generator, content, style, seed, model.recolor)
    critics = model.discriminator, model.code_discriminator
    verdict = judge(*critics, translation, style, seed)
    filters = texture_filters(TEXTURE_FILTERS, seed)
    groups = {
        "generator": generator_terms(
            content,
            style,
            translation,
            verdict,
            model.adversarial,
            filters,
            model.content_moments,
        ),
        "discriminator": discriminator_terms(verdict, model.adversarial),
        "logits": mean_logits(verdict),
    }
    values = {
        f"{group}/{name}": each
        for group, terms in groups.items()
        for name, each in terms.items()
    }
    return values, translation.content_style


def sums(values):
    """The sums over the samples, and under `batch` their number."""
    count = ops.cast(ops.shape(next(iter(values.values())))[0], "float32")
    return {**{name: ops.sum(each) for name, each in values.items()}, "batch": count}


def variables_of(model):
    """What the gradients of `learn` are of."""
    discriminator = model.discriminator_variables
    return {
        "generator": model.generator.trainable_variables,
        "discriminator": discriminator,
        "r1": discriminator,
    }


def _losses(model, values):
    """Weighted means over the samples, scaled as the optimizers want it."""
    weights, totals = model.term_weights, {}
    for name, each in values.items():
        group, term = name.split("/")
        loss = "r1" if term == "r1" else group
        weighted = weights.get(term, 1.0) * ops.mean(each)
        totals[loss] = totals.get(loss, 0.0) + weighted
    discriminator = model.discriminator_optimizer
    return {
        "generator": model.generator_optimizer.scale_loss(totals["generator"]),
        "discriminator": discriminator.scale_loss(totals["discriminator"]),
        "r1": discriminator.scale_loss(totals["r1"]),
    }


def _sizes(gradients, model):
    """Finite where gradients are, by `GRADIENT_NAMES`.

    Zero with loss scaling, which deals with gradients that are not finite.
    """
    scaling = keras.optimizers.LossScaleOptimizer
    optimizers = model.generator_optimizer, model.discriminator_optimizer
    if any(isinstance(optimizer, scaling) for optimizer in optimizers):
        return {name: tf.zeros(()) for name in GRADIENT_NAMES}
    return {
        f"gradient/{name}": sum(ops.sum(ops.abs(value)) for value in values)
        for name, values in gradients.items()
    }


def _or_zeros(gradients, variables):
    """Gradients, with zeros for variables that a loss does not depend on."""
    return [
        tf.zeros(variable.shape) if gradient is None else gradient
        for gradient, variable in zip(gradients, variables, strict=True)
    ]
