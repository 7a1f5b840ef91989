"""`keras-stylex quickstart`, from nothing to pictures."""

import pytest

from keras_stylex.cli import quickstart
from keras_stylex.data.images import read_image
from keras_stylex.models.presets import PRESETS
from keras_stylex.training.run import Run

# 2026-11: Keras 3.15 saves variables in a way that NumPy 2 deprecates.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)


def test_it_draws_trains_evaluates_paints_and_says_what_it_wrote(
    command, small_and_eager, few_scenes, brief_timing, tmp_path, monkeypatch
):
    monkeypatch.setitem(PRESETS, "stylex_mobile", PRESETS["toy"])
    monkeypatch.setattr(quickstart, "SIZE", 32)
    monkeypatch.setattr(quickstart, "FILTER_SIZE", 32)
    run = Run(tmp_path / "run")
    options = ("--minutes", 1e-4, "--seed", 3, "--out", run.folder)
    with brief_timing():
        result = command("quickstart", *options)
    assert result.code == 0, result.err
    assert list(few_scenes.glob("scenes/strokes/*/*trainA*"))
    config = run.config
    assert (config.style, config.seed) == ("tfds:scenes/strokes:trainB", 3)
    assert "palette gap" in result.out
    grid = run.folder / "quickstart.png"
    assert read_image(grid).shape == (4 * 34 - 2, 8 * 34 - 2, 3)
    for path in (grid, run.samples, run.generator_file):
        assert path.exists() and f"\n  {path}" in result.out
    assert result.out.count("\n  keras-stylex ") == 4
    exported = run.folder / "exported"
    assert "| palette gap | " in (exported / "MODEL_CARD.md").read_text()
    assert f"\n  {exported}/" in result.out and (exported / "report.html").exists()
    for name in ("saved_model", *_filters()):
        assert (exported / name).exists() and f" {name} " in result.out
    assert f"stylize {exported}/{_filters()[-1]} PHOTO" in result.out
    assert "warning: the generator was trained for" in result.err

    # A second one does not take the place of the first.
    again = command("quickstart", *options)
    assert again.code == 2
    assert f"{run.folder}: already holds a run" in again.err


def _filters():
    recipes = [name for name in quickstart.FORMATS if name != "saved-model"]
    return [f"filter_reference_{name}.tflite" for name in recipes]


@pytest.mark.parametrize("option", ["--minutes=0", "--minutes=-1", "--seed=-1"])
def test_impossible_values_are_refused(refused, tmp_path, option):
    line = refused("quickstart", option, "--out", tmp_path / "run")
    assert option.split("=")[1] in line
    assert not (tmp_path / "run").exists()


def test_a_disk_too_small_for_the_scenes_is_named(
    command, small_and_eager, few_scenes, small_disk, tmp_path, monkeypatch
):
    disk = small_disk(100)
    few_scenes.symlink_to(disk)
    result = command("quickstart", "--out", tmp_path / "run")
    assert result.code == 2
    line = result.err.splitlines()[-1]
    assert str(few_scenes) in line and "No space left on device" in line
    assert not list(disk.rglob("dataset_info.json"))
