"""How gradients become a step."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.training.replicas import apply_gradients, sum_over_replicas

GRADIENTS = [np.float32([[3.0, 0.0]]), np.float32([-4.0])]  # of norm 5


def step(optimizer, scale=1.0, **options):
    """How far plain gradients move two variables."""
    variables = [keras.Variable(np.ones_like(value)) for value in GRADIENTS]
    optimizer.build(variables)
    gradients = [scale * tf.constant(value) for value in GRADIENTS]
    apply_gradients(optimizer, gradients, variables, **options)
    return [np.asarray(variable) - 1 for variable in variables]


@pytest.mark.parametrize("clip_norm, share", [(None, 1), (10.0, 1), (2.0, 0.4)])
@pytest.mark.parametrize("scale", [None, 1024.0])
def test_gradients_are_clipped_by_their_norm_together(clip_norm, share, scale):
    optimizer = keras.optimizers.SGD(0.5)
    if scale:
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer, scale)
    moved = step(optimizer, scale or 1.0, clip_norm=clip_norm)
    for each, gradient in zip(moved, GRADIENTS, strict=True):
        np.testing.assert_allclose(each, -0.5 * share * gradient, rtol=1e-5)


@pytest.mark.parametrize("clip_norm", [None, 1.0])
def test_a_gradient_that_overflows_moves_nothing_and_halves_the_scale(clip_norm):
    optimizer = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.5), 1024.0)
    moved = step(optimizer, scale=1e38, clip_norm=clip_norm)
    assert [np.abs(each).max() for each in moved] == [0, 0]
    assert float(optimizer.dynamic_scale) == 512


def test_alone_a_replica_keeps_its_sums():
    values = {"a": tf.constant(2.0), "b": tf.constant([[1.0, 3.0]])}
    sums = sum_over_replicas(values)
    assert {name: each.numpy().tolist() for name, each in sums.items()} == {
        "a": 2.0,
        "b": [[1.0, 3.0]],
    }
