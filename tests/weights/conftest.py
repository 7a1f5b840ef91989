"""A package that holds the weights of a toy, under the name `toy`."""

import keras
import numpy as np
import pytest

from keras_stylex.models import Generator
from keras_stylex.models.presets import PRESETS
from keras_stylex.weights import shipped

TOY = {
    "widths": (4, 8),
    "encoder_blocks": 1,
    "decoder_blocks": (0, 1),
    "style_widths": (4,),
    "style_dim": 6,
}


@pytest.fixture(scope="session")
def make_generator():
    """Makes toy generators; none of their weights is what it starts as."""

    def make(**options):
        keras.utils.set_random_seed(0)
        generator = Generator(**{**TOY, **options})
        rng = np.random.default_rng(0)
        generator.set_weights(
            [w + 0.3 * rng.normal(size=w.shape) for w in generator.get_weights()]
        )
        return generator

    return make


@pytest.fixture(scope="session")
def packed(make_generator, pack_toy, tmp_path_factory):
    """A toy, packed: `ShippedWeights`. Not to be changed."""
    return pack_toy(tmp_path_factory.mktemp("weights") / "toy", make_generator())


@pytest.fixture
def package(packed, monkeypatch):
    """Lets the package hold the toy alone, for its preset `stylex_mobile`."""
    monkeypatch.setattr(shipped, "FOLDER", packed.folder.parent)
    monkeypatch.setitem(PRESETS, "stylex_mobile", TOY)
    return packed.folder.parent
