"""Crops, views and colours: functions of the picture, decided by the seed alone."""

import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.data.augment import (
    centre_crop,
    random_crop_and_flip,
    random_view,
    vary_colors,
)

HEIGHT, WIDTH, SIZE = 7, 10, (5, 6)
PICTURE = np.arange(HEIGHT * WIDTH * 3, dtype="uint8").reshape(HEIGHT, WIDTH, 3)


def where(crop):
    """`(top, left, mirrored)` of a crop, found by looking through all windows."""
    found = []
    for mirrored, view in ((False, crop), (True, crop[:, ::-1])):
        for top in range(HEIGHT - SIZE[0] + 1):
            for left in range(WIDTH - SIZE[1] + 1):
                window = PICTURE[top : top + SIZE[0], left : left + SIZE[1]]
                if np.array_equal(window, view):
                    found.append((top, left, mirrored))
    (place,) = found
    return place


@pytest.fixture(scope="module")
def places():
    """Where the crops of 1200 seeds lie."""
    seeds = tf.data.Dataset.range(1200).map(lambda i: tf.stack([np.int64(5), i]))
    crops = seeds.map(lambda seed: random_crop_and_flip(PICTURE, SIZE, seed))
    return np.array([where(crop) for crop in crops.as_numpy_iterator()])


def test_every_window_comes_equally_often(places):
    windows, counts = np.unique(places[:, :2], axis=0, return_counts=True)
    assert len(windows) == 3 * 5
    np.testing.assert_allclose(counts, 80, atol=4.5 * 80**0.5)


def test_half_of_the_crops_are_mirrored_wherever_they_lie(places):
    for axis in (0, 1):
        for value in np.unique(places[:, axis]):
            mirrored = places[places[:, axis] == value, 2]
            bound = 4.5 * 0.5 / len(mirrored) ** 0.5
            np.testing.assert_allclose(mirrored.mean(), 0.5, atol=bound)


def test_vertical_and_horizontal_offsets_are_independent(places):
    assert abs(np.corrcoef(places[:, 0], places[:, 1])[0, 1]) < 0.13


