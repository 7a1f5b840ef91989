"""`fit`, `evaluate` and `predict`, as compiled as users run them."""

import time
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.training.terms import LOG_NAMES

SMALLEST = {"encoder_blocks": 0, "decoder_blocks": (0, 0), "style_widths": (2,)}


def assert_learned(model, before):
    assert np.isfinite(np.concatenate([w.ravel() for w in model.get_weights()])).all()
    for network, old in before.items():
        assert any(
            (w != o).any() for w, o in zip(network.get_weights(), old, strict=True)
        )


def weights_before(model):
    networks = (model.generator, model.discriminator, model.averaged_generator)
    return {network: network.get_weights() for network in networks}


@pytest.fixture(scope="module")
def gentle(batch):
    """Pictures without the noise that cannot be rebuilt."""
    return batch * np.linspace(0.2, 0.8, 24)[:, None]


@pytest.fixture(scope="module")
def compiled(make_gan, gentle, fit):
    """A model trained for 1 + 2 steps that XLA compiled; how long each part took.

    Most of its half minute is XLA's; so there is little to compile.
    """
    model = make_gan(
        network=SMALLEST,
        generator_optimizer=keras.optimizers.Adam(2e-2, beta_1=0.5, beta_2=0.99),
        discriminator_optimizer=keras.optimizers.SGD(1e-3),
        run_eagerly=False,
        jit_compile=True,
    )
    before, times = weights_before(model), [time.monotonic()]
    for steps in (1, 2):
        logs = fit(model, gentle, steps)
        times.append(time.monotonic())
    return SimpleNamespace(
        model=model, before=before, logs=logs, seconds=np.diff(times)
    )


def test_xla_compiles_the_step_once(compiled):
    once, twice = compiled.seconds
    assert twice < once / 4
    assert_learned(compiled.model, compiled.before)


def test_sixty_steps_halve_the_reconstruction_error(compiled, gentle, fit):
    assert np.diff(compiled.seconds) < 0, "it would take half an hour"
    after = fit(compiled.model, gentle, steps=57)
    name = "generator/reconstruction"
    assert after[name] < compiled.logs[name] / 2


def test_float16_trains_in_a_graph(make_gan, batch, fit, policy):
    policy("mixed_float16")
    model = make_gan(network=SMALLEST, run_eagerly=False)
    before = weights_before(model)
    logs = fit(model, batch, steps=3)
    assert np.isfinite(list(logs.values())).all()
    assert_learned(model, before)
    for optimizer in (model.generator_optimizer, model.discriminator_optimizer):
        assert isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
        assert float(optimizer.dynamic_scale) > 0


def test_bfloat16_trains_without_loss_scaling(make_gan, batch, fit, policy):
    policy("mixed_bfloat16")
    model = make_gan()
    before = weights_before(model)
    logs = fit(model, batch)
    assert np.isfinite(list(logs.values())).all()
    assert_learned(model, before)
    assert isinstance(model.generator_optimizer, keras.optimizers.Adam)


@pytest.fixture(scope="module")
def model(make_gan):
    """A model whose averaged generator is not its generator."""
    model = make_gan()
    averaged = model.averaged_generator
    averaged.set_weights([0.9 * w + 0.02 for w in averaged.get_weights()])
    return model


def test_evaluation_reports_the_terms_and_changes_nothing(
    model, batch, assert_same_weights
):
    before = model.get_weights()
    logs = model.evaluate(*batch, batch_size=4, verbose=0, return_dict=True)
    assert set(logs) <= set(LOG_NAMES) and logs["generator/reconstruction"] > 0
    assert_same_weights(model.get_weights(), before)


def test_evaluation_uses_the_averaged_generator(model, make_gan, batch):
    other = make_gan()
    other.generator.set_weights(model.averaged_generator.get_weights())
    other.averaged_generator.set_weights(other.generator.get_weights())
    logs = []
    for each in (model, other):
        each.seed_generator.state.assign([0, 0])
        logs.append(each.evaluate(*batch, batch_size=4, verbose=0, return_dict=True))
    assert logs[0] == pytest.approx(logs[1], rel=1e-5)
    other.averaged_generator.set_weights(model.generator.get_weights())
    other.seed_generator.state.assign([0, 0])
    worse = other.evaluate(*batch, batch_size=4, verbose=0, return_dict=True)
    name = "generator/reconstruction"
    assert worse[name] != pytest.approx(logs[0][name], rel=1e-2)


@pytest.mark.parametrize("kind", ["arrays", "dataset"])
def test_prediction_paints_with_the_averaged_generator(model, batch, kind):
    expected = model.averaged_generator(list(batch))
    if kind == "dataset":
        data = tf.data.Dataset.from_tensors(tuple(batch))
        painted = model.predict(data, verbose=0)
    else:
        painted = model.predict(list(batch), verbose=0)
    np.testing.assert_allclose(painted, expected, atol=1e-6)
