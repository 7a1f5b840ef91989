"""EdgePadding2D."""

import numpy as np
import pytest

from keras_stylex.layers import EdgePadding2D
from keras_stylex.layers.edge_padding import trim_edges


@pytest.mark.parametrize("size", [1, 2, 8])
@pytest.mark.parametrize("shape", [(4, 6), (1, 3)])
def test_the_border_is_repeated(size, shape):
    x = np.random.default_rng(0).random((2, *shape, 3)).astype("float32")
    padded = EdgePadding2D(size)(x)
    sides = (size, size)
    expected = np.pad(x, ((0, 0), sides, sides, (0, 0)), mode="edge")
    np.testing.assert_array_equal(padded, expected)
    np.testing.assert_array_equal(trim_edges(padded, size, x), x)
