import keras
import numpy as np
import pytest
import tensorflow as tf
from baselines.cyclegan import ConstantThenLinear, CycleGAN, slim_cyclegan
from baselines.cyclegan_networks import (
    ReflectionPadding2D,
    patch_critic,
    resnet_generator,
)

from keras_stylex.models import Generator

NETWORKS = ("to_style", "to_content", "style_critic", "content_critic")


def tiny(**options):
    keras.utils.set_random_seed(0)
    model = CycleGAN((24, 32), 2, 1, 2, pool_size=3)
    model.compile(**options)
    return model


def batch():
    """Two pictures of either kind, of twelve coloured squares."""
    squares = np.random.default_rng(0).uniform(0, 1, (2, 2, 3, 4, 3))
    pictures = squares.repeat(8, axis=2).repeat(8, axis=3)
    return tuple(tf.constant(pictures, tf.float32))


def parameters(filters, blocks):
    """Of the resnet generator: kernels and biases, counted by hand."""
    f = filters
    ends = 49 * 3 * f + f + 49 * f * 3 + 3
    down = 9 * f * 2 * f + 2 * f + 9 * 2 * f * 4 * f + 4 * f
    up = 9 * 4 * f * 2 * f + 2 * f + 9 * 2 * f * f + f
    return ends + down + up + blocks * 2 * (9 * 16 * f * f + 4 * f)


@pytest.mark.parametrize("filters, blocks", [(2, 1), (3, 4)])
def test_the_generator_has_the_parameters_of_the_paper_s(filters, blocks):
    generator = resnet_generator(filters, blocks)
    assert generator.count_params() == parameters(filters, blocks)


def test_at_full_size_the_networks_are_as_large_as_the_published_ones():
    assert parameters(64, 9) == 11_378_179
    assert resnet_generator().count_params() == 11_378_179
    assert patch_critic().count_params() == 2_764_737


def test_the_slim_version_is_about_as_large_as_our_generator():
    ours = Generator.from_preset("stylex_mobile")
    networks = ("content_encoder", "style_encoder", "decoder")
    size = sum(getattr(ours, name).count_params() for name in networks)
    assert parameters(14, 9) == pytest.approx(size, rel=0.25)
    fewer_blocks = slim_cyclegan(24, blocks=2).to_style
    assert fewer_blocks.count_params() == parameters(14, 2)


def test_reflection_does_not_repeat_the_border():
    pictures = np.random.default_rng(0).normal(size=(2, 4, 5, 3))
    expected = np.pad(pictures, [(0, 0), (2, 2), (2, 2), (0, 0)], mode="reflect")
    np.testing.assert_allclose(ReflectionPadding2D(2)(pictures), expected, rtol=1e-6)


def test_a_logit_of_the_critic_sees_70_by_70_pixels():
    critic = keras.models.clone_model(patch_critic(1), clone_function=without_norm)
    pictures = tf.Variable(tf.random.uniform((1, 128, 160, 3)))
    with tf.GradientTape() as tape:
        logits = critic(pictures)
        logit = logits[0, 6, 8, 0]
    assert logits.shape == (1, 14, 18, 1)
    seen = np.any(tape.gradient(logit, pictures) != 0, axis=(0, 3))
    assert (seen.any(axis=1).sum(), seen.any(axis=0).sum()) == (70, 70)


def without_norm(layer):
    """Normalisation sees the whole picture; the convolutions see patches."""
    if "instance_normalization" in layer.name:
        return keras.layers.Identity(name=layer.name)
    return layer.__class__.from_config(layer.get_config())


def test_weights_are_drawn_as_in_the_paper():
    for variable in resnet_generator(8, 2).trainable_variables:
        if variable.name == "kernel":
            assert np.std(variable) == pytest.approx(0.02, rel=0.15)
        else:
            assert not np.any(variable)


def test_a_step_changes_all_four_networks_and_all_terms_are_finite():
    model = tiny()
    before = {name: getattr(model, name).get_weights() for name in NETWORKS}
    logs = model.train_step(batch())
    assert all(np.isfinite(value) for value in logs.values())
    for name, weights in before.items():
        after = getattr(model, name).get_weights()
        for old, new in zip(kernels(weights), kernels(after), strict=True):
            assert np.any(old != new), name


