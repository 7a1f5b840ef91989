"""Files of every recipe, run by LiteRT: values, names, types, delegation."""

import numpy as np
import pytest

from keras_stylex.errors import InputError
from keras_stylex.export import (
    RECIPES,
    convert,
    filter_network,
    style_encoder_network,
    stylizer_network,
    verify_tflite,
)
from keras_stylex.export.gpu_check import gpu_driver, verify_on_gpu
from keras_stylex.export.tflite_contents import (
    greatest_rank,
    multiply_accumulates,
    operations,
    read_metadata,
    with_metadata,
)
from keras_stylex.export.tflite_runner import TFLiteRunner, load_interpreter

SIZE = (32, 44)


@pytest.fixture(scope="module")
def frames(pictures):
    """Smooth pictures: noise is no calibration."""
    ramp = np.linspace(0.1, 0.9, SIZE[1])[:, None].astype("float32")
    return [{"frame": (0.7 * ramp + 0.3 * p)[None]} for p in pictures(8, *SIZE)]


@pytest.fixture(scope="module")
def network(generator, pictures):
    code = np.asarray(generator.encode_style(pictures(1, 20, 30, seed=1)))
    return filter_network(generator, code, 0.9, SIZE)


@pytest.fixture(scope="module")
def files(network, frames):
    """The filter's file by recipe."""
    return {
        name: convert(network, recipe, frames[:4]) for name, recipe in RECIPES.items()
    }


@pytest.mark.parametrize("name, tolerance", [("float32", 1e-5), ("float16", 5e-3)])
def test_float_files_paint_what_keras_paints(files, network, frames, name, tolerance):
    runner = TFLiteRunner(files[name])
    for frame in frames[4:]:
        painted = runner(**frame)
        np.testing.assert_allclose(painted, network(**frame), atol=tolerance)


def test_every_recipe_passes_its_verification(files, network, frames):
    for name, recipe in RECIPES.items():
        seen = verify_tflite(files[name], network, recipe, frames[4:])
        assert seen.parity.psnr >= recipe.least_psnr
        assert seen.partitions == 1
        assert seen.left == (2 if recipe.integer else 0)
        assert seen.bytes == len(files[name])


def test_an_integer_file_takes_and_gives_raw_pixels(files):
    (details,) = load_interpreter(files["int8"]).get_input_details()
    assert details["dtype"] == np.uint8
    scale, zero_point = details["quantization"]
    assert (1 / scale, zero_point) == (pytest.approx(255, rel=1e-3), 0)
    (details,) = load_interpreter(files["int8"]).get_output_details()
    assert details["quantization"] == (1 / 256, 0)


def test_an_integer_file_computes_in_integers(files):
    dtypes = {dtype for op in operations(files["int8"]) for dtype in op.dtypes}
    assert dtypes == {"INT8", "UINT8"}


@pytest.mark.parametrize("given", [None, 3])
def test_an_integer_file_is_not_made_without_pictures(network, frames, given):
    calibration = frames[:given] if given else None
    with pytest.raises(InputError, match="--calibrate"):
        convert(network, RECIPES["int8"], calibration)


def test_the_pair_of_networks_paints_any_style(generator, pictures, frames):
    encoder, stylizer = (
        make(generator, SIZE) for make in (style_encoder_network, stylizer_network)
    )
    encode, stylize = (
        TFLiteRunner(convert(each, RECIPES["float16"])) for each in (encoder, stylizer)
    )
    for seed, strength in ((1, 1.0), (2, 0.4)):
        style = pictures(1, *SIZE, seed=seed)
        code = encode(style=style)
        given = {"style_code": code, "strength": np.full((1, 1), strength, "float32")}
        painted = stylize(**frames[0], **given)
        expected = generator.stylize(
            frames[0]["frame"], generator.encode_style(style), strength
        )
        np.testing.assert_allclose(painted, expected, atol=0.01)
    samples = [{**frames[0], **given}]
    seen = verify_tflite(
        convert(stylizer, RECIPES["float16"]), stylizer, RECIPES["float16"], samples
    )
    assert seen.parity.psnr >= 50


def test_metadata_goes_in_and_comes_out_and_changes_nothing(files, frames):
    metadata = {"style": "Hokusai", "strength": 0.5, "greek": "λ"}
    tagged = with_metadata(files["float32"], metadata)
    assert read_metadata(tagged) == metadata
    assert read_metadata(files["float32"]) is None
    np.testing.assert_array_equal(
        TFLiteRunner(tagged)(**frames[0]), TFLiteRunner(files["float32"])(**frames[0])
    )


def test_multiplications_are_counted_as_keras_counts_them(files, network):
    expected = 0
    for layer in network.model.layers:
        kernel = getattr(layer, "kernel", None)
        if kernel is not None:
            taps = np.prod(kernel.shape[:3]) * (
                kernel.shape[3] if layer.bias is not None else 1
            )
            expected += np.prod(layer.output.shape[1:3]) * taps
    assert multiply_accumulates(files["float32"]) == expected


def test_ranks_suit_gpus(files):
    assert greatest_rank(files["float32"]) == 4


@pytest.mark.skipif(gpu_driver() is None, reason="needs a Vulkan driver")
@pytest.mark.parametrize("name", ["float32", "float16"])
def test_the_gpu_delegate_computes_what_keras_computes(files, network, frames, name):
    parity = verify_on_gpu(files[name], network, frames[4:6])
    assert parity is None or parity.psnr > 60


def test_a_file_that_is_none_is_refused():
    with pytest.raises(InputError, match="cannot load"):
        load_interpreter(b"TFL3 but no more")
