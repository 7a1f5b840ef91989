"""A generator that is small, but has every part; and its SavedModel, made once."""

import io

import keras
import numpy as np
import pytest
from PIL import Image

from keras_stylex.export.saved_model import export_saved_model
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


@pytest.fixture(scope="session")
def generator(make_generator):
    return make_generator()


@pytest.fixture(scope="session")
def pictures():
    """Makes `(count, height, width, 3)` random pictures."""

    def make(count=2, height=16, width=24, seed=0):
        rng = np.random.default_rng(seed)
        return rng.random((count, height, width, 3)).astype("float32")

    return make


@pytest.fixture(scope="session")
def encode():
    """Makes the bytes of a picture file of an array or a `PIL.Image`."""

    def make(picture, kind="PNG", **options):
        if isinstance(picture, np.ndarray):
            picture = Image.fromarray(picture)
        file = io.BytesIO()
        picture.save(file, kind, **options)
        return file.getvalue()

    return make


@pytest.fixture(scope="session")
def exported(generator, tmp_path_factory):
    """The folder of versions and the verification of a SavedModel of `generator`."""
    folder = tmp_path_factory.mktemp("models") / "toy"
    return folder, export_saved_model(generator, folder)
