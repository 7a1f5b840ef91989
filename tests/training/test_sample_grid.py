"""The sheet of pictures that is painted after every epoch."""

from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_stylex.training.callbacks import SampleGrid

CONTENT, STYLE = np.random.default_rng(0).random((2, 3, 8, 12, 3)).astype("float32")
SHEET = (3 * (8 + 2) - 2, 3 * (12 + 2) - 2)


class Painter:
    """Mirrors the content, whatever the reference."""

    def __init__(self, step):
        self.generator_optimizer = SimpleNamespace(iterations=step)

    def __call__(self, inputs):
        content, _ = inputs
        return content[:, :, ::-1]


@pytest.fixture
def make_callback(tmp_path):
    def make(step=0, **options):
        callback = SampleGrid(CONTENT, STYLE, tmp_path / "samples", **options)
        callback.set_model(Painter(step))
        return callback

    return make


def read(path):
    return np.asarray(Image.open(path), "float32") / 255


def test_rows_are_content_style_and_result(make_callback, tmp_path):
    make_callback(step=7).on_train_begin()
    (file,) = (tmp_path / "samples").iterdir()
    assert file.name == "step_000007.png"
    sheet = read(file)
    assert sheet.shape == (*SHEET, 3)
    rows = CONTENT, STYLE, CONTENT[:, :, ::-1]
    for i, j in np.ndindex(3, 3):
        picture = sheet[10 * i : 10 * i + 8, 14 * j : 14 * j + 12]
        np.testing.assert_allclose(picture, rows[i][j], atol=0.5 / 255 + 1e-6)


def test_it_paints_every_so_many_epochs(make_callback, tmp_path):
    callback = make_callback(every_epochs=2)
    for epoch in range(5):
        callback.model.generator_optimizer.iterations = 10 * (epoch + 1)
        callback.on_epoch_end(epoch)
    names = sorted(file.name for file in (tmp_path / "samples").iterdir())
    assert names == ["step_000020.png", "step_000040.png"]


def test_tensorboard_gets_the_sheet(make_callback, tmp_path):
    callback = make_callback(step=7, log_dir=tmp_path / "logs")
    callback.on_epoch_end(0)
    callback.on_train_end()
    (file,) = (tmp_path / "logs").iterdir()
    events = [
        tf.compat.v1.Event.FromString(record.numpy())
        for record in tf.data.TFRecordDataset(str(file))
    ]
    (event,) = [event for event in events if event.summary.value]
    width, height, png = event.summary.value[0].tensor.string_val
    assert event.step == 7
    assert (int(height), int(width)) == SHEET
    assert tf.io.decode_png(png).shape == (*SHEET, 3)
