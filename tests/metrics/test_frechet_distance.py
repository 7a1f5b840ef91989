import warnings

import numpy as np
import pytest

from keras_stylex.metrics import FewPicturesWarning, frechet_distance
from keras_stylex.metrics.frechet_distance import gaussian_distance

RNG = np.random.default_rng(0)


def matrix_root(matrix):
    """A square root by Newton's iteration (Denman & Beavers, 1976)."""
    root, inverse = matrix, np.eye(len(matrix))
    for _ in range(60):
        root, inverse = (
            (root + np.linalg.inv(inverse)) / 2,
            (inverse + np.linalg.inv(root)) / 2,
        )
    return root


def test_it_is_the_distance_of_the_normal_distributions():
    mixing, other_mixing = RNG.normal(size=(2, 4, 4))
    x = RNG.normal(size=(50, 4)) @ mixing
    y = RNG.normal(size=(30, 4)) @ other_mixing + 1
    covariances = [np.cov(rows, rowvar=False) for rows in (x, y)]
    root = matrix_root(covariances[0] @ covariances[1])
    expected = ((x.mean(0) - y.mean(0)) ** 2).sum() + np.trace(
        covariances[0] + covariances[1] - 2 * root
    )
    assert frechet_distance(x, y) == pytest.approx(expected, rel=1e-6)


def test_independent_features_add_up_their_means_and_spreads():
    """On one axis it is `(m - m')^2 + (s - s')^2`."""
    means, spreads = (
        np.array([[0.0, 1, 2], [3.0, 1, 0]]),
        np.array([[1, 2, 3], [4, 2, 1]]),
    )
    expected = ((means[0] - means[1]) ** 2 + (spreads[0] - spreads[1]) ** 2).sum()
    covariances = [np.diag(s**2.0) for s in spreads]
    distance = gaussian_distance(means[0], covariances[0], means[1], covariances[1])
    assert float(distance) == pytest.approx(expected)


def test_a_set_is_at_no_distance_from_itself():
    x = RNG.normal(size=(20, 6))
    assert frechet_distance(x, x[::-1]) == pytest.approx(0, abs=1e-6)


def test_fewer_pictures_than_features_are_warned_of():
    x = RNG.normal(size=(2, 6, 6))
    with pytest.warns(FewPicturesWarning, match="from 6 pictures with 6 features"):
        assert np.isfinite(frechet_distance(*x))


def test_one_picture_more_is_not():
    x = RNG.normal(size=(2, 7, 6))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frechet_distance(*x)
