import numpy as np
import pytest

from keras_stylex.metrics.filters import gaussian_kernel, gradients, luma, smooth

IMAGES = np.random.default_rng(0).uniform(size=(2, 9, 14)).astype("float32")


def test_luma_of_gray_is_its_level():
    np.testing.assert_allclose(luma(np.full((1, 2, 3, 3), 0.3)), 0.3, rtol=1e-6)


@pytest.mark.parametrize("sigma", [0.7, 2.0])
def test_a_gaussian_has_its_deviation_and_sums_to_one(sigma):
    kernel = gaussian_kernel(sigma)
    offsets = np.arange(len(kernel)) - len(kernel) // 2
    assert kernel.sum() == pytest.approx(1)
    assert np.sqrt((kernel * offsets**2).sum()) == pytest.approx(sigma, rel=0.02)


@pytest.mark.parametrize("padding", ["valid", "reflect"])
def test_smoothing_is_a_convolution_of_rows_and_columns(padding):
    kernel = np.array([0.5, 0.3, 0.2])  # uneven: a flipped one would show
    expected = IMAGES
    for axis in (1, 2):
        if padding == "reflect":
            pads = [(1, 1) if a == axis else (0, 0) for a in range(3)]
            expected = np.pad(expected, pads, mode="reflect")
        expected = np.apply_along_axis(
            np.convolve, axis, expected, kernel[::-1], "valid"
        )
    np.testing.assert_allclose(smooth(IMAGES, kernel, padding), expected, rtol=1e-5)


def test_gradients_of_a_ramp_are_its_slopes():
    rows, columns = np.mgrid[:12, :15]
    down, across = gradients((2.0 * rows - 3.0 * columns)[None])
    inner = np.s_[:, 2:-2, 2:-2]
    np.testing.assert_allclose(down[inner], 2, rtol=0.01)
    np.testing.assert_allclose(across[inner], -3, rtol=0.01)


@pytest.mark.parametrize("angle", [0.2, 0.7, 1.3])
def test_gradients_keep_the_direction_of_fine_waves(angle):
    rows, columns = np.mgrid[:40, :50]
    phase = rows * np.sin(angle) + columns * np.cos(angle)
    down, across = gradients(np.sin(2 * np.pi * phase / 3)[None])
    down, across = down[:, 2:-2, 2:-2], across[:, 2:-2, 2:-2]
    slope = (down * across).sum() / (across**2).sum()
    assert np.arctan(slope) == pytest.approx(angle, abs=0.01)
