import keras
import numpy as np
import pytest
import tensorflow as tf
from baselines.munit import MUNIT, SIDES, slim_munit
from baselines.munit_networks import (
    AdaptiveInstanceNormalization,
    PictureNormalization,
    content_encoder,
    decoder,
    multi_scale_critic,
    style_encoder,
)

from keras_stylex.models import Generator

RNG = np.random.default_rng(0)
FEATURES = RNG.normal(2, 3, size=(2, 6, 10, 4)).astype("float32")


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    model = MUNIT(2, 1, 2)
    model.compile(run_eagerly=True)
    return model


def batch():
    """Two pictures of either kind, of twelve coloured squares."""
    squares = RNG.uniform(0, 1, (2, 2, 3, 4, 3))
    return tuple(squares.repeat(8, axis=2).repeat(8, axis=3).astype("float32"))


def encoder_parameters(f, blocks):
    down = 16 * f * 2 * f + 2 * f + 16 * 2 * f * 4 * f + 4 * f
    return 49 * 3 * f + f + down + blocks * 2 * (9 * 16 * f * f + 4 * f)


def style_parameters(f):
    down = 16 * f * 2 * f + 2 * f + 16 * 2 * f * 4 * f + 4 * f
    return 49 * 3 * f + f + down + 2 * (16 * 16 * f * f + 4 * f) + 4 * f * 8 + 8


def decoder_parameters(f, blocks):
    perceptron = 8 * 4 * f + 4 * f + 16 * f * f + 4 * f
    adaptive = 4 * f * 8 * f + 8 * f
    rise = 25 * (4 * f * 2 * f + 2 * f * f) + 3 * f + 2 * 3 * f
    last = 49 * f * 3 + 3
    convolutions = blocks * 2 * (9 * 16 * f * f + 4 * f + adaptive)
    return perceptron + convolutions + rise + last


@pytest.mark.parametrize("filters, blocks", [(2, 1), (3, 2)])
def test_the_networks_have_the_parameters_of_the_paper_s(filters, blocks):
    networks = {
        content_encoder(filters, blocks): encoder_parameters(filters, blocks),
        style_encoder(filters): style_parameters(filters),
        decoder(filters, blocks): decoder_parameters(filters, blocks),
    }
    for network, expected in networks.items():
        assert network.count_params() == expected


def test_the_slim_version_is_about_as_large_as_our_generator():
    ours = Generator.from_preset("stylex_mobile").count_params()
    size = encoder_parameters(12, 4) + style_parameters(12) + decoder_parameters(12, 4)
    assert size == pytest.approx(ours, rel=0.25)
    fewer_blocks = encoder_parameters(12, 1) + decoder_parameters(12, 1)
    assert slim_munit(
        blocks=1, critic_filters=1
    ).parameters == fewer_blocks + style_parameters(12)


def test_adaptive_instance_normalization_follows_its_formula():
    parameters = RNG.normal(size=(2, 8)).astype("float32")
    gamma, beta = parameters[:, None, None, :4], parameters[:, None, None, 4:]
    mean, variance = (
        f(FEATURES, axis=(1, 2), keepdims=True) for f in (np.mean, np.var)
    )
    expected = gamma * (FEATURES - mean) / np.sqrt(variance + 1e-5) + beta
    found = AdaptiveInstanceNormalization()(FEATURES, parameters)
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_picture_normalization_is_over_all_of_a_picture():
    layer = PictureNormalization()
    layer.build(FEATURES.shape)
    gamma, beta = RNG.normal(size=(2, 4)).astype("float32")
    layer.set_weights([gamma, beta])
    mean = FEATURES.mean((1, 2, 3), keepdims=True)
    deviation = FEATURES.std((1, 2, 3), keepdims=True)
    expected = gamma * (FEATURES - mean) / deviation + beta
    np.testing.assert_allclose(layer(FEATURES), expected, atol=1e-4)


def test_codes_and_logits_have_their_sizes():
    pictures = RNG.uniform(-1, 1, (2, 24, 32, 3)).astype("float32")
    assert content_encoder(2, 1)(pictures).shape == (2, 6, 8, 8)
    assert style_encoder(2)(pictures).shape == (2, 8)
    sizes = [logits.shape for logits in multi_scale_critic(2)(pictures)]
    assert sizes == [(2, 2, 2, 1), (2, 1, 1, 1), (2, 1, 1, 1)]


