"""The generator as others use it: pictures in, pictures out."""

import numpy as np
import pytest

from keras_stylex.errors import InputError
from keras_stylex.models import Generator
from keras_stylex.models.presets import PRESETS


@pytest.mark.parametrize("size", [(16, 24), (7, 13), (9, 2), (1, 1), (33, 5)])
@pytest.mark.parametrize("style_size", [(16, 24), (5, 3), (1, 1)])
def test_any_size_goes_in_and_comes_out(generator, pictures, size, style_size):
    painted = np.asarray(generator([pictures(2, *size), pictures(2, *style_size)]))
    assert painted.shape == (2, *size, 3)
    assert painted.dtype == "float32"
    assert painted.min() > 0 and painted.max() < 1


def test_the_content_code_halves_rounding_up(generator, pictures):
    fine, coarse = generator.encode_content(pictures(2, 13, 22))
    assert fine.shape == (2, 7, 11, 4)
    assert coarse.shape == (2, 4, 6, 8)


@pytest.mark.parametrize("size", [(16, 24), (7, 13), (1, 1), (64, 40)])
def test_a_style_code_has_unit_root_mean_square(generator, pictures, size):
    code = np.asarray(generator.encode_style(pictures(3, *size)))
    assert code.shape == (3, 5)
    np.testing.assert_allclose(np.sqrt((code**2).mean(-1)), 1, rtol=1e-3)


def test_a_texture_has_nearly_the_same_style_at_any_size(generator, pictures):
    small = generator.encode_style(pictures(1, 64, 96))
    large = generator.encode_style(pictures(1, 128, 160, seed=1))
    other = generator.encode_style(pictures(1, 64, 96) * 0.3)
    distances = [np.abs(small - each).mean() for each in (large, other)]
    assert distances[0] < 0.2 * distances[1]


def test_a_style_code_tells_the_direction_of_strokes_of_the_same_colours(
    make_generator,
):
    generator = make_generator()
    for conv in generator.style_encoder.convs:  # these would tell, too
        conv.set_weights([np.zeros_like(w) for w in conv.get_weights()])
    rows = np.sin(np.arange(24) * 2 * np.pi / 6)[:, None, None]
    flat = 0.5 + 0.1 * rows * np.ones((24, 24, 3))
    upright = np.swapaxes(flat, 0, 1)
    codes = generator.encode_style(np.float32([flat, upright]))
    assert np.abs(codes[0] - codes[1]).max() > 0.1


def test_strokes_come_of_the_pattern_and_the_style(generator, pictures):
    content, style = pictures(1, 24, 32), pictures(1, 20, 28, seed=1)
    content_code, code = (
        generator.encode_content(content),
        generator.encode_style(style),
    )
    pattern = generator.decoder.stroke_pattern(content_code[0])
    painted = generator.decode(content_code, code)
    np.testing.assert_array_equal(
        generator.decode(content_code, code, pattern), painted
    )
    without = generator.decode(content_code, code, np.zeros_like(pattern))
    assert np.abs(painted - without).max() > 1e-3


def test_a_style_whose_strokes_are_not_strong_has_none(make_generator, pictures):
    generator = make_generator()
    strength = generator.decoder.stroke_strength
    strength.set_weights([np.zeros_like(strength.kernel), np.full(4, -0.1)])
    codes = (
        generator.encode_content(pictures(1, 24, 32)),
        generator.encode_style(pictures(1, 20, 28, seed=1)),
    )
    pattern = generator.decoder.stroke_pattern(codes[0][0])
    without = generator.decode(*codes, np.zeros_like(pattern))
    np.testing.assert_array_equal(generator.decode(*codes, pattern), without)


def test_both_content_and_style_matter(generator, pictures):
    x, y = pictures(1), pictures(1, seed=1)
    painted = np.asarray(generator([x, y]))
    assert np.abs(generator([x, y * 0.3]) - painted).max() > 1e-2
    assert np.abs(generator([x[:, :, ::-1], y]) - painted).max() > 1e-2


def test_a_sample_depends_on_its_own_pictures_only(generator, pictures):
    x, y = pictures(3), pictures(3, 11, 14, seed=1)
    together = np.asarray(generator([x, y]))
    for i in range(3):
        alone = generator([x[i : i + 1], y[i : i + 1]])
        np.testing.assert_allclose(alone, together[i : i + 1], atol=1e-5)


def test_the_parts_make_the_whole(generator, pictures):
    x, y = pictures(2), pictures(2, seed=1)
    margin = 2 ** len(generator.widths)
    sides = (margin, margin)
    padded = np.pad(x, ((0, 0), sides, sides, (0, 0)), mode="edge")
    codes = generator.encode_content(padded), generator.encode_style(y)
    whole = np.asarray(generator.decode(*codes))
    inside = (slice(margin, margin + side) for side in x.shape[1:3])
    np.testing.assert_array_equal(generator([x, y]), whole[(slice(None), *inside)])


def test_one_style_code_serves_a_batch(generator, pictures):
    x, code = pictures(3), generator.encode_style(pictures(1))
    expected = generator.stylize(x, np.repeat(code, 3, axis=0))
    np.testing.assert_allclose(generator.stylize(x, code), expected, atol=1e-6)


def test_strength_goes_from_the_neutral_style_to_the_reference(generator, pictures):
    x, code = pictures(3), generator.encode_style(pictures(3, seed=1))
    neutral = np.float32([[1, -1, 1, 1, -1]])
    generator.neutral_style.assign(neutral[0])
    ends = generator.stylize(x, np.repeat(neutral, 3, 0)), generator.stylize(x, code)
    strength = np.float32([[0], [1], [0.5]])
    painted = np.asarray(generator.stylize(x, code, strength))
    np.testing.assert_allclose(painted[0], ends[0][0], atol=1e-4)
    np.testing.assert_allclose(painted[1], ends[1][1], atol=1e-4)
    assert min(np.abs(painted[2] - end[2]).max() for end in ends) > 1e-3
    np.testing.assert_allclose(generator.stylize(x, code, 1.0), ends[1], atol=1e-4)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision_paints_about_the_same(make_generator, pictures, policy):
    x, y = pictures(2), pictures(2, seed=1)
    mixed = make_generator(dtype=policy)
    painted = mixed([x, y])
    faded = mixed.stylize(x, mixed.encode_style(y), strength=1.0)
    assert painted.dtype == faded.dtype == "float32"
    expected = make_generator()([x, y])
    np.testing.assert_allclose(painted, expected, atol=0.05)
    np.testing.assert_allclose(faded, expected, atol=0.05)


def test_every_preset_paints(pictures):
    for preset in PRESETS:
        generator = Generator.from_preset(preset)
        assert generator([pictures(1, 8, 12)] * 2).shape == (1, 8, 12, 3)


def test_an_argument_replaces_the_presets(pictures):
    generator = Generator.from_preset("stylex_mobile", style_dim=7)
    assert generator.encode_style(pictures(1, 8, 12)).shape == (1, 7)


def test_an_unknown_preset_is_an_input_error_that_names_the_others():
    with pytest.raises(InputError, match="'huge'.*stylex_mobile"):
        Generator.from_preset("huge")
