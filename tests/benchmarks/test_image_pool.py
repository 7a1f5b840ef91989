import numpy as np
import tensorflow as tf
from baselines.image_pool import ImagePool

SIZE = (2, 3)


def pictures(*numbers):
    """Pictures that are recognised by their value."""
    values = np.reshape(numbers, (-1, 1, 1, 1)).astype("float32")
    return tf.constant(np.broadcast_to(values, (len(numbers), *SIZE, 3)))


def numbers(pictures):
    return [int(picture[0, 0, 0]) for picture in np.asarray(pictures)]


def test_an_unfilled_pool_passes_pictures_on_and_keeps_them():
    pool = ImagePool(SIZE, capacity=5)
    assert numbers(pool(pictures(1, 2))) == [1, 2]
    assert numbers(pool(pictures(3))) == [3]
    assert numbers(pool.kept) == [1, 2, 3, 0, 0]


def test_a_full_pool_exchanges_half_of_the_pictures_and_loses_none():
    pool = ImagePool(SIZE, capacity=4)
    step = tf.function(pool)
    given, taken = list(range(1, 401)), []
    for first in given[::2]:
        taken += numbers(step(pictures(first, first + 1)))
    # What is passed on while filling is kept as well, and so comes out twice.
    twice = given[:4]
    assert sorted(taken + numbers(pool.kept)) == sorted(given + twice)
    passed_on = np.mean([a == b for a, b in zip(given[4:], taken[4:], strict=True)])
    assert 0.4 < passed_on < 0.6  # 0.5 +- 0.025


def test_pools_of_different_seeds_choose_differently():
    def run(seed):
        pool = ImagePool(SIZE, capacity=3, seed=seed)
        return numbers(pool(pictures(*range(1, 20))))

    assert run(0) == run(0)
    assert run(0) != run(1)
