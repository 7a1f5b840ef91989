"""Painting pictures of any size, in the style of one reference or several."""

import keras
import numpy as np
import pytest

from keras_stylex.inference import Stylizer
from keras_stylex.models import Generator, mix_styles
from keras_stylex.models.presets import PRESETS

SHAPES = {
    "two levels": {"widths": (3, 4), "encoder_blocks": 1, "decoder_blocks": (1, 1)},
    "three levels": {
        "widths": (2, 3, 4),
        "encoder_blocks": 1,
        "decoder_blocks": (1, 0, 1),
    },
}


def make_generator(**options):
    """None of its weights is what it starts as: residual blocks are at work."""
    keras.utils.set_random_seed(0)
    generator = Generator(**options, style_widths=(4, 6), style_dim=5)
    rng = np.random.default_rng(0)
    generator.set_weights(
        [w + 0.3 * rng.normal(size=w.shape) for w in generator.get_weights()]
    )
    return generator


@pytest.fixture(scope="module", params=SHAPES)
def generator(request):
    return make_generator(**SHAPES[request.param])


def picture(height, width, seed=0):
    return np.random.default_rng(seed).random((height, width, 3)).astype("float32")


CODE = np.float32([[1, -1, 1, 1, -1]])


def poisoned(size, *places):
    """A picture with pixels that are no number: whatever sees them is none, too."""
    x = np.full((*size, 3), 0.5, "float32")
    for place in places:
        x[place] = np.nan
    return x


def is_poisoned(picture):
    return np.isnan(picture).any(axis=-1)


@pytest.mark.parametrize("options", [*SHAPES.values(), *PRESETS.values()])
def test_tiles_overlap_by_as_far_as_the_generator_sees_and_no_farther(options):
    generator = Generator(**{**options, "style_dim": 5})
    overlap, cell = Stylizer(generator).overlap, 2 ** len(generator.widths)
    assert overlap % cell == 0
    middle = overlap + cell
    reach = 0
    for i in range(cell):  # pixels of one cell are not seen from equally far
        place = (middle + i, middle + cell - 1 - i)
        x = poisoned((2 * middle + cell, 2 * middle + 2 * cell), place)
        painted = np.asarray(generator.stylize(x[None], CODE))[0]
        reach = max(reach, np.abs(np.argwhere(is_poisoned(painted)) - place).max())
    assert reach <= overlap < reach + cell


def test_a_tile_sees_all_that_the_whole_picture_shows_it(generator):
    overlap, cell = Stylizer(generator).overlap, 2 ** len(generator.widths)
    side = 2 * overlap
    # Around the corners of tiles, on all sides of them.
    for place in ((side - 1, side), (side, side - 1), (side + overlap - 1, cell)):
        x = poisoned((3 * side - 3, 2 * side + 5), place)
        tiled, whole = (
            is_poisoned(Stylizer(generator, tile_side)(x, CODE))
            for tile_side in (side, 4 * side)
        )
        np.testing.assert_array_equal(tiled, whole)
        assert whole.any() and not whole.all()


def test_tiles_leave_no_seam(generator):
    stylizer = Stylizer(generator, tile_side=32)
    x, code = picture(150, 217), stylizer.style_code([picture(16, 24)])
    whole = Stylizer(generator, tile_side=1024)(x, code)
    np.testing.assert_allclose(stylizer(x, code), whole, atol=1e-5)


@pytest.fixture(scope="module")
def stylizer():
    return Stylizer(make_generator(**SHAPES["two levels"]))


def test_a_painting_is_what_the_generator_paints(stylizer):
    x, y = picture(15, 22), picture(16, 24, seed=1)
    painted = stylizer(x, stylizer.style_code([y]))
    expected = stylizer.generator([x[None], y[None]])[0]
    assert painted.shape == x.shape and painted.dtype == "float32"
    np.testing.assert_allclose(painted, expected, atol=1e-3)


def test_strength_zero_has_the_neutral_style(stylizer):
    x, y = picture(15, 22), picture(16, 24, seed=1)
    neutral = np.asarray(stylizer.generator.neutral_style)[None]
    expected = stylizer(x, neutral)
    painted = stylizer(x, stylizer.style_code([y]), strength=0.0)
    np.testing.assert_allclose(painted, expected, atol=1e-3)
    half = stylizer(x, stylizer.style_code([y]), strength=0.5)
    assert np.abs(half - painted).max() > 1e-3


def test_several_references_are_mixed_by_weight(stylizer):
    references = [picture(16, 24, 1), picture(9, 13, 2) * 0.5]  # of any size
    codes = [stylizer.generator.encode_style(y[None]) for y in references]
    codes = np.concatenate(codes)
    for weights in ([1, 1], [3, 1], [0, 1]):
        code = stylizer.style_code(references, weights)
        np.testing.assert_allclose(code, mix_styles(codes, weights), atol=1e-5)
    equal = stylizer.style_code(references)
    np.testing.assert_allclose(equal, mix_styles(codes, [1, 1]), atol=1e-5)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_a_generator_trained_in_mixed_precision_paints(policy):
    stylizer = Stylizer(make_generator(**SHAPES["two levels"], dtype=policy))
    code = stylizer.style_code([picture(16, 24), picture(16, 24, 1)], [1, 2])
    painted = stylizer(picture(15, 22), code, strength=0.7)
    assert painted.dtype == "float32" and np.isfinite(painted).all()