def kernels(weights):
    """Without biases: those in front of a normalisation have no effect."""
    return [values for values in weights if values.ndim == 4]


def test_the_terms_of_a_step_follow_their_formulas():
    model = tiny()
    x, y = (2 * pictures - 1 for pictures in batch())
    fake_y, fake_x = model.to_style(x), model.to_content(y)

    def l1(a, b):
        return np.mean(np.abs(a - b))

    def square(logits, target):
        return np.mean((logits - target) ** 2)

    expected = {
        "generator/to_style": square(model.style_critic(fake_y), 1),
        "generator/to_content": square(model.content_critic(fake_x), 1),
        "generator/cycle": l1(model.to_content(fake_y), x)
        + l1(model.to_style(fake_x), y),
        "generator/identity": l1(model.to_content(x), x) + l1(model.to_style(y), y),
        "critic/style": 0.5 * square(model.style_critic(y), 1)
        + 0.5 * square(model.style_critic(fake_y), 0),
        "critic/content": 0.5 * square(model.content_critic(x), 1)
        + 0.5 * square(model.content_critic(fake_x), 0),
    }
    logs = model.train_step(batch())
    assert {k: float(v) for k, v in logs.items()} == pytest.approx(expected, rel=1e-4)


def test_the_generators_loss_weighs_its_terms():
    terms = {
        "generator/to_style": [1.0, 3.0],
        "generator/to_content": [5.0, 5.0],
        "generator/cycle": [0.5, 0.7],
        "generator/identity": [0.1, 0.1],
    }
    assert float(tiny()._generator_loss(terms)) == pytest.approx(2 + 5 + 6 + 0.5)
    bare = tiny(cycle_weight=0.0, identity_weight=20.0)
    assert float(bare._generator_loss(terms)) == pytest.approx(2 + 5 + 2)


def test_training_learns_to_undo_itself():
    model = tiny()
    model.generator_optimizer.learning_rate = 0.01
    data = tf.data.Dataset.from_tensors(batch()).repeat(10)
    history = model.fit(data, epochs=3, verbose=0, shuffle=False).history
    first, _, last = history["generator/cycle"]
    assert last < 0.9 * first


def test_translate_gives_pictures_of_any_size():
    content = np.random.default_rng(1).uniform(0, 1, (3, 20, 28, 3)).astype("float32")
    model = tiny()
    pictures = model.translate(content, batch_size=2)
    assert pictures.shape == content.shape
    assert pictures.min() >= 0 and pictures.max() <= 1
    expected = (np.asarray(model.to_style(2 * content - 1)) + 1) / 2
    np.testing.assert_allclose(pictures, expected, atol=1e-5)


# Keras 3.15.1 reads variables the way NumPy 2.4 discourages (November 2026).
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_weights_come_back_from_a_file(tmp_path):
    model = tiny()
    model.train_step(batch())
    model.save_weights(tmp_path / "cyclegan.weights.h5")
    fresh = CycleGAN((24, 32), 2, 1, 2, pool_size=3)
    fresh.load_weights(tmp_path / "cyclegan.weights.h5")
    for saved, read in zip(model.weights, fresh.weights, strict=True):
        np.testing.assert_array_equal(saved, read)
    assert int(fresh.style_pool.count) == 2


def test_the_rate_is_constant_and_then_falls_to_zero():
    rate = ConstantThenLinear(2.0, steps=100)
    assert [float(rate(step)) for step in (0, 50, 75, 100, 120)] == [2, 2, 1, 0, 0]


@pytest.mark.parametrize("steps, rate", [(None, 2e-4), (100, 1e-4)])
def test_both_optimizers_follow_the_length_of_the_training(steps, rate):
    model = tiny(steps=steps)
    for optimizer in (model.generator_optimizer, model.critic_optimizer):
        optimizer.iterations.assign(75)
        assert float(optimizer.learning_rate) == pytest.approx(rate)
