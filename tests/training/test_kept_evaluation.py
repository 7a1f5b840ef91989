"""Figures that are kept in a run, and given out while they are those of its weights."""

import pytest

from keras_stylex.errors import InputError
from keras_stylex.training.kept_evaluation import keep_evaluation, kept_evaluation
from keras_stylex.training.run import Run
from keras_stylex.training.run_config import RunConfig

FIGURES = {"pictures": 64, "palette_gap": 0.375}


@pytest.fixture
def run(tmp_path):
    run = Run(tmp_path / "run")
    run.create(RunConfig("photos", "paintings", steps=1))
    run.generator_file.write_bytes(b"weights")
    return run


def test_figures_are_kept_with_what_they_were_measured_on(run):
    assert kept_evaluation(run) is None
    keep_evaluation(run, FIGURES)
    kept = kept_evaluation(run)
    assert kept == {"content": "photos", "style": "paintings", "figures": FIGURES}
    assert not list(run.folder.glob(".*"))


def test_scenes_that_were_held_out_are_not_given_out_as_those_learned_from(tmp_path):
    run = Run(tmp_path / "run")
    sources = "tfds:scenes/strokes:trainA", "tfds:scenes/strokes:trainB"
    run.create(RunConfig(*sources, steps=1))
    run.generator_file.write_bytes(b"weights")
    keep_evaluation(run, FIGURES)
    kept = kept_evaluation(run)
    assert kept["content"] == kept["style"]
    assert kept["style"] == "scenes/strokes in no split, with their truth"


def test_figures_of_other_weights_are_not_given_out(run):
    keep_evaluation(run, FIGURES)
    run.generator_file.write_bytes(b"other weights")
    assert kept_evaluation(run) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"figures": {}}'])
def test_a_damaged_file_is_as_good_as_none(run, text):
    run.evaluation_file.write_text(text)
    assert kept_evaluation(run) is None


def test_a_place_that_cannot_be_written_is_named(run):
    run.evaluation_file.mkdir()
    with pytest.raises(InputError, match=r"evaluation\.json: cannot be written"):
        keep_evaluation(run, FIGURES)
