"""PixelShuffle, and the constraint on the kernel before it."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from keras_stylex.layers import ModulatedConv2D, NoCheckerboard, PixelShuffle


@pytest.fixture(params=["one op", "older Keras"])
def either_branch(request, monkeypatch):
    if request.param == "older Keras":
        monkeypatch.delattr(ops, "depth_to_space", raising=False)


@pytest.mark.parametrize("block", [2, 3])
def test_channels_become_blocks_of_pixels(block, either_branch):
    x = np.random.default_rng(0).random((2, 4, 6, 5 * block**2)).astype("float32")
    expected = np.empty((2, 4 * block, 6 * block, 5), "float32")
    for i, j in np.ndindex(block, block):
        first = 5 * (i * block + j)
        expected[:, i::block, j::block] = x[..., first : first + 5]
    np.testing.assert_array_equal(PixelShuffle(block)(x), expected)


def test_a_graph_of_unknown_size_gives_the_same(either_branch):
    x = np.random.default_rng(0).random((2, 4, 6, 12)).astype("float32")
    layer = PixelShuffle(2)
    graph = tf.function(layer, input_signature=[tf.TensorSpec((None, None, None, 12))])
    np.testing.assert_array_equal(graph(x), layer(x))


def constrained(shape):
    """Random weights, and what the constraint makes of them."""
    weights = np.random.default_rng(0).normal(size=shape).astype("float32")
    return weights, np.asarray(NoCheckerboard()(weights))


def painted(features):
    """Pixels that a constrained convolution makes of features, without their rim."""
    conv = ModulatedConv2D(12, 3, demodulate=False, constraint=NoCheckerboard())
    style = np.random.default_rng(0).normal(size=(2, 5)).astype("float32")
    conv(features, style)
    for weight in (conv.kernel, *conv.style_bias.weights):
        weight.assign(weight.constraint(constrained(weight.shape)[0]))
    return np.asarray(PixelShuffle(2)(conv(features, style)))[:, 2:-2, 2:-2]


def test_no_grid_arises_on_flat_features():
    features = np.broadcast_to([0.7, -1.2, 3.0], (2, 4, 6, 3)).astype("float32")
    pixels = painted(features)
    assert np.ptp(pixels, axis=(1, 2)).max() < 1e-5
    assert np.ptp(pixels, axis=-1).min() > 0.01  # it has colours


@pytest.mark.parametrize("axis", [0, 1])
def test_no_grid_arises_on_slopes(axis):
    slope = np.indices((6, 8))[axis][None, ..., None] * np.float32([0.7, -1.2, 3.0])
    pixels = painted(np.repeat(slope, 2, axis=0))
    steps = np.diff(pixels, axis=axis + 1)
    assert np.ptp(steps, axis=(1, 2)).max() < 1e-4
    assert np.abs(steps).min() > 0.01
    assert np.abs(np.diff(pixels, axis=2 - axis)).max() < 1e-4


@pytest.mark.parametrize("shape", [(3, 3, 5, 12), (1, 1, 5, 12), (7, 12), (12,)])
def test_the_constraint_is_a_projection(shape):
    weights, once = constrained(shape)
    np.testing.assert_allclose(NoCheckerboard()(once), once, atol=1e-6)
    assert np.vdot(weights - once, once) == pytest.approx(0, abs=1e-3)
    assert np.abs(weights - once).max() > 0.1


def test_the_kernel_doubles_and_convolves():
    """What a constrained kernel paints, resizing and one small kernel paint as well."""
    features = np.random.default_rng(1).normal(size=(1, 6, 8, 1)).astype("float32")
    doubled = keras.layers.UpSampling2D(2, interpolation="bilinear")(features)
    kernel = constrained((3, 3, 1, 4))[1]
    actual = PixelShuffle(2)(ops.conv(features, kernel, padding="same"))
    actual = np.asarray(actual)[:, 2:-2, 2:-2]
    patches = np.lib.stride_tricks.sliding_window_view(doubled[0, ..., 0], (3, 3))
    patches = patches[1:-1, 1:-1].reshape(-1, 9)
    small, *_ = np.linalg.lstsq(patches, actual.ravel(), rcond=None)
    np.testing.assert_allclose(patches @ small, actual.ravel(), atol=1e-5)
    assert np.ptp(small) > 0.1
