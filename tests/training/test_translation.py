"""One pass over a batch is what the parts give one by one."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.training import translation as module
from keras_stylex.training.translation import random_offset, translate


@pytest.fixture(scope="module")
def generator(make_gan):
    """None of its weights is what it starts as."""
    generator = make_gan().generator
    rng = np.random.default_rng(0)
    generator.set_weights(
        [w + 0.2 * rng.normal(size=w.shape) for w in generator.get_weights()]
    )
    return generator


def window(images):
    return images[:, 3:11, 5:17]


@pytest.fixture
def translated(generator, batch, monkeypatch):
    """With a crop and strokes that are known, and negatives for other colours."""
    monkeypatch.setattr(module, "random_offset", lambda seeds: OFFSET)
    monkeypatch.setattr(module, "random_crop", lambda images, *_: window(images))
    monkeypatch.setattr(module, "recolor", lambda images, *_: 1 - images)
    return translate(generator, *batch, keras.random.SeedGenerator(0))


OFFSET = np.array([3, 11])


@pytest.fixture
def pattern(generator):
    """What strokes are made of there."""
    return generator.decoder.stroke_pattern(np.zeros((1, 16, 20, 1)), OFFSET)


def assert_same(actual, expected):
    np.testing.assert_allclose(actual, expected, atol=1e-4)


def test_styles_are_read_off_crops(translated, generator, batch):
    content, style = batch
    assert_same(translated.content_style, generator.encode_style(window(content)))
    assert_same(translated.style_code, generator.encode_style(window(style)))


def test_content_codes_are_those_of_their_pictures(translated, generator, batch):
    content, style = batch
    expected = generator.encode_content(content)
    for actual, each in zip(translated.content_code, expected, strict=True):
        assert_same(actual, each)
    *_, coarsest = generator.encode_content(1 - content)
    assert_same(translated.recolored_content_code, coarsest)
    *_, coarsest = generator.encode_content(1 - style)
    assert_same(translated.recolored_style_code, coarsest)


def test_pictures_are_rebuilt_from_copies_in_other_colours(
    translated, generator, batch, pattern
):
    content, style = batch

    def rebuilt(images):
        return generator.decode(
            generator.encode_content(1 - images),
            generator.encode_style(window(images)),
            pattern,
        )

    assert_same(translated.reconstructed_content, rebuilt(content))
    assert_same(translated.reconstructed_style, rebuilt(style))


def test_results_are_painted_in_the_style_of_a_crop(
    translated, generator, batch, pattern
):
    content, style = batch
    code = generator.encode_style(window(style))
    painted = generator.decode(generator.encode_content(content), code, pattern)
    assert_same(translated.stylized, painted)


def test_strokes_lie_elsewhere_in_every_step(generator, batch):
    seeds = keras.random.SeedGenerator(0)
    offsets = {tuple(np.asarray(random_offset(seeds))) for _ in range(20)}
    assert len(offsets) > 15
    assert min(map(min, offsets)) >= 0 and max(map(max, offsets)) < 64
    assert max(map(max, offsets)) > 40


def test_results_are_encoded_again(translated, generator):
    stylized = np.asarray(translated.stylized)
    codes = generator.encode_content(stylized)
    for actual, each in zip(translated.stylized_content_code, codes, strict=True):
        assert_same(actual, each)
    expected = generator.encode_style(stylized)
    np.testing.assert_allclose(translated.stylized_style_code, expected, atol=1e-3)


def test_paintings_are_painted_again_from_photos_of_them(
    translated, generator, batch, pattern
):
    content, style = batch
    photo = generator.decode(
        generator.encode_content(1 - style),
        generator.encode_style(window(content)),
        pattern,
    )
    painted = generator.decode(
        generator.encode_content(photo),
        generator.encode_style(window(style)),
        0 * pattern,
    )
    assert_same(translated.cycled, painted)


def test_no_gradient_reaches_a_photo_through_what_is_painted_of_it(generator, batch):
    content, style = (tf.constant(images) for images in batch)
    with tf.GradientTape() as tape:
        tape.watch(content)
        translated = translate(generator, content, style, keras.random.SeedGenerator(0))
        total = tf.reduce_sum(translated.cycled)
    # A content picture gives the photo its style, and has no other part in this.
    np.testing.assert_array_equal(tape.gradient(total, content), np.zeros_like(content))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_style_code_knows_half_of_each_side_only(generator, batch, seed):
    content, style = batch
    seeds = keras.random.SeedGenerator(seed)
    state = seeds.state.numpy()
    images = tf.constant(style)
    with tf.GradientTape() as tape:
        tape.watch(images)
        before = translate(generator, content, images, seeds)
        total = tf.reduce_sum(before.style_code)
    seen = np.abs(tape.gradient(total, images)).max((0, 3)) > 0
    rows, columns = seen.any(1), seen.any(0)
    np.testing.assert_array_equal(seen, np.outer(rows, columns))
    assert (rows.sum(), columns.sum()) == (16, 20)  # of 32, 40
    # Whatever else changes in the reference, the result does not.
    seeds.state.assign(state)
    other = np.where(seen[..., None], style, 1 - style)
    after = translate(generator, content, other, seeds)
    np.testing.assert_array_equal(after.style_code, before.style_code)
    np.testing.assert_array_equal(after.stylized, before.stylized)
    assert np.abs(after.recolored_style_code - before.recolored_style_code).max() > 0.1


def test_the_copies_change_the_less_the_smaller_the_strength(generator, batch):
    own = np.asarray(generator.encode_content(batch[0])[-1])
    changes = []
    for strength in (0.1, 0.5, 1.0):
        seeds = keras.random.SeedGenerator(3)
        copy = translate(generator, *batch, seeds, strength).recolored_content_code
        changes.append(float(np.abs(copy - own).mean()))
    assert changes == sorted(changes)


def test_the_colours_of_the_copies_change_from_step_to_step(generator, batch):
    seeds = keras.random.SeedGenerator(0)
    own = np.asarray(generator.encode_content(batch[0])[-1])
    copies = [translate(generator, *batch, seeds) for _ in range(2)]
    codes = [own, *(np.asarray(each.recolored_content_code) for each in copies)]
    for i in range(3):
        assert np.abs(codes[i] - codes[i - 1]).max() > 0.01
