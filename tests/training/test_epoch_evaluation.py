"""Figures after every epoch, in its logs."""

import keras
import numpy as np
import pytest

from keras_stylex.metrics import evaluate_pictures, kernel_distance, open_features
from keras_stylex.training.callbacks import EpochEvaluation

RNG = np.random.default_rng(0)
CONTENTS, REFERENCES = RNG.random((2, 4, 16, 24, 3)).astype("float32")
PAIRS = {
    f"evaluation/{name}"
    for name in (
        *("ssim_content", "gradient_correlation", "self_similarity"),
        *("color_distance", "sensitivity"),
    )
}
FEATURES = {
    f"evaluation/{name}" for name in ("kid", "kid_standard_error", "kid_content", "fid")
}


class Painter:
    def __call__(self, inputs):
        content, style = inputs
        return 0.5 * content + 0.3 * style


@pytest.fixture
def logs_of():
    """The logs of an epoch that a callback ends."""

    def call(epoch=0, **options):
        callback = EpochEvaluation(CONTENTS, REFERENCES, **options)
        callback.set_model(Painter())
        logs = {}
        callback.on_epoch_end(epoch, logs)
        return logs

    return call


@pytest.fixture
def colors():
    network = [keras.Input((16, 24, 3)), keras.layers.GlobalAveragePooling2D()]
    return open_features(keras.Sequential(network))


def test_the_logs_get_the_figures_of_what_the_model_paints(logs_of):
    logs = logs_of()
    expected = evaluate_pictures(lambda x, y: 0.5 * x + 0.3 * y, CONTENTS, REFERENCES)
    assert set(logs) == PAIRS
    assert logs == pytest.approx({f"evaluation/{k}": v for k, v in expected.items()})
    assert {type(value) for value in logs.values()} == {float}


def test_with_features_there_are_kid_and_fid(logs_of, colors):
    logs = logs_of(features=colors)
    assert set(logs) == PAIRS | FEATURES
    painted = 0.5 * CONTENTS + 0.3 * REFERENCES
    expected = kernel_distance(painted.mean((1, 2)), REFERENCES.mean((1, 2)))
    assert logs["evaluation/kid"] == pytest.approx(expected.value, rel=1e-3)


def test_epochs_in_between_have_the_same_names_and_no_numbers(logs_of, colors):
    between = logs_of(every_epochs=2, features=colors)
    assert set(between) == PAIRS | FEATURES
    assert np.isnan(list(between.values())).all()
    assert np.isfinite(list(logs_of(epoch=1, every_epochs=2).values())).all()


def test_a_fit_writes_them_into_its_history_and_csv(make_gan, batch, tmp_path):
    model = make_gan()
    content, style = batch
    log = tmp_path / "log.csv"
    callbacks = [EpochEvaluation(content, style), keras.callbacks.CSVLogger(str(log))]
    history = model.fit(content, style, 4, 1, callbacks=callbacks, verbose=0).history
    header, row = log.read_text().splitlines()
    for name in PAIRS:
        value = float(row.split(",")[header.split(",").index(name)])
        assert value == pytest.approx(history[name][0])
