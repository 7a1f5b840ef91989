import numpy as np
import pytest

from keras_stylex.metrics import lab_histogram_distance
from keras_stylex.metrics.histogram import lab_histogram


def gray(lightness, size=(6, 10)):
    """`(1, h, w, 3)` of one CIE lightness, by the formula's inverse."""
    y = ((lightness + 16) / 116) ** 3
    level = 1.055 * y ** (1 / 2.4) - 0.055
    return np.full((1, *size, 3), level)


def test_a_grey_lies_in_the_cube_of_its_lightness():
    histogram = lab_histogram(gray(20)).reshape(12, 23, 23)
    assert histogram[2, 11, 11] == pytest.approx(1, abs=1e-2)


def test_between_two_cubes_it_counts_for_both():
    histogram = lab_histogram(gray(43)).reshape(12, 23, 23)
    assert histogram[4, 11, 11] == pytest.approx(0.7, abs=1e-2)
    assert histogram[5, 11, 11] == pytest.approx(0.3, abs=1e-2)


def test_the_distance_of_mixtures_is_that_of_their_shares():
    """Of half dark and half light, and of a quarter and three."""
    half = np.concatenate([gray(20, (6, 5)), gray(70, (6, 5))], axis=2)
    quarter = np.concatenate([gray(20, (4, 3)), *[gray(70, (4, 3))] * 3], axis=2)
    expected = np.sqrt(1 - np.sqrt(0.5 * 0.25) - np.sqrt(0.5 * 0.75))
    assert lab_histogram_distance(half, quarter) == pytest.approx(expected, abs=1e-2)


def test_the_same_colors_anywhere_are_no_distance():
    pictures = np.random.default_rng(0).uniform(size=(2, 8, 12, 3))
    moved = pictures[::-1, ::-1, ::-1]
    assert lab_histogram_distance(moved, pictures) == pytest.approx(0, abs=1e-6)


def test_nothing_in_common_is_one_and_it_is_symmetric():
    assert lab_histogram_distance(gray(20), gray(70)) == pytest.approx(1)
    some, others = np.random.default_rng(0).uniform(size=(2, 1, 8, 12, 3))
    others = others**2
    there, back = (
        lab_histogram_distance(*pair) for pair in ((some, others), (others, some))
    )
    assert 0 < there < 1 and there == pytest.approx(back)


def test_it_sees_which_lightness_comes_with_which_hue():
    """Two pictures whose L, a and b have the same distributions, each for itself."""
    dark_red, light_blue = np.array([0.4, 0.1, 0.1]), np.array([0.6, 0.6, 0.9])
    a = np.tile(np.stack([dark_red, light_blue]), (1, 4, 5, 1))
    b = np.tile(np.stack([light_blue, dark_red]), (1, 4, 5, 1))
    assert lab_histogram_distance(a, b) == pytest.approx(0)
    assert lab_histogram_distance(a, a[..., ::-1]) > 0.9


def test_every_color_has_a_cube():
    corners = np.stack(np.meshgrid(*[[0.0, 1.0]] * 3), -1).reshape(1, 2, 4, 3)
    assert lab_histogram(corners).sum() == pytest.approx(1)
