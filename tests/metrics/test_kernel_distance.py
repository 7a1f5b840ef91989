import numpy as np
import pytest

from keras_stylex.metrics import kernel_distance
from keras_stylex.metrics.kernel_distance import kernel_moments

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(7, 5)), RNG.normal(0.5, 1.2, size=(9, 5))


def unbiased(x, y):
    """The closed form, pair by pair."""

    def kernel(a, b):
        return (a @ b / len(a) + 1) ** 3

    def within(rows):
        pairs = [(i, j) for i in range(len(rows)) for j in range(len(rows)) if i != j]
        return np.mean([kernel(rows[i], rows[j]) for i, j in pairs])

    between = np.mean([kernel(a, b) for a in x for b in y])
    return within(x) + within(y) - 2 * between


def jackknife(x, y):
    """The variance of leaving out each picture once, by computing all anew."""
    variance = 0
    for left, estimates in (
        (len(x), [unbiased(np.delete(x, i, 0), y) for i in range(len(x))]),
        (len(y), [unbiased(x, np.delete(y, i, 0)) for i in range(len(y))]),
    ):
        variance += (left - 1) * np.var(estimates)
    return np.sqrt(variance)


def test_it_is_the_mean_over_all_pairs_of_different_pictures():
    assert kernel_distance(X, Y).value == pytest.approx(unbiased(X, Y), rel=1e-9)


def test_the_standard_error_is_the_jackknife_s():
    error = kernel_distance(X, Y).standard_error
    assert error == pytest.approx(jackknife(X, Y), rel=1e-9)


def test_small_differences_of_large_features_survive():
    assert kernel_distance(X + 30, Y + 30).value == pytest.approx(
        unbiased(X + 30, Y + 30), rel=1e-6
    )


def test_of_one_distribution_it_is_zero_on_average_whatever_the_numbers():
    values = [
        kernel_distance(*RNG.normal(size=(2, 12, 3))[:, :count]).value
        for count in (4, 12)
        for _ in range(200)
    ]
    for half in (values[:200], values[200:]):
        assert abs(np.mean(half)) < 3 * np.std(half) / np.sqrt(200)


def test_the_standard_error_is_how_much_estimates_vary():
    draws = [
        kernel_distance(RNG.normal(size=(40, 4)), RNG.normal(1, 1, size=(60, 4)))
        for _ in range(100)
    ]
    values, errors = zip(*draws, strict=True)
    assert np.median(errors) == pytest.approx(np.std(values), rel=0.3)


def test_more_rows_than_a_block_are_all_counted():
    x, y = RNG.normal(size=(513, 2)), RNG.normal(1, 1, size=(514, 2))
    kernel = (x @ y.T / 2 + 1) ** 3
    own = [(rows @ rows.T / 2 + 1) ** 3 for rows in (x, y)]
    within = [(k.sum() - np.trace(k)) / len(k) / (len(k) - 1) for k in own]
    expected = sum(within) - 2 * kernel.mean()
    assert kernel_distance(x, y).value == pytest.approx(expected, rel=1e-9)


def test_rows_that_are_not_in_do_not_count():
    pad = np.full((3, 5), 99.0)
    flags = [np.repeat([1.0, 0.0], [len(rows), 3]) for rows in (X, Y)]
    rows = [np.concatenate([rows, pad]) for rows in (X, Y)]
    moments = [float(value) for value in kernel_moments(*rows, *flags)]
    np.testing.assert_allclose(moments, kernel_distance(X, Y), rtol=1e-9)


def test_two_pictures_are_too_few():
    with pytest.raises(ValueError, match="3 pictures or more"):
        kernel_distance(X[:2], Y)
