"""Every layer and network gives back the arguments it was made with."""

import inspect
import json

import keras
import pytest

import keras_stylex  # noqa: F401, registers the classes

# For each class, a value for each of its arguments that is not the default.
ARGUMENTS = {
    "AppendChannels": {"shape": (3, 5, 2)},
    "CodeDiscriminator": {"width": 3},
    "ContentDiscriminator": {"width": 3},
    "ContentEncoder": {"widths": (4, 8), "blocks": 1},
    "Decoder": {"widths": (4, 8), "blocks": (0, 1)},
    "Discriminator": {"width": 3},
    "Generator": {
        "widths": (4, 8),
        "encoder_blocks": 1,
        "decoder_blocks": (0, 1),
        "style_widths": (4, 6),
        "style_dim": 5,
    },
    "EdgePadding2D": {"size": 2},
    "InstanceNormalization": {"epsilon": 0.1},
    "ModulatedConv2D": {
        "filters": 5,
        "kernel_size": 1,
        "padding": "valid",
        "demodulate": False,
        "constraint": "non_neg",
        "epsilon": 0.1,
    },
    "ModulatedResidualBlock": {"filters": 5, "separable": True},
    "NoCheckerboard": {},
    "OrientedEnergy": {},
    "PixelShuffle": {"block_size": 3},
    "ResidualBlock": {"filters": 5},
    "StatisticsPooling2D": {"bands": 3, "epsilon": 0.1},
    "StrokePattern": {},
    "StyleDiscriminator": {"width": 3},
    "StyleEncoder": {"widths": (4, 6), "style_dim": 5},
    "Upsampling2D": {},
}


def registered():
    """The layers and networks of ours that Keras knows, whatever else was imported."""
    ours = "keras_stylex.layers", "keras_stylex.models"
    classes = keras.saving.get_custom_objects().values()
    return {each.__name__: each for each in classes if each.__module__.startswith(ours)}


def constructor_arguments(cls):
    parameters = inspect.signature(cls.__init__).parameters.values()
    return [p.name for p in parameters if p.kind == p.POSITIONAL_OR_KEYWORD][1:]


def make(name):
    cls = registered()[name]
    is_layer = issubclass(cls, keras.layers.Layer)
    common = {"name": "mine", "dtype": "mixed_float16"} if is_layer else {}
    return cls(**ARGUMENTS[name], **common)


def plain(config):
    """As JSON has it: tuples are lists."""
    return json.loads(json.dumps(config))


def test_the_table_covers_every_class_and_argument():
    arguments = {name: constructor_arguments(cls) for name, cls in registered().items()}
    assert {name: list(table) for name, table in ARGUMENTS.items()} == arguments


@pytest.mark.parametrize("name", ARGUMENTS)
def test_the_configuration_covers_every_argument(name):
    config = plain(make(name).get_config())
    constraint = config.pop("constraint", None)
    expected = plain(ARGUMENTS[name])
    if expected.pop("constraint", None):
        assert constraint["class_name"] == "NonNeg"
    assert {key: config[key] for key in expected} == expected


@pytest.mark.parametrize("name", ARGUMENTS)
def test_the_configuration_makes_the_same_again(name):
    original = make(name)
    config = plain(keras.saving.serialize_keras_object(original))
    again = keras.saving.deserialize_keras_object(config)
    assert type(again) is type(original)
    assert plain(again.get_config()) == plain(original.get_config())


# The shapes that a layer which is not built from the start is built with.
SHAPES = {
    "CodeDiscriminator": [(None, 4, 6, 5)],
    "ContentDiscriminator": [(None, 16, 24, 3)],
    "ContentEncoder": [(None, 16, 24, 3)],
    "Decoder": [[(None, None, None, 4), (None, None, None, 8)], (None, 5)],
    "InstanceNormalization": [(None, 4, 6, 5)],
    "ModulatedConv2D": [(None, 4, 6, 5), (None, 7)],
    "ModulatedResidualBlock": [(None, 4, 6, 5), (None, 7)],
    "PixelShuffle": [(None, 4, 6, 9)],
    "ResidualBlock": [(None, 4, 6, 5)],
    "StatisticsPooling2D": [(None, 4, 6, 5)],
    "StyleDiscriminator": [[(None, 16, 24, 3)] * 2],
    "StyleEncoder": [(None, 16, 24, 3)],
    "Upsampling2D": [(None, 4, 6, 5), (None, 8, 12, 5)],
}


@pytest.mark.parametrize("name", SHAPES)
def test_building_leaves_the_configuration_alone(name):
    layer = make(name)
    before = plain(layer.get_config())
    layer.build(*SHAPES[name])
    assert plain(layer.get_config()) == before
