"""Crops and flips: windows of the picture, decided by the seed alone."""

import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.data.augment import centre_crop, random_crop_and_flip

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
    ]
    for crop in crops:
        shape = tf.function(crop).get_concrete_function(spec).output_shapes
        assert shape == (*SIZE, 3)
