"""R1 on functions whose gradient is known."""

import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.losses import r1_penalty

RNG = np.random.default_rng(0)
IMAGES = RNG.random((3, 4, 6, 3)).astype("float32")


def test_of_a_quadratic_it_is_the_known_slope_squared():
    curvature = RNG.normal(size=(4, 6, 3)).astype("float32")
    images = tf.constant(IMAGES)
    with tf.GradientTape() as tape:
        tape.watch(images)
        logits = tf.reduce_sum(curvature * images**2 / 2, axis=(1, 2, 3))
    expected = ((curvature * IMAGES) ** 2).sum((1, 2, 3)) / 2
    penalty = r1_penalty(tape.gradient(logits, images))
    np.testing.assert_allclose(penalty, expected, rtol=1e-5)


@pytest.mark.parametrize("size", [1e-4, 300.0])  # their squares are no float16 numbers
def test_float16_gradients_give_a_float32_penalty(size):
    gradients = (IMAGES * size).astype("float16")
    penalty = r1_penalty(gradients)
    expected = (gradients.astype("float64") ** 2).sum((1, 2, 3)) / 2
    assert penalty.shape == (3,) and penalty.dtype == "float32"
    np.testing.assert_allclose(penalty, expected, rtol=1e-5)


def test_a_sample_changes_its_own_penalty_only():
    other = IMAGES.copy()
    other[1] *= 3
    before, after = np.asarray(r1_penalty(IMAGES)), np.asarray(r1_penalty(other))
    np.testing.assert_allclose(after / before, [1, 9, 1], rtol=1e-5)
