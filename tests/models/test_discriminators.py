"""What each discriminator sees, and what it is blind to."""

import keras
import numpy as np
import pytest

from keras_stylex.layers.activation import MIDDLE_GREY
from keras_stylex.models import (
    CodeDiscriminator,
    ContentDiscriminator,
    Discriminator,
    StyleDiscriminator,
)


@pytest.fixture(scope="module")
def content_critic():
    keras.utils.set_random_seed(0)
    critic = ContentDiscriminator(4)
    critic.build((None, None, None, 3))
    return critic


@pytest.fixture(scope="module")
def style_critic():
    keras.utils.set_random_seed(0)
    critic = StyleDiscriminator(4)
    critic.build([(None, None, None, 3)] * 2)
    return critic


@pytest.mark.parametrize("size", [(16, 24), (7, 13), (1, 1), (40, 9)])
def test_pictures_of_any_size_get_a_logit_per_patch(content_critic, pictures, size):
    logits = np.asarray(content_critic(pictures(2, *size)))
    rows, columns = (-(-side // 16) for side in size)
    assert logits.shape == (2, rows, columns, 1)
    assert np.isfinite(logits).all()


def test_the_finest_details_are_judged_by_nobody(
    content_critic, style_critic, pictures
):
    """A checkerboard of single pixels, whose mean is zero."""
    x, y = pictures(2, 16, 24), pictures(2)
    rows, columns = np.ogrid[:16, :24]
    board = np.where((rows + columns) % 2, 0.3, -0.3)[:, :, None].astype("float32")
    logits = content_critic(x)
    np.testing.assert_allclose(content_critic(x + board), logits, atol=1e-5)
    logits = style_critic([x, y])
    np.testing.assert_allclose(style_critic([x + board, y]), logits, atol=1e-5)
    coarse = np.repeat(np.repeat(board[:8, :12], 2, 0), 2, 1)
    assert np.abs(content_critic(x + coarse) - content_critic(x)).max() > 0.01


def test_the_content_critic_is_blind_to_contrast(content_critic, pictures):
    """Exactly so around the middle grey, when the first convolution has no bias."""
    content_critic.normalize.epsilon = 1e-9
    x = pictures(2, 32, 40)
    faint = MIDDLE_GREY + 0.3 * (x - MIDDLE_GREY)
    logits = content_critic(x)
    np.testing.assert_allclose(content_critic(faint), logits, atol=1e-3)
    assert np.abs(content_critic(x[:, ::-1]) - logits).max() > 0.1


def test_the_style_critic_sees_contrast(style_critic, pictures):
    x = pictures(2, 32, 40)
    faint = MIDDLE_GREY + 0.3 * (x - MIDDLE_GREY)
    for of_faint, of_x in zip(*map(style_critic.features, (faint, x)), strict=True):
        assert np.abs(of_faint - of_x).max() > 0.1


@pytest.mark.parametrize("size", [(16, 24), (7, 13), (1, 1), (40, 9)])
def test_the_style_critic_gives_a_logit_per_patch(style_critic, pictures, size):
    """The reference may be of another size."""
    logits = np.asarray(style_critic([pictures(2, *size), pictures(2, 7, 5)]))
    rows, columns = (-(-side // 32) for side in size)
    assert logits.shape == (2, rows, columns, 1)
    assert np.isfinite(logits).all()


@pytest.mark.parametrize("row, column", [(0, 0), (15, 32), (31, 40), (70, 110)])
def test_a_patch_sees_its_surroundings_and_all_of_the_reference(
    style_critic, pictures, row, column
):
    """Followed by a pixel that is no number; four convolutions, of pictures of half the
    size, reach 16i - 15."""
    image, reference = pictures(1, 80, 112), pictures(1, 48, 64, seed=1)
    image[0, row, column] = np.nan
    logits = np.asarray(style_critic([image, reference]))[0, ..., 0]
    seen = [
        (16 * np.arange(patches) - 15 <= at // 2)
        & (at // 2 <= 16 * np.arange(patches) + 30)
        for patches, at in zip((3, 4), (row, column), strict=True)
    ]
    np.testing.assert_array_equal(np.isnan(logits), np.outer(*seen))
    swapped = style_critic([reference, image])
    assert swapped.shape == (1, 2, 2, 1) and np.isnan(swapped).all()


def test_the_style_critic_listens_to_the_reference(style_critic, pictures):
    x, y = pictures(2, 32, 40), pictures(2, 32, 40, seed=1) * 0.5
    logits = style_critic([x, y])
    assert np.abs(style_critic([x, x]) - logits).min() > 1e-3  # at every patch
    assert np.abs(style_critic([y, x]) - logits).max() > 1e-3  # it tells who is who


def leaky(x):
    return np.maximum(x, 0.2 * x)


def test_patches_meet_the_reference_by_the_formula(style_critic):
    """The patches of the image, and the statistics of the reference."""
    rng = np.random.default_rng(0)
    patches, other_patches = rng.normal(size=(2, 3, 2, 5, 32)).astype("float32")
    style, other_style = rng.normal(size=(2, 3, 120)).astype("float32")
    w, v, hidden, out = (
        np.asarray(getattr(style_critic, name).kernel)
        for name in ("of_image", "of_reference", "hidden", "to_logits")
    )
    met = leaky(patches @ w + (style @ v)[:, None, None])
    actual = style_critic.compare([patches, other_style], [other_patches, style])
    np.testing.assert_allclose(actual, leaky(met @ hidden) @ out, rtol=1e-3, atol=1e-4)


def test_features_can_be_compared_later(style_critic, pictures):
    x, y = pictures(2), pictures(2, seed=1)
    later = style_critic.compare(style_critic.features(x), style_critic.features(y))
    np.testing.assert_array_equal(later, style_critic([x, y]))


@pytest.fixture(scope="module")
def code_critic():
    keras.utils.set_random_seed(0)
    critic = CodeDiscriminator(6)
    critic.build((None, None, None, 4))
    return critic


def test_every_other_place_of_a_code_gets_a_logit(code_critic):
    code = np.random.default_rng(0).normal(size=(2, 3, 6, 4)).astype("float32")
    assert code_critic(code).shape == (2, 2, 3, 1)


@pytest.mark.parametrize("row, column", [(0, 14), (6, 5)])
def test_a_place_of_a_code_is_judged_with_four_neighbours_on_each_side(
    code_critic, row, column
):
    code = np.random.default_rng(0).normal(size=(2, 13, 15, 4)).astype("float32")
    other = code.copy()
    other[1, row, column] += 1
    changed = np.asarray(code_critic(other) != code_critic(code))[..., 0]
    rows, columns = 2 * np.arange(7), 2 * np.arange(8)
    expected = np.zeros((2, 7, 8), bool)
    expected[1] = np.outer(abs(rows - row) <= 4, abs(columns - column) <= 4)
    np.testing.assert_array_equal(changed, expected)


def test_the_code_critic_follows_the_formula(code_critic):
    """Inside; on a flat code its 3x3 convolutions are dense layers."""
    level = np.random.default_rng(0).normal(size=(2, 4)).astype("float32")
    *hidden, out = (np.asarray(conv.kernel).sum((0, 1)) for conv in code_critic.convs)
    expected = level
    for kernel in hidden:
        expected = leaky(expected @ kernel)
    logits = code_critic(np.tile(level[:, None, None], (1, 13, 15, 1)))
    np.testing.assert_allclose(logits[:, 3, 4], expected @ out, rtol=1e-4)


def test_a_sample_gets_its_own_verdict(pictures):
    discriminator = Discriminator(2)
    x, y = pictures(3), pictures(3, seed=1)
    together = discriminator([x, y])
    for i in range(3):
        alone = discriminator([x[i : i + 1], y[i : i + 1]])
        for one, all_of_them in zip(alone, together, strict=True):
            np.testing.assert_allclose(one, all_of_them[i : i + 1], atol=1e-5)


def test_the_discriminator_is_its_two_critics(pictures):
    discriminator = Discriminator(2)
    x, y = pictures(2), pictures(2, seed=1)
    content_logits, style_logits = discriminator([x, y])
    np.testing.assert_array_equal(content_logits, discriminator.content(x))
    np.testing.assert_array_equal(style_logits, discriminator.style([x, y]))
