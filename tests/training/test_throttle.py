"""A discriminator that wins is held back, and one that does not is not."""

import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.training.throttle import FULL, NONE, throttle

CHANCE = 1.4


@pytest.mark.parametrize(
    "share, factor", [(1.2, 1), (FULL, 1), ((FULL + NONE) / 2, 0.5), (NONE, 0), (0, 0)]
)
def test_the_loss_fades_out_as_its_batch_falls_below_chance(share, factor):
    losses = np.float32([0.5, 1.5, 1.0]) * share * CHANCE
    np.testing.assert_allclose(throttle(losses, CHANCE), factor * losses, atol=1e-5)


def test_the_gradient_is_that_of_the_loss_times_the_factor():
    middle = CHANCE * (FULL + NONE) / 2
    losses = tf.constant([0.8 * middle, 1.2 * middle])
    with tf.GradientTape() as tape:
        tape.watch(losses)
        total = tf.reduce_sum(throttle(losses, CHANCE))
    np.testing.assert_allclose(tape.gradient(total, losses), 0.5, atol=1e-5)
