"""Parity in closed form."""

import numpy as np
import pytest

from keras_stylex.export.parity import compare


def test_parity_of_known_differences():
    expected = [np.zeros((2, 3), "float32"), np.zeros((4, 1), "float32")]
    values = [expected[0] + 0.1, expected[1] - 0.01]
    parity = compare(values, expected)
    assert parity.max == pytest.approx(0.1)
    assert parity.mean == pytest.approx(0.055)
    assert parity.psnr == pytest.approx((20 + 40) / 2)  # the mean of decibels


def test_equal_pictures_have_150_decibels():
    values = [np.ones((2, 3), "float32")]
    assert compare(values, values).psnr == pytest.approx(150)


def test_shapes_that_differ_are_refused():
    with pytest.raises(ValueError, match="Expected shape"):
        compare([np.zeros((2, 3))], [np.zeros((3, 2))])
