"""Edges and shades of the content in a picture, worked out window by window."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.losses import structure_loss

SHAPE = (2, 32, 48, 3)


def pictures(seed, shape=SHAPE):
    """Random squares of four pixels, which survive shrinking."""
    batch, rows, columns, _ = shape
    squares = np.random.default_rng(seed).random((batch, rows // 4, columns // 4, 3))
    return squares.repeat(4, 1).repeat(4, 2).astype("float32")


def small(image, scale):
    """One picture, averaged over blocks."""
    rows, columns = (side // scale for side in image.shape[:2])
    return image.reshape(rows, scale, columns, scale, 3).mean((1, 3))


def starts(side):
    """Where windows of 7 begin, two apart, that reach over both edges alike."""
    count = -(-side // 2)
    reach = max(2 * (count - 1) + 7 - side, 0)
    return [2 * i - reach // 2 for i in range(count)]


def windows(values):
    """Their pixels, `(pixels, 3)` each."""
    rows, columns = values.shape[:2]
    return [
        values[max(top, 0) : top + 7, max(left, 0) : left + 7].reshape(-1, 3)
        for top in starts(rows)
        for left in starts(columns)
    ]


def share(variance):
    return np.sqrt(variance) / (np.sqrt(variance) + 0.05)


def distance(image, content):
    """Of one picture at one scale."""
    total = 0.0
    pairs = list(zip(windows(image), windows(content), strict=True))
    for a, b in pairs:
        luma, shown = (colors @ np.array([0.299, 0.587, 0.114]) for colors in (a, b))
        (va, cov), (_, vb) = np.cov(luma, shown, bias=True)
        lost = 1 - cov**2 / ((va + 0.02**2) * (vb + 0.02**2))
        made_up = 0.0
        for channel, same in zip(a.T, b.T, strict=True):
            explained = []
            for values in (shown, same):
                (own, cov), (_, var) = np.cov(channel, values, bias=True)
                explained.append(cov**2 / (var + 0.001**2))
            made_up += (own - max(explained)) / 3
        plain = 1 - share(b.var(0).mean())
        total += share(vb) * lost + plain * share(made_up)
    return total / len(pairs)


def test_it_follows_the_formula_at_both_scales():
    images, contents = pictures(0), pictures(1)
    images = 0.5 * images + 0.5 * contents
    contents[:, :, 24:] = 0.5 + 0.05 * (contents[:, :, 24:] - 0.5)  # nearly plain
    expected = [
        np.mean([distance(small(x, scale), small(y, scale)) for scale in (2, 4)])
        for x, y in zip(images, contents, strict=True)
    ]
    np.testing.assert_allclose(structure_loss(images, contents), expected, rtol=1e-2)


@pytest.mark.parametrize("contrast", [0.5, -0.5])
def test_neither_contrast_nor_what_is_lighter_counts(contrast):
    contents = pictures(0)
    images = 0.5 + contrast * (contents - 0.5)
    same, other = (structure_loss(each, contents) for each in (images, pictures(1)))
    assert (np.asarray(same) < 0.1 * np.asarray(other)).all()


def test_colours_do_not_count():
    """Other colours of the same luma are the same picture to it."""
    contents = pictures(0)
    grey = contents @ np.float32([0.299, 0.587, 0.114])
    expected = structure_loss(contents, contents)
    actual = structure_loss(np.repeat(grey[..., None], 3, -1), contents)
    np.testing.assert_allclose(actual, expected, atol=1e-4)


def test_shades_where_the_content_is_plain_cost_the_more_the_larger_they_are():
    contents = np.full(SHAPE, 0.4, "float32")
    rising = np.linspace(-1, 1, 48, dtype="float32")[:, None] * np.ones(
        SHAPE, "float32"
    )
    losses = [
        float(np.mean(structure_loss(0.5 + size * rising, contents)))
        for size in (0.0, 0.1, 0.2, 0.4)
    ]
    assert losses[0] < 0.05 and losses == sorted(losses) and losses[-1] > 0.3


def test_shades_that_follow_the_content_are_free_and_others_are_not():
    contents = 0.5 + 0.1 * (pictures(0) - 0.5)
    same, more, other = (
        np.asarray(structure_loss(each, contents))
        for each in (contents, 0.5 + 3 * (contents - 0.5), pictures(1))
    )
    assert (more <= same).all() and (same < 0.5 * other).all()


def test_a_part_that_is_gone_costs_its_share():
    contents = pictures(0)
    images = contents.copy()
    images[0, :, 24:] = 0.5
    first, second = np.asarray(structure_loss(images, contents))
    gone = np.full_like(contents, 0.5)
    everything = np.asarray(structure_loss(gone, contents))[0]
    assert second < 0.05 * everything
    assert 0.3 * everything < first < 0.7 * everything


def test_flat_pictures_have_a_finite_gradient():
    flat = tf.fill(SHAPE, 0.5)
    with tf.GradientTape() as tape:
        tape.watch(flat)
        loss = structure_loss(flat, pictures(0))
    assert np.isfinite(tape.gradient(loss, flat)).all()


def test_half_precision_does_not_count():
    images, contents = pictures(0), pictures(1)
    expected = structure_loss(images, contents)
    halves = [keras.ops.cast(each, "float16") for each in (images, contents)]
    actual = structure_loss(*halves)
    assert keras.backend.standardize_dtype(actual.dtype) == "float32"
    np.testing.assert_allclose(actual, expected, rtol=1e-2)


@pytest.mark.parametrize("shape", [(1, 4, 8, 3), (1, 16, 12, 3)])
def test_the_smallest_pictures_will_do(shape):
    assert np.isfinite(structure_loss(pictures(0, shape), pictures(1, shape))).all()
