"""The running average, by hand."""

import keras
import numpy as np
import pytest

from keras_stylex.training.weight_averaging import average_decay, update_average


@pytest.mark.parametrize(
    "step, expected", [(0, 0.25), (1, 2 / 5), (96, 0.97), (10_000, 0.998)]
)
def test_the_memory_is_short_at_first(step, expected):
    assert float(average_decay(step, 0.998)) == pytest.approx(expected)


def test_an_average_moves_towards_its_value():
    average, value = keras.Variable([1.0, 5.0]), keras.Variable([2.0, 1.0])
    update_average([average], [value], 0.75)
    np.testing.assert_allclose(average, [1.25, 4.0])
    np.testing.assert_allclose(value, [2.0, 1.0])
