"""One pass over a batch is what the parts give one by one."""

import keras
import numpy as np
import pytest

from keras_stylex.training import translation as module
from keras_stylex.training.translation import translate


@pytest.fixture(scope="module")
def generator(make_gan):
    """None of its weights is what it starts as."""
    generator = make_gan().generator
    rng = np.random.default_rng(0)
    generator.set_weights(
        [w + 0.2 * rng.normal(size=w.shape) for w in generator.get_weights()]
    )
    return generator


@pytest.fixture
def translated(generator, batch, monkeypatch):
    """With the recolouring of style pictures left out."""
    monkeypatch.setattr(module, "recolor", lambda images, seeds: images)
    return translate(generator, *batch, keras.random.SeedGenerator(0))


def assert_same(actual, expected):
    np.testing.assert_allclose(actual, expected, atol=1e-4)


def test_codes_are_those_of_their_pictures(translated, generator, batch):
    content, style = batch
    assert_same(translated.content_style, generator.encode_style(content))
    assert_same(translated.style_code, generator.encode_style(style))
    expected = generator.encode_content(content)
    for actual, each in zip(translated.content_code, expected, strict=True):
        assert_same(actual, each)


def test_results_are_those_of_the_generator(translated, generator, batch):
    content, style = batch
    assert_same(translated.stylized, generator([content, style]))
    assert_same(translated.reconstructed_content, generator([content, content]))
    assert_same(translated.reconstructed_style, generator([style, style]))


def test_results_are_encoded_again(translated, generator, batch):
    stylized = np.asarray(translated.stylized)
    expected = generator.encode_style(stylized)
    np.testing.assert_allclose(translated.stylized_style_code, expected, atol=1e-3)
    assert_same(translated.cycled, generator([stylized, batch[0]]))


def test_the_content_of_style_pictures_is_read_without_their_colours(generator, batch):
    """Their style is not: colours come back from the style code alone."""
    seeds = keras.random.SeedGenerator(0)
    translated = translate(generator, *batch, seeds)
    assert_same(translated.style_code, generator.encode_style(batch[1]))
    rebuilt = generator([batch[1], batch[1]])
    assert np.abs(translated.reconstructed_style - rebuilt).max() > 0.01
