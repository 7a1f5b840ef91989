"""What one step of training changes, and what it leaves alone."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from keras_stylex.losses import color_moments
from keras_stylex.training import LossWeights, lesson
from keras_stylex.training import translation as module
from keras_stylex.training.terms import LOG_NAMES

STEPS = 3
R1_INTERVAL = 2
NO_TERMS = dict.fromkeys(LossWeights().to_dict(), 0.0)
# 2026-11: Keras 3.15 saves variables in a way that NumPy 2 deprecates.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)


def snapshot(model):
    parts = ("generator", "discriminator", "code_discriminator", "averaged_generator")
    return {part: getattr(model, part).get_weights() for part in parts}


@pytest.fixture(scope="module")
def training(make_gan, batch, fit, tmp_path_factory):
    """Three steps: weights before, between and after; logs; a file before the last.

    And the style of the content pictures at each step, the optimizer slots of the file.
    """
    model = make_gan(r1_interval=R1_INTERVAL)
    file = tmp_path_factory.mktemp("training") / "model.keras"
    states, logs, styles = [snapshot(model)], [], []

    def translate(*inputs):
        translation = module.translate(*inputs)
        styles.append(translation.content_style.numpy())
        return translation

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lesson, "translate", translate)
        for step in range(STEPS):
            if step == STEPS - 1:
                model.save(file)
                slots = code_slots(model)
            logs.append(fit(model, batch))
            states.append(snapshot(model))
    return SimpleNamespace(
        model=model, states=states, logs=logs, styles=styles, file=file, slots=slots
    )


def code_slots(model):
    """What the optimizer of the discriminators keeps of the code discriminator."""
    variables = model.discriminator_optimizer.variables
    return [v.numpy() for v in variables if "code_discriminator" in v.path]


def free_variables(network):
    """Those which no constraint moves without an optimizer."""
    return [v for v in network.trainable_variables if v.constraint is None]


def step_of(make_gan, fit, batch, rates, reconstruction=1.0):
    """How far a step of plain gradients moves each network."""
    optimizers = [keras.optimizers.SGD(rate) for rate in rates]
    model = make_gan(
        generator_optimizer=optimizers[0],
        discriminator_optimizer=optimizers[1],
        loss_weights={**NO_TERMS, "reconstruction": reconstruction},
    )
    networks = model.generator, model.discriminator, model.code_discriminator
    variables = [free_variables(network) for network in networks]
    before = [[v.numpy() for v in each] for each in variables]
    fit(model, batch)
    return [
        [v.numpy() - old for v, old in zip(each, values, strict=True)]
        for each, values in zip(variables, before, strict=True)
    ]


@pytest.fixture(scope="module")
def single_steps(make_gan, fit, batch):
    """A step of the generator alone, of the discriminator alone, of both.

    The last sees each picture twice, and its reconstruction counts thrice.
    """
    twice = np.concatenate([batch, batch], axis=1)
    return SimpleNamespace(
        generator=step_of(make_gan, fit, batch, (0.01, 0.0)),
        discriminator=step_of(make_gan, fit, batch, (0.0, 0.01)),
        both=step_of(make_gan, fit, twice, (0.01, 0.01), reconstruction=3.0),
    )


def moved(steps):
    return max(np.abs(step).max() for step in steps)


def test_averaged_weights_start_as_the_generators(training, assert_same_weights):
    start = training.states[0]
    assert_same_weights(start["averaged_generator"], start["generator"])


def test_every_weight_of_the_generator_learns(training):
    first, last = training.states[0]["generator"], training.states[-1]["generator"]
    for weight, old, new in zip(
        training.model.generator.weights, first, last, strict=True
    ):
        assert np.abs(new - old).max() > 0, weight.path


@pytest.mark.parametrize("part", ["discriminator", "code_discriminator"])
def test_every_kernel_of_the_discriminators_learns(training, part):
    first, *_, last = (state[part] for state in training.states)
    for weight, old, new in zip(
        getattr(training.model, part).weights, first, last, strict=True
    ):
        # A bias before an instance normalisation has no effect.
        assert weight.name == "bias" or np.abs(new - old).max() > 0, weight.path


def test_averaged_weights_follow_the_recursion(training, assert_same_weights):
    averaged = training.states[0]["averaged_generator"]
    for step in range(1, STEPS + 1):
        decay = min(0.998, (1 + step) / (4 + step))
        current = training.states[step]["generator"]
        averaged = [
            decay * a + (1 - decay) * w for a, w in zip(averaged, current, strict=True)
        ]
        actual = training.states[step]["averaged_generator"]
        assert_same_weights(actual, averaged, atol=1e-6)


def test_the_neutral_style_is_the_mean_style_of_content_pictures(training):
    neutral = np.zeros(4)
    for step in range(1, STEPS + 1):
        decay = min(0.998, (1 + step) / (4 + step))
        neutral = decay * neutral + (1 - decay) * training.styles[step - 1].mean(0)
    np.testing.assert_allclose(training.model.generator.neutral_style, neutral, 1e-4)


def average_moments(batch, steps):
    """All steps get one batch, so they are a share of its own."""
    share = 0.0
    for step in range(1, steps + 1):
        decay = min(0.998, (1 + step) / (4 + step))
        share = decay * share + (1 - decay)
    return share * color_moments(batch[0]).numpy().mean(0)


def test_the_content_moments_are_those_of_content_pictures_on_average(training, batch):
    moments = training.model.content_moments
    np.testing.assert_allclose(moments, average_moments(batch, STEPS), 1e-4)


def test_a_step_reports_every_term(training):
    for logs in training.logs:
        assert sorted(logs) == sorted(LOG_NAMES)
        assert np.isfinite(list(logs.values())).all()


def test_the_gradient_penalty_comes_every_so_many_steps(training):
    penalties = [logs["discriminator/r1"] > 0 for logs in training.logs]
    assert penalties == [True, False, True]


def test_the_same_seed_gives_the_same_weights(
    training, make_gan, batch, fit, assert_same_weights
):
    again = make_gan(r1_interval=R1_INTERVAL)
    fit(again, batch, STEPS)
    assert_same_weights(again.get_weights(), training.model.get_weights())


def test_the_seed_decides_the_crops(make_gan, batch):
    same, again, other = (
        float(make_gan(seed=seed).test_step(batch)["discriminator/style"])
        for seed in (0, 0, 1)
    )
    assert same == again != other


def test_interrupted_training_goes_on_as_if_uninterrupted(
    training, batch, fit, assert_same_weights
):
    resumed = keras.saving.load_model(training.file)
    resumed.run_eagerly = True
    logs = fit(resumed, batch)
    assert logs == training.logs[-1]
    assert_same_weights(resumed.get_weights(), training.model.get_weights())
    for name in ("generator_optimizer", "discriminator_optimizer"):
        slots = [
            [variable.numpy() for variable in getattr(model, name).variables]
            for model in (resumed, training.model)
        ]
        assert_same_weights(*slots)


def test_saving_keeps_the_code_discriminator_and_its_optimizer_slots(
    training, assert_same_weights
):
    loaded = keras.saving.load_model(training.file)
    expected = training.states[STEPS - 1]["code_discriminator"]
    assert_same_weights(loaded.code_discriminator.get_weights(), expected)
    slots = code_slots(loaded)
    assert len(slots) == 2 * len(expected)  # two for each weight: Adam
    assert_same_weights(slots, training.slots)
    assert all(np.abs(slot).max() > 0 for slot in slots)


def test_saving_keeps_the_content_moments(training, batch):
    """The file is from before the last step."""
    moments = keras.saving.load_model(training.file).content_moments
    np.testing.assert_allclose(moments, average_moments(batch, STEPS - 1), 1e-4)


def test_saving_keeps_how_the_model_was_compiled(training):
    resumed = keras.saving.load_model(training.file)
    assert resumed.get_compile_config() == {
        **training.model.get_compile_config(),
        "jit_compile": False,
    }
    assert resumed.r1_interval == R1_INTERVAL


def test_each_network_learns_from_its_own_optimizer(single_steps):
    generator, *discriminators = (moved(s) > 0 for s in single_steps.generator)
    assert (generator, discriminators) == (True, [False, False])
    generator, *discriminators = (moved(s) > 0 for s in single_steps.discriminator)
    assert (generator, discriminators) == (False, [True, True])


@pytest.mark.parametrize(
    "rates, recolor, learner, part, sign",
    [
        ((1e-2, 0.0), 1.0, "generator", "content_encoder", -1),
        ((1e-2, 0.0), 0.5, "generator", "content_encoder", -2),
        ((0.0, 1e-2), 0.5, "code_discriminator", "code_discriminator", 1),
    ],
)
def test_the_encoder_hides_what_the_code_discriminator_looks_for(
    make_gan, fit, batch, rates, recolor, learner, part, sign
):
    """By how much the codes' logits differ changes as its own gradient says.

    The encoder's counts by how much colours are changed.
    """
    model = make_gan(
        generator_optimizer=keras.optimizers.SGD(rates[0]),
        discriminator_optimizer=keras.optimizers.SGD(rates[1]),
        objective="hinge",
        loss_weights={**NO_TERMS, "adversarial_code": 1.0},
        recolor=recolor,
    )
    network, state = getattr(model, learner), model.seed_generator.state.numpy()
    before = {v.path: v.numpy() for v in free_variables(network)}
    logs = [fit(model, batch)]
    steps = {v.path: v.numpy() - before[v.path] for v in free_variables(network)}
    model.seed_generator.state.assign(state)  # the same crops and colours again
    logs.append(fit(model, batch))
    margins = [each["logits/code_real"] - each["logits/code_fake"] for each in logs]
    squared_gradient = sum(np.square(step).sum() for step in steps.values()) / 1e-4
    expected = sign * 1e-2 * squared_gradient
    assert margins[1] - margins[0] == pytest.approx(expected, rel=0.1)
    learned = [path for path, step in steps.items() if np.abs(step).max() > 0]
    assert all(part in path for path in learned)


@pytest.mark.parametrize("recolor", [0.0, 0.25, 1.0])
def test_recolor_says_which_terms_of_colors_count(make_gan, recolor):
    weights = {name: 4.0 for name in NO_TERMS}
    changed = {
        "adversarial_code": 4 * recolor,
        "palette": 4 * recolor,
        "color_transfer": 4 * (1 - recolor),
    }
    model = make_gan(recolor=recolor, loss_weights=weights)
    assert model.term_weights == {**weights, **changed}


def test_a_term_counts_by_its_weight(single_steps, assert_same_weights):
    once, thrice = single_steps.generator[0], single_steps.both[0]
    near = {"atol": 1e-4 * moved(thrice)}
    assert_same_weights(thrice, [3 * step for step in once], **near)


def test_a_step_does_not_grow_with_the_batch(single_steps, assert_same_weights):
    for once, twice in zip(
        single_steps.discriminator[1:], single_steps.both[1:], strict=True
    ):
        assert_same_weights(twice, once, atol=1e-4 * moved(once))