def test_content_codes_do_not_know_contrast_and_style_codes_do():
    pictures = RNG.uniform(-1, 1, (1, 24, 32, 3)).astype("float32")
    codes, styles = content_encoder(2, 1), style_encoder(2)
    np.testing.assert_allclose(codes(0.5 * pictures), codes(pictures), atol=1e-2)
    assert np.abs(styles(0.5 * pictures) - styles(pictures)).max() > 1e-2


def test_the_terms_are_those_of_the_paper(model):
    pictures = {
        side: 2 * tf.constant(own) - 1 for side, own in zip(SIDES, batch(), strict=True)
    }
    state = model.seed_generator.state.numpy()
    names = ("picture", "content_code", "style_code", "adversarial")
    expected = dict.fromkeys(names, 0.0)
    for side, own in pictures.items():
        encode, decode = (
            getattr(model, f"{side}_{part}") for part in ("content", "decoder")
        )
        style_code = getattr(model, f"{side}_style")(own)
        expected["picture"] += l1(decode([encode(own), style_code]), own)
    for side, other in (SIDES, SIDES[::-1]):  # in the order in which styles are drawn
        content_code = getattr(model, f"{other}_content")(pictures[other])
        drawn = keras.random.normal((2, 8), seed=model.seed_generator)
        fake = getattr(model, f"{side}_decoder")([content_code, drawn])
        again = getattr(model, f"{side}_content")(fake)
        expected["content_code"] += l1(again, content_code)
        expected["style_code"] += l1(getattr(model, f"{side}_style")(fake), drawn)
        for logits in getattr(model, f"{side}_critic")(fake):
            squares = (np.asarray(logits) - 1) ** 2
            expected["adversarial"] += squares.reshape(2, -1).mean(1)
    model.seed_generator.state.assign(state)
    terms, _ = model._train_generators(pictures)
    assert set(terms) == {f"generator/{name}" for name in names}
    for name, values in expected.items():
        np.testing.assert_allclose(terms[f"generator/{name}"], values, rtol=1e-3)


def test_pictures_weigh_ten_times_as_much_as_codes_and_critics(model):
    terms = {
        "picture": [1.0, 3.0],
        "content_code": [5.0, 5.0],
        "style_code": [0.5, 0.7],
        "adversarial": [2.0, 4.0],
    }
    assert float(model._generator_loss(terms)) == pytest.approx(20 + 5 + 0.6 + 3)


def test_the_critics_learn_to_tell_by_least_squares_at_every_scale(model):
    real, fake = (
        {
            side: tf.constant(2 * own - 1)
            for side, own in zip(SIDES, batch(), strict=True)
        }
        for _ in range(2)
    )
    expected = {
        f"critic/{side}": sum(
            square(of_real, 1) + square(of_fake, 0)
            for of_real, of_fake in zip(
                *(getattr(model, f"{side}_critic")(p[side]) for p in (real, fake)),
                strict=True,
            )
        )
        for side in SIDES
    }
    terms = model._train_critics(real, fake)
    assert set(terms) == set(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(terms[name], values, rtol=1e-3)


def square(logits, target):
    return ((np.asarray(logits) - target) ** 2).reshape(2, -1).mean(1)


def l1(a, b):
    return np.abs(np.asarray(a) - np.asarray(b)).reshape(2, -1).mean(1)


def test_pictures_are_rebuilt_better_and_everything_learns(model):
    before = [v.numpy() for v in model.trainable_variables]
    data = tf.data.Dataset.from_tensors(batch()).repeat()
    history = model.fit(
        data, steps_per_epoch=3, epochs=4, shuffle=False, verbose=0
    ).history
    rebuilt = history["generator/picture"]
    assert rebuilt[-1] < rebuilt[0]
    for variable, old in zip(model.trainable_variables, before, strict=True):
        assert np.abs(variable.numpy() - old).max() > 0, variable.path


def test_the_reference_decides_and_pictures_keep_their_size_and_range(model):
    content = RNG.uniform(size=(2, 24, 32, 3)).astype("float32")
    style = RNG.uniform(size=(2, 16, 20, 3)).astype("float32")
    one, other = (np.asarray(model([content, y])) for y in (style, style**3))
    assert one.shape == content.shape and one.min() >= 0 and one.max() <= 1
    assert np.abs(one - other).max() > 0
    assert model.encode_style(style).shape == (2, 8)
