import numpy as np

from keras_stylex.metrics import sensitivity

RNG = np.random.default_rng(0)
STYLES, OTHERS = RNG.uniform(size=(2, 3, 8, 12, 3))


def test_ignoring_the_reference_is_zero():
    np.testing.assert_array_equal(sensitivity(STYLES, STYLES, STYLES, OTHERS), 0)


def test_copying_the_reference_is_one():
    np.testing.assert_allclose(sensitivity(STYLES, OTHERS, STYLES, OTHERS), 1)


def test_it_is_the_ratio_of_mean_differences_per_picture():
    contents = RNG.uniform(size=(3, 16, 10, 3))
    changes = np.array([0.1, 0.2, 0.4]).reshape(3, 1, 1, 1)
    expected = changes.ravel() / np.abs(STYLES - OTHERS).mean((1, 2, 3))
    ratios = sensitivity(contents, contents - changes, STYLES, OTHERS)
    np.testing.assert_allclose(ratios, expected, rtol=1e-4)


def test_equal_references_divide_by_no_zero():
    assert np.isfinite(sensitivity(STYLES, OTHERS, STYLES, STYLES)).all()
