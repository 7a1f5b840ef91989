"""Distances per sample."""

import numpy as np
import pytest

from keras_stylex.losses import l1_loss, relative_l1_loss

RNG = np.random.default_rng(0)


@pytest.fixture(params=[(3, 4, 6, 2), (3, 8)], ids=["pictures", "codes"])
def pair(request):
    return RNG.normal(size=(2, *request.param)).astype("float32")


def test_l1_is_the_mean_distance_of_each_sample(pair):
    x, y = pair
    expected = np.abs(x - y).reshape(3, -1).mean(1)
    np.testing.assert_allclose(l1_loss(x, y), expected, rtol=1e-5)


def test_the_relative_distance_is_over_the_mean_size_of_the_targets(pair):
    x, y = pair
    size = np.abs(y).reshape(3, -1).mean(1)
    expected = np.abs(x - y).reshape(3, -1).mean(1) / (size + 1e-3)
    np.testing.assert_allclose(relative_l1_loss(x, y), expected, rtol=1e-5)


def test_the_relative_distance_has_no_scale(pair):
    x, y = pair
    loss, larger = relative_l1_loss(x, y), relative_l1_loss(1000 * x, 1000 * y)
    np.testing.assert_allclose(larger, loss, rtol=1e-2)
    assert np.isfinite(relative_l1_loss(x, np.zeros_like(y))).all()


@pytest.mark.parametrize("loss", [l1_loss, relative_l1_loss])
def test_a_sample_changes_its_own_loss_only(loss, pair):
    x, y = pair
    other = x.copy()
    other[1] += 3
    changed = np.asarray(loss(x, y)) != np.asarray(loss(other, y))
    np.testing.assert_array_equal(changed, [False, True, False])


@pytest.mark.parametrize("loss", [l1_loss, relative_l1_loss])
def test_float16_pictures_give_float32_losses_that_do_not_overflow(loss):
    x, y = np.full((2, 40, 50, 3), [[[[60]]], [[[-60]]]], "float16"), np.float16(4)
    values = loss(x, np.full_like(x, y))  # their sum lies beyond float16
    assert values.dtype == "float32"
    expected = np.float32([56, 64]) / (1 if loss is l1_loss else 4.001)
    np.testing.assert_allclose(values, expected, rtol=1e-4)
