from itertools import combinations

import numpy as np
import pytest

from keras_stylex.metrics import diversity, retrieval

RNG = np.random.default_rng(0)


def test_each_result_is_sought_among_its_own_and_the_next_references():
    results, references = RNG.normal(size=(2, 9, 2))
    found = [
        min(range(4), key=lambda k: np.hypot(*(results[i] - references[(i + k) % 9])))
        == 0
        for i in range(9)
    ]
    assert 0 < np.sum(found) < 9
    np.testing.assert_array_equal(retrieval(results, references, 4), found)


def test_a_copy_finds_its_reference_and_a_neighbour_does_not():
    references = RNG.normal(size=(6, 3))
    assert retrieval(references, references).all()
    assert not retrieval(np.roll(references, -1, 0), references).any()


def test_chance_is_one_in_fifty():
    results, references = RNG.normal(size=(2, 2000, 4))
    assert retrieval(results, references).mean() == pytest.approx(1 / 50, abs=0.01)


def test_where_all_references_are_described_alike_nothing_is_found():
    assert not retrieval(np.zeros((5, 3)), np.ones((5, 3))).any()


def test_diversity_is_the_mean_difference_of_all_pairs():
    results = RNG.uniform(size=(3, 4, 5, 7, 3))
    expected = [
        np.mean([np.abs(a - b).mean() for a, b in combinations(paintings, 2)])
        for paintings in results
    ]
    np.testing.assert_allclose(diversity(results), expected, rtol=1e-5)


def test_paintings_that_are_all_the_same_have_none():
    results = RNG.uniform(size=(2, 1, 5, 7, 3)).repeat(3, 1)
    np.testing.assert_array_equal(diversity(results), 0)
