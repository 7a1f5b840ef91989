"""A package that holds the weights of a toy, under the name `toy`."""

import pytest

from keras_stylex.models.presets import PRESETS
from keras_stylex.weights import shipped


@pytest.fixture(scope="session")
def packed(make_generator, pack_toy, tmp_path_factory):
    """A toy, packed: `ShippedWeights`. Not to be changed."""
    return pack_toy(tmp_path_factory.mktemp("weights") / "toy", make_generator())


@pytest.fixture
def package(packed, monkeypatch):
    """Lets the package hold the toy alone, for its preset `stylex_mobile`."""
    monkeypatch.setattr(shipped, "FOLDER", packed.folder.parent)
    monkeypatch.setitem(PRESETS, "stylex_mobile", packed.architecture)
    return packed.folder.parent
