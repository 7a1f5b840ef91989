"""A generator that is small, but has every part."""

import keras
import numpy as np
import pytest

from keras_stylex.models import Generator

TOY = {
    "widths": (4, 8),
    "encoder_blocks": 1,
    "decoder_blocks": (1, 1),
    "style_widths": (4, 6),
    "style_dim": 5,
}


@pytest.fixture(scope="session")
def make_generator():
    """Makes toy generators; none of their weights is what it starts as."""

    def make(**options):
        keras.utils.set_random_seed(0)
        generator = Generator(**{**TOY, **options})
        rng = np.random.default_rng(0)
        generator.set_weights(
            [w + 0.1 * rng.normal(size=w.shape) for w in generator.get_weights()]
        )
        return generator

    return make


@pytest.fixture(scope="module")
def generator(make_generator):
    return make_generator()


@pytest.fixture(scope="session")
def pictures():
    """Makes `(count, height, width, 3)` random pictures."""

    def make(count=2, height=16, width=24, seed=0):
        rng = np.random.default_rng(seed)
        return rng.random((count, height, width, 3)).astype("float32")

    return make
