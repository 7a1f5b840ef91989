"""`fit`, `evaluate` and `predict`, as compiled as users run them."""

import json

import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.training.terms import LOG_NAMES

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
