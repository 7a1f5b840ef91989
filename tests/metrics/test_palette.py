import numpy as np
import pytest

from keras_stylex.metrics import palette_error, palette_gap


def test_error_is_the_mean_difference_of_pooled_pictures():
    rng = np.random.default_rng(0)
    images, truth = rng.uniform(size=(2, 3, 16, 24, 3)).astype("float32")
    tiles = [
        np.abs((images - truth)[:, i : i + 8, j : j + 8].mean((1, 2)))
        for i in (0, 8)
        for j in (0, 8, 16)
    ]
    expected = np.stack(tiles).mean((0, 2))
    np.testing.assert_allclose(palette_error(images, truth), expected, rtol=1e-4)


def test_a_shift_of_all_colors_is_the_error():
    truth = np.full((2, 8, 16, 3), 0.25)
    images = truth + np.array([0.1, 0.3]).reshape(2, 1, 1, 1)
    np.testing.assert_allclose(palette_error(images, truth), [0.1, 0.3], rtol=1e-5)


def test_what_averages_out_within_a_tile_is_no_error():
    stripes = np.zeros((1, 16, 8, 3))
    stripes[:, ::2] = 1
    np.testing.assert_allclose(palette_error(stripes, np.full_like(stripes, 0.5)), 0)


def test_what_is_left_over_at_the_rim_is_not_looked_at():
    images, truth = np.zeros((2, 1, 17, 12, 3))
    images[:, 16:] = images[:, :, 8:] = 1
    assert palette_error(images, truth) == 0


def test_pictures_smaller_than_a_tile_are_refused():
    with pytest.raises(ValueError, match="sides of at least 8"):
        palette_error(np.zeros((1, 7, 9, 3)), np.zeros((1, 7, 9, 3)))


def test_gap_is_zero_at_the_limit_and_one_for_the_copied_style():
    assert palette_gap(0.03, limit=0.03, copy_style=0.09) == 0
    assert palette_gap(0.09, limit=0.03, copy_style=0.09) == 1
    assert palette_gap(0.05, limit=0.03, copy_style=0.09) == pytest.approx(1 / 3)
