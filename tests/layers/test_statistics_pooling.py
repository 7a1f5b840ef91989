"""StatisticsPooling2D against its formula, written in NumPy."""

import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.layers import StatisticsPooling2D

X = np.random.default_rng(0).normal(3, 5, (2, 8, 6, 4)).astype("float32")


def shares(bands, height):
    """How much each row counts in each soft band, `(bands, height)`."""
    if bands == 1:
        return np.full((1, height), 1 / height)
    rows, centres = ((np.arange(n) + 0.5) / n for n in (height, bands))
    distance = (rows - centres[:, None]) * 2 * bands  # one half-band is one sigma
    shares = np.exp(-(distance**2) / 2)
    return shares / shares.sum(1, keepdims=True)


@pytest.mark.parametrize("bands", [1, 3])
@pytest.mark.parametrize("scale", [1e-3, 1.0, 2e3])  # 2e3: variance > float16's max
@pytest.mark.parametrize("dtype, rtol", [("float32", 1e-4), ("float16", 1e-2)])
def test_output_follows_the_formula(dtype, rtol, scale, bands):
    layer = StatisticsPooling2D(bands, epsilon=1e-4, dtype=dtype)
    y = layer((X * scale).astype(dtype))
    x = X.astype("float64") * scale
    weights = shares(bands, 8)[None, :, :, None, None] / 6  # of each pixel
    mean = (weights * x[:, None]).sum((2, 3), keepdims=True)
    variance = (weights * (x[:, None] - mean) ** 2).sum((2, 3))
    expected = np.concatenate([mean[:, :, 0, 0], np.sqrt(variance + 1e-4)], axis=-1)
    assert y.dtype == dtype
    np.testing.assert_allclose(y, expected.reshape(2, -1), rtol=rtol, atol=rtol * scale)


def test_bands_go_from_top_to_bottom():
    x = np.zeros((1, 8, 6, 1), "float32")
    x[:, :2] = 1  # sky
    top, *_, bottom = np.asarray(StatisticsPooling2D(4)(x)).reshape(4, 2)[:, 0]
    assert top > 0.8 and bottom < 0.05


def test_a_large_mean_does_not_drown_the_spread():
    x = 1e3 + np.random.default_rng(0).normal(size=(1, 32, 24, 1)).astype("float32")
    deviation = float(StatisticsPooling2D()(x)[0, 1])
    assert deviation == pytest.approx(x.astype("float64").std(), rel=1e-3)


def test_a_flat_picture_has_a_gradient():
    x = tf.fill((1, 4, 6, 2), 0.5)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = StatisticsPooling2D()(x)
    assert np.isfinite(tape.gradient(y, x)).all()
