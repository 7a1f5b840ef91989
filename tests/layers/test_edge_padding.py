"""EdgePadding2D."""

import numpy as np
import pytest

from keras_stylex.layers import EdgePadding2D


@pytest.mark.parametrize("size", [(4, 6), (1, 3)])
def test_the_border_is_repeated(size):
    x = np.random.default_rng(0).random((2, *size, 3)).astype("float32")
    expected = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="edge")
    np.testing.assert_array_equal(EdgePadding2D()(x), expected)
