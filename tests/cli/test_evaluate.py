"""`keras-stylex evaluate`: figures of a run, and as JSON."""

import itertools
import json
import math
import shutil
from functools import partial

import keras
import numpy as np
import pytest

from keras_stylex.data import load_pictures
from keras_stylex.metrics import DomainClassifier
from keras_stylex.metrics.glossary import readable
from keras_stylex.training import run_evaluation
from keras_stylex.training.kept_evaluation import kept_evaluation
from keras_stylex.training.run import Run

PICTURES = {
    "pictures",
    "references",
    "ssim_content",
    "gradient_correlation",
    "self_similarity",
    "reconstruction_content",
    "reconstruction_style",
    "color_distance",
    "sensitivity",
    "lab_histogram_distance",
    "sliced_wasserstein",
    "sliced_wasserstein_finest",
    "retrieval",
    "retrieval_color",
    "retrieval_candidates",
    "diversity",
    "shift_error",
    "pan_error",
    "noise_gain",
}
CLASSIFIER = {"classifier_accuracy", "classified_as_style"}
FEATURES = {"kid", "kid_standard_error", "kid_content", "fid"}
SCENES = (PICTURES | CLASSIFIER) | {
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


@pytest.fixture(autouse=True)
def _learn_little(monkeypatch):
    """The classifier learns from few pictures, for few steps."""
    monkeypatch.setattr(run_evaluation, "DOMAIN", 20)
    monkeypatch.setattr(
        run_evaluation, "DomainClassifier", partial(DomainClassifier, steps=2)
    )


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
            assert readable(value) in row
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


def test_a_run_on_folders_is_measured_on_its_own_pictures(figures, run_with):
    run = run_with()
    measured = figures(run.folder)
    assert set(measured) == PICTURES  # too few for a classifier
    assert (measured["pictures"], measured["references"]) == (3, 2)
    assert measured["retrieval_candidates"] == 2
    assert kept_evaluation(run)["figures"] == measured  # for model cards


def test_a_run_that_cannot_be_written_is_measured_all_the_same(command, run_with):
    run = run_with()
    run.evaluation_file.mkdir()
    result = command("evaluate", run.folder, "--count", 2)
    assert result.code == 0 and " ssim content " in result.out
    assert f"Not kept for model cards: {run.evaluation_file}: cannot" in result.err


def test_a_classifier_learns_from_pictures_that_are_not_painted(
    command, run_with, save, tmp_path, monkeypatch
):
    """Of 25 photos the first 4 are painted, and the next 20 learned from."""
    rng = np.random.default_rng(0)
    for name, number in itertools.product(("photos", "paintings"), range(25)):
        coarse = rng.integers(256, size=(3, 4, 3)).astype("uint8")
        save(f"{name}/{number:02}.png", coarse.repeat(12, 0).repeat(12, 1))
    folders = {
        "content": str(tmp_path / "photos"),
        "style": str(tmp_path / "paintings"),
    }
    run = run_with(**folders)
    seen = {}

    def learn(contents, styles, **options):
        seen["sets"] = contents, styles
        return DomainClassifier(contents, styles, steps=2, **options)

    monkeypatch.setattr(run_evaluation, "DomainClassifier", learn)
    result = command("evaluate", run.folder, "--count", 4, "--json")
    assert set(json.loads(result.out.splitlines()[-1])) == PICTURES | CLASSIFIER
    assert "learned from 20 other content and 20 other style pictures" in result.out
    first = load_pictures(folders["content"], 25, 32)
    assert (seen["sets"][0] == first[4:24]).all()


@pytest.mark.filterwarnings("default::keras_stylex.metrics.FewPicturesWarning")
def test_kid_and_fid_are_computed_on_a_network_s_features(
    command, toy_run, photos, tmp_path
):
    network = keras.Sequential(
        [keras.Input((None, None, 3)), keras.layers.GlobalAveragePooling2D()]
    )
    network.save(tmp_path / "network.keras")
    options = ("--style", photos, "--features", tmp_path / "network.keras", "--json")
    result = command("evaluate", toy_run.folder, *options)
    figures = json.loads(result.out.splitlines()[-1])
    assert set(figures) == PICTURES | FEATURES
    assert figures["kid_content"] < figures["kid"]  # contents are the references here
    assert "network.keras, 3 features, 3 results against 3 references" in result.out
    assert "warning: FID from 3 pictures with 3 features" in result.err


def test_too_few_pictures_for_kid_are_refused(refused, toy_run, tmp_path):
    network = keras.Sequential(
        [keras.Input((None, None, 3)), keras.layers.GlobalAveragePooling2D()]
    )
    network.save(tmp_path / "network.keras")
    line = refused("evaluate", toy_run.folder, "--features", tmp_path / "network.keras")
    assert line == "KID needs 3 pictures or more of either kind. There are: 3 and 2."


def test_features_that_are_no_file_are_named(refused, toy_run, tmp_path):
    line = refused("evaluate", toy_run.folder, "--features", tmp_path / "none.tflite")
    assert line.startswith(f"{tmp_path / 'none.tflite'}: there is no such file")


def test_a_report_shows_pictures_and_the_worst(command, toy_run, tmp_path):
    report = tmp_path / "report.html"
    result = command("evaluate", toy_run.folder, "--report", report)
    assert result.code == 0 and f"Wrote {report}." in result.out
    assert "No classifier: " in result.out
    page = report.read_text()
    assert f"<h1>Evaluation of {toy_run.folder}</h1>" in page
    assert "The worst by ssim content" in page
    assert page.count("<img") > 20


def test_figures_of_other_pictures_are_others_and_are_not_kept(
    figures, run_with, photos
):
    run = run_with()
    own = figures(run.folder)
    other = figures(run.folder, "--style", photos)
    assert own["color_distance"] != other["color_distance"]
    assert kept_evaluation(run)["figures"] == own


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
