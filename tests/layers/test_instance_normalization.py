"""InstanceNormalization against its formula, written in NumPy."""

import numpy as np
import pytest

from keras_stylex.layers import InstanceNormalization

X = np.random.default_rng(0).normal(3, 5, (2, 8, 6, 4)).astype("float32")


@pytest.mark.parametrize("scale", [1e-2, 1.0, 2e3])  # 2e3: variance > float16's max
@pytest.mark.parametrize("dtype, tolerance", [("float32", 1e-5), ("float16", 1e-2)])
def test_output_follows_the_formula(dtype, tolerance, scale):
    y = InstanceNormalization(epsilon=1e-3, dtype=dtype)((X * scale).astype(dtype))
    x = X.astype("float64") * scale
    mean, variance = x.mean((1, 2), keepdims=True), x.var((1, 2), keepdims=True)
    assert y.dtype == dtype
    np.testing.assert_allclose(y, (x - mean) / np.sqrt(variance + 1e-3), atol=tolerance)


def test_a_flat_picture_becomes_zero():
    y = InstanceNormalization()(np.full((2, 8, 6, 4), 0.7, "float32"))
    np.testing.assert_allclose(y, 0, atol=1e-4)
