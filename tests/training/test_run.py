"""A training run in its folder: started, interrupted, resumed."""

import contextlib
import csv
import dataclasses
import io
import shutil
import signal
from functools import partial

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from rich.console import Console

from keras_stylex.data import unpaired_dataset
from keras_stylex.errors import InputError
from keras_stylex.models import Discriminator
from keras_stylex.models.presets import PRESETS
from keras_stylex.training import StyleTransferGAN
from keras_stylex.training import run_training as module
from keras_stylex.training.checkpoints import CheckpointWarning
from keras_stylex.training.chosen_options import CHOSEN
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
    run.train(config, silent(), checkpoint_seconds=0)
    return run


def steps_of(run):
    checkpoint = run.checkpoints.newest()
    optimizers = "generator_optimizer", "discriminator_optimizer"
    counts = [int(checkpoint.arrays[f"{name}/0000"]) for name in optimizers]
    assert checkpoint.position.step == counts[0]
    return counts


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
    model = module.RunTraining(trained, trained.config)._make()
    trained.checkpoints.newest().restore(model)
    expected = model.averaged_generator.get_weights()
    actual = trained.load_generator().get_weights()
    for one, other in zip(actual, expected, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    "changes, as_given",
    [
        ({"strong_augmentation": False}, {"augment": True}),
        ({"strong_augmentation": True}, {"augment": "strong"}),
        ({"load_size": 48}, {"augment": True, "load_size": 48}),
    ],
)
def test_a_run_trains_on_pictures_cut_and_augmented_as_its_options_say(
    trained, config, changes, as_given
):
    training = module.RunTraining(trained, config.with_changes(**changes))
    training.strategy = tf.distribute.get_strategy()
    training._look_up()
    options = {"seed": 5, "repeat": True, "first_batch": 3, **as_given}
    expected = unpaired_dataset(config.content, config.style, 32, 2, **options)
    batches = (next(iter(each)) for each in (training._dataset(), expected))
    for one, other in zip(*batches, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_run_that_was_killed_before_its_first_step_chooses_when_resumed(
    tmp_path, config
):
    left = dict.fromkeys(CHOSEN)
    run = Run(tmp_path / "run")
    run.create(config.with_changes(**left, steps=1))
    assert run.config.image_size is None
    run.train(run.resumed(), silent())
    chosen = run.config
    assert chosen == config.with_changes(
        image_size=32, epoch_steps=50, strong_augmentation=True, recolor=1.0, steps=1
    )
    assert run.checkpoints.newest().options["strong_augmentation"] is True


def test_a_resumed_run_has_the_total_number_of_steps(trained, config):
    resumed = Run(trained.folder)
    resumed.train(resumed.config.with_changes(steps=4), silent())
    assert steps_of(resumed) == [4, 4]
    assert (resumed.samples / "step_000004.png").exists()


def test_a_finished_run_that_is_resumed_stays_as_it_is(trained):
    newest, (steps, _) = trained.checkpoints.files[0], steps_of(trained)
    before, console = newest.stat().st_mtime_ns, silent()
    trained.train(trained.config.with_changes(steps=steps), console)
    assert newest.stat().st_mtime_ns == before
    assert "done" in console.file.getvalue()


def test_an_interrupted_run_is_saved_and_gives_the_cursor_back(
    tmp_path, config, monkeypatch
):
    def interrupt(callback, batch, logs=None):
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(module.TrainingLimit, "on_train_batch_end", interrupt)
    run = Run(tmp_path / "run")
    run.create(config)
    console = Console(file=io.StringIO(), force_terminal=True)
    with pytest.raises(KeyboardInterrupt):
        run.train(config, console)
    assert steps_of(run) == [1, 1]
    assert run.load_generator().widths == (2, 3)
    assert console.file.getvalue().rstrip().endswith("\x1b[?25h")


def interrupt_at(monkeypatch, step):
    """Lets Ctrl-C be pressed in this step."""
    train_step = StyleTransferGAN.train_step
    steps = iter(range(1, 100))

    def interrupted(model, data):
        logs = train_step(model, data)
        if next(steps) == step:
            signal.raise_signal(signal.SIGINT)
        return logs

    monkeypatch.setattr(StyleTransferGAN, "train_step", interrupted)


def everything(run):
    """All that a run leaves, but for what depends on the time it took."""
    checkpoint = run.checkpoints.newest()
    return {
        "arrays": {name: a.tobytes() for name, a in checkpoint.arrays.items()},
        "position": dataclasses.replace(checkpoint.position, seconds=0, best=0),
        "log": run.log_file.read_text(),
        "samples": {file.name: file.read_bytes() for file in run.samples.iterdir()},
    }


def test_a_run_that_is_interrupted_comes_to_the_same_as_one_that_is_not(
    tmp_path, config, monkeypatch
):
    config = config.with_changes(steps=7, epoch_steps=3)
    one, other = Run(tmp_path / "one"), Run(tmp_path / "other")
    for run in (one, other):
        run.create(config)
    one.train(config, silent())
    for step, more in ((2, 2), (3, 1), (5, 2)):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            interrupt_at(patch, more)
            Run(other.folder).train(other.config, silent())
        assert steps_of(other) == [step, step]
    Run(other.folder).train(other.config, silent())
    assert everything(other) == everything(one)


def test_a_second_ctrl_c_stops_at_once_and_leaves_the_checkpoint_before(
    tmp_path, config, monkeypatch
):
    def interrupt(callback, batch, logs=None):
        if callback.clock.step == 2:
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(module.TrainingLimit, "on_train_batch_end", interrupt)
    run = Run(tmp_path / "run")
    run.create(config)
    with pytest.raises(KeyboardInterrupt):
        run.train(config, silent(), checkpoint_seconds=0)
    assert steps_of(run) == [1, 1]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_minutes_that_are_left_count_and_new_ones_are_added(trained):
    seconds = trained.checkpoints.newest().position.seconds
    assert seconds > 0
    assert trained.resumed() == trained.config
    minutes = trained.resumed(minutes=30).minutes
    assert minutes == pytest.approx(30 + seconds / 60)


@pytest.mark.parametrize(
    "changes, counts_on",
    [
        ({}, True),
        ({"recolor": 0.5}, False),
        ({"loss_weights": {"cycle": 7}}, False),
        ({"look": "prints"}, False),
    ],
)
def test_distances_are_compared_as_long_as_terms_count_alike(
    trained, tmp_path, changes, counts_on
):
    run = Run(shutil.copytree(trained.folder, tmp_path / "run"))
    earlier = run.checkpoints.newest().position
    assert earlier.best is not None
    run.train(run.config.with_changes(steps=earlier.step + 1, **changes), silent())
    later = run.checkpoints.newest().position
    assert later.step == earlier.step + 1 and later.step % later.epoch_steps
    assert later.best == (earlier.best if counts_on else None)


def test_the_best_is_a_run_that_can_be_resumed(trained, tmp_path, config):
    best = Run(shutil.copytree(trained.best, tmp_path / "best"))
    step = best.checkpoints.newest().position.step
    assert step and step % config.epoch_steps == 0
    assert best.load_generator().widths == (2, 3)
    best.train(best.config.with_changes(steps=step + 1), silent())
    assert steps_of(best) == [step + 1, step + 1]


def test_weights_that_are_no_numbers_are_not_saved(tmp_path, config, monkeypatch):
    def spoil(callback, batch, logs=None):
        if callback.clock.step == 2:
            weight = callback.model.generator.trainable_variables[0]
            weight.assign(weight * float("nan"))
        callback.model.stop_training = callback.clock.step == 2

    monkeypatch.setattr(module.TrainingLimit, "on_train_batch_end", spoil)
    run = Run(tmp_path / "run")
    run.create(config)
    with pytest.warns(CheckpointWarning, match="not numbers at step 2: not saved"):
        run.train(config, silent(), checkpoint_seconds=0)
    assert steps_of(run) == [1, 1]


def test_a_disk_that_fills_up_leaves_the_checkpoint_before(
    small_disk, config, monkeypatch
):
    run = Run(small_disk(48000) / "run")

    def fill(callback, batch, logs=None):
        if callback.clock.step == 2:
            with contextlib.suppress(OSError):
                (run.folder.parent / "large").write_bytes(bytes(48_000_000))

    monkeypatch.setattr(module.TrainingLimit, "on_train_batch_end", fill)
    run.create(config)
    with pytest.raises(InputError, match="run.*No space left.*free some space"):
        run.train(config, silent(), checkpoint_seconds=0)
    assert steps_of(run) == [1, 1]
    assert not list(run.folder.rglob(".partial*"))


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
