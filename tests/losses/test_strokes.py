"""The loss that asks for strokes: where the reference has some, and only there."""

import keras
import numpy as np
import pytest

from keras_stylex.losses import stroke_loss

UPRIGHT = np.array([1.0, 0.0, 0.0, 0.0])
LYING = np.array([0.0, 0.0, 1.0, 0.0])


def loss(energies, parts):
    """Of one picture at one scale."""
    energies = np.asarray(energies)[None, None].astype("float32")
    parts = np.asarray(parts)[:, None, None].astype("float32")
    return float(stroke_loss(energies, parts)[0])


def test_it_is_the_mean_distance_where_all_parts_are_sure():
    # Differences from the mean: 0.75, -0.25, ...; only those of 0.35 are fully sure.
    certainty = np.array([1, 0.5, 0.5, 0.5])
    expected = (certainty * np.array([1, 0, 1, 0])).mean()
    assert loss(LYING, [UPRIGHT, UPRIGHT]) == pytest.approx(expected, abs=1e-6)


def test_equal_strokes_cost_nothing():
    assert loss(UPRIGHT, [UPRIGHT] * 3) == pytest.approx(0, abs=1e-6)


def test_how_much_detail_there_is_does_not_count():
    assert loss(UPRIGHT + 2, [UPRIGHT, UPRIGHT - 1]) == pytest.approx(0, abs=1e-6)


def test_parts_that_differ_ask_for_nothing():
    assert loss(np.zeros(4), [UPRIGHT, -UPRIGHT]) == 0


def test_a_direction_that_one_part_lacks_asks_for_nothing():
    assert loss(LYING, [UPRIGHT, UPRIGHT, np.zeros(4)]) == 0


def test_what_parts_are_doubtful_about_asks_for_nothing():
    assert loss(LYING, [UPRIGHT * 0.19] * 2) == 0


def test_there_is_one_value_per_sample_and_it_is_float32():
    energies = np.random.default_rng(0).normal(size=(5, 3, 8)).astype("float16")
    parts = np.stack([energies[::-1]] * 4)
    found = stroke_loss(energies, parts)
    assert keras.backend.standardize_dtype(found.dtype) == "float32"
    alone = stroke_loss(energies[2:3], parts[:, 2:3])
    np.testing.assert_allclose(found[2:3], alone)
