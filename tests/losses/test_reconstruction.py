"""Distances per sample."""

import numpy as np
import pytest

from keras_stylex.losses import l1_loss, relative_l1_loss, two_scale_l1_loss

RNG = np.random.default_rng(0)


@pytest.fixture(params=[(3, 4, 6, 2), (3, 8)], ids=["pictures", "codes"])
def pair(request):
    return RNG.normal(size=(2, *request.param)).astype("float32")


def test_l1_is_the_mean_distance_of_each_sample(pair):
    x, y = pair
    expected = np.abs(x - y).reshape(3, -1).mean(1)
    np.testing.assert_allclose(l1_loss(x, y), expected, rtol=1e-5)


def block_means(images, size=8):
    """Of whole blocks; what is left at the right and bottom belongs to none."""
    rows, columns = (side // size for side in images.shape[1:3])
    images = images[:, : rows * size, : columns * size]
    return images.reshape(-1, rows, size, columns, size, 3).mean((2, 4))


@pytest.mark.parametrize("size", [(16, 24), (8, 40), (19, 13)])
def test_two_scales_add_twice_the_distance_of_block_means(size):
    x, y = RNG.random((2, 3, *size, 3)).astype("float32")
    fine, coarse = (
        np.abs(a - b).reshape(3, -1).mean(1)
        for a, b in ((x, y), (block_means(x), block_means(y)))
    )
    np.testing.assert_allclose(two_scale_l1_loss(x, y), fine + 2 * coarse, rtol=1e-5)


def test_the_coarse_scale_sees_a_wrong_colour_but_no_grain():
    grey = np.full((1, 16, 24, 3), 0.5, "float32")
    grain = 0.1 * (-1.0) ** np.add.outer(np.arange(16), np.arange(24))[None, ..., None]
    of_grain = two_scale_l1_loss(grey + grain.astype("float32"), grey)
    of_colour = two_scale_l1_loss(grey + np.float32(0.1), grey)
    np.testing.assert_allclose([of_grain, of_colour], [[0.1], [0.3]], rtol=1e-5)


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


def test_two_scales_of_float16_pictures_give_float32_losses():
    x, y = np.linspace(0, 1, 2 * 3 * 16 * 24 * 3).reshape(2, 3, 16, 24, 3)
    expected = np.full(3, 3 * 0.5)  # of a ramp, both scales see the same distance
    losses = two_scale_l1_loss(x.astype("float16"), y.astype("float16"))
    assert losses.dtype == "float32"
    np.testing.assert_allclose(losses, expected, rtol=2e-3)


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
