"""What generator and discriminator want of the logits: four objectives."""

from collections.abc import Callable
from dataclasses import dataclass

from keras import ops

from keras_stylex.errors import InputError
from keras_stylex.losses.reduction import per_sample


@dataclass(frozen=True)
class AdversarialObjective:
    """A pair of losses on logits `(batch, ...)`, where positive is "real".

    Attributes:
        generator: `fake_logits -> (batch,)`.
        discriminator: `real_logits, fake_logits -> (batch,)`.
    """

    generator: Callable
    discriminator: Callable


def minimax_generator_loss(fake_logits):
    """`-softplus(fake)`, that is `log(1 - sigmoid(fake))`.

    The textbook objective of [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661);
    its gradient vanishes where the discriminator is sure of itself.
    """
    return -per_sample(ops.softplus(fake_logits))


def non_saturating_generator_loss(fake_logits):
    """`softplus(-fake)`, that is `-log(sigmoid(fake))` (Goodfellow et al., 2014)."""
    return per_sample(ops.softplus(-fake_logits))


def logistic_discriminator_loss(real_logits, fake_logits):
    """`softplus(-real) + softplus(fake)`: cross-entropy on logits, `>= 0`."""
    real_loss = per_sample(ops.softplus(-real_logits))
    return real_loss + per_sample(ops.softplus(fake_logits))


def hinge_generator_loss(fake_logits):
    """`-fake` ([Lim & Ye, 2017](https://arxiv.org/abs/1705.02894))."""
    return -per_sample(fake_logits)


def hinge_discriminator_loss(real_logits, fake_logits):
    """`relu(1 - real) + relu(1 + fake)`, `>= 0` (Lim & Ye, 2017)."""
    real_loss = per_sample(ops.relu(1 - real_logits))
    return real_loss + per_sample(ops.relu(1 + fake_logits))


def least_squares_generator_loss(fake_logits):
    """`(fake - 1)^2` ([Mao et al., 2017](https://arxiv.org/abs/1611.04076))."""
    return _squared_error(fake_logits, 1)


def least_squares_discriminator_loss(real_logits, fake_logits):
    """`(real - 1)^2 + fake^2`, `>= 0` (Mao et al., 2017)."""
    return _squared_error(real_logits, 1) + _squared_error(fake_logits, 0)


def _squared_error(logits, target):
    logits = ops.cast(logits, "float32")  # squares overflow float16
    return per_sample(ops.square(logits - target))


OBJECTIVES = {
    "non_saturating": AdversarialObjective(
        non_saturating_generator_loss, logistic_discriminator_loss
    ),
    "minimax": AdversarialObjective(
        minimax_generator_loss, logistic_discriminator_loss
    ),
    "hinge": AdversarialObjective(hinge_generator_loss, hinge_discriminator_loss),
    "least_squares": AdversarialObjective(
        least_squares_generator_loss, least_squares_discriminator_loss
    ),
}


def adversarial_objective(name):
    """The objective of that name.

    Raises:
        InputError: when there is none.
    """
    if name not in OBJECTIVES:
        raise InputError(
            f"There is no objective {name!r}. Choose one of: {', '.join(OBJECTIVES)}."
        )
    return OBJECTIVES[name]
