import numpy as np
import pytest

from keras_stylex.losses.palette import BANDS, DIRECTIONS, POOL, palette_loss

RNG = np.random.default_rng(0)
HEIGHT, WIDTH = 2 * BANDS * POOL, 20
PICTURES = RNG.uniform(size=(2, HEIGHT, WIDTH, 3)).astype("float32")


def flat(color):
    return np.broadcast_to(np.float32(color), (1, HEIGHT, WIDTH, 3))


def test_flat_pictures_differ_by_their_projected_colors():
    a, b = np.array([0.9, 0.2, 0.1]), np.array([0.3, 0.4, 0.8])
    expected = np.abs(DIRECTIONS @ (a - b)).mean()
    np.testing.assert_allclose(
        palette_loss(flat(a), flat(b), flat(b)), [expected], rtol=1e-5
    )


def test_the_directions_have_unit_length_and_tell_all_channels():
    np.testing.assert_allclose(np.linalg.norm(DIRECTIONS, axis=1), 1, rtol=1e-6)
    assert np.linalg.matrix_rank(DIRECTIONS) == 3


def test_colors_may_lie_anywhere_within_a_band():
    blocks = PICTURES.reshape(2, BANDS, 2, POOL, WIDTH // POOL, POOL, 3)
    moved = blocks[:, :, ::-1, :, ::-1].reshape(PICTURES.shape)
    assert np.abs(moved - PICTURES).mean() > 0.1
    np.testing.assert_allclose(palette_loss(moved, PICTURES, PICTURES), 0, atol=1e-6)


def test_colors_may_not_change_bands():
    sky_below = np.roll(PICTURES + np.linspace(0, 1, HEIGHT)[:, None, None], 8, axis=1)
    upright = PICTURES + np.linspace(0, 1, HEIGHT)[:, None, None]
    assert np.all(np.asarray(palette_loss(sky_below, upright, upright)) > 0.1)


def test_it_is_the_distance_of_sorted_values_where_only_brightness_differs():
    grey = np.zeros((1, BANDS * POOL, 3 * POOL, 3), "float32")
    other = grey.copy()
    levels = np.repeat([0.0, 0.5, 1.0], POOL)
    grey += levels[:, None]
    other += levels[::-1][:, None] * 0.5  # sorted: 0, 0.25, 0.5 against 0, 0.5, 1
    projected = np.abs(DIRECTIONS.sum(axis=1)).mean()
    expected = projected * np.mean([0, 0.25, 0.5])
    np.testing.assert_allclose(palette_loss(grey, other, grey), [expected], rtol=1e-5)


@pytest.mark.parametrize("sample", [0, 1])
def test_each_sample_has_its_own_value(sample):
    changed = PICTURES.copy()
    changed[sample] = 0
    losses = np.asarray(palette_loss(changed, PICTURES, PICTURES))
    assert losses[sample] > 0.1
    assert losses[1 - sample] == 0


@pytest.mark.parametrize("share", [0.0, 0.2, 0.4, 0.5, 3.0])
def test_colors_may_vary_twice_as_much_as_those_of_the_content(share):
    """By bands: the middle one of the content has all the variety there is."""
    bands = PICTURES.reshape(2, BANDS, -1, 3)
    blocks = PICTURES.reshape(2, BANDS, 2, POOL, WIDTH // POOL, POOL, 3).mean((3, 5))
    means = blocks.mean((2, 3), keepdims=True).reshape(2, BANDS, 1, 3)
    shares = np.array([share, 1, share], "float32")[:, None, None]
    contents = (means + shares * (bands - means)).reshape(PICTURES.shape)
    shares = np.minimum(2 * shares, 1)
    drawn = (means + shares * (bands - means)).reshape(PICTURES.shape)
    np.testing.assert_allclose(palette_loss(drawn, PICTURES, contents), 0, atol=1e-4)
    if share < 0.5:
        assert np.all(np.asarray(palette_loss(PICTURES, PICTURES, contents)) > 0.003)


def test_a_plain_content_asks_for_the_mean_color_alone():
    contents, images = flat([0.2, 0.5, 0.9]), flat([0.6, 0.3, 0.1])
    blocks = PICTURES[:1].reshape(1, BANDS, 2, POOL, WIDTH // POOL, POOL, 3)
    means = blocks.mean((0, 2, 3, 4, 5))
    expected = np.abs(DIRECTIONS @ (images[0, 0, 0] - means).T).mean()
    loss = palette_loss(images, PICTURES[:1], contents)
    np.testing.assert_allclose(loss, [expected], rtol=1e-4)
