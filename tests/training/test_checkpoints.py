"""A folder of checkpoints: what they hold, and what is done about damaged ones."""

import numpy as np
import pytest

from keras_stylex.errors import InputError
from keras_stylex.training import checkpoints as module
from keras_stylex.training.checkpoints import (
    Checkpoints,
    CheckpointWarning,
    read_checkpoint,
)
from keras_stylex.training.position import Position
from keras_stylex.training.run_config import RunConfig
from keras_stylex.training.training_state import (
    restore_metrics,
    state_arrays,
    state_variables,
)

CONFIG = RunConfig("photos", "paintings", steps=9)
ARRAYS = {
    "model/0000": np.random.default_rng(0).random((3, 2)).astype("float32"),
    "model/0001": np.array([5, 7], "uint32"),
    "generator_optimizer/0000": np.array(3, "int64"),
}
PATHS = {name: f"path of {name}" for name in ARRAYS}


@pytest.fixture
def folder(tmp_path):
    return Checkpoints(tmp_path / "checkpoints")


def write(folder, *steps, config=CONFIG):
    for step in steps:
        file = folder.write(ARRAYS, PATHS, Position(step=step, seconds=2.5), config)
    return file


def assert_same(arrays, expected):
    assert arrays.keys() == expected.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, expected[name])
        assert array.dtype == expected[name].dtype


def damage(file, offset=700):
    content = bytearray(file.read_bytes())
    content[offset] ^= 1
    file.write_bytes(content)


def test_what_is_written_is_what_is_read(folder):
    assert folder.newest() is None
    write(folder, 4)
    newest = folder.newest()
    assert_same(newest.arrays, ARRAYS)
    assert newest.position == Position(step=4, seconds=2.5)
    assert newest.options["preset"] == CONFIG.preset


def test_the_newest_few_are_kept_and_nothing_half_written(folder):
    write(folder, 5, 90, 100, 101, 2000)
    names = sorted(file.name for file in folder.folder.iterdir())
    assert names == [f"step_{step:08d}.npz" for step in (100, 101, 2000)]
    assert folder.newest().position.step == 2000


def test_every_damaged_byte_is_noticed_or_does_no_harm(folder):
    file = write(folder, 4)
    whole = file.read_bytes()
    noticed = 0
    for offset in range(0, len(whole), 3):
        file.write_bytes(whole)
        damage(file, offset)
        try:
            read = read_checkpoint(file)
        except Exception:
            noticed += 1
            continue
        assert_same(read.arrays, ARRAYS)
        assert read.position == Position(step=4, seconds=2.5)
    assert noticed > 0.8 * len(whole) / 3


@pytest.mark.parametrize("length", [0, 100, -1])
def test_a_file_that_is_cut_off_is_passed_over_with_one_line(folder, length):
    write(folder, 4)
    file = write(folder, 8)
    file.write_bytes(file.read_bytes()[:length])
    with pytest.warns(CheckpointWarning) as warned:
        assert folder.newest().position.step == 4
    (line,) = (str(warning.message) for warning in warned)
    assert line.startswith(f"{file}: is damaged (")
    assert line.endswith("going on from step_00000004.npz")


def test_where_all_are_damaged_the_run_stops(folder):
    for step in (4, 8):
        damage(write(folder, step))
    with pytest.raises(InputError, match="step_00000004.npz: is damaged.*no older"):
        folder.newest()


def test_a_checkpoint_of_another_preset_or_seed_says_which_differ(folder):
    write(folder, 4)
    other = CONFIG.with_changes(preset="stylex_small", seed=8, steps=20)
    reason = (
        "preset is stylex_mobile there and stylex_small here; seed is 0 there and 8"
    )
    with pytest.raises(InputError, match=f"step_00000004.npz: .*{reason} here"):
        folder.newest().check(other)
    folder.newest().check(CONFIG.with_changes(steps=20, generator_rate=1e-5))


def test_a_checkpoint_of_a_newer_version_is_refused(folder, monkeypatch):
    monkeypatch.setattr(module, "FORMAT", 2)
    monkeypatch.setattr(module, "__version__", "7.0")
    write(folder, 4)
    monkeypatch.undo()
    with pytest.raises(InputError, match="made by keras_stylex 7.0, newer than"):
        folder.newest()


def test_all_variables_come_back_but_the_learning_rates(
    folder, make_gan, batch, fit, assert_same_weights
):
    one, other = make_gan(), make_gan()
    fit(one, batch, 2)
    paths = {name: each.path for name, each in state_variables(one).items()}
    folder.write(state_arrays(one), paths, Position(2), CONFIG)
    other.generator_optimizer.learning_rate = 7e-5
    folder.newest().restore(other)
    restore_metrics(other, folder.newest().arrays)
    assert_same(state_arrays(other), state_arrays(one))
    assert float(other.generator_optimizer.learning_rate) == pytest.approx(7e-5)
    for model in (one, other):
        model.generator_optimizer.learning_rate = 1e-3
        fit(model, batch, 1)
    assert_same(state_arrays(other), state_arrays(one))
    assert_same_weights(other.get_weights(), one.get_weights())


def test_nothing_that_a_step_changes_is_left_out(make_gan, batch, fit):
    model = make_gan(dtype="mixed_float16")
    before = {id(variable) for variable in state_variables(model).values()}
    fit(model, batch, 1)
    optimizers = model.generator_optimizer, model.discriminator_optimizer
    kept = [*model.variables, *model.metrics_variables]
    kept += [variable for each in optimizers for variable in each.variables]
    left_out = {v.name for v in kept if id(v) not in before}
    assert left_out == {"learning_rate"}


def test_a_checkpoint_of_other_networks_says_which_differ(folder, make_gan):
    model = make_gan()
    paths = {name: each.path for name, each in state_variables(model).items()}
    folder.write(state_arrays(model), paths, Position(2), CONFIG)
    with pytest.raises(InputError, match=r"kernel is \(.*\) here and \(.*\) there"):
        folder.newest().restore(make_gan(network={"widths": (2, 4)}))
