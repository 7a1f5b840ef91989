"""Which picture has which number: every split draws from random numbers of its own."""

import numpy as np

from keras_stylex.data.scenes.arranging import random_layout
from keras_stylex.data.scenes.paintings import (
    CONFIGS,
    check_config,
    paint,
    random_style,
)
from keras_stylex.data.scenes.photo import photograph

_SEED = 1874  # the year of the first impressionist exhibition
_PLACES = {"trainA": 0, "trainB": 1, "testA": 2, "testB": 3, "truth": 4}


def generator(place, *numbers):
    """A NumPy `Generator` for one picture of a place: a split, or `truth`."""
    return np.random.default_rng([_SEED, _PLACES[place], *numbers])


def example(config, split, index, size):
    """One picture of the data set.

    Args:
        config: One of `CONFIGS`.
        split: `trainA` or `testA` (photos), `trainB` or `testB` (paintings).
        index: Which one, from 0.
        size: Pixels, one number or `(height, width)`.

    Returns: a `(height, width, 3)` float32 array in [0, 1].
    """
    check_config(config)
    if split.endswith("A"):  # photos are the same in all configurations
        rng = generator(split, index)
        return photograph(random_layout(rng), size, rng)
    rng = generator(split, index, CONFIGS.index(config))
    layout, style = random_layout(rng), random_style(config, rng)
    return paint(layout, style, size, rng)
