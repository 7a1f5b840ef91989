"""Keeping the colours of the content."""

import numpy as np

from keras_stylex.inference.color import LUMA, keep_color

# Away from black and white, where nothing is clipped.
PAINTED, CONTENT = np.random.default_rng(0).uniform(0.4, 0.6, (2, 8, 12, 3))
PAINTED, CONTENT = PAINTED.astype("float32"), CONTENT.astype("float32")


def chroma(picture):
    return picture - (picture @ LUMA)[..., None]


def test_the_weights_of_brightness_sum_to_one():
    np.testing.assert_allclose(LUMA.sum(), 1, rtol=1e-6)


def test_brightness_is_the_paintings_and_hue_the_contents():
    kept = keep_color(PAINTED, CONTENT)
    assert kept.dtype == "float32"
    np.testing.assert_allclose(kept @ LUMA, PAINTED @ LUMA, atol=1e-6)
    np.testing.assert_allclose(chroma(kept), chroma(CONTENT), atol=1e-6)


def test_a_grey_picture_stays_grey():
    grey = np.repeat(CONTENT[..., :1], 3, axis=-1)
    kept = keep_color(PAINTED, grey)
    np.testing.assert_allclose(kept, kept[..., :1].repeat(3, -1), atol=1e-6)


def test_the_result_stays_in_its_range():
    kept = keep_color(np.ones((1, 1, 3), "float32"), np.float32([[[0.9, 0.1, 0.1]]]))
    assert kept.min() >= 0 and kept.max() <= 1


def test_the_colours_of_a_larger_picture_are_scaled():
    flat = np.broadcast_to(np.float32([0.6, 0.4, 0.5]), (24, 30, 3))
    kept = keep_color(PAINTED, flat)
    expected = keep_color(PAINTED, flat[:8, :12])
    np.testing.assert_allclose(kept, expected, atol=3e-3)  # scaled in 8 bits
