"""The options of a run, as JSON and back."""

import json

import pytest

from keras_stylex.errors import InputError
from keras_stylex.training.loss_weights import LOOKS, LossWeights
from keras_stylex.training.run_config import RunConfig

CONFIG = RunConfig(
    content="photos",
    style="tfds:scenes/strokes:trainB",
    image_size=64,
    minutes=2.5,
    loss_weights={"cycle": 7},
    cache=False,
)


def test_what_is_written_is_what_is_read(tmp_path):
    file = tmp_path / "run.json"
    file.write_text(CONFIG.to_json())
    assert RunConfig.read(file) == CONFIG


def test_changes_make_a_copy():
    changed = CONFIG.with_changes(minutes=None, steps=9)
    assert (changed.steps, changed.minutes) == (9, None)
    assert (CONFIG.steps, CONFIG.minutes) == (None, 2.5)


@pytest.mark.parametrize("length", [{}, {"steps": 3, "minutes": 1.0}])
def test_the_length_is_either_steps_or_minutes(length):
    with pytest.raises(InputError, match="either steps or minutes"):
        RunConfig("photos", "paintings", **length)


@pytest.mark.parametrize(
    "name, value",
    [("batch_size", 0), ("steps", -1), ("epoch_steps", 0), ("image_size", -32)],
)
def test_numbers_must_be_more_than_zero(name, value):
    with pytest.raises(InputError, match=f"{name} must be more than 0.*{value}"):
        RunConfig("photos", "paintings", **{"steps": 3, name: value})


def test_options_may_be_left_to_the_data(tmp_path):
    file = tmp_path / "run.json"
    left = CONFIG.with_changes(
        image_size=None, epoch_steps=None, strong_augmentation=None
    )
    file.write_text(left.to_json())
    assert RunConfig.read(file) == left


def test_a_run_of_before_there_was_strong_augmentation_has_none(tmp_path):
    options = json.loads(CONFIG.to_json())
    del options["strong_augmentation"]
    (tmp_path / "run.json").write_text(json.dumps(options))
    assert RunConfig.read(tmp_path / "run.json").strong_augmentation is False


def test_crops_have_room_in_the_pictures_they_are_cut_from():
    with pytest.raises(InputError, match="load_size=63 is smaller than image_size=64"):
        CONFIG.with_changes(load_size=63)
    assert CONFIG.with_changes(load_size=64).whole_size == 64


def test_whole_pictures_are_as_large_as_those_that_crops_are_cut_from():
    assert CONFIG.whole_size == CONFIG.image_size == 64
    assert CONFIG.with_changes(load_size=100).whole_size == 100


@pytest.mark.parametrize("size", [16, 33])
def test_pictures_must_be_even_and_not_too_small(size):
    with pytest.raises(InputError, match=f"even, 32 pixels or more.*{size}"):
        RunConfig("photos", "paintings", image_size=size, steps=3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "3",
        "{}",
        '{"loss_weights": {}}',
        CONFIG.to_json()[:-9],
        CONFIG.to_json().replace('"seed"', '"sead"'),
        CONFIG.to_json().replace('"cycle"', '"cicle"'),
    ],
)
def test_another_file_is_an_input_error(tmp_path, text):
    file = tmp_path / "run.json"
    file.write_text(text)
    with pytest.raises(InputError):
        RunConfig.read(file)


def test_no_file_is_an_input_error_that_names_it(tmp_path):
    with pytest.raises(InputError, match="run.json"):
        RunConfig.read(tmp_path / "run.json")


def test_a_run_of_before_there_were_looks_keeps_its_weights(tmp_path):
    options = json.loads(CONFIG.to_json())
    del options["look"]
    options["loss_weights"] = LossWeights(cycle=7, texture=1).to_dict()
    (tmp_path / "run.json").write_text(json.dumps(options))
    weights = RunConfig.read(tmp_path / "run.json").all_loss_weights
    assert weights == LossWeights(cycle=7, texture=1)


@pytest.mark.parametrize("look", LOOKS)
def test_given_weights_count_more_than_those_of_the_look(look):
    config = CONFIG.with_changes(look=look, loss_weights={"texture": 0.5})
    expected = LossWeights(**{**LOOKS[look], "texture": 0.5})
    assert config.all_loss_weights == expected
    other = config.resumed(loss_weights={"palette": 3.0}, look="any")
    assert other.all_loss_weights == LossWeights(texture=0.5, palette=3.0)


def test_another_look_is_an_input_error():
    with pytest.raises(InputError, match="no look 'oil'.*any, prints, paintings"):
        CONFIG.with_changes(look="oil")
