"""What each discriminator sees, and what it is blind to."""

import keras
import numpy as np
import pytest

from keras_stylex.layers.activation import MIDDLE_GREY
from keras_stylex.models import (
    ContentDiscriminator,
    Discriminator,
    StyleDiscriminator,
)


@pytest.fixture(scope="module")
def content_critic():
    keras.utils.set_random_seed(0)
    critic = ContentDiscriminator(4)
    critic.build((None, None, None, 3))
    return critic


@pytest.fixture(scope="module")
def style_critic():
    keras.utils.set_random_seed(0)
    critic = StyleDiscriminator(4)
    critic.build([(None, None, None, 3)] * 2)
    return critic


@pytest.mark.parametrize("size", [(16, 24), (7, 13), (1, 1), (40, 9)])
def test_pictures_of_any_size_get_a_logit_per_patch(content_critic, pictures, size):
    logits = np.asarray(content_critic(pictures(2, *size)))
    rows, columns = (-(-side // 8) for side in size)
    assert logits.shape == (2, rows, columns, 1)
    assert np.isfinite(logits).all()


def test_the_content_critic_is_blind_to_contrast(content_critic, pictures):
    """Exactly so around the middle grey, when the first convolution has no bias."""
    content_critic.normalize.epsilon = 1e-9
    x = pictures(2, 32, 40)
    faint = MIDDLE_GREY + 0.3 * (x - MIDDLE_GREY)
    logits = content_critic(x)
    np.testing.assert_allclose(content_critic(faint), logits, atol=1e-3)
    assert np.abs(content_critic(x[:, ::-1]) - logits).max() > 0.1


def test_the_style_critic_sees_contrast(style_critic, pictures):
    x = pictures(2, 32, 40)
    faint = MIDDLE_GREY + 0.3 * (x - MIDDLE_GREY)
    assert np.abs(style_critic.features(faint) - style_critic.features(x)).max() > 0.1


def test_the_style_critic_listens_to_the_reference(style_critic, pictures):
    x, y = pictures(2), pictures(2, seed=1) * 0.5
    logits = style_critic([x, y])
    assert logits.shape == (2, 1)
    assert np.abs(style_critic([x, x]) - logits).max() > 1e-3
    assert np.abs(style_critic([y, x]) - logits).max() > 1e-3  # it tells who is who


def test_picture_and_reference_may_differ_in_size(style_critic, pictures):
    assert style_critic([pictures(2, 16, 24), pictures(2, 7, 5)]).shape == (2, 1)


def test_features_can_be_compared_later(style_critic, pictures):
    x, y = pictures(2), pictures(2, seed=1)
    later = style_critic.compare(style_critic.features(x), style_critic.features(y))
    np.testing.assert_array_equal(later, style_critic([x, y]))


def test_a_sample_gets_its_own_verdict(pictures):
    discriminator = Discriminator(2)
    x, y = pictures(3), pictures(3, seed=1)
    together = discriminator([x, y])
    for i in range(3):
        alone = discriminator([x[i : i + 1], y[i : i + 1]])
        for one, all_of_them in zip(alone, together, strict=True):
            np.testing.assert_allclose(one, all_of_them[i : i + 1], atol=1e-5)


def test_the_discriminator_is_its_two_critics(pictures):
    discriminator = Discriminator(2)
    x, y = pictures(2), pictures(2, seed=1)
    content_logits, style_logits = discriminator([x, y])
    np.testing.assert_array_equal(content_logits, discriminator.content(x))
    np.testing.assert_array_equal(style_logits, discriminator.style([x, y]))
