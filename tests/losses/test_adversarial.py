"""The four objectives against their closed forms, and the slopes they give."""

import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.errors import InputError
from keras_stylex.losses import OBJECTIVES, adversarial_objective

# Unsure, sure, wrong; one confident sample each way.
REAL = np.random.default_rng(0).normal(0, 2, (3, 4, 6, 1)).astype("float32")
FAKE = np.random.default_rng(1).normal([[[[0]]], [[[9]]], [[[-9]]]], 2, REAL.shape)
FAKE = FAKE.astype("float32")


def softplus(x):
    return np.logaddexp(0, x)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# Values and slopes: of the generator's loss, and of both parts of the discriminator's.
GENERATOR = {
    "non_saturating": (lambda f: softplus(-f), lambda f: -sigmoid(-f)),
    "minimax": (lambda f: -softplus(f), lambda f: -sigmoid(f)),
    "hinge": (lambda f: -f, lambda f: -np.ones_like(f)),
    "least_squares": (lambda f: (f - 1) ** 2, lambda f: 2 * (f - 1)),
}
OF_REAL = {
    "non_saturating": (lambda r: softplus(-r), lambda r: -sigmoid(-r)),
    "hinge": (lambda r: np.maximum(1 - r, 0), lambda r: -1.0 * (r < 1)),
    "least_squares": (lambda r: (r - 1) ** 2, lambda r: 2 * (r - 1)),
}
OF_FAKE = {
    "non_saturating": (softplus, sigmoid),
    "hinge": (lambda f: np.maximum(1 + f, 0), lambda f: 1.0 * (f > -1)),
    "least_squares": (lambda f: f**2, lambda f: 2 * f),
}
OF_REAL["minimax"], OF_FAKE["minimax"] = (
    part["non_saturating"] for part in (OF_REAL, OF_FAKE)
)


def value_and_slopes(loss, *logits):
    logits = [tf.constant(each) for each in logits]
    with tf.GradientTape() as tape:
        tape.watch(logits)
        value = loss(*logits)
    return value, tape.gradient(value, logits)


def assert_same(actual, expected):
    np.testing.assert_allclose(actual, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", OBJECTIVES)
def test_the_generators_loss_and_its_slope(name):
    value, (slope,) = value_and_slopes(adversarial_objective(name).generator, FAKE)
    loss, derivative = GENERATOR[name]
    assert_same(value, loss(FAKE.astype("float64")).mean((1, 2, 3)))
    assert_same(slope, derivative(FAKE) / (4 * 6))


@pytest.mark.parametrize("name", OBJECTIVES)
def test_the_discriminators_loss_and_its_slopes(name):
    loss = adversarial_objective(name).discriminator
    value, slopes = value_and_slopes(loss, REAL, FAKE)
    (of_real, real_slope), (of_fake, fake_slope) = OF_REAL[name], OF_FAKE[name]
    assert_same(value, (of_real(REAL) + of_fake(FAKE)).mean((1, 2, 3)))
    assert_same(slopes[0], real_slope(REAL) / (4 * 6))
    assert_same(slopes[1], fake_slope(FAKE) / (4 * 6))


@pytest.mark.parametrize("name", OBJECTIVES)
def test_generator_and_discriminator_pull_the_logits_of_results_apart(name):
    doubtful = np.full((1, 2, 3, 1), 0.3, "float32")
    objective = adversarial_objective(name)
    _, (up,) = value_and_slopes(objective.generator, doubtful)
    _, (_, down) = value_and_slopes(objective.discriminator, doubtful, doubtful)
    assert (np.asarray(up) < 0).all() and (np.asarray(down) > 0).all()


@pytest.mark.parametrize("name", OBJECTIVES)
def test_float16_logits_give_float32_losses_that_do_not_overflow(name):
    # 300 squared, and the sum of 1000 times 300, lie beyond float16.
    logits = np.full((2, 25, 40, 1), 300, "float16")
    logits[1] *= -1
    objective = adversarial_objective(name)
    expected = GENERATOR[name][0](np.float64([300, -300]))
    losses = [objective.generator(logits), objective.discriminator(logits, logits)]
    assert all(loss.shape == (2,) and loss.dtype == "float32" for loss in losses)
    np.testing.assert_allclose(losses[0], expected, rtol=1e-3, atol=1e-3)
    assert np.isfinite(losses).all()


@pytest.mark.parametrize("name", OBJECTIVES)
def test_a_sample_changes_its_own_loss_only(name):
    objective = adversarial_objective(name)
    scale = np.float32([1, 3, 1])[:, None, None, None]
    for loss, logits in (
        (objective.generator, [FAKE]),
        (objective.discriminator, [REAL, FAKE]),
    ):
        before = np.asarray(loss(*logits))
        after = np.asarray(loss(*(each * scale for each in logits)))
        np.testing.assert_array_equal(before != after, [False, True, False])


def test_an_unknown_objective_is_an_input_error_that_names_the_others():
    with pytest.raises(InputError, match="'wasserstein'.*non_saturating, minimax"):
        adversarial_objective("wasserstein")
