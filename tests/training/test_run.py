"""A training run in its folder: started, interrupted, resumed."""

import csv
import io
from functools import partial

import keras
import numpy as np
import pytest
from PIL import Image
from rich.console import Console

from keras_stylex.errors import InputError
from keras_stylex.models import Discriminator
from keras_stylex.models.presets import PRESETS
from keras_stylex.training import StyleTransferGAN
from keras_stylex.training import run as module
from keras_stylex.training.run import Run
from keras_stylex.training.run_config import RunConfig

# 2026-11: Keras 3.15 saves variables in a way that NumPy 2 deprecates.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)


def write_pictures(folder, count):
    folder.mkdir()
    rng = np.random.default_rng(count)
    for i in range(count):
        pixels = rng.integers(0, 256, (40, 56, 3), dtype="uint8")
        Image.fromarray(pixels).save(folder / f"{i}.png")
    return str(folder)


@pytest.fixture(scope="module", autouse=True)
def _small_and_eager():
    compile_model = StyleTransferGAN.compile
    preset = {"widths": (2, 3), "encoder_blocks": 0, "decoder_blocks": (0, 0)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PRESETS, "toy", {**preset, "style_widths": (2,)})
        patch.setattr(module, "Discriminator", partial(Discriminator, 1))
        patch.setattr(
            StyleTransferGAN,
            "compile",
            lambda *args, **options: compile_model(
                *args, **{**options, "run_eagerly": True}
            ),
        )
        yield


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    """Three steps in epochs of two; fewer pictures than a sample grid has."""
    folder = tmp_path_factory.mktemp("pictures")
    return RunConfig(
        content=write_pictures(folder / "content", 3),
        style=write_pictures(folder / "style", 2),
        image_size=32,
        batch_size=2,
        preset="toy",
        steps=3,
        epoch_steps=2,
        seed=5,
    )


def silent():
    return Console(file=io.StringIO())


@pytest.fixture(scope="module")
def trained(tmp_path_factory, config):
    run = Run(tmp_path_factory.mktemp("runs") / "new" / "run")
    run.create(config)
    run.train(config, silent())
    return run


def steps_of(run):
    model = keras.saving.load_model(run.checkpoint_file)
    optimizers = model.generator_optimizer, model.discriminator_optimizer
    return [int(optimizer.iterations) for optimizer in optimizers]


def test_a_run_leaves_what_it_says(trained, config):
    assert trained.config == config
    assert steps_of(trained) == [3, 3]
    samples = sorted(file.name for file in trained.samples.iterdir())
    assert samples == [f"step_{step:06d}.png" for step in (0, 2, 3)]
    assert any(trained.tensorboard.rglob("events*"))
    with open(trained.log_file) as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2
    assert float(rows[-1]["generator/reconstruction"]) > 0
    assert float(rows[-1]["sensitivity"]) >= 0
    assert not list(trained.folder.glob(".*"))  # nothing half-written


def test_the_generator_of_a_run_is_the_averaged_one(trained):
    model = keras.saving.load_model(trained.checkpoint_file)
    expected = model.averaged_generator.get_weights()
    actual = trained.load_generator().get_weights()
    for one, other in zip(actual, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_resumed_run_has_the_total_number_of_steps(trained, config):
    resumed = Run(trained.folder)
    resumed.train(resumed.config.with_changes(steps=4), silent())
    assert steps_of(resumed) == [4, 4]
    assert (resumed.samples / "step_000004.png").exists()


def test_a_finished_run_that_is_resumed_stays_as_it_is(trained):
    before = trained.checkpoint_file.stat().st_mtime_ns, steps_of(trained)
    trained.train(trained.config.with_changes(steps=before[1][0]), silent())
    assert (trained.checkpoint_file.stat().st_mtime_ns, steps_of(trained)) == before


def test_an_interrupted_run_is_saved_and_gives_the_cursor_back(
    tmp_path, config, monkeypatch
):
    def interrupt(callback, batch, logs=None):
        raise KeyboardInterrupt

    monkeypatch.setattr(module.TrainingLimit, "on_train_batch_end", interrupt)
    run = Run(tmp_path / "run")
    run.create(config)
    console = Console(file=io.StringIO(), force_terminal=True)
    with pytest.raises(KeyboardInterrupt):
        run.train(config, console)
    assert steps_of(run) == [1, 1]
    assert run.load_generator().widths == (2, 3)
    assert console.file.getvalue().rstrip().endswith("\x1b[?25h")


def test_a_folder_that_holds_a_run_is_not_overwritten(trained, config):
    with pytest.raises(InputError, match="already holds a run.*--resume"):
        trained.create(config)


def test_there_is_nothing_to_resume_in_an_empty_folder(tmp_path):
    run = Run(tmp_path)
    with pytest.raises(InputError, match=str(tmp_path)):
        run.config  # noqa: B018
    with pytest.raises(InputError, match=f"{tmp_path}: is no run"):
        run.load_generator()


def test_a_place_that_cannot_be_written_is_an_input_error(tmp_path, config):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        Run(tmp_path / "file" / "run").create(config)
