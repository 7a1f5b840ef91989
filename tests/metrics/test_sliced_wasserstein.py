from itertools import permutations

import numpy as np
import pytest

from keras_stylex.metrics import sliced_wasserstein
from keras_stylex.metrics.filters import gaussian_kernel, smooth
from keras_stylex.metrics.sliced_wasserstein import (
    enlarge,
    laplacian_pyramid,
    sliced_distance,
)

RNG = np.random.default_rng(0)
IMAGES, OTHERS = RNG.uniform(size=(2, 3, 40, 65, 3))


def optimal_assignment(a, b):
    """Wasserstein-1 on a line, by trying all ways to pair few points."""
    return min(np.abs(a - b[list(order)]).mean() for order in permutations(range(5)))


def test_on_each_direction_points_are_paired_as_well_as_can_be():
    points, others = RNG.normal(size=(2, 5, 3))
    vectors = RNG.normal(size=(3, 4))
    expected = np.mean(
        [optimal_assignment(points @ v, others @ v) for v in vectors.T], axis=0
    )
    assert sliced_distance(points, others, vectors) == pytest.approx(expected)


def test_moving_all_points_costs_the_way_along_each_direction():
    points, way = RNG.normal(size=(100, 4)), np.array([1.0, -2, 0.5, 0])
    vectors = RNG.normal(size=(4, 6))
    expected = np.abs(way @ vectors).mean()
    moved = RNG.permutation(points + way)
    assert sliced_distance(moved, points, vectors) == pytest.approx(expected)


def test_the_levels_make_the_picture_again():
    levels = laplacian_pyramid(IMAGES)
    assert [level.shape[1:3] for level in levels] == [(40, 65), (20, 33)]
    again = enlarge(levels[1], (40, 65)) + levels[0]
    np.testing.assert_allclose(again, IMAGES, atol=1e-6)


def test_a_level_has_nothing_of_what_is_smooth():
    down, right = np.mgrid[:40, :65] / 65
    slope = np.stack([down, right, down + right], -1)[None]
    finest = laplacian_pyramid(slope)[0]
    np.testing.assert_allclose(finest[:, 4:-4, 4:-4], 0, atol=1e-6)


def test_a_set_is_at_no_distance_from_itself():
    np.testing.assert_allclose(sliced_wasserstein(IMAGES, IMAGES, 512), 0)


def test_more_red_moves_the_coarsest_level_by_its_part_of_a_deviation():
    """The 49 red numbers of a patch move by `c / std`: their sum along a unit vector.

    It is about a normal variable of variance 49 / 147, whose mean absolute value is
    `sqrt(2 / pi / 3)`.
    """
    reference = IMAGES * [0.2, 0.5, 1]
    fine, coarse = sliced_wasserstein(reference + [0.1, 0, 0], reference, 4096, 4096)
    spread = laplacian_pyramid(reference)[1][..., 0].std()
    assert coarse == pytest.approx(np.sqrt(2 / np.pi / 3) * 0.1 / spread, rel=0.05)
    assert fine == pytest.approx(0, abs=0.05)


def test_blur_takes_the_finest_level_away():
    sharp, blurred = IMAGES, smooth(IMAGES.astype("float32"), gaussian_kernel(1.5))
    fine, coarse = sliced_wasserstein(blurred, sharp, 2048)
    assert fine > 0.4 > coarse


def test_another_draw_of_the_same_texture_is_near_whatever_the_numbers():
    more = RNG.uniform(size=(5, 40, 65, 3))
    assert sliced_wasserstein(more, IMAGES, 4096).max() < 0.1


def test_the_seed_decides_what_is_drawn():
    first, again, other = (
        sliced_wasserstein(IMAGES, OTHERS, 256, seed=seed) for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_pictures_of_two_sizes_are_refused():
    with pytest.raises(ValueError, match="one size"):
        sliced_wasserstein(IMAGES, OTHERS[:, :, :64])


def test_small_pictures_are_refused():
    with pytest.raises(ValueError, match="at least 16"):
        sliced_wasserstein(IMAGES[:, :15], OTHERS[:, :15])
