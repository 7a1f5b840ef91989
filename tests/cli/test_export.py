"""`keras-stylex export`, from a run to files."""

import json
import math
import shutil
from dataclasses import replace
from importlib import import_module

import pytest

from keras_stylex.data.images import write_image
from keras_stylex.export import RECIPES, exporter
from keras_stylex.export.tflite_contents import read_metadata
from keras_stylex.training.run import Run
from keras_stylex.training.run_config import RunConfig

NAMES = [
    "saved_model",
    "filter_my-filter_int8.tflite",
    "filter_my-filter_float16.tflite",
    "style_encoder_float16.tflite",
    "stylizer_float16.tflite",
]


@pytest.fixture
def arguments(toy_run, paintings, frames, tmp_path):
    """Arguments of an export of one small file."""
    return (
        *("export", toy_run.folder, "--style", paintings / "x.png"),
        *("--formats", "dynamic", "--size", "32x44", "--calibrate", frames),
        *("--out", tmp_path / "exported"),
    )


def test_it_exports_and_says_what_and_where(exported):
    assert exported.code == 0, exported.err
    assert [name for name in NAMES if f" {name} " not in exported.out] == []
    page = exported.folder / "report.html"
    assert page.exists()
    assert f"Wrote {exported.folder}; look at {page}." in exported.out.splitlines()
    assert "exporting" in exported.err and "100%" in exported.err
    assert [file.name for file in exported.folder.parent.iterdir()] == ["exported"]


def test_the_last_line_is_strict_json_of_every_figure(exported):
    def refuse(constant):
        raise ValueError(constant)

    last = exported.out.splitlines()[-1]
    artefacts = json.loads(last, parse_constant=refuse)["artefacts"]
    assert [artefact["name"] for artefact in artefacts] == NAMES
    for artefact in artefacts:
        assert artefact["psnr"] >= 32 and artefact["bytes"] > 0
        assert (artefact["milliseconds"] or 0) > 0 or artefact["name"] == NAMES[0]


def test_options_reach_the_files(exported):
    metadata = read_metadata((exported.folder / NAMES[1]).read_bytes())
    assert metadata["inputs"] == {"frame": [1, 32, 44, 3]}
    assert (metadata["licence"], metadata["style"]["strength"]) == ("CC0", 0.9)
    (reference,) = metadata["style"]["references"]
    assert reference["name"] == "x.png"


def test_the_model_card_is_filled_from_the_run(exported, photos):
    card = (exported.folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert f"| content pictures | `{photos.name}`, 3 when counted |" in card
    assert "| licence | CC0 |" in card and str(photos) not in card
    assert f"Complete what {exported.folder}/MODEL_CARD.md calls" in exported.out


def test_a_run_that_was_not_trained_is_warned_of(exported):
    warnings = [line for line in exported.err.splitlines() if "warning" in line]
    (warning,) = warnings
    assert warning.startswith("warning: the generator was trained for 0 steps only")
    report = (exported.folder / "report.md").read_text(encoding="utf-8")
    assert warning.removeprefix("warning: ") in report


@pytest.mark.parametrize("epochs, warned", [(4, True), (5, False)])
def test_a_half_trained_run_is_warned_of_and_a_trained_one_is_not(
    command, arguments, toy_run, tmp_path, monkeypatch, epochs, warned
):
    folder = tmp_path / "run"
    shutil.copytree(toy_run.folder, folder)
    run = Run(folder)
    run.config_file.write_text(toy_run.config.with_changes(steps=9999).to_json())
    rows = [f"{epoch},0.5" for epoch in range(epochs)]
    run.log_file.write_text("\n".join(["epoch,loss", *rows]) + "\n")
    module = import_module("keras_stylex.export.export_folder")
    given = []
    monkeypatch.setattr(module, "export_folder", lambda *args: given.append(args) or [])
    result = command(arguments[0], folder, *arguments[2:])
    assert result.code == 0, result.err
    assert ("trained for 400 steps only" in result.err) == warned
    assert len(given) == 1


@pytest.mark.parametrize(
    "options, words",
    [
        (["--strength", "1.5"], ["--strength", "1.5", "[0, 1]"]),
        (["--strength", "nan"], ["--strength", "nan"]),
        (["--size", "30"], ["30 x 30", "divisible by 4"]),
        (["--size", "32x42"], ["32 x 42", "divisible by 4"]),
        (["--size", "16"], ["16 x 16", "at least 32"]),
        (["--size", "abc"], ["--size", "abc", "240x320"]),
        (["--size", "1x2x3"], ["--size", "1x2x3", "240x320"]),
        (["--size", "32x"], ["--size", "32x", "240x320"]),
        (["--size=-32"], ["--size", "-32"]),
        (["--formats", "int8,int4"], ["'int4'", "saved-model", "pair"]),
        (["--weights", "1", "2"], ["--weights", "2 for 1"]),
        (["--calibrate", "nowhere"], ["nowhere: there is no such folder"]),
        (["--style", "nowhere.png"], ["nowhere.png: there is no such file"]),
    ],
)
def test_impossible_values_are_refused(refused, arguments, tmp_path, options, words):
    line = refused(*arguments, *options)
    assert [word for word in words if word not in line] == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["truncated.png", "zero.png", "text.jpg", "bomb.png"])
