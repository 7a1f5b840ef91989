"""What each discriminator is asked about."""

import keras
import numpy as np
import pytest

from keras_stylex.training import verdict as module
from keras_stylex.training.translation import translate
from keras_stylex.training.verdict import judge


@pytest.fixture(scope="module")
def gan(make_gan):
    """None of the weights is what it starts as."""
    gan = make_gan()
    rng = np.random.default_rng(0)
    gan.set_weights([w + 0.2 * rng.normal(size=w.shape) for w in gan.get_weights()])
    return gan


@pytest.fixture(scope="module")
def translation(gan, batch):
    return translate(gan.generator, *batch, keras.random.SeedGenerator(0))


@pytest.fixture
def crops(monkeypatch):
    """The crops that were made; they show the share in how bright they are.

    And how many there were before.
    """
    made = []

    def crop(images, share, seeds):
        made.append(images * share + 0.02 * len(made))
        return made[-1]

    monkeypatch.setattr(module, "random_crop", crop)
    return made


@pytest.fixture
def verdict(gan, batch, translation, crops):
    networks = gan.discriminator, gan.code_discriminator
    return judge(*networks, translation, batch[1], keras.random.SeedGenerator(0))


def share_of(crop, images):
    """The share by which a picture was made a crop."""
    return float((np.max(crop) - np.min(crop)) / (np.max(images) - np.min(images)))


def same(actual, expected):
    return np.allclose(actual, expected, atol=1e-4)


def test_codes_are_judged_whole_and_in_other_colours(gan, translation, verdict):
    critic = gan.code_discriminator
    assert same(verdict.code_real, critic(translation.recolored_style_code))
    assert same(verdict.code_fake, critic(translation.recolored_content_code))
    assert not same(verdict.code_real, verdict.code_fake)


def test_content_is_judged_on_nearly_all_of_a_picture(
    gan, batch, translation, verdict, crops
):
    for logits, images in (
        (verdict.content_real, batch[1]),
        (verdict.content_fake, translation.stylized),
    ):
        judged = [
            share_of(crop, images)
            for crop in crops
            if same(gan.discriminator.content(crop), logits)
        ]
        assert judged == pytest.approx([0.95], abs=1e-5)


def test_style_is_judged_against_another_crop_of_the_reference(
    gan, batch, translation, verdict, crops
):
    """Both verdicts against the same."""
    critic, style = gan.discriminator.style, batch[1]
    pairs = {
        name: [
            (i, j)
            for i, image in enumerate(crops)
            for j, reference in enumerate(crops)
            if same(critic([image, reference]), getattr(verdict, name))
        ]
        for name in ("style_real", "style_fake")
    }
    ((real, reference),), ((fake, same_reference),) = pairs.values()
    assert same_reference == reference != real
    for i, images in (
        (real, style),
        (reference, style),
        (fake, translation.stylized),
    ):
        assert share_of(crops[i], images) == pytest.approx(0.75, abs=1e-5)
