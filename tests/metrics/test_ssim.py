import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.metrics import ssim
from keras_stylex.metrics.filters import luma

RNG = np.random.default_rng(0)
IMAGES = RNG.uniform(size=(3, 24, 37, 3)).astype("float32")


@pytest.mark.parametrize("noise", [0.02, 0.2, 1.0])
def test_it_agrees_with_tensorflow_s(noise):
    others = np.clip(IMAGES + noise * RNG.normal(size=IMAGES.shape), 0, 1)
    ours = ssim(others, IMAGES)
    theirs = tf.image.ssim(
        luma(others)[..., None], luma(IMAGES)[..., None], max_val=1.0
    )
    np.testing.assert_allclose(ours, theirs, atol=2e-5)
    assert ours.shape == (3,)


def test_equal_pictures_score_one():
    np.testing.assert_allclose(ssim(IMAGES, IMAGES), 1, rtol=1e-6)


def test_one_value_per_picture():
    mixed = IMAGES.copy()
    mixed[1] = 1 - mixed[1]
    scores = ssim(mixed, IMAGES)
    assert scores[1] < 0 < scores[0] == scores[2]


def test_brightness_weighs_green_most():
    gray = np.full((1, 12, 11, 3), 0.5)
    red, green, blue = (gray + 0.2 * np.eye(3)[i] for i in range(3))
    assert ssim(green, gray) < ssim(red, gray) < ssim(blue, gray)


def test_pictures_smaller_than_the_window_are_refused():
    with pytest.raises(ValueError, match="at least 11"):
        ssim(IMAGES[:, :10], IMAGES[:, :10])
