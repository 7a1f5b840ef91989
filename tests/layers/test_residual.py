"""Residual blocks: nothing at first, then their formula."""

import numpy as np
import pytest

from keras_stylex.layers import ModulatedResidualBlock, ResidualBlock

RNG = np.random.default_rng(0)
FEATURES = RNG.normal(size=(2, 5, 7, 6)).astype("float32")
STYLE = RNG.normal(size=(2, 4)).astype("float32")


def formula(x, gain, kernels, biases, spatial=None):
    """`x + gain * f(f(x))`, `f` a rectifier, a depthwise and a full convolution."""
    y = x.astype("float64")
    for i, (kernel, bias) in enumerate(zip(kernels, biases, strict=True)):
        y = np.maximum(y, 0.2 * y)
        y = filtered(y, spatial[i], np.multiply) if spatial else y
        y = filtered(y, kernel, np.matmul) + bias
    return x + gain * y


def filtered(x, kernel, product):
    """The sum over the kernel's taps of `product(shifted x, tap)`; zeros around."""
    height, width = x.shape[1:3]
    reach = kernel.shape[0] // 2
    x = np.pad(x, ((0, 0), (reach, reach), (reach, reach), (0, 0)))
    return sum(
        product(x[:, i : i + height, j : j + width], kernel[i, j])
        for i, j in np.ndindex(kernel.shape[:2])
    )


def spatial_kernels(block):
    return [np.asarray(layer.kernel)[..., 0] for layer in block.depthwise]


def modulated(separable, **options):
    return ModulatedResidualBlock(6, separable=separable, **options)


@pytest.mark.parametrize("dtype", ["float32", "mixed_float16"])
def test_a_new_block_changes_nothing(dtype):
    x = FEATURES.astype("float16").astype("float32")
    np.testing.assert_array_equal(ResidualBlock(6, dtype=dtype)(x), x)
    for separable in (True, False):
        np.testing.assert_array_equal(modulated(separable, dtype=dtype)(x, STYLE), x)


def test_with_a_gain_the_block_follows_the_formula():
    block = ResidualBlock(6)
    block(FEATURES)
    block.gain.assign(0.7)
    for layer in block.pointwise:
        layer.bias.assign(RNG.normal(size=6))
    kernels = [np.asarray(layer.kernel) for layer in block.pointwise]
    biases = [np.asarray(layer.bias) for layer in block.pointwise]
    expected = formula(FEATURES, 0.7, kernels, biases, spatial_kernels(block))
    np.testing.assert_allclose(block(FEATURES), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("separable", [True, False])
def test_with_a_gain_the_modulated_block_is_one_of_folded_convolutions(separable):
    block = modulated(separable)
    block(FEATURES, STYLE)
    block.gain.assign(0.7)
    y = np.asarray(block(FEATURES, STYLE))
    for i, style in enumerate(STYLE):
        folded = [map(np.asarray, conv.fold(style)) for conv in block.convs]
        kernels, biases = zip(*folded, strict=True)
        spatial = spatial_kernels(block) if separable else None
        x = FEATURES[i : i + 1]
        expected = formula(x, 0.7, kernels, biases, spatial)
        np.testing.assert_allclose(y[i : i + 1], expected, rtol=1e-4, atol=1e-5)


def test_a_new_depthwise_convolution_keeps_the_variance():
    x = RNG.normal(size=(1, 24, 16, 512)).astype("float32")
    y = np.asarray(ResidualBlock(512).depthwise[0](x))
    assert y[:, 1:-1, 1:-1].var() == pytest.approx(1, abs=0.1)
