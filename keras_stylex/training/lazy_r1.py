"""The gradient penalty of the discriminators of pictures, now and then."""

import tensorflow as tf
from keras import ops

from keras_stylex.losses import r1_penalty


def lazy_r1(discriminator, style, step, interval):
    """R1 every so many steps, weighted up by as much; zero in between.

    After [Karras et al., 2020](https://arxiv.org/abs/1912.04958).

    Args:
        discriminator: `Discriminator`.
        style: `(batch, height, width, 3)` real pictures, [0, 1].
        step: Scalar integer tensor, steps done so far.
        interval: Integer, how often.

    Returns: `(batch,)` float32, the sum for both critics.
    """
    return tf.cond(
        ops.equal(step % interval, 0),
        lambda: interval * _r1(discriminator, style),
        lambda: ops.zeros((ops.shape(style)[0],), "float32"),
    )


def _r1(discriminator, style):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(style)
        verdicts = (
            discriminator.content(style),
            discriminator.style([style, ops.stop_gradient(style)]),
        )
    return sum(
        r1_penalty(_gradient_of_mean(tape, logits, style)) for logits in verdicts
    )


def _gradient_of_mean(tape, logits, images):
    """The gradient, by each picture, of the mean of its logits, float32.

    Of the sum first: the gradients of a mean underflow float16.
    """
    patches = ops.cast(ops.size(logits[0]), "float32")
    return ops.cast(tape.gradient(logits, images), "float32") / patches
