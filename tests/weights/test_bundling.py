"""The styles that are bundled stand for groups of similar ones."""

from itertools import combinations

import numpy as np

from keras_stylex.weights.bundling import choose_medoids


def column(*values):
    return np.float32(values)[:, None]


def test_each_group_is_stood_for_by_its_middle_and_the_largest_comes_first():
    codes = column(9, 0, 5, 0.1, 5.1, 0.2, 5.3, 0.3, 0.15)
    assert choose_medoids(codes, 3) == [8, 4, 0]


def test_a_single_one_is_the_nearest_to_all():
    assert choose_medoids(column(0, 1, 7, 3, 2.5), 1) == [4]


def test_fewer_different_codes_than_asked_for_are_all_chosen():
    assert sorted(choose_medoids(column(1, 2, 1, 2, 2), 4)) == [0, 1]
    assert sorted(choose_medoids(column(1, 2, 3), 5)) == [0, 1, 2]


def test_of_two_that_are_alike_that_of_the_larger_group_is_chosen():
    codes = np.repeat(column(0, 0, 0, 0.3, 0.3, 2, 2.5), 4, axis=1)
    assert choose_medoids(codes, 4, apart=0.29)[:2] == [0, 3]
    assert sorted(choose_medoids(codes, 4, apart=0.31)) == [0, 5, 6]
    assert len(choose_medoids(codes, 4, apart=0.6)) == 2


def test_of_separate_groups_it_finds_the_best_choice_there_is():
    rng = np.random.default_rng(0)
    centres = np.repeat(10 * np.eye(3, 5), 4, axis=0)
    codes = rng.permutation(centres + rng.normal(size=(12, 5)))
    distances = np.linalg.norm(codes[:, None] - codes, axis=-1)

    def cost(chosen):
        return distances[:, list(chosen)].min(1).sum()

    best = min(combinations(range(12), 3), key=cost)
    assert sorted(choose_medoids(codes, 3)) == sorted(best)
