"""`keras-stylex evaluate`: figures of a run, and as JSON."""

import json
import math
import shutil

import pytest

from keras_stylex.training.run import Run

PICTURES = {"ssim_content", "color_distance", "sensitivity"}
SCENES = PICTURES | {
    "palette_error",
    "palette_error_copy_content",
    "palette_error_copy_style",
    "palette_error_limit",
    "palette_gap",
    "structure",
    "structure_limit",
    "stroke_angle_error",
    "stroke_width_error",
}


@pytest.fixture
def run_with(toy_run, tmp_path):
    """Copies the toy run and changes its options."""

    def copy(**changes):
        run = Run(shutil.copytree(toy_run.folder, tmp_path / "run"))
        config = run.config.with_changes(**changes)
        run.config_file.write_text(config.to_json())
        return run

    return copy


@pytest.fixture
def figures(command):
    """The JSON that `evaluate --json` prints on its last line, checked."""

    def call(*arguments):
        result = command("evaluate", *arguments, "--json")
        assert result.code == 0, result.err
        *table, last = result.out.splitlines()
        figures = json.loads(last)
        assert all(math.isfinite(value) for value in figures.values())
        for name, value in figures.items():  # for people, the same
            row = next(row for row in table if f" {name.replace('_', ' ')} " in row)
            assert f"{value:.4f}" in row
        return figures

    return call


def test_a_run_on_scenes_is_compared_with_their_truth(figures, run_with):
    run = run_with(style="tfds:scenes/strokes:trainB", image_size=48)
    measured = figures(run.folder, "--count", 4)
    assert set(measured) == SCENES
    error, limit, copied = (
        measured[f"palette_error{name}"] for name in ("", "_limit", "_copy_style")
    )
    assert measured["palette_gap"] == pytest.approx((error - limit) / (copied - limit))
    assert limit < copied


def test_a_run_on_folders_is_measured_on_its_own_pictures(figures, toy_run):
    assert set(figures(toy_run.folder)) == PICTURES


def test_other_pictures_give_other_figures(figures, toy_run, photos):
    own = figures(toy_run.folder)
    other = figures(toy_run.folder, "--style", photos)
    assert own["color_distance"] != other["color_distance"]


def test_pictures_that_are_left_out_are_named(command, toy_run, broken, photos):
    shutil.copy(photos / "b.png", broken)
    result = command("evaluate", toy_run.folder, "--content", broken, "--json")
    assert result.code == 0
    assert set(json.loads(result.out.splitlines()[-1])) == PICTURES
    header, *names = result.err.splitlines()
    assert header == "Pictures left out: 5"
    assert names[-1] == f"  {broken / 'zero.png'}: is empty (0 bytes)"


def test_a_source_of_a_single_picture_is_refused(refused, toy_run, broken):
    line = refused("evaluate", toy_run.folder, "--style", broken)
    assert line.startswith(f"{broken}: has one usable picture")


@pytest.mark.parametrize("count", [1, 0, -3])
def test_too_few_pictures_are_refused(refused, toy_run, count):
    line = refused("evaluate", toy_run.folder, f"--count={count}")
    assert line == f"--count must be 2 or more. Received: {count}."


def test_a_folder_that_is_no_run_is_named(refused, tmp_path):
    assert refused("evaluate", tmp_path).startswith(f"{tmp_path}: is no run")


def test_a_generator_without_its_options_is_named(refused, toy_run, tmp_path):
    shutil.copy(toy_run.generator_file, tmp_path)
    assert refused("evaluate", tmp_path).startswith(f"{tmp_path}: holds no run")


def test_sources_that_are_gone_are_named(refused, run_with, tmp_path):
    run = run_with(content=str(tmp_path / "gone"))
    assert refused("evaluate", run.folder).startswith(f"{tmp_path / 'gone'}: ")
