"""The verification of TFLite files: what is wrong is found, and named."""

import keras
import numpy as np
import pytest

from keras_stylex.errors import VerificationError
from keras_stylex.export import RECIPES, DeviceNetwork, convert, verify_tflite
from keras_stylex.export.gpu_check import gpu_driver, verify_on_gpu

SHAPE = (32, 44, 3)


def network_of(*layers, scale=1.0, signature="stylize", name="frame"):
    """A network that scales frames, then applies layers."""
    frame = x = keras.Input(SHAPE, batch_size=1, name=name)
    x = keras.layers.Conv2D(3, 1, name="conv")(x)
    for layer in layers:
        x = layer(x)
    model = keras.Model([frame], keras.ops.sigmoid(x))
    model.get_layer("conv").set_weights([scale * np.eye(3)[None, None], np.zeros(3)])
    return DeviceNetwork(signature, model, "stylized")


@pytest.fixture(scope="module")
def samples(pictures):
    return [{"frame": frame[None]} for frame in pictures(4, *SHAPE[:2])]


@pytest.fixture(scope="module")
def file():
    """A good float32 file."""
    return convert(network_of(), RECIPES["float32"])


def assert_fails(content, network, recipe, samples, reason):
    with pytest.raises(VerificationError, match=reason):
        verify_tflite(content, network, RECIPES[recipe], samples)


def test_a_good_file_passes(file, samples):
    seen = verify_tflite(file, network_of(), RECIPES["float32"], samples)
    assert seen.parity.max < 1e-6 and (seen.left, seen.partitions) == (0, 1)
    assert seen.bytes == len(file)


def test_a_file_that_paints_otherwise_fails(file, samples):
    reason = r"it is [234]\d\.\d dB from the float network; float32 needs 90 dB"
    assert_fails(file, network_of(scale=1.05), "float32", samples, reason)


def test_a_file_of_another_type_fails(file, samples):
    assert_fails(file, network_of(), "int8", samples, "frame is float32, not uint8")


def test_a_file_of_another_signature_fails(file, samples):
    other = network_of(signature="encode_style")
    assert_fails(file, other, "float32", samples, "signature is stylize, not encode")


def test_a_file_of_other_inputs_fails(file, samples):
    reason = "its inputs are .*frame.*, not .*style"
    assert_fails(file, network_of(name="style"), "float32", samples, reason)


def test_a_file_that_is_none_fails(samples):
    assert_fails(b"none", network_of(), "float32", samples, "cannot load")


def test_values_that_are_not_finite_fail(samples):
    network = network_of(scale=np.nan)
    content = convert(network, RECIPES["float32"])
    assert_fails(content, network, "float32", samples, "not finite")


@pytest.mark.parametrize(
    "layer, reason",
    [
        (keras.layers.UnitNormalization(axis=-1), "devices may not take .*RSQRT"),
        (keras.layers.UpSampling2D(2, interpolation="nearest"), "has rank 5"),
    ],
)
def test_operations_that_devices_may_not_take_fail(samples, layer, reason):
    network = network_of(layer)
    content = convert(network, RECIPES["float32"])
    assert_fails(content, network, "float32", samples, reason)


def test_floats_left_in_an_integer_file_fail(samples):
    network = network_of(keras.layers.ELU())
    content = convert(network, RECIPES["int8"], samples)
    assert_fails(content, network, "int8", samples, "ELU.* stayed in float")


def test_an_integer_file_that_takes_no_raw_pixels_fails(samples):
    network = network_of()
    content = convert(network, RECIPES["int8"], samples)
    verify_tflite(content, network, RECIPES["int8"], samples)
    dim = [{"frame": 0.1 + 0.5 * sample["frame"]} for sample in samples]
    content = _convert_on_exactly(network, dim)
    assert_fails(content, network, "int8", samples, "frame is no raw pixel")


def _convert_on_exactly(network, samples):
    """Without the full range that `convert` adds."""
    from keras_stylex.export import tflite

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tflite, "_full_range", lambda given: given[0])
        return convert(network, RECIPES["int8"], samples)


@pytest.mark.skipif(gpu_driver() is None, reason="needs a Vulkan driver")
def test_a_file_that_paints_otherwise_on_a_gpu_fails(file, samples):
    if verify_on_gpu(file, network_of(), samples[:1]) is None:
        pytest.skip("the driver has no device")
    with pytest.raises(VerificationError, match="on the GPU delegate it is"):
        verify_on_gpu(file, network_of(scale=1.2), samples[:1])


@pytest.mark.skipif(gpu_driver() is None, reason="needs a Vulkan driver")
def test_a_file_that_a_gpu_does_not_take_fails(file, samples):
    if verify_on_gpu(file, network_of(), samples[:1]) is None:
        pytest.skip("the driver has no device")
    network = network_of(keras.layers.UpSampling2D(2, interpolation="nearest"))
    content = convert(network, RECIPES["float32"])
    with pytest.raises(VerificationError, match="does not take it"):
        verify_on_gpu(content, network, samples[:1])
