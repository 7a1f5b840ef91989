"""The texture of pictures against that of references, worked out patch by patch."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.losses import texture_filters, texture_losses

SHAPE = (2, 22, 30, 3)
FILTERS = np.asarray(texture_filters(3, seed=4))


def pictures(seed, shape=SHAPE):
    return np.random.default_rng(seed).random(shape).astype("float32")


def halved(images):
    rows, columns = images.shape[1] // 2, images.shape[2] // 2
    return images.reshape(-1, rows, 2, columns, 2, 3).mean((2, 4))


def responses(image, step):
    """Of one picture, `(places, filters)`."""
    luma = image @ np.array([0.299, 0.587, 0.114])
    patches = np.lib.stride_tricks.sliding_window_view(luma, (5, 5))[::step, ::step]
    return patches.reshape(-1, 25) @ FILTERS.reshape(25, -1)


def normalized(values):
    return values / np.sqrt(np.mean(values**2, 0) + 0.02**2)


def distances(image, reference, content, step):
    """Of one picture: every place meets the reference's place of the same rank.

    Where the content has detail, and where it has none.
    """
    values, targets = (normalized(responses(x, step)) for x in (image, reference))
    size = np.sqrt(np.mean(responses(content, step) ** 2, 1))
    detail = size / (size + 0.05)
    total = np.zeros(2)
    for own, others in zip(values.T, np.sort(targets, 0).T, strict=True):
        order = np.argsort(own)
        shares = np.stack([detail[order], 1 - detail[order]])
        total += np.mean(np.abs(own[order] - others) * shares, axis=1)
    return total / values.shape[1]


def test_it_compares_responses_of_equal_rank_with_detail_and_without():
    images, references, contents = (pictures(seed) for seed in range(3))
    contents = 0.3 * contents**4
    expected = [
        distances(*sample, 2) + distances(*small, 1)
        for sample, small in zip(
            zip(images, references, contents, strict=True),
            zip(halved(images), halved(references), halved(contents), strict=True),
            strict=True,
        )
    ]
    losses = texture_losses(images, references, contents, FILTERS)
    np.testing.assert_allclose(np.transpose(losses), expected, rtol=1e-4)


def test_contrast_does_not_count():
    images, references = pictures(0), pictures(1)
    loss, _ = texture_losses(images, references, images, FILTERS)
    dull, _ = texture_losses(0.4 + 0.5 * images, references, images, FILTERS)
    np.testing.assert_allclose(dull, loss, rtol=2e-2)


@pytest.mark.parametrize("plain", [False, True])
def test_the_one_changes_places_with_detail_the_other_plain_ones(plain):
    images, references = pictures(0), pictures(1)
    contents = np.full(SHAPE, 0.5, "float32")
    contents[:, :, 20:] = pictures(2)[:, :, 20:]
    images = tf.constant(images)
    with tf.GradientTape() as tape:
        tape.watch(images)
        loss = texture_losses(images, references, contents, FILTERS)[plain]
    change = np.abs(tape.gradient(loss, images)).max((0, 1, 3))
    # Patches reach over ten pixels; their mean square connects all places, a little.
    here, there = (change[21:29], change[2:10])[:: -1 if plain else 1]
    assert there.mean() < 0.45 * here.mean()


def test_a_picture_has_its_own_texture():
    images = pictures(0)
    np.testing.assert_array_equal(texture_losses(images, images, images, FILTERS), 0)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_it_computes_in_float32(dtype):
    images, references = (tf.cast(pictures(seed), dtype) for seed in (0, 1))
    losses = texture_losses(images, references, images, FILTERS)
    assert [loss.dtype for loss in losses] == ["float32", "float32"]
    exact = texture_losses(
        *(tf.cast(x, "float32") for x in (images, references, images)), FILTERS
    )
    np.testing.assert_array_equal(losses, exact)


def test_filters_have_mean_zero_and_norm_one_and_are_drawn_anew():
    seed = keras.random.SeedGenerator(3)
    filters = [np.asarray(texture_filters(6, seed)) for _ in range(2)]
    for each in filters:
        assert each.shape == (5, 5, 1, 6)
        np.testing.assert_allclose(each.sum((0, 1)), 0, atol=1e-5)
        np.testing.assert_allclose((each**2).sum((0, 1, 2)), 1, rtol=1e-5)
    assert np.abs(filters[0] - filters[1]).min() > 0
    again = texture_filters(6, keras.random.SeedGenerator(3))
    np.testing.assert_array_equal(again, filters[0])
