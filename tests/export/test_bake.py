"""The filter paints what the generator paints, with plain layers alone."""

import keras
import numpy as np
import pytest

from keras_stylex.errors import InputError
from keras_stylex.export import bake_filter
from keras_stylex.models.style_codes import mix_references

PLAIN = {
    "Conv2D",
    "DepthwiseConv2D",
    "EdgePadding2D",
    "InputLayer",
    "PixelShuffle",
    "AppendChannels",
    "Upsampling2D",
}


@pytest.fixture(scope="module")
def code(generator, pictures):
    return mix_references(generator, [*pictures(2, 20, 30, seed=1)], [2, 1])


@pytest.mark.parametrize("strength", [1.0, 0.3, 0.0])
@pytest.mark.parametrize("size", [(32, 44), (36, 40)])
def test_a_filter_paints_what_the_generator_paints(
    generator, pictures, code, strength, size
):
    frame = pictures(1, *size)
    baked = bake_filter(generator, code, strength, size)
    expected = generator.stylize(frame, code, strength)
    np.testing.assert_allclose(baked(frame), expected, atol=1e-5)
    assert np.ptp(expected) > 0.3


def test_a_style_is_a_reference_or_several_or_a_code(generator, pictures):
    one, other = pictures(2, 20, 30, seed=1)
    frame = pictures(1, 32, 44)
    for style in (one, [one], [one, other]):
        references = style if isinstance(style, list) else [style]
        code = mix_references(generator, references)
        expected = generator.stylize(frame, code, 1.0)
        baked = bake_filter(generator, style, image_size=(32, 44))
        np.testing.assert_allclose(baked(frame), expected, atol=1e-5)


def test_the_mobile_preset_bakes(pictures):
    from keras_stylex.models import Generator

    keras.utils.set_random_seed(0)
    generator = Generator.from_preset("stylex_mobile")
    rng = np.random.default_rng(0)
    generator.set_weights(
        [w + 0.03 * rng.normal(size=w.shape) for w in generator.get_weights()]
    )
    code = generator.encode_style(pictures(1, 40, 56, seed=1))
    frame = pictures(1, 44, 52)  # 11 and 13 at a quarter: no level below is even
    baked = bake_filter(generator, code, 1.0, (44, 52))
    np.testing.assert_allclose(
        baked(frame), generator.stylize(frame, code), rtol=0, atol=1e-5
    )


def test_a_filter_has_plain_layers_and_one_input(generator, code):
    baked = bake_filter(generator, code, image_size=(32, 44))
    assert baked.input_shape == baked.output_shape == (1, 32, 44, 3)
    assert {type(layer).__name__ for layer in baked.layers} <= PLAIN


def test_a_filter_of_a_mixed_precision_generator_is_float32(
    make_generator, pictures, code
):
    generator = make_generator(dtype="mixed_bfloat16")
    baked = bake_filter(generator, code, image_size=(32, 44))
    assert {w.dtype for w in baked.weights} == {"float32"}
    frame = pictures(1, 32, 44)
    expected = generator.stylize(frame, code, 1.0)
    np.testing.assert_allclose(baked(frame), expected, atol=0.1)


@pytest.mark.parametrize("size", [30, (32, 42), (16, 32), (32, 32, 3)])
def test_a_size_that_no_device_takes_is_refused(generator, code, size):
    with pytest.raises(InputError, match="divisible by 4"):
        bake_filter(generator, code, image_size=size)


@pytest.mark.parametrize("strength", [-0.1, 1.5, float("nan")])
def test_a_strength_out_of_range_is_refused(generator, code, strength):
    with pytest.raises(InputError, match="strength must lie in"):
        bake_filter(generator, code, strength, 32)