def test_the_same_seed_gives_the_same_crop_and_others_another():
    first, again, other = (
        random_crop_and_flip(PICTURE, SIZE, seed).numpy()
        for seed in ([3, 4], [3, 4], [4, 3])
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_picture_of_the_crops_size_is_only_mirrored():
    for seed in range(8):
        crop = random_crop_and_flip(PICTURE, (HEIGHT, WIDTH), [seed, 0]).numpy()
        assert np.array_equal(crop, PICTURE) or np.array_equal(crop, PICTURE[:, ::-1])


@pytest.mark.parametrize("size", [(5, 6), (4, 7), (7, 10), (1, 1)])
def test_the_centre_crop_lies_in_the_middle(size):
    crop = centre_crop(tf.constant(PICTURE), size)
    top, left = (HEIGHT - size[0]) // 2, (WIDTH - size[1]) // 2
    expected = PICTURE[top : top + size[0], left : left + size[1]]
    np.testing.assert_array_equal(crop, expected)


def test_sizes_are_known_before_any_picture_is_read():
    spec = tf.TensorSpec((None, None, 3), tf.uint8)
    crops = [
        lambda image: centre_crop(image, SIZE),
        lambda image: random_crop_and_flip(image, SIZE, [1, 2]),
        lambda image: random_view(image, SIZE, [1, 2]),
    ]
    for crop in crops:
        shape = tf.function(crop).get_concrete_function(spec).output_shapes
        assert shape == (*SIZE, 3)


ROWS, COLUMNS, VIEW = 36, 50, (24, 20)  # pixels of a picture and of its views


@pytest.fixture(scope="module")
def views():
    """Where the pixels of views lie in the picture: `(count, height, width, [y, x])`.

    Bilinear interpolation is exact on a picture that holds its own coordinates.
    """
    y, x = np.mgrid[:ROWS, :COLUMNS] + 0.5
    places = 1e4 * np.stack([y, x, y], -1).astype("float32")
    seeds = tf.data.Dataset.range(400).map(lambda i: tf.stack([np.int64(7), i]))
    views = seeds.map(lambda seed: random_view(places, VIEW, seed))
    return np.stack(list(views.as_numpy_iterator()))[..., :2] / 1e4


def steps_of(views):
    """`(count, [y, x])` from one pixel to the one below, and to the one to its right.

    The latter of pictures that are not mirrored.
    """
    down = (views[:, -1, 0] - views[:, 0, 0]) / (VIEW[0] - 1)
    right = (views[:, 0, -1] - views[:, 0, 0]) / (VIEW[1] - 1)
    return down, right * np.sign(right[:, 1:])


def test_a_view_is_turned_and_zoomed_but_not_distorted(views):
    down, right = steps_of(views)
    np.testing.assert_allclose(down[:, 0], right[:, 1], atol=1e-3)
    np.testing.assert_allclose(down[:, 1], -right[:, 0], atol=1e-3)
    rows, columns = np.mgrid[: VIEW[0], : VIEW[1]][..., None]
    across = (views[:, 0, -1] - views[:, 0, 0]) / (VIEW[1] - 1)
    plane = views[:, :1, :1] + rows * down[:, None, None]
    np.testing.assert_allclose(
        plane + columns * across[:, None, None], views, atol=0.02
    )


def test_views_are_turned_by_up_to_five_degrees_either_way(views):
    down, _ = steps_of(views)
    angles = np.degrees(np.arctan2(down[:, 1], down[:, 0]))
    assert -5.01 < angles.min() < -4.8 and 4.8 < angles.max() < 5.01
    assert abs(angles.mean()) < 4.5 * 5 / 3**0.5 / len(views) ** 0.5


def corners(views):
    """The outer corners of the views, half a pixel beyond the middles of the last."""
    down, _ = steps_of(views)
    right = (views[:, 0, -1] - views[:, 0, 0]) / (VIEW[1] - 1)
    ends = [(0, 0, -1, -1), (0, -1, -1, 1), (-1, 0, 1, -1), (-1, -1, 1, 1)]
    return np.stack(
        [views[:, i, j] + (a * down + b * right) / 2 for i, j, a, b in ends], 1
    )


def test_views_lie_within_the_picture_anywhere_in_it(views):
    low, high = corners(views).min(axis=1), corners(views).max(axis=1)
    assert low.min() > -0.01
    assert (high < np.array([ROWS, COLUMNS]) + 0.01).all()
    spare = np.array([ROWS, COLUMNS]) - (high - low)
    share = (low / spare)[spare[:, 0] > 1]
    np.testing.assert_allclose(share.mean(axis=0), 0.5, atol=0.07)
    assert (share.min(axis=0) < 0.05).all() and (share.max(axis=0) > 0.95).all()


def test_views_measure_four_fifths_to_all_of_what_fits(views):
    box = corners(views).max(axis=1) - corners(views).min(axis=1)
    share = (box / (ROWS, COLUMNS)).max(axis=1)
    assert 0.799 < share.min() < 0.81 and 0.99 < share.max() < 1.001
    np.testing.assert_allclose(share.mean(), 0.9, atol=0.02)


def test_half_of_the_views_are_mirrored(views):
    mirrored = views[:, 0, 0, 1] > views[:, 0, -1, 1]
    np.testing.assert_allclose(mirrored.mean(), 0.5, atol=4.5 * 0.5 / 400**0.5)


def test_a_view_is_a_function_of_its_seed_and_keeps_flat_colours():
    first, again, other = (
        random_view(PICTURE, SIZE, seed).numpy() for seed in ([3, 4], [3, 4], [4, 3])
    )
    np.testing.assert_array_equal(first, again)
    assert first.dtype == "uint8" and not np.array_equal(first, other)
    flat = np.full((9, 12, 3), (200, 7, 254), "uint8")
    assert (random_view(flat, SIZE, [1, 2]).numpy() == (200, 7, 254)).all()


COLOURS = np.array(
    [[0, 0, 0], [255] * 3, [100] * 3, [160, 100, 90], [70, 90, 120]], "uint8"
)


@pytest.fixture(scope="module")
def varied():
    """Those colours, changed by 300 seeds: floats in [0, 1]."""
    seeds = tf.data.Dataset.range(300).map(lambda i: tf.stack([np.int64(7), i]))
    changed = seeds.map(lambda seed: vary_colors(tf.constant(COLOURS)[None], seed))
    return np.stack(list(changed.as_numpy_iterator()))[:, 0] / 255


def test_grey_stays_grey_and_follows_a_mild_gamma(varied):
    assert (varied[:, :3] == varied[:, :3, :1]).all()
    np.testing.assert_array_equal(varied[:, :2, 0], [[0, 1]] * len(varied))
    powers = np.log2(np.log(varied[:, 2, 0]) / np.log(100 / 255))
    assert -0.31 < powers.min() < -0.28 and 0.28 < powers.max() < 0.31


def test_colours_move_from_and_to_their_luma_by_a_fifth_at_most(varied):
    gamma = np.log(varied[:, 2, :1]) / np.log(100 / 255)
    for n in (3, 4):
        luma = COLOURS[n] @ (0.299, 0.587, 0.114) / 255
        shift = varied[:, n] ** (1 / gamma) - luma
        shares = shift / (COLOURS[n] / 255 - luma)
        # The first and last channel are far from the luma: little is lost to rounding.
        np.testing.assert_allclose(shares[:, 0], shares[:, 2], atol=0.08)
        assert 0.75 < shares[:, 0].min() < 0.85 and 1.15 < shares[:, 0].max() < 1.25
