"""A model that is small, but has every part."""

import keras
import numpy as np
import pytest

from keras_stylex.models import Discriminator, Generator
from keras_stylex.training import StyleTransferGAN

TOY = {
    "widths": (2, 3),
    "encoder_blocks": 1,
    "decoder_blocks": (0, 1),
    "style_widths": (3,),
    "style_dim": 4,
}


@pytest.fixture(scope="session")
def make_gan():
    """Makes a toy model; equal arguments make equal models.

    It runs eagerly, which is quicker than tracing when there are few steps.
    """

    def make(seed=0, dtype=None, network=None, recolor=1.0, **compile_options):
        keras.utils.set_random_seed(0)
        generator = Generator(**{**TOY, **(network or {})}, dtype=dtype)
        discriminator = Discriminator(1, dtype=dtype)
        model = StyleTransferGAN(generator, discriminator, seed, recolor)
        model.compile(**{"run_eagerly": True, **compile_options})
        return model

    return make


@pytest.fixture(scope="session")
def batch():
    """Four content pictures and four style pictures, all random."""
    shape = (2, 4, 32, 40, 3)
    return np.random.default_rng(0).random(shape).astype("float32")


@pytest.fixture(scope="session")
def fit():
    """Trains for steps of one batch; returns the last step's logs."""

    def train(model, batch, steps=1):
        content, style = batch
        history = model.fit(
            content, style, len(content), steps, verbose=0, shuffle=False
        ).history
        return {name: values[-1] for name, values in history.items()}

    return train


@pytest.fixture
def policy():
    """Sets Keras' dtype policy for one test."""
    before = keras.config.dtype_policy()
    yield keras.config.set_dtype_policy
    keras.config.set_dtype_policy(before)


@pytest.fixture(scope="session")
def assert_same_weights():
    """Compares two lists of weights, to the bit unless told otherwise."""

    def compare(actual, expected, **tolerance):
        for one, other in zip(actual, expected, strict=True):
            np.testing.assert_allclose(one, other, **{"rtol": 0, **tolerance})

    return compare
