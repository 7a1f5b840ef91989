"""Changes of colour: what stays, and what does not."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.training import recolor as module
from keras_stylex.training.recolor import recolor

LUMA = np.float32([0.299, 0.587, 0.114])
PICTURES = np.random.default_rng(0).random((3, 4, 6, 3)).astype("float32")


@pytest.fixture
def seeds():
    return keras.random.SeedGenerator(0)


@pytest.fixture
def draws(seeds):
    """Makes many changes of the same pictures."""
    return lambda pictures: [np.asarray(recolor(pictures, seeds)) for _ in range(20)]


def test_a_turn_by_nothing_changes_nothing():
    np.testing.assert_allclose(module._hue_matrix(0.0, 1.0, LUMA), np.eye(3), atol=1e-3)


@pytest.mark.parametrize("angle", [0.0, 1.0, 4.0])
def test_a_turn_keeps_brightness(angle):
    matrix = np.asarray(module._hue_matrix(angle, 0.7, LUMA))
    np.testing.assert_allclose(LUMA @ matrix, LUMA, atol=1e-3)


@pytest.mark.parametrize("angle", [np.pi, 1.0])
def test_turns_add_up(angle):
    once, twice = (np.asarray(module._hue_matrix(n * angle, 1.0, LUMA)) for n in (1, 2))
    np.testing.assert_allclose(once @ once, twice, atol=1e-3)
    assert np.abs(once - np.eye(3)).max() > 0.5


@pytest.mark.parametrize("shares", [[1.0, 0.0, 0.0], [0.9, -0.4, 0.5]])
def test_luma_becomes_the_sum_that_is_asked_for(shares):
    matrix = np.asarray(module._hue_matrix(2.0, 0.7, np.float32(shares)))
    np.testing.assert_allclose(LUMA @ matrix, shares, atol=1e-3)


def test_what_is_lighter_may_become_darker(draws):
    """Of two colours of equal size; grey ramps stay what they are, see below."""
    red_and_blue = np.float32([[0.7, 0.2, 0.2], [0.2, 0.2, 0.7]])
    lighter = [
        float((each @ LUMA)[0, 0, 0] - (each @ LUMA)[0, 0, 1])
        for each in draws(red_and_blue[None, None])
    ]
    assert min(lighter) < -0.1 and max(lighter) > 0.1


def test_no_saturation_is_grey():
    matrix = np.asarray(module._hue_matrix(2.0, 0.0, LUMA))
    np.testing.assert_allclose(matrix, np.tile(LUMA, (3, 1)), atol=1e-3)


@pytest.mark.parametrize("strength", [0.0, 0.25])
def test_hues_are_turned_by_that_share_of_half_a_turn(seeds, strength):
    """Pictures without dark or bright places, whose hue gamma hardly changes."""
    pictures = 0.4 + 0.2 * PICTURES
    angles = []
    for _ in range(20):
        changed = np.asarray(recolor(pictures, seeds, strength))
        chroma = [
            (each @ module.TO_YIQ.T)[..., 1:] @ np.array([1, 1j])
            for each in (changed, pictures)
        ]
        angles.append(np.angle(np.sum(chroma[0] * chroma[1].conj())))
    largest = np.abs(angles).max()
    assert largest <= np.pi * strength + 0.1
    assert largest > 0.5 * np.pi * strength


def test_pictures_stay_in_their_range(draws):
    for changed in draws(PICTURES):
        assert changed.shape == PICTURES.shape and changed.dtype == "float32"
        assert changed.min() >= 0 and changed.max() <= 1


def test_a_grey_ramp_stays_one(draws):
    ramp = np.linspace(0.05, 1, 24, dtype="float32").reshape(1, 4, 6, 1)
    for changed in draws(ramp.repeat(3, axis=-1)):
        np.testing.assert_allclose(changed, changed[..., :1].repeat(3, -1), atol=1e-2)
        assert (np.diff(changed[..., 0].ravel()) > 0).all()


def test_every_change_is_another_one(draws):
    changes = draws(PICTURES)
    assert (
        min(np.abs(a - b).max() for a, b in zip(changes, changes[1:], strict=False))
        > 0.01
    )


def test_all_pictures_of_a_batch_change_alike(draws):
    for changed in draws(np.repeat(PICTURES[:1], 3, axis=0)):
        np.testing.assert_array_equal(changed, changed[:1].repeat(3, axis=0))


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_black_and_white_have_a_finite_gradient(seeds, level):
    pictures = tf.fill((1, 4, 6, 3), level)
    for _ in range(10):
        with tf.GradientTape() as tape:
            tape.watch(pictures)
            changed = recolor(pictures, seeds)
        assert np.isfinite(tape.gradient(changed, pictures)).all()


def test_half_precision_pictures_stay_so(seeds):
    assert recolor(PICTURES.astype("float16"), seeds).dtype == "float16"
