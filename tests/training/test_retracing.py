"""The step is traced when training begins, and never again."""

import keras
import pytest

from keras_stylex.data import unpaired_dataset
from keras_stylex.training import StyleTransferGAN

SMALLEST = {"encoder_blocks": 0, "decoder_blocks": (0, 0), "style_widths": (2,)}


class PerEpoch(keras.callbacks.Callback):
    """Notes how often the step was traced by the end of each epoch."""

    def __init__(self, traces):
        super().__init__()
        self.traces, self.counts = traces, []

    def on_epoch_end(self, epoch, logs=None):
        self.counts.append(len(self.traces))


@pytest.fixture
def traces(monkeypatch):
    """One element for every time that Python runs through the step."""
    times, step = [], StyleTransferGAN.train_step

    def traced(self, data):
        times.append(data)
        return step(self, data)

    monkeypatch.setattr(StyleTransferGAN, "train_step", traced)
    return times


def test_nothing_is_traced_after_the_first_epoch(
    make_gan, flat_pictures, tmp_path, traces
):
    """Although the last batch is filled up, rates change, and the penalty is lazy."""
    content, style = flat_pictures("a", range(5)), flat_pictures("b", range(3))
    (content / "broken.png").write_text("no picture")
    data = unpaired_dataset(content, style, (16, 24), 2, repeat=True, cache=False)
    model = make_gan(network=SMALLEST, run_eagerly=False, r1_interval=2)
    counter = PerEpoch(traces)
    options = {"steps_per_epoch": 3, "shuffle": False, "verbose": 0}
    model.fit(data, epochs=3, callbacks=[counter], **options)
    model.generator_optimizer.learning_rate = 1e-4
    model.fit(data, epochs=2, callbacks=[counter], **options)
    first, *later = counter.counts
    assert 1 <= first <= 2  # Keras may run through it once more to build the model
    assert later == [first] * 4
