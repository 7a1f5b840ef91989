"""Where the crops are cut."""

import keras
import numpy as np
import pytest

from keras_stylex.training.random_crop import crop_shape, random_crop

# Every pixel holds its place.
PLACES = np.stack(np.meshgrid(np.arange(4), np.arange(6), indexing="ij"), -1)
PLACES = np.broadcast_to(PLACES.astype("float32"), (3, 4, 6, 2))


@pytest.fixture(scope="module")
def crops():
    generator = keras.random.SeedGenerator(0)
    return [np.asarray(random_crop(PLACES, 0.5, generator)) for _ in range(150)]


def test_a_crop_is_a_window_of_the_picture(crops):
    for crop in crops:
        assert crop.shape == (3, 2, 3, 2)
        top, left = crop[0, 0, 0].astype(int)
        expected = PLACES[:, top : top + 2, left : left + 3]
        np.testing.assert_array_equal(crop, expected)  # one place for all


def test_every_place_has_its_turn(crops):
    seen = {tuple(crop[0, 0, 0].astype(int)) for crop in crops}
    assert seen == set(np.ndindex(3, 4))


def test_the_same_seed_cuts_the_same_places(crops):
    generator = keras.random.SeedGenerator(0)
    again = [random_crop(PLACES, 0.5, generator) for _ in range(5)]
    np.testing.assert_array_equal(again, crops[:5])


def test_a_share_of_one_keeps_everything():
    crop = random_crop(PLACES, 1.0, keras.random.SeedGenerator(0))
    np.testing.assert_array_equal(crop, PLACES)


def test_a_crop_has_a_pixel_at_least():
    assert crop_shape(1, 10, 0.3) == (1, 3)
