"""Mixed precision: in a graph, which is traced once, and through an overflow."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from PIL import Image

from keras_stylex.data import unpaired_dataset
from keras_stylex.training import StyleTransferGAN

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


class PerEpoch(keras.callbacks.Callback):
    """Notes how often the step was traced by the end of each epoch."""

    def __init__(self, traces):
        super().__init__()
        self.traces, self.counts = traces, []

    def on_epoch_end(self, epoch, logs=None):
        self.counts.append(len(self.traces))


@pytest.fixture(scope="module")
def small_data(tmp_path_factory):
    """Endless batches, as of users: the last ones are filled up, a file is broken."""
    folders = [tmp_path_factory.mktemp(name) for name in ("content", "style")]
    rng = np.random.default_rng(0)
    for folder, count in zip(folders, (5, 3), strict=True):
        for index in range(count):
            pixels = rng.integers(0, 256, (20, 28, 3), dtype="uint8")
            Image.fromarray(pixels).save(folder / f"{index}.png")
    (folders[0] / "broken.png").write_text("no picture")
    return unpaired_dataset(*folders, (16, 24), 2, repeat=True, cache=False)


@pytest.fixture(scope="module")
def float16(make_gan, small_data):
    """A float16 model after 41 steps in a graph, the first of which overflows.

    One for all: it takes long to trace. With its weights before, and with the scale and
    the weights of its generator after the first step; and how often the step was traced
    by the end of each epoch.
    """
    traces, step = [], StyleTransferGAN.train_step
    policy, counter = keras.config.dtype_policy(), PerEpoch(traces)

    def traced(self, data):
        traces.append(data)
        return step(self, data)

    def fit(steps, epochs=1):
        options = {"steps_per_epoch": steps, "shuffle": False, "verbose": 0}
        return model.fit(small_data, epochs=epochs, callbacks=[counter], **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StyleTransferGAN, "train_step", traced)
        keras.config.set_dtype_policy("mixed_float16")
        try:
            model = make_gan(network=SMALLEST, run_eagerly=False, r1_interval=2)
            before = weights_before(model)
            scale = model.generator_optimizer.dynamic_scale
            scale.assign(2.0**40)  # every gradient of the output becomes infinite
            fit(1)
            first = float(scale), model.generator.get_weights()
            fit(3, epochs=2)
            model.generator_optimizer.learning_rate = 1e-4
            logs = fit(17, epochs=2).history
        finally:
            keras.config.set_dtype_policy(policy)
    return SimpleNamespace(
        model=model, before=before, first=first, logs=logs, traces=counter.counts
    )


def test_nothing_is_traced_after_the_first_epoch(float16):
    """Although the last batch is filled up, rates change, and the penalty is lazy."""
    first, *later = float16.traces
    assert 1 <= first <= 2  # Keras may run through it once more to build the model
    assert later == [first] * 4


def test_float16_trains_in_a_graph(float16):
    model = float16.model
    assert np.isfinite([values[-1] for values in float16.logs.values()]).all()
    assert_learned(model, float16.before)
    for optimizer in (model.generator_optimizer, model.discriminator_optimizer):
        assert isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
        assert float(optimizer.dynamic_scale) > 0


def test_float16_recovers_from_an_overflow(float16):
    model, (scale, weights) = float16.model, float16.first
    assert scale == 2.0**39
    before = float16.before[model.generator]
    moved = [
        path
        for path, new, old in zip(paths(model.generator), weights, before, strict=True)
        if (new != old).any()
    ]
    assert moved == ["neutral_style"]
    assert model.generator_optimizer.dynamic_scale < 2.0**39
    assert model.health.failure() is None


def test_bfloat16_trains_without_loss_scaling(make_gan, batch, fit, policy):
    policy("mixed_bfloat16")
    model = make_gan()
    before = weights_before(model)
    logs = fit(model, batch)
    assert np.isfinite(list(logs.values())).all()
    assert_learned(model, before)
    assert isinstance(model.generator_optimizer, keras.optimizers.Adam)
