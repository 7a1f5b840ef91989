"""`fit`, `evaluate` and `predict`, as compiled as users run them."""

import json

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
    names = ("generator", "averaged_generator", "discriminator", "code_discriminator")
    networks = (getattr(model, name) for name in names)
    return {network: network.get_weights() for network in networks}


def paths(network):
    return [weight.path.split("/")[-1] for weight in network.weights]


# A process of its own: XLA reads its options once. It writes down every module that it
# compiles, and compiles badly but quickly.
XLA_FLAGS = "--xla_backend_optimization_level=0 --xla_dump_to={}"
PROGRAM = """
import json, pathlib, sys
import keras
import numpy as np
from keras_stylex.models import Discriminator, Generator
from keras_stylex.training import StyleTransferGAN

TOY = {"widths": (2, 3), "encoder_blocks": 0, "decoder_blocks": (0, 0)}
keras.utils.set_random_seed(0)
generator = Generator(**TOY, style_widths=(2,), style_dim=4)
model = StyleTransferGAN(generator, Discriminator(1))
model.compile(
    keras.optimizers.Adam(2e-2, beta_1=0.5, beta_2=0.99),
    keras.optimizers.SGD(1e-3),
    jit_compile=True,
)
pictures = np.random.default_rng(0).random((2, 4, 16, 24, 3))
# Without the noise that cannot be rebuilt.
content, style = (pictures * np.linspace(0.2, 0.8, 24)[:, None]).astype("float32")
networks = (generator, model.averaged_generator, model.discriminator)
networks = (*networks, model.code_discriminator)
before = [network.get_weights() for network in networks]


def fit(steps):
    logs = model.fit(content, style, 4, steps, verbose=0, shuffle=False).history
    compiled = pathlib.Path(sys.argv[1]).glob(
        "*one_step_on_data*.before_optimizations.txt"
    )
    return logs["generator/reconstruction"][-1], len(list(compiled))


errors, compilations = zip(fit(1), fit(2))
if compilations[-1] == 1:  # else it would take half an hour
    errors = (*errors, fit(57)[0])
moved = [
    max(float(np.abs(a - b).max()) for a, b in zip(network.get_weights(), old))
    for network, old in zip(networks, before)
]
print(json.dumps({"errors": errors, "compilations": compilations, "moved": moved}))
"""


@pytest.fixture(scope="module")
def compiled(warm_python, tmp_path_factory):
    """What became of sixty steps that XLA compiled, if it did so once."""
    folder = tmp_path_factory.mktemp("compiled")
    (folder / "program.py").write_text(PROGRAM)
    flags = XLA_FLAGS.format(folder)
    run = warm_python.start(folder / "program.py", folder, XLA_FLAGS=flags)
    assert run.wait() == 0, run.err
    return json.loads(run.out.splitlines()[-1])


def test_xla_compiles_the_step_once(compiled):
    """Although crops, colours and the gradient penalty differ from step to step."""
    assert compiled["compilations"] == [1, 1]


def test_sixty_steps_halve_the_reconstruction_error(compiled):
    first, *_, last = compiled["errors"]
    assert last < first / 2
    assert min(compiled["moved"]) > 0 and np.isfinite(compiled["moved"]).all()


def test_float16_trains_in_a_graph(make_gan, batch, fit, policy):
    policy("mixed_float16")
    model = make_gan(network=SMALLEST, run_eagerly=False)
    before = weights_before(model)
    # The first steps are left out: they find the scale that overflows no longer.
    logs = fit(model, batch, steps=8)
    assert np.isfinite(list(logs.values())).all()
    assert_learned(model, before)
    for optimizer in (model.generator_optimizer, model.discriminator_optimizer):
        assert isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
        assert float(optimizer.dynamic_scale) > 0


def test_float16_recovers_from_an_overflow(make_gan, batch, fit, policy):
    policy("mixed_float16")
    optimizers = [
        keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(1e-3), 2.0**scale)
        for scale in (40, 15)  # the first makes every gradient of the output infinite
    ]
    model = make_gan(
        0,
        None,
        SMALLEST,
        generator_optimizer=optimizers[0],
        discriminator_optimizer=optimizers[1],
        run_eagerly=False,
    )
    before = weights_before(model)
    fit(model, batch)
    assert float(optimizers[0].dynamic_scale) == 2.0**39
    unmoved = zip(model.generator.get_weights(), before[model.generator], strict=True)
    moved = [
        path
        for path, (new, old) in zip(paths(model.generator), unmoved, strict=True)
        if (new != old).any()
    ]
    assert moved == ["neutral_style"]
    fit(model, batch, steps=40)
    assert_learned(model, before)
    assert optimizers[0].dynamic_scale < 2.0**39
    assert model.health.failure() is None


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
