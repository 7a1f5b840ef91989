"""Tiles of a local operation are the operation on the whole."""

import numpy as np
import pytest

from keras_stylex.inference.tiling import map_tiles

REACH = 3  # pixels


def blur(picture):
    """The mean over a window; what lies outside the picture is black."""
    height, width, _ = picture.shape
    padded = np.pad(picture, ((REACH, REACH), (REACH, REACH), (0, 0)))
    window = range(2 * REACH + 1)
    return sum(padded[i : i + height, j : j + width] for i in window for j in window)


def picture(height, width):
    return np.random.default_rng(0).random((height, width, 3)).astype("float32")


@pytest.mark.parametrize(
    "size", [(40, 26), (8, 100), (17, 9), (33, 16), (12, 12), (1, 50), (16, 17)]
)
def test_tiles_make_the_whole(size):
    x = picture(*size)
    y = map_tiles(blur, x, side=8, overlap=4)
    assert y.dtype == "float32"
    np.testing.assert_allclose(y, blur(x), rtol=1e-5)


def test_tiles_that_overlap_too_little_would_show():
    x = picture(40, 26)
    assert np.abs(map_tiles(blur, x, side=8, overlap=2) - blur(x)).max() > 0.1


@pytest.mark.parametrize("size", [(100, 60), (20, 100), (100, 20)])
def test_a_tile_is_no_larger_than_its_side_and_two_overlaps(size):
    sizes = []

    def note(tile):
        sizes.append(tile.shape[:2])
        return tile

    map_tiles(note, picture(*size), side=16, overlap=8)
    assert max(max(size) for size in sizes) == 16 + 2 * 8


def test_tiles_start_where_the_coarsest_cells_do():
    places = []
    x = np.zeros((64, 48, 3), "float32")
    x[..., 0], x[..., 1] = np.meshgrid(range(64), range(48), indexing="ij")

    def note(tile):
        places.append(tile[0, 0, :2])
        return tile

    np.testing.assert_array_equal(map_tiles(note, x, side=16, overlap=8), x)
    assert (np.array(places) % 8 == 0).all()


def test_a_small_picture_is_a_single_tile():
    calls = []
    map_tiles(lambda tile: calls.append(1) or tile, picture(20, 12), side=16, overlap=8)
    assert len(calls) == 1
