"""The noise that strokes are made of."""

import numpy as np
import pytest

from keras_stylex.layers import StrokePattern
from keras_stylex.layers import stroke_pattern as module


def window(height, width, offset=None):
    features = np.zeros((3, height, width, 2), "float32")
    return np.asarray(StrokePattern()(features, offset))


def test_a_window_is_one_for_the_whole_batch_and_of_the_features_size():
    assert window(7, 10).shape == (1, 7, 10, module.CHANNELS)


def test_windows_are_cut_out_of_one_pattern():
    whole = window(40, 50)
    np.testing.assert_array_equal(
        window(9, 12, np.array([5, 20])), whole[:, 5:14, 20:32]
    )


def test_the_pattern_goes_on_for_ever():
    period = module.PERIOD
    np.testing.assert_array_equal(
        window(9, 12, np.array([3, period - 4])),
        window(9, 12, np.array([period + 3, 3 * period - 4])),
    )
    twice = window(9, 2 * period)
    np.testing.assert_array_equal(twice[:, :, :period], twice[:, :, period:])


def test_channels_have_mean_zero_and_variance_one():
    whole = window(module.PERIOD, module.PERIOD)[0]
    np.testing.assert_allclose(whole.mean((0, 1)), 0, atol=1e-5)
    np.testing.assert_allclose(whole.var((0, 1)), 1, atol=1e-5)


@pytest.mark.parametrize("direction", range(module.ORIENTATIONS))
def test_streaks_run_in_each_direction_and_widen_from_scale_to_scale(direction):
    lengths = []
    for scale, wavelength in enumerate(module.WAVELENGTHS):
        angle, frequency = spectrum(scale * module.ORIENTATIONS + direction)
        off = (
            np.angle(np.exp(2j * (angle - np.pi * direction / module.ORIENTATIONS))) / 2
        )
        assert abs(off) < np.radians(6)
        assert 0.6 < frequency * wavelength < 1.6
        lengths.append(1 / frequency)
    assert lengths == sorted(lengths)


def spectrum(channel):
    """The direction across the streaks of a channel, and how many fit in a place."""
    plane = window(module.PERIOD, module.PERIOD)[0, ..., channel]
    power = np.abs(np.fft.fft2(plane)) ** 2
    down, right = np.meshgrid(*[np.fft.fftfreq(module.PERIOD)] * 2, indexing="ij")
    power[(abs(down) == 0.5) | (abs(right) == 0.5)] = 0  # of no one direction
    doubled = np.sum(power * np.exp(2j * np.arctan2(down, right)))
    frequency = np.sum(power * np.hypot(down, right)) / power.sum()
    return np.angle(doubled) / 2, frequency


def test_a_mix_of_neighbours_runs_between_them():
    """All directions are filtered out of one noise, so that they can be steered."""
    planes = window(module.PERIOD, module.PERIOD)[0]
    assert np.corrcoef(planes[..., 0].ravel(), planes[..., 1].ravel())[0, 1] > 0.1
