"""Upsampling2D: bilinear doubling, cropped to what it meets."""

import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.layers import Upsampling2D


def double(x, axis):
    """Each value becomes two, a quarter of the way towards its neighbours."""
    last = x.shape[axis] - 1
    here = np.arange(last + 1)
    before, after = np.maximum(here - 1, 0), np.minimum(here + 1, last)
    halves = [0.75 * x + 0.25 * np.take(x, i, axis) for i in (before, after)]
    shape = [2 * n if i == axis else n for i, n in enumerate(x.shape)]
    return np.stack(halves, axis + 1).reshape(shape)


@pytest.mark.parametrize("size", [(6, 8), (5, 8), (6, 7), (5, 7)])
def test_it_doubles_and_fits_odd_sizes(size):
    x = np.random.default_rng(0).random((2, 3, 4, 5)).astype("float32")
    like = np.zeros((2, *size, 1), "float32")
    expected = double(double(x, 1), 2)[:, : size[0], : size[1]]
    np.testing.assert_allclose(Upsampling2D()(x, like), expected, rtol=1e-5)


@pytest.mark.parametrize("dtype", ["float32", "float16"])
@pytest.mark.parametrize("size", [(6, 8), (5, 7)])
def test_a_graph_for_any_size_computes_the_same(size, dtype):
    layer = Upsampling2D(dtype=dtype)
    x = np.random.default_rng(0).random((2, 3, 4, 5)).astype(dtype)
    like = np.zeros((2, *size, 1), dtype)
    any_size = [tf.TensorSpec((None, None, None, n), dtype) for n in (5, 1)]
    y = tf.function(layer, any_size, autograph=False)(x, like)
    assert y.dtype == dtype
    np.testing.assert_allclose(
        y, layer(x, like), rtol=1e-3 if dtype == "float16" else 1e-6
    )


def test_a_single_pixel_fits_a_single_pixel():
    x = np.full((1, 1, 1, 2), 0.3, "float32")
    np.testing.assert_allclose(Upsampling2D()(x, x), x)
