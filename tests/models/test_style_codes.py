"""Arithmetic on style codes, by hand."""

import numpy as np
import pytest
from keras import ops

from keras_stylex.models import fade_style, mix_styles

CODES = np.random.default_rng(0).normal(size=(3, 8)).astype("float32")


def unit(codes):
    return codes / np.sqrt((codes**2).mean(-1, keepdims=True))


def test_strength_zero_is_neutral_and_one_the_style():
    neutral = fade_style(CODES[0], CODES, 0.0)
    np.testing.assert_allclose(neutral[1], unit(CODES[0]), 1e-4)
    np.testing.assert_allclose(fade_style(CODES[0], CODES, 1.0), unit(CODES), rtol=1e-4)


def test_strength_between_is_on_the_way():
    expected = unit(0.7 * CODES[0] + 0.3 * CODES)
    np.testing.assert_allclose(fade_style(CODES[0], CODES, 0.3), expected, rtol=1e-4)


def test_each_sample_may_have_its_own_strength():
    strength = np.float32([[0], [0.3], [1]])
    expected = unit((1 - strength) * CODES[0] + strength * CODES)
    faded = fade_style(CODES[0], CODES, strength)
    np.testing.assert_allclose(faded, expected, rtol=1e-4)


def test_a_mix_is_the_weighted_sum_scaled_to_one():
    mixed = mix_styles(CODES, [1, 2, 5])
    assert mixed.shape == (1, 8)
    expected = unit(CODES[0] + 2 * CODES[1] + 5 * CODES[2])
    np.testing.assert_allclose(mixed[0], expected, rtol=1e-3, atol=1e-4)


def test_only_the_ratio_of_the_weights_counts():
    mixed = mix_styles(CODES, [1, 2, 5])
    np.testing.assert_allclose(mix_styles(CODES, [70, 140, 350]), mixed, rtol=1e-5)


def test_a_mix_of_one_is_that_one():
    np.testing.assert_allclose(mix_styles(CODES, [0, 3, 0])[0], unit(CODES[1]), 1e-4)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_codes_of_a_mixed_precision_network_mix_and_fade(dtype):
    codes = ops.cast(CODES, dtype)
    near = {"rtol": 0.02, "atol": 0.02}
    mixed, expected = mix_styles(codes, [1, 2, 5]), mix_styles(CODES, [1, 2, 5])
    np.testing.assert_allclose(mixed, expected, **near)
    faded, expected = (fade_style(CODES[0], c, 0.5) for c in (codes, CODES))
    np.testing.assert_allclose(faded, expected, **near)