def test_a_reference_that_is_no_picture_is_named(refused, arguments, broken, name):
    line = refused(*arguments, "--style", broken / name)
    assert line.startswith(f"{broken / name}: ")
    assert not (broken.parent / "exported").exists()


def test_a_folder_that_is_no_run_is_named(refused, arguments, tmp_path):
    line = refused(arguments[0], tmp_path, *arguments[2:])
    assert line.startswith(f"{tmp_path}: is no run") and "train" in line


def test_a_folder_that_exists_is_named_before_any_work(refused, arguments, tmp_path):
    (tmp_path / "exported").mkdir()
    (tmp_path / "exported/mine").touch()
    line = refused(*arguments)
    assert line.startswith(f"{tmp_path / 'exported'}: exists. ")
    assert "--overwrite" in line
    line = refused(*arguments, "--overwrite")
    assert line.startswith(f"{tmp_path / 'exported'}: holds files of others")
    assert (tmp_path / "exported/mine").exists()


def test_too_few_pictures_are_refused_with_advice(command, arguments, photos, tmp_path):
    result = command(*arguments, "--calibrate", photos, "--formats", "int8")
    assert result.code == 2
    _, line = result.err.splitlines()  # after the warning
    assert "at least 8 pictures" in line and "--calibrate. Received: 3" in line
    assert list(tmp_path.iterdir()) == []


def test_a_run_whose_pictures_are_gone_says_how_to_give_others(
    refused, arguments, toy_run, paintings, tmp_path
):
    run = Run(tmp_path / "run")
    run.create(RunConfig(str(tmp_path / "gone"), str(paintings), steps=1))
    shutil.copy(toy_run.generator_file, run.folder)
    place = arguments.index("--calibrate")
    rest = arguments[2:place] + arguments[place + 2 :]
    line = refused("export", run.folder, *rest, "--formats", "int8")
    assert line.startswith(f"{tmp_path / 'gone'}: there is no such folder")
    assert "--calibrate FOLDER" in line
    assert not (tmp_path / "exported").exists()


def test_the_pictures_of_the_run_calibrate_unless_others_are_given(
    toy_run, frames, pictures_of
):
    from keras_stylex.cli.export import calibration_pictures
    from keras_stylex.cli.model import RunModel

    model = RunModel(toy_run)
    assert calibration_pictures(model, None, (32, 44)).shape == (3, 32, 44, 3)
    given = calibration_pictures(model, str(frames), (32, 44))
    assert given.shape == (8, 32, 44, 3)
    many = pictures_of(65)
    assert len(calibration_pictures(model, str(many), (32, 44))) == 64


@pytest.fixture
def pictures_of(tmp_path):
    def write(count):
        for number in range(count):
            picture = math.sin(number) ** 2 + 0 * _ramp()
            write_image(tmp_path / f"many/{number}.png", picture)
        return tmp_path / "many"

    return write


def _ramp():
    import numpy as np

    return np.zeros((32, 48, 3), "float32")


def test_a_file_that_fails_ends_with_code_1_and_leaves_nothing(
    command, arguments, tmp_path, monkeypatch
):
    strict = replace(RECIPES["dynamic"], least_psnr=200.0)
    monkeypatch.setattr(exporter, "RECIPES", {**RECIPES, "dynamic": strict})
    result = command(*arguments)
    assert result.code == 1
    line = result.err.splitlines()[-1]
    assert line.startswith("keras-stylex: filter_x_dynamic.tflite: it is ")
    assert "Traceback" not in result.err
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_named_and_left_empty(command, arguments, small_disk):
    disk = small_disk(8)
    result = command(*arguments, "--out", disk / "exported")
    assert result.code == 2
    line = result.err.splitlines()[-1]
    assert line.startswith(f"keras-stylex: {disk / 'exported'}: cannot be written (")
    assert "No space left on device" in line
    assert list(disk.iterdir()) == []
