"""Colours moved to those of a reference, compared with maps that are known."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.losses import color_moments, color_transfer_loss, transfer_colors

SHAPE = (2, 16, 24, 3)
# Symmetric, with eigenvalues between 0.5 and 1.5: no other map moves colours less.
MAP = np.array([[1.1, 0.2, 0.0], [0.2, 0.9, -0.3], [0.0, -0.3, 0.9]], "float32")


def pictures(seed=0, shape=SHAPE):
    """Colours around the middle, so that maps of them stay between 0 and 1."""
    return np.random.default_rng(seed).uniform(0.35, 0.65, shape).astype("float32")


def moved(images, matrix, offset=0.0):
    """The same pictures after a linear map of the distances to their mean."""
    mean = images.mean((1, 2), keepdims=True)
    return (mean + offset + (images - mean) @ matrix).astype("float32")


def shuffled(images, seed=1):
    """The same colours at other places."""
    batch, rows, columns, _ = images.shape
    order = np.random.default_rng(seed).permutation(rows * columns)
    return images.reshape(batch, -1, 3)[:, order].reshape(images.shape)


def transferred(images, references):
    """By a map for each picture, of its own colours."""
    moments = color_moments(images)
    return keras.ops.convert_to_numpy(transfer_colors(images, references, moments))


def loss_of(images, references, contents):
    moments = color_moments(contents)
    return color_transfer_loss(images, references, contents, moments)


def test_moments_are_the_mean_and_the_products_of_channels():
    images = pictures()
    for moments, image in zip(color_moments(images), images, strict=True):
        colors = image.reshape(-1, 3)
        np.testing.assert_allclose(moments[0], colors.mean(0), atol=1e-6)
        covariance = np.cov(colors.T, bias=True)
        expected = covariance + np.outer(colors.mean(0), colors.mean(0))
        np.testing.assert_allclose(moments[1:], expected, atol=1e-6)


def test_what_a_color_becomes_depends_on_the_reference_alone():
    images, references = pictures(), pictures(seed=3)[:1].repeat(2, 0)
    images[1, :2] = images[0, :2]
    moments = keras.ops.mean(color_moments(pictures(seed=4)), axis=0)
    result = keras.ops.convert_to_numpy(transfer_colors(images, references, moments))
    np.testing.assert_allclose(result[1, :2], result[0, :2], atol=1e-6)
    assert np.abs(result[0, 2:] - images[0, 2:]).max() > 0.01


def test_colors_of_a_picture_in_its_own_colors_stay():
    images = pictures()
    np.testing.assert_allclose(transferred(images, images), images, atol=1e-4)


def test_a_symmetric_map_of_colors_is_found_wherever_colors_stand():
    images = pictures()
    wanted = moved(images, MAP, offset=0.1)
    found = transferred(images, shuffled(wanted))
    np.testing.assert_allclose(found, wanted, atol=2e-3)


def test_each_picture_takes_the_colors_of_its_own_reference():
    images = pictures()
    references = pictures(seed=3) * np.array([0.5, 1.2], "float32")[:, None, None, None]
    both = transferred(images, references)
    for i in range(2):
        alone = transferred(images[i : i + 1], references[i : i + 1])
        np.testing.assert_allclose(both[i : i + 1], alone, atol=1e-5)


def test_colors_get_the_mean_and_the_covariance_of_any_reference():
    images, references = pictures(), pictures(seed=5)[..., ::-1] * 0.9
    references[..., 0] += 0.3 * references[..., 1] - 0.15
    result = transferred(images, references)
    for found, wanted in zip(result, references, strict=True):
        found, wanted = (each.reshape(-1, 3).T for each in (found, wanted))
        np.testing.assert_allclose(found.mean(1), wanted.mean(1), atol=1e-4)
        np.testing.assert_allclose(np.cov(found), np.cov(wanted), atol=2e-4)


def test_differences_of_colors_become_at_most_twice_as_large():
    images = pictures() * 0.2 + 0.4
    references = moved(images, 5 * np.eye(3))
    np.testing.assert_allclose(
        transferred(images, references), moved(images, 2 * np.eye(3)), atol=1e-4
    )


def test_results_stay_between_black_and_white():
    images = np.random.default_rng(0).random(SHAPE, "float32")
    dark, bright = (
        transferred(images, references) for references in (images**4, 1 - images**4)
    )
    assert dark.min() == 0.0 and bright.max() == 1.0


def test_a_content_of_one_color_gets_the_mean_of_the_reference():
    references = pictures()
    plain = np.full(SHAPE, 0.3, "float32")
    expected = np.broadcast_to(references.mean((1, 2), keepdims=True), SHAPE)
    np.testing.assert_allclose(transferred(plain, references), expected, atol=1e-5)


def test_a_reference_of_one_color_leaves_faint_differences():
    result = transferred(pictures(), np.full(SHAPE, 0.3, "float32"))
    assert np.abs(result - 0.3).max() < 0.02


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_the_loss_is_how_far_off_the_colors_are(dtype):
    images = pictures().astype(dtype)
    loss = loss_of(images + 0.1, images, images)
    assert loss.dtype == "float32"
    np.testing.assert_allclose(loss, [0.1, 0.1], atol=2e-3)


def test_the_loss_is_blind_to_what_happens_within_blocks_of_eight_pixels():
    areas = np.random.default_rng(0).uniform(0.3, 0.7, (2, 2, 3, 3)).astype("float32")
    images = areas.repeat(8, 1).repeat(8, 2)
    grain = np.tile([[0.2, -0.2], [-0.2, 0.2]], (8, 12))[None, :, :, None]
    loss = loss_of((images + grain).astype("float32"), images, images)
    np.testing.assert_allclose(loss, [0, 0], atol=1e-3)


def test_colors_at_other_places_count():
    areas = np.random.default_rng(0).uniform(0.3, 0.7, (1, 2, 3, 3)).astype("float32")
    images = areas.repeat(8, 1).repeat(8, 2)
    mirrored = images[:, :, ::-1]
    expected = np.abs(areas - areas[:, :, ::-1]).mean()
    loss = loss_of(mirrored, images, images)
    np.testing.assert_allclose(loss, [expected], atol=1e-3)


@pytest.mark.parametrize("color", [0.0, 0.5, 1.0])
def test_pictures_of_one_color_have_finite_gradients(color):
    plain = tf.constant(np.full(SHAPE, color, "float32"))
    with tf.GradientTape() as tape:
        tape.watch(plain)
        loss = tf.reduce_sum(loss_of(plain, plain, plain))
    assert np.isfinite(tape.gradient(loss, plain)).all()


@pytest.mark.parametrize("which", [0, 1, 2])
def test_what_is_no_number_makes_the_loss_of_its_own_picture_none(which):
    broken = [pictures(seed) for seed in range(3)]
    broken[which][1, 3, 4] = np.nan
    loss = color_transfer_loss(*broken, color_moments(pictures())[0])
    np.testing.assert_array_equal(np.isfinite(loss), [True, False])
