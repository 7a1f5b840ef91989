"""ModulatedConv2D against its formula, written in NumPy."""

import numpy as np
import pytest

from keras_stylex.layers import ModulatedConv2D

RNG = np.random.default_rng(0)
FEATURES = RNG.normal(1, 2, (2, 5, 7, 3)).astype("float32")
STYLE = RNG.normal(size=(2, 4)).astype("float32")


def make_layer(filters=6, kernel_size=3, **options):
    """A layer none of whose weights is what it starts as."""
    layer = ModulatedConv2D(filters, kernel_size, **options)
    layer.build(FEATURES.shape, STYLE.shape)
    rng = np.random.default_rng(1)
    layer.set_weights([rng.normal(size=w.shape) for w in layer.get_weights()])
    return layer


def convolve(x, kernel):
    """A cross-correlation, stride one, zeros around the picture."""
    height, width = x.shape[1:3]
    reach = kernel.shape[0] // 2
    x = np.pad(x, ((0, 0), (reach, reach), (reach, reach), (0, 0)))
    return sum(
        x[:, i : i + height, j : j + width] @ kernel[i, j]
        for i, j in np.ndindex(kernel.shape[:2])
    )


def formula(layer, x, style, demodulate=True):
    kernel, a, a0, b, b0 = (w.astype("float64") for w in layer.get_weights())
    scale = style @ a + a0
    y = convolve(x * scale[:, None, None], kernel)
    if demodulate:
        modulated = kernel * scale[:, None, None, :, None]
        norm = np.sqrt((modulated**2).sum(axis=(1, 2, 3)) + layer.epsilon)
        y /= norm[:, None, None]
    return y + (style @ b + b0)[:, None, None]


@pytest.mark.parametrize("kernel_size", [1, 3])
@pytest.mark.parametrize("scale", [1e-3, 1.0, 300.0])  # 300: squares > float16's max
@pytest.mark.parametrize(
    "dtype, tolerance", [("float32", 1e-4), ("mixed_float16", 1e-2)]
)
def test_output_follows_the_formula(dtype, tolerance, scale, kernel_size):
    layer = make_layer(kernel_size=kernel_size, dtype=dtype)
    # The bias stays small, so that it hides nothing.
    layer.style_bias.kernel.assign(layer.style_bias.kernel / scale)
    y = layer(FEATURES, STYLE * scale)
    expected = formula(layer, FEATURES, STYLE * scale)
    assert y.dtype == layer.compute_dtype
    error = np.abs(np.asarray(y, "float64") - expected).max()
    assert error <= tolerance * np.abs(expected).max()


def test_without_demodulation_the_kernels_norm_stays():
    layer = make_layer(demodulate=False)
    expected = formula(layer, FEATURES, STYLE, demodulate=False)
    np.testing.assert_allclose(layer(FEATURES, STYLE), expected, rtol=1e-4, atol=1e-4)


def test_a_style_that_silences_every_channel_leaves_the_bias():
    layer = make_layer()
    for weight in layer.affine.weights:
        weight.assign(np.zeros(weight.shape))
    expected = np.broadcast_to(layer.style_bias(STYLE)[:, None, None], (2, 5, 7, 6))
    np.testing.assert_allclose(layer(FEATURES, STYLE), expected, atol=1e-5)


@pytest.mark.parametrize("demodulate", [True, False])
@pytest.mark.parametrize("kernel_size", [1, 3])
def test_folded_it_is_a_plain_convolution(kernel_size, demodulate):
    layer = make_layer(kernel_size=kernel_size, demodulate=demodulate)
    for i, style in enumerate(STYLE):
        kernel, bias = map(np.asarray, layer.fold(style))
        assert kernel.shape == (kernel_size, kernel_size, 3, 6)
        assert bias.shape == (6,)
        folded = convolve(FEATURES[i : i + 1], kernel) + bias
        y = layer(FEATURES, STYLE)[i : i + 1]
        np.testing.assert_allclose(folded, y, rtol=1e-5, atol=1e-5 * np.abs(y).max())


def test_folding_a_mixed_precision_layer_gives_float32():
    kernel, bias = make_layer(dtype="mixed_float16").fold(STYLE[0])
    assert kernel.dtype == bias.dtype == "float32"


def test_a_new_layer_keeps_the_variance():
    x = RNG.normal(size=(4, 24, 16, 32)).astype("float32")
    y = np.asarray(ModulatedConv2D(64)(x, np.zeros((4, 8), "float32")))
    assert y[:, 1:-1, 1:-1].var() == pytest.approx(1, abs=0.1)  # no zeros from around
