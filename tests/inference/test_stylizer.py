"""Painting pictures of any size, in the style of one reference or several."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.inference import Stylizer
from keras_stylex.models import Generator, mix_styles

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


def seen_by(generator, size, place):
    """How far the generator sees from a pixel, by the gradient of that pixel."""
    content = tf.constant(picture(*size)[None])
    code = np.float32([[1, -1, 1, 1, -1]])
    with tf.GradientTape() as tape:
        tape.watch(content)
        pixel = tf.reduce_sum(generator.stylize(content, code)[0][place])
    gradient = np.abs(tape.gradient(pixel, content)[0]).sum(-1)
    return max(np.abs(np.argwhere(gradient) - place).max(axis=0))


def test_the_generator_sees_no_farther_than_tiles_overlap(generator):
    overlap = Stylizer(generator).overlap
    cell = 2 ** len(generator.widths)
    side = 2 * overlap + 4 * cell
    seen = [
        seen_by(generator, (side, side + cell), (side // 2 + i, side // 2 + i))
        for i in (0, cell // 2, cell - 1)
    ]
    assert overlap / 3 < max(seen) <= overlap
    assert overlap % cell == 0


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


def test_colours_can_be_kept(stylizer):
    x, code = picture(15, 22), stylizer.style_code([picture(16, 24, seed=1)])
    kept = stylizer(x, code, preserve_color=True)
    assert kept.min() >= 0 and kept.max() <= 1
    assert np.abs(kept - stylizer(x, code)).max() > 0.1


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
