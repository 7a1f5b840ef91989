"""Files that are whole, or not there."""

from types import SimpleNamespace

import pytest

from keras_stylex.errors import InputError
from keras_stylex.training.callbacks import Checkpoint


class Saved:
    """Writes its content; or half of it, and fails."""

    def __init__(self, content, fails=False):
        self.content, self.fails = content, fails

    def save(self, path):
        assert path.suffix == ".keras"  # Keras goes by it
        if self.fails:
            path.write_text(self.content[: len(self.content) // 2])
            raise OSError("no space left on device")
        path.write_text(self.content)


@pytest.fixture
def make_callback(tmp_path):
    def make(model=None, **options):
        files = tmp_path / "model.keras", tmp_path / "generator.keras"
        callback = Checkpoint(*files, **options)
        model = model or Saved("the model")
        model.averaged_generator = Saved("the averaged generator")
        callback.set_model(model)
        return callback

    return make


def contents(folder):
    return {file.name: file.read_text() for file in folder.iterdir()}


WHOLE = {"model.keras": "the model", "generator.keras": "the averaged generator"}


def test_both_files_are_saved_at_the_end(make_callback, tmp_path):
    make_callback().on_train_end()
    assert contents(tmp_path) == WHOLE


def test_a_save_that_fails_leaves_the_old_file_and_nothing_else(
    make_callback, tmp_path
):
    make_callback().save()
    with pytest.raises(InputError, match="model.keras: cannot be written.*no space"):
        make_callback(Saved("a newer model", fails=True)).save()
    assert contents(tmp_path) == WHOLE


@pytest.mark.parametrize("seconds, saves", [(0.0, True), (3600.0, False)])
def test_epochs_save_when_it_is_time(make_callback, tmp_path, seconds, saves):
    make_callback(every_seconds=seconds).on_epoch_end(0)
    assert bool(contents(tmp_path)) == saves


def test_the_time_runs_from_the_last_save(make_callback, monkeypatch):
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr("time.monotonic", lambda: clock.now)
    callback, saves = make_callback(every_seconds=60.0), []
    monkeypatch.setattr(callback.model, "save", lambda path: saves.append(clock.now))
    monkeypatch.setattr("os.replace", lambda *paths: None)
    for clock.now in (1030.0, 1061.0, 1100.0, 1122.0):
        callback.on_epoch_end(0)
    assert saves == [1061.0, 1122.0]
