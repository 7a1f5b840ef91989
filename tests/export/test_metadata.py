"""What a file says of itself."""

import json
from importlib.metadata import version

import keras
import pytest

from keras_stylex import __version__
from keras_stylex.export import RECIPES, DeviceNetwork
from keras_stylex.export.metadata import describe
from keras_stylex.export.parity import Parity
from keras_stylex.export.tflite_checks import TFLiteVerification


@pytest.fixture(scope="module")
def network():
    frame = keras.Input((32, 44, 3), batch_size=1, name="frame")
    return DeviceNetwork("stylize", keras.Model([frame], frame + 0), "stylized")


SEEN = TFLiteVerification(9, Parity(0.5, 0.25, 40.0), 3, 2, 1)


@pytest.mark.parametrize("name, values", [("int8", "uint8, 0"), ("float16", "float32")])
def test_it_is_json_of_everything_needed(network, name, values):
    metadata = describe(network, RECIPES[name], SEEN, licence="MIT")
    assert json.loads(json.dumps(metadata, allow_nan=False)) == metadata
    assert metadata["inputs"] == {"frame": [1, 32, 44, 3]}
    assert (metadata["signature"], metadata["output"]) == ("stylize", "stylized")
    assert metadata["value_range"].startswith(values)
    assert metadata["recipe"]["name"] == name
    assert metadata["parity"] == {"max": 0.5, "mean": 0.25, "psnr": 40.0}
    assert (metadata["style"], metadata["licence"]) == (None, "MIT")
    assert metadata["versions"]["keras_stylex"] == __version__
    for package in ("keras", "tensorflow", "ai-edge-litert", "numpy"):
        assert metadata["versions"][package] == version(package)


def test_a_licence_that_is_not_known_is_not_made_up(network):
    licence = describe(network, RECIPES["int8"], SEEN)["licence"]
    assert licence.startswith("not stated")
