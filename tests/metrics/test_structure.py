import numpy as np
import pytest

from keras_stylex.metrics import structure
from keras_stylex.metrics.filters import gaussian_kernel, gradients, smooth


def blocks(seed, colors=None):
    """Flat regions in a picture of 48 x 64: `(1, 48, 64, 3)`."""
    regions = np.random.default_rng(seed).integers(0, 4, (6, 8))
    colors = np.random.default_rng(9).uniform(size=(4, 3)) if colors is None else colors
    return colors[regions].repeat(8, 0).repeat(8, 1)[None]


def test_the_same_picture_scores_one():
    np.testing.assert_allclose(structure(blocks(0), blocks(0)), 1, rtol=1e-5)


@pytest.mark.parametrize("change", [lambda x: 1 - x, lambda x: 0.3 * x + 0.5])
def test_inverting_or_fading_a_picture_changes_no_edge(change):
    np.testing.assert_allclose(structure(change(blocks(0)), blocks(0)), 1, rtol=1e-4)


def test_other_colors_hardly_matter_and_other_regions_do():
    recolored = blocks(0, np.random.default_rng(1).uniform(size=(4, 3)))
    assert structure(recolored, blocks(0)) > 0.75
    assert structure(blocks(1), blocks(0)) < 0.6


def test_edges_of_colors_of_equal_brightness_count():
    red_green = blocks(0, np.array([(0.8, 0.2, 0), (0.2, 0.8, 0)] * 2))
    gray = red_green.mean(-1, keepdims=True).repeat(3, -1)
    assert gray.std() < 1e-9  # nothing to see in the brightness
    assert structure(red_green, blocks(0)) > 0.5


def test_it_is_the_correlation_of_gradient_magnitudes():
    def edges(picture):
        picture = smooth(picture[None], gaussian_kernel(1.5))
        down, across = gradients(picture)
        return np.linalg.norm(np.concatenate([down, across], -1), axis=-1).ravel()

    images = np.random.default_rng(0).uniform(size=(2, 20, 28, 3))
    expected = np.corrcoef(edges(images[0]), edges(images[1]))[0, 1]
    np.testing.assert_allclose(structure(images[:1], images[1:]), expected, atol=1e-4)


def test_a_flat_picture_has_no_structure():
    flat = np.full((1, 48, 64, 3), 0.5)
    assert structure(flat, blocks(0)) == pytest.approx(0, abs=1e-6)


def test_each_picture_is_scored_on_its_own():
    images = np.concatenate([blocks(0), 0.2 * blocks(1)])
    layouts = np.concatenate([0.1 * blocks(2), blocks(0)])
    singly = [structure(images[i : i + 1], layouts[i : i + 1])[0] for i in (0, 1)]
    np.testing.assert_allclose(structure(images, layouts), singly, atol=1e-5)
