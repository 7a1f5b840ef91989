"""What direction details run in, and how strong they are."""

import keras
import numpy as np
import pytest

from keras_stylex.layers import OrientedEnergy
from keras_stylex.layers import oriented_energy as module

FLAT = np.log(0.003) + 4.5


def energies(pictures, **options):
    """`(batch, scales, directions)`."""
    features = np.asarray(OrientedEnergy(**options)(pictures))
    return features.reshape(-1, module.SCALES, module.ORIENTATIONS)


def grating(height, width, wavelength, angle, contrast=0.2):
    """Waves of brightness, whose crests run at right angles to `angle`."""
    y, x = np.mgrid[:height, :width]
    across = x * np.cos(angle) + y * np.sin(angle)
    wave = 0.5 + contrast * np.sin(2 * np.pi * across / wavelength)
    return np.repeat(wave[None, ..., None], 3, -1).astype("float32")


def noise(height, width, seed=0):
    rng = np.random.default_rng(seed)
    return rng.random((2, height, width, 3)).astype("float32")


def test_flat_pictures_have_the_energy_of_the_floor():
    picture = np.full((1, 20, 31, 3), 0.7, "float32")
    np.testing.assert_allclose(energies(picture), FLAT, atol=1e-3)


@pytest.mark.parametrize("scale", range(module.SCALES))
@pytest.mark.parametrize("direction", range(module.ORIENTATIONS))
def test_a_grating_is_strongest_in_its_own_direction_and_scale(scale, direction):
    wavelength = module.WAVELENGTH * 2**scale
    angle = np.pi * direction / module.ORIENTATIONS
    found = energies(grating(60, 84, wavelength, angle))[0]
    assert np.unravel_index(found.argmax(), found.shape) == (scale, direction)


def test_a_quarter_turn_exchanges_the_directions():
    x = noise(57, 41)
    half = module.ORIENTATIONS // 2
    # The finest scale only: at others, pooling starts at the upper left corner.
    there, back = energies(x)[:, 0], energies(np.rot90(x, axes=(1, 2)).copy())[:, 0]
    np.testing.assert_allclose(np.roll(there, half, -1), back, rtol=1e-4)


def test_twice_the_contrast_adds_the_logarithm_of_two():
    one, two = (energies(grating(48, 64, 7.0, 0.4, c))[0, 0, 1] for c in (0.2, 0.4))
    assert two - one == pytest.approx(np.log(2), abs=1e-3)


def test_it_is_the_mean_log_amplitude_of_pairs_of_filters():
    x = noise(14, 19)
    luma = np.pad(
        x @ np.float32([0.299, 0.587, 0.114]), ((0, 0), (4, 4), (4, 4)), "edge"
    )
    windows = np.lib.stride_tricks.sliding_window_view(luma, (9, 9), axis=(1, 2))
    windows = windows[:, ::2, ::2]
    pair = [np.einsum("bijyx,yxk->bijk", windows, f[:, :, 0]) for f in FILTERS]
    amplitude = np.hypot(*pair) ** 2 + 0.003**2
    expected = np.log(np.sqrt(amplitude)).mean((1, 2)) + 4.5
    np.testing.assert_allclose(energies(x)[:, 0], expected, rtol=1e-4)


FILTERS = module._EVEN, module._ODD


def test_filters_see_no_mean_and_a_pair_is_in_quadrature():
    for filters in FILTERS:
        np.testing.assert_allclose(filters.sum((0, 1, 2)), 0, atol=1e-6)
    even, odd = FILTERS
    np.testing.assert_allclose((even * odd).sum((0, 1, 2)), 0, atol=1e-6)


def test_pictures_smaller_than_a_filter_will_do():
    assert np.isfinite(energies(noise(3, 5))).all()


def test_it_computes_in_float32_under_mixed_precision():
    x = noise(24, 30)
    found = OrientedEnergy(dtype="mixed_float16")(x)
    assert keras.backend.standardize_dtype(found.dtype) == "float32"
    np.testing.assert_allclose(found, OrientedEnergy()(x), atol=0.02)
