"""The scenes as a TFDS data set: prepared once, read back, quiet, safe to race for."""

import os
import subprocess
import sys

import numpy as np
import pytest

from keras_stylex.data import scenes
from keras_stylex.data.images import to_uint8
from keras_stylex.data.scenes.examples import example
from keras_stylex.errors import InputError


def tiny(name="tiny"):
    from keras_stylex.data.scenes.tfds_builder import ScenesConfig

    return ScenesConfig(
        name=name, manner="ukiyoe", train_count=4, test_count=3, size=24
    )


def files_of(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*.*")}


def test_pictures_and_labels_read_back_as_they_were_drawn(tmp_path):
    builder = scenes.builder(tiny(), tmp_path)
    assert builder.name == "scenes"
    counts = {name: split.num_examples for name, split in builder.info.splits.items()}
    assert counts == {"trainA": 4, "trainB": 4, "testA": 3, "testB": 3}
    for split, count in counts.items():
        drawn = {
            to_uint8(example("ukiyoe", split, index, 24)).tobytes()
            for index in range(count)
        }
        read = list(builder.as_dataset(split=split).as_numpy_iterator())
        assert {item["image"].tobytes() for item in read} == drawn
        assert {item["label"] for item in read} == {"AB".index(split[-1])}


def test_the_schema_is_that_of_cycle_gan(tmp_path):
    import tensorflow_datasets as tfds

    features = scenes.builder(tiny(), tmp_path).info.features
    cycle_gan = tfds.builder("cycle_gan/monet2photo", try_gcs=False).info.features
    assert features.shape == cycle_gan.shape and features.dtype == cycle_gan.dtype
    assert features["label"].names == cycle_gan["label"].names


def test_tfds_knows_the_name_and_all_configurations(tmp_path):
    import tensorflow_datasets as tfds

    from keras_stylex.data.scenes.tfds_builder import Scenes

    assert tfds.builder_cls("scenes") is Scenes
    assert tuple(Scenes.builder_configs) == scenes.CONFIGS
    for config in scenes.CONFIGS:
        builder = tfds.builder(f"scenes/{config}", data_dir=tmp_path, try_gcs=False)
        assert builder.builder_config.manner == config
        assert builder.builder_config.train_count == 1500


def test_a_prepared_data_set_is_not_drawn_again(tmp_path):
    scenes.builder(tiny(), tmp_path)
    before = files_of(tmp_path)
    scenes.builder(tiny(), tmp_path)
    assert before and files_of(tmp_path) == before


def test_preparing_prints_nothing_but_its_bar(tmp_path, capsys, caplog):
    scenes.builder(tiny(), tmp_path)
    assert capsys.readouterr().out == ""
    custom = "Using custom data configuration"  # only of the tests' own one
    assert [r for r in caplog.messages if not r.startswith(custom)] == []


def test_the_loser_of_a_race_takes_what_the_winner_drew(tmp_path, monkeypatch):
    from keras_stylex.data.scenes.tfds_builder import Scenes

    split_generators = Scenes._split_generators

    def overtaken(self, dl_manager):
        monkeypatch.setattr(Scenes, "_split_generators", split_generators)
        scenes.builder(tiny(), tmp_path)
        return split_generators(self, dl_manager)

    monkeypatch.setattr(Scenes, "_split_generators", overtaken)
    builder = scenes.builder(tiny(), tmp_path)
    assert len(builder.as_dataset(split="trainB")) == 4
    assert not [p for p in tmp_path.rglob("*") if "incomplete" in p.name]


def test_an_interrupted_drawing_leaves_nothing_under_the_final_name(
    tmp_path, monkeypatch
):
    from keras_stylex.data.scenes.tfds_builder import Scenes

    def interrupted():
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Scenes, "on_example", property(lambda self: interrupted, _ignore))
        scenes.builder(tiny(), tmp_path)
    assert not list(tmp_path.rglob("*.tfrecord*"))
    assert len(scenes.builder(tiny(), tmp_path).as_dataset(split="testA")) == 3


def _ignore(self, value):
    pass


def test_a_full_disk_is_not_taken_for_a_lost_race(tmp_path, monkeypatch):
    from keras_stylex.data.scenes.tfds_builder import Scenes

    def fail(self, dl_manager):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Scenes, "_split_generators", fail)
    with pytest.raises(InputError, match="No space left.*free some space"):
        scenes.builder(tiny(), tmp_path)


def test_tfds_own_folder_is_used_where_none_is_given(tmp_path):
    code = (
        "import sys\n"
        "from keras_stylex.data import scenes\n"
        "assert 'tensorflow_datasets' not in sys.modules\n"
        "from keras_stylex.data.scenes.tfds_builder import ScenesConfig\n"
        "scenes.builder(ScenesConfig(name='t', train_count=1, test_count=1, size=16))\n"
    )
    environment = {**os.environ, "TFDS_DATA_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert (tmp_path / "scenes" / "t").is_dir()


def test_an_unknown_configuration_is_refused(tmp_path):
    with pytest.raises(InputError, match="scenes/cubist"):
        scenes.builder("cubist", tmp_path)


def test_pictures_have_the_side_that_training_crops_from():
    assert np.shape(example("strokes", "trainB", 0, 128)) == (128, 128, 3)
