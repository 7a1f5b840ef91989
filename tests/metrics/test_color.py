import numpy as np
import pytest

from keras_stylex.metrics import color_distance
from keras_stylex.metrics.color import color_description, srgb_to_lab

RNG = np.random.default_rng(0)
IMAGES = RNG.uniform(size=(2, 12, 20, 3)).astype("float32")


@pytest.mark.parametrize(
    "srgb, lab",
    [
        ((0, 0, 0), (0, 0, 0)),
        ((1, 1, 1), (100, 0, 0)),
        ((1, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 1, 0), (87.73, -86.18, 83.18)),
        ((0, 0, 1), (32.30, 79.19, -107.86)),
        ((0.5, 0.5, 0.5), (53.39, 0, 0)),
        ((0.02, 0.02, 0.02), (1.40, 0, 0)),  # both linear segments
    ],
)
def test_known_colors_have_their_known_lab_values(srgb, lab):
    np.testing.assert_allclose(srgb_to_lab(srgb), lab, atol=0.02)


def test_colors_may_be_anywhere_in_the_picture():
    shuffled = RNG.permutation(IMAGES.reshape(2, -1, 3), axis=1).reshape(2, 20, 12, 3)
    np.testing.assert_allclose(color_distance(shuffled, IMAGES), 0, atol=1e-5)


def test_sizes_may_differ():
    doubled = IMAGES.repeat(2, 1).repeat(2, 2)
    assert (color_distance(doubled, IMAGES) < 0.5).all()


def test_flat_pictures_are_apart_by_their_color_difference():
    red, blue = (np.zeros((1, 4, 6, 3)) + np.eye(3)[i] for i in (0, 2))
    expected = np.linalg.norm(srgb_to_lab((1, 0, 0)) - srgb_to_lab((0, 0, 1)))
    np.testing.assert_allclose(color_distance(red, blue), expected, rtol=1e-6)


def test_contrast_counts_and_not_only_the_mean():
    ramp = np.linspace(0.3, 0.7, 101).reshape(1, 1, 101, 1).repeat(3, -1)
    lightness = srgb_to_lab(ramp)[..., 0]
    flat = np.full_like(ramp, 0.5)
    expected = np.abs(lightness - srgb_to_lab((0.5,) * 3)[0]).mean()
    # The quantiles leave out the outermost 2.5 %.
    np.testing.assert_allclose(color_distance(ramp, flat), expected, rtol=0.03)


def test_one_value_per_picture():
    mixed = IMAGES.copy()
    mixed[1] *= 0.5
    distances = color_distance(mixed, IMAGES)
    assert distances[0] == 0 and distances[1] > 10


def test_a_description_is_the_quantiles_of_lightness_and_of_both_hues():
    images = np.random.default_rng(0).uniform(size=(2, 6, 8, 3))
    described = color_description(images)
    lab = srgb_to_lab(images).reshape(2, 48, 3)
    for place, share in ((0, 0.025), (-1, 0.975)):
        expected = np.quantile(lab, share, axis=1)
        found = described.reshape(2, 20, 3)[:, place]
        np.testing.assert_allclose(found, expected, rtol=1e-6)
    moved = color_description(images[:, ::-1, ::-1])
    np.testing.assert_allclose(moved, described)
